"""Files that a translator works in: a table in a Word document, or CSV for any spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from uasocial.errors import UasocialError, printable
from uasocial.languages import is_rtl
from uasocial.reading.formats import archives
from uasocial.text.cells import bare, guarded
from uasocial.translation.placeholders import split

__all__ = ["COLUMNS", "Head", "Row", "assert_kind", "read", "write"]

MAX_BYTES = 20_000_000
MAX_ROWS = 5000
COLUMNS = 5
NOTE, MARK = "note", "mark"
KINDS = (".docx", ".csv")
# What a spreadsheet of some country writes between cells.
BETWEEN = (",", ";", "\t")


class Head(NamedTuple):
    """What a file is: words of an action in one language, side by side with another one."""

    action: str
    source: str
    target: str


class Row(NamedTuple):
    """One unit; *mark* is the digest of its source, *number* the row in the file, from 2 on."""

    key: str
    source: str
    target: str
    note: str = ""
    mark: str = ""
    number: int = 0


def assert_kind(file: Path) -> None:
    """Raise UasocialError for a file that is neither of Word nor CSV by its name."""
    if file.suffix.lower() not in KINDS:
        raise UasocialError(printable(f"{file}: name a file that ends in .docx or .csv"))


def write(file: Path, head: Head, rows: Sequence[Row]) -> None:
    """Write a new file; raise UasocialError where there is one of that name."""
    assert_kind(file)
    data = (_docx if file.suffix.lower() == ".docx" else _csv)(head, rows)
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except FileExistsError:
        said = "exists already, and may hold somebody's work: name another file"
        raise UasocialError(printable(f"{file}: {said}")) from None
    except OSError as error:
        raise UasocialError(printable(f"{file}: cannot be written: {error.strerror}")) from None


def read(file: Path) -> tuple[Head, list[Row]]:
    """Read a file that `write` made, whatever became of it; raise UasocialError for another."""
    assert_kind(file)
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UasocialError(printable(f"{file}: cannot be read: {error.strerror}")) from None
    if len(data) > MAX_BYTES:
        raise UasocialError(printable(f"{file}: is larger than {MAX_BYTES:,} bytes"))
    cells = _docx_cells(data, file) if file.suffix.lower() == ".docx" else _csv_cells(data, file)
    if not cells or len(cells) > MAX_ROWS:
        raise _strange(file)
    first, *rest = cells
    rows = (_row(row, number) for number, row in enumerate(rest, 2))
    return Head(*(text.strip() for text in first[:3])), [row for row in rows if any(row[:3])]


def _row(cells: list[str], number: int) -> Row:
    key, source, target, note, mark = (text.strip() for text in cells)
    return Row(key, source, target, note, mark, number)


def _strange(file: Path) -> UasocialError:
    said = "has no table as `uasocial translate` writes it, with its first row: write it anew"
    return UasocialError(printable(f"{file}: {said}"))


def _titles(head: Head) -> list[str]:
    return [*head, NOTE, MARK]


def _is_head(cells: Sequence[str]) -> bool:
    return len(cells) >= COLUMNS and cells[COLUMNS - 1].strip() == MARK


def _even(row: Iterable[str]) -> list[str]:
    """Return a row with as many cells as there are columns."""
    return [*row, *[""] * COLUMNS][:COLUMNS]


# --- CSV ---------------------------------------------------------------------------------------


def _csv(head: Head, rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    table.writerows([guarded(text) for text in row] for row in _all(head, rows))
    # Excel takes a file without the mark for one in the letters of its own country.
    return written.getvalue().encode("utf-8-sig")


def _all(head: Head, rows: Iterable[Row]) -> Iterator[list[str]]:
    yield _titles(head)
    yield from ([r.key, r.source, r.target, r.note, r.mark] for r in rows)


def _csv_cells(data: bytes, file: Path) -> list[list[str]]:
    for between in BETWEEN:
        cells = _parsed(_decoded(data, file), between, file)
        if cells and _is_head(cells[0]):
            return [_even(map(bare, row)) for row in cells]
    raise _strange(file)


def _decoded(data: bytes, file: Path) -> str:
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UasocialError(printable(f"{file}: is not UTF-8: save it as “CSV UTF-8”")) from None


def _plain(row: list[str]) -> list[str]:
    return [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]


def _parsed(text: str, between: str, file: Path) -> list[list[str]]:
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=between)
        # One row more than there may be: who reads them says that there are too many.
        return [_plain(row[:COLUMNS]) for row in islice(table, MAX_ROWS + 1)]
    except csv.Error as error:
        raise UasocialError(printable(f"{file}: is no CSV: {error}")) from None


# --- Word --------------------------------------------------------------------------------------

HOW = (
    "Write into the third column. Leave the other columns as they are, and in the third one all "
    "that stands in {{ }} or {% %}: it is filled in later, and may change its place."
)
GREY = "808080"
# In twips, of a page of A4 across: ECMA-376-1, 17.4.48.
WIDTHS = (1700, 4600, 4600, 2300, 1500)


def _docx(head: Head, rows: Iterable[Row]) -> bytes:
    from docx import Document  # noqa: PLC0415 - CSV does not wait for it
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415

    document: Any = Document()
    section = document.sections[0]
    # A4, in the unit of python-docx: 360,000 a centimetre.
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = 10_692_000, 7_560_000
    section.left_margin = section.right_margin = 720_000
    document.core_properties.author = ""
    document.core_properties.title = " ".join(head)
    document.add_paragraph(HOW)
    languages = ("", head.source, head.target, "", "")
    table = document.add_table(rows=0, cols=COLUMNS, style="Table Grid")
    table.autofit = False
    for number, texts in enumerate(_all(head, rows)):
        line = table.add_row()
        for cell, text, language in zip(line.cells, texts, languages, strict=True):
            _write_cell(cell, text, language if number else "", bold=not number)
        if not number:
            _set(line._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - it has no other way
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width * 635
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _write_cell(cell: Any, text: str, language: str, *, bold: bool) -> None:
    """Write a text; its placeholders are grey, and no spelling is looked for in them."""
    paragraph = cell.paragraphs[0]
    rtl = bool(language) and is_rtl(language)
    if rtl:
        _set(paragraph._p.get_or_add_pPr(), "w:bidi")  # noqa: SLF001
    for number, part in enumerate(split(text)):
        if not part:
            continue
        run = paragraph.add_run(part)
        run.bold = bold or None
        about = run._r.get_or_add_rPr()  # noqa: SLF001
        if number % 2:
            from docx.shared import RGBColor  # noqa: PLC0415

            run.font.color.rgb = RGBColor.from_string(GREY)
            run.font.no_proof = True
        elif rtl:
            run.font.rtl = True
        if language:
            _set(about, "w:lang", {"w:bidi" if rtl else "w:val": language})


def _set(parent: Any, tag: str, values: dict[str, str] | None = None) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    element = OxmlElement(tag)
    for name, value in (values or {}).items():
        element.set(qn(name), value)
    parent.append(element)


def _docx_cells(data: bytes, file: Path) -> list[list[str]]:
    from docx import Document  # noqa: PLC0415 - CSV does not wait for it

    archives.check(data, file.name)
    try:
        tables = [
            [[_text(cell) for cell in row.tc_lst] for row in table._tbl.tr_lst]  # noqa: SLF001
            for table in Document(io.BytesIO(data)).tables
        ]
    except Exception:  # noqa: BLE001 - python-docx and lxml raise all kinds for a broken file
        raise UasocialError(printable(f"{file}: {archives.BROKEN}")) from None
    for cells in tables:
        if cells and _is_head(cells[0]):
            return [_even(row) for row in cells]
    raise _strange(file)


def _text(cell: Any) -> str:
    """Return what is seen in a cell: with what was added under tracking, without what went."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    return "\n".join("".join(_seen(paragraph)) for paragraph in cell.iter(qn("w:p")))


def _seen(element: Any) -> Iterator[str]:
    from docx.oxml.ns import qn  # noqa: PLC0415

    # ECMA-376-1, 17.3.3 and 17.13.5.
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
    unseen = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:p")}
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in signs:
            yield signs[child.tag]
        elif child.tag not in unseen:
            yield from _seen(child)
