"""Slots keep to their windows and to the deadline, whatever the zones and the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.day_ends import end_of_day
from uasocial.model import latest_today
from uasocial.planning.cadences import CADENCES, Cadence
from uasocial.planning.clocks import EVENING, OFFICE, Clock, Days
from uasocial.planning.slots import DAYTIME, Span, schedule

ZONES = [
    "Europe/Zurich",
    "America/Lima",
    "Pacific/Auckland",
    "Asia/Tehran",
    "Africa/Cairo",
    "America/St_Johns",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]


def clocks(here: str, there: str, country: str | None):
    return {
        "office": Clock("office", ZoneInfo(there), OFFICE, Days(country)),
        "evening": Clock("evening", ZoneInfo(here), EVENING),
    }


def span(begin: datetime, last_day: date, here: str, there: str) -> Span:
    zones = [ZoneInfo(here), ZoneInfo(there)]
    end = end_of_day(last_day, zones)
    first_day = latest_today(begin, [here, there])
    deadline = last_day + timedelta(days=1)
    return Span(
        begin, end, first_day, last_day, deadline, lambda at: latest_today(at, [here, there])
    )


cadences = st.one_of(
    st.sampled_from(list(CADENCES.values())),
    st.builds(
        Cadence,
        days=st.lists(st.integers(0, 60), max_size=6).map(tuple),
        every=st.none() | st.integers(1, 10),
        last=st.none() | st.integers(1, 20),
        a_day=st.integers(1, 3),
        reminders=st.lists(st.integers(0, 30), max_size=4).map(tuple),
        last_day=st.booleans(),
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    cadence=cadences,
    begin=st.integers(0, 7 * 366 * 24 * 60).map(
        lambda minutes: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    length=st.integers(0, 60),
    here=st.sampled_from(ZONES),
    there=st.sampled_from(ZONES),
    country=st.sampled_from([None, "PE", "EG", "IR", "CH", "NZ", "ZZ"]),
    share=st.floats(0, 1, exclude_max=True),
)
def test_no_slot_is_outside_its_window_past_the_end_or_doubled(  # noqa: PLR0913, PLR0917 - one each
    cadence, begin, length, here, there, country, share
):
    """Whatever the cadence, the zones and the day: in time, in its window, once a day and clock."""
    last_day = latest_today(begin, [here, there]) + timedelta(days=length)
    reach, dials = span(begin, last_day, here, there), clocks(here, there, country)
    slots = schedule(cadence, reach, dials, share).slots
    places = {(slot.at.date(), slot.clock) for slot in slots}
    assert len(places) == len(slots)
    for slot in slots:
        assert reach.begin <= slot.at < reach.end
        clock = dials[slot.clock]
        window = clock.window if slot.occasion == "appeal" else DAYTIME
        assert window.opens <= slot.at.time() < window.closes or moved_dial(slot.at)
        assert not clock.closed(slot.at.date())
        if slot.occasion == "reminder":
            assert (reach.deadline - reach.day_of(slot.at)).days in cadence.reminders
        if slot.occasion == "last-day":
            assert reach.day_of(slot.at) == last_day


def moved_dial(at: datetime) -> bool:
    """Tell whether the dial of that zone is moved on that day."""
    start = datetime.combine(at.date(), time(), at.tzinfo)
    return start.utcoffset() != (start + timedelta(days=1)).utcoffset()


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2026, 3, 28), 1),
        (date(2026, 3, 29), 2),
        (date(2026, 10, 24), 2),
        (date(2026, 10, 25), 1),
    ],
)
def test_an_evening_is_at_the_same_dial_on_both_sides_of_a_change(day, offset):
    """The dial is what supporters read; the hour of the world moves."""
    clock = Clock("evening", ZoneInfo("Europe/Zurich"), EVENING)
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    at = clock.moment(day, 0.5, begin, end)
    assert at.time() == time(19, 30)
    assert at.utcoffset() == timedelta(hours=offset)


def test_a_window_that_the_dial_skips_is_none():
    """Where the dial goes from 2 to 3, nothing is planned for half past two."""
    from uasocial.planning.clocks import Window

    clock = Clock("night", ZoneInfo("Europe/Zurich"), Window(time(2), time(3)))
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert clock.moment(date(2026, 3, 29), 0.5, begin, end) is None
    twice = clock.moment(date(2026, 10, 25), 0.0, begin, end)
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_a_holiday_moves_office_hours_to_the_next_working_day():
    """The 28th of July is Peru's national day, and so is the 29th; both fall in a week."""
    begin = datetime(2025, 7, 28, 6, tzinfo=UTC)
    reach = span(begin, date(2025, 8, 30), "Europe/Zurich", "America/Lima")
    cadence = Cadence(days=(0,), clocks=("office",), reminders=(), last_day=False)
    (slot,) = schedule(cadence, reach, clocks("Europe/Zurich", "America/Lima", "PE")).slots
    assert slot.at.date() == date(2025, 7, 30)
    assert slot.moved == "Independence Day"


def test_a_weekend_is_that_of_the_country():
    """Egypt's offices are closed on Friday and open on Sunday."""
    assert Days("EG").closed(date(2026, 5, 15)) == "weekend"
    assert Days("EG").closed(date(2026, 5, 17)) == ""
    assert Days("CH").closed(date(2026, 5, 17)) == "weekend"
    assert not Days("ZZ").known


def test_the_last_day_is_told_while_it_is_the_last_day_where_it_ends_first():
    """Auckland's day is over before Zurich's evening: so it is told the evening before."""
    begin = datetime(2026, 5, 1, 8, tzinfo=UTC)
    reach = span(begin, date(2026, 5, 20), "Europe/Zurich", "Pacific/Auckland")
    cadence = Cadence(days=(), reminders=(), last_day=True)
    (slot,) = schedule(cadence, reach, clocks("Europe/Zurich", "Pacific/Auckland", "NZ")).slots
    assert slot.at.date() == date(2026, 5, 19)
    assert reach.day_of(slot.at) == date(2026, 5, 20)


def test_a_cadence_longer_than_the_time_left_is_clipped_and_says_so():
    begin = datetime(2026, 5, 1, 8, tzinfo=UTC)
    reach = span(begin, date(2026, 5, 3), "Europe/Zurich", "Europe/Zurich")
    found = schedule(CADENCES["launch"], reach, clocks("Europe/Zurich", "Europe/Zurich", "CH"))
    assert any("clipped after 2026-05-03" in line for line in found.left_out)
    assert any("no reminder 7 days" in line for line in found.left_out)
    assert max(slot.at for slot in found.slots) < reach.end


def test_what_is_left_out_is_one_line_for_each_reason():
    begin = datetime(2026, 5, 1, 8, tzinfo=UTC)
    reach = span(begin, date(2026, 8, 30), "Europe/Zurich", "Europe/Zurich")
    cadence = Cadence(days=(0,), every=1, a_day=8, reminders=(), last_day=False)
    found = schedule(cadence, reach, clocks("Europe/Zurich", "Europe/Zurich", "CH"))
    (line,) = found.left_out
    lost = 122 * 8 - len(found.slots)
    assert line == f"2026-05-01, office and {lost - 1} more: its day is taken"
