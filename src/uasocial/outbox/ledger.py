"""The ledger's database: opened, locked and asked the time in the same way on both kinds.

SQLite for one machine, PostgreSQL for many. Nothing outside this room writes SQL.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from uasocial.errors import UasocialError, printable
from uasocial.outbox.tables import gate

__all__ = ["Ledger", "LedgerError", "told"]

# The database waits that long for another writer, in milliseconds.
PATIENCE = 30_000
# A worker that was stopped in the middle of a transaction holds up the others no longer than that.
IDLE = 60_000
# Any number that no other program takes: https://www.postgresql.org/docs/current/explicit-locking.html
LOCK = 7_153_019
# As many connections are kept as a worker has threads; one above that is opened anew each time.
POOL = 20

# Made once: to make a statement takes longer than to carry it out.
_LOCKED = sa.select(sa.func.pg_advisory_xact_lock(LOCK))
_NOW = sa.select(sa.func.clock_timestamp())

# What a database says, and what to do. SQLite: https://www.sqlite.org/rescode.html
_REMEDIES = (
    ("disk is full", "the disk is full: make room, and do it again"),
    ("No space left", "the disk of the database is full: make room, and do it again"),
    ("readonly database", "it may only be read: give yourself the right to write it"),
    ("unable to open", "its file cannot be opened: look at its folder and at who may write there"),
    ("disk I/O error", "its disk cannot be read or written: look whether it is full, or broken"),
    ("is locked", "another program has held it for too long: end that program, and do it again"),
    ("not a database", "its file is no SQLite database: name another file, or restore a backup"),
    ("malformed", "its file is damaged: `uasocial ledger restore` brings a backup back"),
)


class LedgerError(UasocialError):
    """The ledger cannot be opened or written; nothing was sent, nothing is lost."""


class Ledger:
    """A database of posts and what became of them; safe to share between threads.

    *clock* tells the time instead of the database, which does so that workers whose machines
    disagree still agree.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] | None = None) -> None:
        try:
            self._url = sa.make_url(url)
        except (sa.exc.ArgumentError, ValueError):
            # The address may hold a password: it is not repeated.
            raise LedgerError(
                "the ledger's address is none: write sqlite:///… or postgresql://…"
            ) from None
        self._clock = clock
        # SQLite has who waits sleep, longer each time; threads of one process wait here instead.
        self._turnstile = threading.Lock()
        # The time of each transaction that writes, once it was asked for.
        self._moments: dict[Connection, datetime | None] = {}
        self.engine = _engine(self._url)
        self._reader = self.engine
        if not self.is_sqlite:
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def file(self) -> Path | None:
        """Where a ledger on SQLite is; None for one on PostgreSQL."""
        return Path(self._url.database or "") if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    def __repr__(self) -> str:
        return f"Ledger({self._url.render_as_string(hide_password=True)!r})"

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes: all of it is kept, or nothing."""
        with told(), self._alone(), self.engine.begin() as connection:
            # One writer at a time, and at once, on both kinds: a reader that turns writer in the
            # middle may have to give up, and writers who lock as they go wait for each other.
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(_LOCKED)
            self._moments[connection] = None
            try:
                yield connection
            finally:
                del self._moments[connection]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one thread of this process on at a time, on SQLite; wait as long as it would."""
        if not self.is_sqlite:
            yield
            return
        if not self._turnstile.acquire(timeout=PATIENCE / 1000):
            raise sqlite3.OperationalError("database is locked")
        try:
            yield
        finally:
            self._turnstile.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment of the ledger, and changes nothing."""
        with told(), self._reader.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def tend(self) -> Iterator[Connection]:
        """Open a connection outside of any transaction, for what tends the database itself."""
        tended = self.engine
        if not self.is_sqlite:
            tended = tended.execution_options(isolation_level="AUTOCOMMIT")
        with told(), tended.connect() as connection:
            yield connection

    def now(self, connection: Connection) -> datetime:
        """Return the time by the database's clock; a transaction that writes asks only once."""
        if self._clock:
            return self._clock()
        known = self._moments.get(connection)
        if known is None:
            known = self._ask(connection)
            if connection in self._moments:
                self._moments[connection] = known
        return known

    def _ask(self, connection: Connection) -> datetime:
        if self.is_sqlite:
            said = connection.exec_driver_sql("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
            return datetime.fromisoformat(said.scalar_one()).replace(tzinfo=UTC)
        moment: datetime = connection.execute(_NOW).scalar_one()
        return moment.astimezone(UTC)

    def hold_gate(self, connection: Connection) -> None:
        """Keep controls from changing until this transaction ends."""
        if not self.is_sqlite:
            connection.execute(sa.select(gate.c.version).with_for_update(read=True))

    def turn_gate(self, connection: Connection) -> None:
        """Change controls: waits for every send that is being marked."""
        connection.execute(sa.update(gate).values(version=gate.c.version + 1))

    def create(self) -> None:
        """Make the tables of a new ledger, or bring those of an older one up to date."""
        from uasocial.outbox.opening import migrate  # noqa: PLC0415 - it opens what is made here

        migrate(self)


def _engine(url: sa.URL) -> Engine:
    kind = url.get_backend_name()
    if kind == "sqlite":
        return _sqlite(url)
    if kind != "postgresql":
        raise LedgerError(f"a ledger is no {kind} database: write sqlite:///… or postgresql://…")
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            # Said here, for a server may have another default: a snapshot older than the gate's
            # lock would not see a stop.
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            pool_size=POOL,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise LedgerError(
            "a ledger on PostgreSQL needs a driver: pip install 'uasocial[postgresql]'"
        ) from None

    @sa.event.listens_for(engine, "connect")
    def _set_up(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        raw.execute(f"SET lock_timeout = {PATIENCE}")
        raw.execute(f"SET idle_in_transaction_session_timeout = {IDLE}")
        raw.commit()

    return engine


def _sqlite(url: sa.URL) -> Engine:
    patience = {"timeout": PATIENCE / 1000}
    engine = sa.create_engine(url, hide_parameters=True, pool_size=POOL, connect_args=patience)

    @sa.event.listens_for(engine, "connect")
    def _set_up(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        # Transactions are begun by us, and not by the driver at its own time.
        raw.isolation_level = None
        _write_ahead(raw)
        # NORMAL could forget the last commits with the power: a mark that is lost is a double.
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        # What is erased is overwritten, and not only forgotten.
        raw.execute("PRAGMA secure_delete=ON")

    return engine


def _write_ahead(raw: Any) -> None:
    """Let readers and a writer work side by side; a new file has one user while it changes to that.

    SQLite does not wait by itself there: https://www.sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode
    """
    give_up_at = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database says into one line, without the statement and its values."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", error)
        said = printable(" ".join(str(cause).split())[:300])
        remedy = next((told for sign, told in _REMEDIES if sign in said), said)
        raise LedgerError(f"the ledger cannot be used: {remedy}") from error
