"""From bytes to a document: its format is told from what it holds, and each has its module.

Web pages, Word documents and PDFs are read in a process of their own (see `apart`): some that are
broken, or made to harm, would take their reader all time and memory there is.
"""

import stat
from pathlib import Path
from typing import BinaryIO

from uasocial.errors import DocumentError
from uasocial.reading.document import Document

__all__ = ["MAX_BYTES", "open_document", "read_file", "read_stream"]

MAX_BYTES = 20_000_000


def open_document(data: bytes, name: str) -> Document:
    """Read a document of any format; raise DocumentError with what to do about it."""
    # Each is loaded when it is needed: whoever reads a text waits for nothing else.
    from uasocial.reading.formats import sniffing  # noqa: PLC0415

    if not data:
        raise DocumentError(name, "is empty")
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"is larger than {MAX_BYTES:,} bytes: give the action alone")
    kind = sniffing.format_of(data, name)
    if kind == "text":
        from uasocial.reading.formats import text  # noqa: PLC0415

        return text.read(data, name)
    if kind == "json":
        from uasocial.reading.formats import exported  # noqa: PLC0415

        return exported.read(data, name)
    from uasocial.reading.formats import apart  # noqa: PLC0415

    return apart.read(kind, data, name)


def read_file(path: Path) -> Document:
    """Read the document in the file *path*."""
    try:
        _check_plain(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DocumentError(str(path), "is not there: check the name") from None
    except OSError as error:
        raise DocumentError(str(path), f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise DocumentError(str(path), "is no name of a file") from None
    return open_document(data, path.name)


def _check_plain(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise DocumentError(str(path), "is a folder: give a file in it")
    if not stat.S_ISREG(mode):
        raise DocumentError(str(path), "is no plain file: give one, or pipe it in as -")


def read_stream(stream: BinaryIO) -> Document:
    """Read the document that *stream* gives; its name is `-`."""
    try:
        data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError("-", f"cannot be read: {error.strerror}") from None
    return open_document(data, "-")
