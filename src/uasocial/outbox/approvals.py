"""What somebody agrees to before it goes out: these words, at about this time; and what ends that.

An approval is a fact of its delivery. `controls.judge` looks at it again before each send.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import Refused, UasocialError, printable
from uasocial.model.post import MOVABLE, State, content_of
from uasocial.outbox.chain import record
from uasocial.outbox.controls import allowed
from uasocial.outbox.deliveries import SHORT, change, late_for, noted, post_of
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import deliveries, posts
from uasocial.text.names import folded

__all__ = ["WINDOW", "approve", "lot_of", "reject", "reschedule", "same_person", "to_come", "void"]

# An approval is for a day earlier and a day later too.
WINDOW = timedelta(days=1)
# Fewer than SQLite and PostgreSQL take in one statement.
AT_A_TIME = 1000
_VOID = {
    "approved_by": None,
    "approved_at": None,
    "approved_sha": None,
    "approved_from": None,
    "approved_until": None,
}


def approve(  # noqa: PLR0913, PLR0917 - what, by whom, for how long, and who may agree to their own
    ledger: Ledger,
    connection: Connection,
    names: Sequence[str],
    by: str,
    window: timedelta = WINDOW,
    alone: Collection[str] = (),
) -> None:
    """Agree to what was proposed: it is planned, for these words and for *window* about its time.

    All of it or nothing. Raise Refused where *by* is an author, except at the accounts *alone*, or
    where it could not go out then.
    """
    now = ledger.now(connection)
    for row in _proposed(connection, names):
        if row.account not in alone:
            _assert_other(row, by)
        post = post_of(_post(connection, row))
        values = {
            "approved_by": by,
            "approved_at": now,
            "approved_sha": content_of(post),
            "approved_from": row.planned_for - window,
            "approved_until": row.planned_for + window,
        }
        noted(ledger, connection, row.id, "approval", by, "approved")
        record(connection, now, "approved", by, row.id, post=post.id, **_said(values))
        values |= {"approved_post": post.id, "decided_by": by, "why": None, "tries": 0}
        change(ledger, connection, row.id, "planned", by, expected=("proposed",), **values)
    # Only now: what answers another is judged by what became of that.
    for row in _rows(connection, names):
        _assert_allowed(ledger, connection, row, now)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("approved_sha", "approved_from", "approved_until")
    return {name.removeprefix("approved_"): values[name] for name in names}


def _assert_other(row: Row[Any], by: str) -> None:
    for author in (row.asked_by, row.created_by):
        if same_person(author, by):
            raise Refused(
                f"{row.id[:SHORT]}: somebody else than {printable(author)} must approve it"
            )


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one person's, with whatever capitals, marks or width."""
    return folded(one).split() == folded(other).split()


def _assert_allowed(ledger: Ledger, connection: Connection, row: Row[Any], now: datetime) -> None:
    try:
        allowed(ledger, connection, row.id, max(row.planned_for, now))
    except Refused as refused:
        said = f"{row.id[:SHORT]}: {refused}; `uasocial reschedule` gives it another time"
        raise Refused(said) from None


def reject(ledger: Ledger, connection: Connection, names: Sequence[str], by: str, why: str) -> None:
    """Refuse what was proposed, for good; all of it or nothing."""
    for row in _proposed(connection, names):
        noted(ledger, connection, row.id, "approval", by, "rejected", printable(why))
        values = {"why": printable(why)[:500], "decided_by": by}
        change(ledger, connection, row.id, "rejected", by, expected=("proposed",), **values)


def void(
    ledger: Ledger, connection: Connection, names: Iterable[str], by: str, why: str
) -> list[str]:
    """Freeze what is pending until somebody approves it; return the ids of what is held from now.

    It goes back to `proposed`, also where no approval was needed before. What may be live stays in
    review, and needs an approval to be sent again. What is being sent, or is over, is left.
    """
    held = [row for row in _rows(connection, names) if row.state in MOVABLE]
    for row in held:
        _void(ledger, connection, row, by, printable(why)[:500])
    return [row.id for row in held]


