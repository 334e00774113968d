"""Which format bytes are, by what they begin with and never by the ending of a file name."""

import re

from uasocial.errors import DocumentError
from uasocial.reading.document import Format
from uasocial.reading.formats import exported

__all__ = ["format_of"]

_PDF_WITHIN = 1024  # as readers do: ISO 32000-1, Annex H, implementation note 13
_HEAD = 4096

_GIVE = "give a text, web page, Word document or PDF"
# Magic numbers as in https://www.garykessler.net/library/file_sigs.html
_FOREIGN = (
    (rb"\{\\rtf", "is a rich text file (.rtf): save it as .docx"),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|BM.{4}\0{4}|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avi)",
        "is an image: run text recognition (OCR) on it, or type the text",
    ),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh[1-9]|\xfd7zXZ\0", "is a packed archive: unpack it first"),
    (rb"ID3|OggS|fLaC|.{4}ftyp|RIFF|\x1aE\xdf\xa3", f"is sound or film: {_GIVE}"),
    (rb"\x7fELF|MZ.\0|SQLite format 3\0|wOF[F2]", f"is a file of a program: {_GIVE}"),
)
_FOREIGN_PATTERNS = tuple((re.compile(magic, re.DOTALL), what) for magic, what in _FOREIGN)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HTML = re.compile(r"<!doctype html\b|<html[\s>]", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\s|<!--.*?-->)*", re.DOTALL)
_TAG = re.compile(
    r"<(?:a|article|aside|b|base|blockquote|body|br|center|dd|div|dl|dt|em|figure|font|footer|form"
    r"|h[1-6]|head|header|hr|i|img|li|link|main|meta|nav|ol|p|pre|script|section|span|strong|style"
    r"|table|tbody|td|th|title|tr|u|ul)(?:\s[^<]*)?/?>",
    re.IGNORECASE,
)
_ARCHIVED = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def format_of(data: bytes, name: str) -> Format:
    """Tell the format of *data*; raise DocumentError, with what to do, for one that is not read.

    A ZIP archive is answered with docx: what is in it is looked at where it is unpacked.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    _refuse_foreign(data, name)
    # Without its NULs the beginning of UTF-16 and UTF-32 reads as that of UTF-8.
    head = data[:_HEAD].replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xfe\xff \t\r\n")
    if _is_html(head):
        return "html"
    if exported.looks_so(head):
        return "json"
    _refuse_marked_up(head, name)
    return "text"


def _refuse_foreign(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        raise DocumentError(name, _ole(data))
    for magic, what in _FOREIGN_PATTERNS:
        if magic.match(data):
            raise DocumentError(name, what)


def _ole(data: bytes) -> str:
    """Say what an OLE container is: names in its directory are UTF-16 ([MS-CFB] 2.6.1)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password: remove it first"
    if "WordDocument".encode("utf-16-le") in data:
        return "is an old Word file (.doc): save it as .docx"
    if "Workbook".encode("utf-16-le") in data:
        return "is an old Excel file (.xls): copy the text into a .docx or a text file"
    return "is an old Office or Outlook file: save it as .docx or as text"


def _is_html(head: str) -> bool:
    if _HTML.search(head):
        return True
    start = _COMMENTS.match(head)
    return _TAG.match(head, start.end() if start else 0) is not None


def _refuse_marked_up(head: str, name: str) -> None:
    if head.startswith("<?xml"):
        raise DocumentError(name, "is XML: save it as .docx, web page (HTML) or text")
    if _ARCHIVED.search(head):
        raise DocumentError(name, "is a web archive (.mht): save the page as HTML")
