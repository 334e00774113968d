"""One turn at a time: marks, receipts, waits, and what becomes of a worker that slept."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import uasocial.outbox
from uasocial.outbox import approvals, stopping, turns
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.controls import Control
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.retrying import MOST_ASKED, delay
from uasocial.outbox.sending import STEPS, Sender
from uasocial.outbox.tables import accounts, attempts, deliveries, records
from uasocial.platforms.publisher import NotAuthorized
from uasocial.testing.network import Rules
from uasocial.testing.proxy import Fault
from uasocial.testing.publisher import FakePublisher

from . import planning

LEASE = timedelta(seconds=2)
CALL = timedelta(seconds=0.5)


@pytest.fixture
def desk(ledger, fake_network, fault_proxy):
    """An account of the fake network, and what is needed to send from it."""
    return Desk(ledger, fake_network, fault_proxy)


class Desk:
    def __init__(self, ledger, network, proxies) -> None:
        self.ledger, self.network, self._proxies = ledger, network, proxies
        self.token = network.join("ours")
        self.url, self.promise = network.url, "look-up"
        planning.account(ledger)

    def faults(self, *faults: Fault) -> None:
        self.url = self._proxies(*faults).url

    def plan(self, *texts: str, ago: float = 1, action: str = "gate", **options) -> list[str]:
        with self.ledger.write() as connection:
            at = self.ledger.now(connection) - timedelta(seconds=ago)
            orders = [
                outgoing.Order(
                    planning.post(text, action), at + n * timedelta(milliseconds=1), "Ana"
                )
                for n, text in enumerate(texts)
            ]
            orders = [order._replace(**options) for order in orders]
            return outgoing.plan(self.ledger, connection, orders)

    def sender(self, observe=None, worker: str = "one", ledger=None, lease=LEASE) -> Sender:
        return Sender(ledger or self.ledger, worker, self._open, lease=lease, observe=observe)

    def _open(self, _) -> FakePublisher:
        return FakePublisher(self.url, self.token, self.promise, timeout=CALL)

    def state(self, delivery: str) -> str:
        return self.row(delivery).state

    def row(self, delivery: str):
        with self.ledger.read() as connection:
            query = sa.select(deliveries).where(deliveries.c.id == delivery)
            return connection.execute(query).one()

    def let_go(self) -> None:
        """End the lease and the wait of the account, as time would."""
        with self.ledger.write() as connection:
            past = self.ledger.now(connection) - timedelta(seconds=1)
            connection.execute(sa.update(accounts).values(lease_until=past, ready_at=past))

    def all_turns(self, sender: Sender | None = None) -> int:
        taking = sender or self.sender()
        taken = 0
        while taking.turn():
            taken += 1
        return taken

    @property
    def texts(self) -> list[str]:
        return self.network.texts("ours")


def at(step: str, act):
    """Return an observer that does something the first time a step is reached."""
    waiting = [step]

    def observe(reached: str) -> None:
        if reached in waiting:
            waiting.clear()
            act()

    return observe


class Killed(BaseException):
    """The end of a worker: nothing of its turn goes on."""


def kill() -> None:
    raise Killed


def test_a_delivery_is_sent_once_and_its_answer_is_kept(desk):
    (one,) = desk.plan("words")
    assert desk.all_turns() == 1
    row = desk.row(one)
    assert (row.state, row.remote_id, desk.texts) == ("sent", "1", ["words"])
    assert row.permalink == f"{desk.network.url}/posts/1"


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_that_dies_at_any_step_leaves_what_the_next_one_finishes(desk, step):
    (one,) = desk.plan("words")
    with pytest.raises(Killed):
        desk.sender(at(step, kill)).turn()
    desk.let_go()
    desk.all_turns(desk.sender(worker="two"))
    assert (desk.state(one), desk.texts) == ("sent", ["words"])


def test_a_receipt_counts_even_when_others_have_taken_over(desk):
    """Nothing can be looked up here: without its receipt a person would have to decide."""
    desk.promise = "neither"
    (one,) = desk.plan("words")

    def others() -> None:
        desk.let_go()
        desk.all_turns(desk.sender(worker="two"))
        assert desk.state(one) == "review"

    desk.sender(at("answered", others)).turn()
    assert (desk.state(one), desk.row(one).why, desk.texts) == ("sent", None, ["words"])


def test_what_a_person_dropped_is_known_to_be_live_when_its_receipt_comes_late(desk):
    """Only what is known can be taken back."""
    (one,) = desk.plan("words")

    def others() -> None:
        desk.promise = "neither"
        desk.let_go()
        desk.all_turns(desk.sender(worker="two"))
        with desk.ledger.write() as connection:
            outgoing.change(desk.ledger, connection, one, "cancelled", "Ana")

    desk.sender(at("answered", others)).turn()
    assert (desk.state(one), desk.row(one).remote_id, desk.texts) == ("sent", "1", ["words"])
    assert [item.delivery for item in stopping.stop(desk.ledger, GATE).live] == [one]


def test_a_worker_that_slept_after_its_mark_does_not_call(desk, monkeypatch):
    """Its own clock tells, and that clock runs on while the machine sleeps."""
    (one,) = desk.plan("words")
    real = turns.tick

    def sleep() -> None:
        monkeypatch.setattr(turns, "tick", lambda: real() + 3600)

    desk.sender(at("marked", sleep)).turn()
    assert (desk.state(one), desk.texts) == ("sending", [])
    monkeypatch.setattr(turns, "tick", real)
    desk.all_turns()
    assert (desk.state(one), desk.texts) == ("sent", ["words"])


def test_a_worker_that_slept_before_its_mark_marks_nothing(desk):
    (one,) = desk.plan("words")
    desk.sender(at("prepared", desk.let_go)).turn()
    assert (desk.state(one), desk.texts) == ("planned", [])


GATE = Control("stop", "action", "gate", "Ana")
PAUSE = Control("pause", "account", "ours", "Ana")


def _moved(desk, one: str) -> None:
    with desk.ledger.write() as connection:
        later = desk.ledger.now(connection) + timedelta(hours=1)
        outgoing.move(desk.ledger, connection, one, later, "Ana")


def _cancelled(desk, one: str) -> None:
    with desk.ledger.write() as connection:
        outgoing.change(desk.ledger, connection, one, "cancelled", "Ana")


def _frozen(desk, one: str) -> None:
    with desk.ledger.write() as connection:
        approvals.void(desk.ledger, connection, [one], "Ana", "the holder has changed")


@pytest.mark.parametrize(
    ("decide", "texts"),
    [
        (_moved, ["two"]),
        (_cancelled, ["two"]),
        (_frozen, ["two"]),
        (lambda desk, _: stopping.stop(desk.ledger, GATE), []),
        (lambda desk, _: stopping.pause(desk.ledger, PAUSE), []),
        (lambda desk, _: desk.plan("before", ago=60), ["before", "one", "two"]),
    ],
)
def test_what_is_decided_before_the_mark_is_obeyed(desk, decide, texts):
    one, _ = desk.plan("one", "two")
    desk.sender(at("prepared", lambda: decide(desk, one))).turn()
    assert desk.texts == []
    desk.all_turns()
    assert desk.texts == texts


def test_an_approval_that_is_void_by_another_process_keeps_a_post_back(desk, ledger_url):
    """Worker and person go on at the same time: whichever of them writes first is obeyed."""
    ids = desk.plan(*(f"text {n}" for n in range(20)), needs_approval=True)
    with desk.ledger.write() as connection:
        approvals.approve(desk.ledger, connection, ids, "Bea")
    other = Ledger(ledger_url)

    def freeze() -> None:
        for name in ids[::-1]:
            with other.write() as connection:
                approvals.void(other, connection, [name], "Ana", "look at it")

    thread = threading.Thread(target=freeze)
    # The first is out before anybody freezes anything.
    desk.sender(at("recorded", thread.start)).turn()
    desk.all_turns()
    thread.join()
    other.close()
    held = {f"text {n}" for n, name in enumerate(ids) if desk.state(name) == "proposed"}
    assert len(held) + len(desk.texts) == 20
    assert held.isdisjoint(desk.texts)


def test_what_is_resumed_at_the_last_moment_still_goes_first(desk):
    """The second was about to go out while the first was passed over."""
    desk.plan("one", "two")
    stopping.pause(desk.ledger, PAUSE)
    desk.sender().turn()
    stopping.lift(desk.ledger, ["pause"], PAUSE)
    desk.sender(at("prepared", lambda: stopping.resume(desk.ledger, PAUSE))).turn()
    assert desk.texts == []
    desk.all_turns()
    assert desk.texts == ["one", "two"]


def test_what_was_resumed_keeps_its_place(desk):
    desk.plan("one", "two", "three")
    stopping.pause(desk.ledger, PAUSE)
    assert desk.sender().turn()
    stopping.resume(desk.ledger, PAUSE)
    desk.all_turns()
    assert desk.texts == ["one", "two", "three"]


def test_a_pause_of_one_action_lets_the_others_of_the_account_go_on(desk):
    desk.plan("paused", action="other")
    desk.plan("free")
    stopping.pause(desk.ledger, Control("pause", "action", "other", "Ana"))
    assert desk.all_turns() < 5
    assert desk.texts == ["free"]


def test_an_account_whose_first_delivery_waits_is_left_alone_until_then(desk):
    """No worker asks again and again, and nothing overtakes what waits."""
    desk.faults(Fault("refuse", status=429, retry_after=60))
    one, two = desk.plan("one", "two")
    assert desk.all_turns() == 1
    assert (desk.state(one), desk.row(one).tries, desk.state(two)) == ("planned", 1, "planned")
    assert desk.row(one).not_before - desk.row(one).changed_at > timedelta(seconds=55)


@pytest.mark.parametrize(
    ("fault", "state", "texts"),
    [
        (Fault("drop", times=1), "sent", ["words"]),
        (Fault("fail", times=1, status=502), "sent", ["words"]),
        (Fault("cut", times=1), "sent", ["words"]),
        (Fault("refuse", times=1, status=503), "sent", ["words"]),
        (Fault("refuse", times=1, status=422), "failed", []),
    ],
)
def test_an_answer_decides_and_what_it_does_not_say_is_looked_up(desk, fault, state, texts):
    desk.faults(fault)
    (one,) = desk.plan("words")
    desk.all_turns()
    assert (desk.state(one), desk.texts) == (state, texts)


@pytest.mark.parametrize("promise", ["neither", "look-up"])
def test_what_nobody_can_tell_is_left_to_a_person(desk, promise):
    desk.promise = promise
    desk.network.rules = Rules(look_up=False)
    desk.faults(Fault("drop", times=1))
    one, two = desk.plan("one", "two")
    desk.all_turns()
    assert desk.state(one) == "review"
    assert desk.row(one).why.startswith("it may be live: ")
    assert (desk.state(two), desk.texts) == ("sent", ["one", "two"])


def test_an_account_that_cannot_be_opened_is_tried_a_while_and_then_left_to_a_person(desk):
    (one,) = desk.plan("words")
    sender = Sender(desk.ledger, "one", lambda _: 1 / 0, lease=LEASE)
    for _ in range(12):
        _hurry(desk)
        assert sender.turn()
    assert (desk.state(one), desk.row(one).why) == (
        "review",
        "the account cannot be opened: division by zero",
    )


def test_an_unknown_of_an_account_that_cannot_be_opened_goes_to_review_as_maybe_live(desk):
    (one,) = desk.plan("words")
    with pytest.raises(Killed):
        desk.sender(at("answered", kill)).turn()
    sender = Sender(desk.ledger, "one", lambda _: 1 / 0, lease=LEASE)
    for _ in range(12):
        _hurry(desk)
        sender.turn()
    assert desk.state(one) == "review"
    assert desk.row(one).why.startswith("it may be live: the account cannot be opened")


def test_an_account_that_is_shut_when_it_is_opened_goes_to_a_person_at_once(desk):
    (one,) = desk.plan("words")

    def shut(_):
        raise NotAuthorized("the account is suspended")

    Sender(desk.ledger, "one", shut, lease=LEASE).turn()
    assert (desk.state(one), desk.row(one).why) == (
        "review",
        "the account cannot be opened: the account is suspended",
    )


def _hurry(desk) -> None:
    desk.let_go()
    with desk.ledger.write() as connection:
        past = desk.ledger.now(connection) - timedelta(seconds=1)
        connection.execute(sa.update(deliveries).values(not_before=past))


def test_an_account_whose_turn_broke_rests_and_the_others_go_on(desk):
    """A fault of our own at one account keeps no worker busy with it."""
    desk.plan("words")
    with pytest.raises(ZeroDivisionError):
        desk.sender(at("prepared", lambda: 1 / 0)).turn()
    assert desk.all_turns() == 0
    desk.let_go()
    assert desk.all_turns() == 1


def test_a_publisher_whose_calls_outlast_a_turn_is_never_asked_to_post(desk):
    (one,) = desk.plan("words")
    desk.sender(lease=CALL).turn()
    assert (desk.state(one), desk.texts) == ("planned", [])
    assert "longer than a turn" in desk.row(one).why


def test_an_account_asks_for_no_more_than_a_day():
    assert delay(1, timedelta(days=10_000), LEASE) == MOST_ASKED


def test_the_gap_of_an_account_holds_after_what_was_found_too(desk):
    desk.faults(Fault("drop", times=1))
    with desk.ledger.write() as connection:
        connection.execute(sa.update(accounts).values(gap=600))
    desk.plan("one", "two")
    desk.all_turns()
    assert desk.texts == ["one"]


def test_a_laptop_that_slept_for_a_day_sends_nothing_late(ledger_url, clock, desk):
    """Each goes to a person; nothing goes out in a burst."""
    ledger = Ledger(ledger_url, clock)
    with ledger.write() as connection:
        orders = [
            outgoing.Order(planning.post(f"text {n}"), clock.now + n * timedelta(minutes=10), "Ana")
            for n in range(20)
        ]
        ids = outgoing.plan(ledger, connection, orders)
    sender = desk.sender(ledger=ledger)
    desk.all_turns(sender)
    clock.forward(days=1)
    desk.all_turns(sender)
    ledger.close()
    assert desk.texts == ["text 0"]
    assert [desk.state(one) for one in ids] == ["sent", *["review"] * 19]


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_full_disk_before_the_answer_is_kept_doubles_nothing(desk):
    """An SQLite file can be given its last page; a server's disk is not ours to fill."""
    (one,) = desk.plan("words")

    def limit(pages: int) -> None:
        with desk.ledger.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    class Wordy(FakePublisher):
        def create(self, prepared):
            # An answer that needs more than what is free in the pages there are.
            return super().create(prepared)._replace(permalink="https://" + "0" * 100_000)

    wordy = Wordy(desk.url, desk.token, timeout=CALL)
    observe = at("answered", lambda: limit(1))
    lease = timedelta(seconds=0.6)
    sender = Sender(desk.ledger, "one", lambda _: wordy, lease=lease, observe=observe)
    with pytest.raises(LedgerError, match="disk is full"):
        sender.turn()
    limit(1_000_000)
    assert desk.state(one) == "sending"
    desk.let_go()
    desk.all_turns()
    assert (desk.state(one), desk.texts) == ("sent", ["words"])


