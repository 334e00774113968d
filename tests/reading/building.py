"""Real documents made from a tiny markup, so that a fixture is a text one can read and compare.

`# heading`, `* item`, `| a | b` a row of a table (`<br>` parts the paragraphs of a cell), `[page]`,
an empty line is an empty paragraph, and everything else is a paragraph.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from typing import Literal, NamedTuple

__all__ = ["docx", "pdf"]

Kind = Literal["heading", "item", "row", "page", "text"]


class Part(NamedTuple):
    kind: Kind
    text: str = ""


Row = list[list[str]]
"""The cells of a row, each the paragraphs in it."""


def _parts(source: str) -> Iterator[Part]:
    for line in source.splitlines():
        if line.startswith("# "):
            yield Part("heading", line[2:])
        elif line.startswith("* "):
            yield Part("item", line[2:])
        elif line.startswith("|"):
            yield Part("row", line)
        else:
            yield Part("page") if line == "[page]" else Part("text", line)


def _blocks(source: str) -> Iterator[tuple[Kind, list[str]]]:
    """Yield runs of parts of one kind: the rows of a table come together."""
    for kind, parts in groupby(_parts(source), lambda part: part.kind):
        yield kind, [part.text for part in parts]


def _row(line: str) -> Row:
    return [cell.strip().split("<br>") for cell in line.strip("| ").split("|")]


def docx(source: str) -> bytes:
    """Return *source* as a Word document."""
    from docx import Document

    document = Document()
    for kind, texts in _blocks(source):
        if kind == "row":
            _add_table(document, [_row(text) for text in texts])
            continue
        for text in texts:
            if kind == "page":
                document.add_page_break()
            elif kind == "heading":
                document.add_heading(text, 1)
            else:
                document.add_paragraph(text, "List Bullet" if kind == "item" else None)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _add_table(document, rows: list[Row]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, texts in zip(cells.cells, row, strict=False):
            cell.text = texts[0]
            for text in texts[1:]:
                cell.add_paragraph(text)


def pdf(source: str) -> bytes:
    """Return *source* as a PDF, wrapped at the width of its page, with its fonts embedded."""
    from reportlab.platypus import SimpleDocTemplate

    kept = io.BytesIO()
    SimpleDocTemplate(kept, invariant=1).build(list(_story(source)))
    return kept.getvalue()


def _story(source: str) -> Iterator[object]:
    from reportlab.platypus import PageBreak, Paragraph, Spacer, Table

    styles = _styles()
    for kind, texts in _blocks(source):
        if kind == "row":
            rows = [
                [[Paragraph(escape(text), styles["text"]) for text in cell] for cell in _row(row)]
                for row in texts
            ]
            yield Table(rows)
            continue
        for text in texts:
            if kind == "page":
                yield PageBreak()
            elif not text:
                yield Spacer(1, 12)
            else:
                bullet = "•" if kind == "item" else None
                style = styles.get(kind, styles["text"])
                yield Paragraph(_marked(text), style, bulletText=bullet)


def _marked(text: str) -> str:
    """Return *text* as reportlab wants it; a web address is drawn like any other word."""
    return re.sub(r"\s+", " ", escape(text))


@cache
def _styles() -> dict[str, object]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    # Vera comes with reportlab, and shows Spanish, French and German.
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    text = ParagraphStyle("text", fontName="Vera", fontSize=10, leading=12)
    return {
        "text": text,
        "item": ParagraphStyle("item", text, leftIndent=18),
        "heading": ParagraphStyle(
            "heading", text, fontName="Vera-Bold", fontSize=12, leading=15, spaceBefore=12
        ),
    }
