"""Plain text, mail included: which characters its bytes are, and its lines."""

import re

from uasocial.errors import DocumentError
from uasocial.reading.document import Document
from uasocial.reading.formats.lines import LINE_END, Lines, check_length, document

__all__ = ["decode", "read"]

# UTF-32 first: its mark in little endian begins as that of UTF-16 does.
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SOME_CONTROLS = 50
"""One control character in so many characters is no text any more."""
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_SPACED_NULS = 8


def read(data: bytes, name: str) -> Document:
    """Read a text; raise DocumentError where the bytes are none."""
    text, about = decode(data, name)
    check_length(text, name)
    text, quoted = _unquoted(text)
    lines = Lines(name)
    lines.add(text)
    found = lines.done()
    if len(found) > 1 and not found[-1].text:
        found = found[:-1]
    return document(name, "text", data, found, about="; ".join(filter(None, (about, quoted))))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text that *data* is, and what a person should know about it."""
    text, about = _decoded(data, name)
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if "\0" in text or controls * _SOME_CONTROLS > len(text):
        raise DocumentError(name, "is no text: give a text, web page, Word document or PDF")
    return text.removeprefix("\ufeff"), about


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    encoding = next((own for mark, own in _MARKS if data.startswith(mark)), _by_nuls(data))
    if encoding is not None:
        try:
            return data.decode(encoding), ""
        except UnicodeDecodeError as error:
            what = encoding.removesuffix("-sig").upper()
            raise DocumentError(
                name, f"is broken {what} at byte {error.start:,}: save it again as UTF-8"
            ) from None
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        return _of_another_age(data, name)


def _by_nuls(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its NULs, which stand all on one side of the pairs."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or (even and odd) or (even + odd) * _SPACED_NULS * 2 < len(data):
        return None
    return "utf-16-be" if even else "utf-16-le"


def _of_another_age(data: bytes, name: str) -> tuple[str, str]:
    """Read what is not UTF-8: a few bytes of it broken, or Windows-1252."""
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    # Accents of Windows-1252 hardly ever form UTF-8: what mostly does is UTF-8 with a flaw.
    if sum(1 for c in mended if c > "\x7f") > 5 * broken:
        return mended, f"has broken UTF-8 in {broken} places: read as \ufffd"
    try:
        return data.decode("cp1252"), "is not UTF-8: read as Windows-1252"
    except UnicodeDecodeError:
        raise DocumentError(name, "is no text that can be read: save it as UTF-8") from None


def _unquoted(text: str) -> tuple[str, str]:
    """Take the quote marks of mail off a text that is mostly quoted, and say so."""
    lines = LINE_END.split(text)
    quoted = sum(line.startswith(">") for line in lines)
    if quoted * 2 <= sum(not line.isspace() for line in lines if line):
        return text, ""
    return "\n".join(
        _QUOTE.sub("", line, count=1) if line[:1] == ">" else line for line in lines
    ), ("is quoted as in mail: read without the quote marks")
