"""An action closed on the ledger: what asks people to act is cancelled, and nothing else.

A stop covers all of an action; a closed one may still thank, and tell good news.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.model.draft import AFTERWARDS
from uasocial.model.post import MOVABLE, OPEN
from uasocial.outbox import controls
from uasocial.outbox.controls import Control
from uasocial.outbox.deliveries import stop_all
from uasocial.outbox.exporting import Item, items
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.stopping import Stopped, put_up
from uasocial.outbox.tables import deliveries, posts

__all__ = ["close", "look", "speakers", "standing", "tellers"]

# What was taken back before anybody saw it may be proposed again; what was rejected may not.
_UNDONE = ("cancelled", "failed")


def close(ledger: Ledger, control: Control) -> Stopped:
    """Put the control up and cancel what asks people to act, in one transaction; safe to repeat."""
    asking = _asking(control.name)
    why = f"closed: {control.why}" if control.why else "closed"
    with ledger.write() as connection:
        ledger.turn_gate(connection)
        doubtful = _doubtful(connection, control.name)
        cancelled = stop_all(ledger, connection, asking, control.by, why)
        put_up(ledger, connection, control)
    with ledger.read() as connection:
        return Stopped(len(cancelled), *_out(connection, control.name), doubtful)


def look(ledger: Ledger, action: str) -> Stopped:
    """Say what closing an action would find, and change nothing."""
    count = (
        sa.select(sa.func.count())
        .select_from(deliveries)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(*_asking(action), deliveries.c.state.in_(MOVABLE))
    )
    with ledger.read() as connection:
        doubtful = _doubtful(connection, action)
        return Stopped(connection.scalar(count) or 0, *_out(connection, action), doubtful)


def _asking(action: str) -> list[sa.ColumnElement[bool]]:
    return [posts.c.action == action, posts.c.occasion.not_in(AFTERWARDS)]


def _doubtful(connection: Connection, action: str) -> list[Item]:
    """List what is in review, and may be live."""
    tried = (deliveries.c.state == "review", deliveries.c.marked_at.is_not(None))
    return list(items(connection, [*_asking(action), *tried]))


def _out(connection: Connection, action: str) -> tuple[list[Item], list[Item]]:
    """List what is live, and what is being sent just now."""
    live = [deliveries.c.state == "sent", deliveries.c.deleted_at.is_(None)]
    under_way = [deliveries.c.state.in_(OPEN)]
    found = [list(items(connection, [*_asking(action), *one])) for one in (live, under_way)]
    return found[0], found[1]


def standing(ledger: Ledger, names: Collection[str]) -> dict[str, set[str]]:
    """Return which of *names* are stopped, withdrawn or closed, each with the kinds of that."""
    found: dict[str, set[str]] = {}
    with ledger.read() as connection:
        for row in controls.listed(connection):
            ended = row.kind in {"stop", "withdraw", "close"} and row.scope == "action"
            if ended and row.name in names:
                found.setdefault(row.name, set()).add(row.kind)
    return found


# --- who tells how it ended --------------------------------------------------------------------


def speakers(ledger: Ledger, action: str) -> list[str]:
    """List the accounts that have asked people to act, or may have."""
    found = (
        sa.select(deliveries.c.account)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(*_asking(action), deliveries.c.state.in_(("sent", *OPEN)))
        .distinct()
        .order_by(deliveries.c.account)
    )
    with ledger.read() as connection:
        return list(connection.scalars(found))


def tellers(connection: Connection, action: str, occasion: str) -> set[str]:
    """Return the accounts that tell of *occasion* already, are about to, or were told not to."""
    found = (
        sa.select(deliveries.c.account)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(
            posts.c.action == action,
            posts.c.occasion == occasion,
            deliveries.c.state.not_in(_UNDONE),
        )
        .distinct()
    )
    return set(connection.scalars(found))
