"""The picture that a network shows with a link to a page: calm, and right in every direction.

A bar in the accent of the site stands where reading begins; above the title what it is about and
the name of the site, below a rule the number and the last day. In a language from right to left
all of it is mirrored.
"""

import io
import warnings
from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import regex

from uasocial.languages import is_rtl
from uasocial.site.picture.breaking import Breaking
from uasocial.site.picture.cleaning import cleaned

if TYPE_CHECKING:
    from PIL import Image

    from uasocial.site.picture.setting import Faces, Line, Placed

__all__ = ["HEIGHT", "WIDTH", "Painter", "PictureWords", "alt_text", "share_picture"]

# What Facebook asks for, and others take:
# https://developers.facebook.com/docs/sharing/best-practices#images
WIDTH, HEIGHT = 1200, 630


class Look(NamedTuple):
    """What lines take in parts of their size: from one to the next, above and below one."""

    leading: float
    rise: float
    fall: float

    def height(self, lines: int) -> float:
        return self.rise + (lines - 1) * self.leading + self.fall


BAR = 24
MARGIN = 76
START = BAR + MARGIN
ACROSS = WIDTH - START - MARGIN
# Between two texts of one line.
GAP = 48
# From the top: the baseline of the first line, the room for the title, the rule, the last baseline.
HEAD, TITLE_FROM, TITLE_TO, RULE, FOOT = 104, 146, 488, 508, 564
SMALL_SIZES = (33, 31, 29, 27, 25)
# What a long name of a site has of the first line in any case.
SITE_AT_LEAST = 0.3
# The sizes of a title, each with the lines it may have, as far as there is room.
TITLE_SIZES = (*((size, 3) for size in range(88, 59, -4)), (56, 4), (52, 4), (48, 9), (44, 9))
# Words are whole in a title down to the one size, and broken only from the other.
WHOLE, BROKEN = 56, 60
# How many sizes are tried for better lines, and what a step down costs beside their balance.
SIZES_TRIED, SMALLER = 4, 0.011
LOOK_LTR, LOOK_RTL = Look(1.14, 0.74, 0.24), Look(1.4, 0.92, 0.42)
# Which part of the room that a title leaves is above it.
ABOVE = 0.42
LOGO_ROOM, LOGO_MIDDLE = (240, 60), 555
LOGO_PIXELS = 40_000_000

PAPER, INK, MUTED, HAIRLINE = (250, 248, 244), (24, 24, 27), (87, 85, 82), (214, 209, 201)
# Contrast of text with what it stands on: WCAG 2.2, 1.4.3. The bar only has to be seen.
READABLE, SEEN = 4.5, 1.5
SHADES = 12
LOGO_COLOURS = 160
# The longest text for a picture that X takes:
# https://developer.x.com/en/docs/x-for-websites/cards/overview/markup
ALT_AT_MOST = 420
# How a sentence ends where not with a full stop.
STOPS = {"am": "።", "hi": "।", "hy": "։", "ja": "。", "ne": "।", "th": "", "ti": "።", "zh": "。"}
# No small line holds more; characters beyond are not looked at.
SMALL_AT_MOST = 200
# What parts the texts above and below the title.
PARTED = " · "

