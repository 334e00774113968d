"""What happens is told on: in its order, at least once, and no send waits for it."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import UasocialError
from uasocial.outbox import deciding, queue
from uasocial.outbox.deliveries import change
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, records, told
from uasocial.outbox.telling import LEASE, MOST_TRIES, NEAR, OLD, PAUSE, Teller
from uasocial.outbox.working import Worker
from uasocial.platforms.publisher import OutcomeUnknown, Rejected

from . import planning
from .social import Social

SECRET = "token-of-nobody"


@pytest.fixture
def still(ledger_url, ledger, clock):
    """A ledger whose clock stands still, with an account."""
    planning.account(ledger)
    made = Ledger(ledger_url, clock)
    yield made
    made.close()


def plan(ledger, *texts: str, number: str = "") -> list[str]:
    with ledger.read() as connection:
        now = ledger.now(connection)
    posts = [replace(planning.post(text), number=number) for text in texts]
    return planning.plan(ledger, *posts, at=now)


def heard(ledger, worker: str = "one") -> list[tuple[str, str]]:
    """Tell all that is new, and return it."""
    said = []
    Teller(ledger, worker, lambda one: said.append((one.state, one.needs))).tell_all()
    return said


def test_each_change_is_told_once_in_its_order_whoever_made_it(ledger):
    planning.account(ledger)
    one, two = plan(ledger, "one", "two")
    said = []
    network = Social()
    network.faults["create"] = [Rejected("too long")]
    Worker(ledger, lambda _: network, tell=said.append).run_once()
    assert [(d.id, d.state, d.needs) for d in said] == [
        (one, "planned", ""),
        (two, "planned", ""),
        (one, "failed", "failed"),
        (two, "sent", ""),
    ]
    assert said[-1].permalink == "https://social.example/r1"
    assert (said[0].number, said[0].language, said[0].platform) == ("gate", "en", "x")
    assert heard(ledger) == []


def test_what_a_person_has_done_is_told_by_the_next_worker(ledger):
    planning.account(ledger, mode="by hand")
    (one,) = plan(ledger, "one", number="UA 12/26")
    Worker(ledger, lambda _: Social()).run_once()
    entry = queue.find(ledger, one)
    assert heard(ledger)[-1] == ("handed_off", "by hand")
    deciding.posted(ledger, entry, "https://social.example/1", "Ana")
    said = []
    Worker(ledger, lambda _: Social(), tell=said.append).run_once()
    (last,) = said
    assert (last.state, last.permalink) == ("sent", "https://social.example/1")
    assert last.number == "UA 12/26"


def test_what_has_gone_on_since_needs_nobody_any_more(ledger):
    planning.account(ledger)
    (one,) = plan(ledger, "one")
    with ledger.write() as connection:
        change(ledger, connection, one, "review", "Ana")
    assert heard(ledger) == [("planned", ""), ("review", "review")]
    with ledger.write() as connection:
        change(ledger, connection, one, "planned", "Ana")
        change(ledger, connection, one, "review", "worker", needs="handle changed")
        change(ledger, connection, one, "cancelled", "Ana")
    assert heard(ledger) == [("planned", ""), ("review", ""), ("cancelled", "")]


def test_a_handle_that_changed_is_told_as_that(ledger):
    planning.account(ledger)
    with ledger.read() as connection:
        now = ledger.now(connection)
    planning.plan(ledger, planning.mentioning("@office"), at=now)
    network = Social()
    network.handles = {"office": "8"}
    said = []
    Worker(ledger, lambda _: network, tell=said.append).run_once()
    assert (said[-1].state, said[-1].needs) == ("review", "handle changed")
    assert "office" not in repr(said)


@pytest.mark.parametrize(("days", "needs"), [(6, "token ending"), (8, "")])
def test_a_token_that_ends_soon_is_told_with_the_next_change(ledger, days, needs):
    planning.account(ledger)
    plan(ledger, "one", "two")
    network = Social()
    with ledger.read() as connection:
        network.token_ends_at = ledger.now(connection) + timedelta(days=days)
    said = []
    Worker(ledger, lambda _: network, tell=said.append).run_once()
    assert said[-1].needs == needs
    assert said[-1].ends_at == (network.token_ends_at if needs else None)
    assert timedelta(days=7) == NEAR
    with ledger.read() as connection:
        assert connection.scalar(sa.select(accounts.c.token_ends_at)) == network.token_ends_at


def test_what_a_publisher_says_of_its_token_breaks_no_send(ledger):
    planning.account(ledger)
    (one,) = plan(ledger, "one")

    class Odd(Social):
        def ends_at(self):
            return "tomorrow"

    Worker(ledger, lambda _: Odd()).run_once()
    assert planning.state(ledger, one) == "sent"


# --- what fails --------------------------------------------------------------------------------


def test_what_fails_is_tried_again_later_and_then_passed_over(still, clock):
    plan(still, "one", "two")
    said, lines = [], []

    def tell(delivery) -> None:
        said.append(delivery.id)
        raise ValueError(SECRET)

    teller = Teller(still, "one", tell, lines.append)
    for round_ in range(1, MOST_TRIES):
        for _ in range(3):
            teller.tell_all()
        assert len(said) == round_
        clock.forward(seconds=PAUSE.total_seconds())
    teller.tell_all()
    # Where nothing gets through, what comes after is not waited for as long.
    assert len(said) == MOST_TRIES + 1
    assert len(set(said)) == 2
    assert all("ValueError" in line and SECRET not in line for line in lines)
    assert heard(still) == []


def test_once_it_works_again_what_fails_is_waited_for_again(still, clock):
    plan(still, "one", "two", "three")
    faults = [UasocialError("away")] * MOST_TRIES + [None, UasocialError("away"), None]
    said = []

    def tell(delivery) -> None:
        said.append(delivery.id)
        fault = faults.pop(0)
        if fault:
            raise fault

    teller = Teller(still, "one", tell)
    while faults:
        teller.tell_all()
        clock.forward(seconds=PAUSE.total_seconds())
    assert [said.count(one) for one in dict.fromkeys(said)] == [MOST_TRIES, 1, 2]


def test_what_is_long_over_is_no_news(still, clock):
    plan(still, "one")
    clock.forward(seconds=OLD.total_seconds() + 1)
    plan(still, "two")
    assert heard(still) == [("planned", "")]
    with still.read() as connection:
        last = connection.scalar(sa.select(sa.func.max(records.c.seq)))
        assert connection.scalar(sa.select(told.c.seq)) == last


# --- one after the other -------------------------------------------------------------------------


def test_a_worker_that_dies_while_it_tells_is_followed_by_another_that_tells_it_again(still, clock):
    plan(still, "one", "two")

    def die(_) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Teller(still, "one", die).tell_all()
    assert heard(still, "two") == []
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert heard(still, "two") == [("planned", "")] * 2


def test_one_tells_at_a_time_and_who_was_too_slow_does_not_go_back(still, clock):
    plan(still, "one", "two", "three")
    said = []

    def slow(delivery) -> None:
        said.append(delivery.id)
        assert heard(still, "two") == []
        clock.forward(seconds=LEASE.total_seconds() + 1)
        assert len(heard(still, "two")) == 3

    Teller(still, "one", slow).tell_all()
    assert len(said) == 1
    assert heard(still) == []


def test_several_workers_tell_each_change_once_and_in_order(ledger):
    planning.account(ledger)
    ids = plan(ledger, *(str(n) for n in range(30)))
    said = []
    workers = [
        Worker(ledger, lambda _: Social(), tell=lambda one: said.append((one.id, one.state)))
        for _ in range(3)
    ]
    threads = [threading.Thread(target=worker.run_once) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Worker(ledger, lambda _: Social(), tell=lambda one: said.append((one.id, one.state))).run_once()
    assert said[:30] == [(one, "planned") for one in ids]
    assert said[30:] == [(one, "sent") for one in ids]


def test_nothing_that_is_sent_waits_for_who_is_told(ledger):
    planning.account(ledger)
    (one,) = plan(ledger, "one")
    begun, go_on = threading.Event(), threading.Event()

    def tell(_) -> None:
        begun.set()
        go_on.wait(20)

    network = Social()
    network.faults["create"] = [OutcomeUnknown("no answer")]
    worker = Worker(ledger, lambda _: network, tell=tell, poll=timedelta(milliseconds=20))
    teller = worker._teller
    teller.begin()
    assert begun.wait(20)
    end, teller.end = teller.end, lambda: None
    worker.run_once()
    assert planning.state(ledger, one) == "sent"
    go_on.set()
    end()


def test_what_hangs_keeps_no_worker_from_its_end(ledger):
    planning.account(ledger)
    plan(ledger, "one")
    hanging = threading.Event()
    teller = Teller(ledger, "one", lambda _: hanging.wait(60))
    teller.begin()
    teller.end(patience=0.01)
    assert heard(ledger, "two") == []
    hanging.set()
    # Its ledger must not be closed under it.
    teller._thread.join(20)
