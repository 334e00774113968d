"""The page of an urgent action on the Swiss section's site: copied as text, or saved as HTML.

It is a German page around an English text, with letters and posts in other languages.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from unicodedata import normalize

from msgspec.structs import replace

from uasocial.languages.reading import identify, read_language
from uasocial.reading.by_label import Page, finished, put_body, put_sections
from uasocial.reading.country import put_country
from uasocial.reading.document import Document, Line
from uasocial.reading.found import Match, Reading
from uasocial.reading.labels import labels_of
from uasocial.reading.lines import paragraphs
from uasocial.reading.sections import Section, cut
from uasocial.reading.sheet import Sheet

__all__ = ["match"]

LAYOUT = "page of the Swiss section"
COUNTRY = "CH"

_HEAD = ("number", "issued", "days_left", "ended")
_KINDS = (
    *_HEAD,
    "index",
    "take_action",
    "deadline",
    "language",
    "letter",
    "appeals_to",
    "copies_to",
    "delivery",
    "social",
    "counter",
)
# What a person is told of a page that is no urgent action.
_NEEDED = {
    "number": "number such as UA 119/21",
    "deadline": "deadline",
    "letter": "model letter",
    "appeals_to": "address under “Appeals to”",
}

LONGEST_HEAD = 300

_TITLE = r"(?:UA|AU|FI)\s*\d{1,4}/\d{2}(?:-\d{1,2})?"
_SIDE_BY_SIDE = re.compile(
    r"\s\|\s|\s(?=Aktiv\s+seit\s|AI-Index\b|Noch\s+\d+\s+Tage\b)"
    # The list of files: a title, a type and a size.
    rf"|(?<=[kMG]B)\s+(?={_TITLE})|\s(?={_TITLE}\s+\w{{5,20}}$)|(?<=\S)\s+(?=Microsoft\s\w+\sDocument,)"
)
_MARK = re.compile(r"aktiv\s+seit", re.IGNORECASE)
_DOCUMENT = re.compile(rf"{_TITLE}\s+(?P<language>\S.{{0,40}})")
_FILE = re.compile(r"(?P<type>[^,]{3,60}),\s*(?P<size>[\d.,]+\s?[kKMG]?B)")
_MENU = re.compile(
    r"benutzerspezifische\s+werkzeuge|amnesty\s+urgent\s+actions|startseite\b.*"
    r"|my\s+urgent\s+actions|fürs\s+mitzählen\s+lassen.*|einloggen\s+oder.*|registrieren.*"
    r"|sie\s+sind\s+hier.*|anmelden|drucken",
    re.IGNORECASE,
)


def match(document: Document) -> Match | None:
    """Tell how well *document* fits: by labels that only this page has together."""
    if document.format not in ("text", "html"):
        return None
    kinds = {label.kind for line in document.lines for label in labels_of(line.text)}
    marked = any(_MARK.search(line.text[:LONGEST_HEAD]) for line in document.lines)
    lacking = tuple(name for kind, name in _NEEDED.items() if kind not in kinds)
    score = 1 - len(lacking) / len(_NEEDED)
    return Match(LAYOUT, score if marked else score / 2, lacking, lambda: _read(document))


def _read(document: Document) -> Reading:
    sheet = Sheet(document)
    sheet.lines = [part for line in sheet.lines for part in _parted(line)]
    _put_documents(sheet)
    sheet.furnish(line for line in sheet.lines if _MENU.fullmatch(normalize("NFC", line.text)))
    sections = cut(sheet, _KINDS)
    language = _put_words(sheet, sections)
    sheet.furnish(sections[0].lines)
    put_sections(sheet, sections, Page(language, COUNTRY, one_language=False))
    put_country(sheet)
    _put_source(sheet)
    return finished(sheet, LAYOUT)


def _parted(line: Line) -> Iterator[Line]:
    """Part what stands side by side, by design or by a copy that joined lines."""
    parts = [part.strip() for part in _SIDE_BY_SIDE.split(line.text)]
    if len(parts) == 1 or len(line.text) > LONGEST_HEAD:
        yield line
    else:
        yield from (replace(line, text=part) for part in parts if part)


def _put_documents(sheet: Sheet) -> None:
    """Place the list of files: a title that names a language, and its type and size below."""
    lines = [line for line in sheet.lines if line.text]
    number = 0
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        title = _DOCUMENT.fullmatch(line.text)
        language = read_language(title["language"]) if title else None
        if language is None:
            continue
        at = ("action", "documents", number)
        number += 1
        sheet.put((*at, "language"), language, line)
        sheet.put((*at, "title"), line.text, line)
        if line.link.startswith(("http://", "https://")):
            sheet.put((*at, "url"), line.link, line)
        file = _FILE.fullmatch(below.text) if below else None
        if file and below:
            sheet.put((*at, "type"), file["type"].strip(), below)
            sheet.put((*at, "size"), file["size"], below)


def _put_words(sheet: Sheet, sections: Sequence[Section]) -> str:
    """Place the title, which stands above the index, and the texts below it; return their language.

    Without an index all of it stands under the head.
    """
    head = [line for s in sections if s.kind in _HEAD for line in _after_value(s) if line.text]
    below = [line for s in sections if s.kind == "index" for line in _after_value(s)]
    title = next(filter(sheet.is_open, head), None)
    texts = paragraphs([line for line in (*head, *below) if line is not title])
    language = identify(" ".join(text for text, _ in texts))[0] or "en"
    if title:
        sheet.put((language, "title"), title.text, title)
    put_body(sheet, texts, language, lead=True)
    return language


def _after_value(section: Section) -> Sequence[Line]:
    """Return the lines below a fact, without the one that states it."""
    if section.kind in ("", "days_left", "ended") or not section.texts:
        return section.lines
    return section.lines[section.lines.index(section.texts[0]) + 1 :]


def _put_source(sheet: Sheet) -> None:
    at = ("action", "sources", 0)
    if sheet.document.url:
        sheet.put((*at, "url"), sheet.document.url)
    read = _read_on(sheet)
    if read is None:
        return
    day, line = read
    sheet.put((*at, "retrieved_at"), day, line)
    if sheet.has("action", "counter"):
        sheet.put(("action", "counter", "as_of"), day, line)
    if sheet.has("action", "delivery"):
        sheet.put(("action", "delivery", 0, "as_of"), day, line)


def _read_on(sheet: Sheet) -> tuple[str, Line] | None:
    """Count back from the deadline: 34 days before 3 January is 30 November."""
    deadline = sheet.get("action", "deadline")
    if sheet.days_left is None or deadline is None:
        return None
    count, line = sheet.days_left
    return (date.fromisoformat(deadline) - timedelta(days=count)).isoformat(), line
