"""One machine's worker: takes turns until nothing is due, sleeps until something is, forever.

No engine: the ledger says what is due, and a second worker beside this one is welcome. Threads
wait for networks, so that one account does not wait for another.
"""

import os
import socket
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Any

import sqlalchemy as sa

from uasocial.errors import UasocialError, printable
from uasocial.outbox import queue, turns
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.sending import Open, Sender
from uasocial.outbox.tables import attempts, deliveries, posts, records
from uasocial.outbox.telling import Tell, Teller

__all__ = ["POLL", "THREADS", "Log", "Worker", "worker_name"]

# So often the ledger is asked although nothing is due: somebody may have planned something.
POLL = timedelta(seconds=5)
# As many accounts are sent to at one time.
THREADS = 20
# What a worker logs: whatever ended or was put back, but not each mark.
_OUTCOMES = (
    "sent",
    "handed_off",
    "failed",
    "unknown",
    "review",
    "proposed",
    "cancelled",
    "planned",
)
# What is told with where it is, or how to decide about it.
_TELLING = ("sent", "unknown", "review", "proposed")


class Worker:
    """Sends what is due until it is stopped; *refresh* is given the actions about to be sent.

    *only* are the accounts it works at, where not at all of them.
    *log* gets a line for each outcome: never a text, a name or a token. *tell* is given each change
    of any delivery, in a thread of its own; what it raises is tried again.
    """

    def __init__(  # noqa: PLR0913 - what it works with, and how it is set
        self,
        ledger: Ledger,
        open_account: Open,
        refresh: Callable[[Collection[str]], None] = lambda _: None,
        log: Callable[[str], None] = lambda _: None,
        *,
        tell: Tell | None = None,
        poll: timedelta = POLL,
        threads: int = THREADS,
        lease: timedelta = turns.LEASE,
        only: Collection[str] = (),
    ) -> None:
        self.name = worker_name()
        self._ledger, self._refresh, self._log = ledger, refresh, log
        self._sender = Sender(ledger, self.name, open_account, lease=lease, only=only)
        self._poll, self._threads, self._only = poll, threads, only
        self._stopping = False
        # A queue of this kind may be put into by a signal's handler; an Event could lock for ever.
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._running: set[Future[int]] = set()
        self._refreshed_at = -float("inf")
        self._lines = Log(ledger, self.name)
        self._teller = Teller(ledger, self.name, tell, log) if tell else None

    def stop(self) -> None:
        """Begin nothing any more: `run` and `run_once` return when what has begun is done."""
        self._stopping = True
        self._bell.put(None)

    def run(self) -> None:
        """Work until stopped; what goes wrong with the ledger is told, and tried again."""
        with self._pool() as pool:
            while not self._stopping:
                try:
                    seconds = self._round(pool)
                except UasocialError as error:
                    self._log(printable(str(error)))
                    seconds = self._poll.total_seconds()
                self._wait(seconds)
        self._tell()
        self._end_telling()

    def run_once(self) -> None:
        """Work until nothing is due."""
        with self._pool() as pool:
            while not self._stopping:
                self._refresh_some()
                due = queue.load(self._ledger, self._only).due
                begun = [pool.submit(self._work) for _ in range(min(due, self._threads))]
                taken = sum(future.result() for future in begun)
                self._tell()
                if not taken:
                    break
        self._end_telling()

    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="account")

    def _round(self, pool: ThreadPoolExecutor) -> float:
        """Set free threads to work; return how long to sleep."""
        self._running = {one for one in self._running if not one.done()}
        self._tell()
        self._refresh_some()
        load = queue.load(self._ledger, self._only)
        for _ in range(min(load.due, self._threads - len(self._running))):
            begun = pool.submit(self._work)
            self._running.add(begun)
            begun.add_done_callback(self._ring)
        soon = (load.next_at - load.now if load.next_at else self._poll).total_seconds()
        return min(max(soon, 0.01), self._poll.total_seconds())

    def _ring(self, ended: "Future[int]") -> None:
        """Look again at once, unless the thread found nothing to do, or failed."""
        if ended.result():
            self._bell.put(None)

    def _wait(self, seconds: float) -> None:
        """Sleep, until a thread is free or the worker is stopped."""
        try:
            self._bell.get(timeout=seconds)
            while True:
                self._bell.get_nowait()
        except Empty:
            pass

    def _work(self) -> int:
        """Take turns while something is due, each to its end; return how many."""
        taken = 0
        try:
            while not self._stopping and self._sender.turn():
                taken += 1
        except UasocialError as error:
            self._log(printable(str(error)))
        except Exception as error:  # noqa: BLE001 - the other accounts go on
            self._log(f"a turn was cut off by {type(error).__name__}; the ledger is as it was")
        return taken

    def _refresh_some(self) -> None:
        if time.monotonic() - self._refreshed_at >= self._poll.total_seconds():
            # Twice the time until the next look: what falls due in between is refreshed by then.
            self._refresh(queue.waiting_actions(self._ledger, 2 * self._poll))
            self._refreshed_at = time.monotonic()

    def _tell(self) -> None:
        for line in self._lines.news():
            self._log(line)
        if self._teller is not None:
            self._teller.begin()

    def _end_telling(self) -> None:
        if self._teller is not None:
            self._teller.end()


class Log:
    """Follows what one worker has done, by what it wrote on the ledger."""

    def __init__(self, ledger: Ledger, worker: str) -> None:
        self._ledger, self._worker = ledger, worker
        with ledger.read() as connection:
            self._seen = [_last(connection, table) for table in (records, attempts)]

    def news(self) -> Iterator[str]:
        """Yield a line for each outcome since the last time."""
        with self._ledger.read() as connection:
            ends = [_last(connection, table) for table in (records, attempts)]
            rows = [*connection.execute(self._outcomes(ends[0]))]
            rows += connection.execute(self._put_off(ends[1]))
        self._seen = ends
        for kind, delivery, account, action, permalink in rows:
            command = "approve" if kind == "proposed" else "review"
            done = permalink if kind == "sent" else f"uasocial {command} {delivery[: queue.SHORT]}"
            said = "put off" if kind == "planned" else kind.replace("_", " ")
            known = done if kind in _TELLING else ""
            yield printable(f"{said} {delivery[: queue.SHORT]} {account} {action} {known}".rstrip())

    def _outcomes(self, end: int) -> sa.Select[Any]:
        return _with_post(records.c.kind, records, records.c.delivery).where(
            records.c.seq > self._seen[0],
            records.c.seq <= end,
            records.c.by == self._worker,
            records.c.kind.in_(_OUTCOMES),
        )

    def _put_off(self, end: int) -> sa.Select[Any]:
        return _with_post(attempts.c.outcome, attempts, attempts.c.delivery).where(
            attempts.c.seq > self._seen[1],
            attempts.c.seq <= end,
            attempts.c.worker == self._worker,
            attempts.c.outcome == "put off",
        )


def _last(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.max(table.c.seq))) or 0


def _with_post(
    kind: sa.ColumnElement[Any], table: sa.Table, delivery: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    return (
        sa.select(kind, deliveries.c.id, deliveries.c.account, posts.c.action)
        .add_columns(deliveries.c.permalink)
        .select_from(table)
        .join(deliveries, deliveries.c.id == delivery)
        .join(posts, posts.c.id == deliveries.c.post)
        .order_by(table.c.seq)
    )


def worker_name() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
