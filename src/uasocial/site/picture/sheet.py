"""What a share picture is drawn on: paper with a bar and a rule, text and logo in few colours."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import regex

from uasocial.settings.colours import contrast
from uasocial.site.logos import opened

if TYPE_CHECKING:
    from PIL import Image

    from uasocial.site.picture.setting import Line, Placed

__all__ = [
    "ACROSS",
    "HEIGHT",
    "INK",
    "MUTED",
    "PAPER",
    "READABLE",
    "SEEN",
    "WIDTH",
    "Sheet",
    "Sized",
    "colour_of",
    "darker",
    "logo_on_paper",
]

# What Facebook asks for, and others take:
# https://developers.facebook.com/docs/sharing/best-practices#images
WIDTH, HEIGHT = 1200, 630
BAR = 24
MARGIN = 76
START = BAR + MARGIN
ACROSS = WIDTH - START - MARGIN
# From the top.
RULE = 508
LOGO_ROOM, LOGO_MIDDLE = (240, 60), 555

PAPER, INK, MUTED, HAIRLINE = (250, 248, 244), (24, 24, 27), (87, 85, 82), (214, 209, 201)
# Contrast of text with what it stands on: WCAG 2.2, 1.4.3. The bar only has to be seen.
READABLE, SEEN = 4.5, 1.5
SHADES = 12
LOGO_COLOURS = 160

Colour = tuple[int, int, int]


class Sized(NamedTuple):
    """A line in the size in which it is drawn."""

    line: "Line"
    size: float

    @property
    def width(self) -> float:
        return self.line.width * self.size


class Sheet:
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

    def at_start(self, sized: Sized, baseline: float) -> "Placed":
        return self._placed(sized, baseline, left=not self._rtl)

    def at_end(self, sized: Sized, baseline: float) -> "Placed":
        return self._placed(sized, baseline, left=self._rtl)

    def _placed(self, sized: Sized, baseline: float, *, left: bool) -> "Placed":
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


def colour_of(accent: str) -> Colour:
    if not regex.fullmatch(r"#[0-9A-Fa-f]{6}", accent):
        raise ValueError(f"{accent!r} is no colour: write it as #rrggbb")
    red, green, blue = bytes.fromhex(accent[1:])
    return red, green, blue


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    """Return the colour that lies that part of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(colour: Colour, contrast: float) -> Colour:
    """Return a colour as it is, or as dark as it takes to stand out from the paper."""
    steps = (_mixed(colour, INK, step / 40) for step in range(41))
    return next((dark for dark in steps if _on_paper(dark) >= contrast), INK)


def _on_paper(colour: Colour) -> float:
    """Return the contrast of a colour with the paper."""
    return contrast(_written(colour), _written(PAPER))


def _written(colour: Colour) -> str:
    return "#" + bytes(colour).hex()


def logo_on_paper(data: bytes, plate: Colour) -> "Image.Image":
    """Return a logo in few colours on paper, as large as it may stand in the picture."""
    from PIL import Image, ImageChops, ImageOps  # noqa: PLC0415 - for pictures

    logo = opened(data)
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
    return _on_paper((red, green, blue)) < SEEN
