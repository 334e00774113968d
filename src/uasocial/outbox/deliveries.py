"""Deliveries: planned, moved, cancelled, decided on; each change is one row and one record."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import UasocialError, printable
from uasocial.model.post import MOVABLE, Post, Receipt, State, digest_of, rest_of
from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import attempts, deliveries, posts

__all__ = [
    "PATIENCE",
    "SAID",
    "Order",
    "answered",
    "change",
    "digests",
    "keep_post",
    "late_for",
    "move",
    "named",
    "noted",
    "plan",
    "post_of",
    "spoken",
    "stop_all",
]

# As much of an id as a person must give.
SHORT = 8

# A post that is later than this goes to review: nothing overdue goes out in a burst.
PATIENCE = timedelta(hours=2)
# What is on record of a delivery from its beginning, where it is so.
_ON_RECORD = ("answers", "plan", "needs_approval")
_NOTE = sa.insert(attempts)
# The words that go out, or went out; null once they were erased.
SAID = sa.case((deliveries.c.without, posts.c.without), else_=posts.c.text).label("text")


class Order(NamedTuple):
    """What is asked for: a post, when, by whom, of which *plan* if of any.

    *state* is `proposed` where somebody else must agree to it first, which *needs_approval* says
    too: what is proposed is never sent without.
    """

    post: Post
    planned_for: datetime
    asked_by: str
    state: State = "planned"
    send_before: datetime | None = None
    plan: str = ""
    needs_approval: bool = False


def plan(ledger: Ledger, connection: Connection, orders: Sequence[Order]) -> list[str]:
    """Put posts on the ledger; return the ids of their deliveries.

    A post that answers another stands after it: in *orders*, or on the ledger already.
    """
    now = ledger.now(connection)
    rows = [_delivery(order, now) for order in orders]
    if not rows:
        return []
    _thread(connection, orders, rows)
    connection.execute(sa.insert(posts), [_post(order.post) for order in orders])
    connection.execute(sa.insert(deliveries), rows)
    for order, row in zip(orders, rows, strict=True):
        said = {**digests(order.post), "for": order.planned_for}
        said |= {name: row[name] for name in _ON_RECORD if row[name]}
        record(connection, now, row["state"], order.asked_by, row["id"], **said)
    return [row["id"] for row in rows]


def _thread(connection: Connection, orders: Sequence[Order], rows: list[dict[str, Any]]) -> None:
    """Name the delivery that each one answers; raise UasocialError where there is none."""
    known: dict[tuple[str, str], str] = {}
    for order, row in zip(orders, rows, strict=True):
        post = order.post
        if post.answers is not None:
            row["answers"] = known.get((post.account, post.answers)) or _before(connection, post)
        known[post.account, post.id] = row["id"]


def _before(connection: Connection, post: Post) -> str:
    """Return the delivery of the post that *post* answers, also where that was edited since."""
    ours = posts.alias()
    found = connection.scalar(
        sa.select(deliveries.c.id)
        .join(ours, ours.c.id == deliveries.c.post)
        .where(
            sa.or_(ours.c.id == post.answers, ours.c.edits == post.answers),
            deliveries.c.account == post.account,
        )
        .limit(1)
    )
    if found is None:
        raise UasocialError(
            printable(f"{post.answers}: {post.account} has no such post that could be answered")
        )
    return str(found)


def answered(connection: Connection, delivery: str | None) -> Receipt | None:
    """Return where the delivery is live that another one answers; None for none."""
    if delivery is None:
        return None
    columns = (deliveries.c.remote_id, deliveries.c.permalink)
    row = connection.execute(sa.select(*columns).where(deliveries.c.id == delivery)).one()
    return Receipt(row.remote_id, row.permalink or "") if row.remote_id else None


def keep_post(connection: Connection, post: Post, edits: str) -> None:
    """Keep the post of an edit, once; *edits* is the post as it was first said."""
    if connection.scalar(sa.select(posts.c.id).where(posts.c.id == post.id)) is None:
        connection.execute(sa.insert(posts).values(**_post(post), edits=edits))


def _post(post: Post) -> dict[str, Any]:
    return {
        **{name: getattr(post, name) for name in post.__struct_fields__},
        "countries": list(post.countries),
        "media": msgspec.to_builtins(post.media),
        "mentions": msgspec.to_builtins(post.mentions),
    }


def digests(post: Post) -> dict[str, str]:
    """Return what is on record of a post: its id, and the digests of what it says."""
    rest = rest_of(post)
    return {"post": post.id, "sha256": post.sha256} | ({"rest": rest} if rest else {})


def _delivery(order: Order, now: datetime) -> dict[str, Any]:
    needs_approval = order.needs_approval or order.state == "proposed"
    limits = (order.send_before or order.planned_for + PATIENCE, order.post.last_moment)
    return {
        "id": uuid.uuid4().hex,
        "post": order.post.id,
        "account": order.post.account,
        "state": "proposed" if needs_approval else order.state,
        "plan": order.plan or None,
        "needs_approval": needs_approval,
        "planned_for": order.planned_for,
        "not_before": order.planned_for,
        "send_before": min(moment for moment in (*limits, order.post.true_until) if moment),
        "asked_by": order.asked_by,
        "changed_at": now,
        "answers": None,
    }


def late_for(at: datetime, post: Row[Any]) -> datetime:
    """Return until when a post may be sent that is planned for *at*."""
    return min(m for m in (at + PATIENCE, post.true_until, post.last_moment) if m)


def post_of(row: Row[Any]) -> Post:
    """Return the post of a row of `posts`; its text is empty where it was erased."""
    fields = {name: getattr(row, name) for name in Post.__struct_fields__}
    # Null once it was erased, or in a row of an older release.
    empty = {"text": "", "content_warning": "", "number": "", "mentions": ()}
    return msgspec.convert({**fields, **{k: fields[k] or v for k, v in empty.items()}}, Post)


def spoken(post: Post, *, without: bool) -> Post:
    """Return a post as it goes out: *without* handles, or as it is."""
    if not without:
        return post
    text = post.without or ""
    sha256 = digest_of(post.account, text, post.media)
    return msgspec.structs.replace(post, text=text, sha256=sha256, mentions=(), without=None)


def named(connection: Connection, name: str) -> Row[Any]:
    """Return the delivery whose id begins with *name*; raise UasocialError for none or several."""
    if len(name) < SHORT or not name.isalnum():
        raise UasocialError(
            printable(f"{name!r} is no delivery: give {SHORT} or more characters of its id")
        )
    # A range uses the index, LIKE does not; ids are of hexadecimal digits, the last of them f.
    begins = deliveries.c.id.between(name.lower(), f"{name.lower()}g")
    found = connection.execute(sa.select(deliveries).where(begins).limit(2)).all()
    if len(found) != 1:
        what = "several deliveries begin with" if found else "there is no delivery"
        raise UasocialError(f"{what} {name!r}: `uasocial queue` and `uasocial ledger` list them")
    return found[0]


def change(  # noqa: PLR0913 - what, by whom, into which state, and what else is true then
    ledger: Ledger,
    connection: Connection,
    delivery: str,
    state: State,
    by: str,
    *,
    expected: Sequence[State] = MOVABLE,
    **values: Any,
) -> None:
    """Bring a delivery into another state; raise UasocialError if it is in none of *expected*.

    Its reason stays in its row: a platform's may repeat the text, which no record may hold. What it
    `needs` (of `Delivery`) is on record where the state alone does not say.
    """
    needs = values.pop("needs", "")
    now = ledger.now(connection)
    changed = connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.id == delivery, deliveries.c.state.in_(expected))
        .values(state=state, changed_at=now, **values)
    ).rowcount
    if not changed:
        present = connection.scalar(
            sa.select(deliveries.c.state).where(deliveries.c.id == delivery)
        )
        raise UasocialError(
            f"{delivery}: is {present}, and can become {state} only from {', '.join(expected)}"
            if present
            else f"there is no delivery {delivery!r}"
        )
    said = {key: values[key] for key in ("remote_id", "permalink") if values.get(key)}
    said |= {"needs": needs} if needs else {}
    record(connection, now, state, by, delivery, **said)


def move(  # noqa: PLR0913, PLR0917 - what, by whom, and when
    ledger: Ledger,
    connection: Connection,
    delivery: str,
    to: datetime,
    by: str,
    send_before: datetime | None = None,
) -> None:
    """Plan a delivery for another time; its old limit moves along."""
    late = send_before or to + PATIENCE
    values = {"planned_for": to, "not_before": to, "send_before": late, "why": None}
    change(ledger, connection, delivery, "planned", by, expected=("planned", "review"), **values)


def stop_all(
    ledger: Ledger,
    connection: Connection,
    where: Sequence[sa.ColumnElement[bool]],
    by: str,
    why: str,
) -> list[str]:
    """Cancel all that is pending and meets *where* (columns of posts and deliveries)."""
    now = ledger.now(connection)
    chosen = sa.select(deliveries.c.id).join(posts, posts.c.id == deliveries.c.post).where(*where)
    cancelled = connection.scalars(
        sa.update(deliveries)
        .where(deliveries.c.state.in_(MOVABLE), deliveries.c.id.in_(chosen))
        .values(state="cancelled", changed_at=now, why=why)
        .returning(deliveries.c.id)
    ).all()
    for delivery in cancelled:
        record(connection, now, "cancelled", by, delivery)
    return list(cancelled)


def noted(  # noqa: PLR0913, PLR0917 - a row of its table
    ledger: Ledger,
    connection: Connection,
    delivery: str,
    step: str,
    worker: str,
    outcome: str,
    detail: str = "",
    fence: int | None = None,
) -> None:
    """Add a row to the attempts of a delivery."""
    values = {
        "delivery": delivery,
        "step": step,
        "fence": fence,
        "worker": worker,
        "at": ledger.now(connection),
        "outcome": outcome,
        "detail": detail[:1000],
    }
    connection.execute(_NOTE, values)
