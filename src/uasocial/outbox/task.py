"""One delivery in one turn: all that is written about it is written here, under its fence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import printable
from uasocial.model.post import OPEN, Receipt, State
from uasocial.outbox import turns
from uasocial.outbox.approvals import void
from uasocial.outbox.controls import judge
from uasocial.outbox.deliveries import answered, change, noted, post_of, spoken
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.retrying import delay
from uasocial.outbox.tables import accounts, attempts, deliveries, posts
from uasocial.outbox.turns import Turn
from uasocial.platforms.publisher import Prepared

__all__ = ["AnyRow", "Lost", "Task", "task_of"]

AnyRow = Row[*tuple[Any, ...]]

# A post that is put off so often goes to a person.
MOST_TRIES = 12


# Made once: to make a statement takes longer than to carry it out.
_MINE = sa.select(deliveries).where(deliveries.c.account == sa.bindparam("account"))
_BEGUN = _MINE.where(sa.text("state IN ('sending', 'unknown')"))
_FIRST = (
    _MINE.where(deliveries.c.state == "planned", turns.is_awake(sa.bindparam("now")))
    .order_by(deliveries.c.planned_for, deliveries.c.seq)
    .limit(1)
)


class Lost(Exception):  # noqa: N818 - no fault: somebody else goes on
    """The turn is over, or the delivery was decided on meanwhile: nothing more is written."""


class Task(NamedTuple):
    """What comes first on an account, in the turn of a worker; *now* is when that was read."""

    ledger: Ledger
    turn: Turn
    account: AnyRow
    due: AnyRow
    now: datetime
    lease: timedelta

    @property
    def first_wait(self) -> timedelta:
        """The wait after a first fault: a quarter of a minute with the usual lease."""
        return self.lease / 12

    @contextmanager
    def writing(self, *states: State) -> Iterator[Connection]:
        """Write, if the turn is still held, and this still comes first, in one of *states*.

        Raise Lost if not: it may have been moved, or something before it was planned or resumed.
        """
        with self.ledger.write() as connection:
            if not turns.holds(self.ledger, connection, self.turn):
                raise Lost
            head = _head(connection, self.turn.account, self.ledger.now(connection))
            if head is None or head.state not in states:
                raise Lost
            if _meant(head) != _meant(self.due):
                raise Lost
            yield connection

    def prepared(self, connection: Connection, data: Any = None) -> Prepared:
        """Return what is published: the post, what was made ready for it, and what it answers."""
        row = connection.execute(sa.select(posts).where(posts.c.id == self.due.post)).one()
        post = spoken(post_of(row), without=self.due.without)
        ready = self.due.prepared if data is None else data
        answers = answered(connection, self.due.answers)
        return Prepared(post, f"{self.due.id}-{post.sha256[:16]}", ready or {}, answers)

    def obey(self, connection: Connection) -> bool:
        """Keep a planned delivery back where something forbids it now; tell whether it was."""
        verdict = judge(self.ledger, connection, self.due.id, self.ledger.now(connection))
        if not verdict.state:
            return False
        if verdict.state == "planned":
            self._pause(connection)
        elif verdict.state == "proposed":
            void(self.ledger, connection, [self.due.id], self.turn.worker, verdict.why)
        else:
            state: State = "review" if verdict.state == "review" else "cancelled"
            self.change(connection, state, expected=("planned",), why=verdict.why)
        return True

    def _pause(self, connection: Connection) -> None:
        now = self.ledger.now(connection)
        later = now + timedelta(minutes=1)
        self.write(connection, not_before=later, why=turns.PAUSED)

    def put_off(self, why: str, after: timedelta | None = None) -> datetime:
        """Plan another look for later, or leave it to a person after too many; return when."""
        state: State = self.due.state
        with self.writing(state) as connection:
            now = self.ledger.now(connection)
            self.note(connection, "prepare", "put off", why)
            if self.due.tries + 1 >= MOST_TRIES:
                said = f"it may be live: {why}" if state in OPEN else why
                self.change(connection, "review", expected=(state,), why=said)
                return now
            later = now + delay(self.due.tries, after, self.first_wait)
            self.write(connection, not_before=later, why=told(why), tries=self.due.tries + 1)
            return later

    def settle(self, connection: Connection, receipt: Receipt, *expected: State) -> datetime:
        """Record that the post is live; return when the account may go on."""
        now = self.ledger.now(connection)
        values = {"remote_id": receipt.remote_id, "permalink": receipt.permalink, "sent_at": now}
        self.change(connection, "sent", expected=expected, why=None, **values)
        return now + timedelta(seconds=self.account.gap)

    def change(
        self, connection: Connection, state: State, *, expected: tuple[State, ...], **values: Any
    ) -> None:
        """Bring the delivery into another state; *values* are columns of it, and what it needs."""
        if values.get("why"):
            values["why"] = told(values["why"])
        change(
            self.ledger,
            connection,
            self.due.id,
            state,
            self.turn.worker,
            expected=expected,
            **values,
        )

    def write(self, connection: Connection, **values: Any) -> None:
        """Write values that change no state: nothing of it goes on record."""
        connection.execute(
            sa.update(deliveries).where(deliveries.c.id == self.due.id).values(**values)
        )

    def note(self, connection: Connection, step: str, outcome: str, detail: str = "") -> None:
        noted(
            self.ledger,
            connection,
            self.due.id,
            step,
            self.turn.worker,
            outcome,
            told(detail),
            self.turn.fence,
        )

    def has_noted(self, connection: Connection, step: str, outcome: str) -> bool:
        mine = sa.select(attempts.c.seq).where(
            attempts.c.delivery == self.due.id,
            attempts.c.step == step,
            attempts.c.outcome == outcome,
        )
        return connection.execute(mine.limit(1)).first() is not None


def _meant(row: AnyRow) -> tuple[Any, ...]:
    """Return what a turn was begun for: other words than those made ready must not go out."""
    return row.id, row.not_before, row.post, row.without


def told(why: str) -> str:
    """Return what a plugin or a platform said as it is kept: printable, and not too long."""
    return printable(why)[:500]


def task_of(ledger: Ledger, turn: Turn, lease: timedelta) -> Task | None:
    """Read what comes first on the account of a turn; None for nothing."""
    with ledger.read() as connection:
        now = ledger.now(connection)
        due = _head(connection, turn.account, now)
        named = sa.select(accounts).where(accounts.c.name == turn.account)
        account = connection.execute(named).one()
    return Task(ledger, turn, account, due, now, lease) if due else None


def _head(connection: Connection, account: str, now: datetime) -> AnyRow | None:
    """Return the open send, else the first planned delivery that is not paused."""
    begun = connection.execute(_BEGUN, {"account": account}).one_or_none()
    if begun is not None:
        return begun
    return connection.execute(_FIRST, {"account": account, "now": now}).one_or_none()
