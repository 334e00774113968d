"""The template of the International Secretariat, in which each part stands under its label."""

from uasocial.reading.by_label import Page, finished, put_sections
from uasocial.reading.country import put_country
from uasocial.reading.document import Document
from uasocial.reading.found import Match, Reading
from uasocial.reading.labels import labels_of
from uasocial.reading.sections import cut
from uasocial.reading.sheet import Sheet
from uasocial.reading.tongue import language_of

__all__ = ["match"]

LAYOUT = "template of the International Secretariat"

_KINDS = (
    "title",
    "issued",
    "number",
    "update_of",
    "index",
    "summary",
    "letter",
    "appeals_to",
    "copies_to",
    "language",
    "deadline",
    "after_deadline",
    "previous",
    "pronoun",
    "background",
    "social",
)
_NEEDED = {
    "title": "title",
    "number": "number such as UA 119/21",
    "summary": "summary",
    "deadline": "deadline",
    "appeals_to": "target's contact details",
}


def match(document: Document) -> Match | None:
    """Tell how well *document* fits: by its labels, of which the title's is this layout's own."""
    kinds = {label.kind for line in document.lines for label in labels_of(line.text)}
    lacking = tuple(name for kind, name in _NEEDED.items() if kind not in kinds)
    score = 1 - len(lacking) / len(_NEEDED)
    return Match(LAYOUT, score if "title" in kinds else score / 2, lacking, lambda: _read(document))


def _read(document: Document) -> Reading:
    sheet = Sheet(document)
    sections = cut(sheet, _KINDS)
    put_sections(sheet, sections, Page(language_of(sheet, sections)))
    put_country(sheet)
    return finished(sheet, LAYOUT)
