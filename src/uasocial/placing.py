"""Files and folders put into their place in one step: built aside, and moved there when whole."""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from uasocial.errors import UasocialError, printable

__all__ = ["put_file", "put_folder", "replace_file", "zipped"]

ASIDE = ".uasocial-"
# What tells one of our files from another stands at its beginning.
START = 300
# A file in a zip has a time, and the same files are to be the same zip: the earliest there is.
EPOCH = (1980, 1, 1, 0, 0, 0)
# The system whose permissions stand in a zip, whichever one makes it:
# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.4.2)
UNIX = 3
# Files that would not get smaller.
_PACKED = (".jpg", ".png", ".zip")


def put_file(path: Path, data: bytes, ours: Callable[[bytes], bool]) -> None:
    """Write a file, in place of one that is *ours* by its beginning; refuse any other."""
    if path.is_symlink() or (path.exists() and not (path.is_file() and ours(_start(path)))):
        raise UasocialError(printable(f"{path}: is something else, and stays: name another place"))
    try:
        replace_file(path, data)
    except OSError as error:
        raise _failed(path, error) from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole, whatever stood there; nobody but its owner may read it."""
    handle, name = tempfile.mkstemp(prefix=ASIDE, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(START)
    except OSError as error:
        raise _failed(path, error) from None


def put_folder(path: Path, files: Mapping[str, bytes], known: Callable[[Path], set[str]]) -> None:
    """Make a folder of *files*, in place of one that holds nothing but what is *known* of it."""
    try:
        _assert_replaceable(path, known)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=path.parent))
        try:
            for name, data in files.items():
                (aside / "new" / name).parent.mkdir(parents=True, exist_ok=True)
                (aside / "new" / name).write_bytes(data)
            _exchange(path, aside)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise _failed(path, error) from None


def _assert_replaceable(path: Path, known: Callable[[Path], set[str]]) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UasocialError(printable(f"{path}: is no folder: name another place"))
    if not path.is_dir():
        return
    held = {str(one.relative_to(path)) for one in path.rglob("*") if not one.is_dir()}
    other = sorted(held - known(path)) if held else []
    if other:
        raise UasocialError(
            printable(f"{path}: holds something else ({other[0]}), and stays: name another folder")
        )


def _exchange(path: Path, aside: Path) -> None:
    """Move the new folder to its place; where that fails, the old one is back."""
    if not path.exists():
        (aside / "new").rename(path)
        return
    path.rename(aside / "old")
    try:
        (aside / "new").rename(path)
    except BaseException:
        (aside / "old").rename(path)
        raise


def _failed(path: Path, error: OSError) -> UasocialError:
    return UasocialError(printable(f"{path}: cannot be written: {error.strerror or error}"))


def zipped(root: str, files: Mapping[str, bytes], mode: int = 0o600) -> bytes:
    """Return *files* as a zip with all of them below one folder: the same files, the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", EPOCH)
            entry.create_system, entry.external_attr = UNIX, mode << 16
            packed = name.lower().endswith(_PACKED)
            kind = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, kind)
    return written.getvalue()
