"""A copy of the ledger made while it is in use, and one brought back without sending twice."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from uasocial.errors import printable
from uasocial.outbox.chain import record
from uasocial.outbox.controls import Control
from uasocial.outbox.deliveries import change
from uasocial.outbox.ledger import Ledger, LedgerError, told
from uasocial.outbox.opening import assert_file, open_ledger
from uasocial.outbox.places import assert_local
from uasocial.outbox.stopping import put_up
from uasocial.outbox.tables import accounts, deliveries
from uasocial.outbox.tables import told as telling
from uasocial.outbox.verifying import verify

__all__ = ["Restored", "back_up", "restore", "settle"]

WHY = "restored from a backup: it may have been sent since"
# SQLite's companions of a file: https://www.sqlite.org/walformat.html
BESIDE = ("-wal", "-shm")


class Restored(NamedTuple):
    """How many deliveries went to review, and where the ledger that was there before is now."""

    reviewed: int
    aside: Path | None


def back_up(ledger: Ledger, file: Path) -> None:
    """Copy the ledger as it is at one moment into a new file; others may go on writing."""
    if not ledger.is_sqlite:
        raise LedgerError("a ledger on PostgreSQL is backed up with pg_dump")
    if file.exists():
        raise LedgerError(printable(f"{file}: exists already: name another file"))
    new = file.with_name(f".{file.name}.new")
    with _writing(file, new), ledger.tend() as connection:
        _copy(connection.connection.dbapi_connection, new)  # type: ignore[arg-type]
        new.rename(file)


@contextmanager
def _writing(file: Path, new: Path) -> Iterator[None]:
    """Say what keeps *file* from being written, and leave nothing half done."""
    try:
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield
    except OSError as error:
        raise LedgerError(printable(f"{file}: cannot be written: {error.strerror}")) from None
    finally:
        for end in ("", *BESIDE):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, new: Path) -> None:
    """Copy a database into one file that stands for itself, and see that it is whole."""
    # https://www.sqlite.org/backup.html
    with told(), closing(sqlite3.connect(new)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise LedgerError(printable(f"the copy is damaged, as the original may be: {found}"))


def restore(file: Path, target: Path, by: str, *, force: bool = False) -> Restored:
    """Put the backup *file* in the place of a ledger; what was there is kept beside it.

    Nothing of it is sent until somebody resumes: stops and posts of the time since are not in it.
    """
    if not file.is_file():
        raise LedgerError(printable(f"{file}: there is no such backup"))
    assert_local(target)
    assert_file(file)
    if target.exists() and not force:
        raise LedgerError(
            printable(f"{target}: there is a ledger already; --force puts it aside for the backup")
        )
    new = target.with_name(f".{target.name}.new")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _writing(target, new):
        with (
            told(),
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as raw,
        ):
            _copy(raw, new)
        reviewed = _prepare(new, _left_since(target), by)
        aside = _put_aside(target) if target.exists() else None
        new.rename(target)
    return Restored(reviewed, aside)


def _prepare(new: Path, since: set[str], by: str) -> int:
    """Bring the copy up to date and make it harmless, before it is in its place."""
    ledger = open_ledger(str(new))
    try:
        verify(ledger)
        reviewed = settle(ledger, by, since)
        with ledger.tend() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        ledger.close()
    return reviewed


def settle(ledger: Ledger, by: str, since: frozenset[str] | set[str] = frozenset()) -> int:
    """Put to review all that may have been sent since a backup, and pause the rest.

    *since* are deliveries known to be no longer planned. Return how many went to review.
    """
    with ledger.write() as connection:
        now = ledger.now(connection)
        for table in (accounts, telling):
            connection.execute(sa.update(table).values(worker=None, lease_until=None))
        rows = connection.execute(
            sa.select(deliveries.c.id, deliveries.c.state, deliveries.c.planned_for)
            .where(deliveries.c.state.in_(("planned", "sending", "unknown")))
            .order_by(deliveries.c.seq)
        ).all()
        due = [
            row
            for row in rows
            if row.state != "planned" or row.planned_for <= now or row.id in since
        ]
        for row in due:
            change(ledger, connection, row.id, "review", by, expected=(row.state,), why=WHY)
        put_up(ledger, connection, Control("pause", "all", by=by, why="restored from a backup"))
        record(connection, now, "restored", by, reviewed=len(due))
    return len(due)


def _left_since(target: Path) -> set[str]:
    """Return the deliveries that the ledger to be replaced knows as no longer planned."""
    if not target.exists():
        return set()
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            asked = raw.execute("SELECT id FROM deliveries WHERE state != 'planned'")
            return {name for (name,) in asked}
    except sqlite3.Error:
        # A damaged ledger is what a backup is for.
        return set()


def _put_aside(target: Path) -> Path:
    """Move a ledger that nobody has open, with its log taken in; return where it is now."""
    try:
        with closing(sqlite3.connect(target, timeout=1)) as raw:
            # Possible for the only user alone: https://www.sqlite.org/wal.html#persistence_of_wal_mode
            raw.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LedgerError(
                printable(f"{target}: is in use: end the workers on it, and do it again")
            ) from None
    except sqlite3.DatabaseError:
        pass
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for end in (*BESIDE, ""):
        part = target.with_name(target.name + end)
        if part.exists():
            part.rename(target.with_name(f"{target.name}.before-{moment}{end}"))
    return target.with_name(f"{target.name}.before-{moment}")
