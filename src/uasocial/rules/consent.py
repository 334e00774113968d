"""What a person at risk has allowed, and by which names they are known."""

from collections.abc import Iterable
from datetime import date

from uasocial.model import Person

__all__ = ["consents", "day_without", "spellings"]


def consents(person: Person, day: date) -> set[str]:
    """Return the uses that *person* has allowed and that hold on *day*."""
    return {
        consent.use
        for consent in person.consents
        if consent.given_on <= day and (not consent.expires_on or day <= consent.expires_on)
    }


def day_without(person: Person, uses: set[str], days: Iterable[date]) -> date | None:
    """Return the first of *days* on which *person* does not allow all the *uses*."""
    return next((day for day in sorted(days) if not uses <= consents(person, day)), None)


def spellings(person: Person) -> tuple[str, ...]:
    """Return every way in which the name of *person* is written, also with the last name first."""
    known = (person.name, *person.spellings)
    return (*known, *(_last_first(name) for name in known if " " in name))


def _last_first(name: str) -> str:
    others, _, last = name.rpartition(" ")
    return f"{last} {others}"
