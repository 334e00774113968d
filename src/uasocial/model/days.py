"""Days of a case: written as 2022-01-03 or, in an example only, counted from today."""

import re
from datetime import MAXYEAR, date, datetime
from typing import Self
from zoneinfo import ZoneInfo

__all__ = ["Day", "Moment", "latest_today"]

_RELATIVE = re.compile(r"today(?:\s*([+-])\s*(\d{1,3}))?")
# A year before is a slip of the hand.
FIRST_YEAR = 1900
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Day(date):
    """A calendar day as a case's file states it."""

    @classmethod
    def parse(cls, text: object, today: date | None = None) -> Self:
        """Read ``2022-01-03``, or ``today+21`` where *today* is given; raise ValueError."""
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is no date; write it as 2022-01-03")  # noqa: TRY004
        relative = _RELATIVE.fullmatch(text)
        if relative:
            if today is None:
                raise ValueError(f"{text!r} may stand only in a case with `example: true`")
            days = int(relative[2] or 0)
            return cls.fromordinal(today.toordinal() + (-days if relative[1] == "-" else days))
        if not _ISO.fullmatch(text):
            raise ValueError(f"{text!r} is no date; write it as 2022-01-03")
        try:
            day = cls.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is no day of the calendar: {error}") from None
        if day.year < FIRST_YEAR:
            raise ValueError(f"{text!r} is no day of an urgent action: look at the year")
        return day


class Moment(datetime):
    """A moment with its zone: 2021-11-23T10:00+01:00."""

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read a moment, with or without seconds; raise ValueError where it has no zone."""
        try:
            found = cls.fromisoformat(str(text))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise ValueError(
                f"{text!r} is no moment with its zone; write it as 2021-11-23T10:00+01:00"
            )
        if not FIRST_YEAR <= found.year < MAXYEAR:
            # Nearer to an end of the calendar, another zone has no name for it.
            raise ValueError(f"{text!r} is no moment of an urgent action: look at the year")
        return found


def latest_today(now: datetime, zones: list[str]) -> date:
    """Return the date in whichever of *zones* is furthest ahead at *now* (aware).

    There the day ends first: who obeys it is in time in all the zones.
    """
    if not zones:
        return now.date()
    return max(now.astimezone(ZoneInfo(zone)).date() for zone in zones)
