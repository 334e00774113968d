"""Names found in a text, however they are written: in capitals, in one, in another alphabet."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

__all__ = ["folded", "holds", "latin", "readable"]

# Shorter words would be found in others, once the spaces are gone or at all.
MIN_BARE = 4
# A name of several short words ("Ana Li") would be found across others ("banality").
MIN_ANYWHERE = 8

# Marks over and under letters of Latin, Greek, Cyrillic, Hebrew and Arabic, and the Arabic
# stretcher. Those of Indian scripts stay: they are vowels, and tell names apart.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


class _Name(NamedTuple):
    """A name in the forms in which it is looked for; *pattern* where it must stand as words."""

    folded: str
    bare: str
    latin: str
    latin_bare: str
    pattern: "re.Pattern[str] | None"


def holds(text: str, name: str) -> bool:
    """Tell whether *text* has *name*: as it is, folded, without its spaces, or transliterated."""
    sought, whole = _name(name), readable(text)
    if sought.pattern is not None:
        return _stands_in(sought.pattern, whole)
    plain = folded(whole)
    if sought.folded in plain or (sought.bare and sought.bare in _bare(plain)):
        return True
    if not sought.latin or (plain.isascii() and sought.folded.isascii()):
        return False
    roman = latin(plain)
    return sought.latin in roman or sought.latin_bare in _bare(roman)


@lru_cache(maxsize=64)
def readable(text: str) -> str:
    """Return *text* with what its web addresses write in percent."""
    return unquote(text) if "%" in text else text


@lru_cache(maxsize=512)
def _name(name: str) -> _Name:
    plain = " ".join(folded(name).split())
    roman = " ".join(latin(plain).split())
    bare, roman_bare = _bare(plain), _bare(roman)
    enough = len(roman_bare) >= MIN_BARE
    return _Name(
        plain,
        bare if len(bare) >= MIN_BARE else "",
        roman if enough else "",
        roman_bare if enough else "",
        _pattern(bare) if _must_be_words(plain, bare) else None,
    )


def _must_be_words(plain: str, bare: str) -> bool:
    """Tell whether a name is too short to be looked for within words.

    A script without spaces between words has no other place for it.
    """
    short = MIN_ANYWHERE if " " in plain else MIN_BARE
    return len(bare) < short and bare.isalnum() and not _is_unspaced(bare)


def _is_unspaced(text: str) -> bool:
    # Thai to Myanmar, Khmer, kana, Han and Hangul.
    return any(
        "\u0e00" <= c <= "\u109f" or "\u1780" <= c <= "\u17ff" or "\u3040" <= c <= "\ud7ff"
        for c in text
    )


def _pattern(bare: str) -> "re.Pattern[str]":
    letters = r"[\W_]*".join(map(re.escape, bare))
    return re.compile(rf"(?<![^\W_]){letters}(?![^\W_])")


def _stands_in(pattern: "re.Pattern[str]", text: str) -> bool:
    return any(pattern.search(folded(form)) for form in (text, _CAMEL.sub(" ", text)))


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Return *text* without capitals, and without marks over and under its letters."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", folded))


@lru_cache(maxsize=64)
def _bare(text: str) -> str:
    """Leave letters and digits alone: no space, break or joiner parts a name from itself."""
    return "".join(filter(str.isalnum, text))


class _Latin(dict[int, str]):
    """What each character is in Latin letters; asked once for each and remembered."""

    def __missing__(self, code: int) -> str:
        if code < 128:  # noqa: PLR2004 - ASCII
            self[code] = chr(code)
        else:
            # Its tables take a while to load, and most texts need none of them.
            from anyascii import anyascii  # noqa: PLC0415

            self[code] = anyascii(chr(code)).lower()
        return self[code]


_LATIN = _Latin()


@lru_cache(maxsize=64)
def latin(text: str) -> str:
    """Return folded *text* in Latin letters."""
    return text if text.isascii() else text.translate(_LATIN)
