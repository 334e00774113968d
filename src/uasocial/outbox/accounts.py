"""The accounts of the ledger: rows as the settings say, and what is due on each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import SettingsError
from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, attempts, deliveries

__all__ = ["AccountRow", "Standing", "Waiting", "put", "standings", "waiting"]

# A worker looks every few seconds: what is due for so long has none, or one that is stuck.
OVERDUE = timedelta(minutes=2)


class AccountRow(NamedTuple):
    """An account as the ledger keeps it; *gap* in seconds."""

    name: str
    platform: str
    kind: str
    language: str
    mode: str
    gap: int


class Standing(NamedTuple):
    """How an account stands on the ledger: when something is next due, and nothing goes before.

    *ends_at* is when a person must have renewed its token, as its publisher last said.
    """

    row: AccountRow
    pending: int
    next_due: datetime | None
    ready_at: datetime | None
    ends_at: datetime | None = None


class Waiting(NamedTuple):
    """What is due and not worked at, since when, and what a worker last did."""

    due: int
    since: datetime | None
    worker: str
    worked_at: datetime | None


def put(ledger: Ledger, rows: Sequence[AccountRow], by: str) -> None:
    """Bring accounts to what *rows* say; raise SettingsError for one on another platform.

    An account that is in no row stays as it is.
    """
    with ledger.read() as connection:
        if not _changed(connection, rows):
            return
    with ledger.write() as connection:
        # One at a time: two workers that start together would both insert.
        ledger.turn_gate(connection)
        known = _names(connection)
        now = ledger.now(connection)
        for row in _changed(connection, rows):
            _write(connection, row, new=row.name not in known)
            said = {"account": row.name, "publisher": row.kind, "mode": row.mode}
            said |= {"platform": row.platform, "language": row.language}
            record(connection, now, "account", by, **said, gap=row.gap)


def _columns() -> list[sa.Column[Any]]:
    return [accounts.c[name] for name in AccountRow._fields]


def _names(connection: Connection) -> set[str]:
    return set(connection.scalars(sa.select(accounts.c.name)))


def _changed(connection: Connection, rows: Sequence[AccountRow]) -> list[AccountRow]:
    known = {row.name: AccountRow(*row) for row in connection.execute(sa.select(*_columns()))}
    for row in rows:
        before = known.get(row.name, row)
        if before.platform != row.platform:
            raise SettingsError(
                f"the account {row.name!r} is one of {before.platform} on the ledger, and "
                f"uasocial.toml puts it on {row.platform}: give the new one another name"
            )
    return [row for row in rows if known.get(row.name) != row]


def _write(connection: Connection, row: AccountRow, *, new: bool) -> None:
    if new:
        connection.execute(sa.insert(accounts).values(**row._asdict()))
        return
    values = row._asdict()
    name = values.pop("name")
    connection.execute(sa.update(accounts).where(accounts.c.name == name).values(**values))


def standings(ledger: Ledger) -> list[Standing]:
    """List all accounts of the ledger by name, those too that left the settings."""
    due = (
        sa.select(
            deliveries.c.account,
            sa.func.count().label("pending"),
            sa.func.min(deliveries.c.not_before).label("next_due"),
        )
        .where(deliveries.c.state.in_(["planned", "sending", "unknown"]))
        .group_by(deliveries.c.account)
        .subquery()
    )
    query = (
        sa.select(*_columns(), accounts.c.ready_at, accounts.c.token_ends_at)
        .add_columns(due.c.pending, due.c.next_due)
        .join(due, due.c.account == accounts.c.name, isouter=True)
        .order_by(accounts.c.name)
    )
    with ledger.read() as connection:
        return [
            Standing(
                AccountRow(*(getattr(row, name) for name in AccountRow._fields)),
                row.pending or 0,
                row.next_due,
                row.ready_at,
                row.token_ends_at,
            )
            for row in connection.execute(query)
        ]


def waiting(ledger: Ledger) -> Waiting:
    """Return what should have been worked at by now, and was not."""
    with ledger.read() as connection:
        now = ledger.now(connection)
        late = connection.execute(_overdue(now)).one()
        last = connection.execute(
            sa.select(attempts.c.worker, attempts.c.at).order_by(attempts.c.seq.desc()).limit(1)
        ).one_or_none()
    worker, at = last or ("", None)
    return Waiting(late.due, late.since, worker, at)


def _overdue(now: datetime) -> "sa.Select[int, Any]":
    free = sa.or_(accounts.c.lease_until.is_(None), accounts.c.lease_until < now)
    ready = sa.or_(accounts.c.ready_at.is_(None), accounts.c.ready_at < now - OVERDUE)
    return (
        sa.select(sa.func.count().label("due"), sa.func.min(deliveries.c.not_before).label("since"))
        .join(accounts, accounts.c.name == deliveries.c.account)
        .where(
            deliveries.c.state.in_(["planned", "sending", "unknown"]),
            deliveries.c.not_before < now - OVERDUE,
            free,
            ready,
        )
    )
