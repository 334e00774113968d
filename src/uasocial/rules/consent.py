"""What a person at risk has allowed, and by which names they are known."""

from datetime import date

from uasocial.model import Person

__all__ = ["consents", "spellings"]


def consents(person: Person, day: date) -> set[str]:
    """Return the uses that *person* has allowed and that hold on *day*."""
    return {
        consent.use
        for consent in person.consents
        if consent.given_on <= day and (not consent.expires_on or day <= consent.expires_on)
    }


def spellings(person: Person) -> tuple[str, ...]:
    """Return every way in which the name of *person* is written."""
    return (person.name, *person.spellings)
