"""Where a site may be built: in a folder of its own, which can be exchanged as a whole."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable
from uasocial.site.assets import OWN

if TYPE_CHECKING:
    from uasocial.settings import Project

__all__ = ["place_of"]

# Of a project: what is read, and would be read as something else if a site lay in it.
_READ = ("actions", "templates", "plugins", OWN)


def place_of(out: Path, project: "Project") -> Path:
    """Return where *out* really is; raise UasocialError where a site cannot be built there.

    A link to a folder is followed, and stays.
    """
    fault = _fault_of_kind(out)
    if fault:
        raise UasocialError(printable(f"{out}: {fault}"))
    place = _real(out)
    fault = _fault_of_place(place) or _fault_in_project(place, project)
    if fault:
        raise UasocialError(printable(f"{out}: {fault}"))
    return place


def _fault_of_kind(out: Path) -> str:
    try:
        if out.is_symlink() and not out.exists():
            return "is a link that leads nowhere: make the folder, or name another"
        if out.exists() and not out.is_dir():
            return "is no folder: name another place"
    except (OSError, ValueError) as error:
        return f"is no place for a site: {getattr(error, 'strerror', None) or error}"
    return ""


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise UasocialError(printable(f"{path}: is no place for a site: name another")) from None


def _fault_of_place(place: Path) -> str:
    if os.path.ismount(place):
        return "is where a disk is mounted, which cannot be exchanged: name a folder in it"
    if _here().is_relative_to(place):
        return (
            "is the folder that you are in, and it is exchanged as a whole: go one up, and name "
            "this one from there"
        )
    return ""


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        # It is gone; nobody can be in the way there.
        return Path("/nowhere")


def _fault_in_project(place: Path, project: "Project") -> str:
    root = _real(project.root or project.actions.parent)
    if root.is_relative_to(place):
        return f"holds the project {root}: name a folder of its own"
    for name in _READ:
        if place.is_relative_to(root / name) or place.is_relative_to(_real(root / name)):
            return f"is in {name}/ of the project, which is read: name another, such as public"
    return ""
