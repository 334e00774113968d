"""A noun as plain data, as its file would state it."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["placed", "plain", "stated", "texts"]


def plain(part: Any) -> Any:
    """Return a noun as YAML would give it, without what it is by default."""
    if isinstance(part, Struct):
        return {field.encode_name: plain(value) for field, value in stated(part)}
    if isinstance(part, dict):
        return {key: plain(inner) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [plain(inner) for inner in part]
    if isinstance(part, date):
        return part.isoformat()
    return part if isinstance(part, bool | int | None) else str(part)


def stated(part: Struct) -> Iterator[tuple[msgspec.structs.FieldInfo, Any]]:
    """Yield the fields of a noun that say something, each with its value."""
    for field in _fields(type(part)):
        value = getattr(part, field.name)
        if field.required or value != _default(field):
            yield field, value


def texts(said: Any) -> Iterator[str]:
    """Yield every text of plain data, and every key."""
    return (text for _, text in placed(said))


def placed(
    said: Any, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of plain data, and every key, each after the way that leads to it."""
    if isinstance(said, str):
        yield at, said
    elif isinstance(said, dict):
        for key, inner in said.items():
            yield (*at, key), str(key)
            yield from placed(inner, (*at, key))
    elif isinstance(said, list | tuple):
        for number, inner in enumerate(said):
            yield from placed(inner, (*at, number))


@cache
def _fields(kind: type[Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    made = field.default_factory
    return made() if callable(made) else field.default
