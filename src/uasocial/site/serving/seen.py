"""Whether files are still as they were when they were read."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

__all__ = ["Seen", "see"]

# Two writes within one tick of a file system's clock leave the same time behind; that of FAT, as
# on a memory stick, ticks every two seconds:
# https://learn.microsoft.com/en-us/windows/win32/sysinfo/file-times
TICK = 2_000_000_000
# Deeper lies nothing of a case, and a link may lead in a circle.
DEPTH = 4

Stamp = tuple[str, int, int, int, int]
_GONE = (-1, -1, -1, -1)


class Seen(NamedTuple):
    """Names, times and sizes of files; of those that are *fresh*, a digest, too.

    A fresh file can change once more without another time or size.
    """

    stamps: tuple[Stamp, ...]
    fresh: dict[str, bytes]

    def holds(self, now: "Seen") -> bool:
        """Tell whether what was read then is what stands there *now*."""
        return self.stamps == now.stamps and all(
            digest in (now.fresh.get(path), _digest(path)) for path, digest in self.fresh.items()
        )


def see(paths: Iterable[Path], at: float) -> Seen:
    """Look at files and folders with all that is in them; *at* is the time now, in seconds."""
    stamps = tuple(sorted(stamp for path in paths for stamp in _stamps(str(path), DEPTH)))
    since = int(at * 1_000_000_000) - TICK
    fresh = {path: _digest(path) for path, *times, _, _ in stamps if max(times) >= since}
    return Seen(stamps, fresh)


def _stamps(path: str, depth: int) -> Iterator[Stamp]:
    try:
        found = os.stat(path)  # noqa: PTH116 - called for thousands of files at a request
    except (OSError, ValueError):
        yield (path, *_GONE)
        return
    # A copy may keep the time of what it is a copy of; that of the file's own entry it cannot.
    yield path, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
    if depth and S_ISDIR(found.st_mode):
        for name in _names(path):
            yield from _stamps(f"{path}{os.sep}{name}", depth - 1)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - as above
    except OSError:
        return []


def _digest(path: str) -> bytes:
    """Return a digest of a file; that of a folder, or of what cannot be read, is empty."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""
