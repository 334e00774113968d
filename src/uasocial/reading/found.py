"""What a layout finds in a document: fields, doubts, and what is left over."""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from uasocial.reading.document import Document, Line

__all__ = ["FACTS", "At", "Doubt", "Field", "Match", "Reading"]

FACTS = "action"
"""The first part of where a fact belongs; words have their language there."""

At = tuple[str | int, ...]


class Field(NamedTuple):
    """One value, where it belongs, and the lines it was read from.

    *at* begins with `action` or a language, and goes on as the keys of that file do:
    `("action", "targets", 0, "office", "en")`, `("es", "letter", "paragraphs")`. A list of texts,
    such as an address or paragraphs, is one value; targets, copies, documents, people and posts
    are counted from 0. *value* is what YAML would give: a text, whole number, truth value or list
    of texts; a day is a text such as 2022-01-03.
    """

    at: At
    value: Any
    lines: tuple[int, ...]


class Doubt(NamedTuple):
    """A thing that a person must look at; *line* 0 means the whole document."""

    line: int
    message: str


class Reading(Struct, frozen=True, kw_only=True):
    """What was read of one document.

    *headings* are the numbers of the lines that are labels, or begin with one; *furniture* the
    lines of the page around the action (menus, buttons), known as such;
    *unplaced* those that nobody knew where to put.
    """

    document: Document
    layout: str
    fields: tuple[Field, ...]
    headings: tuple[int, ...] = ()
    furniture: tuple[Line, ...] = ()
    unplaced: tuple[Line, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Match(NamedTuple):
    """A layout's answer to a document: how well it fits, from 0 to 1, and how it would be read.

    *lacking* names what an urgent action of this layout has and the document does not: what a
    person is told where no layout fits. *read* is called for the best match only.
    """

    layout: str
    score: float
    lacking: tuple[str, ...]
    read: Callable[[], Reading]
