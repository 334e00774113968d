"""What the page of a case shows, gathered from its files: pure data for the templates."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uasocial import rules
from uasocial.case_pictures import CasePicture, case_pictures, picture_files
from uasocial.errors import CaseError
from uasocial.letters import in_language
from uasocial.model import Action, Draft, Words
from uasocial.model.facts import Copy, Counter, Delivery, Document, Facts, Postage
from uasocial.platforms.pictures import PictureLimits
from uasocial.site.cards import Card
from uasocial.site.case.texts import PlatformTexts, drafts_of, texts
from uasocial.site.case.writing import (
    ShownCopy,
    ShownLetter,
    copies,
    notes_on_delivery,
    shown_letters,
)

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["Advice", "Case", "Telling"]

# What a page can show without making somebody with a small phone wait.
PAGE_PICTURE = PictureLimits(bytes=300_000, side=1600)
# Of a text that a person forwards: no platform of ours is named in it, and no handle stands in it.
NEUTRAL = "whatsapp"


class Advice(NamedTuple):
    """A piece of advice in a language, which may be another than that of the page."""

    text: str
    language: str


class Case:
    """A case as its pages show it; each part is gathered once, and only when a page asks for it.

    What may not be shown is left out, and said in *left_out*.
    """

    def __init__(self, kit: "Toolkit", card: Card, left_out: list[str]) -> None:
        self.kit = kit
        self.card = card
        self.left_out = left_out
        self._tellings: dict[str, Telling] = {}

    @cached_property
    def action(self) -> Action:
        return self.kit.action(self.card.id)

    @cached_property
    def days(self) -> rules.Days:
        return rules.Days(self.kit.today(self.action), self.kit.actual.date())

    @cached_property
    def pictures(self) -> tuple[CasePicture, ...]:
        """The pictures; raise where one is broken, or an alt text has none."""
        if not self.card.tells_story:
            return ()
        _assert_there(self.action)
        said: list[str] = []
        chosen = list(self.card.words)
        found = list(case_pictures(self.action, chosen, self.days, said, PAGE_PICTURE))
        self.left_out += [f"{self.card.id}: {line}" for line in said]
        # A file may be called by the name of the person in it.
        return tuple(
            one._replace(name=f"{number}.{one.name.rpartition('.')[2]}")
            for number, one in enumerate(found, 1)
        )

    def telling(self, language: str) -> "Telling":
        if language not in self._tellings:
            self._tellings[language] = Telling(self, language)
        return self._tellings[language]


def _assert_there(action: Action) -> None:
    known = {path.stem for path in picture_files(action)}
    for language, words in action.words.items():
        for name in words.alt:
            if name not in known:
                said = f"there is no picture media/{name} for this alt text: put it there"
                raise CaseError([action.place(language, ("alt", name), said)])


class Telling:
    """A case in one language: what a template may show of it, and no way to anything else."""

    def __init__(self, case: Case, language: str) -> None:
        self._case = case
        self.language = language

    @property
    def _words(self) -> Words:
        return self._case.action.words[self.language]

    @property
    def _facts(self) -> Facts:
        return self._case.action.facts

    @property
    def body(self) -> tuple[str, ...]:
        return self._words.body

    @property
    def demands(self) -> tuple[str, ...]:
        return self._words.demands

    @property
    def counter(self) -> Counter | None:
        return self._facts.counter

    @property
    def link(self) -> str | None:
        """The address of the document in this language."""
        return self._facts.link.get(self.language)

    @property
    def takes_own_language(self) -> bool:
        """Tell whether a letter may be in the language of whoever writes it."""
        return self._facts.own_language

    def advice(self, *channels: str) -> list[Advice]:
        """Return the advice for any of *channels*, rather in another language than not at all."""
        return [
            _advice(one.text, self.language)
            for one in self._facts.safety
            if one.channel in channels
        ]

    @cached_property
    def drafts(self) -> list[Draft]:
        """The drafts that the page hands out: none where the case is not open."""
        case = self._case
        if not case.card.is_open:
            return []
        names = case.kit.project.settings.site.platforms
        return drafts_of(case.kit, case.action, self.language, names, case.left_out)

    @cached_property
    def texts(self) -> list[PlatformTexts]:
        servers = self._case.kit.project.settings.site.servers
        return list(texts(self._case.kit, self.drafts, servers))

    @cached_property
    def forward(self) -> Draft | None:
        """A text for whoever forwards it: without handles, and with the link in it."""
        case = self._case
        if not case.card.is_open:
            return None
        found = [draft for draft in self.drafts if draft.platform == NEUTRAL]
        if NEUTRAL not in case.kit.project.settings.site.platforms:
            found = drafts_of(case.kit, case.action, self.language, [NEUTRAL], case.left_out)
        # Rather one that stays true: it may be forwarded days later.
        return max(found, key=lambda draft: draft.valid_until or date.max, default=None)

    @cached_property
    def letters(self) -> list[ShownLetter]:
        case = self._case
        if not case.card.is_open:
            return []
        return shown_letters(case.kit, case.action, self.language, case.left_out)

    @property
    def by_post(self) -> bool:
        """Tell whether a letter may go without a sender: an e-mail, a fax and a call show one."""
        return any(shown.target.address for shown in self.letters)

    @cached_property
    def copies(self) -> list[ShownCopy]:
        return list(copies(self._case.action, self.language)) if self.letters else []

    def is_one_of_several(self, copy: Copy) -> bool:
        """Tell whether the country of *copy* has others: then its own name tells it from them."""
        return [one.copy.sender_country for one in self.copies].count(copy.sender_country) > 1

    @property
    def delivery(self) -> list[tuple[Delivery, Advice]]:
        """How letters arrive, each note with its text."""
        return [(one, _advice(one.text, self.language)) for one in self._dated[0]]

    @property
    def postage(self) -> list[Postage]:
        return self._dated[1]

    @cached_property
    def _dated(self) -> tuple[list[Delivery], list[Postage]]:
        return notes_on_delivery(self._facts, self._case.days.today)

    @property
    def pictures(self) -> Iterator[tuple[CasePicture, str]]:
        """The pictures that have an alt text in this language."""
        for one in self._case.pictures:
            if self.language in one.alts:
                yield one, one.alts[self.language]

    @property
    def documents(self) -> Sequence[Document]:
        """The documents that can be fetched, those in this language first."""
        found = [one for one in self._facts.documents if one.url]
        return sorted(found, key=lambda one: one.language != self.language)


def _advice(said: dict[str, str], language: str) -> Advice:
    text = in_language(said, language, ("en",))
    tongue = next(tag for tag, one in said.items() if one == text)
    return Advice(text.strip(), language if said.get(language) == text else tongue)
