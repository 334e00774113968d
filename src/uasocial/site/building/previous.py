"""The site that stands in a folder already: what of it is as it was made."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from uasocial.errors import UasocialError, printable
from uasocial.site import paths
from uasocial.site.building import manifest

__all__ = ["Previous", "is_kept", "kept_in"]

# What hosts are told by files at the top: the own domain, headers, and where old addresses lead.
# https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site
# https://docs.gitlab.com/user/project/pages/redirects/
# https://docs.netlify.com/manage/routing/headers/
HOSTS = frozenset({"CNAME", "_headers", "_redirects"})
# What systems leave in a folder that somebody has looked at; nobody misses it.
_LITTER = frozenset({".DS_Store", ".directory", "Thumbs.db", "desktop.ini"})
_LITTER_BEGINS = ("._", ".nfs")
SHOWN = 3


class Previous:
    """The site in *folder*, if there is one; raise UasocialError where something else is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _manifest(folder)
        self._found = set(_walk(folder))
        self._digests: dict[str, str] = {}
        self._assert_ours()

    def intact(self, names: Iterable[str]) -> bool:
        """Tell whether all these files are as they were made."""
        known = self.manifest.files
        return all(name in known and self.holds(name, known[name]) for name in names)

    def holds(self, name: str, digest: str) -> bool:
        """Tell whether there is a file of this digest at *name*."""
        if name not in self._found:
            return False
        if name not in self._digests:
            self._digests[name] = _digest(self.folder / name)
        return self._digests[name] == digest

    def had(self, case: str) -> bool:
        """Tell whether something of a case was public."""
        return paths.short(case) in self.manifest.files

    def others(self, names: Iterable[str]) -> list[str]:
        """List the files that are none of *names*."""
        return sorted(self._found.intersection(self.manifest.files).difference(names))

    def _assert_ours(self) -> None:
        strange = sorted(self._found.difference(self.manifest.files, [manifest.NAME]))
        if not strange:
            return
        more = len(strange) - SHOWN
        shown = ", ".join(strange[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        hint = "take that out of it" if self.manifest.files else "name a folder of its own"
        raise UasocialError(
            printable(f"{self.folder}: holds something else than a site ({shown}): {hint}")
        )


def is_kept(name: str) -> bool:
    """Tell whether what lies at the top of a site under *name* is a person's or a host's."""
    return name != manifest.NAME and (name.startswith(".") or name in HOSTS)


def kept_in(folder: Path) -> list[Path]:
    """List what stays of a folder when the site in it is exchanged."""
    return sorted(path for path in folder.iterdir() if is_kept(path.name))


def _digest(path: Path) -> str:
    """Return the digest of a plain file that can be read, or ``""``."""
    try:
        plain = stat.S_ISREG(path.lstat().st_mode)
        return hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
    except OSError:
        return ""


def _manifest(folder: Path) -> manifest.Manifest:
    path = folder / manifest.NAME
    if path.is_symlink() or not path.is_file():
        return manifest.Manifest()
    found = manifest.decode(path.read_bytes())
    if found is None:
        raise UasocialError(
            printable(
                f"{path}: cannot be read, so that nobody knows whether this is a site of ours: "
                "move the folder away, or name another"
            )
        )
    return found


def _walk(folder: Path) -> Iterator[str]:
    """Yield what lies in a folder and is not kept: files, links, and anything else."""
    if not folder.is_dir():
        return
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - names are enough
        if not is_kept(name):
            yield from _below(folder, name)


def _below(folder: Path, name: str) -> Iterator[str]:
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        for inner in sorted(os.listdir(path)):  # noqa: PTH208
            yield from _below(folder, f"{name}/{inner}")
    elif not _is_litter(path.name):
        yield name


def _is_litter(name: str) -> bool:
    return name in _LITTER or name.startswith(_LITTER_BEGINS)
