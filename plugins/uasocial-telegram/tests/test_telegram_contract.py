"""The publisher keeps the contract, against a Bot API server with state."""

from collections.abc import Iterator

import pytest

from uasocial.testing.contract import PublisherContract
from uasocial_telegram import register_publishers
from uasocial_telegram.testing import TelegramNetwork


class TestTelegram(PublisherContract):
    (kind,) = register_publishers()
    # A bot can give a picture no alternative text, and a text written under it would be another.
    shows_alts = False

    @pytest.fixture
    def network(self) -> Iterator[TelegramNetwork]:
        with TelegramNetwork() as network:
            yield network
