"""A calendar is read by what reads calendars, and says what it was given."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar

from uasocial.planning.calendar import Event, calendar

AT = datetime(2026, 5, 1, 18, 30, tzinfo=ZoneInfo("Europe/Zurich"))
MADE = datetime(2026, 4, 30, 8, tzinfo=UTC)


def read(*events: Event):
    return Calendar.from_ical(calendar(events, "Plan", MADE)).walk("VEVENT")


def test_an_event_keeps_its_moment_and_its_words():
    """Commas, semicolons, line breaks and other scripts come back as they were."""
    note = "one, two; three\nfour \\ five · مدرسة"
    (event,) = read(Event("1a2b@uasocial", AT, "UA 1/26 es x", note, "https://example.org/1", 2))
    assert event.decoded("dtstart") == AT
    assert str(event["summary"]) == "UA 1/26 es x"
    assert str(event["description"]) == note
    assert event.decoded("sequence") == 2
    assert str(event["status"]) == "CONFIRMED"


def test_what_is_cancelled_is_still_there_and_says_so():
    """A calendar that has it must learn that it is off."""
    (event,) = read(Event("1a2b@uasocial", AT, "x", cancelled=True))
    assert str(event["status"]) == "CANCELLED"


def test_a_line_cannot_be_smuggled_in():
    """A line break in a summary makes no second property."""
    (event,) = read(Event("a@uasocial", AT, "x\r\nATTENDEE:mailto:somebody@example.org"))
    assert "attendee" not in event
