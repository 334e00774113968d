"""What is public about a case in short: index, feeds, calendar and sitemap are made of cards."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from uasocial import rules
from uasocial.day_ends import midnight_after, zones_of
from uasocial.errors import CaseError, printable
from uasocial.model import Action, Facts, Words
from uasocial.model.numbers import ActionNumber
from uasocial.rules.shown import shown_facts, shown_words
from uasocial.text.file_names import fault_of_name

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["Card", "CardWords", "Looked", "State", "as_json", "look", "told_again", "told_in"]

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

    *today* is which day it is for a case that is open, where that day ends first, and *today_ends*
    when it does; *closes_at* is the first moment after its last day, and *updated* the last day on
    which something changed that a reader should know.
    """

    id: str
    state: State
    updated: date
    today: date | None = None
    today_ends: datetime | None = None
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


_ELSEWHERE = CardWords(title="")


def told_in(card: Card, wanted: str) -> Card:
    """Return what a page in one language tells of a case: of its other words, only the language."""
    language = card.language(wanted)
    words = {tag: said if tag == language else _ELSEWHERE for tag, said in card.words.items()}
    return replace(card, words=words)


def told_again(card: Card, before: Card, today: date) -> Card:
    """Return a card as it follows the one that was told *before*.

    Readers of feeds know news by its day: other words are news of *today*, whatever the facts say,
    and no day goes back, or a reader would keep what was taken out.
    """
    days = [card.updated, before.updated]
    # Of what could not be read nobody knows what was told before it.
    if before.state != "unreadable" and _news(card) != _news(before):
        days.append(today)
    return replace(card, updated=max(days))


def _news(card: Card) -> tuple[object, ...]:
    """Return what a feed tells of a case, but for what time alone changes."""
    return card.words, card.last_day, card.countries


class Looked(NamedTuple):
    """A card, or None where the case is not public yet.

    *left_out* says what of it may not be shown, and why. *until* is the moment from which it must
    be looked at again, though no file has changed.
    """

    card: Card | None
    left_out: tuple[str, ...]
    until: datetime


def as_json(part: Struct) -> bytes:
    """Write a card, or something that holds cards."""
    return msgspec.json.encode(part, enc_hook=_plain)


def _plain(value: object) -> str:
    # A day of a case has a type of its own, which the reader does not know.
    if isinstance(value, date):
        return value.isoformat()
    raise NotImplementedError(type(value))


def look(kit: "Toolkit", name: str) -> Looked:
    """Look at a case: what is public about it now."""
    tomorrow = kit.now + timedelta(days=1)
    try:
        action = kit.action(name)
    except CaseError as error:
        card = Card(id=name, state="unreadable", updated=kit.now.date())
        return Looked(
            card, (printable(f"{name}: {_faults(error)}: uasocial check {name}"),), tomorrow
        )
    left_out: list[str] = []
    found = _card(kit, action, left_out)
    return Looked(found, tuple(left_out), _until(kit, action))


def _faults(error: CaseError) -> str:
    """Say how many faults there are, and where; what they are may quote what nobody is to read."""
    first = error.places[0]
    where = str(first._replace(message="")).removesuffix(": ")
    count = len(error.places)
    return f"1 fault, in {where}" if count == 1 else f"{count} faults, the first in {where}"


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
    folder = rules.spread(action.id)
    named = rules.unsayable(action, folder, days)
    if named or (state == "withdrawn" and any(rules.named_in(action, folder))):
        left_out.append(f"{action.id}: the name of its folder {named or 'names somebody'}")
        return None
    if state == "withdrawn":
        # Not the day of the end alone: what was told may be later, and is to be replaced.
        ended = facts.ended.on if facts.ended else today
        return Card(id=action.id, state=state, updated=_updated(facts, today), ended_on=ended)
    words = dict(_words(action, state, days, left_out))
    if not words:
        # Of one that may be told in no language, nothing else is told either.
        return Card(id=action.id, state=state, updated=_updated(facts, today))
    zones = zones_of(action, kit.now.tzinfo)
    return Card(
        id=action.id,
        state=state,
        updated=_updated(facts, today),
        today=today if state == "open" else None,
        today_ends=midnight_after(today, zones) if state == "open" else None,
        number=str(facts.number or ""),
        index=str(facts.index or ""),
        kind=facts.kind,
        example=facts.example,
        countries=facts.countries,
        since=facts.active_since,
        last_day=facts.last_day,
        closes_at=midnight_after(facts.last_day, zones),
        ended_on=facts.ended.on if facts.ended else None,
        supersedes=_document(facts.supersedes),
        superseded_by=_document(facts.superseded_by),
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


def _document(said: str | None) -> str:
    """Return how another document is called: where that is a number, as its own card writes it."""
    text = (said or "").strip()
    try:
        return str(ActionNumber.parse(text))
    except ValueError:
        return text


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
        fault = fault_of_name(language)
        if fault:
            left_out.append(
                f"{action.id}: {language}.yaml: {language!r} {fault}, and pages lie in a folder "
                "of that name: there is no page of it"
            )
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


def _said(action: Action, words: Words) -> Iterator[str]:
    """Yield every text that a page in one language may show."""
    for part in (shown_facts(action.facts), shown_words(words)):
        yield from (text for _, text in part)
