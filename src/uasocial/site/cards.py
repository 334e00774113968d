"""What is public about a case in short: index, feeds, calendar and sitemap are made of cards."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from uasocial import rules
from uasocial.day_ends import midnight_after, zones_of
from uasocial.errors import CaseError, printable
from uasocial.model import Action, Facts, Words
from uasocial.model.plain import plain, texts

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["Card", "CardWords", "Looked", "State", "look"]

State = Literal["open", "over", "stopped", "good-news", "closed", "withdrawn", "unreadable"]

_OF_END: dict[str, State] = {
    "stop": "stopped",
    "good-news": "good-news",
    "closed": "closed",
    "withdrawn": "withdrawn",
}
# A stop asks for silence: what happened is not told any more.
_SILENT = {"stopped", "withdrawn", "unreadable"}
_TELLS_OUTCOME = {"good-news", "closed"}


class CardWords(Struct, frozen=True, kw_only=True):
    """A case in a sentence or two of one language; *outcome* only where it may be told."""

    title: str
    lead: str = ""
    update: str = ""
    outcome: str = ""


class Card(Struct, frozen=True, kw_only=True):
    """A case in short. Of one that is withdrawn or unreadable only *id*, *state*, *updated*.

    *today* is which day it is for a case that is open, where that day ends first, and *closes_at*
    the first moment after its last day; *updated* is the last day on which something changed that
    a reader should know.
    """

    id: str
    state: State
    updated: date
    today: date | None = None
    number: str = ""
    index: str = ""
    kind: str = "ua"
    example: bool = False
    countries: tuple[str, ...] = ()
    since: date | None = None
    last_day: date | None = None
    closes_at: datetime | None = None
    ended_on: date | None = None
    supersedes: str = ""
    superseded_by: str = ""
    words: dict[str, CardWords] = {}

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def tells_story(self) -> bool:
        """Tell whether its story may still be shown."""
        return self.state not in _SILENT

    @property
    def year(self) -> int:
        """The year in whose archive a closed case stands."""
        return (self.ended_on or self.last_day or self.updated).year

    def language(self, wanted: str) -> str:
        """Return the language to show it in: *wanted*, else English, else its first one."""
        plain = wanted.partition("-")[0]
        known = (tag for tag in (wanted, plain, "en") if tag in self.words)
        return next(known, next(iter(self.words), ""))

    def days_left(self, today: date) -> int:
        """Count the days on which one may act, *today* among them."""
        return (self.last_day - today).days + 1 if self.last_day else 0


class Looked(NamedTuple):
    """A card, or None where the case is not public yet.

    *left_out* says what of it may not be shown, and why. *until* is the moment from which it must
    be looked at again, though no file has changed.
    """

    card: Card | None
    left_out: tuple[str, ...]
    until: datetime


def look(kit: "Toolkit", name: str) -> Looked:
    """Look at a case: what is public about it now."""
    tomorrow = kit.now + timedelta(days=1)
    try:
        action = kit.action(name)
    except CaseError as error:
        card = Card(id=name, state="unreadable", updated=kit.now.date())
        count = len(error.places)
        said = f"{name}: {'1 fault' if count == 1 else f'{count} faults'}: uasocial check {name}"
        return Looked(card, (printable(said),), tomorrow)
    left_out: list[str] = []
    found = _card(kit, action, left_out)
    return Looked(found, tuple(left_out), _until(kit, action))


def _until(kit: "Toolkit", action: Action) -> datetime:
    """Return the next moment at which what is public changes by itself, a year ahead at most.

    While a case may be acted on, or has not begun, that is the next end of a day anywhere; once it
    has ended, only what people at risk allow may still begin or run out.
    """
    facts, zones = action.facts, zones_of(action, kit.now.tzinfo)
    moments = [kit.now + timedelta(days=365)]
    if _state(facts, kit.today(action)) == "open":
        moments += [midnight_after(kit.now.astimezone(zone).date(), [zone]) for zone in zones]
    if facts.embargo:
        moments.append(facts.embargo)
    for consent in (one for person in facts.people for one in person.consents):
        days = [consent.given_on - timedelta(days=1), consent.expires_on]
        moments += [midnight_after(day, [zone]) for day in days if day for zone in zones]
    return min(one for one in moments if one > kit.now)


def _card(kit: "Toolkit", action: Action, left_out: list[str]) -> Card | None:
    facts, today = action.facts, kit.today(action)
    state = _state(facts, today)
    begun = today >= facts.active_since
    early = facts.embargo is not None and kit.now < facts.embargo
    if not begun or (early and state != "withdrawn"):
        return None
    days = rules.Days(today, kit.actual.date())
    named = rules.unsayable(action, action.id, days)
    if named or (state == "withdrawn" and _names_somebody(action)):
        left_out.append(f"{action.id}: the name of its folder {named or 'names somebody'}")
        return None
    if state == "withdrawn":
        ended = facts.ended.on if facts.ended else today
        return Card(id=action.id, state=state, updated=ended, ended_on=ended)
    words = dict(_words(action, state, days, left_out))
    if not words:
        # Of one that may be told in no language, nothing else is told either.
        return Card(id=action.id, state=state, updated=_updated(facts, today))
    return Card(
        id=action.id,
        state=state,
        updated=_updated(facts, today),
        today=today if state == "open" else None,
        number=str(facts.number or ""),
        index=str(facts.index or ""),
        kind=facts.kind,
        example=facts.example,
        countries=facts.countries,
        since=facts.active_since,
        last_day=facts.last_day,
        closes_at=midnight_after(facts.last_day, zones_of(action, kit.now.tzinfo)),
        ended_on=facts.ended.on if facts.ended else None,
        supersedes=(facts.supersedes or "").strip(),
        superseded_by=(facts.superseded_by or "").strip(),
        words=words,
    )


def _state(facts: Facts, today: date) -> State:
    if facts.ended:
        return _OF_END[facts.ended.how]
    if facts.kind == "stop":
        return "stopped"
    if facts.kind == "good-news":
        return "good-news"
    return "open" if today <= facts.last_day else "over"


def _names_somebody(action: Action) -> bool:
    """Tell whether the folder's name is that of a person, whatever was allowed once."""
    nobody = rules.Days(date.min, date.min)
    return bool(rules.unsayable(action, action.id, nobody))


