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
from uasocial.outbox.deliveries import SAID, SHORT, named, post_of, spoken
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
    "entries",
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
# Made once: a plan asks for each of its posts, and to make a statement takes longest.
_SAID_BEFORE = (
    sa.select(deliveries.c.id)
    .join(posts, posts.c.id == deliveries.c.post)
    .where(
        posts.c.account == sa.bindparam("by"),
        posts.c.sha256 == sa.bindparam("said"),
        deliveries.c.state.not_in(_UNSAID),
    )
    .order_by(deliveries.c.seq.desc())
    .limit(1)
)
# More lines than anybody reads.
MOST = 1000


class Entry(Struct, frozen=True, kw_only=True):
    """A delivery with its post, as it stands; *now* is the ledger's time when it was read.

    *text* is what goes out, *without* handles where one of them is not what it was; *answers* is
    the delivery before it in a thread.
    *plan* is the name of its plan; an approval is for a time, *approved_from* and *approved_until*.
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
    content_warning: str
    without: bool
    answers: str
    planned_for: datetime
    not_before: datetime
    send_before: datetime
    why: str
    tries: int
    marked_at: datetime | None
    sent_at: datetime | None
    deleted_at: datetime | None
    permalink: str
    asked_by: str
    decided_by: str
    plan: str
    needs_approval: bool
    approved_by: str
    approved_at: datetime | None
    approved_from: datetime | None
    approved_until: datetime | None
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
    columns = [column for column in deliveries.c if column.name not in {"prepared", "fence"}]
    return (
        sa.select(*columns, posts.c.action, posts.c.platform, posts.c.language, SAID)
        .add_columns(posts.c.occasion, posts.c.wording, posts.c.countries)
        .add_columns(posts.c.content_warning)
        .add_columns(accounts.c.mode, accounts.c.ready_at)
        .join(posts, posts.c.id == deliveries.c.post)
        .join(accounts, accounts.c.name == deliveries.c.account)
    )


def _entry(row: Row[Any], standing: Sequence[Row[Any]], now: datetime) -> Entry:
    texts = {"text", "why", "permalink", "decided_by", "content_warning", "answers"}
    texts |= {"plan", "approved_by"}
    own = set(Entry.__struct_fields__) - {"now", "held"}
    fields = {name: getattr(row, name) for name in own}
    held = _held(row, standing) if row.state == "planned" else ""
    return Entry(**fields | {name: fields[name] or "" for name in texts}, held=held, now=now)


def _held(row: Row[Any], standing: Sequence[Row[Any]]) -> str:
    kinds = {control.kind for control in standing if covers(control, row)}
    return next((kind for kind in ("freeze", "pause") if kind in kinds), "")


def _read(ledger: Ledger, query: sa.Select[Any]) -> list[Entry]:
    with ledger.read() as connection:
        return list(_entries_of(ledger, connection, query))


def _entries_of(ledger: Ledger, connection: Connection, query: sa.Select[Any]) -> Iterator[Entry]:
    now, standing = ledger.now(connection), controls_standing(connection)
    for row in connection.execute(query):
        yield _entry(row, standing, now)


def entries(ledger: Ledger, connection: Connection, ids: Sequence[str]) -> list[Entry]:
    """Return deliveries as they stand in this transaction, in the order of *ids*."""
    found: dict[str, Entry] = {}
    for start in range(0, len(ids), MOST):
        query = _entries().where(deliveries.c.id.in_(ids[start : start + MOST]))
        found |= {entry.id: entry for entry in _entries_of(ledger, connection, query)}
    return [found[one] for one in ids]


def listed(  # noqa: PLR0913 - what narrows the list
    ledger: Ledger,
    *,
    action: str | None = None,
    account: str | None = None,
    plan: str | None = None,
    states: Sequence[State] = PENDING,
    most: int | None = MOST,
) -> list[Entry]:
    """List deliveries in their order, at most *most*; None is all of them."""
    query = _entries().where(deliveries.c.state.in_(states)).limit(most)
    if plan is not None:
        query = query.where(deliveries.c.plan == plan)
    if action is not None:
        query = query.where(posts.c.action == action)
    if account is not None:
        query = query.where(deliveries.c.account == account)
    return _read(ledger, query.order_by(deliveries.c.planned_for, deliveries.c.seq))


def to_review(ledger: Ledger) -> list[Entry]:
    """List what nobody but a person can decide: in review, unknown, late, or frozen.

    What is proposed waits for an approval instead.
    """
    with ledger.read() as connection:
        now = ledger.now(connection)
    planned = deliveries.c.state == "planned"
    waits = sa.or_(
        deliveries.c.state.in_(["review", "unknown"]),
        sa.and_(planned, deliveries.c.send_before < now),
        sa.and_(planned, _is_frozen()),
    )
    query = _entries().where(waits).limit(MOST)
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
                sa.and_(controls.c.scope == "post", controls.c.name == deliveries.c.id),
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
    """Return the post of a delivery, as it goes out."""
    with ledger.read() as connection:
        row = connection.execute(sa.select(posts).where(posts.c.id == entry.post)).one()
        return spoken(post_of(row), without=entry.without)


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
    return connection.scalar(_SAID_BEFORE, {"by": account, "said": sha256})


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
        # Nothing else of an account goes out while something is open.
        wanted = begun or planned
        if wanted:
            yield max(moment for moment in (wanted, ready_at, lease_until) if moment)
