"""Lines made ready to be read: copies taken out, lists taken apart, wrapped texts made whole."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from uasocial.reading.document import Line

__all__ = ["Paragraph", "paragraphs", "prepared"]

# The share of lines that must stand twice before a text is taken for a doubled one.
MOST = 0.8
# Fewer lines prove nothing: a refrain, two equal headings.
FEW = 8
# Nobody wraps a text wider: what is longer is a paragraph of its own.
WIDEST = 130
# A list of names or numbers is narrower, and no text.
NARROWEST = 40
# In a proportional font lines that are full differ in their number of characters.
FULL = 0.8

_ENDS = (".", "!", "?", ":", "…", ".”", ".»", '."', "؟")

_BULLET = re.compile("^[•◦▪●‣*–—·-][ \t\u00a0]+")
_INNER_BULLET = re.compile("\\s+(?=[•◦▪●‣→][ \t\u00a0])")
Paragraph = tuple[str, tuple[Line, ...]]


def prepared(lines: Sequence[Line]) -> tuple[list[Line], bool]:
    """Return the lines to read, and whether each of them stood twice."""
    single = lines[::2] if _is_double_spaced(lines) else lines
    single = _first_copy(single)
    doubled = _is_doubled(single)
    once = _once(single) if doubled else single
    return [part for line in once for part in _items(line)], doubled


def _first_copy(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the first half where the second one says the same, as after pasting twice."""
    said = [line for line in lines if line.text]
    half = len(said) // 2
    texts = [line.text for line in said]
    if half < FEW or len(said) % 2 or texts[:half] != texts[half:]:
        return lines
    return lines[: lines.index(said[half])]


def _is_double_spaced(lines: Sequence[Line]) -> bool:
    return len(lines) >= 2 * FEW and not any(line.text for line in lines[1::2])


def _is_doubled(lines: Sequence[Line]) -> bool:
    texts = [line.text for line in lines if line.text]
    pairs = sum(a == b for a, b in zip(texts[::2], texts[1::2], strict=False))
    return len(texts) >= FEW and pairs >= MOST * (len(texts) // 2)


def _once(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    last = ""
    for line in lines:
        if line.text and line.text == last:
            last = ""
            continue
        kept.append(line)
        last = line.text or last
    return kept


def _items(line: Line) -> Iterator[Line]:
    """Yield the line, or each item of a list that was joined into one line, without its bullet."""
    for part in _INNER_BULLET.split(line.text):
        bare = _BULLET.sub("", part)
        if bare != part:
            yield replace(line, text=bare, kind="item")
        elif part == line.text:
            yield line
        else:
            yield replace(line, text=part)


def paragraphs(lines: Sequence[Line], widest: int = WIDEST) -> list[Paragraph]:
    """Return the paragraphs: an empty line or an item parts them, and lines that were wrapped join.

    Where a text was not wrapped, or is wider than *widest*, each line is a paragraph.
    """
    found: list[Paragraph] = []
    for block in _blocks(lines):
        found.extend(_unwrapped(block, widest))
    return found


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (not line.text or line.kind in ("item", "heading")):
            yield block
            block = []
        if line.text:
            block.append(line)
    if block:
        yield block


def _unwrapped(block: list[Line], widest: int) -> Iterator[Paragraph]:
    width = _width(block, widest)
    whole = [block[0]]
    for line in block[1:]:
        if _goes_on(whole[-1], line, width):
            whole.append(line)
        else:
            yield _joined(whole)
            whole = [line]
    yield _joined(whole)


def _width(block: list[Line], widest: int) -> int:
    """Return the width that *block* was wrapped at; 0 for a list, or for paragraphs of a line.

    Where a text is wrapped most lines are full, and few happen to end with a sentence.
    """
    width = max(len(line.text) for line in block)
    pairs = list(pairwise(block))
    ended = sum(line.text.endswith(_ENDS) for line, _ in pairs)
    full = sum(_goes_on(line, below, width) for line, below in pairs)
    wrapped = NARROWEST <= width <= widest and 2 * ended <= len(pairs) <= 2 * full
    return width if wrapped else 0


def _goes_on(line: Line, below: Line, width: int) -> bool:
    """Tell whether *line* is so full that the first word of the one below had to go down."""
    first = below.text.split(maxsplit=1)[0]
    return width > 0 and len(line.text) + 1 + len(first) > width * FULL


def _joined(lines: list[Line]) -> Paragraph:
    return " ".join(line.text for line in lines), tuple(lines)
