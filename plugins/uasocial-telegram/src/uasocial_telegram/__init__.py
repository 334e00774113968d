"""Publish urgent actions in a Telegram channel or group, as a bot."""

from collections.abc import Mapping

from uasocial.platforms.publisher import Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

UASOCIAL_API = 1

# core.telegram.org/bots/api#sendmediagroup: an album has 2 to 10 pictures.
MOST_PICTURES = 10


def open_account(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_telegram.publisher import Telegram  # noqa: PLC0415 - only who publishes

    return Telegram(settings, secrets)


@hookimpl
def register_publishers() -> list[PublisherKind]:
    return [
        PublisherKind(
            "telegram",
            "telegram",
            open_account,
            settings=("chat",),
            optional=("server", "silent", "link_preview"),
            secrets=("bot_token",),
            can_delete=True,
            can_edit=True,
            can_thread=True,
            media=MOST_PICTURES,
        )
    ]
