"""What happened told on: each change of a delivery, in its order, at least once, by one at a time.

A cursor on the ledger says how far that has come, for all workers and over their deaths. What a
person's command has done is told like what a worker did.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import UasocialError, printable
from uasocial.model.post import STATES, Delivery, Need, State
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, deliveries, posts, records, told

__all__ = ["MOST_TRIES", "Tell", "Teller"]

Tell = Callable[[Delivery], None]

# Longer than a notice takes: another worker goes on after that.
LEASE = timedelta(minutes=2)
# So many are read at a time.
AT_A_TIME = 50
# What has failed so often in a row is passed over, and all after it until one succeeds.
MOST_TRIES = 3
PAUSE = timedelta(minutes=1)
# Whoever begins to tell, or comes back after long, does not begin with what is long over.
OLD = timedelta(days=3)
# So long before its end a token is told of.
NEAR = timedelta(days=7)
# A worker that ends waits no longer for what is being told, in seconds.
PATIENCE = 30.0
# `sending` lasts as long as one call.
_NEWS = tuple(state for state in STATES if state != "sending")
_NEEDS: dict[State, Need] = {
    "handed_off": "by hand",
    "failed": "failed",
    "unknown": "unknown",
    "review": "review",
}


class _News(NamedTuple):
    """A change, by the number of its record."""

    seq: int
    delivery: Delivery


class Teller:
    """Tells on for one worker, in a thread of its own: no send waits for it.

    *log* gets a line for what fails: of an error that is not ours, only its kind.
    """

    def __init__(
        self, ledger: Ledger, worker: str, tell: Tell, log: Callable[[str], None] = lambda _: None
    ) -> None:
        self._ledger, self._worker, self._tell, self._log = ledger, worker, tell, log
        self._thread: Thread | None = None
        self._ending = False

    def begin(self) -> None:
        """Let what is new be told, unless it is being told already; return at once."""
        if self._thread is None or not self._thread.is_alive():
            # What hangs in there keeps no worker from its end.
            self._thread = Thread(target=self._run, name="telling", daemon=True)
            self._thread.start()

    def end(self, patience: float = PATIENCE) -> None:
        """Let the rest be told, and wait for that as long as *patience* allows, in seconds."""
        # What runs already may have looked before the last change was there.
        for _ in range(2):
            self.begin()
            if self._thread is not None:
                self._thread.join(patience / 2)
        self._ending = True

    def _run(self) -> None:
        try:
            self.tell_all()
        except UasocialError as error:
            self._log(printable(str(error)))
        except Exception as error:  # noqa: BLE001 - a thread of its own has nobody above it
            self._log(f"telling was cut off by {type(error).__name__}")

    def tell_all(self) -> None:
        """Tell what is new, until there is nothing more, one has failed, or others do it."""
        while news := self._take():
            for one in news:
                if self._ending or not self._told(one):
                    return

    def _take(self) -> list[_News]:
        """Take the turn, and return what comes next; give the turn back where nothing does."""
        with self._ledger.read() as connection:
            place = connection.execute(sa.select(told)).one()
            if _last(connection) == place.seq and place.worker != self._worker:
                return []
        with self._ledger.write() as connection:
            now = self._ledger.now(connection)
            place = connection.execute(sa.select(told)).one()
            if not self._may(place, now):
                return []
            news = _news(connection, place.seq, now)
            if news:
                self._write(connection, worker=self._worker, lease_until=now + LEASE)
            else:
                self._write(connection, seq=_last(connection), worker=None, lease_until=None)
        return news

    def _may(self, place: Row[Any], now: datetime) -> bool:
        held = place.lease_until is not None and place.lease_until > now
        if held and place.worker != self._worker:
            return False
        return place.ready_at is None or place.ready_at <= now

    def _told(self, news: _News) -> bool:
        """Tell of one change; True where the next may be told."""
        fault = self._fault(news.delivery)
        if fault:
            self._log(printable(f"telling of {news.delivery.id[:8]} has failed: {fault}"))
        with self._ledger.write() as connection:
            now = self._ledger.now(connection)
            place = connection.execute(sa.select(told)).one()
            if place.worker != self._worker or place.seq >= news.seq:
                # It took so long that others have gone on.
                return False
            tries = place.tries + 1 if fault else 0
            if 0 < tries < MOST_TRIES:
                self._rest(connection, now, tries)
                return False
            values = {"seq": news.seq, "tries": min(tries, MOST_TRIES), "ready_at": None}
            self._write(connection, **values, lease_until=now + LEASE)
        return True

    def _fault(self, delivery: Delivery) -> str:
        try:
            self._tell(delivery)
        except UasocialError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            return type(error).__name__
        return ""

    def _rest(self, connection: Connection, now: datetime, tries: int) -> None:
        values = {"worker": None, "lease_until": None, "ready_at": now + PAUSE}
        self._write(connection, **values, tries=tries)

    def _write(self, connection: Connection, **values: Any) -> None:
        connection.execute(sa.update(told).values(**values))


def _last(connection: Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(records.c.seq))) or 0


def _news(connection: Connection, after: int, now: datetime) -> list[_News]:
    chosen = (
        sa.select(records.c.seq, records.c.kind, records.c.data, deliveries.c.id)
        .add_columns(deliveries.c.state, deliveries.c.account, accounts.c.token_ends_at)
        .add_columns(posts.c.number, posts.c.action, posts.c.language, posts.c.platform)
        .join(deliveries, deliveries.c.id == records.c.delivery)
        .join(posts, posts.c.id == deliveries.c.post)
        .join(accounts, accounts.c.name == deliveries.c.account)
        .where(records.c.seq > after, records.c.kind.in_(_NEWS), records.c.at > now - OLD)
        .order_by(records.c.seq)
        .limit(AT_A_TIME)
    )
    return [_News(row.seq, _delivery(row, now)) for row in connection.execute(chosen)]


def _delivery(row: Row[Any], now: datetime) -> Delivery:
    ends_at = row.token_ends_at
    if ends_at is not None and ends_at - now > NEAR:
        ends_at = None
    # What has gone on since needs nobody any more.
    needs: Need = row.data.get("needs") or _NEEDS.get(row.kind, "") if row.state == row.kind else ""
    return Delivery(
        id=row.id,
        number=row.number or row.action,
        action=row.action,
        language=row.language,
        platform=row.platform,
        account=row.account,
        state=row.kind,
        needs=needs or ("token ending" if ends_at else ""),
        permalink=row.data.get("permalink", ""),
        ends_at=ends_at,
    )
