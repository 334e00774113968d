"""What each labelled section of an urgent action gives, whatever the layout around it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from uasocial.errors import DocumentError
from uasocial.languages.reading import identify, read_language
from uasocial.reading import traps
from uasocial.reading.addressees import put_copies, put_targets
from uasocial.reading.document import Line
from uasocial.reading.found import Reading
from uasocial.reading.letter import greets, letters_in, put_letter
from uasocial.reading.lines import paragraphs
from uasocial.reading.posts import put_posts
from uasocial.reading.sections import Section
from uasocial.reading.sheet import Sheet
from uasocial.reading.statements import (
    put_days_left,
    put_deadline,
    put_index,
    put_issued,
    put_kind,
    put_languages,
    put_number,
)
from uasocial.reading.tongue import SURE

__all__ = ["Page", "Reader", "finished", "put_body", "put_sections", "put_targets_and_letter"]

_ADVICE = re.compile(
    r"write an appeal|model letter below|take action on social media|yellow field"
    r"|(?:in your own words|con sus propias palabras|vos propres mots|eigenen worten)",
    re.IGNORECASE,
)
_SIGN = re.compile(r"(?<!\w)[#@]\w")
_NOTHING = re.compile(r"(?:n/?a|none|not applicable|ninguno|aucun|keine?|[-–—.\s]*)", re.IGNORECASE)
# `(she/her)` or `, she/her` at the end of a name; `and` or a comma parts it from the next one.
_PRONOUN = re.compile(
    r"\s*(?:[\[(](?P<in>[^\])]{1,60})[\])]|[,–-]\s*(?P<by>\w{1,10}(?:/\w{1,10}){1,3}))\s*$"
)
_BEHIND_PRONOUN = re.compile(
    r"(?<=[\])])(?:\s*,\s*(?:(?:and|y|e|et|und)\s+)?|\s+(?:and|y|e|et|und|&)\s+)"
)


# What an urgent action has, and the part of the case where it would stand.
_EXPECTED = {
    "title": "title",
    "deadline": "deadline",
    "target": "targets",
    "letter": "letter",
    "number": "number",
}
LONGEST_LINK = 60


class Page(NamedTuple):
    """What a layout knows of its pages: the language of its words, and whose letters go out.

    *one_language* says that a letter without a language of its own is in that of the page.
    """

    language: str
    sender: str | None = None
    one_language: bool = True


Reader = Callable[[Sheet, Section, Page], None]


def put_sections(
    sheet: Sheet,
    sections: Sequence[Section],
    page: Page,
    own: Mapping[str, Reader] | None = None,
) -> None:
    """Place what each section says; a layout's *own* readers go before the common ones.

    Letters and posts come last: whether they are at fault depends on all the rest.
    """
    readers = {**_READERS, **(own or {})}
    late = ("letter", "social")
    for section in sorted(sections, key=lambda section: section.kind in late):
        reader = readers.get(section.kind)
        if reader:
            reader(sheet, section, page)


def finished(sheet: Sheet, layout: str) -> Reading:
    """Return what was read; doubt what an urgent action has and this one has not.

    Labels without anything below them are a template and no action: DocumentError.
    """
    lacking = [name for name, part in _EXPECTED.items() if not sheet.files(part)]
    if len(lacking) >= len(_EXPECTED) - 1:
        raise DocumentError(
            sheet.document.name, f"is no urgent action: there is no {', no '.join(lacking)}"
        )
    for name in lacking:
        sheet.doubt(0, f"there is no {name}, or it was not found")
    if not sheet.has("action", "people"):
        sheet.doubt(0, "names nobody as at risk: list them under `people`, or nothing guards them")
    if sheet.document.format == "html":
        _set_menus_aside(sheet)
    return sheet.reading(layout)


def _set_menus_aside(sheet: Sheet) -> None:
    """Set the menus of a saved page aside, and short lines that are links and nobody placed."""
    sheet.furnish(
        line
        for line in sheet.lines
        if line.kind == "menu" or (line.link and len(line.text) <= LONGEST_LINK)
    )


def _ended(sheet: Sheet, section: Section, page: Page) -> None:
    if section.heading:
        sheet.doubt(
            section.heading.number,
            f"{section.heading.text!r}: the action is over; record under `ended` how it ended",
        )


def _number(sheet: Sheet, section: Section, page: Page) -> None:
    put_number(sheet, [line for line in (section.heading, *section.lines[:2]) if line])


def _update_of(sheet: Sheet, section: Section, page: Page) -> None:
    _number(sheet, section, page)
    put_kind(sheet, [line for line in (section.heading, *section.lines[:1]) if line])


def _index(sheet: Sheet, section: Section, page: Page) -> None:
    put_index(sheet, section.texts[:1])


def _issued(sheet: Sheet, section: Section, page: Page) -> None:
    put_issued(sheet, section.lines[:2], section.label.language if section.label else None)


def _days_left(sheet: Sheet, section: Section, page: Page) -> None:
    if section.label and section.heading:
        put_days_left(sheet, section.label.values.get("n", ""), section.heading)


def _deadline(sheet: Sheet, section: Section, page: Page) -> None:
    words = section.heading.text if section.heading else ""
    language = section.label.language if section.label else page.language
    put_deadline(sheet, section.lines[:2] or section.texts[:1], language, words)
    _advice(sheet, section, page)


def _languages(sheet: Sheet, section: Section, page: Page) -> None:
    put_languages(sheet, section.lines)
    _advice(sheet, section, page)


def _advice(sheet: Sheet, section: Section, page: Page) -> None:
    """Set aside what tells readers how to use the page."""
    sheet.furnish(line for line in section.texts if _ADVICE.search(line.text))


def _aside(sheet: Sheet, section: Section, page: Page) -> None:
    sheet.furnish(section.texts[:1])


def _targets(sheet: Sheet, section: Section, page: Page) -> None:
    put_targets(sheet, section.lines, page.language, page.sender)


def _copies(sheet: Sheet, section: Section, page: Page) -> None:
    """Read who gets a copy, and a letter that goes on below."""
    lines = section.lines
    start = next((at for at, line in enumerate(lines) if greets(line.text)), len(lines))
    put_copies(sheet, lines[:start], page.language, page.sender)
    _put_letters(sheet, section, page, lines[start:])


def _take_action(sheet: Sheet, section: Section, page: Page) -> None:
    """Read whom to write to, and the letter, where both stand under one heading."""
    _advice(sheet, section, page)
    lines = _without_targets(sheet, section, page)
    if lines is not None:
        _put_letters(sheet, section, page, lines)


def put_targets_and_letter(sheet: Sheet, section: Section, page: Page) -> None:
    """Read whom to write to below the heading, and the letter if it follows without one."""
    _take_action(sheet, section, page)
    put_targets(sheet, _open(sheet, section), page.language, page.sender)


def _letter(sheet: Sheet, section: Section, page: Page) -> None:
    lines = _without_targets(sheet, section, page) or section.lines
    said = read_language(section.label.values.get("language", "")) if section.label else None
    _put_letters(sheet, section, page, lines, said)


def _without_targets(sheet: Sheet, section: Section, page: Page) -> Sequence[Line] | None:
    """Place the targets above a letter, and return the letter; None where nobody is greeted."""
    lines = _open(sheet, section)
    start = next((at for at, line in enumerate(lines) if greets(line.text)), None)
    if start is None:
        return None
    put_targets(sheet, lines[:start], page.language, page.sender)
    return lines[start:]


def _open(sheet: Sheet, section: Section) -> list[Line]:
    """Return the lines that nobody has placed yet, and the empty ones between them."""
    return [line for line in section.lines if not line.text or sheet.is_open(line)]


def _put_letters(
    sheet: Sheet, section: Section, page: Page, lines: Sequence[Line], said: str | None = None
) -> None:
    """Place the letter, which its heading *said* to be in a language, and others below it."""
    if not any(line.text for line in lines):
        return
    at = section.heading.number if section.heading else 0
    first, *others = letters_in(lines)
    told = said or (page.language if page.one_language else None)
    language = _language_of_letter(sheet, first, said, page.language, at)
    if not _put_letter(sheet, language, first, at, stated=told == language):
        sheet.doubt(at, "a letter without a salutation: it is not placed")
        return
    for other in others:
        spoken = _language_of_letter(sheet, other, None, page.language, other[0].number)
        _put_letter(sheet, spoken, other, other[0].number, stated=False)


def _language_of_letter(
    sheet: Sheet, lines: Sequence[Line], said: str | None, default: str, at: int
) -> str:
    """Return the language that is said, else that of the words; doubt it where they differ."""
    spoken, certain = identify(" ".join(line.text for line in lines))
    if said and spoken not in ("", said.partition("-")[0]) and certain > SURE:
        sheet.doubt(at, f"the letter is headed {said!r}, and its words look like {spoken!r}")
    return said or (spoken if certain > SURE else "") or default


def _put_letter(
    sheet: Sheet, language: str, lines: Sequence[Line], at: int, *, stated: bool
) -> bool:
    if sheet.has(language, "letter"):
        sheet.doubt(at, f"a second letter in {language!r}: the first is kept")
        return True
    if not put_letter(sheet, language, lines):
        return False
    parts = [
        sheet.get(language, "letter", part) for part in ("salutation", "paragraphs", "closing")
    ]
    sheet.doubts(traps.of_letter(*parts, line=at, stated=stated))
    return True


def _delivery(sheet: Sheet, section: Section, page: Page) -> None:
    # What holds a hashtag or a handle is a post below a heading that was not seen.
    texts = list(takewhile(lambda line: not _SIGN.search(line.text), section.texts))
    if texts:
        whole = " ".join(line.text for line in texts)
        language = identify(whole)[0] or page.language
        sheet.put(("action", "delivery", 0, "text", language), whole, *texts)


def _social(sheet: Sheet, section: Section, page: Page) -> None:
    put_posts(sheet, _open(sheet, section), page.language)


def _counter(sheet: Sheet, section: Section, page: Page) -> None:
    if section.label and section.heading:
        count = section.label.values.get("n", "")
        if count.isdecimal() and len(count) < 10:  # noqa: PLR2004
            sheet.put(("action", "counter", "value"), int(count), section.heading)
            said = section.heading.text.strip()
            sheet.put(("action", "counter", "source"), said, section.heading)


def _title(sheet: Sheet, section: Section, page: Page) -> None:
    for line in section.texts[:1]:
        sheet.put((page.language, "title"), line.text, line)


def _summary(sheet: Sheet, section: Section, page: Page) -> None:
    put_body(sheet, paragraphs(section.lines), page.language, lead=True)


def _background(sheet: Sheet, section: Section, page: Page) -> None:
    put_body(sheet, paragraphs(section.lines), page.language)


def put_body(
    sheet: Sheet,
    found: Sequence[tuple[str, tuple[Line, ...]]],
    language: str,
    *,
    lead: bool = False,
) -> None:
    """Place paragraphs as the body, or the first of them as the *lead*."""
    found = [entry for entry in found if any(map(sheet.is_open, entry[1]))]
    if lead and found:
        sheet.put((language, "lead"), found[0][0], *found[0][1])
        found = found[1:]
    if found:
        used = [line for _, lines in found for line in lines]
        sheet.add((language, "body"), [text for text, _ in found], *used)


def _previous(sheet: Sheet, section: Section, page: Page) -> None:
    for line in section.texts[:1]:
        if _NOTHING.fullmatch(line.text):
            sheet.furnish([line])
        else:
            sheet.put(("action", "supersedes"), line.link or line.text, line)


def _pronoun(sheet: Sheet, section: Section, page: Page) -> None:
    """Read who is at risk: `Samar Belkori (she/her)`, a person each, perhaps in several lines."""
    below = takewhile(lambda line: _PRONOUN.search(line.text), section.texts[1:])
    parts = [(line, part) for line in (*section.texts[:1], *below) for part in _persons(line.text)]
    for number, (line, part) in enumerate(parts):
        pronoun = _PRONOUN.search(part)
        name = part[: pronoun.start()] if pronoun else part
        sheet.put(("action", "people", number, "name"), name.strip(), line)
        if pronoun:
            said = pronoun["in"] or pronoun["by"]
            sheet.put(("action", "people", number, "pronoun"), said.strip(), line)


def _persons(text: str) -> Iterator[str]:
    """Part the persons of a line at semicolons, and behind pronouns where each has one."""
    for part in text.split(";"):
        each = _BEHIND_PRONOUN.split(part)
        for person in each if all(map(_PRONOUN.search, each)) else [part]:
            if _PRONOUN.sub("", person).strip():
                yield person


_READERS: dict[str, Reader] = {
    "number": _number,
    "update_of": _update_of,
    "index": _index,
    "issued": _issued,
    "days_left": _days_left,
    "take_action": _take_action,
    "deadline": _deadline,
    "after_deadline": _aside,
    "language": _languages,
    "letter": _letter,
    "appeals_to": _targets,
    "copies_to": _copies,
    "delivery": _delivery,
    "social": _social,
    "counter": _counter,
    "title": _title,
    "summary": _summary,
    "background": _background,
    "previous": _previous,
    "pronoun": _pronoun,
    "report_back": _aside,
    "ended": _ended,
}
