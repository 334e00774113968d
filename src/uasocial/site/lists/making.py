"""The pages of all lists, in each language that a section offers, and the root."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from uasocial import languages
from uasocial.site import paths
from uasocial.site.cards import Card
from uasocial.site.framing import Tongue
from uasocial.site.interface import Interface, interface
from uasocial.site.lists import ways
from uasocial.site.lists.listing import Lists, Page
from uasocial.site.lists.numbering import numbers
from uasocial.site.lists.rows import Rows
from uasocial.site.resource import Resource, sign

if TYPE_CHECKING:
    from uasocial.site.contents import Site

__all__ = ["list_pages"]


def list_pages(site: "Site", everyone: Sequence[Card]) -> Iterator[Resource]:
    """Yield all pages of all lists, and the root."""
    lists = Lists(everyone)
    pages = list(lists.pages())
    offered = [_Tongue(site, lists, interface(tag)) for tag in site.frame.settings.languages]
    for tongue in offered:
        for page in pages:
            yield tongue.resource(page, page.path(tongue.language))
    yield offered[0].resource(pages[0], paths.ROOT)


class _Tongue:
    """The lists in one language of the interface."""

    def __init__(self, site: "Site", lists: Lists, words: Interface) -> None:
        self.language = words.language
        self._site = site
        self._words = words
        self._rows = Rows(words, site.frame.today, site.frame.settings.fresh_days + 1)
        self._ways = {True: ways.of_archive(lists, words), False: ways.of_open(lists, words)}

    def resource(self, page: Page, at: str) -> Resource:
        return Resource(at, lambda: self._rendered(page, at), lambda: self._signature(page))

    def _signature(self, page: Page) -> str:
        """Sign what a page is made of; days are counted where something is open."""
        frame = self._site.frame
        day = "" if page.listing.is_archive else f"{frame.today} {frame.fresh_until}"
        around = msgspec.json.encode((day, page.number, page.last, self._ways_of(page)))
        return sign([around, *(self._rows.signature(card).encode() for card in page.cards)])

    def _ways_of(self, page: Page) -> list[ways.Way]:
        """Return the ways to choose; only the first page has them, and changes with each count."""
        return self._ways[page.listing.is_archive] if page.number == 1 else []

    def _rendered(self, page: Page, at: str) -> bytes:
        words, language, one = self._words, self.language, page.listing
        offered = self._site.frame.settings.languages
        tongues = [Tongue(tag, page.path(tag), tag == language) for tag in offered]
        first = page.number == 1
        return self._site.pages.render(
            "index.html.j2",
            **self._site.frame.around(at, words, tongues),
            about=_about(words) if first and not one.is_archive else "",
            calendar="" if one.is_archive else f"{language}/deadlines.ics",
            canonical=page.path(language),
            choose=page.path(language, 1) if self._ways[one.is_archive] else "",
            heading=one.heading(words),
            is_archive=one.is_archive,
            nothing=_nothing(words, page),
            numbers=numbers(page, language),
            place=_place(words, page),
            rows=[self._rows.row(card) for card in page.cards],
            title=_title(words, page),
            ways=self._ways_of(page),
        )


def _about(words: Interface) -> str:
    return words.gettext(
        "People are in danger, and somebody has the power to end it. Take two minutes to share a "
        "text, or fifteen to write a letter."
    )


def _title(words: Interface, page: Page) -> str:
    """Return what tells a page from all others."""
    heading = page.listing.heading(words)
    if page.number == 1:
        return heading
    number = languages.number(page.number, words.language)
    return words.gettext("%(heading)s, page %(number)s", heading=heading, number=number)


def _place(words: Interface, page: Page) -> str:
    number, last = (languages.number(one, words.language) for one in (page.number, page.last))
    return words.gettext("Page %(number)s of %(last)s", number=number, last=last)


def _nothing(words: Interface, page: Page) -> str:
    """Return what is said where no row is left: a page speaks of no other one."""
    if page.listing.is_archive:
        return words.gettext("No action has ended yet.")
    if page.listing.is_whole and page.last == 1:
        return words.gettext("No action is open today.")
    return words.gettext("No action on this page is open any more.")
