"""What is wrong with an installation, and how to mend it: one finding a line, no secret in any."""

import platform
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from uasocial import ledger_place
from uasocial.accounts import accounts, faults, has_ledger, ledger_of, missing, publishers
from uasocial.errors import UasocialError, printable
from uasocial.learned import outdated
from uasocial.secrets import Keyring

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["Finding", "of_machine", "of_project"]

# A ledger of a million posts takes a fifth of a gigabyte (benchmarks); a full disk stops a worker.
LEAST_DISK = 500_000_000
# So long before its end a token is told of.
NEAR = timedelta(days=7)
MOST_APART = timedelta(seconds=30)
_REQUIRED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:>=(?P<least>[0-9.]+))?")


class Finding(NamedTuple):
    """One thing looked at: what was seen and, where that is *wrong*, what to do."""

    what: str
    said: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        return not self.remedy


Check = Callable[[], Iterator[Finding]]


def of_machine(keyring: Keyring, encoding: str) -> Iterator[Finding]:
    """Look at what every project needs; *encoding* is the terminal's."""
    yield Finding("Python", platform.python_version())
    yield from _kept("uasocial", _packages)
    yield from _kept("time zones", _zones)
    yield _terminal(encoding)
    yield from _kept("keyring", lambda: _keyring(keyring))


def of_project(kit: "Toolkit", keyring: Keyring) -> Iterator[Finding]:
    """Look at a project: its plugins, its accounts, its ledger."""
    yield Finding("project", printable(str(kit.project.root or "the sample of uasocial")))
    yield from _kept("plugins", lambda: _plugins(kit))
    yield from _kept("disk", lambda: _disk(kit.project.root or Path.cwd()))
    yield from _kept("accounts", lambda: _accounts(kit, keyring))
    yield from _kept("limits", lambda: _limits(kit))
    yield from _kept("ledger", lambda: _ledger(kit))


def _kept(what: str, check: Check) -> Iterator[Finding]:
    """Turn what a check stumbles over into a finding: the others are looked at all the same."""
    try:
        yield from check()
    except UasocialError as error:
        yield Finding(what, " ".join(str(error).split()), "mend that first")
    except OSError as error:
        yield Finding(what, printable(f"cannot be looked at: {error.strerror}"), "mend that first")


# --- the machine -----------------------------------------------------------------------------


def _packages() -> Iterator[Finding]:
    try:
        required = metadata.requires("uasocial") or []
        version = metadata.version("uasocial")
    except metadata.PackageNotFoundError:
        yield Finding("uasocial", "runs from a folder, and is not installed")
        return
    faults = [fault for line in required if ";" not in line and (fault := _package(line))]
    for fault in faults:
        yield Finding("packages", fault, "pip install --upgrade --force-reinstall uasocial")
    if not faults:
        yield Finding("uasocial", f"{version}, with {len(required)} packages it needs")


def _package(line: str) -> str:
    """Say what is wrong with a package that is required, or return ``""``."""
    wanted = _REQUIRED.match(line)
    if wanted is None:
        return ""
    try:
        version = metadata.version(wanted["name"])
    except metadata.PackageNotFoundError:
        return f"{wanted['name']} is not installed"
    if _numbers(version) < _numbers(wanted["least"] or "0"):
        return f"{wanted['name']} is {version}, and {wanted['least']} is needed"
    return ""


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", version.partition("+")[0])[:4]]


def _zones() -> Iterator[Finding]:
    try:
        ZoneInfo("America/Lima")
    except (KeyError, OSError, ValueError):
        yield Finding("time zones", "there is no data of time zones", "pip install tzdata")
    else:
        yield Finding("time zones", "known")


def _terminal(encoding: str) -> Finding:
    if encoding.lower().replace("-", "") == "utf8":
        return Finding("terminal", "UTF-8")
    remedy = "set PYTHONUTF8=1, and a terminal that shows UTF-8"
    return Finding("terminal", f"its encoding is {printable(encoding)}", remedy)


