"""Rules for drafts: each has a code, and a sentence that says what is wrong and what to do."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from uasocial.model import Action, Draft, Person, Problem
from uasocial.plugins import hookimpl
from uasocial.words import handles_in

__all__ = ["RULES", "Days", "DraftRules"]

# Shorter words would be found in others once the spaces are gone.
MIN_BARE = 4


class Days(NamedTuple):
    """The day a draft is for, and the day it is: a rehearsal sets the first, never the second."""

    today: date
    actual: date


Rule = Callable[[Draft, Action, Days], Iterator[Problem]]

# What a person cannot see, or what no platform can take: also when a plugin brought it in.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def too_long(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    if draft.fits:
        return
    if draft.limit is not None and draft.length > draft.limit:
        over = draft.length - draft.limit
        yield Problem("D001", f"is {over} too long ({draft.length} of {draft.limit}): shorten it")
    elif not draft.text:
        yield Problem("D001", "is empty: write a text")
    else:
        yield Problem("D001", "is within the length, and still the platform would refuse it")


def hidden_characters(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    found = _HIDDEN.search(draft.text)
    if found:
        yield Problem("D002", f"holds the character U+{ord(found[0]):04X}: take it out")


def strange_mentions(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    """A post mentions only its targets and who is listed, by their handles on that platform."""
    handles = handles_in(draft.text)
    if not handles:
        return
    allowed = {handle.casefold() for handle in _allowed(action, draft.handles, days.today)}
    for handle in handles:
        if handle.casefold() not in allowed:
            yield Problem(
                "D003",
                f"mentions @{handle}, which is no target's handle on {draft.platform} and not in "
                "`mentions`: use the `mention` filter, or list it",
            )


def _allowed(action: Action, handles: str, today: date) -> Iterator[str]:
    for target in action.facts.targets:
        holder = target.holder(today)
        if holder and handles in holder.handles:
            yield holder.handles[handles]
    yield from action.facts.mentions.get(handles, ())


def words_not_to_post(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    for word in action.facts.do_not_post:
        if _holds(draft, word):
            yield Problem("D004", f"holds {word!r}, which is not to be posted: take it out")


def names_without_consent(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    """A person at risk is named in a post only with consent to both, the name and social media."""
    for person in action.facts.people:
        if person.group or not _holds(draft, person.name):
            continue
        # A rehearsal lifts no consent; the dates of an example move with the day it is looked at.
        for day in {days.today} if action.facts.example else set(days):
            if not {"name", "social-media"} <= _consents(person, day):
                yield Problem(
                    "D005",
                    f"names {person.name}, without consent to that on {day}: leave the name out, "
                    "or record the consent for `name` and `social-media`",
                )
                break


def _consents(person: Person, day: date) -> set[str]:
    return {
        consent.use
        for consent in person.consents
        if consent.given_on <= day and (not consent.expires_on or day <= consent.expires_on)
    }


def _holds(draft: Draft, words: str) -> bool:
    """Tell whether what goes out holds *words*, as they are or in one, as in a hashtag."""
    whole = _folded(f"{draft.text}\n{draft.title}\n{draft.link or ''}")
    if _folded(words) in whole:
        return True
    bare = _bare(words)
    return len(bare) >= MIN_BARE and bare in _bare(whole)


def not_the_last_day(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    if draft.occasion != "last-day":
        return
    last, today = action.facts.last_day, days.today
    if today != last:
        yield Problem(
            "D006", f"is meant for the last day, {last}, and today is {today}", error=False
        )


def good_news_of_nothing(draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
    if draft.occasion == "good-news" and not action.words[draft.language].outcome:
        yield Problem("D007", "brings good news, and the case has no `outcome` yet", error=False)


RULES: tuple[Rule, ...] = (
    too_long,
    hidden_characters,
    strange_mentions,
    words_not_to_post,
    names_without_consent,
    not_the_last_day,
    good_news_of_nothing,
)


@lru_cache(maxsize=128)
def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=128)
def _bare(text: str) -> str:
    """Leave letters and digits alone: no space, break or joiner parts a name from itself."""
    return "".join(filter(str.isalnum, _folded(text)))


class DraftRules:
    """Our own rules, as any plugin could bring them; *action* finds a draft's case by its id."""

    NAME = "rules"

    def __init__(self, action: Callable[[str], Action], days: Callable[[Action], Days]) -> None:
        self._action = action
        self._days = days

    @hookimpl
    def check_draft(self, draft: Draft) -> Iterable[Problem]:
        action = self._action(draft.action)
        days = self._days(action)
        return [problem for rule in RULES for problem in rule(draft, action, days)]
