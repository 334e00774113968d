"""A text broken into lines of like length, at places where a reader would break it.

Widths are in em: the sizes of a text are tried without measuring it again.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate
from math import inf
from sys import maxsize
from typing import NamedTuple

import regex

__all__ = ["Breaking", "Broken", "Piece"]

_SOFT_HYPHEN, _SOFT_SPACE, _CUT = "\u00ad", "\u200b", "…"
# Between words that a hyphen or a slash joins, never inside a number.
_AFTER_JOINT = regex.compile(r"(?<=\p{L}{2}[-‐–—/])(?=\p{L}{2})")
# Scripts whose words take a hyphen where they are broken.
_HYPHENATED = regex.compile(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{M}]+")
_VOWELS = frozenset("aeiouyαεηιουωаеиоуыэюяєіїё")
# Letters that are one sound, so that no line ends between them.
_ONE_SOUND = ("sch", "ch", "ck", "ph", "th", "sh", "gn", "ll", "rr", "qu", "br", "tr", "pr", "ст")
_LETTERS_TOGETHER = 3
_SHORT_WORD = 3

# What a line costs beside the square of its distance from the mean, in parts of the full width.
_LONELY_WORD = 0.08
_SHORT_WORD_LAST = 0.015
_HYPHEN = 0.12
_END_OF_CLAUSE = -0.012
_SHORT_END = 0.5


# Where lines may end: what they cost in all, and where the last of them begins.
Reached = dict[int, tuple[float, int]]


class Piece(NamedTuple):
    """What is never broken; *glue* parts it from the next piece, *tail* ends a line after it."""

    text: str
    glue: str = " "
    tail: str = ""


class Broken(NamedTuple):
    """Lines, and what is lacking in their balance: 0 for lines of one length."""

    lines: list[str]
    cost: float


class Breaking:
    """Breaks one text for any width; *measure* tells what a text is wide."""

    def __init__(self, text: str, measure: Callable[[str], float]) -> None:
        self._measure = cache(measure)
        self.pieces = [piece for word in text.split(" ") for piece in _parted(word)]

    @cached_property
    def longest(self) -> float:
        """The width of the longest piece, with what would end a line after it."""
        return max(self._width(piece) for piece in self.pieces)

    def lines(self, limit: float, most: int) -> Broken | None:
        """Return at most *most* lines, each up to *limit* wide; None where there must be more."""
        return self._set(self.pieces, limit, most) if self.longest <= limit else None

    def lines_of_broken_words(self, limit: float, most: int) -> Broken | None:
        """Return lines as above, with words broken that are longer than a line."""
        return self._set(self._fitting(limit), limit, most)

    def lines_cut(self, limit: float, most: int) -> Broken:
        """Return lines that end with … where there would be more."""
        if whole := self.lines_of_broken_words(limit, most):
            return whole
        parts = self._fitting(limit - self._measure(_CUT))
        return self._set(self._shortened(parts, limit, most), limit, most) or Broken([_CUT], 0)

    def _fitting(self, limit: float) -> list[Piece]:
        return [part for piece in self.pieces for part in self._split(piece, limit)]

    def _width(self, piece: Piece) -> float:
        return self._measure(piece.text + piece.tail)

    def _set(self, pieces: Sequence[Piece], limit: float, most: int) -> Broken | None:
        count = self._count(pieces, limit)
        if count > most:
            return None
        best = self._balanced(pieces, limit, count)
        lines = [_joined(pieces[start:stop]) for start, stop in _traced(best, len(pieces))]
        return Broken(lines, best[-1][len(pieces)][0])

    def _ends(self, pieces: Sequence[Piece]) -> list[float]:
        """Return where each piece begins on a line without end."""
        space = self._measure("n n") - 2 * self._measure("n")
        return [0.0, *accumulate(self._measure(p.text) + space * len(p.glue) for p in pieces)]

    def _count(self, pieces: Sequence[Piece], limit: float) -> int:
        """Return how many lines there are when each takes as much as it can."""
        ends = self._ends(pieces)
        count, start = 0, 0
        while start < len(pieces):
            stop = self._furthest(pieces, ends, start, limit)
            if self._line(pieces, ends, start, stop) > limit:
                return maxsize
            start, count = stop, count + 1
        return count

    def _furthest(
        self, pieces: Sequence[Piece], ends: Sequence[float], start: int, limit: float
    ) -> int:
        """Return the end of the longest line that begins at *start*."""
        stop = min(len(pieces), bisect_right(ends, ends[start] + limit) + 1)
        while stop > start + 1 and self._line(pieces, ends, start, stop) > limit:
            stop -= 1
        return stop

    def _line(self, pieces: Sequence[Piece], ends: Sequence[float], start: int, stop: int) -> float:
        return ends[stop - 1] - ends[start] + self._width(pieces[stop - 1])

    def _balanced(self, pieces: Sequence[Piece], limit: float, count: int) -> list[Reached]:
        """Return what the cheapest lines cost, for none of them up to *count*."""
        ends = self._ends(pieces)
        mean = self._line(pieces, ends, 0, len(pieces)) / count
        best: list[Reached] = [{0: (0.0, 0)}]
        for _ in range(count):
            reached: Reached = {}
            for start, (so_far, _) in best[-1].items():
                for stop in range(start + 1, len(pieces) + 1):
                    width = self._line(pieces, ends, start, stop)
                    if width > limit and stop > start + 1:
                        break
                    cost = so_far + _uneven((width - mean) / limit, is_last=stop == len(pieces))
                    cost += _manners(pieces, start, stop) if count > 1 else 0
                    if cost < reached.get(stop, (inf, 0))[0]:
                        reached[stop] = (cost, start)
            best.append(reached)
        return best

    def _shortened(self, pieces: Sequence[Piece], limit: float, most: int) -> list[Piece]:
        """Return as many of the pieces as fit with … after them."""
        low, high = 0, len(pieces)
        while low < high:
            middle = (low + high + 1) // 2
            if self._count(_with_cut(pieces[:middle]), limit) <= most:
                low = middle
            else:
                high = middle - 1
        return _with_cut(pieces[:low])

    def _split(self, piece: Piece, limit: float) -> Iterator[Piece]:
        """Yield the parts of a piece, of which each fits on a line."""
        if self._width(piece) <= limit:
            yield piece
            return
        hyphenated = _HYPHENATED.fullmatch(piece.text.strip(".,:;!?«»“”„\"'()"))
        parts = _syllables(piece.text) if hyphenated else [piece.text]
        tail = "-" if len(parts) > 1 else ""
        chunks = [chunk for part in parts for chunk in self._chunks(part, limit, tail)]
        yield from (Piece(chunk, "", tail) for chunk in chunks[:-1])
        yield Piece(chunks[-1], piece.glue, piece.tail)

    def _chunks(self, text: str, limit: float, tail: str) -> Iterator[str]:
        """Yield what fits on a line of a text that no rule knows how to break."""
        room = limit - self._measure(tail) if tail else limit
        chunk, width = "", 0.0
        for cluster in regex.findall(r"\X", text):
            wide = self._measure(cluster)
            if chunk and width + wide > room:
                yield chunk
                chunk, width = "", 0.0
            chunk, width = chunk + cluster, width + wide
        yield chunk


def _parted(word: str) -> Iterator[Piece]:
    """Yield a word in the pieces that it says it may be broken into."""
    parts = list[Piece]()
    for soft in word.split(_SOFT_SPACE):
        for joint in _AFTER_JOINT.split(soft):
            *before, last = joint.split(_SOFT_HYPHEN)
            parts += [Piece(part, "", "-") for part in before if part]
            parts.append(Piece(last, ""))
    parts[-1] = parts[-1]._replace(glue=" ")
    yield from (part for part in parts if part.text or part is parts[-1])


def _syllables(word: str) -> list[str]:
    """Return a word in parts of three letters and more, each from a consonant before a vowel."""
    plain = [unicodedata.normalize("NFD", char)[0] for char in word.casefold()]
    if len(plain) != len(word):
        return [word]
    starts = [0]
    for place in range(_LETTERS_TOGETHER, len(word) - _LETTERS_TOGETHER + 1):
        if place - starts[-1] >= _LETTERS_TOGETHER and _begins_syllable(plain, place):
            starts.append(place)
    return [word[a:b] for a, b in zip(starts, [*starts[1:], len(word)], strict=True)]


def _begins_syllable(plain: Sequence[str], place: int) -> bool:
    here = "".join(plain[place : place + 4])
    onset = next((sound for sound in _ONE_SOUND if here.startswith(sound)), here[:1])
    pair = "".join(plain[place - 1 : place + len(onset)])
    return (
        onset[0].isalpha()
        and onset[0] not in _VOWELS
        and here[len(onset) : len(onset) + 1] in _VOWELS
        and not any(pair.startswith(sound) for sound in _ONE_SOUND)
    )


def _uneven(distance: float, *, is_last: bool) -> float:
    """Return what a line costs by its distance from the mean; the last may well be shorter."""
    return distance**2 * (_SHORT_END if is_last and distance < 0 else 1)


def _manners(pieces: Sequence[Piece], start: int, stop: int) -> float:
    """Return what a line costs that ends or stands badly; less than nothing where it ends well."""
    last, is_end = pieces[stop - 1], stop == len(pieces)
    if is_end:
        return _LONELY_WORD if stop - start == 1 else 0
    cost = _HYPHEN if last.tail else 0.0
    if last.text[-1:] in set(".,:;!?–—،؛؟"):
        return cost + _END_OF_CLAUSE
    if len(last.text) <= _SHORT_WORD and last.text.isalpha():
        cost += _SHORT_WORD_LAST
    return cost


def _joined(pieces: Sequence[Piece]) -> str:
    last = pieces[-1]
    return "".join(piece.text + piece.glue for piece in pieces[:-1]) + last.text + last.tail


def _with_cut(pieces: Sequence[Piece]) -> list[Piece]:
    if not pieces:
        return [Piece(_CUT)]
    return [*pieces[:-1], Piece(pieces[-1].text.rstrip(" .,:;!?-–—،؛…") + _CUT)]


def _traced(best: Sequence[Reached], end: int) -> list[tuple[int, int]]:
    lines = []
    for reached in reversed(best[1:]):
        start = reached[end][1]
        lines.append((start, end))
        end = start
    return lines[::-1]
