"""JSON, as another program exports it."""

import re
from itertools import chain
from typing import Any

import msgspec

from uasocial.errors import DocumentError
from uasocial.reading.document import Document
from uasocial.reading.formats.lines import document
from uasocial.reading.formats.text import decode

__all__ = ["looks_so", "read"]

MAX_BYTES = 5_000_000
MAX_DEPTH = 50

# Prose may begin with a bracket too; with a key, a text or another bracket behind it seldom.
_BEGINNING = re.compile(r'\s*(?:\{\s*["}]|\[\s*["{\[\]])')


def looks_so(head: str) -> bool:
    """Tell whether a document that begins with *head* is meant as JSON."""
    return _BEGINNING.match(head) is not None


def read(data: bytes, name: str) -> Document:
    """Read a JSON object; raise DocumentError for all else."""
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"is JSON of more than {MAX_BYTES:,} bytes: give one action")
    text, about = decode(data, name)
    try:
        content = msgspec.json.decode(text)
    except RecursionError:
        raise DocumentError(name, _TOO_DEEP) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise DocumentError(name, f"is no valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise DocumentError(name, "is JSON, but no object: an action is one object { … }")
    _check_depth(content, name)
    return document(name, "json", data, content=content, about=about)


_TOO_DEEP = f"is JSON nested more than {MAX_DEPTH} deep: this is no urgent action"


def _check_depth(content: Any, name: str) -> None:
    layer = [content]
    for _ in range(MAX_DEPTH):
        layer = list(chain.from_iterable(map(_inside, layer)))
        if not layer:
            return
    raise DocumentError(name, _TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value
    return [part for part in parts if isinstance(part, dict | list)]
