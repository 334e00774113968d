"""Lines of text, shaped and drawn with the fonts that lie here, and those of a section.

Lengths are in em, so that a line is shaped once and drawn in any size.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from struct import iter_unpack
from typing import Any, NamedTuple

import regex
import uharfbuzz as hb  # type: ignore[import-untyped]
from PIL import Image

from uasocial.errors import UasocialError, printable
from uasocial.site.picture.directions import Stretch, visual_order

__all__ = ["FOLDER", "SMALL", "TITLE", "Face", "Faces", "Line", "Placed", "drawn"]

FOLDER = Path(__file__).with_name("fonts")
# First choice first, each with its size beside the others': Arabic and Hebrew letters are lower.
TITLE = (
    ("Vollkorn-Bold.ttf", 1.0),
    ("NotoNaskhArabic-Bold.ttf", 1.12),
    ("NotoSerifHebrew-Bold.ttf", 0.94),
    ("Inter-Medium.otf", 0.9),
    ("NotoSansArabic-Regular.ttf", 1.0),
)
SMALL = (
    ("Inter-Medium.otf", 1.0),
    ("NotoSansArabic-Regular.ttf", 1.1),
    ("NotoSansHebrew-Regular.ttf", 1.05),
    ("Vollkorn-Bold.ttf", 1.1),
)
# Figures as high as capitals, in the font that has others.
FEATURES = {"lnum": True}
# Scripts whose letters have little above and below them.
_LOW = frozenset(("", "Cyrl", "Grek", "Latn"))
# What a font begins with, and the tables of which one holds what its letters look like:
# https://learn.microsoft.com/en-us/typography/opentype/spec/otff
_FONT = (b"\0\1\0\0", b"OTTO", b"true")
_OUTLINES = frozenset((b"glyf", b"CFF ", b"CFF2"))
# What joined symbols that are left out would only leave a gap.
_JOINING_NOTHING = regex.compile(r"(?<![\p{L}\p{M}])[\u200c\u200d]+")
# Symbols yet to come where emoji are: what Python's tables do not name says nothing, either.
_EMOJI = range(0x1F000, 0x1FC00)


class Face(NamedTuple):
    """A font, the characters it has, and its size beside the others'."""

    font: Any
    known: frozenset[int]
    scale: float

    @classmethod
    def of(cls, path: Path, scale: float) -> "Face":
        """Read a font; raise UasocialError where it is none."""
        fault = _fault_of_font(path)
        if fault:
            raise UasocialError(printable(f"{path}: {fault}"))
        face = hb.Face(hb.Blob.from_file_path(path))
        return cls(hb.Font(face), frozenset(face.unicodes), scale / face.upem)

    def has(self, char: str) -> bool:
        return ord(char) in self.known or all(
            ord(part) in self.known for part in unicodedata.normalize("NFD", char)
        )


class Part(NamedTuple):
    """A text that one font, script and direction is enough for."""

    face: Face
    text: str
    script: str
    rtl: bool


class Glyph(NamedTuple):
    """A glyph of a face, and where it stands."""

    face: Face
    number: int
    x: float
    y: float


class Line(NamedTuple):
    """Glyphs side by side, and from where to where their ink reaches."""

    glyphs: tuple[Glyph, ...]
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left


class Placed(NamedTuple):
    """A line in a picture: the left end of its ink, its baseline from the top, and its size."""

    line: Line
    x: float
    baseline: float
    size: float