def test_a_receipt_is_kept_as_soon_as_the_ledger_can_be_written_again(desk, monkeypatch):
    """A database that is gone for a moment costs no look-up."""
    (one,) = desk.plan("words")
    real, failing = desk.ledger.write, [1, 2]

    def write():
        if failing:
            failing.pop()
            raise LedgerError("the ledger is gone")
        return real()

    sender = desk.sender(at("answered", lambda: monkeypatch.setattr(desk.ledger, "write", write)))
    assert sender.turn()
    assert (desk.state(one), failing) == ("sent", [])
    with desk.ledger.read() as connection:
        steps = connection.scalars(sa.select(attempts.c.step)).all()
    assert "find" not in steps


def test_a_stop_beside_workers_is_obeyed_from_the_moment_it_is_committed(desk):
    """Two workers and a stop begin at one moment, again and again; the chain has their order."""
    for n in range(8):
        desk.plan(*(f"{n} {m}" for m in range(6)), action=f"case-{n}")
        start = threading.Barrier(3)
        stop = Control("stop", "action", f"case-{n}", "Ana")
        workers = [desk.sender(worker=name) for name in ("one", "two")]
        acts = [lambda w=w: desk.all_turns(w) for w in workers]
        acts.append(lambda stop=stop: stopping.stop(desk.ledger, stop))
        threads = [threading.Thread(target=_after, args=(start, act)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        desk.all_turns()
        with desk.ledger.read() as connection:
            rows = connection.execute(sa.select(records).order_by(records.c.seq)).all()
        (stopped,) = [r.seq for r in rows if r.kind == "stop" and r.data["name"] == f"case-{n}"]
        assert not [row for row in rows if row.kind == "sending" and row.seq > stopped]
    assert len(set(desk.texts)) == len(desk.texts)


def _after(start: threading.Barrier, act) -> None:
    start.wait()
    act()


def test_the_clock_of_the_database_decides_and_no_other_is_asked():
    """Workers whose machines disagree about the time agree about what is due."""
    folder = Path(uasocial.outbox.__file__).parent
    # The name of a backup's file is by the machine that makes it.
    engine = [path for path in folder.glob("*.py") if path.name != "backups.py"]
    asked = re.compile(r"datetime\.now|time\.time\(|utcnow|date\.today")
    assert not [path.name for path in engine if asked.search(path.read_text())]


def test_a_worker_with_a_fast_clock_sends_nothing_early(desk):
    """Its own clock is only used to measure how long it slept."""
    (one,) = desk.plan("words", ago=-3600)
    assert datetime.now(UTC) < desk.row(one).planned_for
    assert desk.all_turns() == 0
