"""Bluesky does what every publisher must, on a real personal data server."""

from collections.abc import Iterator

import pytest

from uasocial.testing.contract import PublisherContract
from uasocial_bluesky import BLUESKY
from uasocial_bluesky.testing import Member, Pds
from uasocial_bluesky.testing.network import BlueskyNetwork


class TestBluesky(PublisherContract):
    kind = BLUESKY

    @pytest.fixture
    def network(self, pds: Pds, neighbour: Member) -> Iterator[BlueskyNetwork]:
        with BlueskyNetwork(pds, neighbour) as network:
            yield network
