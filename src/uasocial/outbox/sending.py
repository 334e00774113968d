"""One turn at one account: look up what is unknown, then send what is due, once.

The order of things is the point. What can be repeated comes first (`prepare`). Then the delivery
is marked `sending`, under the fence of this turn, in the transaction that reads every stop and
limit again; only when that is committed comes the one call that cannot be undone. Its result is
written under the same fence. Whoever dies in between leaves a mark, and a mark is looked up, never
sent again blindly.

What is left: a machine that stops after the last look at its clock and before the first byte of
the call, and wakes after others have looked the post up. Only an idempotency key helps there.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import sqlalchemy as sa

from uasocial.model.post import Post, Receipt, State
from uasocial.outbox import finding, turns
from uasocial.outbox.chain import record
from uasocial.outbox.deliveries import spoken
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.media import read_media
from uasocial.outbox.mentions import look_up
from uasocial.outbox.receipts import kept_receipt
from uasocial.outbox.retrying import delay, insist, patiently
from uasocial.outbox.tables import accounts, deliveries
from uasocial.outbox.task import MOST_TRIES, AnyRow, Lost, Task, task_of, told
from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    Prepared,
    Publisher,
    Rejected,
    Transient,
)

__all__ = ["STEPS", "Sender"]

# The steps at which an observer is told, in their order.
STEPS = ("prepared", "marked", "answered", "recorded")

# How it is noted that a post goes out with handles that nobody could look up.
UNTOLD = "handles not looked up"

Open = Callable[[AnyRow], Publisher]


class Sender:
    """Carries out turns for one worker; *observe* is told of each step as it is reached.

    *only* are the accounts it may take turns at, where not at all of them.
    """

    def __init__(  # noqa: PLR0913 - what it works with, and how it is set
        self,
        ledger: Ledger,
        worker: str,
        open_account: Open,
        *,
        lease: timedelta = turns.LEASE,
        observe: Callable[[str], None] | None = None,
        only: Collection[str] = (),
    ) -> None:
        self.ledger, self.worker, self.open_account = ledger, worker, open_account
        self.lease, self.observe = lease, observe or (lambda _: None)
        self.only = only

    def turn(self) -> bool:
        """Take one turn at the account that has waited longest; False where nothing is due.

        After a LedgerError the next call goes on: what was begun is a mark, and is looked up.
        """
        turn = turns.take(self.ledger, self.worker, self.lease, self.only)
        if turn is None:
            return False
        try:
            ready_at = self._work(turn)
        except BaseException:
            # A lease that cannot be given back now runs out by itself.
            with suppress(LedgerError):
                turns.break_off(self.ledger, turn, self.lease / 12)
            raise
        turns.give_back(self.ledger, turn, ready_at)
        return True

    def _work(self, turn: turns.Turn) -> datetime | None:
        """Do one thing; return when the account is to be looked at again, None for at once."""
        task = task_of(self.ledger, turn, self.lease)
        try:
            return self._step(task) if task else None
        except Lost:
            return None

    def _step(self, task: Task) -> datetime | None:
        due = task.due
        if due.not_before > task.now:
            put_off_to: datetime = due.not_before
            return put_off_to
        if due.state == "planned" and task.account.mode == "by hand":
            return _hand_off(task)
        try:
            publisher = self._open(task)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            return _shut(task, error)
        _mind_token(task, publisher)
        if due.state == "sending":
            return finding.take_over(task, publisher)
        if due.state == "unknown":
            return finding.look(task, publisher)
        return self._send(task, publisher)

    def _open(self, task: Task) -> Publisher:
        publisher = self.open_account(task.account)
        if publisher.timeout >= self.lease:
            raise ValueError(f"its calls may take {publisher.timeout}, longer than a turn")
        return publisher

    def _send(self, task: Task, publisher: Publisher) -> datetime | None:
        with task.writing("planned") as connection:
            if task.obey(connection):
                return None
        prepared = _prepare(task, publisher)
        if not isinstance(prepared, Prepared):
            return prepared
        self.observe("prepared")
        give_up_at = turns.tick() + (self.lease - publisher.timeout).total_seconds()
        if not _mark(task, prepared):
            return None
        self.observe("marked")
        if turns.tick() > give_up_at:
            # Another worker may hold the account by now; whoever does finds the mark.
            return None
        outcome = _create(publisher, prepared)
        self.observe("answered")
        ready_at = insist(lambda: _record(task, publisher, outcome), self.lease)
        self.observe("recorded")
        return ready_at


def _hand_off(task: Task) -> datetime | None:
    """Give a due post to a person, who publishes it and tells its address."""
    with task.writing("planned") as connection:
        if not task.obey(connection):
            task.change(connection, "handed_off", expected=("planned",))
    return None


def _prepare(task: Task, publisher: Publisher) -> Prepared | datetime:
    """Make the post ready; or put it off, and return when to look again."""
    with task.ledger.read() as connection:
        given = task.prepared(connection)

    def media(sha256: str) -> bytes:
        return read_media(task.ledger, sha256)

    try:
        looked = look_up(publisher, given.post.mentions)
        ready = {} if looked.wrong else patiently(lambda: publisher.prepare(given, media))
    except Rejected as error:
        return _refused(task, str(error))
    except NotAuthorized as error:
        return _barred(task, str(error))
    except Exception as error:  # noqa: BLE001 - nothing irrevocable has happened yet
        return task.put_off(str(error), getattr(error, "retry_after", None))
    if looked.wrong:
        return _without(task, given.post, looked.wrong)
    if looked.untold:
        _tell_untold(task, looked.untold)
    return _wait(task, ready) if isinstance(ready, NotYet) else given._replace(data=ready)


def _tell_untold(task: Task, handles: Sequence[str]) -> None:
    """Note once that a post goes out with handles that its network has not looked up."""
    named = ", ".join(f"@{handle}" for handle in handles)
    with task.writing("planned") as connection:
        if not task.has_noted(connection, "prepare", UNTOLD):
            task.note(connection, "prepare", UNTOLD, f"its network cannot tell whose are {named}")


def _without(task: Task, post: Post, why: str) -> datetime:
    """Let the words without handles go out, where somebody has agreed to some; else ask."""
    with task.writing("planned") as connection:
        now = task.ledger.now(connection)
        task.note(connection, "prepare", "handle changed", why)
        if post.without is None:
            said = {"why": why, "needs": "handle changed"}
            task.change(connection, "review", expected=("planned",), **said)
            return now
        # What was prepared was for the other words.
        task.write(connection, without=True, prepared=None)
        sha256 = spoken(post, without=True).sha256
        record(connection, now, "without handle", task.turn.worker, task.due.id, sha256=sha256)
        return now


def _shut(task: Task, error: Exception) -> datetime:
    """Put off what waits at an account that cannot be opened."""
    why = f"the account cannot be opened: {error}"
    if isinstance(error, NotAuthorized) and task.due.state == "planned":
        return _barred(task, why)
    return task.put_off(why, getattr(error, "retry_after", None))


def _barred(task: Task, why: str) -> datetime:
    """Leave to a person what the platform takes from nobody with this account as it is."""
    with task.writing("planned") as connection:
        task.note(connection, "prepare", "NotAuthorized", why)
        task.change(connection, "review", expected=("planned",), why=why)
        return task.ledger.now(connection)


def _mind_token(task: Task, publisher: Publisher) -> None:
    """Keep when the account's token ends, if its publisher says so anew."""
    ends_at: object = None
    with suppress(Exception):
        ends_at = publisher.ends_at()
    if not isinstance(ends_at, datetime) or ends_at.tzinfo is None:
        ends_at = None
    if ends_at == task.account.token_ends_at:
        return
    mine = accounts.c.name == task.turn.account
    with task.ledger.write() as connection:
        connection.execute(sa.update(accounts).where(mine).values(token_ends_at=ends_at))


