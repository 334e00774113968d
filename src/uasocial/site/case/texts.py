"""The texts of a case ready to go, by platform, with the address that opens each composer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from uasocial.errors import UasocialError
from uasocial.model import Action, Draft
from uasocial.platforms import Instance, NoAddress, Platform
from uasocial.platforms.platform import quoted

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["FORWARDED", "PlatformTexts", "ReadyText", "Server", "drafts_of", "rows_of", "texts"]

# What goes from one person to others whom they choose: it shows nobody but to them.
FORWARDED = frozenset({"email", "line", "signal", "sms", "telegram", "viber", "whatsapp"})
# Holds the place of a server in an address; RFC 2606 keeps it from being anybody's.
_SERVER = "server.invalid"


class Server(NamedTuple):
    """One server of a network of servers, and the address of its composer."""

    host: str
    address: str


class ReadyText(NamedTuple):
    """A draft as a page hands it out.

    *before* and *after* stand around the text in its address: so a page makes the address of a
    text that was edited. Both are empty where the composer takes no text.
    """

    draft: Draft
    servers: tuple[Server, ...]
    before: str = ""
    after: str = ""

    @property
    def rows(self) -> int:
        return rows_of(self.draft.text)


class PlatformTexts(NamedTuple):
    """The wordings for one platform; *limits* are what a page counts by."""

    platform: Platform
    limits: dict[str, Any]
    ready: tuple[ReadyText, ...]

    @property
    def is_forwarded(self) -> bool:
        return self.platform.name in FORWARDED


def rows_of(text: str) -> int:
    """Return about how many lines a text takes on a phone."""
    # A line of 26 characters is what 320 pixels hold.
    return sum(1 + len(line) // 26 for line in text.split("\n"))


def drafts_of(
    kit: "Toolkit", action: Action, language: str, names: Sequence[str], left_out: list[str]
) -> list[Draft]:
    """Return the drafts that may be handed out; *left_out* gets what may not, by its codes."""
    said: list[str] = []
    made = [
        draft
        for platform in kit.choose(names)
        for draft in _one_by_one(kit, action, language, platform, said)
    ]
    said += _refused(action.id, language, [draft for draft in made if draft.errors()])
    left_out += dict.fromkeys(said)
    return [draft for draft in made if not draft.errors()]


def _refused(case: str, language: str, drafts: Iterable[Draft]) -> Iterator[str]:
    """Say which wordings are left out, once for all platforms on which the same is wrong."""
    platforms: dict[tuple[str, str], list[str]] = {}
    for draft in drafts:
        # What is wrong may be the very word that nobody is to read.
        codes = ", ".join(dict.fromkeys(problem.code for problem in draft.errors()))
        platforms.setdefault((draft.wording, codes), []).append(draft.platform)
    for (wording, codes), names in platforms.items():
        where = f"{case}: {language}, {wording}, {', '.join(names)}"
        yield f"{where}: {codes}; `uasocial check {case}` says what it is"


def _one_by_one(
    kit: "Toolkit", action: Action, language: str, platform: Platform, said: list[str]
) -> Iterator[Draft]:
    """Yield the drafts for a platform: a wording that cannot be rendered takes no other with it."""
    try:
        wordings = kit.wordings.find(action, language, platform.name, "appeal")
    except UasocialError as error:
        said.append(f"{action.id}: {language}: {error}")
        return
    for wording in wordings:
        try:
            yield from kit.drafts(action, [language], [platform], "appeal", wording.id)
        except UasocialError as error:
            said.append(f"{action.id}: {language}: {error}")


def texts(
    kit: "Toolkit", drafts: Iterable[Draft], servers: Sequence[str]
) -> Iterator[PlatformTexts]:
    """Put drafts together by platform, in the order in which they come."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.platform, []).append(draft)
    for name, found in groups.items():
        platform = kit.platform(name)
        ready = tuple(_ready(platform, draft, servers) for draft in found)
        limits = msgspec.to_builtins(platform.limits(kit.instance(platform)))
        kept = {key: limits[key] for key in ("rule", "length", "bytes", "url_length", "warning")}
        yield PlatformTexts(platform, kept, ready)


def _ready(platform: Platform, draft: Draft, servers: Sequence[str]) -> ReadyText:
    if not platform.servers:
        return ReadyText(draft, (), *_around(draft.share_url or "", draft.text))
    found = tuple(Server(host, _address(platform, draft, host)) for host in servers)
    around = _around(_address(platform, draft, _SERVER), draft.text)
    return ReadyText(draft, tuple(one for one in found if one.address), *around)


def _address(platform: Platform, draft: Draft, host: str) -> str:
    try:
        return platform.share(draft, Instance(host))
    except NoAddress:
        return ""


def _around(address: str, text: str) -> tuple[str, str]:
    """Return what stands before and after *text* in its address; empty where it does not."""
    for form in (text, text.replace("\n", "\r\n")):
        before, found, after = address.partition(quoted(form))
        if found and quoted(form) not in after:
            return before, after
    return "", ""