Colour = tuple[int, int, int]


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

    Raise ValueError where the accent is no colour, or the logo no picture.
    """

    def __init__(self, accent: str, logo: bytes | None = None) -> None:
        from uasocial.site.picture import setting  # noqa: PLC0415 - HarfBuzz, for pictures

        colour = _colour(accent)
        self._bar, self._accent = _darker(colour, SEEN), _darker(colour, READABLE)
        self._title, self._small = (
            setting.Faces(setting.TITLE),
            setting.Faces(setting.SMALL),
        )
        self._logo = None if logo is None else _logo(logo, self._accent)

    def paint(self, words: PictureWords) -> bytes:
        """Return a picture as PNG; the same words give the same bytes."""
        rtl = is_rtl(words.language)
        shown = _shown(words, self._title, self._small)
        small = _Lettering(self._small, words.language, rtl)
        sheet = _Sheet(self._bar, rtl=rtl)
        taken = sheet.put_logo(self._logo) + GAP if self._logo else 0
        head, site = _side_by_side(small, shown.head, shown.site)
        foot = small.fitting(shown.foot, ACROSS - taken)
        title = _title(_Lettering(self._title, words.language, rtl), shown.title)
        sheet.put(self._accent, [sheet.at_start(head, HEAD)])
        sheet.put(MUTED, [sheet.at_end(site, HEAD)])
        sheet.put(INK, [sheet.at_start(*line) for line in (*title, (foot, FOOT))])
        return sheet.png()


class _Sized(NamedTuple):
    """A line in the size in which it is drawn."""

    line: "Line"
    size: float

    @property
    def width(self) -> float:
        return self.line.width * self.size


class _Lettering:
    """Sets texts of one language in fonts of one kind."""

    def __init__(self, faces: "Faces", language: str, rtl: bool) -> None:  # noqa: FBT001 - inside
        self.rtl = rtl
        self.line = partial(faces.line, language=language, rtl=rtl)
        self._measure = partial(faces.measure, language=language, rtl=rtl)

    def breaking(self, text: str) -> Breaking:
        return Breaking(text, self._measure)

    def sized(self, text: str, size: float, room: float) -> _Sized:
        """Return a text in a size, or the one in which it fits into *room* pixels."""
        line = self.line(text)
        return _Sized(line, min(size, room / line.width) if line.width else size)

    def fitting(self, text: str, room: float) -> _Sized:
        """Return a text on one line, smaller where it must be, and then cut at a word."""
        line = self.line(text)
        for size in SMALL_SIZES:
            if line.width * size <= room:
                return _Sized(line, size)
        size = SMALL_SIZES[-1]
        return self.sized(self.breaking(text).lines_cut(room / size, 1).lines[0], size, room)


def _side_by_side(small: _Lettering, head: str, site: str) -> tuple[_Sized, _Sized]:
    """Return both texts of the first line in one size; the head takes what it needs of it."""
    if not (head and site):
        return small.fitting(head, ACROSS), small.fitting(site, ACROSS)
    lines = small.line(head), small.line(site)
    wide = sum(line.width for line in lines)
    for size in SMALL_SIZES:
        if wide * size + GAP <= ACROSS:
            return _Sized(lines[0], size), _Sized(lines[1], size)
    least = min(lines[1].width * SMALL_SIZES[-1], ACROSS * SITE_AT_LEAST)
    first = small.fitting(head, ACROSS - least - GAP)
    return first, small.fitting(site, ACROSS - first.width - GAP)


def _title(lettering: _Lettering, text: str) -> list[tuple[_Sized, float]]:
    """Return the lines of a title, each with its baseline."""
    if not text:
        return []
    look, room = (LOOK_RTL if lettering.rtl else LOOK_LTR), TITLE_TO - TITLE_FROM
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


class _Sheet:
    """A picture in the making, with few colours, so that it is small and always the same.

    What is put at the start stands left in a language from left to right, else right.
    """

    def __init__(self, bar: Colour, *, rtl: bool) -> None:
        from PIL import Image  # noqa: PLC0415 - for pictures

        self._rtl = rtl
        self._palette: list[Colour] = [PAPER, bar, HAIRLINE]
        self._image = Image.new("P", (WIDTH, HEIGHT), 0)
        self._image.paste(1, self._from_start(0, BAR, 0, HEIGHT))
        self._image.paste(2, self._from_start(START, START + ACROSS, RULE, RULE + 2))

    def _from_start(self, near: int, far: int, top: int, bottom: int) -> tuple[int, int, int, int]:
        return (WIDTH - far, top, WIDTH - near, bottom) if self._rtl else (near, top, far, bottom)

    def at_start(self, sized: _Sized, baseline: float) -> "Placed":
        return self._placed(sized, baseline, left=not self._rtl)

    def at_end(self, sized: _Sized, baseline: float) -> "Placed":
        return self._placed(sized, baseline, left=self._rtl)

    def _placed(self, sized: _Sized, baseline: float, *, left: bool) -> "Placed":
        from uasocial.site.picture.setting import Placed  # noqa: PLC0415 - for pictures

        near, _, far, _ = self._from_start(START, START + ACROSS, 0, 0)
        return Placed(sized.line, near if left else far - sized.width, baseline, sized.size)

    def put(self, colour: Colour, lines: Sequence["Placed"]) -> None:
        """Draw lines in a colour, its edges in shades between it and the paper."""
        from uasocial.site.picture.setting import drawn  # noqa: PLC0415 - for pictures

        mask = drawn(lines, WIDTH, HEIGHT)
        first = len(self._palette) - 1
        self._palette += [_mixed(PAPER, colour, shade / SHADES) for shade in range(1, SHADES + 1)]
        shades = [round(value * SHADES / 255) for value in range(256)]
        self._image.paste(
            mask.point([first + shade if shade else 0 for shade in shades]),
            mask=mask.point([255 if shade else 0 for shade in shades]),
        )

    def put_logo(self, logo: "Image.Image") -> int:
        """Put a logo at the end of the last line; return what it is wide."""
        colours = logo.getpalette() or []
        first = len(self._palette)
        self._palette += zip(colours[::3], colours[1::3], colours[2::3], strict=True)
        near, *_ = self._from_start(START + ACROSS - logo.width, START + ACROSS, 0, 0)
        top = LOGO_MIDDLE - logo.height // 2
        self._image.paste(logo.point([min(n + first, 255) for n in range(256)]), (near, top))
        return logo.width

    def png(self) -> bytes:
        self._image.putpalette([value for colour in self._palette for value in colour])
        file = io.BytesIO()
        self._image.save(file, "PNG")
        return file.getvalue()


def _colour(accent: str) -> Colour:
    if not regex.fullmatch(r"#[0-9A-Fa-f]{6}", accent):
        raise ValueError(f"{accent!r} is no colour: write it as #rrggbb")
    red, green, blue = bytes.fromhex(accent[1:])
    return red, green, blue


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    """Return the colour that lies that part of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _darker(colour: Colour, contrast: float) -> Colour:
    """Return a colour as it is, or as dark as it takes to stand out from the paper."""
    steps = (_mixed(colour, INK, step / 40) for step in range(41))
    return next((dark for dark in steps if _contrast(dark, PAPER) >= contrast), INK)


