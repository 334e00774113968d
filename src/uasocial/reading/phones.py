"""Telephone and fax numbers, from the many ways to write them to E.164 (phonenumbers)."""

from typing import NamedTuple

__all__ = ["Phone", "read_phone"]

# E.164 allows 15 digits; more than this is no number, however it is spaced.
MAX_LENGTH = 40


class Phone(NamedTuple):
    """A number that was read; *national* where its country was not written with it.

    *shown* is how one would write it for readers abroad: `+41 31 351 85 70`. *in_plan* tells
    whether its country gives out such numbers.
    """

    e164: str
    shown: str
    national: bool
    in_plan: bool


def read_phone(written: str, country: str | None) -> Phone | None:
    """Read a number; one without its country's code is read for *country*, or not at all."""
    # The metadata of all countries: only who reads a number waits for them.
    import phonenumbers  # noqa: PLC0415

    written = written.strip()
    if written.startswith("00"):
        written = f"+{written[2:].lstrip()}"
    national = not written.startswith(("+", "(+"))
    if len(written) > MAX_LENGTH or (national and country is None):
        return None
    try:
        number = phonenumbers.parse(written, country if national else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    formats = phonenumbers.PhoneNumberFormat
    return Phone(
        phonenumbers.format_number(number, formats.E164),
        phonenumbers.format_number(number, formats.INTERNATIONAL),
        national,
        phonenumbers.is_valid_number(number),
    )
