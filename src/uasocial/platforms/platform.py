"""A platform: its name, its limits, and the address of its composer."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from msgspec import Struct, ValidationError, convert, to_builtins

from uasocial.model import Draft, Measure
from uasocial.platforms.counting import RULES, measure
from uasocial.platforms.limits import Instance, Limits

__all__ = ["NoAddress", "Platform", "share_address"]

Share = Callable[[Draft, Instance | None], str]


class NoAddress(Exception):  # noqa: N818 - a fact about the platform, no fault
    """There is no address that opens the composer with this draft; the message says why."""


def _copy(draft: Draft, instance: Instance | None) -> str:
    raise NoAddress("no address opens the composer with a text: copy it")


class Platform(Struct, frozen=True):
    """A place where a draft can go; pure: it never touches a network.

    *share* makes the address that opens the composer filled in, or raises NoAddress. *handles*
    names the platform whose handles may stand here, or is empty where a mention links nobody.
    *hint* tells what is left to do once the composer is open. *content_warnings* says that a post
    has a place for one; *servers* that `instance` in uasocial.toml names one of its servers.
    """

    name: str
    label: str
    default: Limits
    share: Share = _copy
    handles: str = ""
    hint: str = ""
    content_warnings: bool = False
    servers: bool = False

    def __post_init__(self) -> None:
        if self.default.rule not in RULES:
            raise ValueError(f"{self.name}: no counting rule {self.default.rule!r}: {list(RULES)}")

    def fault(self) -> str:
        """Say what is wrong with what a plugin put into this, or return ``""``."""
        if self.name == "all" or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", f"{self.name}"):
            return "must have a name of small letters, digits and _, and not `all`"
        shown: list[Any] = [self.label, self.handles, self.hint]
        if not all(isinstance(text, str) for text in shown):
            return "must have texts for its label, handles and hint"
        flags: list[Any] = [self.content_warnings, self.servers]
        if not all(isinstance(flag, bool) for flag in flags):
            return "must say True or False for content_warnings and servers"
        try:
            convert(to_builtins(self.default), Limits)
        except (ValidationError, TypeError) as error:
            return f"has limits that are none: {error}"
        share: Any = self.share
        return "" if callable(share) else "has no function that makes its address"

    def limits(self, instance: Instance | None = None) -> Limits:
        return self.default.at(instance)

    def measure(self, text: str, instance: Instance | None = None, warning: str = "") -> Measure:
        return measure(text, self.limits(instance), warning)


def share_address(address: str, **parameters: str) -> str:
    """Return *address* with *parameters*, encoded so that every composer reads them alike.

    A space is %20, never +, and nothing but letters, digits and ``_.-~`` stays bare (RFC 3986).
    """
    query = "&".join([f"{name}={quoted(value)}" for name, value in parameters.items()])
    return f"{address}?{query}"


class _Percent(dict[int, str]):
    """What each character is in an address; `quote`, asked once for each and remembered."""

    def __missing__(self, code: int) -> str:
        self[code] = quote(chr(code), safe="")
        return self[code]


_PERCENT = _Percent()


@lru_cache(maxsize=128)
def quoted(value: str) -> str:
    """Return what `urllib.parse.quote` with nothing safe returns, in a fifth of its time."""
    return value.translate(_PERCENT)
