"""The ledger seen as a whole: days with their posts, what is late, what became of one action.

Everything is counted by the database, and no more than a page of it is read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.model.post import State
from uasocial.outbox.chain import record
from uasocial.outbox.controls import covers
from uasocial.outbox.controls import listed as controls_standing
from uasocial.outbox.deliveries import SAID
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.queue import MOST, PENDING
from uasocial.outbox.tables import accounts, attempts, controls, deliveries, posts, records

__all__ = [
    "Count",
    "Day",
    "Decision",
    "Late",
    "Seen",
    "Sum",
    "days",
    "decisions",
    "ended",
    "given_out",
    "late",
    "seen",
    "sequences",
    "summed",
    "upcoming",
]

# What a worker does by itself; all other steps of an attempt are a person's.
_BY_ITSELF = ("prepare", "create", "find")
# A control that holds a word is told of by its number alone: the word stands nowhere else.
_TOLD = ("stop", "withdraw", "close", "pause", "freeze")


class Seen(NamedTuple):
    """A delivery with what is known of it, but for its pictures; *text* is None once erased.

    *held* is the kind of control that keeps a planned one back, *edited* tells that it says
    something else than it said when it went out.
    """

    id: str
    number: str
    action: str
    language: str
    platform: str
    account: str
    occasion: str
    wording: str
    state: State
    planned_for: datetime
    not_before: datetime
    send_before: datetime
    sent_at: datetime | None
    deleted_at: datetime | None
    permalink: str
    text: str | None
    asked_by: str
    decided_by: str
    why: str
    edited: bool
    held: str = ""


class Day(NamedTuple):
    """The posts from one moment to the next: the first of them, and how many there are."""

    begin: datetime
    posts: list[Seen]
    total: int


class Late(NamedTuple):
    """A delivery whose time is over, and *why* it has not gone out."""

    post: Seen
    why: str


class Count(NamedTuple):
    """How many posts of a platform and a language are in a state; what was deleted is apart."""

    platform: str
    language: str
    state: str
    total: int


class Decision(NamedTuple):
    """Who decided what, when and why; *delivery* is empty where it was about more than one."""

    at: datetime
    by: str
    what: str
    why: str
    delivery: str = ""


class Sum(NamedTuple):
    """An action in numbers, and who *asked* for its posts."""

    counts: list[Count]
    asked: list[Decision]


# In the order of `Seen`; a text that is null is empty.
_POST = ("number", "action", "language", "platform", "account", "occasion", "wording")
_MOMENTS = ("planned_for", "not_before", "send_before", "sent_at", "deleted_at")
_COLUMNS = (
    deliveries.c.id,
    *(sa.func.coalesce(posts.c[name], "").label(name) for name in _POST),
    deliveries.c.state,
    *(deliveries.c[name] for name in _MOMENTS),
    sa.func.coalesce(deliveries.c.permalink, "").label("permalink"),
    SAID,
    *(
        sa.func.coalesce(deliveries.c[name], "").label(name)
        for name in ("asked_by", "decided_by", "why")
    ),
    # A post that was only reworded before it went out has never been edited.
    sa.exists()
    .where(
        attempts.c.delivery == deliveries.c.id,
        attempts.c.step == "edit",
        attempts.c.outcome == "edited",
    )
    .label("edited"),
)


def _posts(*more: Any) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS, posts.c.countries, *more)
        .select_from(deliveries)
        .join(posts, posts.c.id == deliveries.c.post)
    )


def _first(
    where: Sequence[sa.ColumnElement[bool]], most: int, order: sa.ColumnElement[Any] | None = None
) -> sa.Select[Any]:
    """Choose the first *most* in the order of their plan, or in another.

    Only keys are put in order; the rest is read of those that are shown.
    """
    by = (deliveries.c.planned_for if order is None else order, deliveries.c.seq)
    keys = sa.select(deliveries.c.seq).where(*where).order_by(*by).limit(most).subquery()
    return _posts().join(keys, keys.c.seq == deliveries.c.seq).order_by(*by)


def _seen(row: Row[Any], standing: Sequence[Row[Any]] = ()) -> Seen:
    found = Seen._make((*row[: len(_COLUMNS)], ""))
    if not standing or found.state != "planned":
        return found
    kinds = {control.kind for control in standing if covers(control, row)}
    held = next((kind for kind in ("freeze", "pause") if kind in kinds), "")
    return found._replace(held=held)


def _where(action: str | None, account: str | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for one action and one account; the first brings its table along."""
    found = []
    if action is not None:
        found += [posts.c.id == deliveries.c.post, posts.c.action == action]
    if account is not None:
        found += [deliveries.c.account == account]
    return found


# --- days --------------------------------------------------------------------------------------


