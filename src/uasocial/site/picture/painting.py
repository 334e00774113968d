"""The picture that a network shows with a link to a page: calm, and right in every direction.

A bar in the accent of the site stands where reading begins; above the title what it is about and
the name of the site, below a rule the number and the last day. In a language from right to left
all of it is mirrored.
"""

from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from uasocial.languages import is_rtl
from uasocial.site.picture.breaking import Breaking
from uasocial.site.picture.cleaning import cleaned
from uasocial.site.picture.sheet import (
    ACROSS,
    HEIGHT,
    INK,
    MUTED,
    READABLE,
    SEEN,
    WIDTH,
    Sheet,
    Sized,
    colour_of,
    darker,
    logo_on_paper,
)

if TYPE_CHECKING:
    from uasocial.site.picture.setting import Faces

__all__ = ["HEIGHT", "WIDTH", "Painter", "PictureWords", "alt_text", "share_picture"]


class Look(NamedTuple):
    """What lines take in parts of their size: from one to the next, above and below one."""

    leading: float
    rise: float
    fall: float

    def height(self, lines: int) -> float:
        return self.rise + (lines - 1) * self.leading + self.fall


# Between two texts of one line.
GAP = 48
# From the top: the baseline of the first line, the room for the title, the last baseline.
HEAD, TITLE_FROM, TITLE_TO, FOOT = 104, 146, 488, 564
SMALL_SIZES = (33, 31, 29, 27, 25)
# What a long name of a site has of the first line in any case.
SITE_AT_LEAST = 0.3
# The sizes of a title, each with the lines it may have, as far as there is room.
TITLE_SIZES = (*((size, 3) for size in range(88, 59, -4)), (56, 4), (52, 4), (48, 9), (44, 9))
# Words are whole in a title down to the one size, and broken only from the other.
WHOLE, BROKEN = 56, 60
# How many sizes are tried for better lines, and what a step down costs beside their balance.
SIZES_TRIED, SMALLER = 4, 0.011
LOOK, LOOK_TALL = Look(1.14, 0.74, 0.24), Look(1.4, 0.92, 0.42)
# Which part of the room that a title leaves is above it.
ABOVE = 0.42
# The longest text for a picture that X takes:
# https://developer.x.com/en/docs/x-for-websites/cards/overview/markup
ALT_AT_MOST = 420
# How a sentence ends where not with a full stop.
STOPS = {"am": "።", "hi": "।", "hy": "։", "ja": "。", "ne": "।", "th": "", "ti": "።", "zh": "。"}
# No small line holds more; characters beyond are not looked at.
SMALL_AT_MOST = 200
# What parts the texts above and below the title.
PARTED = " · "


class PictureWords(NamedTuple):
    """All that stands in a picture, in *language* (BCP 47), which decides direction and shapes."""

    language: str
    title: str
    head: str
    foot: str
    site: str


def share_picture(words: PictureWords, accent: str, logo: bytes | None = None) -> bytes:
    """Return a picture as PNG; a `Painter` makes many faster."""
    return Painter(accent, logo).paint(words)


def alt_text(words: PictureWords) -> str:
    """Return what the picture says in sentences, in at most 420 characters."""
    stop = STOPS.get(words.language.partition("-")[0].lower(), ".")
    head, foot, site = map(cleaned, (words.head, words.foot, words.site))
    others = " ".join(_sentence(text, stop) for text in (head, foot, site) if text)
    title = _shortened(cleaned(words.title), max(40, ALT_AT_MOST - len(others) - 2))
    said = " ".join(_sentence(text, stop) for text in (head, title, foot, site) if text)
    return _shortened(said, ALT_AT_MOST)


def _sentence(text: str, stop: str) -> str:
    return text if regex.search(r"[\p{Po}\p{Pe}\p{Pf}]$", text) else text + stop


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return (text[: most - 1].rpartition(" ")[0] or text[: most - 1]).rstrip(" .,:;") + "…"


class Painter:
    """Makes pictures with one accent (#rrggbb) and logo (PNG, JPEG or WebP).

    What *fonts* have is drawn with them, and the rest with our own. Raise ValueError where the
    accent is no colour, or the logo no picture, and UasocialError for a font that is none.
    """

    def __init__(self, accent: str, logo: bytes | None = None, fonts: Sequence[Path] = ()) -> None:
        from uasocial.site.picture import setting  # noqa: PLC0415 - HarfBuzz, for pictures

        colour = colour_of(accent)
        self._bar, self._accent = darker(colour, SEEN), darker(colour, READABLE)
        self._title = setting.Faces(setting.TITLE, fonts, bold=True)
        self._small = setting.Faces(setting.SMALL, fonts, bold=False)
        self._logo = None if logo is None else logo_on_paper(logo, self._accent)

    def shown(self, words: PictureWords) -> PictureWords:
        """Return what of *words* a picture shows: its fonts may lack the title."""
        return _shown(words, self._title, self._small)

    def paint(self, words: PictureWords) -> bytes:
        """Return a picture as PNG; the same words give the same bytes."""
        rtl = is_rtl(words.language)
        shown = self.shown(words)
        small = _Lettering(self._small, words.language, rtl)
        sheet = Sheet(self._bar, rtl=rtl)
        taken = sheet.put_logo(self._logo) + GAP if self._logo else 0
        head, site = _side_by_side(small, shown.head, shown.site)
        foot = small.fitting(shown.foot, ACROSS - taken)
        tall = rtl or self._title.is_tall(shown.title)
        title = _title(_Lettering(self._title, words.language, rtl), shown.title, tall=tall)
        sheet.put(self._accent, [sheet.at_start(head, HEAD)])
        sheet.put(MUTED, [sheet.at_end(site, HEAD)])
        sheet.put(INK, [sheet.at_start(*line) for line in (*title, (foot, FOOT))])
        return sheet.png()


