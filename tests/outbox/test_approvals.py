"""Nothing goes out that somebody else has not agreed to, in these words and for this time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import Refused, UasocialError
from uasocial.model.post import content_of, digest_of
from uasocial.outbox import approvals, choosing, deciding, deliveries, queue
from uasocial.outbox.choosing import Chosen
from uasocial.outbox.tables import deliveries as rows
from uasocial.outbox.tables import posts
from uasocial.outbox.verifying import Broken, verify

from . import planning
from .social import Social, send

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def social() -> Social:
    return Social()


@pytest.fixture
def proposed(ledger):
    """Propose posts of an account, some time from now; return their ids."""
    planning.account(ledger)

    def propose(*texts: str, after: timedelta = HOUR, **options) -> list[str]:
        with ledger.write() as connection:
            at = ledger.now(connection) + after
            made = [planning.post(text) for text in texts]
            orders = [deliveries.Order(one, at, "Ana", "proposed", **options) for one in made]
            return deliveries.plan(ledger, connection, orders)

    return propose


def approve(ledger, *names: str, by: str = "Bea", **options) -> None:
    with ledger.write() as connection:
        approvals.approve(ledger, connection, names, by, **options)


def void(ledger, *names: str) -> list[str]:
    with ledger.write() as connection:
        return approvals.void(ledger, connection, names, "Ana", "the holder has changed")


def move(ledger, name: str, by: timedelta) -> list[str]:
    to = {name: queue.find(ledger, name).planned_for + by}
    with ledger.write() as connection:
        return approvals.reschedule(ledger, connection, to, "Ana")


def rewrite(ledger, name: str, **values) -> None:
    """Change the post of a delivery where it stands."""
    with ledger.write() as connection:
        post = sa.select(rows.c.post).where(rows.c.id == name).scalar_subquery()
        connection.execute(sa.update(posts).where(posts.c.id == post).values(**values))


# --- approved ------------------------------------------------------------------------------------


def test_what_is_approved_is_planned_with_who_when_and_for_which_time(ledger, proposed):
    (name,) = proposed("one", plan="launch")
    approve(ledger, name)
    entry = queue.find(ledger, name)
    assert (entry.state, entry.approved_by, entry.plan) == ("planned", "Bea", "launch")
    assert (entry.approved_from, entry.approved_until) == (
        entry.planned_for - DAY,
        entry.planned_for + DAY,
    )
    (step,) = queue.attempts_of(ledger, entry)
    assert (step.step, step.outcome, step.worker) == ("approval", "approved", "Bea")
    verify(ledger)


@pytest.mark.parametrize("by", ["Ana", " ANA ", "ana"])
def test_nobody_approves_what_they_asked_for(ledger, proposed, by):
    (name,) = proposed("one")
    with pytest.raises(Refused, match="somebody else than Ana must approve it"):
        approve(ledger, name, by=by)
    assert planning.state(ledger, name) == "proposed"


def test_nobody_approves_what_they_wrote_though_another_asked_for_it(ledger, proposed):
    (name,) = proposed("one")
    rewrite(ledger, name, created_by="Bea")
    with pytest.raises(Refused, match="somebody else than Bea"):
        approve(ledger, name)


def test_where_a_team_wants_no_second_person_the_author_agrees_alone(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name, by="Ana", alone=["ours"])
    assert planning.state(ledger, name) == "planned"


def test_a_lot_is_approved_whole_or_not_at_all(ledger, proposed):
    first, second = proposed("one", "two")
    approve(ledger, first)
    with pytest.raises(UasocialError, match="is planned, and not proposed"):
        approve(ledger, second, first)
    assert planning.state(ledger, second) == "proposed"


def test_what_could_not_go_out_is_not_approved(ledger, proposed):
    (name,) = proposed("one", after=-3 * HOUR)
    with pytest.raises(Refused, match=r"it is late; `uasocial reschedule`"):
        approve(ledger, name)


def test_a_rejected_one_stays_so_with_its_reason(ledger, proposed):
    (name,) = proposed("one")
    with ledger.write() as connection:
        approvals.reject(ledger, connection, [name], "Bea", "not so")
    entry = queue.find(ledger, name)
    assert (entry.state, entry.why, entry.decided_by) == ("rejected", "not so", "Bea")
    with pytest.raises(UasocialError, match="is rejected, and not proposed"):
        approve(ledger, name)
    assert void(ledger, name) == []


# --- never sent without --------------------------------------------------------------------------


def test_what_is_planned_without_an_approval_goes_back(ledger, proposed, social):
    (name,) = proposed("one", after=-HOUR / 2)
    with ledger.write() as connection:
        deliveries.change(ledger, connection, name, "planned", "somebody")
    send(ledger, social)
    entry = queue.find(ledger, name)
    assert (social.texts, entry.state, entry.why) == ([], "proposed", "nobody has approved it")
    verify(ledger)


OTHER = {
    "text": {"text": "two"},
    "warning": {"content_warning": "a gate"},
    "handles": {"mentions": [{"handle": "office", "id": "8"}]},
    "words without handles": {"without": "two"},
    "alt text": {
        "media": [{"sha256": "0", "type": "image/png", "alt": "x", "width": 1, "height": 1}]
    },
}


@pytest.mark.parametrize("what", OTHER)
def test_what_was_changed_since_is_not_sent_with_the_old_approval(ledger, proposed, social, what):
    (name,) = proposed("one", after=-HOUR / 2)
    approve(ledger, name)
    rewrite(ledger, name, **OTHER[what])
    send(ledger, social)
    entry = queue.find(ledger, name)
    assert (social.texts, entry.state) == ([], "proposed")
    assert entry.why == "other words than these were approved"
    assert entry.approved_by == ""


def test_another_post_in_its_place_is_not_sent_with_the_old_approval(ledger, proposed, social):
    (name,) = proposed("one", after=-HOUR / 2)
    approve(ledger, name)
    other = planning.post("two")
    with ledger.write() as connection:
        deliveries.keep_post(connection, other, queue.find(ledger, name).post)
        connection.execute(sa.update(rows).where(rows.c.id == name).values(post=other.id))
    send(ledger, social)
    assert (social.texts, planning.state(ledger, name)) == ([], "proposed")


def test_what_was_moved_out_of_its_window_is_not_sent(ledger, proposed, social):
    (name,) = proposed("one", after=-HOUR / 2)
    approve(ledger, name, window=HOUR)
    with ledger.write() as connection:
        past = ledger.now(connection) - 1.9 * HOUR
        values = {"planned_for": past, "not_before": past}
        connection.execute(sa.update(rows).where(rows.c.id == name).values(**values))
    send(ledger, social)
    entry = queue.find(ledger, name)
    assert (social.texts, entry.state) == ([], "proposed")
    assert entry.why == "it was approved for another time"


def test_what_is_approved_is_sent(ledger, proposed, social):
    (name,) = proposed("one", after=-HOUR / 2)
    approve(ledger, name)
    send(ledger, social)
    assert (social.texts, planning.state(ledger, name)) == (["one"], "sent")
    verify(ledger)


def test_what_somebody_decides_to_send_at_another_time_waits_for_an_approval(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name)
    entry = queue.find(ledger, name)
    why = deciding.Decision("Ana", "Sunday")
    deciding.send_at(ledger, entry, entry.planned_for + 3 * DAY, why)
    assert planning.state(ledger, name) == "proposed"
    approve(ledger, name)
    assert planning.state(ledger, name) == "planned"


# --- void ----------------------------------------------------------------------------------------


def test_a_void_one_waits_again_with_why_and_is_approved_anew(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name)
    assert void(ledger, name) == [name]
    entry = queue.find(ledger, name)
    assert (entry.state, entry.why) == ("proposed", "the holder has changed")
    assert (entry.approved_by, entry.approved_until) == ("", None)
    approve(ledger, name)
    assert queue.find(ledger, name).state == "planned"
    verify(ledger)


def test_a_post_that_needed_no_approval_needs_one_once_it_is_frozen(ledger, social):
    planning.account(ledger)
    (name,) = planning.plan(ledger, planning.post())
    void(ledger, name)
    with ledger.write() as connection:
        deliveries.change(ledger, connection, name, "planned", "somebody")
    planning.hurry(ledger)
    with ledger.write() as connection:
        now = ledger.now(connection)
        connection.execute(sa.update(rows).values(planned_for=now, not_before=now))
    send(ledger, social)
    assert (social.texts, planning.state(ledger, name)) == ([], "proposed")


def test_what_is_being_sent_or_is_over_is_left(ledger):
    planning.account(ledger)
    done, going = planning.plan(ledger, planning.post("one"), planning.post("two"))
    planning.sent(ledger, done)
    with ledger.write() as connection:
        deliveries.change(ledger, connection, going, "sending", "worker")
    assert void(ledger, done, going) == []
    assert [planning.state(ledger, one) for one in (done, going)] == ["sent", "sending"]
    verify(ledger)


def test_what_may_be_live_stays_in_review_and_is_not_sent_again_unapproved(ledger):
    planning.account(ledger)
    (name,) = planning.plan(ledger, planning.post())
    with ledger.write() as connection:
        values = {"marked_at": ledger.now(connection)}
        deliveries.change(ledger, connection, name, "review", "worker", **values)
    assert void(ledger, name) == [name]
    entry = queue.find(ledger, name)
    assert (entry.state, entry.needs_approval) == ("review", True)
    deciding.send_at(ledger, entry, None, deciding.Decision("Ana", "it is not there"))
    assert planning.state(ledger, name) == "proposed"


def test_a_post_given_to_a_person_goes_back_and_may_be_told_as_posted(ledger):
    planning.account(ledger, mode="by hand")
    (name,) = planning.plan(ledger, planning.post())
    with ledger.write() as connection:
        deliveries.change(ledger, connection, name, "handed_off", "worker")
    void(ledger, name)
    entry = queue.find(ledger, name)
    assert entry.state == "proposed"
    deciding.posted(ledger, entry, "https://social.example/1", "Ana")
    assert planning.state(ledger, name) == "sent"


# --- moved ---------------------------------------------------------------------------------------


def test_a_move_inside_the_window_keeps_the_approval(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name)
    assert move(ledger, name, DAY) == []
    entry = queue.find(ledger, name)
    assert (entry.state, entry.approved_by) == ("planned", "Bea")
    assert entry.planned_for == entry.not_before == entry.approved_until


def test_a_move_out_of_the_window_voids_it(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name, window=HOUR)
    assert move(ledger, name, 2 * HOUR) == [name]
    entry = queue.find(ledger, name)
    assert (entry.state, entry.approved_by) == ("proposed", "")
    assert "moved to a time for which nobody has approved it" in entry.why
    approve(ledger, name)
    verify(ledger)


def test_moves_inside_a_window_do_not_add_up(ledger, proposed):
    (name,) = proposed("one")
    approve(ledger, name, window=3 * HOUR)
    assert [move(ledger, name, 2 * HOUR) for _ in range(2)] == [[], [name]]


def test_what_is_proposed_is_moved_and_stays_so(ledger, proposed):
    (name,) = proposed("one")
    before = queue.find(ledger, name)
    assert move(ledger, name, 3 * DAY) == []
    entry = queue.find(ledger, name)
    assert (entry.state, entry.planned_for) == ("proposed", before.planned_for + 3 * DAY)
    assert entry.send_before == entry.planned_for + 2 * HOUR


def test_a_text_that_counts_its_days_is_moved_to_no_other_day(ledger, proposed):
    (name,) = proposed("three days left", after=2 * DAY)
    at = queue.find(ledger, name).planned_for
    rewrite(ledger, name, true_from=at - HOUR, true_until=at + HOUR)
    with pytest.raises(Refused, match="is not true yet"):
        move(ledger, name, -2 * HOUR)
    with pytest.raises(Refused, match="is no longer true"):
        move(ledger, name, 2 * HOUR)
    assert move(ledger, name, HOUR / 2) == []


def test_a_late_one_is_planned_again_only_with_its_approval(ledger, proposed):
    (kept,) = proposed("one")
    approve(ledger, kept)
    (frozen,) = proposed("two")
    with ledger.write() as connection:
        for name in (kept, frozen):
            deliveries.change(ledger, connection, name, "review", "worker", why="it is late")
    move(ledger, kept, HOUR)
    move(ledger, frozen, HOUR)
    assert [planning.state(ledger, one) for one in (kept, frozen)] == ["planned", "proposed"]


def test_what_is_over_or_may_be_live_is_not_moved(ledger):
    planning.account(ledger)
    done, doubtful = planning.plan(ledger, planning.post("one"), planning.post("two"))
    planning.sent(ledger, done)
    with ledger.write() as connection:
        values = {"marked_at": ledger.now(connection)}
        deliveries.change(ledger, connection, doubtful, "review", "worker", **values)
    for name in (done, doubtful):
        with pytest.raises(UasocialError, match="only what waits can be moved"):
            move(ledger, name, HOUR)


def test_nothing_is_moved_into_the_past(ledger, proposed):
    (name,) = proposed("one")
    with pytest.raises(UasocialError, match="is over: give a moment to come"):
        move(ledger, name, -DAY)


# --- lots ----------------------------------------------------------------------------------------


def code(ledger, *names: str) -> str:
    with ledger.read() as connection:
        return approvals.lot_of(connection, names)


def test_a_lot_has_another_code_once_anything_of_it_changes(ledger, proposed):
    first, second = proposed("one", "two")
    codes = [code(ledger, first, second), code(ledger, first)]
    rewrite(ledger, first, text="three")
    codes.append(code(ledger, first, second))
    move(ledger, second, HOUR)
    codes.append(code(ledger, first, second))
    assert len(set(codes)) == 4
    assert code(ledger, second, first) == codes[-1]


SCOPES = {
    "action": (Chosen(action="gate"), 2),
    "account": (Chosen(account="theirs"), 1),
    "platform": (Chosen(platform="x"), 3),
    "language": (Chosen(language="de"), 0),
    "country": (Chosen(country="PE"), 3),
    "another country": (Chosen(country="CH"), 0),
    "plan": (Chosen(plan="launch"), 2),
    "both": (Chosen(action="gate", account="theirs"), 0),
    "everything": (Chosen(everything=True), 3),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_is_all_that_meets_each_of_its_limits(ledger, scope):
    planning.account(ledger)
    planning.account(ledger, "theirs")
    made = [planning.post("one"), planning.post("two"), planning.post("x", "door", "theirs")]
    with ledger.write() as connection:
        at = ledger.now(connection)
        deliveries.plan(
            ledger,
            connection,
            [
                deliveries.Order(one, at, "Ana", plan="launch" if one.action == "gate" else "")
                for one in made
            ],
        )
    chosen, count = SCOPES[scope]
    with ledger.read() as connection:
        assert len(choosing.choose(connection, chosen, ("planned",))) == count
        assert choosing.choose(connection, chosen, ("sent",)) == []


# --- on record -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        {"approved_by": "Carla"},
        {"approved_sha": "0" * 64},
        {"needs_approval": False},
    ],
)
def test_an_approval_that_is_not_on_record_is_found(ledger, proposed, forged):
    (name,) = proposed("one")
    approve(ledger, name)
    verify(ledger)
    with ledger.write() as connection:
        connection.execute(sa.update(rows).where(rows.c.id == name).values(**forged))
    with pytest.raises(Broken, match="approv"):
        verify(ledger)


def test_an_approval_of_what_nobody_approved_is_found(ledger, proposed):
    (name,) = proposed("one")
    with ledger.write() as connection:
        connection.execute(sa.update(rows).where(rows.c.id == name).values(approved_by="Bea"))
    with pytest.raises(Broken, match="is approved, which is not on record"):
        verify(ledger)


def test_what_is_agreed_to_is_all_that_a_post_says():
    post = planning.post("one")
    assert content_of(post) == digest_of("ours", "one", ()) == post.sha256
    others = [
        replace(post, text="two"),
        replace(post, account="theirs"),
        replace(post, content_warning="a gate"),
        replace(post, without="two"),
        planning.mentioning("one"),
    ]
    assert len({content_of(one) for one in [post, *others]}) == 6
