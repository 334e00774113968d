"""The fake as the contract of publishers wants a network."""

from datetime import timedelta
from urllib.parse import urlsplit

from uasocial.testing.contract import HttpNetwork, Seen
from uasocial.testing.loopback import Answer, Request
from uasocial_mastodon.testing import shown
from uasocial_mastodon.testing.fake import FakeMastodon
from uasocial_mastodon.testing.rules import MASTODON, Rules

__all__ = ["MastodonUnderTest"]

TOO_MANY = 429


class MastodonUnderTest(HttpNetwork):
    """A fake with one account; *fake* is past any fault."""

    owner = "@ours"
    handle = "minister@elsewhere.example"
    nobody = "nobody@elsewhere.example"

    def __init__(self, rules: Rules = MASTODON) -> None:
        self.fake = FakeMastodon(rules)
        super().__init__(self.fake.url)
        self.account = self.fake.join("ours")
        self.fake.join(self.handle, known=False)
        self._token = self.fake.grant("ours")
        self.settings = {"instance": self.url}
        self.secrets = {"access_token": self._token}

    def is_create(self, request: Request) -> bool:
        return (request.method, urlsplit(request.path).path) == ("POST", "/api/v1/statuses")

    def too_many(self, seconds: int) -> Answer:
        """https://docs.joinmastodon.org/api/rate-limits/: the time until which, and no seconds."""
        until = shown.moment(self.fake.now() + timedelta(seconds=seconds))
        return Answer(TOO_MANY, b'{"error": "Too many requests"}', {"X-RateLimit-Reset": until})

    def seen(self) -> list[Seen]:
        return [
            Seen(one.id, one.text, tuple(upload.alt for upload in one.uploads), one.answers)
            for one in self.fake.statuses
        ]

    def revoke(self) -> None:
        self.fake.revoke(self._token)

    def close(self) -> None:
        super().close()
        self.fake.close()
