"""What is planned goes out on its day or not at all, however long a machine was asleep."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uasocial import accounts, posting
from uasocial.model import latest_today
from uasocial.outbox import approvals, controls, deliveries, queue
from uasocial.outbox.working import Worker
from uasocial.planning.cadences import Cadence
from uasocial.team import scheduling

from .conftest import NOW, ZURICH

ZONES = ["Europe/Zurich", "America/Lima", "Pacific/Auckland", "Pacific/Kiritimati", "Asia/Tehran"]


@pytest.fixture
def approved(kit_at, book, chosen):
    """A plan of a post a day, approved by a second person for long; the ids of its deliveries."""
    kit = kit_at()
    wish = scheduling.Wish(kit.action("mill"), "daily", Cadence(every=1), "ann")
    names = scheduling.put(kit, book, scheduling.fresh(kit, book, chosen, wish), wish)
    with book.write() as connection:
        approvals.approve(book, connection, names, "bob", timedelta(days=30))
    return names


def work(kit, book):
    Worker(book, accounts.opener(kit)).run_once()


def states(book, names):
    return {name: queue.find(book, name).state for name in names}


def test_after_a_day_asleep_all_that_is_overdue_is_in_review(kit_at, book, approved, clock):
    """What is posted by hand too; nothing bursts out, and what is to come stays planned."""
    clock.now = NOW + timedelta(days=1)
    work(kit_at(clock.now), book)
    found = [queue.find(book, name) for name in approved]
    overdue = [one for one in found if one.planned_for <= clock.now - deliveries.PATIENCE]
    assert len(overdue) >= 2
    assert {one.state for one in overdue} == {"review"}
    assert {one.mode for one in overdue} == {"publish", "by hand"}
    assert not any(one.state in {"sent", "handed_off", "sending"} for one in found)
    assert {one.state for one in found if one not in overdue} == {"planned"}


def test_a_worker_that_is_awake_sends_each_at_its_time(kit_at, book, approved, clock):
    """The same plan, for comparison: the sleep is what kept it back."""
    first = min((queue.find(book, name) for name in approved), key=lambda one: one.planned_for)
    clock.now = first.planned_for
    work(kit_at(clock.now), book)
    assert queue.find(book, first.id).state in {"sent", "handed_off"}


def test_after_a_month_asleep_nothing_goes_out(kit_at, book, approved, clock):
    clock.now = NOW + timedelta(days=30)
    work(kit_at(clock.now), book)
    assert set(states(book, approved).values()) == {"cancelled"}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.integers(1, 20),
    st.integers(0, 23),
    st.integers(-72, 72),
)
def test_days_left_are_said_on_the_day_they_are_true_and_on_no_other(  # noqa: PLR0913, PLR0917 - a property
    project, kit_at, book, clock, here, there, days, hour, hours
):
    """In any zones: the ledger lets a text go exactly while its number is that of the day."""
    facts = project / "actions" / "mill" / "action.yaml"
    text = facts.read_text(encoding="utf-8")
    kept = project / "uasocial.toml"
    said = kept.read_text(encoding="utf-8")
    try:
        facts.write_text(text.replace("Europe/Zurich", there), encoding="utf-8")
        kept.write_text(said.replace("Europe/Zurich", here), encoding="utf-8")
        at = datetime.combine(date(2026, 2, 9) - timedelta(days=days), time(hour), ZoneInfo(here))
        kit = kit_at(NOW.astimezone(ZoneInfo(here)))
        action = kit.action("mill")
        account = accounts.account(kit, "board")
        then = posting.at_moment(kit, account, at)
        draft = posting.draft_for(then, action, account, "reminder")
        post = posting.make_post(then, action, account, draft, "ann")
        other = at + timedelta(hours=hours)
        assert f"{action.facts.days_left(then.today(action))} day" in post.text
        accounts.sync(kit, book)
        clock.now = NOW
        with book.write() as connection:
            order = deliveries.Order(post, other, "ann", send_before=other + timedelta(hours=1))
            (name,) = deliveries.plan(book, connection, [order])
            verdict = controls.judge(book, connection, name, other)
        same = latest_today(other, [here, there]) == latest_today(at, [here, there])
        assert (verdict == controls.GO) == same, verdict
    finally:
        facts.write_text(text, encoding="utf-8")
        kept.write_text(said, encoding="utf-8")


def test_what_counts_no_days_may_be_moved_to_any(kit_at):
    kit = kit_at()
    action = kit.action("mill")
    account = accounts.account(kit, "board")
    last = datetime(2026, 2, 9, 12, tzinfo=ZURICH)
    for moment in (NOW, last):
        then = posting.at_moment(kit, account, moment)
        draft = posting.draft_for(then, action, account, "appeal", "one")
        assert posting.make_post(then, action, account, draft, "ann").true_from is None
    then = posting.at_moment(kit, account, last)
    draft = posting.draft_for(then, action, account, "last-day")
    post = posting.make_post(then, action, account, draft, "ann")
    assert post.true_from == datetime(2026, 2, 9, tzinfo=ZURICH)
