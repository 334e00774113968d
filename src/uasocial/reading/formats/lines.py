"""The lines of a document as they are collected, within bounds whatever the format."""

import re
from hashlib import sha256
from typing import Any

from uasocial.errors import DocumentError
from uasocial.reading.document import Document, Format, Kind, Line

__all__ = ["LINE_END", "PAGE_NUMBER", "Lines", "check_length", "document", "well_formed"]

MAX_LINES = 50_000
MAX_LENGTH = 100_000
"""Characters in one line."""
MAX_TOTAL = 5_000_000
"""Characters of all lines and their links; the longest urgent actions have some 20,000."""

# What an editor or Word ends a line with, and what Unicode does (UAX #14, class BK).
LINE_END = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
PAGE_NUMBER = re.compile(
    r"[-–— ]{0,4}(?:(?:page|página|seite|pagina|pag\.|p\.|s\.) ?)?\d{1,3}"
    r"(?: ?(?:/|of|de|von|sur|di|van) ?\d{1,3})?[-–— ]{0,4}",
    re.IGNORECASE,
)
"""A line that is nothing but the number of a page."""

_WHITE = " \t\ufeff"


class Lines:
    """Takes the lines of the document *name* one after the other; raises when they get too many."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[Line] = []
        self._total = 0
        self._gap = False

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, text: str, kind: Kind = "text", page: int = 0, link: str = "") -> None:
        """Add *text*, which is several lines where it holds line ends."""
        self._count(len(text) + len(link))
        for part in LINE_END.split(well_formed(text)):
            self._add(part.strip(_WHITE), kind, page, link)

    def gap(self) -> None:
        """Ask for an empty line before the next one, unless there is one or nothing yet."""
        self._gap = True

    def done(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    def _count(self, length: int) -> None:
        self._total += length
        if self._total > MAX_TOTAL:
            raise DocumentError(self._name, _too_long(f"more than {MAX_TOTAL:,} characters"))

    def _add(self, text: str, kind: Kind, page: int, link: str) -> None:
        if len(text) > MAX_LENGTH:
            number = len(self._lines) + 1
            what = f"more than {MAX_LENGTH:,} characters in line {number}"
            raise DocumentError(self._name, _too_long(what))
        if self._gap and self._lines and self._lines[-1].text:
            self._append(Line(len(self._lines) + 1, "", page=page))
        self._gap = False
        self._append(Line(len(self._lines) + 1, text, kind, page, link))

    def _append(self, line: Line) -> None:
        if len(self._lines) == MAX_LINES:
            raise DocumentError(self._name, _too_long(f"more than {MAX_LINES:,} lines"))
        self._lines.append(line)


def check_length(text: str, name: str) -> None:
    """Refuse a whole *text* that is too long, before anything is done with it."""
    if len(text) > MAX_TOTAL:
        raise DocumentError(name, _too_long(f"more than {MAX_TOTAL:,} characters"))


def _too_long(what: str) -> str:
    return f"has {what}, which no urgent action has: give the action alone"


def document(  # noqa: PLR0913 - a document has these parts
    name: str,
    kind: Format,
    data: bytes,
    lines: tuple[Line, ...] = (),
    *,
    content: Any = None,
    url: str = "",
    title: str = "",
    about: str = "",
) -> Document:
    """Put a Document together, with the digest of its bytes *data*."""
    return Document(
        name=name,
        format=kind,
        sha256=sha256(data).hexdigest(),
        lines=lines,
        data=content,
        url=well_formed(url),
        title=_title(title),
        about=about,
    )


def _title(text: str) -> str:
    """Return *text* on one line; what is too long for a title is none."""
    return " ".join(well_formed(text).split()) if len(text) <= MAX_LENGTH else ""


def well_formed(text: str) -> str:
    """Return *text* with surrogates joined to characters, and U+FFFD for those left alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
