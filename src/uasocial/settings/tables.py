"""The tables of `uasocial.toml`, and what each of their keys may be."""

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from uasocial.model.kinds import Id, Language, PlatformName, Zone
from uasocial.planning.cadences import Cadence
from uasocial.settings.kinds import Argument, Host, PersonName, SettingName
from uasocial.settings.site_table import SiteSettings

__all__ = [
    "After",
    "Colleague",
    "Event",
    "InstanceLimits",
    "LedgerPlace",
    "Settings",
    "Silence",
    "StatedAccount",
    "Team",
]

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
WEEK = 7 * UNITS["d"]
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
    site: SiteSettings = SiteSettings()