class _Lettering:
    """Sets texts of one language in fonts of one kind."""

    def __init__(self, faces: "Faces", language: str, rtl: bool) -> None:  # noqa: FBT001 - inside
        self.line = partial(faces.line, language=language, rtl=rtl)
        self._measure = partial(faces.measure, language=language, rtl=rtl)

    def breaking(self, text: str) -> Breaking:
        return Breaking(text, self._measure)

    def sized(self, text: str, size: float, room: float) -> Sized:
        """Return a text in a size, or the one in which it fits into *room* pixels."""
        line = self.line(text)
        return Sized(line, min(size, room / line.width) if line.width else size)

    def fitting(self, text: str, room: float) -> Sized:
        """Return a text on one line, smaller where it must be, and then cut at a word."""
        line = self.line(text)
        for size in SMALL_SIZES:
            if line.width * size <= room:
                return Sized(line, size)
        size = SMALL_SIZES[-1]
        return self.sized(self.breaking(text).lines_cut(room / size, 1).lines[0], size, room)


def _side_by_side(small: _Lettering, head: str, site: str) -> tuple[Sized, Sized]:
    """Return both texts of the first line in one size; the head takes what it needs of it."""
    if not (head and site):
        return small.fitting(head, ACROSS), small.fitting(site, ACROSS)
    lines = small.line(head), small.line(site)
    wide = sum(line.width for line in lines)
    for size in SMALL_SIZES:
        if wide * size + GAP <= ACROSS:
            return Sized(lines[0], size), Sized(lines[1], size)
    least = min(lines[1].width * SMALL_SIZES[-1], ACROSS * SITE_AT_LEAST)
    first = small.fitting(head, ACROSS - least - GAP)
    return first, small.fitting(site, ACROSS - first.width - GAP)


def _title(lettering: _Lettering, text: str, *, tall: bool) -> list[tuple[Sized, float]]:
    """Return the lines of a title, each with its baseline."""
    if not text:
        return []
    look, room = (LOOK_TALL if tall else LOOK), TITLE_TO - TITLE_FROM
    size, lines = _broken(lettering.breaking(text), look, room)
    free = room - look.height(len(lines)) * size
    first = TITLE_FROM + free * ABOVE + look.rise * size
    return [
        (lettering.sized(line, size, ACROSS), first + number * look.leading * size)
        for number, line in enumerate(lines)
    ]


def _broken(breaking: Breaking, look: Look, room: float) -> tuple[int, list[str]]:
    """Return a large size in which a text fits, and its lines."""
    sizes = [
        (size, max(n for n in range(1, most + 1) if look.height(n) * size <= room))
        for size, most in TITLE_SIZES
    ]
    whole = (
        (size, found)
        for size, most in sizes
        if size >= WHOLE and (found := breaking.lines(ACROSS / size, most))
    )
    if few := list(islice(whole, SIZES_TRIED)):
        best = min(range(len(few)), key=lambda number: few[number][1].cost + number * SMALLER)
        return few[best][0], few[best][1].lines
    for size, most in sizes:
        if size <= BROKEN and (found := breaking.lines_of_broken_words(ACROSS / size, most)):
            return size, found.lines
    size, most = sizes[-1]
    return size, breaking.lines_cut(ACROSS / size, most).lines


def _shown(words: PictureWords, title: "Faces", small: "Faces") -> PictureWords:
    """Return the words that the fonts have; where they lack the title, what stands for it."""
    head, foot = (_parts_shown(text, small) for text in (words.head, words.foot))
    site = small.drawable(cleaned(words.site, SMALL_AT_MOST)) or ""
    if large := title.drawable(cleaned(words.title)):
        return words._replace(title=large, head=head, foot=foot, site=site)
    # Better the number alone than a row of boxes.
    if large := _parts_shown(words.head, title):
        return words._replace(title=large, head="", foot=foot, site=site)
    if large := _parts_shown(words.foot, title):
        return words._replace(title=large, head="", foot="", site=site)
    large = title.drawable(site) or ""
    return words._replace(title=large, head="", foot="", site="")


def _parts_shown(text: str, faces: "Faces") -> str:
    parts = cleaned(text, SMALL_AT_MOST).split(PARTED.strip())
    shown = (faces.drawable(part.strip()) for part in parts)
    return PARTED.join(filter(None, shown))
