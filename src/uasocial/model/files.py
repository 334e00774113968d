"""The files of a case: `actions/<id>/action.yaml`, `<language>.yaml`, `versions/<n>/`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from uasocial.errors import CaseError, NotFound, Place
from uasocial.model import tree
from uasocial.model.codes import is_language
from uasocial.model.days import Day, Moment
from uasocial.model.facts import Facts
from uasocial.model.numbers import ActionNumber, DocumentIndex
from uasocial.model.wording import Words

__all__ = ["Action", "action_ids", "decode", "read_action", "read_faults", "schema"]

FACTS = "action.yaml"
MAX_LANGUAGES = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Action:
    """An urgent action: its facts, and its words in each language it is written in."""

    id: str
    folder: Path
    facts: Facts
    words: dict[str, Words]
    trees: dict[str, tree.Tree] = field(repr=False, compare=False)

    def place(self, language: str, at: tree.At, message: str) -> Place:
        """Return where *at* stands in the file of *language*; `""` is `action.yaml`."""
        return self.trees[language].place(at, message)

    def title(self, language: str) -> str:
        """Return the title in *language*, else in the first language that has one, else the id."""
        titles = (words.title for words in (self.words[language], *self.words.values()))
        return next(filter(None, titles), self.id)

    @property
    def versions(self) -> list[int]:
        """The numbers of the earlier versions that are kept."""
        folder = self.folder / "versions"
        return sorted(int(p.name) for p in folder.glob("*") if p.name.isdecimal())


def action_ids(actions: Path) -> list[str]:
    """List the cases in the folder *actions*; a folder with a dot in front is none."""
    if not actions.is_dir():
        return []
    return sorted(p.name for p in actions.iterdir() if _is_case(p))


def read_action(actions: Path, name: str, today: date, version: int | None = None) -> Action:
    """Read the case *name*; raise NotFound, or CaseError with everything wrong in its files."""
    action, faults = read_faults(actions, name, today, version)
    if action is None or faults:
        raise CaseError(faults)
    return action


def read_faults(
    actions: Path, name: str, today: date, version: int | None = None
) -> tuple[Action | None, list[Place]]:
    """Read the case *name* and list all that is wrong in its files; raise NotFound."""
    folder = _folder(actions, name, version)
    faults: list[Place] = []
    trees: dict[str, tree.Tree] = {}
    facts = None
    if (folder / FACTS).is_file():
        # Whether dates may be counted from today is a fact of the same file.
        facts = _collect(faults, trees, "", folder / FACTS, Facts, today)
    else:
        faults.append(Place(folder / FACTS, 0, "is missing: the facts of a case stand there"))
    words = {
        language: found
        for language, path in _languages(folder, faults)
        if (found := _collect(faults, trees, language, path, Words, today)) is not None
    }
    if not words and not faults:
        faults.append(Place(folder, 0, "has no words yet: write them into <language>.yaml"))
    elif not faults and not any(found.title and found.lead for found in words.values()):
        faults.append(Place(folder, 0, "has `title` and `lead` in no language: write them in one"))
    if facts is None:
        return None, faults
    return Action(name, folder, facts, words, trees), faults


def _folder(actions: Path, name: str, version: int | None) -> Path:
    # Listed only for who errs: there may be thousands of cases.
    if not _is_case(actions / name) or Path(name).name != name:
        raise NotFound("action", name, action_ids(actions))
    if version is None:
        return actions / name
    folder = actions / name / "versions" / str(version)
    if not folder.is_dir():
        raise NotFound("version", str(version), [p.name for p in folder.parent.glob("*")])
    return folder


def _is_case(folder: Path) -> bool:
    return not folder.name.startswith(".") and folder.is_dir() and any(folder.glob("*.yaml"))


def _languages(folder: Path, faults: list[Place]) -> Iterator[tuple[str, Path]]:
    """Yield each language and its file; a stray YAML file is a fault, not a thing to overlook."""
    for path in sorted(folder.glob("*.y*ml"))[: MAX_LANGUAGES + 1]:
        if path.name == FACTS:
            continue
        if path.suffix == ".yaml" and is_language(path.stem):
            yield path.stem, path
        else:
            if is_language(path.stem):
                message = f"is not read: name it {path.stem}.yaml"
            else:
                message = f"{path.stem!r} is no language; name the file by one, such as es.yaml"
            faults.append(Place(path, 0, message))


def _collect(  # noqa: PLR0913, PLR0917 - one reader for both kinds of file
    faults: list[Place],
    trees: dict[str, tree.Tree],
    key: str,
    path: Path,
    kind: type[T],
    today: date,
) -> T | None:
    try:
        trees[key] = tree.read(path)
        return decode(trees[key], kind, today)
    except CaseError as error:
        faults.extend(error.places)
        return None


def decode(source: tree.Tree, kind: type[T], today: date) -> T:
    """Make a *kind* of the tree; raise CaseError with the place of everything wrong."""
    example = isinstance(source.value, dict) and source.value.get("example") is True
    own = _OwnTypes(today if example else None)
    try:
        return _converted(source, kind, own)
    except (msgspec.ValidationError, RecursionError) as error:
        from uasocial.model import faults  # noqa: PLC0415 - the slow road only

        places = faults.find(source, kind, own)
        # A fault that only the fast road sees is still told, if less well.
        raise CaseError(places or [source.place((), str(error))]) from None


def _converted(source: tree.Tree, kind: type[T], own: "_OwnTypes") -> T:
    """Convert fast; a null, which msgspec takes for what may be left out, is a fault here."""
    found = msgspec.convert(source.value, kind, dec_hook=own)
    if source.has_null:
        raise msgspec.ValidationError("a key has no value")
    return found


class _OwnTypes:
    """Reads the types that YAML and msgspec do not know."""

    def __init__(self, today: date | None) -> None:
        self.today = today

    def __call__(self, kind: type, value: Any) -> Any:
        if kind is Day:
            return Day.parse(value, self.today)
        if kind is Moment:
            return Moment.parse(value)
        if kind in (ActionNumber, DocumentIndex):
            if not isinstance(value, str):
                raise ValueError("a number such as 'UA 119/21' belongs here, in quotes if need be")
            return kind.parse(value)
        raise NotImplementedError(kind)


def schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of a file: of Facts or of Words."""

    def own(cls: type) -> dict[str, Any]:
        if cls in (Day, Moment, ActionNumber, DocumentIndex):
            return {"type": "string", "description": cls.__doc__}
        raise NotImplementedError(cls)

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__doc__,
        **_tidied(msgspec.json.schema(kind, schema_hook=own)),
    }


def _tidied(part: Any) -> Any:
    """Return a schema in which what may be left out may not be null either.

    Its descriptions lose their indentation, which Python takes off docstrings from 3.13 on.
    """
    if isinstance(part, list):
        return [_tidied(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {k: _tidied(v) for k, v in part.items() if (k, v) != ("default", None)}
    if isinstance(kept.get("description"), str):
        kept["description"] = cleandoc(kept["description"])
    if {"type": "null"} in kept.get("anyOf", ()):
        kept["anyOf"].remove({"type": "null"})
        if len(kept["anyOf"]) == 1:
            kept |= kept.pop("anyOf")[0]
    return kept
