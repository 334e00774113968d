"""The publisher keeps the contract, against a real relay."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from uasocial.testing.contract import PublisherContract
from uasocial_nostr import register_publishers
from uasocial_nostr.testing import NostrNetwork, RelayProcess, is_installed


@pytest.fixture(scope="module")
def relay(
    tmp_path_factory: pytest.TempPathFactory, lacking: Callable[[str], NoReturn]
) -> Iterator[RelayProcess]:
    """A relay for all tests of this file."""
    if not is_installed():
        lacking("nostr-relay in this environment")
    with RelayProcess(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


class TestNostr(PublisherContract):
    (kind,) = register_publishers()
    # A key is known to nobody but its owner.
    revocable = False

    @pytest.fixture
    def network(self, relay: RelayProcess) -> Iterator[NostrNetwork]:
        with NostrNetwork(relay) as network:
            yield network
