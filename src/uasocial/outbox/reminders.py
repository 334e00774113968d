"""What a reminder is made of: what waits, what is planned, and what was told today already."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import deliveries, posts, records

__all__ = ["Key", "Planned", "Waiting", "claim", "lost", "planned", "waiting"]

KIND = "notice"
# What still goes out, if nothing happens; a person may have to agree first.
_TO_COME = ("proposed", "planned", "review", "handed_off", "sending", "unknown")

# Kind, action and language of a notice.
Key = tuple[str, str, str]


class Waiting(NamedTuple):
    """How many posts of a case wait for approval in a language, and the moment of the first."""

    action: str
    number: str
    language: str
    platforms: tuple[str, ...]
    total: int
    first: datetime


class Planned(NamedTuple):
    """An account that has said, or was to say, something of an action.

    *to_come* tells whether something of it is still to go out, *plan* whether a plan was its.
    """

    action: str
    account: str
    to_come: bool
    plan: bool


def waiting(ledger: Ledger) -> list[Waiting]:
    """List what waits for approval, by action and language."""
    by = (posts.c.action, posts.c.language)
    query = (
        sa.select(*by, posts.c.platform, sa.func.max(posts.c.number))
        .add_columns(sa.func.count(), sa.func.min(deliveries.c.planned_for))
        .join(deliveries, deliveries.c.post == posts.c.id)
        .where(deliveries.c.state == "proposed")
        .group_by(*by, posts.c.platform)
        .order_by(*by, posts.c.platform)
    )
    found: dict[tuple[str, str], Waiting] = {}
    with ledger.read() as connection:
        for action, language, platform, number, total, first in connection.execute(query):
            one = Waiting(action, number or action, language, (platform,), total, first)
            known = found.get((action, language))
            found[action, language] = _together(known, one) if known else one
    return list(found.values())


def _together(one: Waiting, other: Waiting) -> Waiting:
    return one._replace(
        platforms=(*one.platforms, *other.platforms),
        total=one.total + other.total,
        first=min(one.first, other.first),
    )


def planned(ledger: Ledger, actions: Collection[str]) -> list[Planned]:
    """List the accounts of each action, and whether something of it is still to go out."""
    by = (posts.c.action, deliveries.c.account)
    with ledger.read() as connection:
        comes = sa.and_(
            deliveries.c.state.in_(_TO_COME), deliveries.c.send_before >= ledger.now(connection)
        )
        query = (
            sa.select(*by, sa.func.max(sa.case((comes, 1), else_=0)))
            .add_columns(sa.func.max(sa.case((deliveries.c.plan.is_not(None), 1), else_=0)))
            .join(posts, posts.c.id == deliveries.c.post)
            .where(posts.c.action.in_(actions))
            .group_by(*by)
            .order_by(*by)
        )
        return [
            Planned(action, account, bool(to_come), bool(plan))
            for action, account, to_come, plan in connection.execute(query)
        ]


def claim(ledger: Ledger, keys: Collection[Key], since: datetime, by: str) -> set[Key]:
    """Put on record that *by* tells of *keys*; return those that nobody has told of *since*."""
    with ledger.write() as connection:
        free = set(keys) - _told(connection, since)
        for kind, action, language in sorted(free):
            said = {"notice": kind, "action": action, "language": language}
            record(connection, ledger.now(connection), KIND, by, **said)
        return free


def lost(ledger: Ledger, key: Key, by: str) -> None:
    """Put on record that nobody has taken a notice: it is to be told again."""
    with ledger.write() as connection:
        said = dict(zip(("notice", "action", "language"), key, strict=True))
        record(connection, ledger.now(connection), KIND, by, **said, lost=True)


def _told(connection: sa.Connection, since: datetime) -> set[Key]:
    query = sa.select(records.c.data).where(records.c.kind == KIND, records.c.at >= since)
    told: set[Key] = set()
    for data in connection.scalars(query.order_by(records.c.seq)):
        key = (data["notice"], data["action"], data["language"])
        (told.discard if data.get("lost") else told.add)(key)
    return told
