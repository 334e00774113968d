"""All files of the site: of each case, of all cases together, and what pages need to look right."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from uasocial.errors import NotFound, SettingsError
from uasocial.site import cards, paths
from uasocial.site.assets import Assets
from uasocial.site.cards import Card, Looked, as_json, told_in
from uasocial.site.case.files import CaseFiles
from uasocial.site.framing import Frame
from uasocial.site.interface import interface
from uasocial.site.lists.making import list_pages
from uasocial.site.machines import deadlines, feeds
from uasocial.site.machines.sitemap import SitemapPage, robots, sitemap
from uasocial.site.pages import Pages
from uasocial.site.picture.painting import Painter
from uasocial.site.resource import Resource, sign

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["Site"]


class Site:
    """The site of a project at the moment of *kit*.

    *base* is the address where it will stand, with a slash at its end, or empty where nobody knows
    (a memory stick): then what needs a whole address is left out. *left_out* says what of the
    cases made so far may not be shown.
    """

    def __init__(self, kit: "Toolkit", base: str = "") -> None:
        self.kit = kit
        self.base = base
        _assert_known(kit)
        self.left_out: list[str] = []
        self.own_assets = Assets(kit.project)
        self.frame = Frame(kit, self.own_assets, base)

    @cached_property
    def pages(self) -> Pages:
        own = self.own_assets.own
        return Pages([own] if own else [])

    @cached_property
    def painter(self) -> Painter:
        own = self.own_assets
        return Painter(self.frame.settings.accent, own.logo_picture, own.fonts)

    def look_at(self, name: str) -> Looked:
        """Look at a case: what is public of it now."""
        return cards.look(self.kit, name)

    def neighbours(self, card: Card, everyone: Iterable[Card]) -> tuple[Card, ...]:
        """Return the cards that the page of *card* links to: what came before it, and after."""
        numbers = {card.supersedes, card.superseded_by} - {""}
        return tuple(
            one
            for one in everyone
            if one.id != card.id
            and (
                one.number in numbers
                or (card.number and card.number in (one.supersedes, one.superseded_by))
            )
        )

    def of_case(self, card: Card, neighbours: Sequence[Card] = ()) -> list[Resource]:
        """Return all files below `a/<id>/`."""
        return CaseFiles(self, card, neighbours).resources()

    def of_all(self, everyone: Sequence[Card]) -> list[Resource]:
        """Return lists, feeds, calendar and sitemap, made of cards alone."""
        return [
            *list_pages(self, everyone),
            *self._news(everyone),
            # Under whatever address it is looked at, it asks no other host for anything.
            Resource(paths.NOT_FOUND, lambda: self.not_found(urlsplit(self.base).path or "/")),
            Resource(paths.ROBOTS, lambda: robots(self.base)),
            *self._sitemaps(everyone),
        ]

    def assets(self) -> list[Resource]:
        """Return styles, script and logo, named by their content."""
        return list(self.own_assets.resources())

    def _news(self, everyone: Sequence[Card]) -> Iterator[Resource]:
        for language in self.frame.settings.languages:
            yield from self._news_in(language, everyone)

    def _news_in(self, language: str, everyone: Sequence[Card]) -> Iterator[Resource]:
        words = interface(language)

        @cache
        def feed() -> feeds.Feed:
            return feeds.feed_of_all(everyone, words, self.base, self.frame.name)

        yield Resource(paths.feed(language, "atom"), lambda: feeds.atom(feed()))
        yield Resource(paths.feed(language, "json"), lambda: feeds.json_feed(feed()))
        yield Resource(
            f"{language}/deadlines.ics",
            lambda: deadlines.deadlines(everyone, words, self.base),
            lambda: sign(as_json(told_in(one, language)) for one in everyone if one.is_open),
        )

    def not_found(self, root: str) -> bytes:
        """Return the page for what is not there, which a host answers with at any depth.

        *root* is the way to the root of the site from where it is answered, or on the host.
        """
        words = interface(self.frame.settings.languages[0])
        frame = self.frame.around(paths.NOT_FOUND, words, ())
        frame["to"] = partial(paths.public, root)
        heading = words.gettext("There is no such page")
        text = words.gettext("The action may have ended, or the address has a slip in it.")
        return self.pages.render("gone.html.j2", **frame, heading=heading, text=text)

    def _sitemaps(self, everyone: Sequence[Card]) -> Iterator[Resource]:
        for name, data in sitemap(self._listed(everyone), self.base).items():
            yield Resource(name, lambda data=data: data)  # type: ignore[misc]

    def _listed(self, everyone: Sequence[Card]) -> Iterator[SitemapPage]:
        """Yield the pages that a search engine may list, with those in other languages."""
        indexes: dict[str, str] = {tag: paths.index(tag) for tag in self.frame.settings.languages}
        for path in indexes.values():
            yield SitemapPage(path, None, {**indexes, "x-default": paths.ROOT})
        for card in everyone:
            told = {tag: paths.page(card.id, tag) for tag in card.words}
            for path in told.values():
                yield SitemapPage(path, card.updated, {**told, "x-default": paths.short(card.id)})


def _assert_known(kit: "Toolkit") -> None:
    """Raise where `[site]` names a platform that nothing here knows."""
    try:
        kit.choose(kit.project.settings.site.platforms)
    except NotFound as error:
        raise SettingsError(f"{kit.project.file}: site: platforms: {error}") from None
