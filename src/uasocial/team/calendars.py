"""The plan as a calendar: each post at its moment, and the last moment of each action.

A calendar is synchronized to phones and shared: numbers and names of accounts stand in it, and
never a person or a text.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from uasocial import placing
from uasocial.accounts import has_ledger, ledger_of
from uasocial.day_ends import midnight_after, zones_of
from uasocial.errors import NotFound, UasocialError
from uasocial.outbox import seeing
from uasocial.planning.calendar import LENGTH, Event, calendar

if TYPE_CHECKING:
    from uasocial.model import Action
    from uasocial.outbox.seeing import Seen
    from uasocial.toolkit import Toolkit

__all__ = ["MOST", "Made", "made", "write"]

# More than anybody looks at, and what a calendar reads in a moment.
MOST = 1000
# What is over for longer has been read by every calendar that follows the file.
BACK = timedelta(days=31)
# What will not go out any more.
OFF = ("cancelled", "failed", "rejected")
BEGINNING = b"BEGIN:VCALENDAR"


class Made(NamedTuple):
    """A calendar; *cut* tells that there is more than it holds, *unread* whose files are wrong."""

    data: bytes
    total: int
    cut: bool
    unread: list[str]


def made(kit: "Toolkit", action: str | None = None) -> Made:
    """Make a calendar of what is planned, of an action or of all; raise NotFound."""
    found = seeing.upcoming(ledger_of(kit), action, BACK, MOST + 1) if has_ledger(kit) else []
    if action is not None and not found and action not in kit.action_ids():
        raise NotFound("action", action, kit.action_ids())
    shown, unread = found[:MOST], list[str]()
    sequences = seeing.sequences(ledger_of(kit), [one.id for one in shown]) if shown else {}
    names = dict.fromkeys([*([action] if action else []), *(one.action for one in shown)])
    actions = list(_read(kit, names, unread))
    hidden = set(names) - {one.id for one in actions if not _is_withdrawn(kit, one)}
    events = [_post(one, sequences.get(one.id, 0), hidden) for one in shown]
    events += [_deadline(kit, one, hidden) for one in actions]
    of = f" of {action}" if action and action not in hidden else ""
    data = calendar(events, f"Plan{of}", kit.actual)
    return Made(data, len(events), len(found) > MOST, unread)


def write(path: Path, data: bytes) -> None:
    """Write a calendar, in place of an older one; any other file stays."""
    placing.put_file(path, data, lambda start: start.startswith(BEGINNING))


def _is_withdrawn(kit: "Toolkit", action: "Action") -> bool:
    """Tell whether files or ledger keep the words of an action to themselves.

    Of one whose files cannot be read here nobody knows what they forbid.
    """
    if kit.is_withdrawn(action):
        return True
    return has_ledger(kit) and seeing.ended(ledger_of(kit), action.id) == "withdraw"


def _named(number: str, action: str, hidden: set[str]) -> str:
    """Return what an action is called; the folder's name may be that of a person."""
    return number or ("an action without a number" if action in hidden else action)


def _post(one: "Seen", sequence: int, hidden: set[str]) -> Event:
    named = _named(one.number, one.action, hidden)
    # The name of a wording may be that of a person, too.
    wording = () if one.action in hidden else (one.wording,)
    off = one.state in OFF or one.deleted_at is not None
    note = f"{one.account}: {one.state.replace('_', ' ')} ({one.id[:8]})"
    return Event(
        uid=f"{one.id}@uasocial",
        at=one.sent_at or one.planned_for,
        summary="  ".join((named, one.language, one.platform, *wording)),
        note=note if one.deleted_at is None else f"{note}, and deleted",
        url=one.permalink if one.permalink.startswith("https://") else "",
        sequence=sequence,
        cancelled=off,
    )


def _read(kit: "Toolkit", names: Iterable[str], unread: list[str]) -> "Iterator[Action]":
    """Yield the actions that there still are; say of each that cannot be read why."""
    known = set(kit.action_ids())
    for name in names:
        try:
            if name in known:
                yield kit.action(name)
        except UasocialError as error:
            unread.append(str(error))


def _deadline(kit: "Toolkit", action: "Action", hidden: set[str]) -> Event:
    facts = action.facts
    end = midnight_after(facts.last_day, zones_of(action, kit.now.tzinfo))
    changed = (action.folder / "action.yaml").stat().st_mtime
    return Event(
        uid=f"{hashlib.sha256(action.id.encode()).hexdigest()[:32]}@uasocial",
        at=end - LENGTH,
        summary=f"{_named(str(facts.number or ''), action.id, hidden)}  last day to act",
        # Minutes, for RFC 5545 ends its integers at 2147483647.
        sequence=int(changed // 60),
        cancelled=facts.ended is not None,
    )
