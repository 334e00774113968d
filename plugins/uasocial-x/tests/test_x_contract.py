"""Both kinds do what every publisher must do, against the fake of X."""

from collections.abc import Iterator

import pytest

from uasocial.testing.contract import Desk, PublisherContract
from uasocial_x import OAUTH1, OAUTH2
from uasocial_x.testing import XNetwork, XOAuth2Network


class TestX(PublisherContract):
    kind = OAUTH1

    @pytest.fixture
    def network(self) -> Iterator[XNetwork]:
        with XNetwork() as network:
            yield network


class TestXWithOAuth2(PublisherContract):
    kind = OAUTH2
    public = ("at", "duplicate", "ends", "user_id")

    @pytest.fixture
    def network(self) -> Iterator[XOAuth2Network]:
        with XOAuth2Network() as network:
            yield network

    @pytest.fixture(autouse=True)
    def _renewed(self, desk: Desk) -> None:
        """Whoever dies while a token is renewed loses it: test_x_tokens.py has that."""
        desk.publisher.check()
