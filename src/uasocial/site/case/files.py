"""The files of one case: its pages, and what lies beside them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from uasocial import languages, letters
from uasocial.day_ends import midnight_after, zones_of
from uasocial.model.codes import is_country
from uasocial.platforms.builtin import MAILTO_LENGTH
from uasocial.settings import SITE_LANGUAGES
from uasocial.site import paths, states
from uasocial.site.case import labels
from uasocial.site.case.packing import packed_files
from uasocial.site.case.showing import Case, Telling
from uasocial.site.case.texts import rows_of
from uasocial.site.case.writing import ShownLetter
from uasocial.site.framing import Tongue, milliseconds
from uasocial.site.interface import Interface, interface
from uasocial.site.machines import deadlines, exports, feeds, linked_data
from uasocial.site.picture.painting import PictureWords, alt_text
from uasocial.site.resource import Resource
from uasocial.text.file_names import fault_of_name

if TYPE_CHECKING:
    from datetime import date

    from uasocial.model import Target
    from uasocial.site.cards import Card, CardWords
    from uasocial.site.contents import Site

__all__ = ["CaseFiles"]


class Linked(NamedTuple):
    """A document before or after this one; *path* is empty where the site has no page of it."""

    title: str
    path: str = ""
    language: str = ""


class LinkCard(NamedTuple):
    """What a network shows with a link: a case in *language*, and a picture with its *alt* text."""

    title: str
    description: str
    language: str
    picture: str
    alt: str


class CaseFiles:
    """Makes the files below `a/<id>/` of one case; *neighbours* came before it, or after."""

    def __init__(self, site: "Site", card: "Card", neighbours: Sequence["Card"]) -> None:
        self.site = site
        self.card = card
        self.case = Case(site.kit, card, site.left_out)
        self._neighbours = neighbours
        # The pack holds them as well: drawn once.
        self.picture = cache(self._picture)
        self.code = cache(self._qr)

    def resources(self) -> list[Resource]:
        """Return all of them; of a case that was withdrawn, or cannot be read, a word and no more.

        Nothing is made before it is asked for, and nothing twice.
        """
        made = self._of_gone() if not self.card.words else self._of_told()
        return [Resource(one.path, cache(one.make)) for one in made]

    # --- a case that is told -------------------------------------------------------------------

    def _of_told(self) -> Iterator[Resource]:
        name = self.card.id
        yield Resource(paths.short(name), lambda: self.short_page(paths.short(name)))
        for language in self.card.words:
            yield from self._of_language(language)
        yield Resource(paths.case_file(name, "action.json"), self._data)
        if self.card.tells_story:
            for picture in self.case.pictures:
                path = paths.case_file(name, f"media/{picture.name}")
                yield Resource(path, _given(picture.data))
        if self.card.is_open:
            if self.site.base:
                yield Resource(paths.case_file(name, "qr.svg"), self.code)
            yield Resource(paths.case_file(name, "pack.zip"), lambda: packed_files(self))

    def _of_language(self, language: str) -> Iterator[Resource]:
        at = self.beside(language, paths.INDEX)
        yield Resource(at, lambda: self.page(language))
        if self.card.tells_story:
            yield Resource(self.beside(language, "share.png"), lambda: self.picture(language))
        yield from self._news(language)
        for shown in self.case.telling(language).letters:
            yield from self.letter_files(language, shown)

    def _news(self, language: str) -> Iterator[Resource]:
        """Yield the feeds and the calendar: who follows them learns there how it ended."""
        words, base = interface(language), self.site.base
        feed = cache(
            lambda: feeds.feed_of_case(self.card, language, words, base, self.site.frame.name)
        )
        yield Resource(self.beside(language, "feed.atom"), lambda: feeds.atom(feed()))
        yield Resource(self.beside(language, "feed.json"), lambda: feeds.json_feed(feed()))
        yield Resource(
            self.beside(language, "deadline.ics"),
            lambda: deadlines.deadline(self.card, language, words, base),
        )

    def beside(self, language: str, name: str) -> str:
        return paths.page_file(self.card.id, language, name)

    def letter_files(self, language: str, shown: ShownLetter) -> Iterator[Resource]:
        """Yield the letter to one target as a text, and as a draft for a mail program."""
        # The day on which it is written is for a person to write.
        letter, mail = replace(shown.letter, date_line=""), shown.mail
        if shown.on_paper:
            at = self.beside(language, self.letter_file(shown.target, "txt"))
            yield Resource(at, lambda: letters.as_text(letter).encode())
        if mail is not None:
            at = self.beside(language, self.letter_file(shown.target, "eml"))
            yield Resource(at, lambda: mail)

    def letter_file(self, target: "Target", ending: str) -> str:
        """Name the file of a letter by its last day; in the letter, that would be sent along."""
        return f"letter-{target.id}-until-{self.card.last_day}.{ending}"

    def _data(self) -> bytes:
        """Return the case for other installations; of one that was stopped, that it was."""
        case = self.case
        drafts = [d for language in self.card.words for d in case.telling(language).drafts]
        return exports.export(self.site.kit, case.action, drafts, case.days)

    def _qr(self) -> bytes:
        from uasocial.site.machines.qr import qr_svg  # noqa: PLC0415 - only a case that is open has one

        return qr_svg(self.short_address)

    @property
    def short_address(self) -> str:
        """The whole short address, or empty where nobody knows where the site will stand."""
        return paths.public(self.site.base, paths.short(self.card.id)) if self.site.base else ""

    def _picture(self, language: str) -> bytes:
        return self.site.painter.paint(self._picture_words(language))

    def _picture_words(self, language: str) -> PictureWords:
        words, card = interface(language), self.card
        head = [words.gettext("Urgent action"), *map(words.country, card.countries[:2])]
        if card.is_open and card.last_day:
            foot = words.gettext("Write until %(day)s", day=words.day(card.last_day))
        else:
            foot = states.status(card, words, self.card.today or self.site.frame.today)
        return PictureWords(
            language=language,
            title=card.words[language].title,
            head=" · ".join(head),
            foot=" · ".join(filter(None, (card.number, foot))),
            site=self.site.frame.name,
        )

    # --- its pages -----------------------------------------------------------------------------

    def page(self, language: str, *, packed: bool = False) -> bytes:
        """Render the page in *language*; *packed* without links that lead out of the pack."""
        words = interface(language)
        at = self.beside(language, paths.INDEX)
        frame = self.site.frame.around(at, words, self._tongues(language), packed=packed)
        telling = self.case.telling(language)
        own = self._own(language, words, telling, packed=packed)
        return self.site.pages.render("case.html.j2", **{**frame, **own})

    def short_page(self, at: str, *, packed: bool = False) -> bytes:
        """Render the page that lists the languages."""
        words = interface(self.site.frame.settings.languages[0])
        first = self.card.language(words.language)
        said = [
            {**one._asdict(), "name": one.name, "title": self.card.words[one.tag].title}
            for one in self._tongues("")
        ]
        own = {
            "card": self.card,
            "description": _description(self.card.words[first]),
            "link_card": None if packed else self._link_card(first),
            "said": said,
        }
        frame = self.site.frame.around(at, words, (), packed=packed)
        return self.site.pages.render("short.html.j2", **frame, **own)

    def _link_card(self, language: str) -> LinkCard | None:
        """Return it where there is a picture, and an address under which others find it."""
        if not (self.site.base and self.card.tells_story):
            return None
        said, shown = self.card.words[language], self._picture_words(language)
        return LinkCard(
            title=said.title,
            description=_description(said),
            language=language,
            picture=self.beside(language, "share.png"),
            alt=alt_text(self.site.painter.shown(shown)),
        )

    def _tongues(self, here: str) -> list[Tongue]:
        return [Tongue(tag, self.beside(tag, paths.INDEX), tag == here) for tag in self.card.words]

    def _own(
        self, language: str, words: Interface, telling: Telling, *, packed: bool
    ) -> dict[str, Any]:
        card, name = self.card, self.card.id
        earlier, later = self._linked(language, packed=packed)
        own = {
            "as_of": lambda day: words.gettext("as of %(day)s", day=words.day(day)) if day else "",
            "beside_page": lambda file: self.beside(language, file),
            "calendar": self.beside(language, "deadline.ics"),
            "card": card,
            "case_feed": self.beside(language, "feed.atom"),
            "case_json_feed": self.beside(language, "feed.json"),
            "data": paths.case_file(name, "action.json"),
            "description": _description(card.words[language]),
            "earlier": earlier,
            "language": language,
            "later": later,
            "link_card": None if packed else self._link_card(language),
            "linked_data": self._linked_data(language, words, telling),
            "media": lambda file: paths.case_file(name, f"media/{file}"),
            "notices": list(self._notices(language, words, telling)),
            "pack": paths.case_file(name, "pack.zip"),
            "qr": paths.case_file(name, "qr.svg") if self.site.base else "",
            "qr_address": self.short_address,
            "said": card.words[language],
            "short": paths.short(name),
            "status": states.status(card, words, self.card.today or self.site.frame.today),
            "telling": telling,
        }
        return {**own, **(self._acting(language, words, telling) if card.is_open else {})}

    def _acting(self, language: str, words: Interface, telling: Telling) -> dict[str, Any]:
        """Return what only a page needs on which people act."""
        kit, card, assets = self.site.kit, self.card, self.site.own_assets
        zones = zones_of(self.case.action, kit.now.tzinfo)
        first = card.days_left(self.case.days.today)
        most = min(first, self.site.frame.settings.fresh_days + 1)
        return {
            "countries": languages.joined(
                [words.country(one) for one in card.countries], words.language
            ),
            "first_way": self._first_way(telling),
            "closes": milliseconds(card.closes_at) if card.closes_at else 0,
            "count_script": assets.counter,
            "ends_of": lambda day: milliseconds(midnight_after(day, zones)),
            "mail_length": MAILTO_LENGTH,
            "label": partial(labels.label, words=words),
            "letter_file": self.letter_file,
            "left": [states.days_left(first - passed, words) for passed in range(most)],
            "note_language": language if words.language == language.partition("-")[0] else "en",
            "opener": partial(labels.opener, words=words),
            "rows_of": rows_of,
            "place_name": lambda to: words.country(to) if is_country(to) else to,
            "tables": self._tables(),
            "target_tongues": self._target_tongues(language),
            "today_ends": milliseconds(midnight_after(self.case.days.today, zones)),
            "valid_from": lambda day: _from(day, words),
            "ways_to": partial(labels.ways_to, words=words),
        }

    def _first_way(self, telling: Telling) -> str:
        """Return where the one button leads: to the texts, else to what there is to share."""
        if telling.texts:
            return "texts"
        if telling.letters:
            return "letter"
        # The page itself: its address and its code stand there.
        return "remember" if self.site.base else ""

    def _tables(self) -> dict[str, str]:
        """Return the way from a page to each table of the counter."""
        at = self.beside("en", paths.INDEX)
        return {name: paths.link(at, to) for name, to in self.site.own_assets.tables.items()}

    def _target_tongues(self, language: str) -> list[Tongue]:
        preferred = self.case.action.facts.preferred_languages
        return [one for one in self._tongues(language) if one.tag in preferred and not one.is_here]

    def _linked(self, language: str, *, packed: bool) -> tuple[list[Linked], list[Linked]]:
        """Return what came before this document, and what came after."""
        card = self.card
        before = [one for one in self._neighbours if _follows(card, one)]
        after = [one for one in self._neighbours if _follows(one, card)]
        earlier = [_linked(one, language, packed=packed) for one in before]
        later = [_linked(one, language, packed=packed) for one in after]
        if card.supersedes and not before:
            earlier = [Linked(card.supersedes)]
        if card.superseded_by and not after:
            later = [Linked(card.superseded_by)]
        return earlier, later

    def _linked_data(self, language: str, words: Interface, telling: Telling) -> Any:
        targets = [shown.office for shown in telling.letters]
        found = linked_data.json_ld(self.card, language, words, self.site.base, targets)
        return linked_data.as_script(found)

    def _notices(self, language: str, words: Interface, telling: Telling) -> Iterator[str]:
        """Yield what the page lacks in its language, said openly."""
        tongue = words.tongue(language)
        if words.language != language.partition("-")[0]:
            yield words.gettext(
                "The buttons of this page are in English: there is no %(language)s for them yet.",
                language=tongue,
            )
        if self.card.is_open and not telling.texts:
            yield words.gettext("There are no texts in %(language)s yet.", language=tongue)
        if self.card.is_open and not telling.letters:
            yield words.gettext("There is no letter to show here.")

    # --- a case of which nothing is told ---------------------------------------------------------

    def _of_gone(self) -> Iterator[Resource]:
        name = self.card.id
        at = paths.short(name)
        if self.card.state == "withdrawn":
            yield Resource(paths.case_file(name, "action.json"), self._data)
        default = self.site.frame.settings.languages[0]
        yield Resource(at, lambda: self._gone_page(at, default))
        for language in self._known_languages():
            page = self.beside(language, paths.INDEX)
            yield Resource(page, _applied(self._gone_page, page, language))
            if self.card.state == "withdrawn":
                yield from self._news(language)

    def _known_languages(self) -> list[str]:
        """Return every language in which there may have been a page."""
        own = list(self.case.action.words) if self.card.state == "withdrawn" else []
        own = [tag for tag in own if not fault_of_name(tag)]
        return list(dict.fromkeys([*SITE_LANGUAGES, *own]))

    def _gone_page(self, at: str, language: str) -> bytes:
        words = interface(language)
        frame = self.site.frame.around(at, words, ())
        heading, text = states.gone(self.card, words)
        return self.site.pages.render("gone.html.j2", **frame, heading=heading, text=text)


def _given(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _applied(make: Callable[[str, str], bytes], at: str, language: str) -> Callable[[], bytes]:
    return lambda: make(at, language)


def _description(said: "CardWords") -> str:
    return said.outcome or said.lead or said.title


def _from(day: "date | None", words: Interface) -> str:
    return words.gettext("valid from %(day)s", day=words.day(day)) if day else ""


def _follows(later: "Card", earlier: "Card") -> bool:
    """Tell whether one document takes the place of the other, whichever of them says so."""
    named = bool(later.supersedes) and later.supersedes == earlier.number
    return named or (bool(earlier.superseded_by) and earlier.superseded_by == later.number)


def _linked(card: "Card", language: str, *, packed: bool) -> Linked:
    tongue = card.language(language)
    if not tongue:
        return Linked(card.number)
    title = " · ".join(filter(None, (card.number, card.words[tongue].title)))
    return Linked(title, "" if packed else paths.page(card.id, tongue), tongue)
