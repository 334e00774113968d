"""A page as PDF, with a font of our own: what it cannot show is named, and never a row of boxes.

fpdf2 sets the text, and HarfBuzz joins the letters of Arabic. The font is DejaVu Sans as it is:
Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic.
"""

import logging
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["Block", "Setting"]

FONT = Path(__file__).with_name("fonts") / "DejaVuSans.ttf"
# In points and millimetres.
SIZES = {"title": 16, "heading": 12, "line": 9, "text": 9}
MARGIN = 18
INDENT = 6
# Letters and digits: without some of them a text says something else, without a symbol it does not.
_SAYING = ("L", "N")


class Block(NamedTuple):
    """A paragraph; *instead* is said where its script cannot be shown."""

    kind: Literal["title", "heading", "line", "text"]
    text: str
    instead: str = ""


class Setting:
    """Sets blocks one below the other on A4."""

    @cached_property
    def _known(self) -> frozenset[int]:
        """The characters that the font has."""
        with import_module("fontTools.ttLib").TTFont(FONT, lazy=True) as font:
            return frozenset(font.getBestCmap())

    def shown(self, text: str) -> str | None:
        """Return *text* with symbols named that the font lacks; None where it lacks letters."""
        kept = []
        for char in text:
            category = unicodedata.category(char)
            if char == "\n" or (ord(char) in self._known and category not in {"Cc", "Cs"}):
                kept.append(char)
            elif category.startswith(_SAYING) or category == "Cn":
                return None
            elif category not in {"Cf", "Mn"}:
                kept.append(f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]")
        return "".join(kept)

    def document(self, blocks: Iterable[Block], title: str, made_at: datetime) -> bytes:
        """Return a PDF of *blocks*."""
        sheet = _sheet(title, made_at)
        for block in blocks:
            text = self.shown(block.text)
            _set(sheet, block.kind, block.instead if text is None else text)
        # The tables of a font that are left out of a PDF are no news.
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        return bytes(sheet.output())


def _sheet(title: str, made_at: datetime) -> "FPDF":
    from fpdf import FPDF  # noqa: PLC0415 - only who prints waits for it

    sheet = FPDF(format="A4")
    sheet.set_margin(MARGIN)
    sheet.set_auto_page_break(auto=True, margin=MARGIN)
    sheet.add_font("DejaVu", fname=FONT)
    sheet.set_title(title)
    sheet.set_lang("en")
    sheet.set_creator("uasocial")
    sheet.set_creation_date(made_at)
    sheet.add_page()
    return sheet


def _set(sheet: "FPDF", kind: str, text: str) -> None:
    rtl = _is_rtl(text)
    # Joining letters takes its time, and most scripts need none of it.
    sheet.set_text_shaping(use_shaping_engine=_needs_shaping(text))
    sheet.set_font("DejaVu", size=SIZES[kind])
    if kind == "heading":
        sheet.ln(3)
    indent = INDENT if kind == "text" else 0
    sheet.set_x(MARGIN + (0 if rtl else indent))
    sheet.multi_cell(
        w=sheet.epw - indent,
        h=SIZES[kind] * 0.5,
        text=text,
        align="R" if rtl else "L",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    sheet.ln(2 if kind in {"title", "text"} else 0.5)


def _is_rtl(text: str) -> bool:
    """Tell the direction of a text by its first letter, as the bidirectional algorithm does."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)


def _needs_shaping(text: str) -> bool:
    return any(
        unicodedata.bidirectional(char) in {"R", "AL"} or unicodedata.combining(char)
        for char in text
    )
