"""Once, whatever happens, with every publisher: their networks fail, and workers are killed."""

import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from uasocial.outbox.tables import metadata
from uasocial.outbox.verifying import verify
from uasocial.platforms.discreet import without

from . import fates, places
from .storm import HURRIED, Storm

RASH = str(Path(__file__).with_name("rash.py"))
ON_SQLITE = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
# A publisher's own fakes need nothing; the servers of others are asked for by the test.
FAKES = {
    "apprise": places.apprise,
    "containers": places.containers,
    "fake": places.fake,
    "mastodon": places.mastodon,
    "telegram": places.telegram,
    "x": places.x,
}
# What says that a call went wrong, or that its worker was killed in it.
MET = ("create OutcomeUnknown", "create Transient", "create worker gone")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Where workers write; what accounts keep is not in it."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


@pytest.fixture
def storm(ledger, ledger_url, folder, pytestconfig):
    """Let a storm rage over accounts at places; return it when all is over."""
    made = []

    def rage(chosen: list[places.Place], program: str = HURRIED) -> Storm:
        count = pytestconfig.getoption("--faults") // 3
        seed = pytestconfig.getoption("--seed")
        made.append(Storm(ledger, ledger_url, folder, chosen, count, seed))
        began = time.monotonic()
        made[-1].rage(program)
        sys.stdout.write(fates.report(made[-1], time.monotonic() - began))
        return made[-1]

    yield rage
    for one in made:
        one.close()


@ON_SQLITE
@pytest.mark.parametrize("name", FAKES)
def test_whatever_fails_each_post_is_live_once_or_surely_not(storm, name):
    assert_held(storm(FAKES[name]()))


@ON_SQLITE
def test_so_it_is_on_a_real_server_of_bluesky(storm, pds):
    assert_held(storm(places.bluesky(pds)))


@ON_SQLITE
def test_so_it_is_on_a_real_relay_of_nostr(storm, relay):
    assert_held(storm(places.nostr(relay)))


@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
def test_so_it_is_with_postgresql(storm):
    assert_held(storm(places.mastodon()))


@ON_SQLITE
def test_a_publisher_that_takes_silence_for_a_refusal_is_found_out(storm):
    """The control: the same storm doubles posts where an error says more than is known."""
    assert fates.wrong(storm(places.fake(("look-up",)), RASH))["doubled"]


def assert_held(storm: Storm) -> None:
    """Fail if anything is as it must not be, or if the storm was none."""
    assert fates.wrong(storm) == {}
    verify(storm.ledger)
    assert_discreet(storm)
    met = fates.struck(storm)
    assert all(met[what] for what in MET), met
    assert storm.crew.kills >= storm.count // 10


def assert_discreet(storm: Storm) -> None:
    """Fail, without telling it, where a ledger or a log holds a secret."""
    public = {
        site.keeping.kept().get(name) for site in storm.sites.values() for name in site.place.public
    }
    hidden = {one for site in storm.sites.values() for one in site.keeping.hidden} - public
    said = "\n".join([*rows(storm), *logs(storm.folder)])
    assert len(said) > 10_000
    assert without(said, hidden) == said, "a secret stands in the ledger, or in the log of a worker"


def rows(storm: Storm) -> list[str]:
    """List all that the ledger holds."""
    with storm.ledger.read() as connection:
        return [
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]


def logs(folder: Path) -> list[str]:
    """List all that workers wrote, and what a ledger has in a file, as it is there."""
    found = [*folder.rglob("*.log"), *folder.parent.glob("ledger.db*")]
    return [file.read_bytes().decode("utf-8", "replace") for file in found]
