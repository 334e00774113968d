"""An action stopped, withdrawn, opened again: in its files, and on the ledger of all machines.

Files come first, for what only reads obeys them; the ledger is what every send obeys. Each may only
tighten: what one of them forbids is forbidden, whatever the other says.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from uasocial.accounts import ledger_of, opener
from uasocial.day_ends import midnight_after, zones_of
from uasocial.errors import NotFound, UasocialError
from uasocial.model import Action, tree, writing
from uasocial.model.post import MOVABLE
from uasocial.outbox import ending, stopping
from uasocial.outbox.choosing import Chosen, choose
from uasocial.outbox.controls import Control, Kind, Scope
from uasocial.outbox.deliveries import change, named
from uasocial.outbox.stopping import Deleted, Stopped
from uasocial.rules.consent import consents, spellings

if TYPE_CHECKING:
    from pathlib import Path

    from uasocial.model import Person
    from uasocial.outbox.exporting import Item
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = [
    "CLOSED",
    "Outcome",
    "Tightened",
    "assert_known",
    "cancel",
    "delete_live",
    "facts_of",
    "how_of",
    "ids",
    "knows",
    "lift_words",
    "pause",
    "reopen",
    "reopen_all",
    "resume",
    "stop",
    "stop_everything",
    "tighten",
    "words_of",
]

# A name in a post, where everybody reads it, needs both.
PUBLIC = {"name", "social-media"}

How = Literal["stop", "withdrawn"]
# How an action has ended that may still thank, and tell good news.
CLOSED = ("good-news", "closed")
_STOPS: dict[str, Kind] = {"stop": "stop", "withdrawn": "withdraw"}


class Outcome(NamedTuple):
    """How far a stop has come: what kept it from the files, or from the ledger, else ``""``."""

    files: str
    ledger: str
    found: Stopped

    @property
    def whole(self) -> bool:
        return not (self.files or self.ledger)


class Tightened(NamedTuple):
    """The actions that the ledger now holds for *stopped*, and those whose files are *unread*."""

    stopped: list[str]
    unread: list[str]


def stop(kit: "Toolkit", name: str, by: str, why: str, how: How = "stop") -> Outcome:
    """End an action in every language; neither a broken file nor a lost ledger keeps the other.

    Raise NotFound where neither knows the action. Safe to repeat. The reason of a withdrawal
    stands on the ledger alone, for the files go far.
    """
    ended = {"how": how, "on": str(kit.actual.date()), "by": by}
    files = _write_end(kit, name, ended if how == "withdrawn" else {**ended, "why": why})
    return _on_ledger(kit, Control(_STOPS[how], "action", name, by, why), files)


def stop_everything(kit: "Toolkit", by: str, why: str) -> Outcome:
    """Stop all actions with one control; no file is touched."""
    return _on_ledger(kit, Control("stop", "all", "", by, why), "")


def _on_ledger(kit: "Toolkit", control: Control, files: str) -> Outcome:
    try:
        ledger = ledger_of(kit)
        if control.scope == "action":
            assert_known(kit, ledger, control.name)
        return Outcome(files, "", stopping.stop(ledger, control))
    except NotFound:
        raise
    except UasocialError as error:
        return Outcome(files, str(error), Stopped(0, [], [], []))


def assert_known(kit: "Toolkit", ledger: "Ledger", name: str) -> None:
    """Raise NotFound for an action that neither the files nor the ledger know."""
    known = kit.action_ids()
    if name not in known and not stopping.knows(ledger, name):
        raise NotFound("action", name, known)


def _write_end(kit: "Toolkit", name: str, ended: dict[str, str]) -> str:
    """Write how an action ended, unless its file says so already; return what is in the way."""
    if name not in kit.action_ids():
        return ""
    if kit.project.root is None:
        return f"{name}: the sample stays as it is"
    try:
        if how_of(kit, name) not in ("withdrawn", ended["how"]):
            writing.edit(facts_of(kit, name), {"ended": ended})
    except UasocialError as error:
        return str(error)
    return ""


def facts_of(kit: "Toolkit", name: str) -> "Path":
    """Return the file in which it stands how an action ended."""
    return kit.project.actions / name / "action.yaml"


def how_of(kit: "Toolkit", name: str) -> str:
    """Return how an action ended by its file, whatever else may be wrong in it."""
    found = tree.read(facts_of(kit, name)).value
    ended = found.get("ended") if isinstance(found, dict) else None
    return str(ended.get("how", "")) if isinstance(ended, dict) else ""


def reopen(kit: "Toolkit", name: str, by: str, why: str) -> int:
    """Lift what has ended an action, and plan nothing again; return how many there were.

    The ledger comes first here: what is half opened is still stopped.
    """
    ledger = ledger_of(kit)
    assert_known(kit, ledger, name)
    kinds: tuple[Kind, ...] = ("stop", "withdraw", "close")
    lifted = stopping.lift(ledger, kinds, Control("stop", "action", name, by, why))
    if name not in kit.action_ids() or kit.project.root is None:
        return lifted
    if not how_of(kit, name):
        return lifted
    writing.edit(facts_of(kit, name), {"ended": None})
    return max(lifted, 1)


def reopen_all(kit: "Toolkit", by: str, why: str) -> int:
    """Lift the stop of everything; what stopped an action of its own stays."""
    return stopping.lift(ledger_of(kit), ("stop",), Control("stop", "all", "", by, why))


def tighten(
    kit: "Toolkit",
    by: str,
    ledger: "Ledger | None" = None,
    names: Collection[str] | None = None,
) -> Tightened:
    """Put on the ledger what files have ended and it has not yet, one action after the other.

    *names* are the actions to look at; else all of which something may still go out.
    """
    ledger, found = ledger or ledger_of(kit), Tightened([], [])
    known = set(kit.action_ids())
    chosen = stopping.pending_actions(ledger) if names is None else names
    known_ends = ending.standing(ledger, chosen)
    for name in chosen:
        try:
            how = how_of(kit, name) if name in known else ""
        except UasocialError:
            found.unread.append(name)
            continue
        if how in _STOPS:
            stopping.stop(ledger, Control(_STOPS[how], "action", name, by, "its files say so"))
            found.stopped.append(name)
        elif how in CLOSED and "close" not in known_ends.get(name, ()):
            ending.close(ledger, Control("close", "action", name, by, "its files say so"))
            found.stopped.append(name)
    return found


def delete_live(kit: "Toolkit", items: "Iterable[Item]", by: str) -> Iterator[Deleted]:
    """Take live posts back, one by one; each is on record before the next is tried."""
    ledger, open_account = ledger_of(kit), opener(kit)
    for item in items:
        yield stopping.delete(ledger, item, by, open_account)


def knows(kit: "Toolkit", scope: Literal["action", "account"], name: str) -> bool:
    """Tell whether an action or an account was ever on the ledger."""
    asked = stopping.knows if scope == "action" else stopping.knows_account
    return asked(ledger_of(kit), name)


# --- what waits, and what is cancelled ---------------------------------------------------------


def pause(  # noqa: PLR0913, PLR0917 - a control, and where it stands
    kit: "Toolkit", scope: Scope, name: str, by: str, why: str, kind: Kind = "pause"
) -> bool:
    """Let wait what is planned in a scope; False where it waits already."""
    return stopping.pause(ledger_of(kit), Control(kind, scope, name, by, why))


def resume(kit: "Toolkit", scope: Scope, name: str, by: str, why: str) -> int:
    """Lift the pauses of a scope; return how many there were."""
    return stopping.resume(ledger_of(kit), Control("pause", scope, name, by, why))


def lift_words(kit: "Toolkit", name: str, by: str, why: str) -> int:
    """Lift the words that an action must not post; those in its files come back at once."""
    return stopping.lift(ledger_of(kit), ("word",), Control("word", "action", name, by, why))


def cancel(kit: "Toolkit", chosen: Chosen, by: str, why: str) -> list[str]:
    """Cancel deliveries that are named, or all of a scope that is pending; all of it or nothing."""
    ledger = ledger_of(kit)
    with ledger.write() as connection:
        ids = choose(connection, chosen, MOVABLE)
        for one in ids:
            change(ledger, connection, one, "cancelled", by, why=why)
    return ids


def ids(kit: "Toolkit", names: Sequence[str]) -> list[str]:
    """Return the ids of deliveries that are named by their beginnings."""
    with ledger_of(kit).read() as connection:
        return list(dict.fromkeys(named(connection, name).id for name in names))


# --- words -------------------------------------------------------------------------------------


def words_of(action: Action, now: datetime) -> list[tuple[str, datetime | None]]:
    """Return what no post of an action may hold, each from a moment on, or at once.

    The names of persons, in every spelling, stand among them unless they allow it, and from the
    end of what they allow; on its last day that ends where the day ends first.
    """
    words: list[tuple[str, datetime | None]] = [(word, None) for word in action.facts.do_not_post]
    zones = zones_of(action, now.tzinfo)
    for person in action.facts.people:
        if person.group:
            continue
        until = _last_day(person, max(now.astimezone(zone).date() for zone in zones))
        if until is date.max:
            continue
        starts = midnight_after(until, zones) if until else None
        words += [(name, starts) for name in spellings(person)]
    return list(dict.fromkeys(words))


def _last_day(person: "Person", today: date) -> date | None:
    """Return the last day from *today* on which a name may be posted; None where not even today.

    ``date.max`` is no end.
    """
    ends = {consent.expires_on for consent in person.consents if consent.expires_on}
    if not consents(person, today) >= PUBLIC:
        return None
    for end in sorted(end for end in ends if end >= today):
        if not consents(person, end + timedelta(days=1)) >= PUBLIC:
            return date.fromordinal(end.toordinal())
    return date.max
