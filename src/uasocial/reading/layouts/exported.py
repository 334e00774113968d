"""A case of another installation, as `uasocial show ACTION --json` prints it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from uasocial.errors import CaseError, DocumentError
from uasocial.model import Facts, Words, files, tree
from uasocial.model.codes import is_language
from uasocial.model.plain import plain
from uasocial.reading.document import Document
from uasocial.reading.found import FACTS, At, Field, Match, Reading
from uasocial.reading.vetting import faults

__all__ = ["match"]

LAYOUT = "exported case"
SCHEMA = 1

_LACKING = ("`actions`, as `uasocial show ACTION --json` prints them",)


def match(document: Document) -> Match | None:
    """Take every JSON document that has a schema and actions."""
    if document.format != "json":
        return None
    data = document.data
    fits = isinstance(data, dict) and isinstance(data.get("actions"), list) and "schema" in data
    return Match(LAYOUT, 1.0 if fits else 0.0, () if fits else _LACKING, lambda: _read(document))


def _read(document: Document) -> Reading:
    action = _action(document)
    words = action.get("words")
    if not isinstance(words, dict) or not all(map(is_language, words)):
        raise DocumentError(document.name, "`words` must have languages as keys, such as es")
    parts: list[tuple[str, type[Struct], Any]] = [(FACTS, Facts, action.get("facts"))]
    parts += [(language, Words, said) for language, said in words.items()]
    fields = [
        field
        for file, kind, content in parts
        for field in _fields(plain(_decoded(document, file, kind, content)), (file,))
    ]
    return Reading(document=document, layout=LAYOUT, fields=tuple(fields))


def _action(document: Document) -> dict[str, Any]:
    """Return the one action of *document*; raise DocumentError where there is another number."""
    schema, actions = document.data["schema"], document.data["actions"]
    if schema != SCHEMA:
        newer = isinstance(schema, int) and schema > SCHEMA
        what = "a newer uasocial wrote it: install one that is as new" if newer else "unknown here"
        raise DocumentError(document.name, f"has schema {schema!r:.40}: {what}")
    if len(actions) != 1:
        names = ", ".join(str(a["id"]) for a in actions if isinstance(a, dict) and "id" in a)
        raise DocumentError(
            document.name,
            f"holds {len(actions)} actions{f' ({names:.200})' if names else ''}: give one, "
            "as `uasocial show ACTION --json` prints the wanted one",
        )
    if not isinstance(actions[0], dict):
        raise DocumentError(document.name, "its action holds no facts and words")
    return actions[0]


def _decoded(document: Document, file: str, kind: type[Struct], content: Any) -> Struct:
    """Return facts or words as the model takes them; raise DocumentError with what is wrong."""
    said = _said(content) if isinstance(content, dict) else {}
    wrong = faults(said, kind, date.min) or _wrong_as_a_whole(said, kind)
    if wrong:
        told = "; ".join(f"{'.'.join(map(str, at))}: {why}".lstrip(": ") for at, why in wrong[:3])
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""  # noqa: PLR2004
        raise DocumentError(document.name, f"{file}: {told}{more}")
    return _decode(said, kind)


def _decode(said: dict[str, Any], kind: type[Struct]) -> Struct:
    found: Struct = files.decode(tree.Tree(Path(FACTS), said, {}), kind, date.min)
    return found


def _wrong_as_a_whole(said: dict[str, Any], kind: type[Struct]) -> list[tuple[At, str]]:
    try:
        _decode(said, kind)
    except CaseError as error:
        return [((), place.message) for place in error.places]
    return []


def _said(value: Any) -> Any:
    """Return *value* without what JSON says of nothing: null stands for what is left out."""
    if isinstance(value, dict):
        return {key: _said(inner) for key, inner in value.items() if inner is not None}
    return [_said(inner) for inner in value] if isinstance(value, list) else value


def _fields(value: Any, at: At) -> Iterator[Field]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _fields(inner, (*at, key))
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield from _fields(item, (*at, number))
    else:
        yield Field(at, value, ())
