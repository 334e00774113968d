"""Which parts of a line run left to right and which right to left, and in what order they stand.

fpdf2 has the Unicode Bidirectional Algorithm (https://www.unicode.org/reports/tr9/).
"""

import unicodedata
from typing import NamedTuple

__all__ = ["Stretch", "visual_order"]

# Nothing of these turns round in a line from left to right.
_PLAIN = frozenset("L EN ES ET CS NSM BN B S WS ON".split())


class Stretch(NamedTuple):
    """A part of a text from *start* to *end* that runs in one direction."""

    start: int
    end: int
    rtl: bool


def visual_order(text: str, *, rtl: bool) -> list[Stretch]:
    """Return the stretches of a line from left to right, as they are to be drawn."""
    if not rtl and all(unicodedata.bidirectional(char) in _PLAIN for char in text):
        return [Stretch(0, len(text), rtl=False)] if text else []
    # The library takes its time to import, and most lines need none of it.
    from fpdf.bidi import BidiParagraph  # noqa: PLC0415
    from fpdf.enums import TextDirection  # noqa: PLC0415

    direction = TextDirection.RTL if rtl else TextDirection.LTR
    try:
        order = BidiParagraph(text, direction).get_reordered_characters()
    except RecursionError:
        # A thousand signs without a letter between them: there is no order that one could miss.
        return [Stretch(0, len(text), rtl)]
    found: list[Stretch] = []
    for char in order:
        one = Stretch(char.character_index, char.character_index + 1, char.embedding_level % 2 == 1)
        if not found or not _joins(found[-1], one):
            found.append(one)
        elif one.rtl:
            found[-1] = found[-1]._replace(start=one.start)
        else:
            found[-1] = found[-1]._replace(end=one.end)
    return found


def _joins(stretch: Stretch, char: Stretch) -> bool:
    """Tell whether a character goes on where a stretch ends on the line."""
    if stretch.rtl != char.rtl:
        return False
    return char.end == stretch.start if char.rtl else char.start == stretch.end
