"""Texts made comparable: one normal form, no capitals, and where need be no diacritics."""

import re
import unicodedata

__all__ = ["bare", "folded", "words"]

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


def folded(text: str) -> str:
    """Return *text* in normal form C without capitals."""
    return unicodedata.normalize("NFC", text.casefold())


def bare(text: str) -> str:
    """Return *text* without capitals and without the marks on its letters: `Perú` to `peru`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def words(text: str) -> list[re.Match[str]]:
    """Find the words of *text*; an apostrophe or a hyphen parts two."""
    return list(_WORD.finditer(text))
