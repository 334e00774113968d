"""Who holds an office now: recorded, and whatever still names the one before, found and frozen.

Files come first, then the ledger; all of it is safe to repeat.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial.errors import NotFound, Place, UasocialError, nearest, printable
from uasocial.importing import Change
from uasocial.model import Action, Facts, Holder, Target, files, folders, tree, writing
from uasocial.team import freezing
from uasocial.team.freezing import Frozen
from uasocial.text.names import folded, holds, readable
from uasocial.words import handles_in

if TYPE_CHECKING:
    from uasocial.outbox.pending import Pending
    from uasocial.toolkit import Toolkit

__all__ = ["Succession", "Successor", "confirm", "freeze", "succession", "write"]

FACTS = "action.yaml"
# A shorter part of a name is a word of many languages, too.
MIN_SURNAME = 4


class Successor(NamedTuple):
    """Who holds an office from the day *since* on, and how to address the person."""

    name: str
    since: date
    handles: Mapping[str, str]
    salutation: Mapping[str, str]


class Succession(NamedTuple):
    """A new holder, and nothing of it written yet.

    *former* held the office, *current* are the holders of all offices; *change* is None where the
    file says so already; *places* are where something of the former ones stands word for word.
    *warning* is what a person must look at.
    """

    action: str
    target: str
    holder: Holder
    former: list[Holder]
    current: list[Holder]
    change: Change | None
    places: list[Place]
    since: date
    warning: str


# --- a new holder ------------------------------------------------------------------------------


def succession(kit: "Toolkit", name: str, target: str, new: Successor) -> Succession:
    """Say what a new holder changes; raise UasocialError where that cannot be."""
    action = kit.action(name)
    number, office = _target(action, target)
    _assert_platforms(kit, new)
    old = office.holder(new.since)
    content = _content(action)
    if old is None or folded(old.name) != folded(new.name):
        _succeed(content["targets"][number], office, old, new, kit.today(action))
    else:
        _complete(content["targets"][number]["holders"], office, old, new, kit.today(action))
    change, facts = _changed(action, content, kit.now.date())
    now = facts.targets[number].holder(new.since)
    if now is None:
        raise UasocialError(f"{name}: nobody would hold {target!r} on {new.since}: mend `until`")
    current = [h for t in facts.targets if (h := t.holder(new.since))]
    former = _former(facts.targets[number], current, new.since)
    marks = [_Marks(holder, now, current) for holder in former]
    places = list(_places(action, change, marks))
    warning = _unsaid(action, old, now) if old and old is not now else ""
    return Succession(name, target, now, former, current, change, places, new.since, warning)


def _target(action: Action, name: str) -> tuple[int, Target]:
    for number, target in enumerate(action.facts.targets):
        if target.id == name:
            return number, target
    raise NotFound("target", name, (target.id for target in action.facts.targets))


def _assert_platforms(kit: "Toolkit", new: Successor) -> None:
    for platform in new.handles:
        hint = nearest(platform, kit.platforms) if platform not in kit.platforms else ""
        if hint:
            raise UasocialError(printable(f"no platform {platform!r}{hint}"))


def _content(action: Action) -> dict[str, Any]:
    """Return what action.yaml says, to be changed: nothing of it is the action's own any more."""
    content: dict[str, Any] = dict(action.trees[""].value)
    content["targets"] = [
        {**target, "holders": [dict(holder) for holder in target.get("holders", [])]}
        for target in content["targets"]
    ]
    return content


def _succeed(
    target: dict[str, Any], office: Target, old: Holder | None, new: Successor, today: date
) -> None:
    """Give the one before a last day, and list the new one behind all others."""
    if old is not None:
        _assert_later(old, new)
        last = {"until": (new.since - timedelta(days=1)).isoformat()}
        target["holders"][office.holders.index(old)] |= last
    target["holders"].append(
        {
            "name": new.name,
            "handles": dict(new.handles),
            "salutation": dict(new.salutation),
            "confirmed_on": today.isoformat(),
            "since": new.since.isoformat(),
        }
    )


def _assert_later(old: Holder, new: Successor) -> None:
    if old.since is not None and new.since <= old.since:
        raise UasocialError(
            printable(f"{old.name} has held the office since {old.since}: give a later --since")
        )


def _complete(
    holders: list[dict[str, Any]], office: Target, old: Holder, new: Successor, today: date
) -> None:
    """Add what is told of a person who is on record already."""
    known = holders[office.holders.index(old)]
    known["handles"] = {**known.get("handles", {}), **new.handles}
    known["salutation"] = {**known.get("salutation", {}), **new.salutation}
    known["confirmed_on"] = today.isoformat()


def _changed(action: Action, content: dict[str, Any], today: date) -> tuple[Change | None, Facts]:
    """Return what changes in action.yaml, and the facts that it then holds."""
    path = action.folder / FACTS
    with path.open(encoding="utf-8", newline="") as file:
        before = file.read()
    after = writing.revise(before, content, path)
    facts = files.decode(tree.parse(after.removeprefix("\ufeff"), path), Facts, today)
    return (Change(FACTS, before, after) if after != before else None), facts


def _former(target: Target, current: Sequence[Holder], day: date) -> list[Holder]:
    now = {folded(holder.name) for holder in current}
    return [h for h in target.holders if not h.holds(day) and folded(h.name) not in now]


