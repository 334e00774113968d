"""What every publisher must do, by way of Apprise's JSON service."""

from collections.abc import Iterator

import pytest

from uasocial.platforms.builtin import PLATFORMS
from uasocial.testing.contract import PublisherContract
from uasocial_apprise import APPRISE
from uasocial_apprise.testing import RoomNetwork


class TestApprise(PublisherContract):
    kind = APPRISE
    platform = next(one for one in PLATFORMS if one.name == "discord")
    # A check asks nobody; what a send is told of a wrong token is tested in test_publisher.py.
    revocable = False
    shows_alts = False

    @pytest.fixture
    def network(self) -> Iterator[RoomNetwork]:
        with RoomNetwork() as network:
            yield network
