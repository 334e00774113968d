"""What can go wrong, and what the caller should do about it.

UasocialError           show the message and exit 1; it says what to do
├── CaseError           a file of a case is wrong: mend the places it lists
├── TemplateError       a template is wrong: mend it
├── DocumentError       a document cannot be read, or is no urgent action: give another
├── Refused             the case must not be handed out now: do not, and say why
├── NotFound            nothing has that name: choose one of the names given
└── SettingsError       uasocial.toml is wrong: mend it
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "CaseError",
    "DocumentError",
    "NotFound",
    "Place",
    "Refused",
    "SettingsError",
    "TemplateError",
    "UasocialError",
    "nearest",
    "printable",
]


class UasocialError(Exception):
    """The root of every error that uasocial raises on purpose."""


class Place(NamedTuple):
    """One thing wrong in one file; *line* counts from 1, and 0 means the whole file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        path = self.path
        if path.is_absolute() and path.is_relative_to(Path.cwd()):
            path = path.relative_to(Path.cwd())
        where = f"{path}:{self.line}" if self.line else str(path)
        return printable(f"{where}: {self.message}")


class CaseError(UasocialError):
    """Files of a case are wrong; *places* says where, a line each."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        super().__init__("\n".join(map(str, self.places)))


class TemplateError(UasocialError):
    """A template cannot be read or does not render."""

    def __init__(self, source: str, line: int, message: str) -> None:
        self.source, self.line, self.message = source, line, message
        where = f"{source}:{line}" if line else source
        super().__init__(printable(f"{where}: {message}"))


class DocumentError(UasocialError):
    """A document cannot be read, or holds no urgent action; one line says which and why."""

    def __init__(self, name: str, message: str) -> None:
        self.name, self.message = name, message
        super().__init__(printable(f"{name}: {message}"))


class Refused(UasocialError):  # noqa: N818 - a refusal is no fault
    """A case whose words must not be handed out at this moment."""


class NotFound(UasocialError):  # noqa: N818 - reads as the sentence it is
    """A name that stands for nothing here."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        hint = nearest(name, names)
        if not hint:
            hint = f"; there are: {', '.join(names)}" if names else "; there is none here"
        super().__init__(printable(f"no {kind} {name!r}{hint}"))


class SettingsError(UasocialError):
    """uasocial.toml does not say what it should."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name nearest to *name*, else ``""``."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who errs waits for it

    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def printable(text: str) -> str:
    """Return *text* on one line each, with what could disturb a terminal written as escapes."""
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape", "surrogatepass").decode()
        for c in text
    )
