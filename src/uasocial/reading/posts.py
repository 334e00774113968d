"""Texts for social media: word for word, on the platform of the handles in them."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from uasocial.languages.reading import identify, read_country
from uasocial.reading import traps
from uasocial.reading.document import Line
from uasocial.reading.lines import Paragraph, paragraphs
from uasocial.reading.sheet import Sheet

__all__ = ["put_posts"]

# A post is a line; only what a mail programs wraps, no wider than this, is put together again.
WIDEST = 80

_TAG = re.compile(r"[#＃](\w{2,100})")
_ADDRESS = re.compile(r"https?://\S{1,500}")
_WORD = re.compile(r"\w+")


def put_posts(sheet: Sheet, lines: Sequence[Line], language: str, platform: str = "x") -> None:
    """Place each text as a post of its own language; one with a handle stays on *platform*.

    The pages of the layouts write handles of Twitter, now X.
    """
    words = _words_of(sheet)
    for text, used in _texts(lines):
        tag, certain = identify(text)
        tag = tag if certain > 0.5 else language  # noqa: PLR2004 - more likely than all the others
        at = (tag, "posts", sheet.count(tag, "posts"))
        sheet.put((*at, "text"), text, *used)
        if "@" in text:
            sheet.put((*at, "platforms"), [platform], *used)
        _put_hashtags(sheet, text, used, tag)
        sheet.doubts(traps.of_post(text, used[0].number, words, tag))


def _texts(lines: Sequence[Line]) -> list[Paragraph]:
    """Return the texts; an address in a line of its own belongs to the text above it."""
    found: list[Paragraph] = []
    for text, used in paragraphs(lines, WIDEST):
        if found and _ADDRESS.fullmatch(text):
            above, lines_above = found.pop()
            found.append((f"{above}\n{text}", (*lines_above, *used)))
        else:
            found.append((text, used))
    return found


def _words_of(sheet: Sheet) -> Collection[str]:
    return [word for line in sheet.document.lines for word in _WORD.findall(line.text)]


def _put_hashtags(sheet: Sheet, text: str, used: Sequence[Line], language: str) -> None:
    """Place the tags that templates ask for: of the country, and the first other one."""
    for tag in _TAG.findall(unicodedata.normalize("NFC", text)):
        if read_country(tag):
            if not sheet.has("action", "hashtags", "country"):
                sheet.put(("action", "hashtags", "country"), tag, *used)
        elif not sheet.has("action", "hashtags", "campaign", language):
            sheet.put(("action", "hashtags", "campaign", language), tag, *used)
