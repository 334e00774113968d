"""The numbers under a list by which one goes to its other pages."""

from collections.abc import Iterator
from typing import NamedTuple

from uasocial.site.lists.listing import Page

__all__ = ["Numbers", "numbers"]


class Link(NamedTuple):
    """A page of a list by its number."""

    number: int
    path: str


class Numbers(NamedTuple):
    """Where the other pages of a list are; in *links*, None stands for some that are left out.

    *previous* and *next* are paths, or empty.
    """

    here: int
    last: int
    previous: str
    next: str
    links: list[Link | None]


def numbers(page: Page, interface: str) -> Numbers:
    """Return what leads from a page to the others of its list."""
    here, last = page.number, page.last
    return Numbers(
        here=here,
        last=last,
        previous=page.path(interface, here - 1) if here > 1 else "",
        next=page.path(interface, here + 1) if here < last else "",
        links=[Link(one, page.path(interface, one)) if one else None for one in _shown(here, last)],
    )


def _shown(here: int, last: int) -> Iterator[int | None]:
    """Yield the first number, those around *here*, and the last; None where some are left out."""
    before = 0
    for number in sorted({1, here - 1, here, here + 1, last} & {*range(1, last + 1)}):
        if number - before == 2:  # noqa: PLR2004 - a gap would take the room of the one in it
            yield number - 1
        elif number - before > 1:
            yield None
        yield number
        before = number