def _refused(task: Task, why: str) -> datetime:
    with task.writing("planned") as connection:
        task.note(connection, "prepare", "Rejected", why)
        task.change(connection, "failed", expected=("planned",), why=why)
        return task.ledger.now(connection)


def _wait(task: Task, answer: NotYet) -> datetime:
    """Keep what was prepared so far; waiting is no fault, and only `send_before` ends it."""
    with task.writing("planned") as connection:
        later = task.ledger.now(connection) + delay(0, answer.after, task.first_wait)
        values = {"not_before": later, "why": "being prepared", "prepared": dict(answer.so_far)}
        task.write(connection, **values)
        return later


def _mark(task: Task, prepared: Prepared) -> bool:
    """Mark the delivery as being sent, unless it must not be; committed when this returns."""
    with task.writing("planned") as connection:
        if task.obey(connection):
            return False
        turns.renew(task.ledger, connection, task.turn, task.lease)
        values = {
            "fence": task.turn.fence,
            "marked_at": task.ledger.now(connection),
            "tries": task.due.tries + 1,
            "prepared": dict(prepared.data),
            "why": None,
        }
        task.change(connection, "sending", expected=("planned",), **values)
        task.note(connection, "create", "begun")
        return True


def _create(publisher: Publisher, prepared: Prepared) -> Receipt | Exception:
    """Make the call; whatever comes instead of a receipt is given back as the error it was."""
    try:
        return kept_receipt(publisher.create(prepared))
    except Exception as error:  # noqa: BLE001 - it may have been taken all the same
        return error


