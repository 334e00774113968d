"""`uasocial.toml` read: its tables, or one line that says what is wrong in it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from uasocial.errors import SettingsError, printable
from uasocial.model.kinds import Id
from uasocial.settings.tables import Settings, StatedAccount

__all__ = ["read_settings", "stated_account"]

MAX_BYTES = 100_000


def read_settings(path: Path) -> Settings:
    """Return what the file at *path* says; raise SettingsError where it is wrong."""
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
        from uasocial.settings.faults import explained  # noqa: PLC0415 - only who errs waits for it

        said = explained(str(error), text, stated)
        raise SettingsError(printable(f"{path}: {said}")) from None
    if settings.time_zone:
        _check_zone(path, settings.time_zone)
    return settings


def _check_zone(path: Path, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise SettingsError(
            f"{path}: there is no time zone {name!r}; write an IANA name such as Europe/Zurich"
        ) from None


def stated_account(name: str, said: dict[str, Any]) -> StatedAccount:
    """Return an account as the settings would state it; raise SettingsError where it is wrong."""
    try:
        return msgspec.convert({name: said}, dict[Id, StatedAccount])[name]
    except msgspec.ValidationError as error:
        from uasocial.settings.faults import of_account  # noqa: PLC0415 - only who errs waits for it

        raise SettingsError(printable(f"account {name!r}: {of_account(str(error))[1]}")) from None