def _contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _logo(data: bytes, plate: Colour) -> "Image.Image":
    """Return a logo in few colours on paper, as large as it may stand in the picture."""
    from PIL import Image, ImageChops, ImageOps  # noqa: PLC0415 - for pictures

    logo = _opened(data)
    logo = logo.crop(logo.getchannel("A").getbbox())
    if _is_pale(logo):
        ground = Image.new("RGBA", logo.size, plate)
        ground.alpha_composite(logo)
        logo = ImageOps.expand(ground, max(logo.size) // 20, plate)
    logo.thumbnail(LOGO_ROOM, Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", logo.size, "white")
    ground.alpha_composite(logo)
    # What is white in a logo becomes paper, whether or not it has a ground of its own.
    paper = Image.new("RGB", logo.size, PAPER)
    on_paper = ImageChops.multiply(ground.convert("RGB"), paper)
    return on_paper.quantize(LOGO_COLOURS, dither=Image.Dither.NONE)


def _is_pale(logo: "Image.Image") -> bool:
    """Tell whether a logo without a ground of its own would not be seen on paper."""
    from PIL import ImageStat  # noqa: PLC0415 - for pictures

    shape = logo.getchannel("A")
    if shape.getextrema()[0] == 255:  # noqa: PLR2004 - it is opaque
        return False
    red, green, blue = map(round, ImageStat.Stat(logo.convert("RGB"), shape).mean)
    return _contrast((red, green, blue), PAPER) < SEEN


def _opened(data: bytes) -> "Image.Image":
    from PIL import Image, ImageOps  # noqa: PLC0415 - for pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
                size = image.width * image.height
                if size <= LOGO_PIXELS:
                    return ImageOps.exif_transpose(image).convert("RGBA")
    # Whatever a decoder says of a broken file.
    except Exception as error:
        raise ValueError(f"the logo cannot be read as PNG, JPEG or WebP: {error}") from error
    raise ValueError(f"the logo has {size:,} pixels; {LOGO_PIXELS:,} are the most")
