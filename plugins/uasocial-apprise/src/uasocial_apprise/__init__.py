"""Publish urgent actions through the services of Apprise, and tell the team what needs a person."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from uasocial.platforms.publisher import Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

if TYPE_CHECKING:
    from uasocial.model.notice import Notice
    from uasocial.model.post import Delivery

__all__ = ["APPRISE", "UASOCIAL_API", "delivery_changed", "notice_due", "register_publishers"]

UASOCIAL_API = 1


def _open(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_apprise.publisher import AppriseService  # noqa: PLC0415 - only who publishes

    del settings
    return AppriseService(secrets["url"])


APPRISE = PublisherKind("apprise", "", _open, secrets=("url",), media=0)


@hookimpl
def register_publishers() -> Iterable[PublisherKind]:
    return [APPRISE]


@hookimpl
def delivery_changed(
    delivery: "Delivery", settings: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    """Send a notice of what needs a person, to all addresses of the secret `urls`."""
    if delivery.needs and (urls := secrets.get("urls")):
        # Only who is sent one waits.
        from uasocial_apprise.notices import send  # noqa: PLC0415
        from uasocial_apprise.words import needed  # noqa: PLC0415

        send(needed(delivery, settings.get("language", "")), urls)


@hookimpl
def notice_due(notice: "Notice", settings: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    """Send a reminder of what stands still about a case, to the same addresses."""
    if urls := secrets.get("urls"):
        from uasocial_apprise.notices import send  # noqa: PLC0415
        from uasocial_apprise.words import reminded  # noqa: PLC0415

        send(reminded(notice, settings.get("language", "")), urls)
