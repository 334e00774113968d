"""Moments as an iCalendar file (RFC 5545), which any calendar shows and follows."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from icalendar import Component

__all__ = ["Event", "calendar"]

LENGTH = timedelta(minutes=15)


class Event(NamedTuple):
    """A moment to show. *uid* stays the same, *sequence* grows with each change (RFC 5546)."""

    uid: str
    at: datetime
    summary: str
    note: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(events: Iterable[Event], name: str, made_at: datetime) -> bytes:
    """Return a calendar of *events*; times are in UTC, so that no zone need be described."""
    # Only who asks for a calendar waits for it.
    from icalendar import Calendar  # noqa: PLC0415

    made = Calendar()
    made.add("prodid", "-//uasocial//plan//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    # What calendars show as the name: https://datatracker.ietf.org/doc/html/rfc7986#section-5.1
    made.add("name", name)
    for event in events:
        made.add_component(_component(event, made_at))
    return bytes(made.to_ical())


def _component(event: Event, made_at: datetime) -> "Component":
    from icalendar import Event as VEvent  # noqa: PLC0415

    shown = VEvent()
    shown.add("uid", event.uid)
    shown.add("dtstamp", made_at.astimezone(UTC))
    shown.add("dtstart", event.at.astimezone(UTC))
    shown.add("dtend", event.at.astimezone(UTC) + LENGTH)
    shown.add("summary", event.summary)
    shown.add("sequence", event.sequence)
    shown.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    # A moment of work, which keeps nobody from other things.
    shown.add("transp", "TRANSPARENT")
    for key, value in (("description", event.note), ("url", event.url)):
        if value:
            shown.add(key, value)
    return shown
