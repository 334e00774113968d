"""Publish urgent actions on X, by either way in which X lets a program act for an account."""

from collections.abc import Mapping

from uasocial.model.post import Post
from uasocial.platforms.publisher import Dialogue, Price, Publisher, PublisherKind, Secrets
from uasocial.plugins import hookimpl

UASOCIAL_API = 1

# docs.x.com/x-api/media: four photos, or one moving picture.
MOST_PICTURES = 4


@hookimpl
def register_publishers() -> list[PublisherKind]:
    return [OAUTH1, OAUTH2]


def _opened(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_x.logins import OAuth1  # noqa: PLC0415 - tweepy, only for who publishes
    from uasocial_x.publisher import X  # noqa: PLC0415

    return X(OAuth1(secrets), secrets, settings.get("server", ""))


def _opened2(settings: Mapping[str, str], secrets: Secrets) -> Publisher:
    from uasocial_x.publisher import X  # noqa: PLC0415
    from uasocial_x.tokens import OAuth2  # noqa: PLC0415

    server = settings.get("server", "")
    return X(OAuth2(settings["client_id"], secrets, server), secrets, server)


def _authorized(settings: Mapping[str, str], dialogue: Dialogue) -> Mapping[str, str]:
    from uasocial_x.authorizing import by_pin  # noqa: PLC0415

    return by_pin(dialogue, settings.get("server", ""))


def _authorized2(settings: Mapping[str, str], dialogue: Dialogue) -> Mapping[str, str]:
    from uasocial_x.authorizing import by_address  # noqa: PLC0415

    return by_address(settings, dialogue)


def _price(post: Post) -> Price:
    from uasocial_x.prices import price_of  # noqa: PLC0415

    return price_of(post)


OAUTH1 = PublisherKind(
    "x",
    "x",
    _opened,
    secrets=("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    optional=("server",),
    can_delete=True,
    can_resolve=True,
    can_thread=True,
    media=MOST_PICTURES,
    authorize=_authorized,
    price=_price,
)
OAUTH2 = PublisherKind(
    "x-oauth2",
    "x",
    _opened2,
    settings=("client_id",),
    secrets=("refresh_token",),
    optional=("redirect", "server"),
    can_delete=True,
    can_resolve=True,
    can_thread=True,
    media=MOST_PICTURES,
    authorize=_authorized2,
    price=_price,
)
