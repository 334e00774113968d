"""A document as it was given: its lines in reading order, each with where it stands."""

from typing import Any, Literal

from msgspec import Struct

__all__ = ["Document", "Format", "Kind", "Line"]

Format = Literal["text", "html", "docx", "pdf", "json"]
Kind = Literal["text", "heading", "item", "cell", "menu"]


class Line(Struct, frozen=True):
    """One line, paragraph or cell, its text as it stands there but for spaces at its ends.

    *number* counts the lines of the document from 1, without a gap: those of a text as it was
    given; of a page, a Word document or a PDF those made of it, for they have no lines of their
    own. *page* is that of a PDF, else 0. *link* is the first address that the line links to, by
    http, https or mailto. An empty *text* is an empty line.
    """

    number: int
    text: str
    kind: Kind = "text"
    page: int = 0
    link: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """A document whose format was understood, and nothing more.

    *name* is its file name, or `-`; *sha256* the digest of its bytes; *data* what a JSON document
    holds; *url* the address that a saved page gives for itself; *about* says how it was decoded,
    where a person should know.
    """

    name: str
    format: Format
    sha256: str
    lines: tuple[Line, ...] = ()
    data: Any = None
    url: str = ""
    title: str = ""
    about: str = ""
