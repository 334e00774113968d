"""The news of actions as feeds: Atom (RFC 4287) and JSON Feed 1.1.

An action is one entry, whatever becomes of it: the entry of one that was withdrawn takes the place
of what a reader has kept of it.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from msgspec import Struct

from uasocial.site import paths
from uasocial.site.cards import Card, CardWords, State
from uasocial.site.interface import Interface, direction

__all__ = [
    "Country",
    "Entry",
    "Feed",
    "Paragraph",
    "atom",
    "clean",
    "feed_of_all",
    "feed_of_case",
    "json_feed",
    "moment",
    "stable_id",
    "state_in_words",
]

# Our own, drawn once: whatever has an id for readers and calendars has it from here.
NAMESPACE = UUID("03da9a05-8942-41b4-b058-a6290d4d6a2e")
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
JSON_FEED = "https://jsonfeed.org/version/1.1"
# https://www.rfc-editor.org/rfc/rfc5141: the codes of countries
COUNTRIES = "urn:iso:std:iso:3166:-1"
GENERATOR = "uasocial"

MOST = 50
AGE = timedelta(days=2 * 366)
# Of a feed without entries; RFC 4287 wants a day.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Of two things on one day the graver is the later one: a reader looks at the moment alone.
_GRAVITY: dict[State, int] = {"good-news": 1, "closed": 1, "stopped": 2, "withdrawn": 3}


# Their entries take the words away that a reader has kept.
_REPLACING = {"stopped", "withdrawn"}


class Paragraph(NamedTuple):
    """A piece of text, and its language."""

    text: str
    language: str


class Country(NamedTuple):
    """A country by its code, and by its name in the language of the interface."""

    code: str
    name: str


class Entry(Struct, frozen=True, kw_only=True):
    """An action in a feed; *path* is its page, or empty where it has none."""

    id: str
    title: str
    language: str
    updated: datetime
    paragraphs: tuple[Paragraph, ...]
    summary: str = ""
    published: date | None = None
    countries: tuple[Country, ...] = ()
    path: str = ""


class Feed(Struct, frozen=True, kw_only=True):
    """Entries, the newest first; *home*, *atom_path* and *json_path* are files of the site.

    Without *base* nobody knows where the site stands. Then the links of Atom are relative to the
    feed, as RFC 4287 allows, and it has none to itself. JSON Feed knows no such links: it has none.
    """

    id: str
    title: str
    author: str
    language: str
    base: str
    home: str
    atom_path: str
    json_path: str
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)


# --- from cards to entries -------------------------------------------------------------------


def feed_of_all(cards: Iterable[Card], interface: Interface, base: str, title: str) -> Feed:
    """Return the news of all actions; *title* is the site's name, and its author's."""
    language = interface.language
    made = (_entry(card, card.language(language), interface) for card in _news(cards))
    return Feed(
        id=_urn(f"site\n{title}\n{language}"),
        title=_line(title),
        author=_line(title),
        language=language,
        base=base,
        home=paths.index(language),
        atom_path=paths.feed(language, "atom"),
        json_path=paths.feed(language, "json"),
        entries=tuple(filter(None, made)),
    )


def _news(cards: Iterable[Card]) -> list[Card]:
    """Return what there is news of, the newest first.

    The oldest are left out, counted from the newest one: so a feed changes only with its actions.
    But what takes the place of an entry that a reader has kept is there for two years, however much
    came after it: an end may be written down late.
    """
    told = [card for card in cards if card.state == "withdrawn" or card.words]
    told.sort(key=lambda card: (moment(card), stable_id(card.id)), reverse=True)
    young = [card for card in told if moment(card) > moment(told[0]) - AGE]
    return young[:MOST] + [card for card in young[MOST:] if card.state in _REPLACING]


def feed_of_case(card: Card, language: str, interface: Interface, base: str, site: str) -> Feed:
    """Return the news of one action in a language; *site* is the site's name."""
    entry = _entry(card, language, interface)
    return Feed(
        id=_urn(f"case\n{card.id}\n{language}"),
        title=entry.title if entry else _line(site),
        author=_line(site),
        language=language,
        base=base,
        home=paths.page(card.id, language),
        atom_path=paths.page_file(card.id, language, "feed.atom"),
        json_path=paths.page_file(card.id, language, "feed.json"),
        entries=(entry,) if entry else (),
    )


def _entry(card: Card, language: str, interface: Interface) -> Entry | None:
    """Return the entry of a card; None where nobody may, or can, read it."""
    state = Paragraph(state_in_words(card, interface), interface.language)
    if card.state == "withdrawn":
        return Entry(
            id=stable_id(card.id).urn,
            title=interface.gettext("Action withdrawn"),
            language=interface.language,
            updated=moment(card),
            paragraphs=(state,),
        )
    words = card.words.get(language)
    if words is None or card.state == "unreadable":
        return None
    told = tuple(Paragraph(text, language) for text in _told(words))
    return Entry(
        id=stable_id(card.id).urn,
        title=_line(words.title),
        language=language,
        updated=moment(card),
        summary=told[0].text if told else "",
        paragraphs=(state, *told),
        published=card.since,
        countries=tuple(Country(code, interface.country(code)) for code in card.countries),
        path=paths.page(card.id, language),
    )


