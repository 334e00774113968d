"""OAuth 1.0a: four secrets that do not end by themselves."""

from collections.abc import Mapping

import tweepy  # type: ignore[import-untyped]

__all__ = ["OAuth1"]


class OAuth1:
    """Signs with the keys of an app and of an account."""

    user_auth = True

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets

    def sign(self, client: tweepy.Client, *, renew: bool) -> None:
        del renew
        for name, value in self._secrets.items():
            setattr(client, name, value)

    def is_over(self) -> bool:
        return True

    def user_id(self) -> str:
        # docs.x.com/resources/fundamentals/authentication/oauth-1-0a: the id stands before the "-".
        digits = self._secrets["access_token"].partition("-")[0]
        return digits if digits.isascii() and digits.isdigit() else ""
