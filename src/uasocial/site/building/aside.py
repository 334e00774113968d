"""The folder beside a site in which the next one is made, and the step that puts it in its place.

It is called `.uasocial-<name of the site>` and holds `lock`, `new` and, where two folders cannot
swap their names in one step, for a moment `old`. Whatever a run left there that was cut off, the
next one mends: the site is back in its place, and the rest is cleared.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable
from uasocial.site.building.exchanging import exchange
from uasocial.site.building.previous import kept_in

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Aside", "beside", "link"]

# Seconds: whoever begins just when another ends need not be told to wait.
PATIENCE = 1.0
# Tries to make the folder, which another run may be clearing at this moment.
TRIES = 5


class Aside:
    """Where the next site is made, beside the one at *place*."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = place.with_name(f".uasocial-{place.name}")
        self.new, self.old = self.folder / "new", self.folder / "old"
        self.lock = self.folder / "lock"

    def begin(self) -> None:
        """Make the new folder, with the permissions of the one whose place it takes."""
        self.new.mkdir()
        if self.place.exists():
            with suppress(OSError, AttributeError):
                os.chown(self.new, -1, self.place.stat().st_gid)
            shutil.copymode(self.place, self.new)

    def put(self) -> None:
        """Move the new site into its place; what belongs to a person or a host stays there."""
        if not self.place.exists():
            self.new.rename(self.place)
            return
        for path in kept_in(self.place):
            if not path.is_dir() or path.is_symlink():
                link(path, self.new / path.name)
        if not exchange(self.new, self.place):
            self.place.rename(self.old)
            self.new.rename(self.place)
        # What was in its place is under one of these names now.
        self.mend()

    def mend(self) -> None:
        """Put back what is not in its place, and clear the rest."""
        if self.old.is_dir() and not self.place.exists():
            self.old.rename(self.place)
        for left in (self.old, self.new):
            if self.place.exists() and left.is_dir():
                self._bring_back(left)
            if left.exists():
                _clear(left)

    def _bring_back(self, left: Path) -> None:
        """Move the folders that are kept from a site that was replaced to the one in its place.

        They are never copied: a repository, say, may be written to at any time. A site that is
        only being made has none.
        """
        for path in kept_in(left):
            if not path.is_dir() or path.is_symlink():
                continue
            to = self.place / path.name
            if to.exists():
                raise UasocialError(
                    printable(f"{path}: was in the site before, and {to} is there now: keep one")
                )
            path.rename(to)


@contextmanager
def beside(place: Path) -> Iterator[Aside]:
    """Lock the place of a site and mend what is left there; nothing is left there afterwards."""
    aside = Aside(place)
    lock = _locked(aside)
    try:
        aside.mend()
        try:
            yield aside
        finally:
            aside.mend()
            # While it is locked: whoever has opened it already sees that it is gone.
            with suppress(OSError):
                aside.lock.unlink(missing_ok=True)
    finally:
        lock.release()
        with suppress(OSError):
            aside.folder.rmdir()


def _locked(aside: Aside) -> "BaseFileLock":
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only who builds a site

    for _ in range(TRIES):
        aside.folder.mkdir(0o700, parents=True, exist_ok=True)
        lock = FileLock(aside.lock, PATIENCE, 0o600, fallback_to_soft=False)
        try:
            lock.acquire()
        except FileNotFoundError:
            continue
        except Timeout:
            break
        return lock
    raise UasocialError(
        printable(f"{aside.place}: somebody is building it at this moment: wait for the end of it")
    )


def _clear(left: Path) -> None:
    try:
        shutil.rmtree(left)
    except OSError as error:
        raise UasocialError(
            printable(
                f"{left}: is left of another build and cannot be removed ({error.strerror}): take "
                "it away, for what was withdrawn since may stand in it"
            )
        ) from None


def link(path: Path, to: Path) -> None:
    """Share the bytes of a file under another name, unless there is one; a link stays a link."""
    try:
        os.link(path, to, follow_symlinks=False)
    except (OSError, NotImplementedError):
        if not os.path.lexists(to):
            shutil.copy2(path, to, follow_symlinks=False)
