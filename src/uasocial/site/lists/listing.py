"""Which lists of actions there are, and the pages that each comes in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from uasocial.site import paths
from uasocial.site.cards import Card
from uasocial.site.interface import Interface

__all__ = ["Lists", "Page", "grouped", "month"]

# More rows make a page that an old phone loads slowly, and nobody reads through them.
ROWS = 50


class Listing(NamedTuple):
    """A list of *cards*; *path* returns where it begins in a language of the interface.

    *is_whole* tells whether nothing was left out: so is the list of all that is open.
    """

    path: Callable[[str], str]
    heading: Callable[[Interface], str]
    cards: Sequence[Card]
    is_archive: bool = False
    is_whole: bool = False


class Page(NamedTuple):
    """One page of a list, and the number of its *last* one."""

    listing: Listing
    number: int
    last: int

    @property
    def cards(self) -> Sequence[Card]:
        return self.listing.cards[(self.number - 1) * ROWS : self.number * ROWS]

    def path(self, interface: str, number: int = 0) -> str:
        """Return where it lies, or where another page of its list does."""
        return paths.numbered(self.listing.path(interface), number or self.number)


class Lists:
    """All lists: of what is *opened*, the next last day first, and of what is *closed*."""

    def __init__(self, everyone: Iterable[Card]) -> None:
        told = [card for card in everyone if card.words]
        self.opened = sorted((card for card in told if card.is_open), key=_urgent)
        closed = (card for card in told if not card.is_open)
        self.closed = sorted(closed, key=_late, reverse=True)

    def pages(self) -> Iterator[Page]:
        """Yield the pages of all lists; the first is that of the index."""
        for listing in (*_of_open(self.opened), *_of_closed(self.closed)):
            last = max(1, -(-len(listing.cards) // ROWS))
            for number in range(1, last + 1):
                yield Page(listing, number, last)


def grouped(cards: Iterable[Card], by: Callable[[Card], Iterable[str]]) -> dict[str, list[Card]]:
    """Return cards by what they have in common, in the order of that."""
    groups: dict[str, list[Card]] = {}
    for card in cards:
        for key in dict.fromkeys(by(card)):
            groups.setdefault(key, []).append(card)
    return dict(sorted(groups.items()))


def month(card: Card) -> list[str]:
    """Return the month in which a case that is open ends."""
    return [f"{card.last_day:%Y-%m}"]


def _urgent(card: Card) -> tuple[date, str]:
    return card.last_day or date.max, card.id


def _late(card: Card) -> tuple[date, str]:
    return card.ended_on or card.last_day or card.updated, card.id


def _of_open(opened: Sequence[Card]) -> Iterator[Listing]:
    yield Listing(paths.index, lambda words: words.gettext("Open actions"), opened, is_whole=True)
    for country, cards in grouped(opened, lambda card: card.countries).items():
        yield Listing(
            lambda ui, country=country: paths.narrowed(ui, "country", country),  # type: ignore[misc]
            lambda words, country=country: words.country(country),  # type: ignore[misc]
            cards,
        )
    for tag, cards in grouped(opened, lambda card: card.words).items():
        yield Listing(
            lambda ui, tag=tag: paths.narrowed(ui, "language", tag),  # type: ignore[misc]
            lambda words, tag=tag: words.tongue_alone(tag),  # type: ignore[misc]
            cards,
        )
    for until, cards in grouped(opened, month).items():
        yield Listing(
            lambda ui, until=until: paths.narrowed(ui, "until", until),  # type: ignore[misc]
            lambda words, day=cards[0].last_day: words.month(day),  # type: ignore[misc]
            cards,
        )


def _of_closed(closed: Sequence[Card]) -> Iterator[Listing]:
    yield Listing(paths.archive, lambda words: words.gettext("Archive"), closed, is_archive=True)
    for year, cards in grouped(closed, lambda card: [str(card.year)]).items():
        yield Listing(
            lambda ui, year=year: paths.archive(ui, int(year)),  # type: ignore[misc]
            lambda words, year=year: words.gettext("Archive, %(year)s", year=year),  # type: ignore[misc]
            cards,
            is_archive=True,
        )
