"""What is live is made to say something else, and what it said stays on record."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import Refused, UasocialError
from uasocial.model.post import Mention
from uasocial.outbox import controls, queue, stopping
from uasocial.outbox.controls import Control
from uasocial.outbox.editing import edit
from uasocial.outbox.erasing import erase
from uasocial.outbox.exporting import items_of
from uasocial.outbox.tables import deliveries, media, posts, records
from uasocial.outbox.verifying import Broken, verify
from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    OutcomeUnknown,
    Rejected,
    Transient,
)

from . import planning
from .social import Social, send
from .threads import chained


@pytest.fixture
def social() -> Social:
    return Social()


@pytest.fixture
def live(ledger, social):
    """A live post, as a person sees it."""
    planning.account(ledger)
    at = datetime.now(UTC) - timedelta(seconds=1)
    first = planning.post("She is at the gaet", media=[planning.picture(ledger)])
    planning.plan(ledger, *chained([first, planning.post("and waits")]), at=at)
    send(ledger, social)
    return items_of(ledger)[0]


def edited(ledger, item, social, text: str = "She is at the gate", **others):
    post = replace(planning.post(text), **others)
    return edit(ledger, item, post, "Bea", lambda _: social), post


def steps(ledger, one: str) -> list[tuple[str, str]]:
    found = queue.attempts_of(ledger, queue.find(ledger, one))
    return [(a.step, a.outcome) for a in found if a.step in {"edit", "delete"}]


def kept(ledger) -> list[str | None]:
    with ledger.read() as connection:
        return list(connection.scalars(sa.select(posts.c.text).order_by(posts.c.created_at)))


def test_a_live_post_says_what_it_is_told_to_and_what_it_said_is_kept(ledger, social, live):
    done, post = edited(ledger, live, social, content_warning="prison")
    assert (done.outcome, done.item) == ("edited", live)
    assert social.live["r1"].post == post
    entry = queue.find(ledger, live.delivery)
    assert (entry.state, entry.text, entry.content_warning) == ("sent", post.text, "prison")
    assert queue.post_in(ledger, entry) == post
    assert kept(ledger) == ["She is at the gaet", "and waits", post.text]
    assert steps(ledger, live.delivery) == [("edit", "begun"), ("edit", "edited")]
    with ledger.read() as connection:
        of = records.c.kind.in_(["editing", "edited"])
        told = connection.execute(sa.select(records).where(of).order_by(records.c.seq)).all()
    assert [(row.kind, row.by, row.delivery) for row in told] == [
        ("editing", "Bea", live.delivery),
        ("edited", "Bea", live.delivery),
    ]
    assert {(row.data["before"], row.data["post"]) for row in told} == {(live.post, post.id)}
    verify(ledger)


def test_an_edit_answers_what_the_post_answered_and_is_answered_as_before(ledger, social, live):
    edited(ledger, live, social)
    (second,) = [item for item in items_of(ledger) if item.answers]
    edited(ledger, second, social, "and still waits")
    assert social.live["r2"].answers.remote_id == "r1"
    third = replace(planning.post("a third"), answers=live.post)
    (one,) = planning.plan(ledger, third, at=datetime.now(UTC) - timedelta(seconds=1))
    send(ledger, social)
    assert planning.state(ledger, one) == "sent"
    assert social.live["r3"].answers.remote_id == "r1"


def test_an_edit_is_safe_to_repeat(ledger, social, live):
    _, post = edited(ledger, live, social)
    item = next(one for one in items_of(ledger) if one.delivery == live.delivery)
    assert edit(ledger, item, post, "Bea", lambda _: social).outcome == "edited"
    assert social.calls.count("edit") == 1
    with pytest.raises(UasocialError, match="was edited meanwhile"):
        edited(ledger, live, social, "something else")


@pytest.mark.parametrize(
    ("fails", "outcome"),
    [
        (("edit", Rejected("not there")), "cannot"),
        (("edit", NotAuthorized("the token was revoked")), "cannot"),
        (("edit", Transient("busy")), "cannot"),
        (("prepare", Rejected("the picture is broken")), "cannot"),
        (("edit", OutcomeUnknown("no answer")), "unknown"),
        (("edit", ValueError("odd")), "unknown"),
    ],
)
def test_what_fails_changes_nothing_but_the_list_of_attempts(ledger, social, live, fails, outcome):
    call, error = fails
    social.faults[call] = [error]
    done, post = edited(ledger, live, social)
    assert (done.outcome, str(error) in done.why) == (outcome, True)
    assert items_of(ledger)[0] == live
    assert steps(ledger, live.delivery) == [("edit", "begun"), ("edit", outcome)]
    # What may be live is kept, so that it can be erased.
    assert (post.text in kept(ledger)) == (outcome == "unknown")
    verify(ledger)
    again = edit(ledger, live, post, "Bea", lambda _: social)
    assert (again.outcome, social.live["r1"].post) == ("edited", post)
    verify(ledger)


def test_an_edit_that_was_cut_off_can_be_made_again(ledger, social, live):
    def killed(*_):
        raise KeyboardInterrupt

    social.edit = killed
    with pytest.raises(KeyboardInterrupt):
        edited(ledger, live, social)
    del social.edit
    verify(ledger)
    assert edited(ledger, live, social)[0].outcome == "edited"
    verify(ledger)


def test_pictures_of_an_edit_are_waited_for_a_little(ledger, social, live):
    ready, prepare = (
        [NotYet(timedelta(0), {"so": "far"}), NotYet(timedelta(hours=1), {})],
        social.prepare,
    )
    social.prepare = lambda given, load: ready.pop(0) if ready else prepare(given, load)
    done, _ = edited(ledger, live, social)
    assert (done.outcome, done.why) == (
        "cannot",
        "its pictures are not ready there: edit it again later",
    )
    new = planning.picture(ledger, b"a better picture")
    done, _ = edited(ledger, live, social, media=(new,), sha256="")
    assert (done.outcome, social.live["r1"].data["pictures"]) == ("edited", [16])


@pytest.mark.parametrize("kind", ["stop", "withdraw", "freeze", "pause"])
def test_nothing_is_edited_of_what_must_not_be_said(ledger, social, live, kind):
    with ledger.write() as connection:
        controls.add(ledger, connection, Control(kind, "action", "gate", "Ana"))
    with pytest.raises(Refused, match="could not be said now"):
        edited(ledger, live, social)
    assert (social.calls.count("edit"), steps(ledger, live.delivery)) == (0, [])


@pytest.mark.parametrize(
    "others",
    [{"text": "Belkori"}, {"content_warning": "Belkori"}, {"last_moment": 1}, {"embargo": 1}],
)
def test_nothing_is_edited_into_what_must_not_be_said(ledger, social, live, others):
    with ledger.write() as connection:
        controls.set_words(ledger, connection, "gate", [("Belkori", None)], "Ana")
    now = datetime.now(UTC)
    moments = {"last_moment": now - timedelta(days=1), "embargo": now + timedelta(days=1)}
    others = {name: moments.get(name, value) for name, value in others.items()}
    with pytest.raises(Refused, match="could not be said now"):
        edited(ledger, live, social, **others)


def test_nobody_is_addressed_by_an_edit_who_is_not_who_they_were(ledger, social, live):
    social.handles = {"office": "8"}
    done, _ = edited(ledger, live, social, mentions=(Mention(handle="office", id="7"),))
    assert (done.outcome, done.why) == ("cannot", "the handle @office is somebody else's now")


def test_only_what_is_live_and_of_the_same_account_is_edited(ledger, social, live):
    with pytest.raises(UasocialError, match="is a post of ours"):
        edited(ledger, live, social, account="theirs")
    stopping.delete(ledger, live, "Ana", lambda _: social)
    with pytest.raises(UasocialError, match="is deleted: only what is live"):
        edited(ledger, live, social)


def test_what_was_posted_by_hand_is_edited_by_hand(ledger, social):
    planning.account(ledger, mode="by hand")
    planning.sent(ledger, *planning.plan(ledger, planning.post()))
    done, _ = edited(ledger, items_of(ledger)[0], social)
    assert (done.outcome, done.why) == ("cannot", "it was published by hand: edit it there")


def test_what_is_stopped_while_an_edit_is_prepared_says_nothing_new(ledger, social, live):
    """Pictures are waited for, up to a minute."""
    inner = social.prepare

    def slowly(given, read):
        stopping.stop(ledger, Control("stop", "action", "gate", "Ana", "now"))
        return inner(given, read)

    social.prepare = slowly
    done, _ = edited(ledger, live, social)
    assert (done.outcome, social.calls.count("edit")) == ("cannot", 0)
    assert social.texts[0] == "She is at the gaet"
    verify(ledger)


# --- deleted -----------------------------------------------------------------------------------


def test_what_was_deleted_is_so_for_the_queue_and_the_list_and_is_deleted_once(
    ledger, social, live
):
    for _ in range(2):
        assert stopping.delete(ledger, live, "Ana", lambda _: social).outcome == "deleted"
    assert social.calls.count("delete") == 1
    entry, item = queue.find(ledger, live.delivery), items_of(ledger)[0]
    assert entry.deleted_at == item.deleted_at is not None
    assert steps(ledger, live.delivery) == [("delete", "begun"), ("delete", "deleted")]
    verify(ledger)


def test_what_is_not_live_is_not_deleted(ledger, social):
    planning.account(ledger)
    planning.plan(ledger, planning.post())
    with pytest.raises(UasocialError, match="only what is live"):
        stopping.delete(ledger, items_of(ledger)[0], "Ana", lambda _: social)


@pytest.mark.parametrize("moment", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_deletion_cannot_be_changed_past_the_ledger(ledger, social, live, moment):
    stopping.delete(ledger, live, "Ana", lambda _: social)
    with ledger.write() as connection:
        gone = deliveries.c.deleted_at.is_not(None)
        connection.execute(sa.update(deliveries).where(gone).values(deleted_at=moment))
    with pytest.raises(Broken, match="deleted"):
        verify(ledger)


# --- what stays of it ----------------------------------------------------------------------------


def test_what_a_post_said_before_is_erased_with_it(ledger, social, live):
    picture = planning.picture(ledger, b"another picture")
    edited(
        ledger, live, social, "Belkori is at the gate", without="gone", media=(picture,), sha256=""
    )
    social.faults["edit"] = [OutcomeUnknown("no answer")]
    item = items_of(ledger)[0]
    edited(ledger, item, social, "Belkori was at the gate", content_warning="prison")
    done = erase(ledger, [deliveries.c.id == live.delivery], "Ana", "asked by the family")
    assert (done.posts, done.pictures, done.left) == (1, 2, [])
    with ledger.read() as connection:
        rows = connection.execute(sa.select(posts).where(posts.c.text.is_(None))).all()
        assert len(rows) == 3
        words = ("content_warning", "without", "mentions", "link")
        assert {getattr(row, name) for row in rows for name in words} == {None}
        assert connection.scalar(sa.select(sa.func.count()).select_from(media)) == 0
    assert kept(ledger).count("and waits") == 1


def test_an_erased_edit_leaves_the_chain_true(ledger, social, live):
    edited(ledger, live, social, content_warning="prison")
    erase(ledger, [posts.c.action == "gate"], "Ana", "asked")
    verify(ledger)
    assert {item.text for item in items_of(ledger)} == {None}


FORGED = {
    "what it said": (
        sa.update(posts).where(posts.c.text == "She is at the gaet").values(text="forged"),
        "its text or its media",
    ),
    "what it says": (
        sa.update(posts).where(posts.c.text == "She is at the gate").values(text="forged"),
        "its text or its media",
    ),
    "its warning": (
        sa.update(posts).where(posts.c.content_warning == "prison").values(content_warning="none"),
        "beside its text",
    ),
    "which of them it says": (
        sa.update(deliveries)
        .where(deliveries.c.remote_id == "r1")
        .values(
            post=sa.select(posts.c.id).where(posts.c.text == "She is at the gaet").scalar_subquery()
        ),
        "is not the one on record",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_was_changed_past_the_ledger_is_found(ledger, social, live, what):
    edited(ledger, live, social, content_warning="prison")
    statement, sentence = FORGED[what]
    with ledger.write() as connection:
        connection.execute(statement)
    with pytest.raises(Broken, match=sentence):
        verify(ledger)
