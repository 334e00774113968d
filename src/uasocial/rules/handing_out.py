"""Whether a case may be handed out at a moment: its end, its embargo, its days."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from uasocial.model import Action, Facts, Person
from uasocial.model.draft import AFTERWARDS
from uasocial.rules.consent import day_without, spellings
from uasocial.rules.rule import Days
from uasocial.text.names import holds

__all__ = ["named_in", "refusal", "spread", "unsayable", "untrue", "withheld"]


def refusal(action: Action, occasion: str, now: datetime, today: date) -> str:
    """Say why nothing of *action* may be handed out for *occasion*, or return ``""``.

    *now* is aware; *today* is the date where it is latest, for target and publisher alike.
    """
    facts = action.facts
    if _under_embargo(facts, now):
        return _under_embargo(facts, now)
    if _tells_how_it_ended(facts, occasion):
        return ""
    return _after_its_end(facts, occasion) or _out_of_time(facts, today)


def withheld(action: Action, now: datetime) -> str:
    """Say why the words of *action* must not even be looked at as drafts, or return ``""``."""
    ended = action.facts.ended
    if ended is not None and ended.how == "withdrawn":
        return f"was withdrawn on {ended.on}; its words are not shown"
    return _under_embargo(action.facts, now)


def _under_embargo(facts: Facts, now: datetime) -> str:
    if facts.embargo is None or now >= facts.embargo:
        return ""
    return f"is under embargo until {facts.embargo.isoformat(' ', 'minutes')}"


def _after_its_end(facts: Facts, occasion: str) -> str:
    if facts.ended is None:
        if facts.kind in ("stop", "good-news") and occasion not in AFTERWARDS:
            return f"is a document of the kind {facts.kind!r}: it asks nobody to act"
        return ""
    how = {"stop": "was stopped", "withdrawn": "was withdrawn"}.get(facts.ended.how, "was closed")
    return f"{how} on {facts.ended.on}; nothing of it is handed out"


def _out_of_time(facts: Facts, today: date) -> str:
    if today < facts.active_since:
        return f"begins on {facts.active_since}; nothing of it is handed out before"
    if today > facts.last_day:
        return (
            f"the last day to act was {facts.last_day}; nothing of it is handed out any more "
            f"(to look at it as on a day before: --as-of {facts.last_day})"
        )
    return ""


def _tells_how_it_ended(facts: Facts, occasion: str) -> bool:
    ended = facts.ended
    return ended is not None and ended.how in ("good-news", "closed") and occasion in AFTERWARDS


def untrue(action: Action, chosen: Iterable[str], occasion: str, today: date) -> str:
    """Say why what *occasion* says is not so on that day, or return ``""``."""
    last = action.facts.last_day
    if occasion == "last-day" and today != last:
        return f"today is not the last day: that is {last}; `reminder` tells the days that are left"
    if occasion == "good-news":
        lacking = [language for language in chosen if not action.words[language].outcome]
        if lacking:
            return f"no good news is on record: write `outcome` into {lacking[0]}.yaml first"
    return ""


def unsayable(action: Action, text: str, days: Days) -> str:
    """Say why *text* may go to nobody, whomever it names or whatever it holds, or return ``""``."""
    for word in action.facts.do_not_post:
        if holds(text, word):
            return f"holds {word!r}, which is not to be posted"
    for person in named_in(action, text):
        if day_without(person, {"name"}, days.of_consent(action.facts)):
            return f"names {person.name}, without consent to that"
    return ""


def named_in(action: Action, text: str) -> Iterator[Person]:
    """Yield the people at risk whom *text* names, whatever they have allowed."""
    for person in action.facts.people:
        if not person.group and any(holds(text, name) for name in spellings(person)):
            yield person


def spread(name: str) -> str:
    """Return the name of a file or folder as it is read: in an address, and as words."""
    return f"/{name} {name.replace('-', ' ').replace('_', ' ')}"
