"""The ways to choose among actions: by country, language and last day, or by year."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from uasocial.site import paths
from uasocial.site.cards import Card
from uasocial.site.interface import Interface
from uasocial.site.lists.listing import Lists, grouped, month

__all__ = ["Way", "of_archive", "of_open"]


class Link(NamedTuple):
    """A list of actions, by what they have in common, and how many they are."""

    name: str
    path: str
    actions: int


class Way(NamedTuple):
    """One way to choose among the actions."""

    heading: str
    links: list[Link]


def of_open(lists: Lists, words: Interface) -> list[Way]:
    """Return how to choose among the actions that are open."""
    opened, ui = lists.opened, words.language
    if not opened:
        return []
    countries = Counter(country for card in opened for country in dict.fromkeys(card.countries))
    tags = Counter(tag for card in opened for tag in card.words)
    by_country = [(words.country(one), "country", one, countries[one]) for one in countries]
    by_tag = [(words.tongue_alone(one), "language", one, tags[one]) for one in tags]
    ways = [
        Way(words.gettext("By country"), _links(ui, by_country)),
        Way(words.gettext("By language"), _links(ui, by_tag)),
        Way(words.gettext("By last day"), list(_months(opened, words))),
    ]
    return [way for way in ways if way.links]


def of_archive(lists: Lists, words: Interface) -> list[Way]:
    """Return how to choose among the actions that have ended."""
    years = Counter(card.year for card in lists.closed)
    links = [
        Link(str(year), paths.archive(words.language, year), years[year])
        for year in sorted(years, reverse=True)
    ]
    return [Way(words.gettext("By year"), links)] if links else []


def _months(opened: Iterable[Card], words: Interface) -> Iterator[Link]:
    for until, cards in grouped(opened, month).items():
        last = cards[0].last_day
        assert last is not None  # noqa: S101 - a case that is open has one
        yield Link(words.month(last), paths.narrowed(words.language, "until", until), len(cards))


def _links(ui: str, found: Iterable[tuple[str, str, str, int]]) -> list[Link]:
    made = [Link(name, paths.narrowed(ui, by, value), n) for name, by, value, n in found]
    return sorted(made, key=lambda link: link.name.casefold())
