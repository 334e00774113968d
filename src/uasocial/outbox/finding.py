"""What is unknown is looked up: found, surely absent, or left to a person; never sent blindly."""

from datetime import datetime

from sqlalchemy import Connection

from uasocial.model.post import Receipt
from uasocial.outbox.receipts import kept_receipt
from uasocial.outbox.retrying import delay
from uasocial.outbox.task import Task, told
from uasocial.platforms.publisher import CannotTell, Publisher

__all__ = ["look", "take_over"]

# A look-up that fails so often goes to a person.
MOST_LOOKS = 8


def take_over(task: Task, publisher: Publisher) -> datetime:
    """Take over a mark whose worker is gone: what became of its call is unknown."""
    with task.writing("sending") as connection:
        # The call may have been begun a moment ago.
        later = task.ledger.now(connection) + publisher.settle
        why = (
            f"the worker was gone after it had begun to send, at {task.due.marked_at:%H:%M:%S} UTC"
        )
        values = {"not_before": later, "tries": 0, "why": why}
        task.change(connection, "unknown", expected=("sending",), **values)
        task.note(connection, "create", "worker gone")
        return later


def look(task: Task, publisher: Publisher) -> datetime:
    """Look up what may be live, and write what was found."""
    with task.ledger.read() as connection:
        prepared = task.prepared(connection)
    try:
        receipt = publisher.find(prepared, task.due.marked_at)
        found: Receipt | Exception | None = kept_receipt(receipt) if receipt is not None else None
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        found = error
    with task.writing("unknown") as connection:
        return _found(task, connection, found)


def _found(task: Task, connection: Connection, found: Receipt | Exception | None) -> datetime:
    now = task.ledger.now(connection)
    if isinstance(found, Receipt):
        task.note(connection, "find", "found")
        return task.settle(connection, found, "unknown")
    if found is None:
        task.note(connection, "find", "absent")
        values = {"not_before": now, "why": None, "tries": 0}
        task.change(connection, "planned", expected=("unknown",), **values)
        return now
    return _not_told(task, connection, found, now)


def _not_told(task: Task, connection: Connection, error: Exception, now: datetime) -> datetime:
    task.note(connection, "find", type(error).__name__, str(error))
    if isinstance(error, CannotTell) or task.due.tries + 1 >= MOST_LOOKS:
        task.change(connection, "review", expected=("unknown",), why=f"it may be live: {error}")
        return now
    later = now + delay(task.due.tries, getattr(error, "retry_after", None), task.first_wait)
    task.write(connection, tries=task.due.tries + 1, not_before=later, why=told(str(error)))
    return later
