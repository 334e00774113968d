"""A model letter made ready to go: addressed, dated, with the copy to the embassy beside it."""

from uasocial.letters.choosing import language_for, recipients, target_named
from uasocial.letters.composing import compose
from uasocial.letters.mail import as_eml
from uasocial.letters.parts import AppealLetter, CoveringNote, Sending
from uasocial.letters.plain import PAGE_BREAK, as_text, body

__all__ = [
    "PAGE_BREAK",
    "AppealLetter",
    "CoveringNote",
    "Sending",
    "as_eml",
    "as_text",
    "body",
    "compose",
    "language_for",
    "recipients",
    "target_named",
]
