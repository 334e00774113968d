"""Everything wrong with a tree, each with its place: the slow road, taken only after a failure.

msgspec reads a good file fast and stops at the first fault of a bad one; a person who mends a file
wants them all, in words that say what to do.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import inspect

from uasocial.errors import Place, nearest
from uasocial.model.tree import At, Number, Tree

__all__ = ["find"]

Decode = Callable[[type, Any], Any]
_NOTHING = (
    "a text belongs here and there is nothing; write it, or take the key out "
    "(a text that begins with # or @ must be in quotes)"
)


def find(tree: Tree, kind: Any, decode: Decode) -> list[Place]:
    """List what keeps *tree* from being a *kind*; *decode* reads the types of our own."""
    faults = _faults(tree.value, inspect.type_info(kind), (), decode)
    return [tree.place(at, message) for at, message in faults]


Fault = tuple[At, str]


def _faults(value: Any, kind: inspect.Type, at: At, decode: Decode) -> Iterator[Fault]:
    about: dict[str, Any] = {}
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            about |= kind.extra_json_schema or {}
            kind = kind.type
        else:
            kind = _member(value, kind)
    match kind:
        case inspect.StructType():
            yield from _of_struct(value, kind, at, decode)
        case inspect.VarTupleType():
            yield from _of_list(value, kind, at, decode)
        case inspect.DictType():
            yield from _of_dict(value, kind, at, decode)
        case _:
            message = _of_leaf(value, kind, about, decode)
            if message:
                yield at, message


def _member(value: Any, union: inspect.UnionType) -> inspect.Type:
    """Return the member of *union* that the writer had in mind."""
    for kind in union.types:
        if isinstance(kind, inspect.DictType) and isinstance(value, dict):
            return kind
    return next(kind for kind in union.types if not isinstance(kind, inspect.NoneType))


def _of_struct(value: Any, kind: inspect.StructType, at: At, decode: Decode) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield at, f"keys with values belong here ({_some(kind)}), not {_shown(value)}"
        return
    fields = {field.encode_name: field for field in kind.fields}
    found = False
    for key in value:
        if key not in fields:
            found = True
            yield (*at, key), f"unknown key {key!r}{nearest(key, fields)}"
    for name, field in fields.items():
        if name in value:
            for fault in _faults(value[name], field.type, (*at, name), decode):
                found = True
                yield fault
        elif field.required:
            found = True
            yield at, f"{name!r} is missing"
    if not found:
        yield from _of_whole(value, kind.cls, at, decode)


def _some(kind: inspect.StructType) -> str:
    names = [field.encode_name for field in kind.fields]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004


def _of_whole(value: Any, cls: type, at: At, decode: Decode) -> Iterator[Fault]:
    """Ask the noun itself, all of whose parts are right."""
    try:
        msgspec.convert(value, cls, dec_hook=decode)
    except msgspec.ValidationError as error:
        yield at, str(error).removesuffix(" - at `$`")


def _of_list(value: Any, kind: inspect.VarTupleType, at: At, decode: Decode) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield at, f"a list belongs here, each item after `- `, not {_shown(value)}"
        return
    if kind.min_length and len(value) < kind.min_length:
        yield at, "the list is empty; it needs at least one item"
    if kind.max_length is not None and len(value) > kind.max_length:
        yield at, f"the list has {len(value)} items; it takes at most {kind.max_length}"
    for number, item in enumerate(value):
        yield from _faults(item, kind.item_type, (*at, number), decode)


def _of_dict(value: Any, kind: inspect.DictType, at: At, decode: Decode) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield at, f"keys with values belong here, not {_shown(value)}"
        return
    for key, item in value.items():
        for _, message in _faults(key, kind.key_type, (), decode):
            yield (*at, key), message
        yield from _faults(item, kind.value_type, (*at, key), decode)


def _of_leaf(value: Any, kind: inspect.Type, about: dict[str, Any], decode: Decode) -> str:
    match kind:
        case inspect.StrType():
            return _of_text(value, kind, about)
        case inspect.LiteralType():
            return _of_choice(value, [str(v) for v in kind.values])
        case inspect.IntType():
            return _of_number(value, kind)
        case inspect.CustomType():
            return _of_own_type(value, kind, decode)
    if isinstance(kind, inspect.BoolType) and not isinstance(value, bool):
        return f"true or false belongs here, not {_shown(value)}"
    return ""


def _of_choice(value: Any, known: list[str]) -> str:
    if value in known:
        return ""
    hint = nearest(value, known) if isinstance(value, str) else ""
    return f"{_shown(value)} is none of {', '.join(known)}{hint}"


def _of_own_type(value: Any, kind: inspect.CustomType, decode: Decode) -> str:
    try:
        decode(kind.cls, value)
    except ValueError as error:
        return str(error)
    return ""


def _of_text(value: Any, kind: inspect.StrType, about: dict[str, Any]) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, dict | list):
        return f"a text belongs here, not {_shown(value)}"
    if not isinstance(value, str):
        return f"a text belongs here: put {_shown(value)} in quotes"
    try:
        meta = msgspec.Meta(
            pattern=kind.pattern, min_length=kind.min_length, max_length=kind.max_length
        )
        msgspec.convert(value, Annotated[str, meta])
    except msgspec.ValidationError:
        name = about.get("title", "text of this kind")
        rule = about.get("description", "")
        return f"{_shown(value)} is no {name}" + (f": {rule}" if rule else "")
    return ""


def _of_number(value: Any, kind: inspect.IntType) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"a whole number belongs here, not {_shown(value)}"
    low, high = kind.ge, kind.le
    if (low is not None and value < low) or (high is not None and value > high):
        return f"{value} lies outside {low} to {high if high is not None else '…'}"
    return ""


def _shown(value: Any) -> str:
    """Return *value* as the file's writer knows it, and short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.written
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "keys with values"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…'"  # noqa: PLR2004
