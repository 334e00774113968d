"""What lies in a section's folder and nothing reads: a slip in a name would else be silent."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError
from jinja2.meta import find_referenced_templates

from uasocial.errors import nearest, printable
from uasocial.site.assets import EXTRA, FONTS, LOGOS, OWN, Assets, is_font
from uasocial.site.pages import TEMPLATES, Pages

if TYPE_CHECKING:
    from uasocial.settings import Project

__all__ = ["unread"]

# What is for people, as it comes with fonts and in repositories.
_FOR_PEOPLE = ("readme", "licen", "copying", "ofl", "fontlog", "authors")
_STYLES = frozenset((".css", ".less", ".scss"))
_PICTURES = frozenset((".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"))
_LETTERS = frozenset((".eot", ".otf", ".ttc", ".ttf", ".woff", ".woff2"))
_NO_TEMPLATE = _STYLES | _PICTURES | _LETTERS


def unread(project: "Project") -> list[str]:
    """Say which files in the folder of a section nothing reads, and what is read, a line each."""
    own = Assets(project).own
    if own is None or not own.is_dir():
        return [f"{OWN}: is no folder: nothing reads it"] if own and os.path.lexists(own) else []
    read = _read(own)
    left = [
        path
        for path in _files(own)
        if _leads_nowhere(path) or (path not in read and not _is_for_people(path))
    ]
    return [printable(line) for line in dict.fromkeys(_said(path, own, read) for path in left)]


def _files(own: Path) -> Iterator[Path]:
    """Yield all files but those that are hidden."""
    for path in sorted(own.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(own).parts)
        if not hidden and (path.is_file() or _leads_nowhere(path)):
            yield path


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _is_for_people(path: Path) -> bool:
    return path.name.casefold().startswith(_FOR_PEOPLE)


def _read(own: Path) -> set[Path]:
    logo = next((name for name in LOGOS if (own / name).is_file()), "")
    fonts = filter(is_font, (own / FONTS).glob("*"))
    return {own / EXTRA, own / logo, *fonts, *_templates(own)}


def _templates(own: Path) -> set[Path]:
    """Return the files that pages are made of: ours by their names, and what these take in.

    Where that is not to be told before they run, it may be any file that is nothing else.
    """
    environment = Pages([own]).environment
    waiting = _ours()
    found = set[Path]()
    while waiting:
        path = own / waiting.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        try:
            named = list(find_referenced_templates(environment.parse(path.read_text("utf-8"))))
        except (OSError, UnicodeError, TemplateSyntaxError):
            named = [None]
        if None in named:
            return {one for one in _files(own) if one.suffix.lower() not in _NO_TEMPLATE}
        waiting += filter(None, named)
    return found


def _ours() -> list[str]:
    return [path.name for path in TEMPLATES.glob("*.j2")]


def _said(path: Path, own: Path, read: Iterable[Path]) -> str:
    """Say that a file is not read, or the folder in which none is, and what would be."""
    if _leads_nowhere(path):
        return f"{own.name}/{path.relative_to(own).as_posix()}: is a link that leads nowhere"
    top = own / path.relative_to(own).parts[0]
    if top not in {path, own / FONTS} and not any(one.is_relative_to(top) for one in read):
        hint = nearest(top.name, [FONTS])
        return f"{own.name}/{top.name}: nothing reads this folder{hint}"
    return f"{own.name}/{path.relative_to(own).as_posix()}: nothing reads it{_instead(path, own)}"


def _instead(path: Path, own: Path) -> str:
    ending = path.suffix.lower()
    if ending in _STYLES:
        return f": {EXTRA} is read"
    if ending in _PICTURES:
        first = [name for name in LOGOS if (own / name).is_file()][:1]
        return f": {' or '.join(first or LOGOS)} is read"
    if ending in _LETTERS:
        return f": the .ttf and .otf files in {FONTS}/ are read"
    return nearest(path.name, _ours()) if path.parent == own else ""
