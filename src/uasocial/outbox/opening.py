"""A ledger opened: made where there is none, brought up to date, refused where it is no ledger."""

import os
import sqlite3
import stat
import uuid
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import printable
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.places import assert_local
from uasocial.outbox.tables import about, gate

__all__ = ["VERSIONS", "assert_file", "ledger_id", "migrate", "open_ledger"]

# The versions of the tables, in their order; each is a file of migrations/versions.
VERSIONS = ("0001", "0002", "0003")
# The first bytes of every SQLite database: https://www.sqlite.org/fileformat.html#magic_header_string
MAGIC = b"SQLite format 3\0"


def open_ledger(url: str) -> Ledger:
    """Open the ledger at *url*, or in the file *url*; raise LedgerError where that must not be.

    A new one is made, an older one is brought up to date; what is no ledger stays as it is.
    """
    ledger = Ledger(url if "://" in url else f"sqlite:///{url}")
    try:
        if ledger.file is not None:
            _make_ready(ledger.file)
        migrate(ledger)
    except BaseException:
        ledger.close()
        raise
    return ledger


def ledger_id(connection: Connection) -> str:
    """Return which ledger this is; a copy of its file says the same."""
    return str(connection.execute(sa.select(about.c.id)).scalar_one())


def _make_ready(file: Path) -> None:
    if file.name in ("", ":memory:"):
        raise LedgerError("a ledger in memory would forget what was sent: name a file")
    assert_local(file)
    assert_file(file)
    if file.exists():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Names and plans are for nobody else on this machine; SQLite gives its log the same rights.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise LedgerError(
            printable(f"{file}: the ledger cannot be written: {error.strerror}")
        ) from None


def assert_file(file: Path) -> None:
    """Raise LedgerError where a file is there that is no ledger; it is only looked at.

    By SQLite alone, and not by `open`: whoever closes a file gives up all locks that this process
    has on it, those of another ledger of this process too, whose log is then taken from under it:
    https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
    """
    try:
        is_folder = stat.S_ISDIR(file.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerError(
            printable(f"{file}: the ledger cannot be read: {error.strerror}")
        ) from None
    if is_folder:
        raise LedgerError(printable(f"{file}: is a folder, and no ledger: name a file"))
    _assert_ours(file)


def _assert_ours(file: Path) -> None:
    """Look into a database without changing anything in it, not even its way of writing."""
    try:
        raw = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_schema")}
        finally:
            raw.close()
    except sqlite3.OperationalError:
        # Held by somebody, or of a folder that may not be written: opening it says so.
        return
    except sqlite3.DatabaseError as error:
        if not _begins_as_one(file):
            said = f"{file}: is no ledger, and stays as it is: name another file"
            raise LedgerError(printable(said)) from None
        said = f"{file}: is damaged ({error}), and stays as it is: `uasocial ledger restore`"
        raise LedgerError(printable(f"{said} brings a backup back")) from None
    if tables and "alembic_version" not in tables:
        raise LedgerError(
            printable(f"{file}: is a database of something else, and stays as it is: name another")
        )


def _begins_as_one(file: Path) -> bool:
    """Tell whether a file that SQLite cannot use was a database; no ledger has locks on it."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def migrate(ledger: Ledger) -> None:
    """Bring the tables to the version of this release, in one transaction."""
    with ledger.read() as connection:
        if _version(connection) == VERSIONS[-1]:
            return
    with ledger.write() as connection:
        # Another process may have done it meanwhile.
        if _version(connection) == VERSIONS[-1]:
            return
        _upgrade(connection)
        if connection.scalar(sa.select(gate.c.id)) is None:
            connection.execute(sa.insert(gate).values(id=1, version=0))
            now = ledger.now(connection)
            connection.execute(sa.insert(about).values(id=uuid.uuid4().hex, created_at=now))


def _version(connection: Connection) -> str | None:
    """Return the version of the tables, None for none; raise LedgerError for a later one."""
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise LedgerError("the database holds something else, and stays as it is: name another")
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is not None and version not in VERSIONS:
        raise LedgerError(
            f"the ledger is of a later release (its tables are {printable(str(version))}, here "
            f"they are {VERSIONS[-1]}): update uasocial"
        )
    return version


def _upgrade(connection: Connection) -> None:
    # Alembic is slow to import, and only a ledger that is new or old needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
