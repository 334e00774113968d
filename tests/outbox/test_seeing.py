"""The ledger is seen as a whole: every day, what is late and why, and one action in numbers."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from msgspec import structs

from uasocial.outbox import deciding, queue, seeing, stopping
from uasocial.outbox.controls import Control
from uasocial.outbox.deciding import Decision
from uasocial.outbox.erasing import erase
from uasocial.outbox.tables import deliveries, posts
from uasocial.outbox.verifying import verify

from . import planning

NOW = datetime.now(UTC)


def past(ledger, hours: float = 1) -> str:
    """Plan a post for a time that is over, as if no worker had run."""
    (one,) = planning.plan(ledger, planning.post(), at=NOW - timedelta(hours=hours))
    return one


def reason(ledger) -> str:
    (one,) = seeing.late(ledger)
    return one.why


def test_each_day_has_its_posts_and_counts_those_that_are_not_shown(ledger):
    planning.account(ledger)
    edges = [NOW + timedelta(days=number) for number in range(3)]
    for hour in (1, 2, 3, 30):
        planning.plan(ledger, planning.post(f"{hour}"), at=NOW + timedelta(hours=hour))
    first, second = seeing.days(ledger, edges, 2)
    assert (first.total, len(first.posts), second.total) == (3, 2, 1)
    assert first.posts[0].not_before < first.posts[1].not_before


def test_a_post_at_the_edge_of_two_days_is_of_one_of_them(ledger):
    planning.account(ledger)
    edges = [NOW + timedelta(days=number) for number in range(3)]
    planning.plan(ledger, planning.post(), at=edges[1])
    assert [day.total for day in seeing.days(ledger, edges, 5)] == [0, 1]


def test_days_of_an_action_and_an_account_count_nothing_else(ledger):
    planning.account(ledger)
    planning.account(ledger, "theirs")
    for action, to in (("gate", "ours"), ("gate", "theirs"), ("wall", "ours")):
        planning.plan(ledger, planning.post(action=action, to=to))
    edges = [NOW, NOW + timedelta(days=1)]
    (day,) = seeing.days(ledger, edges, 1, action="gate", account="ours")
    assert day.total == 1
    (day,) = seeing.days(ledger, edges, 1, action="gate")
    assert day.total == 2


def test_what_is_paused_is_marked_in_its_day(ledger):
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    stopping.pause(ledger, Control("pause", "language", "en", "Ana", ""))
    (day,) = seeing.days(ledger, [NOW, NOW + timedelta(days=1)], 5)
    assert day.posts[0].held == "pause"


def test_nothing_is_late_before_its_time(ledger):
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    assert seeing.late(ledger) == []


def test_what_no_worker_took_is_late(ledger):
    planning.account(ledger)
    past(ledger)
    assert "no worker" in reason(ledger)


def test_what_is_past_its_limit_says_that_it_goes_to_review(ledger):
    planning.account(ledger)
    past(ledger, hours=5)
    assert "too late" in reason(ledger)


def test_a_pause_is_named_with_who_put_it_up_and_why(ledger):
    planning.account(ledger)
    past(ledger)
    stopping.pause(ledger, Control("pause", "account", "ours", "Dalia", "a holiday"))
    assert reason(ledger) == "pause by Dalia (account ours): a holiday"


def test_what_waits_behind_an_unknown_one_names_it(ledger):
    planning.account(ledger)
    first, second = past(ledger, hours=1.5), past(ledger)
    with ledger.write() as connection:
        lost = {"state": "unknown", "why": "the answer was lost"}
        connection.execute(sa.update(deliveries).where(deliveries.c.id == first).values(**lost))
    said = {one.post.id: one.why for one in seeing.late(ledger)}
    assert "the answer was lost" in said[first]
    assert first[:8] in said[second]


def test_a_person_who_has_not_posted_is_late(ledger):
    planning.account(ledger, mode="by hand")
    one = past(ledger)
    with ledger.write() as connection:
        handed = sa.update(deliveries).where(deliveries.c.id == one).values(state="handed_off")
        connection.execute(handed)
    assert "waits for a person" in reason(ledger)


def test_the_posts_of_an_action_are_counted_by_state_and_who_asked(ledger):
    planning.account(ledger)
    one, two, _ = planning.plan(ledger, *(planning.post(f"{n}") for n in range(3)))
    planning.sent(ledger, one, two)
    gone = sa.update(deliveries).where(deliveries.c.id == one).values(deleted_at=NOW)
    with ledger.write() as connection:
        connection.execute(gone)
    found = seeing.summed(ledger, "gate")
    states = {count.state: count.total for count in found.counts}
    assert states == {"deleted": 1, "planned": 1, "sent": 1}
    assert [(one.by, one.what) for one in found.asked] == [("Ana", "asked for 3 posts")]


def test_a_decision_is_told_with_who_when_and_why(ledger):
    planning.account(ledger)
    (one,) = planning.plan(ledger, planning.post())
    entry = queue.find(ledger, one)
    deciding.drop(ledger, entry, Decision("Dalia", "it is too long"))
    stopping.stop(ledger, Control("stop", "action", "gate", "Noor", "she is free"))
    told = seeing.decisions(ledger, "gate", seeing.summed(ledger, "gate"))
    assert [(d.by, d.why) for d in told if d.why] == [
        ("Dalia", "it is too long"),
        ("Noor", "she is free"),
    ]
    assert all(d.at.tzinfo for d in told)


def test_a_stop_of_another_action_is_no_decision_about_this_one(ledger):
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    stopping.stop(ledger, Control("stop", "action", "wall", "Noor", "she is free"))
    told = seeing.decisions(ledger, "gate", seeing.summed(ledger, "gate"))
    assert [one.by for one in told] == ["Ana"]
    assert (seeing.ended(ledger, "gate"), seeing.ended(ledger, "wall")) == ("", "stop")


def test_an_erased_text_is_told_as_none(ledger):
    planning.account(ledger)
    (one,) = planning.plan(ledger, planning.post())
    planning.sent(ledger, one)
    erase(ledger, [posts.c.action == "gate"], "Ana", "asked for")
    (seen,) = seeing.seen(ledger, "gate")
    assert seen.text is None


def test_a_guide_before_an_embargo_is_on_a_record_that_still_verifies(ledger):
    seeing.given_out(ledger, "gate", "Ana", "Section of the Hills", "0" * 64)
    verify(ledger)
    (told,) = seeing.decisions(ledger, "gate", seeing.summed(ledger, "gate"))
    assert told.what == "guide before the embargo, for Section of the Hills"


def test_a_delivery_has_as_many_changes_as_records_after_the_first(ledger):
    planning.account(ledger)
    one, two = planning.plan(ledger, planning.post("1"), planning.post("2"))
    planning.sent(ledger, one)
    assert seeing.sequences(ledger, [one, two]) == {one: 2, two: 0}


def test_what_is_to_come_has_what_was_cancelled_and_not_what_is_long_over(ledger):
    planning.account(ledger)
    past(ledger, hours=24 * 40)
    (one,) = planning.plan(ledger, structs.replace(planning.post("2"), number="UA 1/26"))
    stopping.stop(ledger, Control("stop", "action", "gate", "Noor", ""))
    (seen,) = seeing.upcoming(ledger, "gate", timedelta(days=31), 10)
    assert (seen.id, seen.state, seen.number) == (one, "cancelled", "UA 1/26")
