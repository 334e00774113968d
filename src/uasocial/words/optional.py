"""`{% optional %} … {% endoptional %}`: words that may go when a draft is too long."""

import re
from collections.abc import Iterator

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from uasocial.text.fitting import Part

__all__ = ["OptionalTag", "parts"]

# Noncharacters of Unicode: reading a case refuses them, so none can come from its words.
_BEGIN, _END = "\ufdd0", "\ufdd1"
_MARKS = re.compile(f"({_BEGIN}|{_END})")


class OptionalTag(Extension):
    """Puts marks around what is optional; `parts` finds them in what was rendered."""

    tags = {"optional"}  # noqa: RUF012 - as Jinja2 declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endoptional",), drop_needle=True)
        return [_mark(_BEGIN, line), *body, _mark(_END, line)]


def _mark(mark: str, line: int) -> nodes.Node:
    return nodes.Output([nodes.TemplateData(mark)], lineno=line)


def parts(rendered: str) -> list[Part]:
    """Split what was rendered at the marks; raise ValueError where optional parts are nested."""
    if _BEGIN not in rendered:
        return [Part(rendered, optional=False)]
    return list(_split(rendered))


def _split(rendered: str) -> Iterator[Part]:
    inside = False
    for piece in _MARKS.split(rendered):
        if piece == _BEGIN:
            if inside:
                raise ValueError("an optional part stands inside another: end the first one before")
            inside = True
        elif piece == _END:
            inside = False
        elif piece:
            yield Part(piece, inside)
