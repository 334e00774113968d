"""A model letter made ready to go: addressed, dated, with the copy to the embassy beside it."""

from uasocial.letters.addresses import in_language
from uasocial.letters.choosing import language_for, recipients, target_named
from uasocial.letters.composing import compose
from uasocial.letters.covering import note_for
from uasocial.letters.mail import as_eml, as_mailto
from uasocial.letters.notes import prices
from uasocial.letters.parts import AppealLetter, CoveringNote, Sending
from uasocial.letters.plain import PAGE_BREAK, as_text, body

__all__ = [
    "PAGE_BREAK",
    "AppealLetter",
    "CoveringNote",
    "Sending",
    "as_eml",
    "as_mailto",
    "as_text",
    "body",
    "compose",
    "in_language",
    "language_for",
    "note_for",
    "prices",
    "recipients",
    "target_named",
]
