"""What is planned and what waits for a person: read from the ledger, changed nowhere here."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection, Row

from uasocial.model.post import Post, State
from uasocial.outbox.controls import covers
from uasocial.outbox.controls import listed as controls_standing
from uasocial.outbox.deliveries import SHORT, named, post_of
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, attempts, controls, deliveries, posts

__all__ = [
    "MOST",
    "PENDING",
    "SHORT",
    "Attempt",
    "Entry",
    "Load",
    "attempts_of",
    "find",
    "listed",
    "load",
    "post_in",
    "said_before",
    "to_review",
    "waiting_actions",
]

# What is not over: all that a person may still have to do something about.
PENDING: tuple[State, ...] = ("proposed", "planned", "sending", "unknown", "review", "handed_off")
# What never went out: its words may be said again.
_UNSAID: tuple[State, ...] = ("cancelled", "failed", "rejected")
# More lines than anybody reads.
MOST = 1000


class Entry(Struct, frozen=True, kw_only=True):
    """A delivery with its post, as it stands; *now* is the ledger's time when it was read.

    *held* is the kind of control that keeps a planned one back (pause, freeze), else ``""``.
    """

    id: str
    state: State
    post: str
    action: str
    account: str
    platform: str
    language: str
    mode: str
    occasion: str
    wording: str
    text: str
    planned_for: datetime
    not_before: datetime
    send_before: datetime
    why: str
    tries: int
    marked_at: datetime | None
    sent_at: datetime | None
    permalink: str
    asked_by: str
    decided_by: str
    ready_at: datetime | None
    held: str
    now: datetime

    @property
    def short(self) -> str:
        return self.id[:SHORT]

    @property
    def is_late(self) -> bool:
        return self.state == "planned" and self.now > self.send_before


class Attempt(NamedTuple):
    """One thing that was tried; *step* is prepare, create, find."""

    step: str
    at: datetime
    worker: str
    outcome: str
    detail: str


class Load(NamedTuple):
    """How many accounts have something due that nobody works at, and when the next one has."""

    due: int
    next_at: datetime | None
    now: datetime


def _entries() -> sa.Select[Any]:
    columns = [column for column in deliveries.c if column.name != "prepared"]
    return (
        sa.select(*columns, posts.c.action, posts.c.platform, posts.c.language, posts.c.text)
        .add_columns(posts.c.occasion, posts.c.wording, posts.c.countries)
        .add_columns(accounts.c.mode, accounts.c.ready_at)
        .join(posts, posts.c.id == deliveries.c.post)
        .join(accounts, accounts.c.name == deliveries.c.account)
    )


def _entry(row: Row[Any], standing: Sequence[Row[Any]], now: datetime) -> Entry:
    texts = ("text", "why", "permalink", "decided_by")
    own = set(Entry.__struct_fields__) - {"now", "held"}
    fields = {name: getattr(row, name) for name in own}
    held = _held(row, standing) if row.state == "planned" else ""
    return Entry(**fields | {name: fields[name] or "" for name in texts}, held=held, now=now)


def _held(row: Row[Any], standing: Sequence[Row[Any]]) -> str:
    kinds = {control.kind for control in standing if covers(control, row)}
    return next((kind for kind in ("freeze", "pause") if kind in kinds), "")


def _read(ledger: Ledger, query: sa.Select[Any]) -> list[Entry]:
    with ledger.read() as connection:
        now, standing = ledger.now(connection), controls_standing(connection)
        return [_entry(row, standing, now) for row in connection.execute(query.limit(MOST))]


def listed(
    ledger: Ledger,
    *,
    action: str | None = None,
    account: str | None = None,
    states: Sequence[State] = PENDING,
) -> list[Entry]:
    """List deliveries in their order, at most MOST."""
    query = _entries().where(deliveries.c.state.in_(states))
    if action is not None:
        query = query.where(posts.c.action == action)
    if account is not None:
        query = query.where(deliveries.c.account == account)
    return _read(ledger, query.order_by(deliveries.c.planned_for, deliveries.c.seq))


def to_review(ledger: Ledger) -> list[Entry]:
    """List what waits for a person's decision: proposed, in review, unknown, late, or frozen."""
    with ledger.read() as connection:
        now = ledger.now(connection)
    planned = deliveries.c.state == "planned"
    waits = sa.or_(
        deliveries.c.state.in_(["proposed", "review", "unknown"]),
        sa.and_(planned, deliveries.c.send_before < now),
        sa.and_(planned, _is_frozen()),
    )
    query = _entries().where(waits)
    return _read(ledger, query.order_by(deliveries.c.planned_for, deliveries.c.seq))


