"""`imported.json`: where every value of a case was read, and what was left over."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from uasocial.errors import UasocialError
from uasocial.model import tree
from uasocial.reading.assembling import Case, Remark
from uasocial.reading.found import FACTS, At
from uasocial.reading.merging import leaves, order, plain

__all__ = ["FILE", "LISTS", "as_json", "describe", "read", "write"]

FILE = "imported.json"
SCHEMA = 1
MAX_BYTES = 20_000_000
LISTS = ("documents", "fields", "unplaced", "doubts", "disagreements")

Entry = dict[str, Any]
Record = dict[str, list[Entry]]


def describe(case: Case) -> Record:
    """Return what `imported.json` says of *case*; documents go by their names, never by a path."""
    return {
        "documents": list(_documents(case)),
        "fields": list(_fields(case)),
        "unplaced": [_remark(remark) for remark in case.unplaced],
        "doubts": [_remark(remark) for remark in case.doubts],
        "disagreements": [
            {
                "path": list(at),
                "values": [{"value": v, "document": d, "line": n} for v, d, n in values],
            }
            for at, values in case.disagreements
        ],
    }


def write(case: Case, before: Record | None = None) -> str:
    """Return the text of `imported.json`, an entry a line.

    What *before* says of other documents stays, as long as its values stand in the case.
    """
    record = describe(case)
    if before:
        record = _kept(before, record, case)
    lists = ",\n".join(f"{as_json(name)}: [{_lines(record[name])}]" for name in LISTS)
    return f'{{\n"schema": {SCHEMA},\n{lists}\n}}\n'


def read(path: Path) -> Record | None:
    """Read what an earlier import has left, or None; raise UasocialError where it is no such."""
    if not os.path.lexists(path):
        return None
    try:
        found = _loaded(path)
        if found["schema"] == SCHEMA and all(map(_is_list, map(found.get, LISTS))):
            return {name: found[name] for name in LISTS}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise UasocialError(f"{path}: is no record of an import: take it away, then import again")


def _loaded(path: Path) -> Any:
    # A case may come from anywhere: a link in it could fetch any file of this machine.
    if path.is_symlink() or not path.is_file():
        raise ValueError("no plain file")
    with path.open("rb") as file:
        return json.loads(file.read(MAX_BYTES))


def _is_list(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(entry, dict) for entry in found)


def _documents(case: Case) -> Iterator[Entry]:
    for reading in case.readings:
        document = reading.document
        about = {
            "name": document.name,
            "sha256": document.sha256,
            "layout": reading.layout,
            "format": document.format,
            "retrieved": _retrieved(case, document.sha256),
        }
        yield {key: value for key, value in about.items() if value}


def _retrieved(case: Case, sha256: str) -> str:
    sources = plain(case.tree.get(FACTS, {})).get("sources", [])
    found = (s.get("retrieved_at") for s in sources if s.get("sha256") == sha256)
    return next(filter(None, found), "")


def _fields(case: Case) -> Iterator[Entry]:
    # In an order that a second import of the same finds again.
    for at, leaf in sorted(leaves(case.tree), key=lambda pair: order(pair[0])):
        for document, lines, value in leaf.origins:
            yield {
                "file": f"{at[0]}.yaml",
                "path": list(at[1:]),
                "document": document,
                "lines": list(lines),
                "value": value,
            }


def _remark(remark: Remark) -> Entry:
    return dict(remark._asdict())


def _kept(before: Record, record: Record, case: Case) -> Record:
    names = {entry["name"] for entry in record["documents"]}
    standing = {(f"{at[0]}.yaml", *at[1:]) for at, _ in leaves(case.tree)}
    told = {_place(entry) for entry in record["fields"]}

    def stays(entry: Entry) -> bool:
        if "values" in entry:
            return all(value.get("document") not in names for value in entry["values"])
        return entry.get("document", entry.get("name")) not in names

    def stands(entry: Entry) -> bool:
        return "path" not in entry or "file" not in entry or _place(entry) in standing - told

    return {
        name: [*(e for e in before[name] if stays(e) and stands(e)), *record[name]]
        for name in LISTS
    }


def _place(entry: Entry) -> At:
    return (entry["file"], *entry["path"])


def _lines(entries: Iterable[Entry]) -> str:
    text = ",\n".join(f"  {as_json(entry)}" for entry in entries)
    return f"\n{text}\n" if text else ""


def as_json(value: Any, indent: int | None = None) -> str:
    """Return *value* as JSON; what a terminal would obey, or nobody would see, is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return tree.FORBIDDEN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
