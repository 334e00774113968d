"""Nobody is addressed who is not who they were: handles are looked up again before each send."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from uasocial.model.post import digest_of
from uasocial.outbox import controls, queue
from uasocial.outbox.exporting import as_csv, chained, items_of
from uasocial.outbox.tables import deliveries, records
from uasocial.outbox.verifying import Broken, verify
from uasocial.platforms.publisher import NotAuthorized, NotYet, OutcomeUnknown, Transient

from . import planning
from .social import Social, send

WORDS = "@office, open the gate"
PLAIN = "Minister, open the gate"


@pytest.fixture
def social() -> Social:
    made = Social()
    made.handles = {"office": "7"}
    return made


def plan(ledger, known: str = "7", without: str | None = None) -> str:
    planning.account(ledger)
    at = datetime.now(UTC) - timedelta(seconds=1)
    return planning.plan(ledger, planning.mentioning(WORDS, "office", known, without), at=at)[0]


def needs(ledger, kind: str = "review") -> list[str]:
    with ledger.read() as connection:
        found = connection.scalars(sa.select(records.c.data).where(records.c.kind == kind))
        return [data.get("needs", "") for data in found]


@pytest.mark.parametrize("known", ["7", ""])
def test_who_is_still_who_they_were_is_addressed(ledger, social, known):
    one = plan(ledger, known)
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("sent", [WORDS])


@pytest.mark.parametrize(
    ("now", "why"),
    [("", "the handle @office is gone"), ("8", "the handle @office is somebody else's now")],
)
def test_who_is_not_goes_to_a_person_who_is_told_why(ledger, social, now, why):
    social.handles["office"] = now
    one = plan(ledger)
    send(ledger, social)
    entry = queue.find(ledger, one)
    assert (entry.state, entry.why, social.texts) == ("review", why, [])
    assert needs(ledger) == ["handle changed"]
    assert queue.attempts_of(ledger, entry)[-1][3:] == ("handle changed", why)


def test_whom_nobody_knew_can_only_be_gone(ledger, social):
    social.handles["office"] = ""
    one = plan(ledger, known="")
    send(ledger, social)
    assert planning.state(ledger, one) == "review"


def test_where_nothing_can_be_looked_up_the_post_goes_on_and_that_is_noted_once(ledger, social):
    social.handles.clear()
    waits = [NotYet(timedelta(0), {}), NotYet(timedelta(0), {})]
    prepare = social.prepare
    social.prepare = lambda *given: waits.pop() if waits else prepare(*given)
    one = plan(ledger)
    for _ in range(3):
        send(ledger, social)
        planning.hurry(ledger)
    entry = queue.find(ledger, one)
    assert entry.state == "sent"
    noted = [tuple(step[3:]) for step in queue.attempts_of(ledger, entry)]
    said = ("handles not looked up", "its network cannot tell whose are @office")
    assert noted.count(said) == 1


def test_a_look_up_that_fails_puts_the_post_off(ledger, social):
    one = plan(ledger)
    social.faults["resolve"] = [Transient("busy", timedelta(minutes=5))]
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("planned", [])
    planning.hurry(ledger)
    send(ledger, social)
    assert social.texts == [WORDS]


def test_words_without_handles_go_out_instead_where_somebody_has_agreed_to_them(ledger, social):
    """The key, the queue, the list and its digest are of what was really said."""
    social.handles["office"] = "8"
    one = plan(ledger, without=PLAIN)
    send(ledger, social)
    entry = queue.find(ledger, one)
    assert (entry.state, entry.text, entry.without, social.texts) == ("sent", PLAIN, True, [PLAIN])
    sha256 = digest_of("ours", PLAIN, ())
    assert social.live["r1"].key == f"{one}-{sha256[:16]}"
    assert social.live["r1"].post == queue.post_in(ledger, entry)
    assert (social.live["r1"].post.mentions, social.live["r1"].data["text"]) == ((), PLAIN)
    (item,) = items_of(ledger)
    assert (item.text, item.without) == (PLAIN, True)
    assert PLAIN in as_csv([item], UTC)
    told = "".join(chained(ledger))
    assert PLAIN not in told
    assert "without handle" in told
    verify(ledger)


def test_what_went_out_without_handles_is_found_by_those_words(ledger, social):
    social.handles["office"] = ""
    one = plan(ledger, without=PLAIN)
    create = social.create

    def lost(prepared):
        create(prepared)
        raise OutcomeUnknown("no answer")

    social.create = lost
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("sent", [PLAIN])


def test_words_without_handles_are_judged_as_any_others(ledger, social):
    """A name stands where the handle stood, and not every name may."""
    social.handles["office"] = ""
    one = plan(ledger, without=PLAIN)
    with ledger.write() as connection:
        controls.set_words(ledger, connection, "gate", [("Minister", None)], "Ana")
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("review", [])
    verify(ledger)


def test_a_handle_that_is_taken_back_meanwhile_changes_nothing_any_more(ledger, social):
    one = plan(ledger, without=PLAIN)
    social.handles["office"] = ""
    social.faults["prepare"] = [Transient("busy", timedelta(minutes=5))]
    send(ledger, social)
    social.handles["office"] = "7"
    planning.hurry(ledger)
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("sent", [PLAIN])


@pytest.mark.parametrize(
    ("column", "value"), [("without", False), ("without", True), ("answers", "another")]
)
def test_what_was_really_said_cannot_be_changed_past_the_ledger(ledger, social, column, value):
    social.handles["office"] = "" if value is False else "7"
    plan(ledger, without=PLAIN)
    send(ledger, social)
    with ledger.write() as connection:
        connection.execute(sa.update(deliveries).values({column: value}))
    with pytest.raises(Broken, match=r"without handles|answers another"):
        verify(ledger)


# --- an account that is shut ---------------------------------------------------------------------


@pytest.mark.parametrize("call", ["resolve", "prepare", "create"])
def test_what_an_account_may_not_do_any_more_goes_to_a_person_and_is_surely_not_live(
    ledger, social, call
):
    one = plan(ledger)
    social.faults[call] = [NotAuthorized("the token was revoked")]
    send(ledger, social)
    entry = queue.find(ledger, one)
    assert (entry.state, entry.why, entry.marked_at) == ("review", "the token was revoked", None)
    assert social.texts == []
    assert needs(ledger) == [""]


def test_an_unknown_of_an_account_that_is_shut_waits_until_it_can_be_looked_up(ledger, social):
    one = plan(ledger)
    social.faults["create"] = [OutcomeUnknown("no answer")]
    social.faults["find"] = [NotAuthorized("the token was revoked")]
    send(ledger, social)
    entry = queue.find(ledger, one)
    assert (entry.state, entry.why) == ("unknown", "the token was revoked")
    planning.hurry(ledger)
    send(ledger, social)
    assert (planning.state(ledger, one), social.texts) == ("sent", [WORDS])