def _updated(facts: Facts, today: date) -> date:
    """Return the last day up to *today* on which something changed."""
    days: list[date | None] = [source.retrieved_at for source in facts.sources]
    days += [facts.active_since, facts.last_day + timedelta(days=1)]
    days += [facts.counter.as_of if facts.counter else None]
    days += [facts.ended.on if facts.ended else None]
    return max((day for day in days if day and day <= today), default=facts.active_since)


def _words(
    action: Action, state: State, days: rules.Days, left_out: list[str]
) -> Iterator[tuple[str, CardWords]]:
    """Yield the languages that have a page: those with a title, and with nothing unsayable."""
    for language, words in action.words.items():
        if not words.title:
            continue
        reason = rules.unsayable(action, "\n".join(_said(action, words)), days)
        if reason:
            left_out.append(f"{action.id}: {language}.yaml {reason}: there is no page of it")
            continue
        silent = state in _SILENT
        yield (
            language,
            CardWords(
                title=words.title.strip(),
                lead="" if silent else (words.lead or "").strip(),
                # Once it has ended, the last news is how.
                update=(words.update or "").strip() if state in ("open", "over") else "",
                outcome=(words.outcome or "").strip() if state in _TELLS_OUTCOME else "",
            ),
        )


# What no page shows; texts to share and letters are looked at one by one.
_NOT_SHOWN = {"people", "do_not_post", "notes", "ended", "sources", "mentions", "mention_ids"}
_ONE_BY_ONE = {"posts", "letter", "content_warning", "translated_from"}


def _said(action: Action, words: Words) -> Iterator[str]:
    """Yield every text that a page in one language may show: whatever comes in is looked at."""
    # A wording is called by its id, also in the page.
    yield from (post.id for post in words.posts)
    for part, left in ((action.facts, _NOT_SHOWN), (words, _ONE_BY_ONE)):
        kept = {key: value for key, value in plain(part).items() if key not in left}
        yield from texts(kept)
