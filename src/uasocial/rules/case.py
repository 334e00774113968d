"""What a rule about a case is given, each part of it made once and when it is asked for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from uasocial.model import Action, Facts, Letter, Person, Words
from uasocial.rules.rule import At, Days, Found

__all__ = ["Case", "Piece", "Project", "pieces_of"]

PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif"))
# No case has more files; what is beyond is not looked at.
MAX_FILES = 2000


class Piece(NamedTuple):
    """A text of a case: the *part* it belongs to, and where it stands in the file of *language*."""

    language: str
    part: str
    at: At
    text: str

    def found(self, said: str, fix: str | None = None, subject: str = "") -> Found:
        return Found(self.language, self.at, said, fix, subject)


@dataclass(frozen=True)
class Project:
    """What lies around the cases: their folder, the templates by `<language>/<file>`, platforms.

    *root* is the folder of the project, or that of its cases; *cases* are those to be checked.
    """

    root: Path
    actions: Path
    cases: Collection[str]
    templates: dict[str, Path]
    platforms: Collection[str]


@dataclass(frozen=True)
class Case:
    """An action on a day; *unread* are the languages whose file has faults, *platforms* names.

    *today* may be rehearsed, *actual* is the day it is.
    """

    action: Action
    today: date
    actual: date
    platforms: Collection[str]
    unread: Collection[str] = ()

    @property
    def facts(self) -> Facts:
        return self.action.facts

    @cached_property
    def words(self) -> dict[str, Words]:
        """The words of each language that has more than a letter.

        A page may bring a letter in the target's language and nothing else: that is no gap.
        """
        return {
            language: words
            for language, words in self.action.words.items()
            if words.title or words.lead or words.posts
        }

    @cached_property
    def is_open(self) -> bool:
        """Whether one may act now."""
        facts = self.facts
        within = facts.active_since <= self.today <= facts.last_day
        return within and facts.ended is None and facts.kind not in ("stop", "good-news")

    @cached_property
    def pieces(self) -> dict[str, list[Piece]]:
        """Every text that goes out, by language; under `""` those of `action.yaml`."""
        found = {"": list(_of_facts(self.facts))}
        for language, words in self.action.words.items():
            found[language] = [Piece(language, *rest) for rest in pieces_of(words)]
        return found

    @cached_property
    def whole(self) -> dict[str, str]:
        """All the texts of a language in one, to see at once that nothing is in them."""
        return {
            language: "\n".join(piece.text for piece in pieces)
            for language, pieces in self.pieces.items()
        }

    @cached_property
    def pictures(self) -> list[Path]:
        folder = self.action.folder / "media"
        return [p for p in self.files if p.parent == folder and p.suffix.lower() in PICTURES]

    @cached_property
    def files(self) -> list[Path]:
        """The files that lie beside those that are read: media and documents."""
        folder = self.action.folder
        return sorted(_files(folder))

    @property
    def people_at_risk(self) -> list[tuple[int, Person]]:
        """The persons with their numbers; a group has no name of its own."""
        return [(n, person) for n, person in enumerate(self.facts.people) if not person.group]

    @property
    def days(self) -> set[date]:
        """The days on which a consent must hold."""
        return Days(self.today, self.actual).of_consent(self.facts)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies in the folder of a case, and in the folders in it, save earlier versions."""
    room = MAX_FILES
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "versions" or path.suffix == ".yaml":
            continue
        found = path.iterdir() if path.is_dir() and not path.is_symlink() else [path]
        for file in found:
            room -= 1
            if room < 0:
                return
            yield file


Rest = tuple[str, At, str]


def pieces_of(words: Words) -> Iterator[Rest]:
    """Yield (part, place, text) of every text in the words of a language."""
    for part in ("title", "lead", "update", "outcome", "content_warning"):
        text = getattr(words, part)
        if text:
            yield part, (part,), text
    for part in ("body", "demands"):
        for number, text in enumerate(getattr(words, part)):
            yield part, (part, number), text
    if words.letter:
        yield from _of_letter(words.letter)
    for name, text in words.alt.items():
        yield "alt", ("alt", name), text
    for number, post in enumerate(words.posts):
        kind = "template" if post.text is None else "text"
        yield f"post {post.id!r}", ("posts", number, kind), post.text or post.template or ""


def _of_letter(letter: Letter) -> Iterator[Rest]:
    yield "salutation", ("letter", "salutation"), letter.salutation
    for number, text in enumerate(letter.paragraphs):
        yield "letter", ("letter", "paragraphs", number), text
    if letter.closing:
        yield "closing", ("letter", "closing"), letter.closing


def _of_facts(facts: Facts) -> Iterator[Piece]:
    for name, tag in facts.hashtags.items():
        tags = tag.items() if isinstance(tag, dict) else [("", tag)]
        for language, text in tags:
            at = ("hashtags", name, language) if language else ("hashtags", name)
            yield Piece("", "hashtag", at, text)
    for language, link in facts.link.items():
        yield Piece("", "link", ("link", language), link)
    for number, document in enumerate(facts.documents):
        for key in ("title", "url"):
            text = getattr(document, key)
            if text:
                yield Piece("", "document", ("documents", number, key), text)
    for part in ("safety", "delivery"):
        for number, advice in enumerate(getattr(facts, part)):
            for language, text in advice.text.items():
                yield Piece("", part, (part, number, "text", language), text)
