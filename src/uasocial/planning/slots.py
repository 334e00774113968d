"""The slots of a plan: moments until the deadline, by a cadence and two clocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import NamedTuple

from uasocial.model.draft import Occasion
from uasocial.planning.cadences import Cadence, ClockName
from uasocial.planning.clocks import Clock, Window

__all__ = ["Schedule", "Slot", "Span", "schedule"]

# For what has a day of its own, where its evening is no time of that day any more.
DAYTIME = Window(time(8), time(21))

# So many days a cadence reaches at once: a plan that nobody would read to its end.
REACH = 366

# No cadence looks for an open office for longer: the longest run of holidays is shorter.
PATIENCE = 14


class Span(NamedTuple):
    """What a plan may fill: from *begin* on, not at *end* or later; both aware.

    *day_of* tells which day it is for the case at a moment; *last_day* is the last one to act, and
    *first_day* the one that a cadence counts from: a plan that is built anew has begun before. What
    is left until *deadline* is what a reminder tells.
    """

    begin: datetime
    end: datetime
    first_day: date
    last_day: date
    deadline: date
    day_of: Callable[[datetime], date]


class Slot(NamedTuple):
    """A moment for one post of an account; *moved* says why it is not on the cadence's own day."""

    at: datetime
    occasion: Occasion
    clock: ClockName
    moved: str = ""


class Schedule(NamedTuple):
    """Slots in their order, and what of the cadence could not be kept."""

    slots: list[Slot]
    left_out: list[str]


class _Wish(NamedTuple):
    """What the cadence asks for: a day, an occasion, a clock."""

    day: date
    occasion: Occasion
    clock: ClockName


def schedule(
    cadence: Cadence, span: Span, clocks: Mapping[ClockName, Clock], share: float = 0.0
) -> Schedule:
    """Return what *cadence* makes of *span*; *share*, from 0 to less than 1, sets accounts apart.

    No slot is outside *span* or its clock's window, and no two are on one day by one clock.
    """
    slots: dict[tuple[date, ClockName], Slot] = {}
    lost: dict[str, list[_Wish]] = {}
    for wish in _wishes(cadence, span):
        find = _open if wish.occasion == "appeal" else _on_its_day
        slot = find(wish, span, clocks, share)
        if slot is None and wish.day < span.day_of(span.begin):
            continue
        if slot is None:
            lost.setdefault("there is no time for it any more", []).append(wish)
            continue
        place = (slot.at.date(), slot.clock)
        if place in slots:
            lost.setdefault("its day is taken", []).append(wish)
            continue
        slots[place] = slot
    found = sorted(slots.values(), key=lambda slot: slot.at)
    return Schedule(found, [*map(_summed, lost, lost.values()), *_clipped(cadence, span)])


def _summed(why: str, lost: list[_Wish]) -> str:
    """Say of several slots in a line why they are none."""
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return f"{lost[0].day}, {lost[0].clock}{more}: {why}"


def _wishes(cadence: Cadence, span: Span) -> Iterator[_Wish]:
    """Yield what is asked for: what has a day of its own first, for it moves to no other."""
    fixed = dict(_fixed(cadence, span))
    turns = cycle(cadence.clocks)
    for day, occasion in sorted(fixed.items()):
        yield _Wish(day, occasion, "evening")
    for day in _days(cadence, span):
        for _ in range(cadence.a_day):
            clock = next(turns)
            if day not in fixed:
                yield _Wish(day, "appeal", clock)


def _fixed(cadence: Cadence, span: Span) -> Iterator[tuple[date, Occasion]]:
    for before in cadence.reminders:
        day = span.deadline - timedelta(days=before)
        if span.first_day <= day <= span.last_day:
            yield day, "reminder"
    if cadence.last_day and span.last_day >= span.first_day:
        yield span.last_day, "last-day"


def _days(cadence: Cadence, span: Span) -> Iterator[date]:
    start = span.first_day
    if cadence.last is not None:
        start = max(start, span.last_day - timedelta(days=cadence.last))
    end = min(span.last_day, _reach(span))
    for ordinal in _ordinals(cadence, (end - start).days):
        yield start + timedelta(days=ordinal)


def _reach(span: Span) -> date:
    """Return the last day that is planned at once."""
    begin = span.day_of(span.begin)
    return begin + timedelta(days=min(REACH, (date.max - begin).days))


def _ordinals(cadence: Cadence, longest: int) -> Iterable[int]:
    first = [ordinal for ordinal in sorted(set(cadence.days)) if ordinal <= longest]
    if cadence.every is None:
        return first
    after = (max(cadence.days) if cadence.days else -cadence.every) + cadence.every
    return [*first, *range(after, longest + 1, cadence.every)]


def _on_its_day(
    wish: _Wish, span: Span, clocks: Mapping[ClockName, Clock], share: float
) -> Slot | None:
    """Find a moment that is on the very day of the case: its words tell how many are left.

    Where the target is, the day may begin and end while the supporters' is another.
    """
    evening = clocks["evening"]
    for clock in (evening, evening._replace(window=DAYTIME)):
        for day in (wish.day, wish.day - timedelta(days=1)):
            at = clock.moment(day, share, span.begin, span.end)
            if at is not None and span.day_of(at) == wish.day:
                return Slot(at, wish.occasion, "evening")
    return None


def _open(wish: _Wish, span: Span, clocks: Mapping[ClockName, Clock], share: float) -> Slot | None:
    """Find the moment of an appeal: its own day, the next open one, or that evening."""
    own = clocks[wish.clock]
    closed = own.closed(wish.day)
    for later in range(PATIENCE):
        day = wish.day + timedelta(days=later)
        if not own.closed(day):
            at = own.moment(day, share, span.begin, span.end)
            if at is not None:
                return Slot(at, wish.occasion, wish.clock, closed)
            break
    at = clocks["evening"].moment(wish.day, share, span.begin, span.end)
    why = closed or "no time of that day is left"
    return Slot(at, wish.occasion, "evening", why) if at else None


def _clipped(cadence: Cadence, span: Span) -> Iterator[str]:
    """Say what of a cadence lies past the last day to act."""
    days = (span.last_day - span.first_day).days
    left = (span.deadline - span.first_day).days
    lost = [ordinal for ordinal in cadence.days if ordinal > days]
    if lost and cadence.last is None:
        yield f"the cadence is longer than the time left: it is clipped after {span.last_day}"
    if cadence.every is not None and _reach(span) < span.last_day:
        yield f"no more than {REACH} days are planned at once: build it anew after {_reach(span)}"
    late = [before for before in cadence.reminders if before > left]
    if late:
        named = ", ".join(str(before) for before in sorted(late, reverse=True))
        yield f"no reminder {named} days before the end: that is over"
