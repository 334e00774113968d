"""Once, whatever happens: workers killed, stopped and cut off, networks and databases that fail."""

import sys
import time
from pathlib import Path

import pytest

from uasocial.outbox.verifying import verify

from . import storm as storms

NAIVE = Path(__file__).with_name("naive.py")


@pytest.fixture
def raging(ledger, ledger_url, tmp_path, pytestconfig):
    """Make a storm over a ledger, with a number of deliveries."""
    made = []

    def make(count: int) -> storms.Storm:
        made.append(storms.Storm(ledger, ledger_url, tmp_path, count, seed))
        return made[-1]

    seed = pytestconfig.getoption("--seed")
    yield make
    for storm in made:
        storm.close()


@pytest.fixture
def meddling(ledger, request):
    """What happens meanwhile; a server is also restarted, as if its machine had lost its power."""
    people = [storms.cancels, storms.reschedules, storms.pauses, storms.stops, storms.renames]
    people.append(storms.voids)
    if ledger.is_sqlite:
        return people
    server = request.getfixturevalue("postgres")

    def restart(storm: storms.Storm) -> None:
        if storm.done["restarted"] < 3:
            storm.done["restarted"] += 1
            server.stop("immediate")
            server.start()

    return [*people, restart]


def test_whatever_fails_nothing_is_doubled_lost_or_out_of_order(raging, meddling, pytestconfig):
    """Workers die and sleep, answers get lost, people cancel, move, pause and stop meanwhile."""
    faults = pytestconfig.getoption("--faults")
    storm = raging(5 * faults)
    began = time.monotonic()
    storm.rage(*meddling, kills=max(10, faults // 15))
    told = storms.report(storm, time.monotonic() - began)
    sys.stdout.write(told)
    assert storms.outcome(storm) == storms.NOTHING, told
    verify(storm.ledger)
    assert storm.faults >= faults, told
    assert storm.kills >= 10, told
    assert storm.proxy.done["drop"], told
    assert storm.network.answers, told
    assert storms.finds(storm)["prepare handle changed"], told
    assert storm.done["voided"] > storm.done["approved again"] > 0, told


def test_plain_retry_doubles_posts_in_the_same_storm(raging, meddling, pytestconfig):
    """The control: without marks, the storm shows what it is made to find."""
    faults = pytestconfig.getoption("--faults")
    storm = raging(5 * faults)
    began = time.monotonic()
    storm.rage(*meddling, kills=max(10, faults // 15), command=(str(NAIVE),))
    told = storms.report(storm, time.monotonic() - began)
    doubled = storms.outcome(storm).doubled
    sys.stdout.write(f"plain retry: {len(doubled)} doubled of {told}")
    assert len(doubled) >= 5, told