def _told(words: CardWords) -> Iterable[str]:
    """Return what is told of a case, the latest first."""
    return filter(None, map(clean, (words.outcome, words.update, words.lead)))


def state_in_words(card: Card, interface: Interface) -> str:
    """Say how a case stands in a sentence that will still be true tomorrow."""
    day = interface.day(card.last_day or card.updated)
    if card.state == "open":
        return interface.gettext("Last day to act: %(day)s.", day=day)
    if card.state == "over":
        return interface.gettext("The last day to act was %(day)s.", day=day)
    if card.state == "stopped":
        return interface.gettext("This action was stopped. Please write no more, and stop sharing.")
    if card.state == "withdrawn":
        return interface.gettext("This action was withdrawn. Please share nothing of it any more.")
    if card.state == "good-news":
        return interface.gettext("Good news: this action has come to its end.")
    return interface.gettext("This action has come to its end.")


def stable_id(case: str) -> UUID:
    """Return the id of a case wherever it stands; none of its words is in it."""
    return uuid5(NAMESPACE, clean(case))


def _urn(name: str) -> str:
    return uuid5(NAMESPACE, clean(name)).urn


def moment(card: Card) -> datetime:
    """Return when a case was changed: a day, and of one day the graver change is the later."""
    return datetime.combine(card.updated, time(second=_GRAVITY.get(card.state, 0)), UTC)


def clean(text: str) -> str:
    """Return *text* without what no XML may hold, its lines ended by a line feed."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _line(text: str) -> str:
    return " ".join(clean(text).split())


# --- from entries to files -------------------------------------------------------------------


def atom(feed: Feed) -> bytes:
    """Write *feed* as Atom."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _written(feed.updated))
    _add(SubElement(root, "author"), "name", feed.author)
    _add(root, "generator", GENERATOR)
    if feed.base:
        kind = {"type": "application/atom+xml"}
        _add(root, "link", rel="self", href=_address(feed, feed.atom_path), **kind)
    _add(root, "link", rel="alternate", href=_address(feed, feed.home), type="text/html")
    for entry in feed.entries:
        _add_entry(root, feed, entry)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add_entry(root: Element, feed: Feed, entry: Entry) -> None:
    made = SubElement(root, "entry", {"xml:lang": entry.language})
    _add(made, "id", entry.id)
    _add(made, "title", entry.title)
    _add(made, "updated", _written(entry.updated))
    if entry.published:
        _add(made, "published", _written(_midnight(entry.published)))
    if entry.path:
        address = _address(feed, entry.path)
        _add(made, "link", rel="alternate", href=address, type="text/html", hreflang=entry.language)
    for country in entry.countries:
        _add(made, "category", term=country.code, scheme=COUNTRIES, label=country.name)
    if entry.summary:
        _add(made, "summary", entry.summary)
    _add_content(made, entry.paragraphs)


def _add_content(entry: Element, paragraphs: Iterable[Paragraph]) -> None:
    # Not plain text: Atom has no other place for the direction, and two languages may meet here.
    body = SubElement(SubElement(entry, "content", {"type": "xhtml"}), "div", {"xmlns": XHTML})
    for text, language in paragraphs:
        tongue = {"lang": language, "xml:lang": language, "dir": direction(language)}
        SubElement(body, "p", tongue).text = text


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _address(feed: Feed, path: str) -> str:
    return paths.public(feed.base, path) if feed.base else paths.link(feed.atom_path, path)


def json_feed(feed: Feed) -> bytes:
    """Write *feed* as JSON Feed."""
    made = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.base and paths.public(feed.base, feed.home),
        "feed_url": feed.base and paths.public(feed.base, feed.json_path),
        "language": feed.language,
        "authors": [{"name": feed.author}] if feed.author else [],
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    kept = {key: value for key, value in made.items() if value or key in ("title", "items")}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    made = {
        "id": entry.id,
        "url": feed.base and entry.path and paths.public(feed.base, entry.path),
        "title": entry.title,
        "content_text": "\n\n".join(paragraph.text for paragraph in entry.paragraphs),
        "summary": entry.summary,
        "date_published": entry.published and _written(_midnight(entry.published)),
        "date_modified": _written(entry.updated),
        "tags": [country.name for country in entry.countries],
        "language": entry.language,
    }
    return {key: value for key, value in made.items() if value}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _written(when: datetime) -> str:
    """Write a moment as RFC 3339 has it."""
    return f"{when:%Y-%m-%dT%H:%M:%S}Z"
