"""What a person decides about a delivery: it is live, send it now or then, drop it; on record."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import UasocialError, printable
from uasocial.model.post import State
from uasocial.outbox.approvals import to_come, void
from uasocial.outbox.controls import allowed, judge
from uasocial.outbox.deliveries import change, late_for, noted
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.queue import Entry
from uasocial.outbox.tables import accounts, deliveries, posts

__all__ = ["Decision", "drop", "is_live", "posted", "send_at"]

_DECIDABLE: tuple[State, ...] = ("unknown", "review", "planned")
# Whoever posts by hand may have done so before a stop: what is live is told as it is.
_BY_HAND: tuple[State, ...] = ("proposed", "planned", "handed_off", "review", "cancelled")


class Decision(NamedTuple):
    """Who decides, and why."""

    by: str
    why: str


def is_live(ledger: Ledger, entry: Entry, permalink: str, decision: Decision) -> None:
    """Record that a post is live, where a person has found it."""
    with ledger.write() as connection:
        _decide(ledger, connection, entry, "sent", decision, permalink=permalink)


def posted(ledger: Ledger, entry: Entry, permalink: str, by: str) -> None:
    """Record where a person has posted what was to be posted by hand."""
    if entry.mode != "by hand":
        raise UasocialError(
            f"{entry.short}: the account {entry.account!r} is not posted to by hand; "
            f"`uasocial review {entry.short} --sent PERMALINK` decides what is unknown"
        )
    with ledger.write() as connection:
        noted(ledger, connection, entry.id, "by hand", by, "posted")
        change(
            ledger,
            connection,
            entry.id,
            "sent",
            by,
            expected=_BY_HAND,
            permalink=permalink,
            remote_id=permalink,
            sent_at=ledger.now(connection),
            decided_by=by,
        )


def send_at(ledger: Ledger, entry: Entry, moment: datetime | None, decision: Decision) -> datetime:
    """Plan a delivery for *moment*, None for now; raise Refused where it could not go out then.

    It is proposed instead where nobody has approved it for that time.
    """
    with ledger.write() as connection:
        now = ledger.now(connection)
        at = to_come(moment or now, now)
        _decide(ledger, connection, entry, "planned", decision, **_times(connection, entry, at))
        # The reason of the decision is on record; that of the review is over.
        connection.execute(
            sa.update(deliveries).where(deliveries.c.id == entry.id).values(why=None)
        )
        verdict = judge(ledger, connection, entry.id, at)
        if verdict.state == "proposed":
            void(ledger, connection, [entry.id], decision.by, verdict.why)
        allowed(ledger, connection, entry.id, at)
    return at


def _times(connection: Connection, entry: Entry, at: datetime) -> dict[str, datetime | int]:
    """Return what plans a delivery for a moment, within the limits of its post."""
    post = connection.execute(sa.select(posts).where(posts.c.id == entry.post)).one()
    return {"planned_for": at, "not_before": at, "send_before": late_for(at, post), "tries": 0}


def _plain(state: State) -> str:
    return state.replace("_", " ")


def drop(ledger: Ledger, entry: Entry, decision: Decision) -> None:
    """Cancel a delivery."""
    with ledger.write() as connection:
        _decide(ledger, connection, entry, "cancelled", decision)


def _decide(
    ledger: Ledger,
    connection: Connection,
    entry: Entry,
    state: State,
    decision: Decision,
    **values: object,
) -> None:
    """Bring a delivery, if it still is as the person saw it, to the state decided on."""
    decidable: tuple[State, ...] = _DECIDABLE
    if entry.mode == "by hand":
        decidable += ("handed_off",)
    if state == "sent":
        # A stop cancels what is in review too, though it may be live.
        decidable += ("cancelled",)
    if entry.state not in decidable:
        how = (
            "`uasocial approve` or `uasocial reject` it"
            if entry.state == "proposed"
            else "there is nothing to decide"
        )
        raise UasocialError(f"{entry.short}: is {_plain(entry.state)}: {how}")
    if entry.state == "unknown":
        # A worker may be looking it up: what it finds then comes too late.
        connection.execute(
            sa.update(accounts)
            .where(accounts.c.name == entry.account)
            .values(fence=accounts.c.fence + 1, worker=None, lease_until=None)
        )
    if state == "sent":
        values |= {"remote_id": values["permalink"], "sent_at": ledger.now(connection)}
    _write(ledger, connection, entry, state, decision, **values)


def _write(
    ledger: Ledger,
    connection: Connection,
    entry: Entry,
    state: State,
    decision: Decision,
    **values: object,
) -> None:
    why = printable(decision.why)[:500]
    noted(ledger, connection, entry.id, "review", decision.by, state, why)
    change(
        ledger,
        connection,
        entry.id,
        state,
        decision.by,
        expected=(entry.state,),
        why=why,
        decided_by=decision.by,
        **values,
    )
