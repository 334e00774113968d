"""Publish urgent actions on Mastodon and servers that speak its language.

Importing this imports no client library: that waits until an account is opened.
"""

from collections.abc import Mapping

from uasocial.platforms.publisher import Dialogue, Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

__all__ = ["MASTODON", "PIXELFED", "UASOCIAL_API", "register_publishers"]

UASOCIAL_API = 1

SECRETS = ("access_token",)
OPTIONAL = ("visibility", "sensitive")


def _open_mastodon(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_mastodon.publisher import Mastodon  # noqa: PLC0415 - only who opens an account

    return Mastodon(settings, secrets)


def _open_pixelfed(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_mastodon.publisher import Pixelfed  # noqa: PLC0415 - only who opens an account

    return Pixelfed(settings, secrets)


def _authorize(settings: Mapping[str, str], dialogue: Dialogue) -> Mapping[str, str]:
    from uasocial_mastodon.authorizing import authorize  # noqa: PLC0415 - only who authorizes

    return authorize(settings, dialogue)


MASTODON = PublisherKind(
    "mastodon",
    "mastodon",
    _open_mastodon,
    settings=("instance",),
    secrets=SECRETS,
    optional=OPTIONAL,
    can_delete=True,
    can_edit=True,
    can_resolve=True,
    can_thread=True,
    authorize=_authorize,
)
# An answer there is a comment below somebody's picture, and no thread.
PIXELFED = PublisherKind(
    "pixelfed",
    "pixelfed",
    _open_pixelfed,
    settings=("instance",),
    secrets=SECRETS,
    optional=OPTIONAL,
    can_delete=True,
    can_resolve=True,
    authorize=_authorize,
)


@hookimpl
def register_publishers() -> list[PublisherKind]:
    return [MASTODON, PIXELFED]
