"""Which project is worked on, and what its `uasocial.toml` says."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from uasocial.errors import SettingsError, nearest
from uasocial.model.kinds import PlatformName, Zone

__all__ = ["FILE", "Project", "Settings", "Silence", "find_project", "packaged"]

FILE = "uasocial.toml"
MAX_BYTES = 100_000
VARIABLE = "UASOCIAL_PROJECT"

Host = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[0-9]{1,5})?$"
    ),
]


class InstanceLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one Mastodon server: `GET /api/v2/instance`, configuration.statuses."""

    max_characters: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    characters_reserved_per_url: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class Silence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A warning that is not to be told, of all cases or of one, with the reason."""

    rule: str
    reason: Annotated[str, Meta(min_length=1)]
    action: str | None = None


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

    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8")
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {_explained(str(error), text)}") from None
    if settings.time_zone:
        _check_zone(path, settings.time_zone)
    return settings


def _explained(message: str, text: str) -> str:
    """Put msgspec's message into words, with the line of an unknown key."""
    if "unknown field `" not in message:
        return message.replace("Expected `", "expected `")
    key = message.split("`")[1]
    lines = text.splitlines()
    line = next((n for n, t in enumerate(lines, 1) if t.strip().startswith(key)), 0)
    kind = Silence if "$.silence" in message else Settings
    return f"line {line}: unknown key {key!r}{nearest(key, kind.__struct_fields__)}"


def _check_zone(path: Path, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise SettingsError(
            f"{path}: there is no time zone {name!r}; write an IANA name such as Europe/Zurich"
        ) from None
