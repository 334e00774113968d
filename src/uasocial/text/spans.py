"""Where something stands in a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text: start and end in code points, and the value found there."""

    start: int
    end: int
    value: str
