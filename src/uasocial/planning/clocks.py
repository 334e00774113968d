"""Two clocks: when an office is open where the target is, and when supporters have time.

Moments are worked out on the time line and not on the dial: between the moment at which a window
opens and the one at which it closes, however often the dial was set back or forth in between.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["EVENING", "OFFICE", "Clock", "Days", "Window"]

# Saturday and Sunday, as `date.weekday` counts, where nothing else is known of a country.
USUAL_WEEKEND = frozenset({5, 6})


class Window(NamedTuple):
    """From when to when on a day, by the dial; the end is not in it."""

    opens: time
    closes: time


OFFICE = Window(time(9), time(16, 30))
EVENING = Window(time(18), time(21))


class Days:
    """The working days of a country: its weekend and its public holidays."""

    def __init__(self, country: str | None) -> None:
        self.country = country

    @classmethod
    def of(cls, country: str | None) -> Self:
        return cls(country)

    @property
    def known(self) -> bool:
        """Whether the holidays of the country are known; else Saturday and Sunday are free."""
        return self.country is None or _calendar(self.country) is not None

    def closed(self, day: date) -> str:
        """Say why offices are closed on *day*: the holiday's name, `weekend`, or ``""``."""
        calendar = _calendar(self.country) if self.country else None
        if calendar is None:
            return "weekend" if day.weekday() in USUAL_WEEKEND else ""
        if calendar.is_working_day(day):
            return ""
        return calendar.get(day) or "weekend"


@lru_cache(maxsize=64)
def _calendar(country: str) -> "HolidayBase | None":
    # Only who plans waits for it.
    import holidays  # noqa: PLC0415

    try:
        return holidays.country_holidays(country, language="en_US")
    except NotImplementedError:
        return None


class Clock(NamedTuple):
    """A window in a zone, on working days only or on all of them; *days* None is on all."""

    name: str
    zone: tzinfo
    window: Window
    days: Days | None = None

    def closed(self, day: date) -> str:
        """Say why nothing is to go out by this clock on *day*, or return ``""``."""
        return self.days.closed(day) if self.days else ""

    def moment(self, day: date, share: float, after: datetime, before: datetime) -> datetime | None:
        """Return a moment of *day*, at *share* of its window, not *after* ... nor past *before*.

        *share* is from 0 to less than 1, of what is left of the window. None where none is left.
        """
        start = max(self._at(day, self.window.opens), after.astimezone(UTC))
        end = min(self._at(day, self.window.closes), before.astimezone(UTC))
        if start >= end:
            return None
        moment = start + (end - start) * share
        # Whole minutes are what a person reads in a plan.
        whole = moment.replace(second=0, microsecond=0)
        chosen = whole if whole >= start else whole + timedelta(minutes=1)
        return chosen.astimezone(self.zone) if chosen < end else None

    def _at(self, day: date, dial: time) -> datetime:
        """Return when the dial shows a time: the first time if twice, a moment later if never."""
        return datetime.combine(day, dial, self.zone).astimezone(UTC)
