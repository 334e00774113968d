"""The files of a case, written; of those that stand there already, only what changes.

Every text is read back before it counts: what `tree` would not read as it was meant is refused.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from uasocial.errors import CaseError, Place
from uasocial.model import dialect, tree
from uasocial.model.dialect import INDENT, Plain
from uasocial.model.folders import replace_file

__all__ = ["dump", "edit", "revise"]

T = TypeVar("T")


def dump(content: Mapping[str, Any], path: Path = Path("case")) -> str:
    """Return *content*, facts or words, as YAML in the order of the model.

    Nothing is written of what is empty and means the same left out. *path* is the name that a
    CaseError gives: for a character that no file may hold, or what does not read back.
    """
    wanted = dialect.in_order(content)
    _assert_writable(wanted, path)
    text = dialect.written(dialect.node(wanted, 0))
    _assert_says(text, wanted, path)
    return text


def revise(text: str, content: Mapping[str, Any], path: Path) -> str:
    """Return the file *text*, changed to say *content*; what it says already stays, byte by byte.

    Comments, quotes and order are kept; a key that is new goes to its place in the model.
    """
    mark, ends = "\ufeff" * text.startswith("\ufeff"), "\r\n" if "\r\n" in text else "\n"
    bare = text.removeprefix(mark).replace(ends, "\n")
    present = tree.parse(bare, path)
    wanted = dialect.in_order(content)
    if not isinstance(present.value, dict):
        return dump(wanted, path)
    wanted |= {k: v for k, v in content.items() if k in present.value and present.value[k] == v}
    if present.value == wanted:
        return text
    _assert_writable(wanted, path)
    try:
        revised = _revised(bare, present, wanted)
    except dialect.yaml_error() as error:
        raise _unfit(path, str(getattr(error, "problem", error))) from None
    _assert_says(revised, wanted, path)
    return mark + revised.replace("\n", ends)


def edit(path: Path, changes: Mapping[str, Any]) -> None:
    """Set keys of a file, or delete those that are None; everything else stays as it is written."""
    present = tree.read(path)
    if not isinstance(present.value, dict):
        raise _unfit(path, "it holds no keys")
    content = {**present.value, **changes}
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    replace_file(path, revise(text, {k: v for k, v in content.items() if v is not None}, path))


def _assert_writable(value: Any, path: Path) -> None:
    for at, text in dialect.texts(value):
        bad = dialect.forbidden(text)
        if bad:
            where = ".".join(map(str, at))
            raise CaseError([Place(path, 0, f"{where} holds the character {bad}: take it out")])
        if len(at) > tree.MAX_DEPTH:
            raise CaseError([Place(path, 0, f"is nested more than {tree.MAX_DEPTH} deep")])


def _assert_says(text: str, wanted: Plain, path: Path) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > tree.MAX_BYTES:
        raise _unfit(path, f"it would be larger than {tree.MAX_BYTES:,} bytes")
    if tree.parse(text, path).value != wanted:
        raise _unfit(path, "it would not read as it is meant")


def _unfit(path: Path, why: str) -> CaseError:
    return CaseError([Place(path, 0, f"cannot be written: {why}; change it by hand")])


# --- what stands there already ---------------------------------------------------------------


def _revised(text: str, present: tree.Tree, wanted: Plain) -> str:
    """Put the file together from its parts, one a key: those that are right as they are."""
    parts = _parts(text, present)
    if parts is None:
        return _rewritten(text, present.value, wanted)
    head = parts.pop("")
    for key in [key for key in parts if key not in wanted]:
        del parts[key]
    for key, value in wanted.items():
        if key not in parts:
            parts = _inserted(
                parts, key, dialect.written(dialect.node({key: value}, 0)), list(wanted)
            )
        elif present.value[key] != value:
            parts[key] = _rewritten(parts[key], {key: present.value[key]}, {key: value})
    return head + "".join(parts.values())


def _parts(text: str, present: tree.Tree) -> dict[str, str] | None:
    """Cut a file into what stands before the first key, under ``""``, and the lines of each key.

    Comments right above a key go with it, but for the first: those may be about the file.
    """
    lines = (text if text.endswith("\n") else f"{text}\n").splitlines(keepends=True)
    starts = [present.lines[(key,)] - 1 for key in present.value]
    in_order = starts == sorted(set(starts))
    if not starts or not in_order or any(lines[at][:1] in "{ \t" for at in starts):
        return None
    for number in range(1, len(starts)):
        while starts[number] - 1 > starts[number - 1] and lines[starts[number] - 1][0] == "#":
            starts[number] -= 1
    ends = (*starts[1:], len(lines))
    found = {"": "".join(lines[: starts[0]])}
    cut = zip(present.value, starts, ends, strict=True)
    return found | {key: "".join(lines[begin:end]) for key, begin, end in cut}


def _inserted(parts: dict[str, T], key: str, part: T, order: list[str]) -> dict[str, T]:
    """Put *key* behind the last of those before it in *order*."""
    before = set(order[: order.index(key)])
    names = list(parts)
    at = max((number for number, name in enumerate(names, 1) if name in before), default=0)
    names.insert(at, key)
    return {name: part if name == key else parts[name] for name in names}


def _rewritten(text: str, present: Plain, wanted: Plain) -> str:
    """Change *text*, a whole document, by way of ruamel, which keeps its comments."""
    root = dialect.load(text)
    _change(root, present, wanted, 0)
    return dialect.written(root)


def _change(node: Any, present: Any, wanted: Any, column: int) -> None:
    if isinstance(present, dict):
        _change_keys(node, present, wanted, column)
    else:
        _change_items(node, present, wanted, column)


def _change_keys(node: Any, present: Plain, wanted: Plain, column: int) -> None:
    for key in [key for key in present if key not in wanted]:
        del node[key]
    for key, value in wanted.items():
        if key not in present:
            at = list(_inserted(dict.fromkeys(node), key, None, list(wanted))).index(key)
            node.insert(at, key, dialect.fitted(node, dialect.valued(key, value, column)))
        elif _is_alike(present[key], value):
            _change(node[key], present[key], value, column + INDENT)
        elif present[key] != value:
            node[key] = dialect.exchanged(node, key, dialect.valued(key, value, column))


def _change_items(node: Any, present: list[Any], wanted: list[Any], column: int) -> None:
    """Leave what is the same at both ends, and change what lies between one by one."""
    same = _same_at_front(present, wanted)
    rest = _same_at_front(present[same:][::-1], wanted[same:][::-1])
    old, new = len(present) - rest, len(wanted) - rest
    for at in range(old - 1, new - 1, -1):
        del node[at]
    for at, value in enumerate(wanted[same:new], same):
        if at >= old:
            node.insert(at, dialect.fitted(node, dialect.node(value, column + INDENT)))
        elif _is_alike(present[at], value):
            _change(node[at], present[at], value, column + INDENT)
        elif present[at] != value:
            node[at] = dialect.exchanged(node, at, dialect.node(value, column + INDENT))


def _is_alike(present: Any, wanted: Any) -> bool:
    return any(isinstance(present, kind) and isinstance(wanted, kind) for kind in (dict, list))


def _same_at_front(present: list[Any], wanted: list[Any]) -> int:
    pairs = enumerate(zip(present, wanted, strict=False))
    least = min(len(present), len(wanted))
    return next((at for at, (one, other) in pairs if one != other), least)
