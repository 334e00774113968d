"""Deliveries: planned, moved, cancelled, decided on; each change is one row and one record."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import UasocialError, printable
from uasocial.model.post import MOVABLE, Post, State
from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import attempts, deliveries, posts

__all__ = [
    "PATIENCE",
    "Order",
    "change",
    "move",
    "named",
    "noted",
    "plan",
    "post_of",
    "stop_all",
]

# As much of an id as a person must give.
SHORT = 8

# A post that is later than this goes to review: nothing overdue goes out in a burst.
PATIENCE = timedelta(hours=2)


_NOTE = sa.insert(attempts)


class Order(NamedTuple):
    """What is asked for: a post, when, by whom; *state* is `proposed` where somebody must agree."""

    post: Post
    planned_for: datetime
    asked_by: str
    state: State = "planned"
    send_before: datetime | None = None


def plan(ledger: Ledger, connection: Connection, orders: Sequence[Order]) -> list[str]:
    """Put posts on the ledger; return the ids of their deliveries."""
    now = ledger.now(connection)
    rows = [_delivery(order, now) for order in orders]
    if not rows:
        return []
    connection.execute(sa.insert(posts), [_post(order.post) for order in orders])
    connection.execute(sa.insert(deliveries), rows)
    for order, row in zip(orders, rows, strict=True):
        said = {"post": order.post.id, "sha256": order.post.sha256, "for": order.planned_for}
        record(connection, now, order.state, order.asked_by, row["id"], **said)
    return [row["id"] for row in rows]


def _post(post: Post) -> dict[str, Any]:
    return {
        **{name: getattr(post, name) for name in post.__struct_fields__},
        "countries": list(post.countries),
        "media": msgspec.to_builtins(post.media),
    }


def _delivery(order: Order, now: datetime) -> dict[str, Any]:
    limits = (order.send_before or order.planned_for + PATIENCE, order.post.last_moment)
    return {
        "id": uuid.uuid4().hex,
        "post": order.post.id,
        "account": order.post.account,
        "state": order.state,
        "planned_for": order.planned_for,
        "not_before": order.planned_for,
        "send_before": min(moment for moment in (*limits, order.post.true_until) if moment),
        "asked_by": order.asked_by,
        "changed_at": now,
    }


def post_of(row: Row[Any]) -> Post:
    """Return the post of a row of `posts`; its text is empty where it was erased."""
    fields = {name: getattr(row, name) for name in Post.__struct_fields__}
    return msgspec.convert(
        {**fields, "text": row.text or "", "countries": row.countries, "media": row.media}, Post
    )


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

    Its reason stays in its row: a platform's may repeat the text, which no record may hold.
    """
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