def _void(ledger: Ledger, connection: Connection, row: Row[Any], by: str, why: str) -> None:
    noted(ledger, connection, row.id, "approval", by, "void", why)
    said = {"was": row.approved_by} if row.approved_by else {}
    record(connection, ledger.now(connection), "voided", by, row.id, **said)
    values: dict[str, Any] = {**_VOID, "needs_approval": True}
    if _may_be_live(row) or row.state == "proposed":
        _write(connection, row.id, **values)
        if row.state == "proposed":
            _write(connection, row.id, why=why)
        return
    # What was made ready may be for other words than those that are approved next.
    values |= {"why": why, "prepared": None, "not_before": row.planned_for, "tries": 0}
    change(ledger, connection, row.id, "proposed", by, expected=(row.state,), **values)


def _may_be_live(row: Row[Any]) -> bool:
    return bool(row.state == "review" and row.marked_at is not None)


def reschedule(
    ledger: Ledger, connection: Connection, moments: Mapping[str, datetime], by: str
) -> list[str]:
    """Move deliveries, all of them or none; return those whose approval is void by it.

    A move inside the window of an approval keeps it.
    """
    now = ledger.now(connection)
    rows = _rows(connection, moments)
    for row in rows:
        _move(ledger, connection, row, to_come(moments[row.id], now), by)
    beyond = [row.id for row in rows if row.approved_by and not _covers(row, moments[row.id])]
    why = "it was moved to a time for which nobody has approved it"
    void(ledger, connection, beyond, by, why)
    for row in _rows(connection, moments):
        allowed(ledger, connection, row.id, row.planned_for)
    return beyond


def _move(ledger: Ledger, connection: Connection, row: Row[Any], to: datetime, by: str) -> None:
    if row.state not in {"proposed", "planned", "review"} or _may_be_live(row):
        where = "in review, and may be live" if row.state == "review" else _plain(row.state)
        raise UasocialError(f"{row.id[:SHORT]}: is {where}: only what waits can be moved")
    post = _post(connection, row)
    said = {"to": to, "before": row.planned_for}
    noted(ledger, connection, row.id, "reschedule", by, "moved", f"to {to.isoformat()}")
    record(connection, ledger.now(connection), "moved", by, row.id, **said)
    late = late_for(to, post)
    values = {"planned_for": to, "not_before": to, "send_before": late, "tries": 0}
    if row.state != "review":
        _write(connection, row.id, **values)
        return
    state: State = "proposed" if row.needs_approval and not row.approved_by else "planned"
    values |= {"why": None, "decided_by": by}
    change(ledger, connection, row.id, state, by, expected=("review",), **values)


def to_come(moment: datetime, now: datetime) -> datetime:
    """Return a moment that is not over; raise UasocialError for one that is."""
    if moment < now:
        raise UasocialError(f"{moment.isoformat(' ', 'minutes')} is over: give a moment to come")
    return moment


def _covers(row: Row[Any], moment: datetime) -> bool:
    return bool(row.approved_from <= moment <= row.approved_until)


def lot_of(connection: Connection, names: Sequence[str]) -> str:
    """Return a short code of what is proposed, where and when: another if any of it changes.

    Who approves gives it back, so that nothing is approved that was changed since it was shown.
    """
    digest = hashlib.sha256()
    for row in sorted(_proposed(connection, names), key=lambda row: row.id):
        said = content_of(post_of(_post(connection, row)))
        digest.update(f"{row.id} {row.state} {said} {row.planned_for.isoformat()}\n".encode())
    return digest.hexdigest()[:SHORT]


# --- rows --------------------------------------------------------------------------------------


def _rows(connection: Connection, names: Iterable[str]) -> list[Row[Any]]:
    """Return deliveries with who made their post, in the order in which they were planned."""
    wanted = list(dict.fromkeys(names))
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        query = (
            sa.select(deliveries, posts.c.created_by)
            .join(posts, posts.c.id == deliveries.c.post)
            .where(deliveries.c.id.in_(some))
        )
        found += connection.execute(query).all()
    return sorted(found, key=lambda row: row.seq)


def _proposed(connection: Connection, names: Sequence[str]) -> list[Row[Any]]:
    rows = _rows(connection, names)
    for row in rows:
        if row.state != "proposed":
            raise UasocialError(f"{row.id[:SHORT]}: is {_plain(row.state)}, and not proposed")
    return rows


def _post(connection: Connection, row: Row[Any]) -> Row[Any]:
    return connection.execute(sa.select(posts).where(posts.c.id == row.post)).one()


def _write(connection: Connection, delivery: str, **values: Any) -> None:
    connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery).values(**values))


def _plain(state: str) -> str:
    return state.replace("_", " ")
