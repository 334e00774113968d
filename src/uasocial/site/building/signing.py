"""Signatures: whether anything that the site is made of has changed, told without reading it."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path
from sys import version as python
from typing import TYPE_CHECKING

import uasocial
from uasocial import learned
from uasocial.errors import UasocialError
from uasocial.plugins import trust
from uasocial.site.assets import OWN
from uasocial.site.cards import as_json
from uasocial.site.looking import files_of_case
from uasocial.site.resource import sign

if TYPE_CHECKING:
    from uasocial.site.cards import Card
    from uasocial.toolkit import Toolkit

__all__ = ["of_cards", "of_case", "of_ground"]

PACKAGE = "uasocial"


def of_case(folder: Path) -> str:
    """Sign the files of a case that a site is made of, by their names and their bytes."""
    return sign(_named(folder, files_of_case(folder)))


def of_cards(cards: "Iterable[Card]") -> str:
    """Sign cards, in their order."""
    return sign(as_json(card) for card in cards)


def of_ground(kit: "Toolkit", base: str) -> str:
    """Sign all that the whole site depends on: program, templates, settings and plugins.

    A rehearsal is signed with its very moment, since there the clock goes back, too.
    """
    moment = f"{kit.now.isoformat()} {kit.actual.date()}" if kit.rehearsal else ""
    said = (base, f"{kit.now.tzinfo}", moment, python)
    return sign([*map(str.encode, said), *_program(), *_own(kit)])


def _program() -> Iterator[bytes]:
    """Yield the code of uasocial, and the versions of all that it is made with."""
    package = Path(uasocial.__file__).parent
    yield from _tree(package)
    names = [PACKAGE]
    with suppress(PackageNotFoundError):
        names += [re.split(r"[^\w.-]", one)[0] for one in requires(PACKAGE) or []]
    for name in sorted(set(names)):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}".encode()


def _own(kit: "Toolkit") -> Iterator[bytes]:
    """Yield what a project brings besides its cases, and what is installed beside uasocial."""
    project = kit.project
    for folder in project.templates:
        yield from _tree(folder)
    if project.root:
        yield from _tree(project.root / OWN)
        own = (project.file, project.root / learned.FILE, *project.plugin_files)
        yield from _named(project.root, (path for path in own if path.is_file()))
    for entry in sorted(entry_points(group=PACKAGE), key=lambda one: one.name):
        yield f"{entry.name} {entry.value} {entry.dist.version if entry.dist else ''}".encode()
    with suppress(UasocialError):
        yield from (os.fsencode(f"{path}\0{digest}") for path, digest in trust.trusted())


def _tree(folder: Path) -> Iterator[bytes]:
    files = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return _named(folder, sorted(path for path in files if path.is_file()))


def _named(folder: Path, files: Iterable[Path]) -> Iterator[bytes]:
    for path in files:
        yield os.fsencode(path.relative_to(folder))
        yield path.read_bytes()