def _unsaid(action: Action, old: Holder, new: Holder) -> str:
    lacking = [tag for tag in old.salutation if tag not in new.salutation and tag in action.words]
    said = f"no salutation in {', '.join(lacking)}: add it with --salutation TAG=TEXT"
    return said if lacking else ""


def write(kit: "Toolkit", action: str, change: Change) -> None:
    """Write who holds the offices of an action."""
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    folders.replace_case(kit.project.actions, action, {change.name: change.after})


def confirm(kit: "Toolkit", name: str, target: str) -> tuple[Holder, Change | None]:
    """Say that who holds an office was looked up today; nothing is written yet."""
    action = kit.action(name)
    number, office = _target(action, target)
    today = kit.today(action)
    holder = office.holder(today)
    if holder is None:
        raise UasocialError(f"{name}: nobody holds {target!r} today: name one with --new-holder")
    content = _content(action)
    known = content["targets"][number]["holders"][office.holders.index(holder)]
    known["confirmed_on"] = today.isoformat()
    change, _ = _changed(action, content, kit.now.date())
    return holder, change


# --- where somebody is named -------------------------------------------------------------------


class _Marks:
    """How one knows a former holder by: names, handles and salutations that nobody else has."""

    def __init__(self, old: Holder, new: Holder, current: Sequence[Holder]) -> None:
        others = [holder.name for holder in current]
        surname = old.name.rpartition(" ")[2]
        names = [old.name, surname] if len(surname) >= MIN_SURNAME else [old.name]
        kept = {h.casefold() for holder in current for h in holder.handles.values()}
        self._names = [name for name in names if not any(holds(other, name) for other in others)]
        self._handles = {h.casefold() for h in old.handles.values()} - kept
        said = old.salutation.items()
        self._salutations = [text for tag, text in said if new.salutation.get(tag) != text]
        self._links = [re.compile(rf"/@?{re.escape(h)}(?![\w.-])") for h in self._handles]

    def named(self, text: str, handles: Sequence[str] = ()) -> str:
        """Return by what a text names the holder, or ``""``."""
        known = {handle.casefold(): handle for handle in (*handles, *handles_in(text))}
        found = next((known[handle] for handle in known if handle in self._handles), "")
        if found:
            return f"@{found}"
        whole = readable(text).casefold()
        link = next((hit for link in self._links if (hit := link.search(whole))), None)
        if link:
            return link[0]
        return next((name for name in self._names if holds(text, name)), "")

    def addressed(self, text: str) -> str:
        """Return by what a text names or addresses the holder, or ``""``."""
        said = (t for t in self._salutations if folded(t) in folded(text))
        return self.named(text) or next(said, "")


def _places(action: Action, change: Change | None, marks: Sequence[_Marks]) -> Iterator[Place]:
    """Yield each text of the case that names a former holder word for word, with its line."""
    for language, present in action.trees.items():
        source = present
        if not language and change:
            source = tree.parse(change.after.removeprefix("\ufeff"), present.path)
        lines = _lines(change.after if not language and change else _text(present.path))
        starts = sorted(set(source.lines.values()))
        for at, text in _texts(source.value):
            if not language and _is_of_holder(at):
                continue
            by = next(filter(None, (mark.addressed(text) for mark in marks)), "")
            if by:
                first = source.line(at)
                after = bisect_right(starts, first)
                last = starts[after] - 1 if after < len(starts) else len(lines)
                line = _line(lines, first, last, marks)
                yield Place(present.path, line, f"{_said(at)} has {by!r}")


def _texts(value: Any, at: tree.At = ()) -> Iterator[tuple[tree.At, str]]:
    if isinstance(value, str):
        # A handle in a list of them stands without its @.
        yield at, f"@{value}" if at[:1] == ("mentions",) else value
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from _texts(inner, (*at, key))


def _is_of_holder(at: tree.At) -> bool:
    """Tell whether a place belongs to a holder, or to what is no text."""
    return (at[:1] == ("targets",) and "holders" in at) or at[:1] in (("sources",), ("notes",))


def _said(at: tree.At) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in at)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").splitlines()


def _line(lines: Sequence[str], first: int, last: int, marks: Sequence[_Marks]) -> int:
    """Return the line, between two, that names somebody; the first where none does by itself."""
    numbers = range(first, min(last, len(lines)) + 1)
    hits = (n for n in numbers if any(mark.addressed(lines[n - 1]) for mark in marks))
    return next(hits, first)


# --- on the ledger -----------------------------------------------------------------------------


def freeze(kit: "Toolkit", found: Succession, by: str, *, dry_run: bool = False) -> Frozen:
    """Freeze what is pending and names a former holder, from the day of the change on.

    It goes out again only when somebody has looked at it. With *dry_run* it is only listed.
    """
    marks = [_Marks(holder, found.holder, found.current) for holder in found.former]

    def names_former(one: "Pending") -> bool:
        if one.send_before.astimezone(kit.now.tzinfo).date() < found.since:
            return False
        return any(mark.named("\n".join(one.texts), one.handles) for mark in marks)

    why = f"{found.target}: {found.holder.name} holds the office since {found.since}"
    return freezing.freeze(kit, found.action, names_former, by, why, dry_run=dry_run)
