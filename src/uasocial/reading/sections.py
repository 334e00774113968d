"""A document cut at its labels: each label opens a section that goes on to the next one."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from msgspec.structs import replace

from uasocial.reading.document import Line
from uasocial.reading.labels import Label, labels_of
from uasocial.reading.letter import greets
from uasocial.reading.sheet import Sheet
from uasocial.reading.statements import INDEX

__all__ = ["Section", "cut"]

# Kinds that say their value in the same sentence, and what proves that they do.
_DATED = ("deadline", "issued", "ended")
_SPOKEN = ("index", "language", "days_left", "counter")
# Items of the list that tells readers what to do.
_ITEMS = ("take_action", "deadline", "language")
LONGEST_ITEMS = 600
# Headings that a careless copy joins with the words below them.
_HEADINGS = ("letter", "appeals_to", "copies_to", "social", "background", "take_action", "summary")


# The longest label, wrapped on a narrow page.
MOST_LINES = 3
LONGEST = 200

_NUMBERED = ("number", "update_of")
_HANDLE = re.compile(r"(?:@|https?://)\S{1,100}")
# So many words beside handles are a post; fewer are `and`, or what a copy joined to them.
FEW_WORDS = 4
# Not behind the number of an item.
_SENTENCE = re.compile(r"(?<=\w{3}[.;])\s+")
_NUMBER = re.compile(r"\D{0,20}\d{1,4}\s*[/.]\s*\d{2}")


class Section(NamedTuple):
    """What stands under one label; *label* is None for what stands before the first.

    The first of *lines* is the rest of the label's own line, where it has one.
    """

    label: Label | None
    heading: Line | None
    lines: tuple[Line, ...]

    @property
    def kind(self) -> str:
        return self.label.kind if self.label else ""

    @property
    def texts(self) -> tuple[Line, ...]:
        """The lines that say something."""
        return tuple(line for line in self.lines if line.text)


def cut(sheet: Sheet, kinds: Collection[str]) -> list[Section]:
    """Cut a sheet at the labels of *kinds*; the first section is what stands before them all.

    A line that goes on after its label becomes two in the sheet, so that each is placed for itself.
    """
    sheet.lines = [part for line in sheet.lines for part in _by_sentence(line, kinds)]
    marks = _marks(sheet, kinds)
    first = sheet.lines[: next(iter(marks), None)]
    found = [Section(None, None, tuple(first))]
    kept = [*first]
    for (start, mark), end in zip(marks.items(), [*list(marks)[1:], len(sheet.lines)], strict=True):
        below = start + mark.wide
        sheet.head(sheet.lines[start:below])
        heading, *rest = _parted(sheet.lines[start:below], mark.label)
        lines = (*rest, *sheet.lines[below:end])
        found.append(Section(mark.label, heading, _before_menu(heading, lines)))
        kept += (heading, *lines)
        sheet.place([heading])
    sheet.lines = kept
    return found


def _before_menu(heading: Line, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return *lines* up to where the page ends and its footer begins."""
    if heading.kind == "menu":
        return tuple(lines)
    return tuple(takewhile(lambda line: line.kind != "menu", lines))


def _by_sentence(line: Line, kinds: Collection[str]) -> Iterator[Line]:
    """Part items that a copy joined into one line: `Please take action … . Preferred language: …`.

    Only where the line begins with such a label: a story may hold the same words.
    """
    joined = [kind for kind in _ITEMS if kind in kinds]
    first, *others = _SENTENCE.split(line.text) if len(line.text) <= LONGEST_ITEMS else [line.text]
    if not others or not _begins_with(first, joined):
        yield line
        return
    said = [first]
    for sentence in others:
        if _begins_with(sentence, joined):
            yield replace(line, text=" ".join(said))
            said = []
        said.append(sentence)
    yield line if len(said) > len(others) else replace(line, text=" ".join(said))


def _begins_with(text: str, kinds: Collection[str]) -> bool:
    return any(label.kind in kinds for label in labels_of(text))


class _Mark(NamedTuple):
    """A label, and how many lines it takes up: a narrow page wraps a long one."""

    label: Label
    wide: int


def _marks(sheet: Sheet, kinds: Collection[str]) -> dict[int, _Mark]:
    """Return the labels by the line at which they begin.

    A heading that stands by itself somewhere is not also looked for at the beginning of sentences.
    """
    found: dict[int, _Mark] = {}
    at = 0
    while at < len(sheet.lines):
        mark = _mark(sheet, at, kinds)
        if mark:
            found[at] = mark
        at += mark.wide if mark else 1
    whole = {mark.label.kind for mark in found.values() if mark.label.how != "prefix"}
    spoken = whole & set(_HEADINGS)
    return {at: mark for at, mark in found.items() if _is_heading(mark.label, spoken)}


def _is_heading(label: Label, spoken: Collection[str]) -> bool:
    """Tell whether a label is no mere beginning of a sentence, as those of *spoken* kinds may be.

    What greets somebody behind the heading of a letter is a letter.
    """
    if label.how != "prefix" or label.kind not in spoken:
        return True
    return label.kind == "letter" and greets(label.rest)


def _mark(sheet: Sheet, at: int, kinds: Collection[str]) -> _Mark | None:
    """Return the label that begins at the line *at*, over as many lines as it needs."""
    best: _Mark | None = None
    text = ""
    for count, line in enumerate(sheet.lines[at : at + MOST_LINES], 1):
        if not sheet.is_open(line) or (count > 1 and line.kind == "item"):
            break
        before = len(text)
        text = f"{text} {line.text}" if text else line.text
        if count > 1 and len(text) > LONGEST:
            break
        label = next((x for x in labels_of(text) if x.kind in kinds and _opens(x, line)), None)
        # The name of a language in a label would swallow words of the next line.
        whole = count == 1 or not label or not label.values
        if label and whole and len(text.removesuffix(label.rest).rstrip()) > before:
            best = _Mark(label, count)
    return best


def _parted(lines: Sequence[Line], label: Label) -> list[Line]:
    """Return the heading, as one line, and the rest of the label's line where it has one."""
    last = lines[-1]
    parted = bool(label.rest) and last.text.endswith(label.rest)
    own = last.text.removesuffix(label.rest).rstrip() if parted else last.text
    heading = replace(lines[0], text=" ".join([*(line.text for line in lines[:-1]), own]))
    rest = _values(label) if parted else []
    return [heading, *(replace(last, text=text) for text in rest)]


def _values(label: Label) -> list[str]:
    """Return what stands behind a label; what a careless copy joined to an index is its own."""
    index = INDEX.match(label.rest) if label.kind == "index" else None
    parts = [index[0], label.rest[index.end() :].strip()] if index else [label.rest]
    return [part for part in parts if part]


def _opens(label: Label, line: Line) -> bool:
    """Tell whether the label is meant as one: a sentence may begin with the same words."""
    if label.kind == "social" and _HANDLE.match(label.rest):
        # `Twitter: @handle` belongs to an address, also with `Fax: 1` behind it.
        return len(_HANDLE.sub(" ", label.rest).split()) >= FEW_WORDS and ":" not in label.rest
    if label.how == "alone" or (label.how == "colon" and label.kind not in _NUMBERED):
        return True
    if label.kind in _DATED:
        # A day that there is not is told, not overlooked.
        return any(map(str.isdigit, label.rest))
    if label.kind in _NUMBERED:
        return _NUMBER.match(label.rest) is not None
    if label.kind in _SPOKEN:
        return True
    joined = label.kind in _HEADINGS and line.kind != "item"
    return joined and not label.rest[:1].islower()
