"""When a day ends for a case: in its target's zones and the publisher's, where it ends first."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from uasocial import languages
from uasocial.model import Action

__all__ = ["end_of_day", "midnight_after", "zone_names", "zones_of"]

_TINY = timedelta(microseconds=1)


def zone_names(action: Action) -> list[str]:
    """Return the zone that a case states, else those of its targets' countries."""
    facts = action.facts
    if facts.time_zone:
        return [facts.time_zone]
    targets = {target.country for target in facts.targets if target.country}
    countries = sorted(targets or set(facts.countries))
    return [zone for country in countries for zone in languages.zones(country)]


def zones_of(action: Action, own: tzinfo | None) -> list[tzinfo]:
    """Return the publisher's *own* zone, and those of the targets."""
    return [*([own] if own else []), *(ZoneInfo(name) for name in zone_names(action))]


def midnight_after(day: date, zones: Iterable[tzinfo]) -> datetime:
    """Return the first moment after *day* in whichever of *zones* it ends first."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return min(midnight.replace(tzinfo=zone) for zone in zones)


def end_of_day(day: date, zones: Iterable[tzinfo]) -> datetime:
    """Return the last moment of *day* in whichever of *zones* it ends first."""
    return midnight_after(day, zones) - _TINY
