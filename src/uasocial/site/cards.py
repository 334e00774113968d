"""What is public about a case in short: index, feeds, calendar and sitemap are made of cards."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from uasocial import rules
from uasocial.day_ends import midnight_after, zones_of
from uasocial.errors import CaseError, printable
from uasocial.model import Action, Facts, Words
from uasocial.rules.consent import consents

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

    *closes_at* is the first moment after the last day, where that ends first; *updated* is the
    last day on which something changed that a reader should know.
    """

    id: str
    state: State
    updated: date
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
    be looked at again, though no file has changed; *allowed* changes with what the people in it
    allow, which may run out.
    """

    card: Card | None
    left_out: tuple[str, ...]
    until: datetime
    allowed: str = ""


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
    return Looked(found, tuple(left_out), _until(kit, action), _allowed(kit, action))


def _until(kit: "Toolkit", action: Action) -> datetime:
    """Return the next moment at which a day ends anywhere, or the embargo does."""
    zones = zones_of(action, kit.now.tzinfo)
    moments = [midnight_after(kit.now.astimezone(zone).date(), [zone]) for zone in zones]
    if action.facts.embargo:
        moments.append(action.facts.embargo)
    return min((one for one in moments if one > kit.now), default=kit.now + timedelta(days=1))


def _allowed(kit: "Toolkit", action: Action) -> str:
    """Return a digest of what each person at risk allows now; it tells nothing of any of them."""
    days = rules.Days(kit.today(action), kit.actual.date()).of_consent(action.facts)
    said = [sorted(consents(one, day)) for one in action.facts.people for day in sorted(days)]
    return sha256(repr(said).encode()).hexdigest()[:16]


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
    return Card(
        id=action.id,
        state=state,
        updated=_updated(facts, today),
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
        words=dict(_words(action, state, days, left_out)),
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
        reason = rules.unsayable(action, "\n".join(_said(action, language, words)), days)
        if reason:
            left_out.append(f"{action.id}: {language}.yaml {reason}: there is no page of it")
            continue
        silent = state in _SILENT
        yield (
            language,
            CardWords(
                title=words.title.strip(),
                lead="" if silent else (words.lead or "").strip(),
                update="" if silent else (words.update or "").strip(),
                outcome=(words.outcome or "").strip() if state in _TELLS_OUTCOME else "",
            ),
        )


def _said(action: Action, language: str, words: Words) -> Iterable[str]:
    """Yield every text of a language that a page may show, but for its letter and its posts."""
    facts = action.facts
    yield from filter(None, (words.title, words.lead, words.update, words.outcome))
    yield from (*words.body, *words.demands, *words.alt.values())
    # In whatever language: where one lacks, another is shown.
    for texts in (*(one.text for one in facts.safety), *(one.text for one in facts.delivery)):
        yield from texts.values()
    yield from (one.title or "" for one in facts.documents)
    yield facts.counter.source if facts.counter else ""
    yield facts.deadline_words.get(language, "")
    yield facts.link.get(language, "")
