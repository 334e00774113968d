"""PDF: the lines of each page, without what repeats on every page."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from uasocial.errors import DocumentError
from uasocial.reading.document import Document
from uasocial.reading.formats.lines import LINE_END, Lines, document
from uasocial.reading.formats.margins import Row, without_margins

__all__ = ["read"]

MAX_PAGES = 300

BROKEN = "is a broken PDF: open it, print it to a new PDF, and give that"
_PROTECTED = "is protected by a password: remove it first"
_SCAN = "has no text: it is a scan; run text recognition (OCR) on it, or type the text"

_SAME_LINE = 2.0
"""Points between two base lines up to which they are one."""
_CLEAR = 1.35
"""How many times the usual distance of lines is a gap between paragraphs."""
_TOLD = 10
_NO_TITLES = ("(anonymous)", "untitled")

# A matter of the font: Latin ligatures (Unicode, Alphabetic Presentation Forms), and the bullet
# of Symbol, which Word and LibreOffice use.
_GLYPHS = str.maketrans(
    {**dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", "ff fi fl ffi ffl st st".split(), strict=True)), "\uf0b7": "•"}
)


def read(data: bytes, name: str) -> Document:
    """Read a PDF; raise DocumentError for one that is broken, protected, or has no text."""
    with _silence():
        try:
            pages, title = _extracted(data, name)
        except (DocumentError, MemoryError):
            raise
        except DependencyError:
            raise DocumentError(name, _PROTECTED) from None
        except Exception:  # noqa: BLE001 - pypdf raises all kinds for a broken file
            raise DocumentError(name, BROKEN) from None
    if not any(pages):
        raise DocumentError(name, _SCAN)
    body, dropped = without_margins(pages)
    lines = Lines(name)
    for number, rows in enumerate(body, 1):
        for text in _spaced(rows):
            lines.add(text, page=number)
    return document(name, "pdf", data, lines.done(), title=title, about=_about(pages, dropped))


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what pypdf has to say about a file from the terminal."""
    logger = logging.getLogger("pypdf")
    before = logger.propagate
    quiet = logging.NullHandler()
    logger.addHandler(quiet)
    logger.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeHandler(quiet)
        logger.propagate = before


def _extracted(data: bytes, name: str) -> tuple[list[list[Row]], str]:
    """Return the rows of each page, in the order of the file, and the title."""
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentError(name, _PROTECTED)
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise DocumentError(name, f"has {count:,} pages: give the action alone")
    return [_rows(page) for page in reader.pages], _title(reader)


def _title(reader: PdfReader) -> str:
    """Return the title, if the properties are whole and it is not what a program puts there."""
    try:
        title = str((reader.metadata and reader.metadata.title) or "")
    except (PyPdfError, AttributeError, KeyError, TypeError, ValueError):
        return ""
    return "" if title in _NO_TITLES else title


def _rows(page: Any) -> list[Row]:
    pieces: list[tuple[str, float]] = []

    def take(text: str, matrix: list[float], text_matrix: list[float], *_: Any) -> None:
        x, y = text_matrix[4], text_matrix[5]
        pieces.append((text, x * matrix[1] + y * matrix[3] + matrix[5]))

    text = page.extract_text(visitor_text=take)
    rows = list(_lines_of(pieces))
    # The pieces are a by-product of pypdf: where they do not add up, only the text counts.
    if "".join(text.split()) != "".join("".join(row.text for row in rows).split()):
        rows = [Row(line, None) for line in LINE_END.split(text)]
    return [row._replace(text=row.text.translate(_GLYPHS)) for row in rows if row.text.strip()]


def _lines_of(pieces: list[tuple[str, float]]) -> Iterator[Row]:
    """Put the pieces of a page together to lines, each as high as its first piece."""
    text: list[str] = []
    height: float | None = None
    for piece, y in pieces:
        first, *others = LINE_END.split(piece)
        text.append(first)
        if height is None and first.strip():
            height = y
        for other in others:
            yield Row("".join(text), height)
            text, height = [other], y if other.strip() else None
    yield Row("".join(text), height)


def _spaced(rows: list[Row]) -> Iterator[str]:
    """Yield the texts of a page, with an empty one where there is a clear gap between two.

    A line that ends in a soft hyphen goes on with the next.
    """
    clear = _clear_gap(rows)
    begun = ""
    above: float | None = None
    for row in rows:
        gap = above - row.y if above is not None and row.y is not None else 0.0
        if gap > clear and not begun:
            yield ""
        above = row.y
        begun += row.text.strip()
        if not begun.endswith("\u00ad"):
            yield begun
            begun = ""
        else:
            begun = begun[:-1]
    if begun:
        yield begun


def _clear_gap(rows: list[Row]) -> float:
    """Return the distance from which two lines of a page stand clearly apart."""
    heights = [row.y for row in rows if row.y is not None]
    gaps = sorted(a - b for a, b in pairwise(heights) if a - b > _SAME_LINE)
    return _CLEAR * gaps[len(gaps) // 4] if gaps else float("inf")


def _about(pages: list[list[Row]], dropped: int) -> str:
    """Say what of the pages is not among the lines."""
    bare = [str(number) for number, rows in enumerate(pages, 1) if not rows]
    said = []
    if dropped:
        said.append(f"lines left out that only repeat or number its pages: {dropped}")
    if bare:
        said.append(f"pages without text: {', '.join(bare[:_TOLD])}{' …' * (len(bare) > _TOLD)}")
    return "; ".join(said)
