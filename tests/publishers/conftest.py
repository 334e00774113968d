"""Ledgers of each kind, and the real servers that publishers are tried on."""

import pytest
from tests.outbox.conftest import ledger, ledger_url, postgres

from uasocial_bluesky.testing import Pds, lacking_for_pds
from uasocial_nostr.testing import RelayProcess, is_installed

__all__ = ["ledger", "ledger_url", "pds", "postgres", "relay"]


@pytest.fixture(scope="session")
def pds(lacking):
    """A real personal data server of Bluesky."""
    if missing := lacking_for_pds():
        lacking(missing)
    with Pds() as server:
        yield server


@pytest.fixture(scope="session")
def relay(tmp_path_factory, lacking):
    """A real relay of Nostr."""
    if not is_installed():
        lacking("nostr-relay in this environment")
    with RelayProcess(tmp_path_factory.mktemp("relay")) as process:
        yield process
