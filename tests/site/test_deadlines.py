"""Last days in a calendar: read back as a calendar reads them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from msgspec.structs import replace
from tests.site.gates import BASE, ENGLISH, GATE, WITHDRAWN

from uasocial.site.cards import Card, CardWords
from uasocial.site.machines.deadlines import deadline, deadlines
from uasocial.site.machines.feeds import clean


def event(card: Card, base: str = BASE):
    (found,) = Calendar.from_ical(deadline(card, "en", ENGLISH, base)).events
    return found


def sequence(card: Card) -> int:
    return int(event(card)["sequence"])


def ended(state: str, day: int) -> Card:
    on = date(2026, 1, day)
    return replace(GATE, state=state, updated=on, ended_on=on)


def test_an_open_action_is_one_whole_day():
    found = event(GATE)
    assert (found.start, found.end) == (date(2026, 2, 9), date(2026, 2, 10))
    assert "DTSTART;VALUE=DATE:20260209" in deadline(GATE, "en", ENGLISH, BASE).decode()
    assert found["summary"] == "Last day to act: Open the gate"
    assert found["description"] == "The gate is closed.\n\nhttps://act.example/ua/a/gate/en/"
    assert found["url"] == "https://act.example/ua/a/gate/en/"
    assert (found["status"], found["transp"]) == ("CONFIRMED", "TRANSPARENT")
    assert datetime(2026, 1, 10, tzinfo=UTC) == found.DTSTAMP


def test_it_is_reminded_of_in_the_morning_three_days_before_and_one():
    alarms = event(GATE).walk("VALARM")
    assert [alarm["action"] for alarm in alarms] == ["DISPLAY", "DISPLAY"]
    midnight = datetime(2026, 2, 9)  # noqa: DTZ001 - of whoever looks
    moments = [midnight + alarm.TRIGGER for alarm in alarms]
    assert moments == [datetime(2026, 2, 6, 9), datetime(2026, 2, 8, 9)]  # noqa: DTZ001


@pytest.mark.parametrize("state", ["stopped", "good-news", "closed"])
def test_what_somebody_has_ended_is_cancelled_and_reminds_nobody(state):
    found = event(ended(state, 12))
    assert found["status"] == "CANCELLED"
    assert found.start == date(2026, 2, 9)
    assert not found.walk("VALARM")
    assert found["summary"].endswith("ed: Open the gate")
    assert "closed." not in found["description"]


def test_what_is_over_stays_in_the_calendar_and_reminds_nobody():
    found = event(replace(GATE, state="over"))
    assert found["status"] == "CONFIRMED"
    assert not found.walk("VALARM")
    assert found["description"].startswith("The last day to act was 9 February 2026.")


def test_a_withdrawn_action_is_cancelled_under_its_id_without_a_word_of_it():
    found = event(WITHDRAWN)
    assert found["uid"] == event(GATE)["uid"]
    assert found["status"] == "CANCELLED"
    assert found["summary"] == "Action withdrawn"
    written = deadline(WITHDRAWN, "en", ENGLISH, BASE).decode()
    assert not [word for word in ("gate", "20260209", "https") if word in written]


def test_the_id_stays_where_the_site_moves_and_in_every_language():
    arabic = replace(GATE, words={"ar": CardWords(title="ا")})
    other = Calendar.from_ical(deadline(arabic, "ar", ENGLISH, BASE)).events[0]
    assert event(GATE)["uid"] == event(GATE, "")["uid"] == other["uid"]
    assert event(replace(GATE, id="wall"))["uid"] != event(GATE)["uid"]


def test_the_sequence_grows_with_each_change_and_with_each_graver_end():
    extended = replace(GATE, last_day=date(2026, 3, 9))
    told = replace(extended, updated=date(2026, 1, 11))
    over = replace(told, state="over", updated=date(2026, 3, 10))
    closed = replace(told, state="closed", updated=date(2026, 1, 12))
    stopped = replace(told, state="stopped", updated=date(2026, 1, 13))
    withdrawn = replace(WITHDRAWN, updated=date(2026, 1, 12))
    steps = [sequence(one) for one in (GATE, extended, told, over, closed, stopped, withdrawn)]
    assert steps == sorted(set(steps))


def test_the_sequence_is_a_number_that_calendars_can_hold():
    # RFC 5545, section 3.3.8
    for day in (date(1900, 1, 1), date.max - timedelta(days=1)):
        for state in ("open", "over", "stopped", "withdrawn"):
            assert 0 <= sequence(replace(GATE, state=state, last_day=day, updated=day)) < 2**31


def test_there_is_no_method_as_there_is_no_organizer():
    for card in (GATE, WITHDRAWN):
        assert "METHOD" not in Calendar.from_ical(deadline(card, "en", ENGLISH, BASE))


def test_without_an_address_there_is_no_link():
    assert "url" not in event(GATE, "")
    assert event(GATE, "")["description"] == "The gate is closed."
    assert b"http" not in deadlines([GATE], ENGLISH, "")


@given(st.text(st.characters(), max_size=120), st.text(st.characters(), max_size=200))
def test_every_text_comes_back_and_no_line_is_too_long(title, lead):
    card = replace(GATE, words={"en": CardWords(title=f"x{title}", lead=f"x{lead}")})
    written = deadline(card, "en", ENGLISH, "")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    found = Calendar.from_ical(written).events[0]
    assert found["summary"] == f"Last day to act: {' '.join(clean(f'x{title}').split())}"
    assert found["description"] == clean(f"x{lead}")


@pytest.mark.parametrize("title", ["x" * 300, "\U0001f511" * 60, "x" + "\U0001f511" * 60])
def test_a_long_line_is_folded_in_time_and_not_within_a_character(title):
    card = replace(GATE, words={"en": CardWords(title=title)})
    written = deadline(card, "en", ENGLISH, "").split(b"\r\n")
    assert max(map(len, written)) in range(72, 76)
    assert title in "".join(line.decode().removeprefix(" ") for line in written)


def test_what_the_format_gives_a_meaning_is_escaped():
    said = "one; two, three \\ four\nEND:VEVENT"
    card = replace(GATE, words={"en": CardWords(title="a;b,c\\d", lead=said)})
    assert event(card, "")["description"] == said
    assert event(card, "")["summary"] == "Last day to act: a;b,c\\d"


def test_the_calendar_of_all_has_the_open_ones_the_next_first():
    later = replace(GATE, id="later", last_day=date(2026, 3, 1))
    wordless = replace(GATE, id="wordless", words={})
    cards = [later, ended("stopped", 12), WITHDRAWN, GATE, wordless]
    found = Calendar.from_ical(deadlines(cards, ENGLISH, BASE))
    assert [one.start for one in found.events] == [date(2026, 2, 9), date(2026, 3, 1)]


def test_the_calendar_of_all_says_its_name_where_it_is_and_how_often_to_look():
    written = deadlines([GATE], ENGLISH, BASE).decode().split("\r\n")
    assert "NAME:Last days to act" in written
    assert "X-WR-CALNAME:Last days to act" in written
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in written
    assert "X-PUBLISHED-TTL:PT4H" in written
    assert "SOURCE;VALUE=URI:https://act.example/ua/en/deadlines.ics" in written


def test_the_same_card_makes_the_same_bytes():
    made = {deadline(GATE, "en", ENGLISH, BASE) for _ in range(2)}
    assert len(made) == 1
