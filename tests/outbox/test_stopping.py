"""A stop is obeyed at once by every worker, and everything it does is on record."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from uasocial.errors import UasocialError
from uasocial.model.post import Receipt
from uasocial.outbox import controls, deciding, queue, stopping
from uasocial.outbox.controls import Control
from uasocial.outbox.deliveries import change, named
from uasocial.outbox.exporting import items_of
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.sending import Sender
from uasocial.outbox.tables import attempts, records
from uasocial.outbox.verifying import verify
from uasocial.platforms.publisher import OutcomeUnknown, Publisher, Rejected

from . import planning

STOP = Control("stop", "action", "gate", "Ana", "she is free")


class Network(Publisher):
    """A network in memory; *on_create* is told of each call."""

    promise = "look-up"
    settle = timedelta(0)

    def __init__(self, on_create=lambda: None, on_delete=lambda _: None) -> None:
        self.live: list[str] = []
        self._on_create, self._on_delete = on_create, on_delete

    def create(self, prepared):
        self._on_create()
        self.live.append(prepared.key)
        return Receipt(prepared.key, "https://example.org/1")

    def delete(self, receipt):
        self._on_delete(receipt)


def standing(ledger):
    with ledger.read() as connection:
        return [(row.kind, row.scope, row.name) for row in controls.listed(connection)]


def test_a_stop_cancels_what_is_pending_and_lists_what_is_live_and_under_way(ledger):
    planning.account(ledger)
    planning.account(ledger, "theirs")
    live, open_one, pending, proposed = (
        *planning.plan(ledger, planning.post("1"), planning.post("2"), planning.post("3")),
        *planning.plan(ledger, planning.post("4", to="theirs"), state="proposed"),
    )
    other = planning.plan(ledger, planning.post("5", action="school"))[0]
    planning.sent(ledger, live)
    with ledger.write() as connection:
        change(ledger, connection, open_one, "sending", "worker")
    found = stopping.stop(ledger, STOP)
    assert found.cancelled == 2
    assert [item.delivery for item in found.live] == [live]
    assert [item.delivery for item in found.under_way] == [open_one]
    states = [planning.state(ledger, one) for one in (live, open_one, pending, proposed, other)]
    assert states == ["sent", "sending", "cancelled", "cancelled", "planned"]
    verify(ledger)


def test_what_may_be_live_is_told_by_a_stop_and_can_be_recorded_after_it(ledger):
    planning.account(ledger)
    doubtful, plain = planning.plan(ledger, planning.post("1"), planning.post("2"))
    with ledger.write() as connection:
        now = ledger.now(connection)
        change(ledger, connection, doubtful, "sending", "worker", marked_at=now)
        change(ledger, connection, doubtful, "review", "worker", expected=("sending",))
        change(ledger, connection, plain, "review", "worker", why="it is late")
    assert [item.delivery for item in stopping.stop(ledger, STOP).doubtful] == [doubtful]
    entry = queue.find(ledger, doubtful)
    decision = deciding.Decision("Ana", "it is there")
    deciding.is_live(ledger, entry, "https://example.org/1", decision)
    assert [item.delivery for item in stopping.stop(ledger, STOP).live] == [doubtful]
    with pytest.raises(UasocialError, match="nothing to decide"):
        deciding.send_at(ledger, queue.find(ledger, plain), None, decision)


def test_a_stop_is_safe_to_repeat_and_cancels_what_came_since(ledger):
    planning.account(ledger)
    stopping.stop(ledger, STOP)
    late = planning.plan(ledger, planning.post())[0]
    assert stopping.stop(ledger, STOP).cancelled == 1
    assert planning.state(ledger, late) == "cancelled"
    assert standing(ledger) == [("stop", "action", "gate")]


def test_nothing_of_a_stopped_action_is_sent_even_if_it_is_planned_later(ledger):
    planning.account(ledger)
    stopping.stop(ledger, STOP)
    late = planning.plan(ledger, planning.post(), at=datetime.now(UTC) - timedelta(seconds=1))[0]
    network = Network()
    while Sender(ledger, "worker", lambda _: network).turn():
        pass
    assert (planning.state(ledger, late), network.live) == ("cancelled", [])


def test_the_reason_of_a_withdrawal_is_in_no_list(ledger):
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    stopping.stop(ledger, Control("withdraw", "action", "gate", "Ana", "the family is in danger"))
    assert [item.why for item in items_of(ledger)] == ["the action was withdrawn"]
    with ledger.read() as connection:
        assert "danger" not in str(connection.execute(sa.select(records)).all())


def test_reopening_lifts_the_stop_and_plans_nothing_again(ledger):
    planning.account(ledger)
    pending = planning.plan(ledger, planning.post())[0]
    stopping.stop(ledger, STOP)
    assert stopping.lift(ledger, ("stop", "withdraw"), STOP) == 1
    assert stopping.lift(ledger, ("stop", "withdraw"), STOP) == 0
    assert (planning.state(ledger, pending), standing(ledger)) == ("cancelled", [])


def test_a_stop_of_everything_covers_every_action(ledger):
    planning.account(ledger)
    planning.plan(ledger, planning.post("1"), planning.post("2", action="school"))
    assert stopping.stop(ledger, Control("stop", "all", "", "Ana", "why")).cancelled == 2
    assert standing(ledger) == [("stop", "all", "")]


def test_a_pause_lets_wait_and_resuming_goes_on_at_once(ledger):
    planning.account(ledger)
    due = planning.plan(ledger, planning.post(), at=datetime.now(UTC) - timedelta(seconds=1))[0]
    pause = Control("pause", "platform", "x", "Ana", "")
    assert stopping.pause(ledger, pause)
    assert not stopping.pause(ledger, pause)
    network = Network()
    sender = Sender(ledger, "worker", lambda _: network)
    while sender.turn():
        pass
    assert (planning.state(ledger, due), network.live) == ("planned", [])
    assert stopping.resume(ledger, pause) == 1
    while sender.turn():
        pass
    assert (planning.state(ledger, due), len(network.live)) == ("sent", 1)


def test_a_delivery_is_named_by_the_beginning_of_its_id(ledger):
    planning.account(ledger)
    one = planning.plan(ledger, planning.post())[0]
    with ledger.read() as connection:
        assert named(connection, one[:8]).id == one
        assert named(connection, one.upper()).id == one
        for wrong in (one[:7], "%" * 8, "zzzzzzzz", "_" * 32):
            with pytest.raises(UasocialError):
                named(connection, wrong)


# --- what is live ------------------------------------------------------------------------------


def test_what_is_live_is_deleted_once_and_each_outcome_is_on_record(ledger):
    planning.account(ledger)
    ids = planning.plan(ledger, *(planning.post(str(number)) for number in range(3)))
    planning.sent(ledger, *ids)

    def answer(receipt) -> None:
        if receipt.remote_id == f"r-{ids[1][:4]}":
            raise Rejected("this network deletes nothing")
        if receipt.remote_id == f"r-{ids[2][:4]}":
            raise OutcomeUnknown("no answer")

    found = stopping.stop(ledger, STOP)
    network = Network(on_delete=answer)
    done = [stopping.delete(ledger, item, "Ana", lambda _: network) for item in found.live]
    assert [one.outcome for one in done] == ["deleted", "cannot", "unknown"]
    assert done[1].why == "this network deletes nothing"
    assert [item.delivery for item in stopping.stop(ledger, STOP).live] == ids[1:]
    with ledger.read() as connection:
        told = connection.execute(
            sa.select(attempts.c.delivery, attempts.c.outcome).where(attempts.c.step == "delete")
        ).all()
    assert [tuple(row) for row in told] == [
        (one, outcome)
        for one, last in zip(ids, ("deleted", "cannot", "unknown"), strict=True)
        for outcome in ("begun", last)
    ]
    verify(ledger)


def test_what_was_posted_by_hand_is_deleted_by_hand(ledger):
    planning.account(ledger, mode="by hand")
    one = planning.plan(ledger, planning.post())[0]
    planning.sent(ledger, one)
    item = stopping.stop(ledger, STOP).live[0]

    def never(_):
        raise AssertionError("opened")

    assert stopping.delete(ledger, item, "Ana", never).outcome == "cannot"


# --- the race ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wait_for", [1, 3, 7])
def test_nothing_is_marked_after_a_stop_was_committed(ledger, ledger_url, wait_for):
    names = [f"account-{number}" for number in range(3)]
    now = datetime.now(UTC) - timedelta(minutes=1)
    for name in names:
        planning.account(ledger, name)
        planning.plan(ledger, *(planning.post(str(n), to=name) for n in range(8)), at=now)
    calls, enough, failed = [], threading.Event(), []

    def called() -> None:
        calls.append(1)
        if len(calls) >= wait_for:
            enough.set()

    def work(number: int) -> None:
        own = Ledger(ledger_url)
        try:
            while Sender(own, f"worker-{number}", lambda _: Network(called)).turn():
                pass
        except Exception as error:  # noqa: BLE001 - told by the test
            failed.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    stopping.stop(ledger, STOP)
    for thread in threads:
        thread.join(60)
    assert failed == []
    with ledger.read() as connection:
        order = connection.scalars(sa.select(records.c.kind).order_by(records.c.seq)).all()
    stopped = order.index("stop")
    assert "sending" not in order[stopped:]
    assert len(calls) == order.count("sending") == order.count("sent") >= wait_for
    assert order.count("sent") + order.count("cancelled") == 24
    verify(ledger)