def _is_frozen() -> sa.ColumnElement[bool]:
    """Tell whether a freeze keeps a delivery back, of whatever scope it is."""
    return (
        sa.select(controls.c.seq)
        .where(
            controls.c.kind == "freeze",
            controls.c.lifted_at.is_(None),
            sa.or_(
                controls.c.scope == "all",
                sa.and_(controls.c.scope == "action", controls.c.name == posts.c.action),
                sa.and_(controls.c.scope == "account", controls.c.name == deliveries.c.account),
                sa.and_(controls.c.scope == "platform", controls.c.name == posts.c.platform),
                sa.and_(controls.c.scope == "language", controls.c.name == posts.c.language),
            ),
        )
        .exists()
    )


def find(ledger: Ledger, name: str) -> Entry:
    """Return the delivery whose id begins with *name*; raise UasocialError for none or several."""
    with ledger.read() as connection:
        one = named(connection, name)
    return _read(ledger, _entries().where(deliveries.c.id == one.id))[0]


def post_in(ledger: Ledger, entry: Entry) -> Post:
    """Return the post of a delivery."""
    with ledger.read() as connection:
        return post_of(connection.execute(sa.select(posts).where(posts.c.id == entry.post)).one())


def attempts_of(ledger: Ledger, entry: Entry) -> list[Attempt]:
    """List what was tried with a delivery, the last of it."""
    query = (
        sa.select(attempts)
        .where(attempts.c.delivery == entry.id)
        .order_by(attempts.c.seq.desc())
        .limit(MOST)
    )
    with ledger.read() as connection:
        rows = connection.execute(query).all()
    found = [Attempt(r.step, r.at, r.worker, r.outcome, r.detail or "") for r in rows]
    return found[::-1]


def said_before(connection: Connection, account: str, sha256: str) -> str | None:
    """Return the delivery by which an account said the very same, or is going to."""
    return connection.scalar(
        sa.select(deliveries.c.id)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(
            posts.c.account == account,
            posts.c.sha256 == sha256,
            deliveries.c.state.not_in(_UNSAID),
        )
        .order_by(deliveries.c.seq.desc())
        .limit(1)
    )


def waiting_actions(ledger: Ledger, within: timedelta) -> list[str]:
    """List the actions of which something is to be sent now, or before that time has passed."""
    with ledger.read() as connection:
        query = (
            sa.select(posts.c.action)
            .join(deliveries, deliveries.c.post == posts.c.id)
            .where(
                deliveries.c.state == "planned",
                deliveries.c.not_before <= ledger.now(connection) + within,
            )
            .distinct()
            .order_by(posts.c.action)
        )
        return list(connection.scalars(query))


def load(ledger: Ledger, only: Collection[str] = ()) -> Load:
    """Say how much there is to do now, at *only* these accounts or at all, and when more."""
    first = sa.select(sa.func.min(deliveries.c.not_before)).where(
        deliveries.c.account == accounts.c.name
    )
    query = sa.select(
        first.where(deliveries.c.state == "planned").scalar_subquery(),
        first.where(sa.text("state IN ('sending', 'unknown')")).scalar_subquery(),
        accounts.c.ready_at,
        accounts.c.lease_until,
    )
    if only:
        query = query.where(accounts.c.name.in_(only))
    with ledger.read() as connection:
        now = ledger.now(connection)
        moments = list(_moments(tuple(row) for row in connection.execute(query)))
    later = [moment for moment in moments if moment > now]
    return Load(len(moments) - len(later), min(later, default=None), now)


def _moments(rows: Iterable[tuple[datetime | None, ...]]) -> Iterator[datetime]:
    """Yield when each account with something to do may be worked at."""
    for planned, begun, ready_at, lease_until in rows:
        wanted = [moment for moment in (planned, begun) if moment]
        if wanted:
            held = (moment for moment in (ready_at, lease_until) if moment)
            yield max([min(wanted), *held])
