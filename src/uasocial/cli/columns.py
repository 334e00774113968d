"""Texts beside each other, and what is new in one of them, as lines of a terminal."""

import difflib
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["beside", "changes"]

# Narrower than that nobody reads a post in a column: it stands below the other then.
NARROWEST = 36
GAP = " | "


def beside(blocks: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield the lines of *blocks* in columns of one width, or one below the other."""
    room = (width - len(GAP) * (len(blocks) - 1)) // len(blocks)
    if len(blocks) == 1 or room < NARROWEST:
        for block in blocks:
            yield from block
        return
    wrapped = [[part for line in block for part in _wrapped(line, room)] for block in blocks]
    height = max(len(block) for block in wrapped)
    for row in range(height):
        cells = [block[row] if row < len(block) else "" for block in wrapped]
        yield GAP.join(f"{cell}{' ' * (room - _cells(cell))}" for cell in cells)


def _wrapped(line: str, room: int) -> list[str]:
    """Return a line as lines of a column; wide characters take the room of two."""
    narrow = room if _cells(line) == len(line) else room // 2
    return textwrap.wrap(line, narrow, break_on_hyphens=False) or [""]


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of both, each with its sign: -, + or a space."""
    for op, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield from ((" ", line) for line in old[i:j])
        else:
            yield from (("-", line) for line in old[i:j])
            yield from (("+", line) for line in new[k:m])
