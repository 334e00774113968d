"""A thread is a chain of deliveries: each goes only when the one it answers is live."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import Refused, UasocialError
from uasocial.model.post import Receipt
from uasocial.outbox import approvals, deciding, deliveries, queue, stopping
from uasocial.outbox.controls import Control
from uasocial.outbox.exporting import items_of
from uasocial.outbox.tables import deliveries as rows
from uasocial.outbox.tables import posts
from uasocial.outbox.verifying import verify
from uasocial.platforms.publisher import OutcomeUnknown, Rejected, Transient

from . import planning
from .social import Social, send
from .threads import chained

WHY = deciding.Decision("Ana", "I have looked")
NO_WAIT = timedelta(0)


@pytest.fixture
def social() -> Social:
    return Social()


def thread(ledger, *texts: str, state="planned", mode="publish") -> list[str]:
    """Plan a thread for a moment that has just passed."""
    planning.account(ledger, mode=mode)
    at = datetime.now(UTC) - timedelta(seconds=1)
    return planning.plan(ledger, *chained([planning.post(t) for t in texts]), at=at, state=state)


def states(ledger, ids) -> list[str]:
    return [planning.state(ledger, one) for one in ids]


def why(ledger, one: str) -> str:
    return queue.find(ledger, one).why


def test_a_post_is_read_from_the_ledger_as_it_was_planned(ledger):
    planning.account(ledger)
    first, _ = before = [planning.post("one"), planning.mentioning("two", without="2")]
    full = replace(before[1], answers=first.id, content_warning="prison", number="UA 12/26")
    ids = planning.plan(ledger, first, full)
    entry = queue.find(ledger, ids[1])
    assert queue.post_in(ledger, entry) == full
    assert (entry.answers, entry.content_warning, entry.without) == (ids[0], "prison", False)
    assert [item.answers for item in items_of(ledger)] == ["", ids[0]]
    verify(ledger)


def test_a_chain_planned_for_one_moment_goes_in_its_order_each_answering_the_last(ledger, social):
    ids = thread(ledger, "one", "two", "three")
    send(ledger, social)
    assert states(ledger, ids) == ["sent"] * 3
    assert social.texts == ["one", "two", "three"]
    told = [one.answers for one in social.live.values()]
    expected = [Receipt(f"r{n}", f"https://social.example/r{n}") for n in (1, 2)]
    assert told == [None, *expected]
    verify(ledger)


def test_an_answer_waits_while_what_it_answers_is_put_off_and_looked_up(ledger, social):
    ids = thread(ledger, "one", "two")
    social.faults["create"] = [Transient("busy", timedelta(minutes=5))]
    send(ledger, social)
    assert (states(ledger, ids), social.texts) == (["planned", "planned"], [])
    planning.hurry(ledger)
    social.faults["create"] = [OutcomeUnknown("no answer")]
    social.faults["find"] = [Transient("busy", timedelta(minutes=5))]
    send(ledger, social)
    assert states(ledger, ids) == ["unknown", "planned"]
    planning.hurry(ledger)
    send(ledger, social)
    assert (states(ledger, ids), social.texts) == (["sent", "sent"], ["one", "two"])


def _cancel(ledger, one: str) -> None:
    with ledger.write() as connection:
        deliveries.change(ledger, connection, one, "cancelled", "Ana")


def _later(ledger, one: str) -> None:
    with ledger.write() as connection:
        later = ledger.now(connection) + timedelta(hours=1)
        deliveries.move(ledger, connection, one, later, "Ana")


def _review(ledger, one: str) -> None:
    with ledger.write() as connection:
        deliveries.change(ledger, connection, one, "review", "Ana")


@pytest.mark.parametrize(
    ("decide", "reason"),
    [
        (_cancel, "was cancelled"),
        (_later, "is planned for later"),
        (_review, "is in review"),
    ],
)
def test_an_answer_to_what_was_decided_on_goes_to_a_person_with_the_reason(
    ledger, social, decide, reason
):
    ids = thread(ledger, "one", "two", "three")
    decide(ledger, ids[0])
    send(ledger, social)
    assert states(ledger, ids[1:]) == ["review", "review"]
    assert why(ledger, ids[1]) == f"the post it answers {reason}"
    assert why(ledger, ids[2]) == "the post it answers is in review"
    assert social.texts == []


def test_an_answer_to_what_was_refused_or_deleted_goes_to_a_person(ledger, social):
    _, second, third = ids = thread(ledger, "one", "two", "three")
    with ledger.write() as connection:
        later = ledger.now(connection) + timedelta(hours=1)
        deliveries.move(ledger, connection, third, later, "Ana")
    social.faults["create"] = [Rejected("too long")]
    send(ledger, social)
    assert states(ledger, ids) == ["failed", "review", "planned"]
    assert why(ledger, second) == "the post it answers has failed"
    deciding.is_live(ledger, queue.find(ledger, second), "https://social.example/2", WHY)
    (item,) = items_of(ledger, states=["sent"])
    stopping.delete(ledger, item, "Ana", lambda _: social)
    with pytest.raises(Refused, match="the post it answers was deleted"):
        deciding.send_at(ledger, queue.find(ledger, third), None, WHY)


def test_once_a_person_has_found_the_first_the_second_may_be_sent(ledger, social):
    first, second = thread(ledger, "one", "two")
    social.faults["create"] = [Rejected("no")]
    send(ledger, social)
    with pytest.raises(Refused, match="has failed"):
        deciding.send_at(ledger, queue.find(ledger, second), None, WHY)
    _decide_live(ledger, first)
    deciding.send_at(ledger, queue.find(ledger, second), None, WHY)
    send(ledger, social)
    assert (planning.state(ledger, second), social.texts) == ("sent", ["two"])
    assert social.live["r1"].answers == Receipt(
        "https://social.example/1", "https://social.example/1"
    )


def _decide_live(ledger, one: str) -> None:
    with ledger.write() as connection:
        at = "https://social.example/1"
        values = {"permalink": at, "remote_id": at, "sent_at": ledger.now(connection)}
        deliveries.change(ledger, connection, one, "sent", "Ana", expected=("failed",), **values)


def test_a_stop_in_the_middle_cancels_the_rest(ledger, social):
    ids = thread(ledger, "one", "two", "three")
    create = social.create

    def stopped(prepared):
        stopping.stop(ledger, Control("stop", "action", "gate", "Ana", "released"))
        return create(prepared)

    social.create = stopped
    send(ledger, social)
    assert states(ledger, ids) == ["sent", "cancelled", "cancelled"]
    assert social.texts == ["one"]


def test_an_answer_does_not_overtake_what_waits_out_a_pause(ledger, social):
    """The pause is over, but who was paused looks again only later."""
    ids = thread(ledger, "one", "two")
    pause = Control("pause", "account", "ours", "Ana")
    stopping.pause(ledger, pause)
    send(ledger, social)
    stopping.lift(ledger, ["pause"], pause)
    with ledger.write() as connection:
        soon = {"not_before": ledger.now(connection), "why": None}
        connection.execute(sa.update(rows).where(rows.c.id == ids[1]).values(**soon))
    send(ledger, social)
    assert social.texts == []
    planning.hurry(ledger)
    send(ledger, social)
    assert social.texts == ["one", "two"]


def test_what_is_proposed_is_approved_in_its_order(ledger):
    first, second = thread(ledger, "one", "two", state="proposed")
    with (
        pytest.raises(Refused, match="the post it answers is not approved yet"),
        ledger.write() as connection,
    ):
        approvals.approve(ledger, connection, [second], "Bea")
    with ledger.write() as connection:
        approvals.approve(ledger, connection, [second, first], "Bea")
    assert states(ledger, [first, second]) == ["planned", "planned"]


def test_a_thread_by_hand_is_handed_to_a_person_as_a_whole(ledger, social):
    ids = thread(ledger, "one", "two", mode="by hand")
    send(ledger, social)
    assert states(ledger, ids) == ["handed_off", "handed_off"]


def test_what_answers_nothing_on_the_ledger_is_not_planned(ledger):
    planning.account(ledger)
    planning.account(ledger, "theirs")
    stranger = planning.post("theirs", to="theirs")
    planning.plan(ledger, stranger)
    for wrong in ("nowhere", stranger.id):
        with pytest.raises(UasocialError, match="no such post"):
            planning.plan(ledger, replace(planning.post(), answers=wrong))
    with ledger.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(posts)) == 1


def test_what_is_live_may_be_answered_later(ledger, social):
    (first,) = thread(ledger, "one")
    send(ledger, social)
    entry = queue.find(ledger, first)
    answer = replace(planning.post("two"), answers=entry.post)
    planning.plan(ledger, answer, at=datetime.now(UTC) - timedelta(seconds=1))
    send(ledger, social)
    assert social.live["r2"].answers.remote_id == "r1"