def days(  # noqa: PLR0913 - which days, and what of them
    ledger: Ledger,
    edges: Sequence[datetime],
    most: int,
    *,
    action: str | None = None,
    account: str | None = None,
    states: Sequence[State] = PENDING,
) -> list[Day]:
    """Return what is next due between each two of *edges*, at most the first *most* of each."""
    where = [deliveries.c.state.in_(states), *_where(action, account)]
    with ledger.read() as connection:
        standing = controls_standing(connection)
        return [
            _day(connection, begin, end, most, where, standing) for begin, end in pairwise(edges)
        ]


def _day(  # noqa: PLR0913, PLR0917 - what a day is made of
    connection: Connection,
    begin: datetime,
    end: datetime,
    most: int,
    where: list[sa.ColumnElement[bool]],
    standing: Sequence[Row[Any]],
) -> Day:
    due = deliveries.c.not_before
    here = [*where, due >= begin, due < end]
    counted = sa.select(sa.func.count()).select_from(deliveries).where(*here)
    rows = connection.execute(_first(here, most, due))
    found = [_seen(row, standing) for row in rows]
    total = len(found) if len(found) < most else connection.scalar(counted) or 0
    return Day(begin, found, total)


# --- what is late ------------------------------------------------------------------------------


def late(ledger: Ledger, action: str | None = None, account: str | None = None) -> list[Late]:
    """List what should have gone out by now and has not, the oldest first; at most MOST."""
    with ledger.read() as connection:
        now, standing = ledger.now(connection), controls_standing(connection)
        query = (
            _posts(accounts.c.ready_at, deliveries.c.tries, deliveries.c.seq)
            .join(accounts, accounts.c.name == deliveries.c.account)
            .where(deliveries.c.state.in_(PENDING), deliveries.c.planned_for < now)
            .where(*_where(action, account))
            .order_by(deliveries.c.planned_for, deliveries.c.seq)
            .limit(MOST)
        )
        rows = connection.execute(query).all()
        blocked = _blocked(connection)
    return [Late(_seen(row, standing), _reason(row, standing, blocked, now)) for row in rows]


def _blocked(connection: Connection) -> dict[str, str]:
    """Return the accounts of which something is open, and what."""
    # The same words as the index: SQLite uses it for nothing else.
    opened = sa.text("state IN ('sending', 'unknown')")
    rows = connection.execute(sa.select(deliveries.c.account, deliveries.c.id).where(opened))
    return {row.account: row.id for row in rows}


def _reason(
    row: Row[Any], standing: Sequence[Row[Any]], blocked: dict[str, str], now: datetime
) -> str:
    """Say why a delivery has not gone out though its time has come."""
    said: dict[str, str] = {
        "proposed": "nobody has agreed to it",
        "handed_off": "waits for a person to post it, and to say where",
        "sending": "is being sent",
        "unknown": "nobody knows whether it is live: it is looked up",
        "review": "waits for a decision",
    }
    if row.state != "planned":
        return f"{said[row.state]}: {row.why}" if row.why else said[row.state]
    kept = [control for control in standing if covers(control, row)]
    for control in kept:
        if control.kind in {"freeze", "pause"}:
            why = f": {control.why}" if control.why else ""
            return f"{control.kind} by {control.by} ({_scope(control)}){why}"
    return _waits(row, blocked.get(row.account), now)


def _scope(control: Row[Any]) -> str:
    return "everything" if control.scope == "all" else f"{control.scope} {control.name}"


def _waits(row: Row[Any], before: str | None, now: datetime) -> str:
    if before is not None:
        return f"what became of {before[:8]} on the same account must be known first"
    if row.send_before < now:
        return "is too late to go out by itself: the next worker brings it to review"
    if row.not_before > now:
        return f"was put off{f': {row.why}' if row.why else ''}"
    if row.ready_at is not None and row.ready_at > now:
        return "its account has just posted, or was told to wait"
    return "no worker has come to it: is `uasocial worker` running?"


# --- one action --------------------------------------------------------------------------------


def seen(ledger: Ledger, action: str, most: int = MOST, states: Sequence[State] = ()) -> list[Seen]:
    """List the posts of an action in the order of its plan, at most the first *most*.

    Without *states*, in whichever state.
    """
    where = _where(action, None)
    if states:
        where.append(deliveries.c.state.in_(states))
    with ledger.read() as connection:
        return [_seen(row) for row in connection.execute(_first(where, most))]


def summed(ledger: Ledger, action: str) -> Sum:
    """Count the posts of an action by platform, language and state, and by who asked for them."""
    gone = sa.case((deliveries.c.deleted_at.is_not(None), "deleted"), else_=deliveries.c.state)
    by = (posts.c.platform, posts.c.language, gone.label("state"), deliveries.c.asked_by)
    made = posts.c.created_at
    totals = (sa.func.count(), sa.func.min(made), sa.func.max(made))
    query = (
        sa.select(*by, *totals)
        .select_from(deliveries)
        .where(*_where(action, None))
        .group_by(*by)
        .order_by(*by)
    )
    with ledger.read() as connection:
        return _sum([tuple(row) for row in connection.execute(query)])


