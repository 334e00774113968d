"""ZIP archives, as Word documents are: looked through before anything in them is parsed."""

import re
import zipfile
from io import BytesIO

from uasocial.errors import DocumentError

__all__ = ["check"]

MAX_MEMBERS = 2_000
MAX_UNPACKED = 60_000_000
"""Bytes of all members together."""

BROKEN = "is a broken Word file: open it in Word, save it anew, and give that"
_HARM = "this is no document, or made to harm"
_ENCRYPTED = 0x1  # bit 0 of the flags: APPNOTE.TXT 4.4.4
_KINDS = (
    ("xl/", "is a spreadsheet: copy the text into a .docx or a text file"),
    ("ppt/", "are slides: copy the text into a .docx or a text file"),
    ("Index/", "is a Pages document: export it as .docx"),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument", "is an OpenDocument file (.odt): save it as .docx"),
    (b"application/epub", "is an e-book: copy the text into a .docx or a text file"),
)
# Office Open XML allows neither declarations of a type nor other encodings: ECMA-376-2, 9.1.4.
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODED = re.compile(
    rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"'](?!utf-?8|utf-?16|us-ascii)", re.IGNORECASE
)


def check(data: bytes, name: str) -> None:
    """Raise DocumentError unless *data* is a Word document that unpacks to a sane size."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_size(members, name)
            _check_kind(archive, name)
            for member in members:
                _check_xml(archive.read(member), name)
    except (DocumentError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - zipfile and its unpackers raise all kinds
        raise DocumentError(name, BROKEN) from None


def _check_size(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise DocumentError(name, f"holds more than {MAX_MEMBERS:,} files: {_HARM}")
    # A member that is larger than it says is cut off there by zipfile, and its sum is wrong.
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise DocumentError(name, f"unpacks to more than {MAX_UNPACKED:,} bytes: {_HARM}")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise DocumentError(name, "is protected by a password: remove it first")


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    names = archive.namelist()
    if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names):
        _check_content(archive, name)
        return
    for start, what in _KINDS:
        if any(n.startswith(start) for n in names):
            raise DocumentError(name, what)
    mimetype = archive.read("mimetype") if "mimetype" in names else b""
    for kind, what in _MIMETYPES:
        if mimetype.startswith(kind):
            raise DocumentError(name, what)
    raise DocumentError(name, "is a ZIP archive: unpack it first")


def _check_content(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse the relatives of a Word document that python-docx does not open."""
    types = archive.read("[Content_Types].xml")
    if b"wordprocessingml.document.main" not in types and b"word" in types:
        raise DocumentError(name, "is a Word template or holds macros: save it as .docx")
    if b"purl.oclc.org/ooxml" in archive.read("_rels/.rels"):
        raise DocumentError(name, "is a strict Open XML document: save it as a plain .docx")


def _check_xml(content: bytes, name: str) -> None:
    # Without its NULs UTF-16 reads as UTF-8 does.
    text = content.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"<") and (_DECLARED.search(text) or _ENCODED.match(text)):
        raise DocumentError(name, "declares entities or encodings of its own: it is made to harm")
