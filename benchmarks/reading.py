"""Documents read a second, per format, against the bare library that parses it.

    .venv/bin/python benchmarks/reading.py [--seconds 1] [--turns 7]

One action, as `tests/reading/building.py` makes a document of it, in five formats. `lines` is our
reading of the format: bytes to a Document with its lines. `action` is that, all layouts held
against it, and the best one's reading. `process` is `open_document` and the same, with a process of
its own for web pages, Word documents and PDFs; wall time, for the child's is not ours. The bare
library parses the same bytes and gives their text, and does nothing else. All take turns; the
ratio is taken in each turn.
"""

import argparse
import gc
import importlib.util
import io
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from types import ModuleType

import docx
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from uasocial.reading import Document, Reading, assembling, labels
from uasocial.reading.choosing import choose
from uasocial.reading.formats import exported, open_document, pages, pdf, text, word
from uasocial.reading.layouts import Layouts

READING = Path(__file__).parent.parent / "tests" / "reading"
SOURCE = READING / "pages" / "published-en.docx.txt"
DAY = date(2024, 11, 20)
ROW = "{:<8}{:>8}{:>10}{:>10}{:>10}{:>10}{:>12}{:>12}"


def _building() -> ModuleType:
    spec = importlib.util.spec_from_file_location("building", READING / "building.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents() -> dict[str, bytes]:
    """Return the same action in each format."""
    source = SOURCE.read_text(encoding="utf-8")
    building = _building()
    plain = source.replace("# ", "").replace("[page]\n", "")
    return {
        "text": plain.encode(),
        "html": _html(source),
        "docx": building.docx(source),
        "pdf": building.pdf(source),
        "json": _json(action(text.read(plain.encode(), "it"))),
    }


def _html(source: str) -> bytes:
    lines = (line for line in source.splitlines() if line and line != "[page]")
    shown = (
        f"<h2>{escape(line[2:])}</h2>" if line.startswith("# ") else f"<p>{escape(line)}</p>"
        for line in lines
    )
    body = "\n".join(shown)
    return f"<!doctype html><html lang=en><title>It</title><body>{body}</body></html>".encode()


def _json(reading: Reading) -> bytes:
    """Return what was read as uasocial exports it."""
    case = assembling.complete(assembling.assemble([reading], DAY), DAY).plain()
    facts = case.pop("action")
    content = {"schema": 1, "actions": [{"id": "ua-123-24", "facts": facts, "words": case}]}
    return json.dumps(content, ensure_ascii=False).encode()


def action(document: Document) -> Reading:
    # What is remembered of a line serves the layouts of one document, and no second one.
    labels._known.cache_clear()  # noqa: SLF001 - no door leads there
    matches = Layouts().read_document(document)
    return choose(document, [("uasocial.layouts", match) for match in matches]).read()


OURS: dict[str, Callable[[bytes, str], Document]] = {
    "text": text.read,
    "html": pages.read,
    "docx": word.read,
    "pdf": pdf.read,
    "json": exported.read,
}
BARE: dict[str, Callable[[bytes], object]] = {
    "text": bytes.decode,
    "html": lambda data: LexborHTMLParser(data).text(separator="\n"),
    "docx": lambda data: [p.text for p in docx.Document(io.BytesIO(data)).paragraphs],
    "pdf": lambda data: [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages],
    "json": json.loads,
}


def seconds(work: Callable[[], object], budget: float, clock: Callable[[], float]) -> float:
    """Return what one call takes: the mean of as many as *budget* has room for."""
    gc.collect()
    count, begin = 0, clock()
    while not count or clock() - begin < budget:
        work()
        count += 1
    return (clock() - begin) / count


def measure(kind: str, data: bytes, budget: float, turns: int) -> None:
    def lines() -> Document:
        return OURS[kind](data, "it")

    cpu, wall = time.process_time, time.perf_counter
    rows = []
    for _ in range(turns):
        bare = seconds(lambda: BARE[kind](data), budget, cpu)
        read = seconds(lines, budget, cpu)
        whole = seconds(lambda: action(lines()), budget, cpu)
        apart = seconds(lambda: action(open_document(data, "it")), budget, wall)
        rows.append((bare, read, whole, apart))
    rates = [f"{1 / statistics.median(column):,.0f}" for column in zip(*rows, strict=True)]
    ratios = [f"{statistics.median(row[at] / row[0] for row in rows):,.1f}" for at in (1, 2)]
    print(ROW.format(kind, f"{len(data):,}", *rates, *ratios))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1, help="for each figure and turn")
    parser.add_argument("--turns", type=int, default=7)
    options = parser.parse_args()
    head = ("", "bytes", "bare", "lines", "action", "process", "lines/bare", "action/bare")
    print(ROW.format(*head))
    for kind, data in documents().items():
        measure(kind, data, options.seconds, options.turns)


if __name__ == "__main__":
    main()
