"""What a letter that is ready to go consists of; its sender stands in none of it."""

from datetime import date
from typing import Literal

from msgspec import Struct

__all__ = ["AppealLetter", "CoveringNote", "Sending"]


class Sending(Struct, frozen=True, kw_only=True):
    """From which country a letter goes (ISO 3166-1), by which channel.

    `country_in` is the language of the country's line; None lets the rule decide.
    """

    country: str | None = None
    channel: Literal["letter", "email"] = "letter"
    country_in: Literal["en", "fr"] | None = None


class CoveringNote(Struct, frozen=True, kw_only=True):
    """What goes with the copy for the embassy: its address, and a sentence that asks for a favour.

    The last line of an address is the country, where the letter crosses a border.
    """

    id: str
    address: tuple[str, ...]
    emails: tuple[str, ...]
    text: str


class AppealLetter(Struct, frozen=True, kw_only=True, rename={"sender_country": "from"}):
    """A letter to one target in one language; *notes* are for whoever sends it, not for its page.

    The last line of the address is the country, where the letter crosses a border.
    """

    action: str
    target: str
    language: str
    sender_country: str | None
    address: tuple[str, ...]
    emails: tuple[str, ...]
    day: date
    date_line: str
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    closing: str | None
    copy: CoveringNote | None
    notes: tuple[str, ...]
