"""The page of an urgent action of Amnesty USA: an expiry, a sample letter, targets in a line."""

import re
from collections.abc import Sequence

from uasocial.languages.reading import read_day
from uasocial.reading.by_label import Page, finished, put_body, put_sections
from uasocial.reading.country import put_country
from uasocial.reading.document import Document, Line
from uasocial.reading.found import Match, Reading
from uasocial.reading.labels import labels_of
from uasocial.reading.lines import paragraphs
from uasocial.reading.sections import cut
from uasocial.reading.sheet import Sheet
from uasocial.reading.statements import is_number, put_index, put_issued, put_number

__all__ = ["match"]

LAYOUT = "page of Amnesty USA"
LANGUAGE = "en"
COUNTRY = "US"

_KINDS = (
    "index",
    "deadline",
    "after_deadline",
    "language",
    "take_action",
    "letter",
    "appeals_to",
    "copies_to",
    "background",
    "social",
    "report_back",
    "pronoun",
    "previous",
)
_NEEDED = {
    "deadline": "“This Urgent Action expires on”",
    "letter": "“Sample letter”",
    "number": "number such as UA 119/21",
}
_HEAD = ("", "index", "deadline")
# In a story a number may be of another action.
LONGEST_HEAD = 200
_BANNER = re.compile(r"(?:take\s+action:?\s*)?urgent\s+action[:\s]*[\d/.\s]*", re.IGNORECASE)
_MARK = re.compile(r"this\s+urgent\s+action\s+expires\s+on|sample\s+letter", re.IGNORECASE)


def match(document: Document) -> Match | None:
    """Tell how well *document* fits: by its expiry and its sample letter."""
    kinds = {label.kind for line in document.lines for label in labels_of(line.text)}
    lacking = tuple(name for kind, name in _NEEDED.items() if kind not in kinds)
    score = 1 - len(lacking) / len(_NEEDED)
    marks = {
        " ".join(found[0].casefold().split())
        for line in document.lines
        if (found := _MARK.search(line.text[:500]))
    }
    return Match(LAYOUT, score * (len(marks) + 1) / 3, lacking, lambda: _read(document))


def _read(document: Document) -> Reading:
    sheet = Sheet(document)
    sections = cut(sheet, _KINDS)
    head = [line for s in sections if s.kind in _HEAD for line in s.lines]
    short = [line for line in head if len(line.text) <= LONGEST_HEAD]
    page = Page(LANGUAGE, COUNTRY)
    _put_date(sheet, short)
    put_number(sheet, [line for line in short if is_number(line)])
    put_sections(sheet, [s for s in sections if s.kind in _HEAD], page)
    _put_words(sheet, head)
    put_number(sheet, short)
    put_index(sheet, short)
    put_sections(sheet, [s for s in sections if s.kind not in _HEAD], page)
    put_country(sheet)
    return finished(sheet, LAYOUT)


def _put_date(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Place the date that stands by itself in the head: the page has no label for it."""
    dates = [line for line in lines if (day := read_day(line.text)) and day[1] == line.text]
    put_issued(sheet, dates[:1])


def _put_words(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Place the title, a heading on a saved page, and the lead and body below it."""
    sheet.furnish(line for line in lines if _BANNER.fullmatch(line.text))
    # On a saved page the menu comes first, and is made of links.
    rest = [
        line
        for line in lines
        if not line.text or (sheet.is_open(line) and not line.link and line.kind != "menu")
    ]
    headings = [line for line in rest if line.kind == "heading"]
    title = next((line for line in headings or rest if line.text), None)
    if title is None:
        return
    above, below = rest[: rest.index(title)], rest[rest.index(title) + 1 :]
    sheet.furnish(above)
    sheet.put((LANGUAGE, "title"), title.text, title)
    put_body(sheet, paragraphs(below), LANGUAGE, lead=True)
