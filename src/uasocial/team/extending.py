"""The last day of an action moved, by a named person; what still says the old one is frozen."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from uasocial import accounts, languages, stopping
from uasocial.errors import Refused, UasocialError
from uasocial.languages.reading import read_days
from uasocial.model import Action, Facts, files, tree, writing
from uasocial.model.folders import replace_file
from uasocial.model.post import MOVABLE, OPEN
from uasocial.outbox import history
from uasocial.outbox.approvals import void
from uasocial.outbox.exporting import items
from uasocial.outbox.tables import deliveries, posts

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from uasocial.outbox.exporting import Item
    from uasocial.toolkit import Toolkit

__all__ = ["NOTE", "Extended", "extend", "look", "says_old"]

# How an extension stands in the notes of a case; the history of the case reads it again.
NOTE = re.compile(
    r"(?P<on>\d{4}-\d{2}-\d{2}): (?P<by>.{1,120}) moved the last day from (?P<from>[\d-]{10}) "
    r"to (?P<to>[\d-]{10}): (?P<why>.*)",
    re.DOTALL,
)
# Occasions that speak of how much time is left.
_OF_TIME = ("reminder", "last-day")


class Extended(NamedTuple):
    """What became of a last day: what is *frozen* of it, and what stays *bound* to the old one.

    *under_way* says the old day and is being sent just now, out of reach.
    """

    before: date
    after: date
    frozen: "list[Item]"
    under_way: "list[Item]"
    bound: int
    words_gone: bool


class _Change(NamedTuple):
    """A new text of `action.yaml`, and the facts before and after it."""

    path: "Path"
    text: str
    before: Facts
    after: Facts


def extend(kit: "Toolkit", name: str, until: date, by: str, why: str) -> Extended:
    """Move the last day of an action to *until*; raise Refused where that is not later.

    The ledger comes first here, as with whatever loosens: what is half extended ends as it did.
    """
    change = _changed(kit, kit.action(name), until, by, why)
    ledger = accounts.ledger_of(kit)
    with ledger.write() as connection:
        frozen, under_way, bound = _pending(connection, name, change)
        day = change.before.last_day
        said = f"it says the old last day, {day}, or counts to it: the action was extended"
        void(ledger, connection, [one.delivery for one in frozen], by, said)
        history.extended(ledger, connection, name, by, (str(day), str(until)))
    replace_file(change.path, change.text)
    return _told(change, frozen, under_way, bound)


def look(kit: "Toolkit", name: str, until: date, by: str, why: str) -> Extended:
    """Say what moving the last day would do, and do nothing of it."""
    change = _changed(kit, kit.action(name), until, by, why)
    if not accounts.has_ledger(kit):
        return _told(change, [], [], 0)
    with accounts.ledger_of(kit).read() as connection:
        return _told(change, *_pending(connection, name, change))


def _told(change: _Change, frozen: "list[Item]", under_way: "list[Item]", bound: int) -> Extended:
    days = (change.before.last_day, change.after.last_day)
    return Extended(*days, frozen, under_way, bound, bool(change.before.deadline_words))


# --- the file ----------------------------------------------------------------------------------


def _changed(kit: "Toolkit", action: Action, until: date, by: str, why: str) -> _Change:
    """Return what `action.yaml` will say; raise where the last day may not be moved to *until*."""
    facts, name = action.facts, action.id
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    if facts.ended is not None:
        raise Refused(f"{name}: has ended: `uasocial reopen {name}` first, if that is meant")
    if until <= facts.last_day:
        raise Refused(
            f"{name}: its last day is {facts.last_day} already: it can only be moved to a later one"
        )
    if until < kit.today(action):
        raise Refused(f"{name}: {until} is over: give a day to come")
    path = stopping.facts_of(kit, name)
    present: dict[str, Any] = tree.read(path).value
    wanted = {**present, **_wanted(present, facts, until, _note(kit, facts, until, by, why))}
    wanted.pop("deadline_words", None)
    with path.open(encoding="utf-8", newline="") as file:
        text = writing.revise(file.read(), wanted, path)
    after = files.decode(tree.parse(text.removeprefix("\ufeff"), path), Facts, kit.now.date())
    return _Change(path, text, facts, after)


def _wanted(present: dict[str, Any], facts: Facts, until: date, note: str) -> dict[str, Any]:
    # "Before 3 January" stays so: the day of the deadline is then the one after the last.
    deadline = until if facts.deadline_inclusive else until + timedelta(days=1)
    return {"deadline": str(deadline), "notes": [*present.get("notes", ()), note]}


def _note(kit: "Toolkit", facts: Facts, until: date, by: str, why: str) -> str:
    day = kit.actual.date()
    return f"{day}: {by} moved the last day from {facts.last_day} to {until}: {why}"


# --- what is pending ---------------------------------------------------------------------------


def _pending(
    connection: "Connection", name: str, change: _Change
) -> "tuple[list[Item], list[Item], int]":
    """List what says the old day and can be frozen, and what is under way; count all the others."""
    where = [posts.c.action == name, posts.c.last_moment.is_not(None)]
    chosen = (*where, deliveries.c.state.in_((*MOVABLE, *OPEN)))
    # What is true for some of the days alone counts them, or says which one it is.
    dated = sa.or_(posts.c.true_until < posts.c.last_moment, posts.c.true_from.is_not(None))
    counting = set(
        connection.scalars(
            sa.select(deliveries.c.id)
            .join(posts, posts.c.id == deliveries.c.post)
            .where(*chosen, dated)
        )
    )
    found = list(items(connection, chosen))
    stale = [one for one in found if one.delivery in counting or _is_stale(one, change.before)]
    frozen = [one for one in stale if one.state in MOVABLE]
    under_way = [one for one in stale if one.state in OPEN]
    return frozen, under_way, len(found) - len(stale)


def _is_stale(item: "Item", facts: Facts) -> bool:
    """Tell whether a post speaks of how much time is left, or says the old day."""
    said = "\n".join((item.content_warning, item.text or "", *item.alts))
    return item.occasion in _OF_TIME or says_old(said, item.language, facts)


def says_old(text: str, language: str, facts: Facts) -> bool:
    """Tell whether a text says the deadline or the last day, in words or in figures."""
    days = {facts.last_day, facts.deadline}
    if any(day in days for day, _ in read_days(text, language)):
        return True
    folded = text.casefold()
    return any(re.search(form, folded) for day in days for form in _forms(day, language))


def _forms(day: date, language: str) -> Iterator[str]:
    """Yield patterns of a day without its year: 14 January, January 14, 14.1., 14/01, 01/14."""
    for tag in {language, "en-US"} if language.startswith("en") else {language}:
        written = languages.day(day, tag).casefold().replace(f"{day.year}", "")
        bare = re.sub(r"\s(?:de|del|of|do)\s*$", "", written).strip(" ,.،")
        # Who writes French by hand may leave out the ending of the first.
        form = re.escape(bare).replace("1er", "1(?:er)?")
        yield rf"(?<!\d){form}(?![^\W_])"
    yield rf"(?<!\d)0?{day.day}[./]\s?0?{day.month}(?!\d)"
    yield rf"(?<!\d)0?{day.month}/0?{day.day}(?!\d)"
