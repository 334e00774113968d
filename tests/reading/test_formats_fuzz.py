"""Whatever bytes are given: a document, or one line that says what to do."""

import contextlib
import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from uasocial.errors import DocumentError
from uasocial.reading import formats
from uasocial.reading.formats import exported, pages, pdf, sniffing, text, word

READERS = {
    "docx": word.read,
    "html": pages.read,
    "json": exported.read,
    "pdf": pdf.read,
    "text": text.read,
}
thorough = settings(deadline=None, max_examples=300, derandomize=True)


def _docx() -> bytes:
    made = docx.Document()
    made.add_heading("Refugee children", 1)
    made.add_paragraph("Write to the minister", style="List Number")
    made.add_table(2, 2).cell(0, 0).text = "Samar Belkori"
    made.sections[0].header.paragraphs[0].text = "UA 1/26"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _pdf() -> bytes:
    file = io.BytesIO()
    # Without compression, so that a change reaches the operators of the page.
    drawing = canvas.Canvas(file, pageCompression=0)
    for number in (1, 2):
        for i, line in enumerate(("UA 1/26", "Dear Minister,", "I write to you.", str(number))):
            drawing.drawString(72, 800 - 20 * i, line)
        drawing.showPage()
    drawing.save()
    return file.getvalue()


DOCX = _docx()
SAMPLES = {
    "docx": DOCX,
    "pdf": _pdf(),
    "html": (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>UA</title>"
        "<link rel=canonical href='https://www.example.org/1'></head><body><h1>Señor</h1>"
        "<p>a<br>b <a href='/x'>l</a></p><table><tr><td>c</table><pre>d\ne</pre><ul><li>f</ul>"
    ).encode(),
    "json": '{"title": "Señor", "targets": [{"name": "S", "n": 1.5}], "ok": true}'.encode(),
    "text": "From: a\n\n> Señor\r\n>> UA 1/26\r\n…\u2028z".encode(),
}
PARTS = {
    name: zipfile.ZipFile(io.BytesIO(DOCX)).read(name)
    for name in ("word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels")
}
SNIPPETS = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        rb"<|>|<!--|<pre>|<svg>|</p>|&#x110000;|\ud800|/Page|endobj|stream|0 R|-1|9999999999|[|<<|("
        rb'|<w:p>|</w:p>|<w:tbl>|<w:r>|w:val="'.split(b"|")
    ),
    st.sampled_from([b"\0", b"\xff", b"\xf0\x9f", b"\xed\xa0\x80"]),
)


@st.composite
def mutated(draw, data: bytes) -> bytes:
    """Return *data* with some of its bytes changed, taken out, doubled or put in."""
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 20)))
        new = draw(st.one_of(st.just(b""), st.just(data[at:until] * 2), SNIPPETS))
        data = data[:at] + new + data[until:]
    return data


def _read(kind: str, data: bytes) -> None:
    with contextlib.suppress(DocumentError):
        found = READERS[kind](data, "fuzz")
        assert [line.number for line in found.lines] == [*range(1, len(found.lines) + 1)]
        assert all(line.text == line.text.strip(" \t\r\n\ufeff") for line in found.lines)
        # The child writes it so; a lone surrogate would not go through.
        "".join([found.title, found.url, *(x.text + x.link for x in found.lines)]).encode()


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_samples_that_the_fuzz_begins_with_are_good(kind):
    assert sniffing.format_of(SAMPLES[kind], "x") == kind
    assert READERS[kind](SAMPLES[kind], "x").format == kind


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_changed_document_is_read_or_refused(kind):
    @thorough
    @given(mutated(SAMPLES[kind]))
    def attempt(data):
        _read(kind, data)
        with contextlib.suppress(DocumentError):
            sniffing.format_of(data, "fuzz")

    attempt()


@pytest.mark.parametrize("part", PARTS)
def test_a_word_document_with_a_changed_part_is_read_or_refused(part):
    @settings(thorough, max_examples=150)
    @given(mutated(PARTS[part]))
    def attempt(content):
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                new.writestr(name, content if name == part else old.read(name))
        _read("docx", file.getvalue())

    attempt()


@thorough
@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_random_bytes_are_read_or_refused_by_each_reader(data, kind):
    _read(kind, data)


@thorough
@given(st.one_of(st.binary(min_size=1, max_size=300), st.text(min_size=1).map(str.encode)))
def test_random_bytes_and_texts_are_read_or_refused(data):
    # What is read apart is tried without the child, for speed; a few below go through it.
    with contextlib.suppress(DocumentError):
        kind = sniffing.format_of(data, "fuzz")
        if kind in ("json", "text"):
            formats.open_document(data, "fuzz")
        else:
            _read(kind, data)


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_a_changed_document_comes_through_the_child(kind):
    @settings(thorough, max_examples=4)
    @given(mutated(SAMPLES[kind]))
    def attempt(data):
        with contextlib.suppress(DocumentError):
            assert formats.open_document(data, "fuzz").name == "fuzz"

    attempt()
