"""Texts as JavaScript sees them: UTF-16 units, and surrogates that meet become a character."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

_ASTRAL = re.compile("[\U00010000-\U0010ffff]+")
_LOOSE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# Sorting the marks on one letter is quadratic in `unicodedata`: no cost up to this length.
_LONG = 1000


def joined(text: str) -> str:
    """*text* with every high and low surrogate that meet made one character."""
    if text.isascii() or _LOOSE_PAIR.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def split(text: str) -> str:
    """*text* with two surrogates in the place of each astral character: one a UTF-16 unit."""
    return text if text.isascii() else _ASTRAL.sub(_surrogates, text)


def _surrogates(astral: re.Match[str]) -> str:
    offsets = [ord(char) - 0x10000 for char in astral[0]]
    return "".join(chr(0xD800 + (o >> 10)) + chr(0xDC00 + (o & 0x3FF)) for o in offsets)


def unit_starts(text: str) -> list[int]:
    """The place in UTF-16 units of every code point of *text*, and of its end."""
    starts = [0]
    for char in text:
        starts.append(starts[-1] + (2 if char > "\uffff" else 1))
    return starts


def in_units(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """*spans* of code points of *text*, from left to right, as spans of UTF-16 units."""
    moved = []
    at = before = 0
    for start, end in spans:
        before += _astral(text, at, start)
        within = _astral(text, start, end)
        moved.append((start + before, end + before + within))
        at, before = end, before + within
    return moved


def _astral(text: str, start: int, end: int) -> int:
    return sum(map(len, _ASTRAL.findall(text, start, end)))


def composed(text: str) -> str:
    """*text* in normal form C, in linear time."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _marks_sorted(text) if len(text) > _LONG else text)


def _marks_sorted(text: str) -> str:
    parts = "".join(map(_decomposed, text))
    runs = groupby(parts, lambda char: unicodedata.combining(char) > 0)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs
    )


@lru_cache(maxsize=4096)
def _decomposed(char: str) -> str:
    return unicodedata.normalize("NFD", char)