class Faces:
    """Fonts that share a task; they do not change, so that threads may use them together.

    Those of a section, *own*, go before ours: where some are for titles, as their names say, first
    these if *bold*, else the others.
    """

    def __init__(
        self, choices: Iterable[tuple[str, float]], own: Iterable[Path] = (), *, bold: bool = False
    ) -> None:
        first = sorted(own, key=lambda path: ("bold" in path.stem.casefold()) != bold)
        self._faces = [Face.of(path, 1.0) for path in first]
        self._faces += [Face.of(FOLDER / name, scale) for name, scale in choices]

    def is_tall(self, text: str) -> bool:
        """Tell whether lines of a text need more room between them than Latin letters do."""
        return not _LOW.issuperset(map(_script, text))

    def drawable(self, text: str) -> str | None:
        """Return a text without the symbols that no font has; None where they lack a letter.

        A plainer form of a character may be longer; the text is cut where it was.
        """
        kept = []
        for char in text:
            known = self._known(char)
            if known is None:
                return None
            kept.append(known)
        shown = _JOINING_NOTHING.sub("", "".join(kept)[: len(text)])
        return " ".join(filter(None, shown.split(" ")))

    def _known(self, char: str) -> str | None:
        """Return a character or its plainer form; "" for a symbol, None for a lacking letter."""
        category = unicodedata.category(char)
        if category == "Cf" and ord(char) not in range(0x600, 0x700):
            return char
        for form in (char, unicodedata.normalize("NFKC", char)):
            if all(any(face.has(part) for face in self._faces) for part in form):
                return form
        says = category[0] in "LN" or category in {"Mc", "Cn"}
        return None if says and ord(char) not in _EMOJI else ""

    def line(self, text: str, language: str, *, rtl: bool) -> Line:
        """Return a text as glyphs from left to right; *rtl* is the direction of the line."""
        glyphs, pen = list[Glyph](), 0.0
        for stretch in visual_order(text, rtl=rtl):
            for part in self._parts(text, stretch):
                shaped, advance = _shaped(part, language, pen)
                glyphs += shaped
                pen += advance
        return _with_ink(glyphs)

    def measure(self, text: str, language: str, *, rtl: bool) -> float:
        """Return what a text takes up, with the space around its ink."""
        return sum(
            _shaped(part, language, 0.0)[1]
            for stretch in visual_order(text, rtl=rtl)
            for part in self._parts(text, stretch)
        )

    def _parts(self, text: str, stretch: Stretch) -> list[Part]:
        """Return a stretch in parts of one face and script, from left to right."""
        found, start = list[Part](), stretch.start
        for (number, script), group in groupby(self._keys(text[start : stretch.end])):
            end = start + len(list(group))
            found.append(Part(self._faces[number], text[start:end], script, stretch.rtl))
            start = end
        return found[::-1] if stretch.rtl else found

    def _keys(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the number of the face and the script of each character."""
        script = next(filter(None, map(_script, text)), "Latn")
        letters = (char for char in text if _script(char))
        number = self._first(next(letters, text[0]))
        for char in text:
            if own := _script(char):
                script, number = own, self._first(char)
            elif not self._faces[number].has(char) and unicodedata.category(char) != "Cf":
                number = self._first(char)
            yield number, script

    def _first(self, char: str) -> int:
        numbers = (number for number, face in enumerate(self._faces) if face.has(char))
        return next(numbers, 0)


def drawn(placed: Iterable[Placed], width: int, height: int) -> Image.Image:
    """Return a mask of *width* by *height* pixels: 255 where the ink of the lines is full."""
    raster = hb.RasterDraw()
    raster.extents = hb.RasterExtents(0, 0, width, height, 0)
    for line, x, baseline, size in placed:
        for face, number, glyph_x, glyph_y in line.glyphs:
            scale = face.scale * size
            left = x + (glyph_x - line.left) * size
            raster.transform = (scale, 0, 0, scale, left, height - baseline + glyph_y * size)
            raster.draw_glyph(face.font, number)
    image = raster.render()
    if image is None:
        return Image.new("L", (width, height))
    # Its rows come from the bottom to the top.
    stride = image.extents.stride
    return Image.frombytes("L", (width, height), image.buffer, "raw", "L", stride, -1)


@cache
def _script(char: str) -> str:
    """Return the script of a letter, as HarfBuzz knows it; "" for what goes with any."""
    if unicodedata.category(char)[0] != "L":
        return ""
    buffer = hb.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    return buffer.script or ""


def _fault_of_font(path: Path) -> str:
    """Say why a file is no font that can be drawn with, or return ``""``."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            directory = file.read(16 * int.from_bytes(head[4:6]))
        size = path.stat().st_size
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not head.startswith(_FONT) or len(directory) % 16:
        return "is no font: give a TrueType or OpenType file"
    tables = {tag: begin + length for tag, _, begin, length in iter_unpack(">4sIII", directory)}
    if max(tables.values(), default=0) > size:
        return "is cut off: copy it once more"
    if b"cmap" not in tables or _OUTLINES.isdisjoint(tables):
        return "has no letters that can be drawn: give one with outlines"
    return ""


def _shaped(part: Part, language: str, pen: float) -> tuple[list[Glyph], float]:
    """Return the glyphs of a part that begins at *pen*, and their advance."""
    buffer = hb.Buffer()
    buffer.add_str(part.text)
    buffer.direction = "rtl" if part.rtl else "ltr"
    buffer.script, buffer.language = part.script, language
    hb.shape(part.face.font, buffer, FEATURES)
    scale, glyphs, start = part.face.scale, list[Glyph](), pen
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        x, y = pen + position.x_offset * scale, position.y_offset * scale
        glyphs.append(Glyph(part.face, info.codepoint, x, y))
        pen += position.x_advance * scale
    return glyphs, pen - start


def _with_ink(glyphs: Sequence[Glyph]) -> Line:
    left, right = list[float](), list[float]()
    for face, number, x, _ in glyphs:
        extents = face.font.get_glyph_extents(number)
        if extents is not None and extents.width:
            left.append(x + extents.x_bearing * face.scale)
            right.append(left[-1] + extents.width * face.scale)
    return Line(tuple(glyphs), min(left, default=0.0), max(right, default=0.0))