def _sum(rows: Sequence[tuple[Any, ...]]) -> Sum:
    counted: Counter[tuple[str, str, str]] = Counter()
    asked: dict[str, tuple[int, datetime, datetime]] = {}
    for platform, language, state, by, total, first, last in rows:
        counted[platform, language, state] += total
        known = asked.get(by, (0, first, last))
        asked[by] = (known[0] + total, min(known[1], first), max(known[2], last))
    decided = [
        Decision(first, by, _asked(n, first, last), "") for by, (n, first, last) in asked.items()
    ]
    counts = [Count(*key, total) for key, total in sorted(counted.items())]
    return Sum(counts, decided)


def _asked(total: int, first: datetime, last: datetime) -> str:
    what = "1 post" if total == 1 else f"{total} posts"
    until = f", the last on {last.date()}" if last.date() != first.date() else ""
    return f"asked for {what}{until}"


def decisions(ledger: Ledger, action: str, summed: Sum) -> list[Decision]:
    """List what people decided about an action, in the order of time; the last MOST."""
    with ledger.read() as connection:
        found = [
            *summed.asked,
            *_steps(connection, action),
            *_controls(connection, action),
            *_guides(connection, action),
        ]
    return sorted(found, key=lambda one: one.at)[-MOST:]


def _steps(connection: Connection, action: str) -> Iterator[Decision]:
    query = (
        sa.select(attempts)
        .join(deliveries, deliveries.c.id == attempts.c.delivery)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(posts.c.action == action, attempts.c.step.not_in(_BY_ITSELF))
        .order_by(attempts.c.seq.desc())
        .limit(MOST)
    )
    for row in connection.execute(query):
        what = f"{row.step}: {row.outcome.replace('_', ' ')}"
        yield Decision(row.at, row.worker, what, row.detail or "", row.delivery)


def _controls(connection: Connection, action: str) -> Iterator[Decision]:
    ours = sa.and_(controls.c.scope == "action", controls.c.name == action)
    query = sa.select(controls).where(
        controls.c.kind.in_(_TOLD), sa.or_(ours, controls.c.scope == "all")
    )
    for row in connection.execute(query.order_by(controls.c.seq.desc()).limit(MOST)):
        what = row.kind if row.scope == "action" else f"{row.kind} of everything"
        yield Decision(row.since, row.by, what, row.why or "")
        if row.lifted_at is not None:
            yield Decision(row.lifted_at, row.lifted_by, f"{what} lifted", row.lifted_why or "")


def _guides(connection: Connection, action: str) -> Iterator[Decision]:
    query = sa.select(records).where(records.c.kind == "guide").order_by(records.c.seq.desc())
    for row in connection.execute(query.limit(MOST)):
        if row.data["action"] == action:
            yield Decision(row.at, row.by, f"guide before the embargo, for {row.data['to']}", "")


def ended(ledger: Ledger, action: str) -> str:
    """Return how the ledger has ended an action: `stop`, `withdraw`, `close`, or ``""``."""
    with ledger.read() as connection:
        kinds = {
            control.kind
            for control in controls_standing(connection)
            if control.scope == "all" or (control.scope, control.name) == ("action", action)
        }
    return next((kind for kind in ("withdraw", "stop", "close") if kind in kinds), "")


def given_out(ledger: Ledger, action: str, by: str, to: str, sha256: str) -> None:
    """Put on record that a guide was made before the embargo of its action was over."""
    with ledger.write() as connection:
        said = {"action": action, "to": to, "sha256": sha256}
        record(connection, ledger.now(connection), "guide", by, **said)


# --- for a calendar ----------------------------------------------------------------------------


def upcoming(ledger: Ledger, action: str | None, back: timedelta, most: int) -> list[Seen]:
    """List the posts of the time *back* and of what is to come, cancelled ones too."""
    with ledger.read() as connection:
        since = ledger.now(connection) - back
        where = [deliveries.c.planned_for >= since, *_where(action, None)]
        return [_seen(row) for row in connection.execute(_first(where, most))]


def sequences(ledger: Ledger, ids: Iterable[str]) -> Counter[str]:
    """Return how often each delivery has changed since it was first put on the ledger."""
    names = list(ids)
    found: Counter[str] = Counter()
    with ledger.read() as connection:
        # Fewer than SQLite and PostgreSQL take in one statement.
        for start in range(0, len(names), MOST):
            some = names[start : start + MOST]
            query = (
                sa.select(records.c.delivery, sa.func.count())
                .where(records.c.delivery.in_(some))
                .group_by(records.c.delivery)
            )
            found.update({name: count - 1 for name, count in connection.execute(query)})
    return found
