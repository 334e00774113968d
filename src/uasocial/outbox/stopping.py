"""What keeps posts back on the ledger: stops and pauses, put up and taken down by a person."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import UasocialError, printable
from uasocial.model.post import MOVABLE, OPEN, Receipt
from uasocial.outbox import controls
from uasocial.outbox.chain import record
from uasocial.outbox.controls import Control, Kind
from uasocial.outbox.deliveries import noted, stop_all
from uasocial.outbox.exporting import Item, items
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.retrying import insist
from uasocial.outbox.tables import accounts, deliveries, posts
from uasocial.platforms.publisher import NotAuthorized, Publisher, Rejected

__all__ = [
    "Deleted",
    "Stopped",
    "delete",
    "knows",
    "knows_account",
    "lift",
    "pause",
    "pending_actions",
    "put_up",
    "resume",
    "stop",
]

# What was taken back is written down, though the ledger may be away for a moment.
PATIENCE = timedelta(seconds=30)


class Stopped(NamedTuple):
    """What a stop found: how many it *cancelled*, what is live, and what is being sent just now.

    *doubtful* were in review, and may be live.
    """

    cancelled: int
    live: list[Item]
    under_way: list[Item]
    doubtful: list[Item]


class Deleted(NamedTuple):
    """What became of a live post: *outcome* is `deleted`, `cannot` or `unknown`."""

    item: Item
    outcome: str
    why: str = ""


def stop(ledger: Ledger, control: Control) -> Stopped:
    """Put a stop up and cancel what it covers, in one transaction; safe to repeat."""
    where = [posts.c.action == control.name] if control.scope == "action" else []
    # A withdrawal keeps its reason to itself.
    why = "the action was withdrawn" if control.kind == "withdraw" else _said(control)
    with ledger.write() as connection:
        ledger.turn_gate(connection)
        tried = (deliveries.c.state == "review", deliveries.c.marked_at.is_not(None))
        doubtful = list(items(connection, [*where, *tried]))
        cancelled = stop_all(ledger, connection, where, control.by, why)
        put_up(ledger, connection, control)
    with ledger.read() as connection:
        sent = list(items(connection, [*where, deliveries.c.state == "sent"]))
        under_way = list(items(connection, [*where, deliveries.c.state.in_(OPEN)]))
    live = [item for item in sent if not item.deleted_at]
    return Stopped(len(cancelled), live, under_way, doubtful)


def _said(control: Control) -> str:
    return f"stopped: {control.why}" if control.why else "stopped"


def put_up(ledger: Ledger, connection: Connection, control: Control) -> bool:
    """Put a control up unless it stands already; tell whether it was new."""
    same = ("kind", "scope", "name")
    for known in controls.listed(connection):
        if all(getattr(known, name) == getattr(control, name) for name in same):
            return False
    controls.add(ledger, connection, control)
    return True


def pause(ledger: Ledger, control: Control) -> bool:
    """Put a pause up; False where it stands already."""
    with ledger.write() as connection:
        return put_up(ledger, connection, control)


def lift(ledger: Ledger, kinds: Sequence[Kind], control: Control) -> int:
    """Take controls down, and plan nothing again; return how many there were."""
    with ledger.write() as connection:
        return controls.lift(ledger, connection, kinds, control)


def resume(ledger: Ledger, control: Control) -> int:
    """Lift pauses of one scope; what waited for them is looked at again at once."""
    with ledger.write() as connection:
        lifted = controls.lift(ledger, connection, ("pause", "freeze"), control)
        connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.state == "planned", deliveries.c.why == "paused")
            .values(not_before=ledger.now(connection), why=None)
        )
    return lifted


# --- what is live ------------------------------------------------------------------------------


def delete(
    ledger: Ledger, item: Item, by: str, open_account: Callable[[Row[Any]], Publisher]
) -> Deleted:
    """Take a live post back where its network can; before and after are on record.

    Safe to repeat; raise UasocialError for what is not live.
    """
    if item.state != "sent":
        raise UasocialError(f"{item.delivery}: is {item.state}: only what is live can be deleted")
    with ledger.write() as connection:
        if _is_gone(connection, item):
            return Deleted(item, "deleted")
        account = connection.execute(
            sa.select(accounts).where(accounts.c.name == item.account)
        ).one()
        noted(ledger, connection, item.delivery, "delete", by, "begun")
        record(connection, ledger.now(connection), "deleting", by, item.delivery)
    done = _try(item, account, open_account)
    insist(lambda: _end(ledger, item, by, done), PATIENCE)
    return done


def _end(ledger: Ledger, item: Item, by: str, done: Deleted) -> None:
    with ledger.write() as connection:
        noted(ledger, connection, item.delivery, "delete", by, done.outcome, done.why)
        now, said = ledger.now(connection), {"outcome": done.outcome}
        if done.outcome == "deleted":
            mine = deliveries.c.id == item.delivery
            connection.execute(sa.update(deliveries).where(mine).values(deleted_at=now))
        record(connection, now, "deletion", by, item.delivery, **said)


def _is_gone(connection: Connection, item: Item) -> bool:
    found = sa.select(deliveries.c.deleted_at).where(deliveries.c.id == item.delivery)
    return connection.scalar(found) is not None


def _try(item: Item, account: Row[Any], open_account: Callable[[Row[Any]], Publisher]) -> Deleted:
    if account.mode == "by hand" or not item.remote_id:
        return Deleted(item, "cannot", "it was published by hand: delete it there")
    try:
        publisher = open_account(account)
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; nothing was asked yet
        return Deleted(item, "cannot", printable(f"the account cannot be opened: {error}"))
    try:
        publisher.delete(Receipt(item.remote_id, item.permalink))
    except (Rejected, NotAuthorized) as error:
        return Deleted(item, "cannot", printable(str(error)))
    except Exception as error:  # noqa: BLE001 - it may be gone all the same
        return Deleted(item, "unknown", printable(f"{error}; look whether it is gone"))
    return Deleted(item, "deleted")


# --- what is known ----------------------------------------------------------------------------


def knows(ledger: Ledger, action: str) -> bool:
    """Tell whether anything of an action was ever on the ledger."""
    found = sa.select(posts.c.id).where(posts.c.action == action).limit(1)
    with ledger.read() as connection:
        return connection.scalar(found) is not None


def pending_actions(ledger: Ledger) -> list[str]:
    """List the actions of which something may still go out."""
    found = (
        sa.select(posts.c.action)
        .join(deliveries, deliveries.c.post == posts.c.id)
        .where(deliveries.c.state.in_(MOVABLE))
        .distinct()
        .order_by(posts.c.action)
    )
    with ledger.read() as connection:
        return list(connection.scalars(found))


def knows_account(ledger: Ledger, account: str) -> bool:
    """Tell whether an account was ever on the ledger."""
    found = sa.select(accounts.c.name).where(accounts.c.name == account)
    with ledger.read() as connection:
        return connection.scalar(found) is not None
