"""The contract holds for the networks of this room, and fails for publishers that break it."""

import pytest

from uasocial.platforms import Limits, Platform
from uasocial.testing.contract import HttpNetwork, PublisherContract, Seen
from uasocial.testing.loopback import Request
from uasocial.testing.network import FakeNetwork, Rules
from uasocial.testing.publisher import FAKE


class Small(HttpNetwork):
    """The fake network, behind the proxy of the contract."""

    owner = "ours"

    def __init__(self, promise: str) -> None:
        self.fake = FakeNetwork(Rules(keys=promise == "key", look_up=promise != "neither"))
        super().__init__(self.fake.url)
        self.settings = {"url": self.url, "promise": promise}
        self.secrets = {"token": self.fake.join("ours")}

    def is_create(self, request: Request) -> bool:
        return (request.method, request.path) == ("POST", "/posts")

    def seen(self) -> list[Seen]:
        return [Seen(post.id, post.text) for post in self.fake.posts]

    def revoke(self) -> None:
        self.fake.leave("ours")

    def close(self) -> None:
        super().close()
        self.fake.close()


class FakeContract(PublisherContract):
    kind = FAKE
    kind_at = "uasocial.testing.publisher:FAKE"
    platform = Platform("mastodon", "Small", Limits(500, "code-points"))
    promise: str

    @pytest.fixture
    def network(self):
        with Small(self.promise) as network:
            yield network


class TestWithKeys(FakeContract):
    promise = "key"


class TestWithALookUp(FakeContract):
    promise = "look-up"


class TestWithNeither(FakeContract):
    promise = "neither"
