"""Word documents (.docx): paragraphs, cells and text boxes in reading order."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from uasocial.errors import DocumentError
from uasocial.reading.document import Document, Kind
from uasocial.reading.formats import archives
from uasocial.reading.formats.lines import PAGE_NUMBER, Lines, document

__all__ = ["read"]

MAX_CELLS = 10_000
MAX_STYLES_UP = 10
MAX_LINK = 2048

# What is not shown: tracked deletions, properties, the old drawing beside a new one, ruby text.
_UNSEEN = frozenset(
    map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:tblPr", "w:tcPr", "w:sdtPr", "w:rt"))
)
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CHOICES = (f"{_MC}Choice", f"{_MC}Fallback")
_BOX = qn("w:txbxContent")
# What a run holds beside text: ECMA-376-1, 17.3.3.
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "\u2011",
    qn("w:softHyphen"): "\u00ad",
}
_OFF = ("0", "false", "off", "none")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.IGNORECASE)


def read(data: bytes, name: str) -> Document:
    """Read a Word document; raise DocumentError for one that is broken or has no text."""
    archives.check(data, name)
    try:
        opened = docx.Document(BytesIO(data))
        lines = _Reader(name, opened).lines_of(opened)
        title = _title(opened)
    except (DocumentError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - python-docx and lxml raise all kinds for a broken file
        raise DocumentError(name, archives.BROKEN) from None
    if not any(line.text for line in lines.done()):
        raise DocumentError(name, "has no text: if it is a picture, run text recognition (OCR)")
    return document(name, "docx", data, lines.done(), title=title)


def _title(opened: Any) -> str:
    """Return the title among the properties; python-docx would make some up where there is none."""
    try:
        part = opened.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return ""
    return str(part.core_properties.title)


class _Reader:
    def __init__(self, name: str, opened: Any) -> None:
        self._name = name
        self._lines = Lines(name)
        self._styles = {style.style_id: style.element for style in opened.styles}
        self._cells = 0

    def lines_of(self, opened: Any) -> Lines:
        """Read headers once each, the body, and footers once each."""
        body = opened.element.body
        for part in _margins(opened.part, body, "w:headerReference"):
            self._read_margin(part)
        self._read_blocks(body, opened.part, "text")
        for part in _margins(opened.part, body, "w:footerReference"):
            self._read_margin(part)
        return self._lines

    def _read_margin(self, part: Any) -> None:
        """Read a header or footer, without what is empty or the number of a page."""
        for block in part.element.iter(qn("w:p")):
            text = _Paragraph(block, part).text
            if text.strip() and not PAGE_NUMBER.fullmatch(text.strip()):
                self._read_paragraph(block, part, "text")

    def _read_blocks(self, parent: Any, part: Any, kind: Kind) -> None:
        for child in _children(parent):
            if child.tag == qn("w:p"):
                self._read_paragraph(child, part, kind)
            elif child.tag == qn("w:tc"):
                self._read_cell(child, part)
            else:
                self._read_blocks(child, part, kind)

    def _read_cell(self, cell: Any, part: Any) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise DocumentError(
                self._name, f"has tables of more than {MAX_CELLS:,} cells: give the action alone"
            )
        if not _goes_on(cell):
            self._read_blocks(cell, part, "cell")

    def _read_paragraph(self, element: Any, part: Any, kind: Kind) -> None:
        paragraph = _Paragraph(element, part)
        if paragraph.text or not (paragraph.boxes or _is_deleted(element)):
            self._lines.add(paragraph.text, self._kind(element) or kind, link=paragraph.link)
        for box in paragraph.boxes:
            self._read_blocks(box, part, kind)

    def _kind(self, paragraph: Any) -> Kind | None:
        """Tell a heading and an item of a list, by its own numbering or by its style."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        named = properties.find(qn("w:pStyle"))
        kinds = [_kind_of_style(style) for style in self._style_and_above(_value(named))]
        if "heading" in kinds:
            return "heading"
        return "item" if "item" in kinds or _is_numbered(properties) else None

    def _style_and_above(self, style_id: str) -> Iterator[Any]:
        for _ in range(MAX_STYLES_UP):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = _value(style.find(qn("w:basedOn")))


def _kind_of_style(style: Any) -> Kind | None:
    # The names of built-in styles are English whatever the language of Word.
    name = _value(style.find(qn("w:name"))).lower()
    if name.startswith(("heading", "title")):
        return "heading"
    properties = style.find(qn("w:pPr"))
    numbered = properties is not None and _is_numbered(properties)
    return "item" if numbered or name.startswith("list") else None


def _is_numbered(properties: Any) -> bool:
    number = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}")
    return number is not None and _value(number) != "0"


def _value(element: Any) -> str:
    return element.get(qn("w:val"), "") if element is not None else ""


def _is_on(element: Any) -> bool:
    return element is not None and _value(element).lower() not in _OFF


def _goes_on(cell: Any) -> bool:
    """Tell whether *cell* only goes on with the one above or before it."""
    merged = (cell.find(f"{qn('w:tcPr')}/{qn(tag)}") for tag in ("w:vMerge", "w:hMerge"))
    return any(found is not None and _value(found) != "restart" for found in merged)


def _is_deleted(paragraph: Any) -> bool:
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def _children(parent: Any) -> Iterator[Any]:
    """Yield the elements in *parent* that are shown; of two ways to say the same, the first."""
    if parent.tag == f"{_MC}AlternateContent":
        yield from [child for child in parent if child.tag in _CHOICES][:1]
        return
    for child in parent:
        # Comments and processing instructions have no text for a tag.
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield child


def _margins(part: Any, body: Any, kind: str) -> list[Any]:
    """Return the parts of the headers or footers that the sections refer to, each once."""
    found = {}
    for reference in body.iter(qn(kind)):
        target = part.related_parts.get(reference.get(qn("r:id")))
        if target is not None and hasattr(target, "element"):
            found[target.partname] = target
    return list(found.values())


class _Paragraph:
    """What one paragraph shows: its text, its first link, and the text boxes that hang on it."""

    def __init__(self, element: Any, part: Any) -> None:
        self.link = ""
        self.boxes: list[Any] = []
        self._part = part
        self._pieces: list[str] = []
        self._walk(element)
        self.text = "".join(self._pieces)

    def _walk(self, parent: Any) -> None:
        for child in _children(parent):
            tag = child.tag
            if tag == qn("w:t"):
                self._pieces.append(child.text or "")
            elif tag in _SIGNS:
                self._pieces.append(_SIGNS[tag])
            elif tag == _BOX:
                self.boxes.append(child)
            elif tag == qn("w:instrText"):
                self._take_link(child.text or "")
            elif tag != qn("w:r") or not _is_on(child.find(f"{qn('w:rPr')}/{qn('w:vanish')}")):
                self._enter(child)

    def _enter(self, element: Any) -> None:
        if element.tag == qn("w:hyperlink"):
            relation = self._part.rels.get(element.get(qn("r:id")))
            if relation is not None and relation.is_external:
                self._take_link(relation.target_ref)
        elif element.tag == qn("w:fldSimple"):
            self._take_link(element.get(qn("w:instr"), ""))
        self._walk(element)

    def _take_link(self, text: str) -> None:
        """Take the address in a relation or in the instruction of a field."""
        if not self.link and (found := _ADDRESS.search(text[:MAX_LINK])):
            self.link = found[0]
