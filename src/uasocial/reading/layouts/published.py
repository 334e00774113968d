"""The document as published since about 2018: one head line, a title, a letter, and labels."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from uasocial.languages.reading import countries_in
from uasocial.reading.by_label import (
    Page,
    finished,
    put_body,
    put_sections,
    put_targets_and_letter,
)
from uasocial.reading.country import put_country
from uasocial.reading.document import Document, Line
from uasocial.reading.found import Match, Reading
from uasocial.reading.labels import labels_of
from uasocial.reading.lines import paragraphs
from uasocial.reading.sections import cut
from uasocial.reading.sheet import Sheet
from uasocial.reading.statements import put_index, put_issued, put_kind, put_number
from uasocial.reading.tongue import language_of

__all__ = ["match"]

LAYOUT = "document as published by the International Secretariat"

_KINDS = (
    "take_action",
    "letter",
    "appeals_to",
    "copies_to",
    "background",
    "language",
    "deadline",
    "after_deadline",
    "previous",
    "pronoun",
    "social",
)
_NEEDED = {
    "number": "number such as UA 119/21",
    "take_action": "“Take action”",
    "deadline": "deadline",
    "language": "preferred language",
}
# The head: `First UA: 119/21 Index: AMR 46/5033/2021 Peru Date: 23 November 2021`.
_HEAD = re.compile(r"\b(?:index|índice|indice|ai-index|date|fecha|datum)\b\s*:", re.IGNORECASE)
_BANNER = re.compile(
    r"(?:urgent\s+action|acción\s+urgente|action\s+urgente|eilaktion|ua)[:\s]*",
    re.IGNORECASE,
)
# Marks of the other layouts, which have an index in their head as well.
_OTHERS = re.compile(
    r"aktiv\s+seit|this\s+urgent\s+action\s+expires|sample\s+letter", re.IGNORECASE
)
FEW = 12
LONGEST_TITLE = 4


def match(document: Document) -> Match | None:
    """Tell how well *document* fits: by its labels, and by the index in its head."""
    kinds = {label.kind for line in document.lines for label in labels_of(line.text)}
    lacking = tuple(name for kind, name in _NEEDED.items() if kind not in kinds)
    score = 1 - len(lacking) / len(_NEEDED)
    headed = any(_HEAD.search(line.text[:500]) for line in _first(document.lines))
    own = (
        headed
        and "title" not in kinds
        and not any(_OTHERS.search(line.text[:500]) for line in document.lines)
    )
    return Match(LAYOUT, score if own else score / 2, lacking, lambda: _read(document))


def _first(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.text][:FEW]


def _read(document: Document) -> Reading:
    sheet = Sheet(document)
    sections = cut(sheet, _KINDS)
    language = language_of(sheet, sections)
    _put_head(sheet, sections[0].lines)
    _put_words(sheet, sections[0].lines, language)
    put_sections(sheet, sections, Page(language), {"take_action": put_targets_and_letter})
    put_country(sheet)
    return finished(sheet, LAYOUT)


def _put_head(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Place number, index, date, and the countries that stand beside them."""
    first = _first(lines)
    head = [line for line in first if _is_head(line)]
    put_number(sheet, head)
    put_kind(sheet, head)
    put_index(sheet, head)
    # A narrow page breaks the head within its date.
    pairs = zip([None, *first], first, strict=False)
    put_issued(sheet, [line for above, line in pairs if above in head or line in head])
    sheet.place(head)
    for line in head:
        named = countries_in(line.text)
        if named:
            sheet.put(("action", "countries"), named, line)
            return


def _is_head(line: Line) -> bool:
    kinds = {label.kind for label in labels_of(line.text) if label.how != "alone"}
    return bool(kinds & {"number", "update_of", "index", "issued"}) or bool(
        _HEAD.search(line.text[:500])
    )


def _put_words(sheet: Sheet, lines: Sequence[Line], language: str) -> None:
    """Place the title, the first line below head and banner, and what follows as the lead."""
    sheet.furnish(line for line in lines if _BANNER.fullmatch(line.text))
    rest = [line for line in lines if not line.text or sheet.is_open(line)]
    start = next((at for at, line in enumerate(rest) if line.text), None)
    if start is None:
        return
    title = list(_title(rest[start:]))
    sheet.put((language, "title"), " ".join(line.text for line in title), *title)
    put_body(sheet, paragraphs(rest[start + len(title) :]), language, lead=True)


def _title(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of the title: a narrow page breaks one in capitals into several."""
    yield lines[0]
    if lines[0].text.isupper():
        yield from takewhile(lambda line: line.text.isupper(), lines[1:LONGEST_TITLE])
