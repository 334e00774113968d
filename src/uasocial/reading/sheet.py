"""A document while it is read: what was found, and which lines are still unplaced."""

from collections.abc import Iterable
from typing import Any

from uasocial.reading.document import Document, Line
from uasocial.reading.found import At, Doubt, Field, Reading
from uasocial.reading.lines import prepared

__all__ = ["Sheet"]


class Sheet:
    """The lines of a document, each placed once; what nobody places is told at the end."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines, doubled = prepared(document.lines)
        self._placed: set[int] = set()
        self._fields: dict[At, Field] = {}
        # Each place, and all around it, with how many things are counted there.
        self._taken: dict[At, int] = {}
        self._furniture: list[Line] = []
        self._headings: dict[int, None] = {}
        self._doubts: list[Doubt] = []
        self.days_left: tuple[int, Line] | None = None
        if document.about:
            self.doubt(0, document.about)
        if doubled:
            self.doubt(0, "has each line twice: read once")

    def put(self, at: At, value: Any, *lines: Line) -> None:
        """Place *value*; a second, different value for the same place is a doubt, not a loss."""
        numbers = tuple(dict.fromkeys(line.number for line in lines))
        known = self._fields.get(at)
        if known is None:
            self._fields[at] = Field(at, value, numbers)
            self._take(at)
        elif known.value != value:
            first = ", ".join(map(str, known.lines))
            both = f"{at[-1]} is {value!r} here and {known.value!r} in line {first}"
            self.doubt(next(iter(numbers), 0), f"{both}: the first is kept")
            return
        self.place(lines)

    def infer(self, at: At, value: Any, line: Line) -> None:
        """Put *value*, which *line* only suggests: what it says itself is still to be placed."""
        was_open = self.is_open(line)
        self.put(at, value, line)
        if was_open:
            self._placed.discard(id(line))

    def add(self, at: At, values: list[str], *lines: Line) -> None:
        """Place *values* in a list, after those that stand there already."""
        known = self._fields.pop(at, None)
        before = (known.value, known.lines) if known else ([], ())
        self.put(at, [*before[0], *values], *lines)
        numbers = dict.fromkeys((*before[1], *self._fields[at].lines))
        self._fields[at] = self._fields[at]._replace(lines=tuple(numbers))

    def files(self, part: str) -> list[str]:
        """List the files, by their stems, in which something of *part* was placed."""
        return list(dict.fromkeys(str(at[0]) for at in self._fields if at[1] == part))

    def has(self, *at: str | int) -> bool:
        """Tell whether something was placed at *at*, or within."""
        return at in self._taken

    def count(self, *at: str | int) -> int:
        """Return how many things, such as targets, were placed in the list at *at*."""
        return self._taken.get(at, 0)

    def _take(self, at: At) -> None:
        for depth, part in enumerate(at):
            number = part + 1 if isinstance(part, int) else 0
            self._taken[at[:depth]] = max(number, self._taken.get(at[:depth], 0))
        self._taken[at] = 0

    def get(self, *at: str | int) -> Any:
        """Return the value placed at *at*, or None."""
        field = self._fields.get(at)
        return field.value if field else None

    def place(self, lines: Iterable[Line]) -> None:
        """Mark lines as placed: headings, and what a value was made of."""
        self._placed.update(map(id, lines))

    def head(self, lines: Iterable[Line]) -> None:
        """Mark lines as labels."""
        for line in lines:
            self._headings[line.number] = None
            self._placed.add(id(line))

    def furnish(self, lines: Iterable[Line]) -> None:
        """Mark lines as furniture of the page."""
        for line in lines:
            if line.text and id(line) not in self._placed:
                self._furniture.append(line)
                self._placed.add(id(line))

    def doubt(self, line: int, message: str) -> None:
        doubt = Doubt(line, message)
        if doubt not in self._doubts:
            self._doubts.append(doubt)

    def doubts(self, doubts: Iterable[Doubt]) -> None:
        for doubt in doubts:
            self.doubt(*doubt)

    def is_open(self, line: Line) -> bool:
        """Tell whether *line* says something and nobody has placed it."""
        return bool(line.text) and id(line) not in self._placed

    def reading(self, layout: str) -> Reading:
        left = tuple(line for line in self.lines if self.is_open(line))
        return Reading(
            document=self.document,
            layout=layout,
            fields=tuple(self._fields.values()),
            headings=tuple(self._headings),
            furniture=tuple(self._furniture),
            unplaced=left,
            doubts=tuple(sorted(self._doubts)),
        )
