"""One server for all tests, one account, and a publisher opened as the product opens it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from uasocial.model.post import Receipt
from uasocial_bluesky.testing import Member, Pds, lacking_for_pds
from uasocial_bluesky.testing.account import Ours

Opened = Callable[[dict[str, str], str], Ours]


@pytest.fixture(autouse=True)
def _no_way_out(blocked_network: None) -> None:
    """No test reaches another machine."""


@pytest.fixture(scope="session")
def pds(lacking: Callable[[str], NoReturn]) -> Iterator[Pds]:
    """A real personal data server without limits of calls."""
    if missing := lacking_for_pds():
        lacking(missing)
    with Pds() as server:
        yield server


@pytest.fixture(scope="session")
def neighbour(pds: Pds) -> Member:
    """Somebody else who has an account."""
    return pds.join("office")


@pytest.fixture(scope="session")
def shared(pds: Pds) -> tuple[Member, str]:
    """An account and its app password, for tests that do not end it."""
    member = pds.join("samar")
    return member, pds.app_password(member)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Open an account: `opened(settings, password)`; its sessions are kept in an empty folder."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    made: list[Ours] = []

    def open_one(settings: dict[str, str], password: str) -> Ours:
        made.append(Ours(settings, password))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


@pytest.fixture
def ours(opened: Opened, pds: Pds, shared: tuple[Member, str]) -> Ours:
    """The account that tests share, opened."""
    member, password = shared
    return opened({"handle": member.handle, "service": pds.url}, password)


@pytest.fixture
def own(opened: Opened, pds: Pds) -> tuple[Ours, Member]:
    """An account that a test may bring to its end: the account, and who has it."""
    member = pds.join()
    password = pds.app_password(member)
    return opened({"handle": member.handle, "service": pds.url}, password), member


@pytest.fixture
def live(pds: Pds) -> Callable[[Receipt], dict[str, Any]]:
    """Return the record of a receipt as the server holds it."""

    def record(receipt: Receipt) -> dict[str, Any]:
        did = receipt.remote_id.split("/")[2]
        found = {one["uri"]: one["value"] for one in pds.posts(did)}
        value: dict[str, Any] = found[receipt.remote_id]
        return value

    return record
