"""The last days to act as an iCalendar file (RFC 5545), to keep or to follow.

There is no METHOD. PUBLISH and CANCEL of RFC 5546 each want the address of an organizer and are
for messages; a file without one is a snapshot (RFC 5545, section 3.7.2), which a calendar brings
up to date by UID and SEQUENCE.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from uasocial.site import paths
from uasocial.site.cards import Card
from uasocial.site.interface import Interface
from uasocial.site.machines.feeds import clean, moment, stable_id, state_in_words

if TYPE_CHECKING:
    from icalendar import Component

__all__ = ["deadline", "deadlines"]

MAKER = "-//uasocial//deadlines//EN"
# How soon who follows the calendar sees that an action was stopped.
REFRESH = timedelta(hours=4)
# A day begins at midnight: at nine in the morning, three days before it and one.
REMINDERS = (timedelta(days=-3, hours=9), timedelta(days=-1, hours=9))

# More than two ordinals of days can make.
_STEP = 10_000_000


def deadline(card: Card, language: str, interface: Interface, base: str) -> bytes:
    """Return the last day of an action that can be read, or that it is no longer asked for."""
    return _written([_event(card, language, interface, base)])


def deadlines(cards: Iterable[Card], interface: Interface, base: str) -> bytes:
    """Return the last days of all open actions as one calendar: what has ended leaves it."""
    chosen = [(card, card.language(interface.language)) for card in cards if card.is_open]
    chosen.sort(key=lambda one: (one[0].last_day or date.max, one[0].id))
    events = [_event(card, tongue, interface, base) for card, tongue in chosen if tongue]
    address = base and paths.public(base, f"{interface.language}/deadlines.ics")
    return _written(events, interface.gettext("Last days to act"), address)


def _written(events: "Iterable[Component]", name: str = "", address: str = "") -> bytes:
    # Only who makes a calendar waits for it.
    from icalendar import Calendar  # noqa: PLC0415

    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    if name:
        # https://datatracker.ietf.org/doc/html/rfc7986#section-5, and what came before it
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        made.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    if address:
        made.add("source", address, parameters={"value": "URI"})
    for event in events:
        made.add_component(event)
    return bytes(made.to_ical())


def _event(card: Card, language: str, interface: Interface, base: str) -> "Component":
    from icalendar import Event  # noqa: PLC0415

    day = card.last_day or card.ended_on or card.updated
    page = _page(card, language, base)
    made = Event()
    made.add("uid", str(stable_id(card.id)))
    made.add("dtstamp", moment(card))
    made.add("sequence", _sequence(card))
    made.add("dtstart", day)
    made.add("dtend", day + timedelta(days=1))
    made.add("summary", _summary(card, language, interface))
    made.add("description", _description(card, language, interface, page))
    made.add("status", "CANCELLED" if _has_ended(card) else "CONFIRMED")
    # It takes nobody's day.
    made.add("transp", "TRANSPARENT")
    if page:
        made.add("url", page)
    if card.is_open:
        for before in REMINDERS:
            made.add_component(_reminder(before, _summary(card, language, interface)))
    return made


def _has_ended(card: Card) -> bool:
    """Tell whether somebody has ended it, so that nobody is to act any more."""
    return card.state not in ("open", "over")


def _sequence(card: Card) -> int:
    """Return a number that grows with each change, made of facts alone: nobody has to count.

    Another last day, or another day of change, makes it larger, an end larger still. Only a last
    day that was brought forward, and nothing else with it, makes it smaller.
    """
    if card.state == "withdrawn":
        return 2 * _STEP + card.updated.toordinal()
    last = card.last_day or card.updated
    return _STEP * _has_ended(card) + card.updated.toordinal() + last.toordinal()


def _summary(card: Card, language: str, interface: Interface) -> str:
    if card.state == "withdrawn" or language not in card.words:
        return interface.gettext("Action withdrawn")
    title = " ".join(clean(card.words[language].title).split())
    if card.state == "stopped":
        return interface.gettext("Stopped: %(title)s", title=title)
    if _has_ended(card):
        return interface.gettext("Ended: %(title)s", title=title)
    return interface.gettext("Last day to act: %(title)s", title=title)


def _description(card: Card, language: str, interface: Interface, page: str) -> str:
    words = card.words.get(language)
    said = words.lead if card.is_open and words else state_in_words(card, interface)
    return "\n\n".join(filter(None, (clean(said), page)))


def _page(card: Card, language: str, base: str) -> str:
    """Return the address of the page, where there is one and it is known."""
    known = base and language in card.words
    return paths.public(base, paths.page(card.id, language)) if known else ""


def _reminder(before: timedelta, text: str) -> "Component":
    from icalendar import Alarm  # noqa: PLC0415

    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", before)
    made.add("description", text)
    return made
