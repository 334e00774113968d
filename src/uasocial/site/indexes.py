"""The pages that list actions: those that are open, by country and language, and the archive."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial.site import paths, states
from uasocial.site.cards import Card
from uasocial.site.framing import Tongue, milliseconds
from uasocial.site.interface import Interface, interface
from uasocial.site.resource import Resource

if TYPE_CHECKING:
    from uasocial.site.contents import Site

__all__ = ["index_pages"]

# What one page lists: a reader does not go through more, and a phone need not load it.
MOST = 500


class Link(NamedTuple):
    """A list of actions, by what they have in common, and how many they are."""

    name: str
    path: str
    actions: int


class Way(NamedTuple):
    """One way to choose among the actions."""

    heading: str
    links: list[Link]


class Row(NamedTuple):
    """An action in a list; *others* are the languages it is in, where it is not in the page's.

    *left* is its status today and on the next days, *today_ends* the moment that today ends for it.
    """

    title: str
    path: str
    language: str
    lead: str
    number: str
    countries: tuple[str, ...]
    status: str
    is_open: bool
    example: bool
    closes: int
    left: tuple[str, ...]
    today_ends: int
    is_missing: bool
    others: tuple[Tongue, ...]


class Listing(NamedTuple):
    """A page that lists *cards*; *path* returns where it lies in a language of the interface."""

    path: Callable[[str], str]
    heading: Callable[[Interface], str]
    cards: list[Card]
    is_archive: bool = False


def index_pages(site: "Site", everyone: Sequence[Card]) -> Iterator[Resource]:
    """Yield all lists, in each language that the section offers, and the root."""
    opened = sorted((one for one in everyone if one.is_open and one.words), key=_urgent)
    closed = sorted((one for one in everyone if _is_closed(one)), key=_late, reverse=True)
    lists = [*_of_open(opened), *_of_closed(closed)]
    offered = site.frame.settings.languages
    for language in offered:
        for one in lists:
            yield _page(site, one, one.path(language), language, opened, closed)
    yield _page(site, lists[0], paths.ROOT, offered[0], opened, closed)


def _urgent(card: Card) -> tuple[date, str]:
    return card.last_day or date.max, card.id


def _late(card: Card) -> tuple[date, str]:
    return card.ended_on or card.last_day or card.updated, card.id


def _is_closed(card: Card) -> bool:
    return not card.is_open and bool(card.words)


def _of_open(opened: list[Card]) -> Iterator[Listing]:
    yield Listing(paths.index, lambda words: words.gettext("Open actions"), opened)
    for country, cards in _grouped(opened, lambda card: card.countries).items():
        yield Listing(
            lambda ui, country=country: paths.narrowed(ui, "country", country),  # type: ignore[misc]
            lambda words, country=country: words.country(country),  # type: ignore[misc]
            cards,
        )
    for tag, cards in _grouped(opened, lambda card: card.words).items():
        yield Listing(
            lambda ui, tag=tag: paths.narrowed(ui, "language", tag),  # type: ignore[misc]
            lambda words, tag=tag: words.tongue_alone(tag),  # type: ignore[misc]
            cards,
        )

    for month, cards in _grouped(opened, lambda card: [f"{card.last_day:%Y-%m}"]).items():
        yield Listing(
            lambda ui, month=month: paths.narrowed(ui, "until", month),  # type: ignore[misc]
            lambda words, day=cards[0].last_day: words.month(day),  # type: ignore[misc]
            cards,
        )


def _of_closed(closed: list[Card]) -> Iterator[Listing]:
    yield Listing(
        paths.archive, lambda words: words.gettext("Archive"), closed[:MOST], is_archive=True
    )
    for year, cards in _grouped(closed, lambda card: [str(card.year)]).items():
        yield Listing(
            lambda ui, year=year: paths.archive(ui, int(year)),  # type: ignore[misc]
            lambda words, year=year: words.gettext("Archive, %(year)s", year=year),  # type: ignore[misc]
            cards,
            is_archive=True,
        )


def _grouped(cards: Iterable[Card], by: Callable[[Card], Iterable[str]]) -> dict[str, list[Card]]:
    groups: dict[str, list[Card]] = {}
    for card in cards:
        for key in dict.fromkeys(by(card)):
            groups.setdefault(key, []).append(card)
    return dict(sorted(groups.items()))


def _page(  # noqa: PLR0913, PLR0917 - a list, and what stands around it
    site: "Site", one: Listing, at: str, language: str, opened: list[Card], closed: list[Card]
) -> Resource:
    return Resource(at, lambda: _rendered(site, one, at, language, opened, closed))


def _rendered(  # noqa: PLR0913, PLR0917
    site: "Site", one: Listing, at: str, language: str, opened: list[Card], closed: list[Card]
) -> bytes:
    words = interface(language)
    tongues = [Tongue(tag, one.path(tag), tag == language) for tag in site.frame.settings.languages]
    found: dict[str, Any] = {
        "about": _about_archive(words, closed) if one.is_archive else _about(words),
        "calendar": "" if one.is_archive else f"{language}/deadlines.ics",
        "canonical": one.path(language),
        "heading": one.heading(words),
        "nothing": _nothing(words, is_archive=one.is_archive),
        "rows": [_row(card, words, site) for card in one.cards],
        "ways": list(_ways(words, opened, closed, is_archive=one.is_archive)),
    }
    frame = site.frame.around(at, words, tongues)
    return site.pages.render("index.html.j2", **{**frame, **found})


def _about(words: Interface) -> str:
    return words.gettext(
        "People are in danger, and somebody has the power to end it. Take two minutes to share a "
        "text, or fifteen to write a letter."
    )


def _about_archive(words: Interface, closed: list[Card]) -> str:
    """Say that the first page of the archive is not all of it, where that is so."""
    if len(closed) <= MOST:
        return ""
    return words.gettext("The latest %(num)s; the years have them all.", num=MOST)


def _nothing(words: Interface, *, is_archive: bool) -> str:
    if is_archive:
        return words.gettext("No action has ended yet.")
    return words.gettext("No action is open today.")


def _ways(
    words: Interface, opened: list[Card], closed: list[Card], *, is_archive: bool
) -> Iterator[Way]:
    ui = words.language
    if is_archive:
        years = Counter(card.year for card in closed)
        if years:
            links = [
                Link(str(year), paths.archive(ui, year), years[year])
                for year in sorted(years, reverse=True)
            ]
            yield Way(words.gettext("By year"), links)
        return
    countries = Counter(country for card in opened for country in dict.fromkeys(card.countries))
    tags = Counter(tag for card in opened for tag in card.words)
    by_country = [(words.country(one), "country", one, countries[one]) for one in countries]
    by_tag = [(words.tongue_alone(one), "language", one, tags[one]) for one in tags]
    if countries:
        yield Way(words.gettext("By country"), _links(ui, by_country))
        yield Way(words.gettext("By language"), _links(ui, by_tag))
        yield Way(words.gettext("By last day"), list(_months(words, opened)))


def _months(words: Interface, opened: list[Card]) -> Iterator[Link]:
    months = _grouped(opened, lambda card: [f"{card.last_day:%Y-%m}"])
    for month, cards in months.items():
        last = cards[0].last_day
        assert last is not None  # noqa: S101 - a case that is open has one
        yield Link(words.month(last), paths.narrowed(words.language, "until", month), len(cards))


def _links(ui: str, found: Iterable[tuple[str, str, str, int]]) -> list[Link]:
    made = [Link(name, paths.narrowed(ui, by, value), n) for name, by, value, n in found]
    return sorted(made, key=lambda link: link.name.casefold())


def _row(card: Card, words: Interface, site: "Site") -> Row:
    today = card.today or site.frame.today
    days = card.days_left(today) if card.is_open else 0
    left = [today + timedelta(days=n) for n in range(min(days, site.frame.settings.fresh_days + 1))]
    closes = card.closes_at if card.is_open else None
    language = card.language(words.language)
    said = card.words[language]
    is_missing = language.partition("-")[0] != words.language
    others = [Tongue(tag, paths.page(card.id, tag), is_here=False) for tag in card.words]
    return Row(
        title=said.title,
        path=paths.page(card.id, language),
        language=language,
        lead=said.outcome or said.lead,
        number=card.number,
        countries=tuple(map(words.country, card.countries)),
        status=states.status(card, words, today),
        is_open=card.is_open,
        example=card.example,
        closes=milliseconds(closes) if closes else 0,
        left=tuple(states.status(card, words, day) for day in left),
        today_ends=milliseconds(closes - timedelta(days=days - 1)) if closes else 0,
        is_missing=is_missing,
        others=tuple(others),
    )
