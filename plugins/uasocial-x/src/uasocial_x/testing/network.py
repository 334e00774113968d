"""The fake of X, as the contract makes it misbehave, with either way to act for an account."""

import time

from uasocial.testing.contract.http import HttpNetwork
from uasocial.testing.contract.network import Seen
from uasocial.testing.loopback import Answer, Request
from uasocial_x.testing.access import Grant
from uasocial_x.testing.fake import FakeX

__all__ = ["XNetwork", "XOAuth2Network"]

SCOPES = frozenset({"tweet.read", "tweet.write", "users.read", "media.write", "offline.access"})


class XNetwork(HttpNetwork):
    """X with one account, which an app acts for with OAuth 1.0a."""

    handle = "SamarBelkori"

    def __init__(self) -> None:
        self.fake = FakeX()
        super().__init__(self.fake.url)
        self.user = self.fake.join("GateForBelkori", "The gate")
        self.owner = f"@{self.user.username}"
        self.fake.join(self.handle, "Samar Belkori")
        self.begin_anew()

    def begin_anew(self) -> None:
        """Let the account allow the app again."""
        app = self.fake.access.app
        token, secret = self.fake.access.allow(self.user.id)
        self.settings = {"server": self.url}
        self.secrets = {
            "consumer_key": app.consumer_key,
            "consumer_secret": app.consumer_secret,
            "access_token": token,
            "access_token_secret": secret,
        }

    def is_create(self, request: Request) -> bool:
        return (request.method, request.path) == ("POST", "/2/tweets")

    def too_many(self, seconds: int) -> Answer:
        """X says when, and never for how long."""
        return Answer(429, headers={"x-rate-limit-reset": str(round(time.time()) + seconds)})

    def seen(self) -> list[Seen]:
        return [
            Seen(one.id, one.text, tuple(picture.alt for picture in one.pictures), one.answers)
            for one in self.fake.posts
        ]

    def revoke(self) -> None:
        self.fake.access.revoke(self.user.id)

    def close(self) -> None:
        super().close()
        self.fake.close()


class XOAuth2Network(XNetwork):
    """The same with OAuth 2.0."""

    def begin_anew(self) -> None:
        access = self.fake.access
        self.settings = {"server": self.url, "client_id": access.app.client_id}
        pair = access.pair(Grant(self.user.id, SCOPES))
        self.secrets = {"refresh_token": str(pair["refresh_token"])}
