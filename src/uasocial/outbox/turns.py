"""Whose turn it is: a worker leases an account, and everything it writes is under its fence.

Nothing is locked here: `Ledger.write` lets one writer in at a time.
"""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, deliveries

__all__ = [
    "LEASE",
    "PAUSED",
    "Turn",
    "break_off",
    "give_back",
    "holds",
    "is_awake",
    "renew",
    "take",
    "tick",
]

# Longer than any call of a publisher may take; an account of a dead worker waits that long.
LEASE = timedelta(minutes=3)
# Why a planned delivery is left out until it is looked at again; `resume` takes it away.
PAUSED = "paused"


_HELD = sa.select(accounts.c.fence, accounts.c.lease_until).where(
    accounts.c.name == sa.bindparam("account")
)


class Turn(NamedTuple):
    """A worker's turn at one account; *fence* is greater in each later turn."""

    account: str
    worker: str
    fence: int


def tick() -> float:
    """Return seconds by this machine's own clock, which does not jump and does not sleep."""
    # Linux stops its monotonic clock while it sleeps: https://docs.python.org/3/library/time.html
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def take(
    ledger: Ledger, worker: str, lease: timedelta = LEASE, only: Collection[str] = ()
) -> Turn | None:
    """Lease the account, of *only* these or of all, that has waited longest; None for none."""
    with ledger.write() as connection:
        now = ledger.now(connection)
        row = connection.execute(_due(now, only)).first()
        if row is None:
            return None
        turn = Turn(row.name, worker, row.fence + 1)
        values = {"worker": worker, "lease_until": now + lease, "fence": turn.fence}
        _write(connection, turn._replace(fence=row.fence), values)
        return turn


def _due(now: datetime, only: Collection[str]) -> sa.Select[Any]:
    mine = sa.select(sa.func.min(deliveries.c.not_before)).where(
        deliveries.c.account == accounts.c.name
    )
    # One after the other, each with an index of its own: together they would be counted through.
    begun = mine.where(sa.text("state IN ('sending', 'unknown')")).scalar_subquery()
    planned = mine.where(deliveries.c.state == "planned").scalar_subquery()
    # Nothing else goes out while something is open.
    waiting = sa.func.coalesce(begun, planned)
    free = sa.or_(accounts.c.lease_until.is_(None), accounts.c.lease_until < now)
    ready = sa.or_(accounts.c.ready_at.is_(None), accounts.c.ready_at <= now)
    query = sa.select(accounts.c.name, accounts.c.fence)
    if only:
        query = query.where(accounts.c.name.in_(only))
    return query.where(free, ready, waiting <= now).order_by(waiting).limit(1)


def is_awake(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Tell whether a planned delivery counts: what is paused is left out, and keeps its place."""
    is_paused = sa.func.coalesce(deliveries.c.why, "") == PAUSED
    return sa.or_(sa.not_(is_paused), deliveries.c.not_before <= now)


def holds(ledger: Ledger, connection: Connection, turn: Turn) -> bool:
    """Tell whether it is still this turn; so it stays until the transaction ends."""
    row = connection.execute(_HELD, {"account": turn.account}).one_or_none()
    if row is None or row.fence != turn.fence or row.lease_until is None:
        return False
    return bool(row.lease_until > ledger.now(connection))


def renew(ledger: Ledger, connection: Connection, turn: Turn, lease: timedelta) -> None:
    """Let a turn that is held last for a whole lease from now."""
    _write(connection, turn, {"lease_until": ledger.now(connection) + lease})


def give_back(ledger: Ledger, turn: Turn, ready_at: datetime | None = None) -> None:
    """End a turn; the account is not looked at before *ready_at*."""
    with ledger.write() as connection:
        _end(connection, turn, {"ready_at": ready_at} if ready_at else {})


def break_off(ledger: Ledger, turn: Turn, rest: timedelta) -> None:
    """End a turn in which something broke; the account rests, so that it does not break on."""
    with ledger.write() as connection:
        _end(connection, turn, {"ready_at": ledger.now(connection) + rest})


def _end(connection: Connection, turn: Turn, values: dict[str, Any]) -> None:
    _write(connection, turn, {"worker": None, "lease_until": None, **values})


def _write(connection: Connection, turn: Turn, values: dict[str, Any]) -> None:
    mine = sa.and_(accounts.c.name == turn.account, accounts.c.fence == turn.fence)
    connection.execute(sa.update(accounts).where(mine).values(**values))