def _keyring(keyring: Keyring) -> Iterator[Finding]:
    name = keyring.name()
    if name:
        yield Finding("keyring", printable(name))
    elif keyring.is_missing:
        # No fault of a server: an account that lacks a secret is told of on its own.
        yield Finding("keyring", "none on this machine: secrets come from the environment")
    else:
        remedy = (
            "unlock or mend it; where all secrets come from the environment, set "
            "PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring"
        )
        yield Finding("keyring", keyring.fault, remedy)


# --- the project -----------------------------------------------------------------------------


def _plugins(kit: "Toolkit") -> Iterator[Finding]:
    # Registering is what shows a clash.
    _ = kit.platforms, kit.rules, publishers(kit)
    for fault in kit.host.faults:
        remedy = "mend, update or uninstall it; `uasocial plugins` lists all"
        yield Finding("plugins", f"{fault.name}: {fault.error}", remedy)
    if not kit.host.faults:
        yield Finding("plugins", f"{len(kit.host.listed)} in service")


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free"
    full = f"make room: {LEAST_DISK / 1e9} GB at least" if free < LEAST_DISK else ""
    yield Finding("disk", said, full)


def _accounts(kit: "Toolkit", keyring: Keyring) -> Iterator[Finding]:
    found, wrong = accounts(kit), faults(kit)
    for fault in wrong.values():
        yield Finding("accounts", fault, "mend that: until then nothing is sent from this account")
    lacking = [said for one in found if (said := missing(one, keyring))]
    for said in lacking:
        what, _, remedy = said.partition(" is missing: ")
        yield Finding("accounts", f"{what} is missing", remedy)
    if not lacking and not wrong:
        yield Finding("accounts", f"{len(found)}, with all their secrets" if found else "none")


def _limits(kit: "Toolkit") -> Iterator[Finding]:
    for one in outdated(kit.project, datetime.now(UTC)):
        said = f"{one.server} was last asked on {one.asked_at:%Y-%m-%d} what it takes"
        yield Finding("limits", printable(said), "ask again: `uasocial accounts check`")


def _ledger(kit: "Toolkit") -> Iterator[Finding]:
    if not has_ledger(kit):
        yield Finding("ledger", "none yet: the first post that is planned makes it")
        return
    ledger = ledger_of(kit)
    try:
        yield Finding("ledger", f"{ledger_place.shown(kit.project)}, up to date")
        yield _clock(ledger)
        yield _worker(ledger)
        yield from _ending(ledger)
    finally:
        ledger.close()


def _clock(ledger: "Ledger") -> Finding:
    with ledger.read() as connection:
        apart = abs(ledger.now(connection) - datetime.now(UTC))
    if apart < MOST_APART:
        return Finding("clock", "agrees with the ledger's")
    said = f"{apart.total_seconds():,.0f} seconds apart from the ledger's"
    return Finding("clock", said, "set this machine's clock, and the database's, by NTP")


def _worker(ledger: "Ledger") -> Finding:
    from uasocial.outbox.accounts import waiting  # noqa: PLC0415 - only where there is a ledger

    now = waiting(ledger)
    last = f"{now.worker} at {_shown(now.worked_at)}" if now.worked_at else "none yet"
    if not now.due:
        return Finding("worker", printable(f"nothing waits; last turn: {last}"))
    late = f"{now.due} due since {_shown(now.since)} and nobody works at it; last turn: {last}"
    return Finding("worker", printable(late), "start one: `uasocial worker`")


def _ending(ledger: "Ledger") -> Iterator[Finding]:
    from uasocial.outbox.accounts import standings  # noqa: PLC0415 - only where there is a ledger

    soon = datetime.now(UTC) + NEAR
    for one in standings(ledger):
        if one.ends_at and one.ends_at < soon:
            said = f"the token of {one.row.name} ends at {_shown(one.ends_at)}"
            remedy = f"`uasocial accounts authorize {one.row.name}`, or give it new secrets"
            yield Finding("accounts", said, remedy)


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