def _record(task: Task, publisher: Publisher, outcome: Receipt | Exception) -> datetime | None:
    """Write the result under the fence of this turn; a turn that is over writes nothing else."""
    if isinstance(outcome, Receipt):
        return _live(task, outcome)
    with task.writing("sending") as connection:
        now = task.ledger.now(connection)
        task.note(connection, "create", type(outcome).__name__, str(outcome))
        if isinstance(outcome, Rejected):
            task.change(connection, "failed", expected=("sending",), why=str(outcome))
            return now
        if isinstance(outcome, NotAuthorized):
            why = str(outcome)
            task.change(connection, "review", expected=("sending",), why=why, marked_at=None)
            return now
        if isinstance(outcome, Transient):
            return _again(task, connection, outcome)
        later = now + publisher.settle
        values = {"why": str(outcome), "not_before": later, "tries": 0}
        task.change(connection, "unknown", expected=("sending",), **values)
        return later


def _live(task: Task, receipt: Receipt) -> datetime | None:
    """Write a receipt, which is proof even when the turn is over, unless a later one has sent.

    What a person has dropped meanwhile is live all the same, and only what is known is taken back.
    """
    expected: tuple[State, ...] = ("sending", "unknown", "review", "planned", "cancelled")
    with task.ledger.write() as connection:
        task.note(connection, "create", "sent", receipt.permalink)
        present = connection.execute(
            sa.select(deliveries.c.state, deliveries.c.fence).where(deliveries.c.id == task.due.id)
        ).one()
        if present.fence != task.turn.fence or present.state not in expected:
            return None
        return task.settle(connection, receipt, *expected)


def _again(task: Task, connection: sa.Connection, error: Transient) -> datetime:
    """Plan the delivery again: the platform has surely not taken it."""
    now = task.ledger.now(connection)
    tries = task.due.tries + 1
    if tries >= MOST_TRIES:
        why = f"put off {tries} times: {error}"
        task.change(connection, "review", expected=("sending",), why=why, marked_at=None)
        return now
    later = now + delay(task.due.tries, error.retry_after, task.first_wait)
    values = {"why": told(str(error)), "not_before": later}
    task.change(connection, "planned", expected=("sending",), **values)
    return later
