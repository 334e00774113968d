"""Which project is worked on, and what its `uasocial.toml` says."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from uasocial.errors import SettingsError, nearest, printable
from uasocial.model.kinds import Id, Language, PlatformName, Zone
from uasocial.planning.cadences import Cadence

__all__ = [
    "FILE",
    "After",
    "Colleague",
    "Event",
    "LedgerPlace",
    "Project",
    "Settings",
    "Silence",
    "StatedAccount",
    "Team",
    "find_project",
    "packaged",
    "stated_account",
]

FILE = "uasocial.toml"
MAX_BYTES = 100_000
VARIABLE = "UASOCIAL_PROJECT"

Host = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[0-9]{1,5})?$"
    ),
]
PersonName = Annotated[str, Meta(min_length=1, max_length=120)]
SettingName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
WEEK = 7 * UNITS["d"]
Argument = Annotated[str, Meta(pattern=r"^[^\x00]+$", max_length=4000)]
# In the form user:password@host, which SQLAlchemy takes too where the password holds a slash.
_PASSWORD = re.compile(r"://[^:/@]*:[^@]*@|[?&](?:ssl)?password=", re.IGNORECASE)


class InstanceLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one Mastodon server: `GET /api/v2/instance`, configuration.statuses."""

    max_characters: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    characters_reserved_per_url: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class Silence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A warning that is not to be told, of all cases or of one, with the reason."""

    rule: str
    reason: Annotated[str, Meta(min_length=1)]
    action: str | None = None


def _seconds(said: int | str) -> int:
    """Return how many seconds *said* is, a number or a text such as `10m`; -1 where it is none.

    A number in quotes is one as well.
    """
    if isinstance(said, int):
        return said
    found = re.fullmatch(r"([0-9]{1,6})([smhd]?)", said)
    return int(found[1]) * UNITS[found[2] or "s"] if found else -1


class StatedAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to publish from: all that is public about it.

    *kind* names one of the platform's publishers, and *settings* is what that publisher asks for.
    *gap* is the time between two posts: seconds, or a text such as `10m`.
    """

    platform: PlatformName
    language: Language
    kind: Annotated[str, Meta(max_length=40)] = ""
    mode: Literal["publish", "by hand"] = "publish"
    gap: int | str = 0
    approval: Literal["required", "none"] = "none"
    settings: dict[SettingName, Annotated[str, Meta(max_length=1000)]] = {}

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= WEEK:
            raise ValueError("gap")

    @property
    def seconds(self) -> int:
        """The gap in seconds, or -1 where it is none."""
        return _seconds(self.gap)


Event = Literal["stop", "withdraw", "update", "close", "reopen", "extend"]


