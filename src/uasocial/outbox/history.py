"""What happened to an action, by the ledger: who, when, what and why, the last of it first."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import attempts, controls, deliveries, posts, records

__all__ = ["MOST", "Happened", "extended", "happened", "ran"]

# More than anybody reads at once.
MOST = 1000
# A mark before something is tried; what came of it is on record of its own.
_BEGUN = ("sending", "editing", "deleting")
# What a worker does by itself; the reasons of all other steps are a person's.
_BY_ITSELF = ("prepare", "create", "find")
# States whose reason stands with the delivery for as long as it is in them.
_WITH_REASON = ("review", "failed", "cancelled", "rejected", "proposed")
# A control that holds a word is told of by its number alone: the word stands nowhere else.
_TOLD = ("stop", "withdraw", "close", "pause", "freeze")
# Whatever was the reason of it stays with those who decided it.
_PRIVATE = "withdraw"


class Happened(NamedTuple):
    """One thing that happened; *said* is what is on record of it, never a text.

    *kind* is that of the record, or of the control: `stop`, and `stop lifted` once it is. *of* is
    what a control stands for; *delivery* and what follows it are empty where it is about more.
    """

    at: datetime
    kind: str
    by: str
    why: str
    said: Mapping[str, Any]
    of: str = ""
    delivery: str = ""
    account: str = ""
    platform: str = ""
    language: str = ""
    occasion: str = ""


def happened(ledger: Ledger, action: str) -> list[Happened]:
    """List what happened to an action, the last first; at most MOST and one of each sort."""
    with ledger.read() as connection:
        found = [
            *_of_deliveries(connection, action),
            *_of_the_action(connection, action),
            *_of_controls(connection, action),
        ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _of_deliveries(connection: Connection, action: str) -> Iterator[Happened]:
    reason = (
        sa.select(sa.func.max(attempts.c.detail))
        .where(
            attempts.c.delivery == records.c.delivery,
            # Noted in the same transaction.
            attempts.c.at == records.c.at,
            attempts.c.step.not_in(_BY_ITSELF),
        )
        .scalar_subquery()
    )
    query = (
        sa.select(records, deliveries.c.account, deliveries.c.state, deliveries.c.why)
        .add_columns(posts.c.platform, posts.c.language, posts.c.occasion)
        .add_columns(reason.label("reason"))
        .join(deliveries, deliveries.c.id == records.c.delivery)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(posts.c.action == action, records.c.kind.not_in(_BEGUN))
        .order_by(records.c.seq.desc())
        .limit(MOST + 1)
    )
    for row in connection.execute(query):
        why = row.why if row.kind == row.state and row.kind in _WITH_REASON else ""
        yield Happened(
            at=row.at,
            kind=row.kind,
            by=row.by,
            why=row.reason or why or "",
            said=row.data,
            delivery=row.delivery,
            account=row.account,
            platform=row.platform,
            language=row.language,
            occasion=row.occasion,
        )


def _of_the_action(connection: Connection, action: str) -> Iterator[Happened]:
    erased = sa.select(posts.c.id).where(posts.c.action == action)
    about = sa.or_(
        records.c.data["action"].as_string() == action,
        sa.and_(records.c.kind == "erased", records.c.data["post"].as_string().in_(erased)),
    )
    query = (
        sa.select(records)
        .where(records.c.delivery.is_(None), about)
        .order_by(records.c.seq.desc())
        .limit(MOST + 1)
    )
    for row in connection.execute(query):
        yield Happened(row.at, row.kind, row.by, "", row.data)


def _of_controls(connection: Connection, action: str) -> Iterator[Happened]:
    ours = sa.and_(controls.c.scope == "action", controls.c.name == action)
    query = (
        sa.select(controls)
        .where(controls.c.kind.in_(_TOLD), sa.or_(ours, controls.c.scope == "all"))
        .order_by(controls.c.seq.desc())
        .limit(MOST + 1)
    )
    for row in connection.execute(query):
        yield Happened(row.since, row.kind, row.by, _open(row, row.why), {}, row.scope)
        if row.lifted_at is not None:
            kind, why = f"{row.kind} lifted", _open(row, row.lifted_why)
            yield Happened(row.lifted_at, kind, row.lifted_by, why, {}, row.scope)


def _open(row: Row[Any], why: str | None) -> str:
    return "" if row.kind == _PRIVATE else why or ""


# --- put on record -----------------------------------------------------------------------------


def ran(ledger: Ledger, by: str, said: Mapping[str, Any]) -> None:
    """Put on record how the project's own program ended."""
    with ledger.write() as connection:
        record(connection, ledger.now(connection), "after", by, **said)


def extended(
    ledger: Ledger, connection: Connection, action: str, by: str, days: tuple[str, str]
) -> None:
    """Put on record that the last day of an action was moved, from one day to another."""
    said = {"action": action, "from": days[0], "to": days[1]}
    record(connection, ledger.now(connection), "extended", by, **said)
