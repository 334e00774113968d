"""What repeats at the top and the foot of the pages of a PDF, told by its text and its place."""

import re
from collections import defaultdict
from itertools import takewhile
from typing import NamedTuple

from uasocial.reading.formats.lines import PAGE_NUMBER

__all__ = ["Row", "without_margins"]

_EDGE = 4
"""So many lines at the top and at the foot of a page may be those of every page."""
_SAME_PLACE = 2.0
"""Points within which two lines of different pages stand in the same place."""
_ENOUGH = 3
"""On so many pages a line that differs by the number of the page only is that of every page."""
_NUMBER = "#"
_OWN_NUMBER = "##"
_NUMBERS = (_NUMBER, _OWN_NUMBER)

_Repeated = dict[str, list[int]]
"""What repeats, and on which pages."""


class Row(NamedTuple):
    """A line of a page; *y* is the height of its base line in points, None if unknown."""

    text: str
    y: float | None


class _Page:
    """The rows of a page, and by their index those at its edges, from the outermost inwards."""

    def __init__(self, number: int, rows: list[Row]) -> None:
        self.rows = rows
        self.number = number
        order = _from_the_top(rows)
        half = (len(order) + 1) // 2
        self.top = {i: self._key(rows[i]) for i in order[:half][:_EDGE]}
        self.foot = {i: self._key(rows[i]) for i in order[half:][: -_EDGE - 1 : -1]}

    def _key(self, row: Row) -> str:
        """Return the text of *row*, its page's number standing for that of any page."""
        words = row.text.split()
        if PAGE_NUMBER.fullmatch(" ".join(words)):
            said = re.findall(r"\d+", row.text)
            return _OWN_NUMBER if str(self.number) in said else _NUMBER
        return " ".join(_NUMBER if word == str(self.number) else word for word in words)


def without_margins(pages: list[list[Row]]) -> tuple[list[list[Row]], int]:
    """Take what repeats out from between the text, and the page numbers; say how much that was.

    A header stays where it stands first, before the text, and a footer where it stands last:
    the number or the index of an action may be found nowhere else.
    """
    all_pages = [_Page(number, rows) for number, rows in enumerate(pages, 1)]
    headers = _repeated(all_pages, top=True)
    footers = _repeated(all_pages, top=False)
    kept = [_kept(page, headers, footers) for page in all_pages]
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _from_the_top(rows: list[Row]) -> list[int]:
    """Return the indexes of *rows* by height, or as they are where a height is unknown."""
    heights = [row.y for row in rows if row.y is not None]
    if len(heights) < len(rows):
        return list(range(len(rows)))
    return sorted(range(len(rows)), key=lambda i: -heights[i])


def _repeated(pages: list[_Page], *, top: bool) -> _Repeated:
    """Return what stands on every page but perhaps one, in one place, and on which pages."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for page in pages:
        for i, key in (page.top if top else page.foot).items():
            found[key].setdefault(page.number, page.rows[i].y or 0.0)
    most = max(2, len(pages) - 1)
    return {
        key: sorted(at)
        for key, at in found.items()
        if len(at) >= (max(most, _ENOUGH) if _NUMBER in key else most)
        and max(at.values()) - min(at.values()) <= _SAME_PLACE
    }


def _kept(page: _Page, headers: _Repeated, footers: _Repeated) -> list[Row]:
    above = list(takewhile(lambda i: _is_known(page.top[i], headers), page.top))
    below = list(takewhile(lambda i: _is_known(page.foot[i], footers), page.foot))
    first = [i for i in above if headers.get(page.top[i], [0])[0] == page.number]
    last = [i for i in below if footers.get(page.foot[i], [0])[-1] == page.number]
    inner = [row for i, row in enumerate(page.rows) if i not in {*above, *below}]
    return [
        *(page.rows[i] for i in first if page.top[i] not in _NUMBERS),
        *inner,
        *(page.rows[i] for i in reversed(last) if page.foot[i] not in _NUMBERS),
    ]


def _is_known(key: str, repeated: _Repeated) -> bool:
    return key == _OWN_NUMBER or key in repeated