class After(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A program that is run, without a shell, after something has happened to an action.

    *command* is the program and what it is given, *on* is after what, *timeout* seconds, or a text.
    """

    command: Annotated[tuple[Argument, ...], Meta(min_length=1, max_length=100)]
    timeout: int | str = "10m"
    on: tuple[Event, ...] = ("stop", "withdraw", "update", "close")

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= UNITS["d"]:
            raise ValueError("timeout")

    @property
    def seconds(self) -> int:
        """The timeout in seconds, or -1 where it is none."""
        return _seconds(self.timeout)


class LedgerPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the ledger is, without a password; a path that is not absolute is the project's."""

    url: Annotated[str, Meta(min_length=1, max_length=1000)] = "sqlite:///ledger.db"

    def __post_init__(self) -> None:
        if _PASSWORD.search(self.url):
            raise ValueError(
                "url holds a password: put the whole address into UASOCIAL_LEDGER_URL instead"
            )


class Colleague(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody of the team: what is theirs to do, and the language that they read best."""

    may: tuple[Literal["write", "approve", "stop"], ...]
    reads: Language | None = None


class Team(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the team works: *approval* says whether a second person must agree to what is planned.

    What an account requires is required all the same.
    """

    approval: Literal["required", "none"] = "required"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`uasocial.toml`: what a section sets once for all its cases."""

    organisation: str = ""
    time_zone: Zone | None = None
    platforms: tuple[PlatformName, ...] = (
        "x",
        "mastodon",
        "bluesky",
        "threads",
        "telegram",
        "whatsapp",
        "facebook",
        "linkedin",
    )
    instance: Host | None = None
    instances: dict[Host, InstanceLimits] = {}
    silence: tuple[Silence, ...] = ()
    accounts: dict[Id, StatedAccount] = {}
    cadences: dict[Id, Cadence] = {}
    ledger: LedgerPlace = LedgerPlace()
    notices: dict[SettingName, Annotated[str, Meta(max_length=1000)]] = {}
    people: dict[PersonName, Colleague] = {}
    team: Team = Team()
    after: After | None = None


@dataclass(frozen=True)
class Project:
    """A folder with cases and templates; *root* is None for the sample that comes with uasocial."""

    root: Path | None
    settings: Settings

    @property
    def file(self) -> Path:
        """Where the settings stand; the sample has none there."""
        return (self.root or packaged("actions").parent) / FILE

    @property
    def actions(self) -> Path:
        return self.root / "actions" if self.root else packaged("actions")

    @property
    def templates(self) -> tuple[Path, ...]:
        own = (self.root / "templates",) if self.root else ()
        return (*own, packaged("templates"))

    def owns(self, path: Path) -> bool:
        """Tell whether a file may serve this project: it lies in it, or in no project at all."""
        home = next((folder for folder in path.parents if (folder / FILE).is_file()), None)
        return home is None or (self.root is not None and home == self.root.resolve())

    @property
    def plugin_files(self) -> list[Path]:
        return sorted((self.root / "plugins").glob("*.py")) if self.root else []


def packaged(name: str) -> Path:
    """Return the folder that an installed wheel carries, or the one at the top of a checkout."""
    package = Path(__file__).parent
    installed = package / "packaged" / name
    return installed if installed.is_dir() else package.parent.parent / name


def find_project(named: str | None = None, start: Path | None = None) -> Project:
    """Find the project: *named*, else UASOCIAL_PROJECT, else upward from *start*, else the sample.

    Raise SettingsError where a project was named and is none, or its settings are wrong.
    """
    name = named or os.environ.get(VARIABLE)
    if name:
        root = Path(name)
        if not (root / FILE).is_file():
            raise SettingsError(
                f"{root}: is no project, for it has no {FILE}; `uasocial init {root}`"
            )
        return Project(root, _read(root / FILE))
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return Project(folder, _read(folder / FILE))
    return Project(None, Settings())


def _read(path: Path) -> Settings:
    import tomllib  # noqa: PLC0415 - the sample has no settings to read

    stated: dict[str, Any] = {}
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8")
        stated = tomllib.loads(text)
        settings = msgspec.convert(stated, Settings)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from None
    except msgspec.ValidationError as error:
        said = _explained(str(error), text, stated)
        raise SettingsError(printable(f"{path}: {said}")) from None
    if settings.time_zone:
        _check_zone(path, settings.time_zone)
    return settings


_TABLES: dict[str, type[Struct]] = {
    "accounts": StatedAccount,
    "after": After,
    "cadences": Cadence,
    "instances": InstanceLimits,
    "ledger": LedgerPlace,
    "people": Colleague,
    "silence": Silence,
    "team": Team,
}
# What each key of an account is to be: msgspec would show the pattern, or the value.
_WANTED = {
    "platform": "must be a platform's name in small letters such as mastodon",
    "language": "must be a BCP 47 tag such as es or pt-BR",
    "kind": "must be the name of a publisher of the platform",
    "mode": 'must be "publish" or "by hand"',
    "gap": 'must be seconds, or a time such as "45s", "10m", "2h" or "1d", and a week at most',
    "approval": 'must be "required" or "none"',
    "settings": "must be names in small letters with texts",
}

_OF_CADENCE = {
    "days": "days must be a list of whole numbers from 0 to 366, such as [0, 1, 3]",
    "every": "every must be a whole number of days from 1 to 366",
    "last": "last must be a whole number of days from 1 to 366",
    "a_day": "a_day must be a whole number from 1 to 8",
    "clocks": 'clocks must be a list of "office" and "evening"',
    "reminders": "reminders must be a list of days before the deadline, such as [7, 3, 1]",
    "last_day": "last_day must be true or false",
}

# Tables of which little can be wrong: at which key, and what it is to be.
_WRONG = {
    "notices": ("", "must be names in small letters with texts"),
    "people": ("", 'must be tables such as [people.ana] with may = ["write", "approve", "stop"]'),
    "team": ("approval", 'approval must be "required" or "none"'),
}
_OF_AFTER = {
    "command": 'its command must be a list of texts such as ["make", "site"]',
    "timeout": 'its timeout must be seconds, or a time such as "45s" or "10m", and a day at most',
    "on": f"its on must be a list of {', '.join(get_args(Event))}",
}


def _explained(message: str, text: str, stated: dict[str, Any]) -> str:
    """Put msgspec's message into words, with the line where that can be told."""
    table = message.partition("`$.")[2].partition("`")[0].partition("[")[0].partition(".")[0]
    accounts = stated.get("accounts")
    if table == "accounts" and isinstance(accounts, dict):
        return _of_accounts(accounts, text)
    if "unknown field `" in message:
        key = message.split("`")[1]
        known = _TABLES.get(table, Settings).__struct_fields__
        return f"{_at(text, key)}unknown key {key!r}{nearest(key, known)}"
    cadences = stated.get("cadences")
    if table == "cadences" and isinstance(cadences, dict):
        return _of_cadences(cadences, text)
    if table in _WRONG:
        key, fault = _WRONG[table]
        return f"{_at(text, key, table)}{table}: {fault}"
    if table in ("after", "ledger"):
        return (_of_after if table == "after" else _of_ledger)(message, text)
    return message.replace("Expected `", "expected `")


def _of_cadences(cadences: dict[str, Any], text: str) -> str:
    """Say which cadence is wrong, and in what."""
    for name, cadence in cadences.items():
        try:
            msgspec.convert({name: cadence}, dict[Id, Cadence])
        except msgspec.ValidationError as error:
            path = str(error).partition(" - at ")[2]
            key = path.partition("`$[...].")[2].strip("`").partition("[")[0]
            wanted = _OF_CADENCE.get(key, "must be a table, its name of small letters and hyphens")
            return f"{_at(text, key, f'cadences.{name}')}cadence {name!r}: {wanted}"
    return "its cadences are wrong"


def _of_ledger(message: str, text: str) -> str:
    said = message.partition(" - at ")[0].replace("Expected", "url: expected")
    return f"{_at(text, 'url', 'ledger')}ledger: {said}"


def _of_after(message: str, text: str) -> str:
    """Say what is wrong in `[after]`."""
    said, _, path = message.partition(" - at ")
    key = "timeout" if said == "timeout" else path.partition("`$.after.")[2].strip("`")
    key = key.partition("[")[0]
    wanted = _OF_AFTER.get(key, 'it needs a command such as ["make", "site"]')
    return f"{_at(text, key, 'after')}after: {wanted}"


def _of_accounts(accounts: dict[str, Any], text: str) -> str:
    """Say which account is wrong, and in what."""
    for name, account in accounts.items():
        try:
            msgspec.convert({name: account}, dict[Id, StatedAccount])
        except msgspec.ValidationError as error:
            key, fault = _of_account(str(error))
            return f"{_at(text, key, f'accounts.{name}')}account {name!r}: {fault}"
    return "its accounts are wrong"


def stated_account(name: str, said: dict[str, Any]) -> StatedAccount:
    """Return an account as the settings would state it; raise SettingsError where it is wrong."""
    try:
        return msgspec.convert({name: said}, dict[Id, StatedAccount])[name]
    except msgspec.ValidationError as error:
        raise SettingsError(printable(f"account {name!r}: {_of_account(str(error))[1]}")) from None


def _of_account(message: str) -> tuple[str, str]:
    """Return the key of an account that is wrong, or ``""``, and what is wrong."""
    said, _, path = message.partition(" - at ")
    key = "gap" if said == "gap" else path.partition("`$[...].")[2].strip("`").partition("[")[0]
    if "unknown field `" in said:
        key = said.split("`")[1]
        hint = nearest(key, StatedAccount.__struct_fields__) or (
            "; what its publisher asks for stands in its `settings`, and a secret in no file: "
            "`uasocial accounts add`"
        )
        return key, f"there is no key {key!r}{hint}"
    if "missing required field `" in said:
        return "", f"it has no {said.split('`')[1]}"
    if key in _WANTED:
        return key, f"its {key} {_WANTED[key]}"
    if path.startswith("`key`"):
        return "", "its name must be of small letters, digits and single hyphens"
    return "", "it must be a table"


def _at(text: str, key: str, table: str = "") -> str:
    """Return ``"line 3: "`` for the line of a key, in a table if one is given, else ``""``."""
    lines = [re.sub(r"""["'\s]""", "", line) for line in text.splitlines()]
    heads = (f"[{table}]", f"[{table}.")
    start = next((n for n, line in enumerate(lines, 1) if line.startswith(heads)), 0)
    if table and not start:
        return ""
    inside = (n for n, line in enumerate(lines, 1) if n >= start and line.startswith(f"{key}="))
    line = next(inside, start) if key else start
    return f"line {line}: " if line else ""


def _check_zone(path: Path, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise SettingsError(
            f"{path}: there is no time zone {name!r}; write an IANA name such as Europe/Zurich"
        ) from None
