"""The labels by which the sections of an urgent action are known, per kind and language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from uasocial.reading.label_table import LABELS, MUST_FOLLOW

__all__ = ["How", "Label", "labels_of"]

How = Literal["alone", "colon", "prefix"]


class Label(NamedTuple):
    """One way to read a line: as the label of a kind, alone or with the *rest* after it.

    *how* is `alone` where the line is the label, `colon` where a colon or a dash between spaces
    parts it from the rest, `prefix` where only a space does. *values* holds what stood for `n`,
    `language` or `number` in a label that has a place for it.
    """

    kind: str
    language: str
    rest: str
    how: How
    values: dict[str, str]


class _Word(NamedTuple):
    """A word or colon of a line, folded, and where it stands."""

    text: str
    start: int
    end: int


class _Line(NamedTuple):
    """A line, and the words at its beginning: as many as a label may have, and one more."""

    text: str
    words: list[_Word]


class _Pattern(NamedTuple):
    """A label taken apart: folded words, colons, and places such as `{n}` or `...`."""

    kind: str
    language: str
    seen: bool
    words: tuple[str, ...]


class _Found(NamedTuple):
    """A label that was found, and its rank: alone first, then the longer, then one seen before."""

    rank: tuple[int, int, bool]
    label: Label


# No label is longer, and a line that is longer is no label alone.
MAX_LINE = 2000
# Words that "..." and the name of a language may take up, and digits of a count.
MAX_OMITTED = 12
MAX_LANGUAGE = 4
MAX_DIGITS = 9

_HOWS: tuple[How, ...] = ("alone", "colon", "prefix")
_WORD = re.compile(
    # A count with its separators, digits, letters with their marks, a colon.
    r"\d{1,3}(?:['’.,\u00a0\u202f]\d{3}){1,2}(?![\w'’])|\d+"
    r"|[^\W\d_ʼ](?:[^\W\d_ʼ]|[\u0300-\u036f])*|[:：]"
)
_TABLE_WORD = re.compile(rf"\{{\w+\}}|\.\.\.|{_WORD.pattern}")
# Bullets, arrows, quotes, the number of an item or of a heading; a # or @ begins no label.
_BEFORE = re.compile(
    r"[\s\ufeff\u200b-\u200f*•·‣⁃▪▫●○◦■□►▶▸→⇒➔➜➤>|✓✔\"“”„«»‹›'‘’(\[_–—-]*"
    r"(?:#{1,6}\s+)?(?:\(?\d{1,2}[.)]\s+)?[*_\"“„«'‘\s]*"
)
_BETWEEN = re.compile(r"[\s\u200b'’‘ʼ`´\"“”„«»&()\[\]+,/._‐‑–—-]{0,6}")
_NOTHING = re.compile(r"[\s\u200b:：.…!\"“”„«»‹›'‘’*_)\]>→‐‑–—-]*")
_PARTED = re.compile(r"[\s\"”»'’)\]*_]*(?:[:：]|\s[‐‑-](?=\s)|[–—])[\s*_]*")
_NUMBER = re.compile(
    r"(?:(?:UA|AU|FI)\s{0,3}:?\s{0,3})?\d{1,4}\s?[/.]\s?\d{2,4}(?:-\d{1,2})?", re.IGNORECASE
)


def labels_of(text: str) -> list[Label]:
    """Return all readings of one line as a label, best first: alone, colon, prefix; long, short."""
    return list(_known(text) if len(text) <= MAX_LINE else _labels(text))


def _labels(text: str) -> Iterable[Label]:
    begun = _BEFORE.match(text, 0, MAX_LINE)
    start = begun.end() if begun else 0
    first = _WORD.match(text, start, MAX_LINE)
    patterns = _beginning(_folded(first[0])) if first else []
    if not patterns:
        # So most lines: their other words need no look.
        return []
    line = _line(text, start)
    found = [reading for pattern in patterns for reading in _readings(pattern, line)]
    kept: list[Label] = []
    for _, label in sorted(found, key=lambda reading: reading.rank):
        if label not in kept:
            kept.append(label)
    return kept


@lru_cache(maxsize=512)
def _known(text: str) -> tuple[Label, ...]:
    """Remember the labels of a line: each layout looks at it, and then the one that reads it."""
    return tuple(_labels(text))


def _beginning(word: str) -> list[_Pattern]:
    """Return the labels that begin with *word*."""
    return _patterns().get("{n}" if word.isdigit() else word, [])


def _line(text: str, start: int) -> _Line:
    """Take a line apart from *start* on."""
    words: list[_Word] = []
    for match in _WORD.finditer(text, start, MAX_LINE):
        if len(words) > _longest():
            break
        words.append(_Word(_folded(match[0]), match.start(), match.end()))
    return _Line(text, words)


def _folded(word: str) -> str:
    if word[0].isdigit():
        return "".join(filter(str.isdigit, word))
    return unicodedata.normalize("NFC", word).casefold().replace("：", ":")


def _readings(pattern: _Pattern, line: _Line) -> Iterator[_Found]:
    for count, values in _ends(pattern.words, line):
        end = line.words[count - 1].end
        how, rest = _rest(line.text, end)
        if how is None or (how == "prefix" and not _may_follow(pattern, rest)):
            continue
        label = Label(pattern.kind, pattern.language, rest, how, values)
        yield _Found((_HOWS.index(how), line.words[0].start - end, not pattern.seen), label)


def _rest(text: str, end: int) -> tuple[How | None, str]:
    """Tell how a label that ends there is parted from what follows, and what that is."""
    if len(text) <= MAX_LINE and _NOTHING.fullmatch(text, end):
        return "alone", ""
    parted = _PARTED.match(text, end, MAX_LINE)
    if parted:
        return "colon", text[parted.end() :].strip()
    if text[end : end + 1].isspace() or text[end : end + 1].isdigit():
        return "prefix", text[end:].strip()
    return None, ""


def _may_follow(pattern: _Pattern, rest: str) -> bool:
    """Tell whether *rest* can be what a label without a colon labels: `UA 1/21`, not `UA is`."""
    needed = MUST_FOLLOW.get(pattern.kind)
    if needed:
        return re.match(needed, rest[:MAX_LINE], re.IGNORECASE) is not None
    return len(pattern.words) > 1


_Ends = Iterator[tuple[int, dict[str, str]]]


def _ends(pattern: tuple[str, ...], line: _Line) -> _Ends:
    """Find after how many words the label ends, and what its place holds, if it has one."""
    at = next((at for at, word in enumerate(pattern) if word in _PLACES), len(pattern))
    if not _are(pattern[:at], line, 0):
        return
    if at == len(pattern):
        yield at, {}
        return
    after = pattern[at + 1 :]
    for end, values in _PLACES[pattern[at]](line, at):
        if _are(after, line, end):
            yield end + len(after), values


def _are(pattern: tuple[str, ...], line: _Line, at: int) -> bool:
    """Tell whether the words from *at* on are those of a pattern, with only marks between."""
    end = at + len(pattern)
    if tuple(word.text for word in line.words[at:end]) != pattern:
        return False
    return all(
        _BETWEEN.fullmatch(line.text, line.words[n - 1].end, line.words[n].start)
        for n in range(max(at, 1), end)
    )


def _count(line: _Line, at: int) -> _Ends:
    count = line.words[at].text if at < len(line.words) else ""
    if count.isdecimal() and len(count) <= MAX_DIGITS:
        yield at + 1, {"n": str(int(count))}


def _language(line: _Line, at: int) -> _Ends:
    from uasocial.languages.reading import read_language  # noqa: PLC0415 - few lines need it

    for end in range(min(at + MAX_LANGUAGE, len(line.words)), at, -1):
        name = line.text[line.words[at].start : line.words[end - 1].end]
        # A language and nothing else: what follows may be the first words of a letter.
        if ":" not in name and read_language(name):
            yield end, {"language": name}
            return


def _number(line: _Line, at: int) -> _Ends:
    match = _NUMBER.match(line.text, line.words[at].start) if at < len(line.words) else None
    if match:
        yield sum(word.start < match.end() for word in line.words), {"number": match[0]}


def _omitted(line: _Line, at: int) -> _Ends:
    for end in range(at, min(at + MAX_OMITTED, len(line.words)) + 1):
        yield end, {}
        if end < len(line.words) and line.words[end].text == ":":
            return


_PLACES = {"{n}": _count, "{language}": _language, "{number}": _number, "...": _omitted}


@cache
def _patterns() -> dict[str, list[_Pattern]]:
    """Return the labels by their first word; those that begin with a number stand under `{n}`."""
    found: dict[str, list[_Pattern]] = {}
    for kind, table in LABELS.items():
        for row in table.strip().splitlines():
            head, _, labels = row.strip().partition(": ")
            language, mark = head.split()
            for words in (words for label in labels.split(" | ") for words in _forms(label)):
                pattern = _Pattern(kind, language, mark == "s", words)
                found.setdefault(words[0], []).append(pattern)
    return found


def _forms(label: str) -> set[tuple[str, ...]]:
    """Return the words of a label; `language(s)` stands for the word with and without its end."""
    forms = {label, label.replace("(s)", "s"), label.replace("(s)", "")}
    return {tuple(map(_folded, _TABLE_WORD.findall(form))) for form in forms}


@cache
def _longest() -> int:
    """Count the words that a label may have at most."""
    lengths = (len(p.words) for patterns in _patterns().values() for p in patterns)
    return max(lengths) + MAX_OMITTED
