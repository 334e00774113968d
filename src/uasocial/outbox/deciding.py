"""What a person decides about a delivery: it is live, send it now or then, drop it; on record."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import Refused, UasocialError, printable
from uasocial.model.post import State
from uasocial.outbox.controls import judge
from uasocial.outbox.deliveries import PATIENCE, change, noted
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.queue import Entry
from uasocial.outbox.tables import accounts, deliveries, posts

__all__ = ["Decision", "allowed", "approve", "drop", "is_live", "posted", "reject", "send_at"]

_DECIDABLE: tuple[State, ...] = ("unknown", "review", "planned")
# Whoever posts by hand may have done so before a stop: what is live is told as it is.
_BY_HAND: tuple[State, ...] = ("planned", "handed_off", "review", "cancelled")


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


def approve(ledger: Ledger, entry: Entry, moment: datetime | None, decision: Decision) -> None:
    """Plan what was proposed, for *moment* or as it was asked for; by another than who asked.

    Raise Refused where it could not go out then.
    """
    if entry.state != "proposed":
        raise UasocialError(f"{entry.short}: is {_plain(entry.state)}, and not proposed")
    if decision.by.casefold().split() == entry.asked_by.casefold().split():
        raise Refused(f"{entry.short}: somebody else than {entry.asked_by} must approve it")
    with ledger.write() as connection:
        now = ledger.now(connection)
        times = _times(connection, entry, _to_come(moment, now)) if moment else {}
        _write(ledger, connection, entry, "planned", decision, **times)
        try:
            allowed(ledger, connection, entry.id, moment or max(entry.planned_for, now))
        except Refused as refused:
            raise Refused(f"{refused}; --move WHEN gives it another time") from None


def reject(ledger: Ledger, entry: Entry, decision: Decision) -> None:
    """Refuse what was proposed, for good."""
    if entry.state != "proposed":
        raise UasocialError(f"{entry.short}: is {_plain(entry.state)}, and not proposed")
    with ledger.write() as connection:
        _write(ledger, connection, entry, "rejected", decision)


def send_at(ledger: Ledger, entry: Entry, moment: datetime | None, decision: Decision) -> datetime:
    """Plan a delivery for *moment*, None for now; raise Refused where it could not go out then."""
    with ledger.write() as connection:
        now = ledger.now(connection)
        at = _to_come(moment or now, now)
        _decide(ledger, connection, entry, "planned", decision, **_times(connection, entry, at))
        # The reason of the decision is on record; that of the review is over.
        connection.execute(
            sa.update(deliveries).where(deliveries.c.id == entry.id).values(why=None)
        )
        allowed(ledger, connection, entry.id, at)
    return at


def _to_come(moment: datetime, now: datetime) -> datetime:
    if moment < now:
        raise UasocialError(f"{moment.isoformat(' ', 'minutes')} is over: give a moment to come")
    return moment


def _times(connection: Connection, entry: Entry, at: datetime) -> dict[str, datetime | int]:
    """Return what plans a delivery for a moment, within the limits of its post."""
    limits = connection.execute(
        sa.select(posts.c.true_until, posts.c.last_moment).where(posts.c.id == entry.post)
    ).one()
    late = min(m for m in (at + PATIENCE, *limits) if m)
    return {"planned_for": at, "not_before": at, "send_before": late, "tries": 0}


def _plain(state: State) -> str:
    return state.replace("_", " ")


def drop(ledger: Ledger, entry: Entry, decision: Decision) -> None:
    """Cancel a delivery."""
    with ledger.write() as connection:
        _decide(ledger, connection, entry, "cancelled", decision)


def allowed(ledger: Ledger, connection: Connection, delivery: str, at: datetime) -> None:
    """Raise Refused where a delivery could not go out at its moment, by all that is known now."""
    verdict = judge(ledger, connection, delivery, at)
    if verdict.state in {"cancelled", "review"}:
        raise Refused(f"it could not go out then: {verdict.why}")


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
            "--approve or --reject it"
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
