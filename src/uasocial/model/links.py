"""Links in the folder of a case: a file of elsewhere is none of a case."""

from collections.abc import Iterator
from pathlib import Path

__all__ = ["LEADS_OUT", "fault_of_links", "files_of_case", "leads_out"]

MEDIA = "media"
LEADS_OUT = "leads out of the project: put the file itself there"


def files_of_case(folder: Path) -> Iterator[Path]:
    """Yield the files of a case that a site is made of."""
    yield from sorted(folder.glob("*.y*ml"))
    yield from sorted(path for path in (folder / MEDIA).glob("*") if path.is_file())


def fault_of_links(folder: Path, root: Path) -> str:
    """Say which file of a case a link brings in from outside *root*, or return ``""``."""
    try:
        stray = _stray(folder, root.resolve())
    except (OSError, RuntimeError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return f"{stray} {LEADS_OUT}" if stray else ""


def _stray(folder: Path, root: Path) -> Path | None:
    home = folder.resolve()
    for path in files_of_case(folder):
        if leads_out(path, home, root):
            return path.relative_to(folder)
    return None


def leads_out(path: Path, *homes: Path) -> bool:
    """Tell whether a file lies in none of *homes*, which are resolved."""
    real = path.resolve()
    return not any(real.is_relative_to(home) for home in homes)
