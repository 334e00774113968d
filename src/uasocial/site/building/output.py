"""The files of a site as they are made: what is new is written, what was there is shared."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from uasocial.errors import UasocialError, printable
from uasocial.site.building.aside import link
from uasocial.site.building.previous import Previous
from uasocial.site.resource import Resource
from uasocial.text.file_names import fault_of_path, same_name

__all__ = ["Output", "guarded"]

T = TypeVar("T")


class Output:
    """Takes the files of a site; they are written into the folder *new*, or only counted.

    *files* are all of them by their digests, *made* those that are other than before.
    """

    def __init__(self, previous: Previous, new: Path | None) -> None:
        self.files: dict[str, str] = {}
        self.made: list[str] = []
        self._previous = previous
        self._new = new
        self._names: dict[str, str] = {}
        self._folders: set[Path] = set()

    @property
    def kept(self) -> int:
        return len(self.files) - len(self.made)

    @property
    def removed(self) -> list[str]:
        """What is there and will be no more."""
        return self._previous.others(self.files)

    def keep(self, path: str) -> None:
        """Take a file as it stands; it was made of what has not changed."""
        self._claim(path)
        self.files[path] = self._previous.manifest.files[path]
        self._share(path)

    def make(self, one: Resource) -> None:
        """Make a file; where that comes to what is there already, that one is kept."""
        self._claim(one.path)
        data = guarded(one.path, one.make)
        self.files[one.path] = digest = hashlib.sha256(data).hexdigest()
        if self._previous.holds(one.path, digest):
            self._share(one.path)
        else:
            self.made.append(one.path)
            self._write(one.path, data)

    def finish(self, path: str, data: bytes) -> bool:
        """Write the list of the files, which is none of them; tell whether anything is other."""
        same = self._previous.holds(path, hashlib.sha256(data).hexdigest())
        if same:
            self._share(path)
        else:
            self._write(path, data)
        return not same or bool(self.made or self.removed)

    def _claim(self, path: str) -> None:
        """Raise where two files would be one on some disk, or one could not be there at all."""
        fault = fault_of_path(path)
        if path.startswith("."):
            # There a person's own folders lie, and stay.
            fault = "begins with a dot"
        if fault:
            raise UasocialError(printable(f"{path}: {fault}: rename what it is made of"))
        other = self._names.setdefault(same_name(path), path)
        if path in self.files or other != path:
            raise UasocialError(
                printable(f"{path} and {other} would be one file on some disks: rename one")
            )

    def _share(self, path: str) -> None:
        if self._new is not None:
            link(self._previous.folder / path, self._place(path))

    def _write(self, path: str, data: bytes) -> None:
        if self._new is not None:
            self._place(path).write_bytes(data)

    def _place(self, path: str) -> Path:
        assert self._new is not None  # noqa: S101 - asked before
        place = self._new / path
        if place.parent not in self._folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(place.parent)
        return place


def guarded(what: str, make: Callable[[], T]) -> T:
    """Make something; whatever goes wrong there is an error of one line that says in *what*."""
    try:
        return make()
    except (UasocialError, MemoryError):
        raise
    except Exception as error:
        # A plugin or a template may raise anything.
        said = printable(f"{what}: cannot be made: {error!r}").replace("\n", " ")
        raise UasocialError(said) from error
