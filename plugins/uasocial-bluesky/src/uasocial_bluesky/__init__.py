"""Publish urgent actions on Bluesky, or on any other personal data server of the AT protocol."""

from collections.abc import Mapping

from uasocial.platforms.publisher import Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

__all__ = ["BLUESKY", "UASOCIAL_API", "register_publishers"]

UASOCIAL_API = 1


def _open(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    # The client library takes a second and 87 MB: whoever opens no account waits for neither.
    from uasocial_bluesky.publisher import Bluesky  # noqa: PLC0415

    return Bluesky(settings, secrets)


BLUESKY = PublisherKind(
    "bluesky",
    "bluesky",
    _open,
    settings=("handle",),
    optional=("service", "card"),
    secrets=("app_password",),
    can_delete=True,
    can_resolve=True,
    can_thread=True,
)


@hookimpl
def register_publishers() -> list[PublisherKind]:
    return [BLUESKY]
