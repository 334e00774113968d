"""What a file or a folder may be called, so that every host, disk and system takes it."""

from collections.abc import Iterable
from unicodedata import normalize

__all__ = ["fault_of_name", "fault_of_path", "first_pair", "same_name"]

# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_NO_FILE = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"]
)
# In an address each begins something else: https://www.rfc-editor.org/rfc/rfc3986#section-2
_NO_ADDRESS = frozenset("#%")


def fault_of_name(name: str) -> str:
    """Say why a file or folder cannot have this name everywhere, or return ``""``."""
    if not name.isprintable():
        return "holds a character that nobody sees"
    bad = sorted(_NO_FILE.intersection(name))
    if bad:
        return f"holds {bad[0]}, which Windows takes in no name"
    bad = sorted(_NO_ADDRESS.intersection(name))
    if bad:
        return f"holds {bad[0]}, which has a meaning of its own in an address"
    if name.startswith(" ") or name.endswith((" ", ".")) or not name:
        return "begins or ends with a space or a dot, which Windows takes off"
    # `aux.txt` is the device as well.
    if name.partition(".")[0].rstrip().lower() in _DEVICES:
        return "is the name of a device on Windows"
    return ""


def fault_of_path(path: str) -> str:
    """Say why a file cannot lie at *path* everywhere, or return ``""``."""
    faults = ((part, fault_of_name(part)) for part in path.split("/"))
    return next((f"{part!r} {fault}" for part, fault in faults if fault), "")


def same_name(one: str) -> str:
    """Return what is equal for two names that are one file on some disk.

    Many tell no capitals apart, and some no two ways of writing an accent.
    """
    return normalize("NFC", normalize("NFC", one).casefold())


def first_pair(names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two of *names* that are one file on some disk."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(same_name(name), name)
        if other != name:
            return other, name
    return None
