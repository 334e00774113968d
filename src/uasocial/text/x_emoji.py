"""The emoji that X counts as one though they are several code points."""

import re

from uasocial.text.tables.x_emoji import AFTER

_SECOND = re.compile("[\u200d\u20e3\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0067]")
_TONES = str.maketrans("\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", "\U0001f3fb" * 4)
_LENGTHS = tuple(sorted({len(rest) for rest in AFTER}, reverse=True))


def may_be_in(heavy: str) -> bool:
    """Whether there may be such emoji in a text, by its heavy characters: all but U+200D."""
    return _SECOND.search(heavy) is not None


def find(text: str) -> list[tuple[int, int]]:
    """Where emoji of two code points and more begin and end in *text*, from left to right."""
    found = []
    match = _SECOND.search(text, 1)
    while match:
        second = match.start()
        end = _end(text, second)
        if end:
            found.append((second - 1, end))
        # The next emoji has its first code point after this one.
        match = _SECOND.search(text, end + 1 if end else second + 1)
    return found


def _end(text: str, second: int) -> int:
    """Where the longest emoji with its second code point at *second* ends; 0 without one."""
    first = text[second - 1]
    ahead = text[second : second + _LENGTHS[0]].translate(_TONES)
    for length in _LENGTHS:
        if len(ahead) >= length and first in AFTER.get(ahead[:length], ""):
            return second + length
    return 0
