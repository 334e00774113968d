"""What servers have said that they take, in a file of the project, so that nobody asks each time.

`limits.json` is written by `uasocial accounts check`. There is nothing secret in it: whoever shares
the project may commit it.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from uasocial.errors import SettingsError, UasocialError, printable
from uasocial.platforms.publisher import ServerLimits

if TYPE_CHECKING:
    from uasocial.settings import Project

__all__ = ["FILE", "Outdated", "learn", "limits_at", "limits_of", "outdated"]

FILE = "limits.json"
MAX_BYTES = 1_000_000
# A server changes its limits with a new version, a few times a year.
FRESH = timedelta(days=30)

Name = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[!-~]+\Z")]
Count = Annotated[int, Meta(ge=0, le=10**12)]
Least = Annotated[int, Meta(ge=1, le=10**12)]
Type = Annotated[str, Meta(max_length=100, pattern=r"^[!-~]+\Z")]


class _Server(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a server takes; the names are those of ServerLimits."""

    asked_at: Annotated[datetime, Meta(tz=True)]
    software: Annotated[str, Meta(max_length=200)] = ""
    length: Least | None = None
    url_length: Least | None = None
    media: Count | None = None
    alt: Count | None = None
    bytes: Least | None = None
    pixels: Least | None = None
    types: Annotated[tuple[Type, ...], Meta(max_length=200)] = ()


class _Account(Struct, frozen=True):
    """Which server an account is on, as long as its settings are these."""

    server: Name
    settings: dict[str, str]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    accounts: dict[str, _Account] = {}
    servers: dict[Name, _Server] = {}


class Outdated(Struct, frozen=True):
    """A server that was last asked too long ago."""

    server: str
    asked_at: datetime


def limits_of(project: "Project", account: str) -> ServerLimits | None:
    """Return what an account's server takes; None where it was not asked since it was set up."""
    known, stated = _read(project), project.settings.accounts.get(account)
    noted = known.accounts.get(account)
    if noted is None or stated is None or noted.settings != stated.settings:
        return None
    return _limits(known, noted.server)


def limits_at(project: "Project", host: str) -> ServerLimits | None:
    """Return what a server takes; None where it was not asked."""
    return _limits(_read(project), host)


def outdated(project: "Project", now: datetime) -> list[Outdated]:
    """List the servers that were last asked too long ago."""
    servers = _read(project).servers
    return [
        Outdated(name, one.asked_at) for name, one in servers.items() if now - one.asked_at > FRESH
    ]


def learn(
    project: "Project", account: str, said: ServerLimits, now: datetime | None = None
) -> list[str]:
    """Keep what an account's server has said; return what is new of it, a sentence each.

    Raise UasocialError where it says what cannot be.
    """
    if project.root is None:
        return []
    known = _read(project)
    server = _server(said, now or datetime.now(UTC))
    before = known.servers.get(said.server)
    noted = _Account(said.server, project.settings.accounts[account].settings)
    accounts = {name: one for name, one in known.accounts.items() if name != account}
    accounts = {**accounts, account: noted}
    in_use = {one.server for one in accounts.values()}
    servers = {name: one for name, one in known.servers.items() if name in in_use}
    _write(project, _File(accounts, {**servers, said.server: server}))
    return [f"{said.server} {what}" for what in _news(before, server)]


def _server(said: ServerLimits, now: datetime) -> _Server:
    fields: dict[str, Any] = msgspec.to_builtins(said)
    name = fields.pop("server")
    try:
        msgspec.convert(name, Name)
        fields["software"] = printable(f"{said.software}")
        return msgspec.convert({**fields, "asked_at": now.replace(microsecond=0)}, _Server)
    except msgspec.ValidationError as error:
        said_of = f"{str(name)[:300]} says of itself what cannot be: {error}"
        raise UasocialError(printable(" ".join(said_of.split()))) from None


def _limits(known: _File, name: str) -> ServerLimits | None:
    found = known.servers.get(name)
    if found is None:
        return None
    fields = {key: getattr(found, key) for key in found.__struct_fields__ if key != "asked_at"}
    return ServerLimits(server=name, **fields)


def _news(before: _Server | None, now: _Server) -> Iterator[str]:
    before = before or replace(now, **dict.fromkeys(_SAYING), types=())
    for name, sentence in _SAYING.items():
        value = getattr(now, name)
        if value is not None and value != getattr(before, name):
            yield sentence.format(value)
    if now.types and now.types != before.types:
        yield f"takes {', '.join(sorted(now.types))}"


_SAYING = {
    "length": "takes {:,} characters",
    "url_length": "counts {:,} for each link",
    "media": "takes {:,} pictures",
    "alt": "takes {:,} characters of alt text",
    "bytes": "takes pictures of {:,} bytes",
    "pixels": "takes pictures of {:,} pixels",
}


def _file(project: "Project") -> Path | None:
    return project.root / FILE if project.root else None


def _read(project: "Project") -> _File:
    file = _file(project)
    try:
        if file is None or not file.is_file():
            return _File()
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SettingsError(f"{file}: has over {MAX_BYTES:,} bytes: {_REMEDY}")
        return msgspec.json.decode(data, type=_File)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(printable(f"{file}: {error}: {_REMEDY}")) from None


_REMEDY = "take it away, and `uasocial accounts check` writes it anew"


def _write(project: "Project", content: _File) -> None:
    file = _file(project)
    if file is None:
        return
    data = msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1)
    # Written beside and moved: a reader sees the old file or the new one, never half of it.
    new = file.with_name(f".{FILE}.new-{os.getpid()}")
    try:
        new.write_bytes(data + b"\n")
        new.replace(file)
    except OSError as error:
        raise SettingsError(printable(f"{file}: cannot be written: {error.strerror}")) from None
