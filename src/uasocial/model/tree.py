"""YAML 1.2 as plain values, each with the line it stands on.

PyYAML's parser gives the events; its constructor, which speaks YAML 1.1 and would turn the
Norwegian `no` into false, is not used. Anchors, aliases and tags have no place in a case.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from uasocial.errors import CaseError, Place

__all__ = [
    "FORBIDDEN",
    "MAX_BYTES",
    "MAX_DEPTH",
    "At",
    "Number",
    "Tree",
    "parse",
    "read",
    "resolve",
]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

At = tuple[str | int, ...]

# The core schema, https://yaml.org/spec/1.2.2/#103-core-schema
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"
)
# Controls, embeddings and isolates of direction, noncharacters, surrogates: none belongs in a text
# that is posted, and some make a reader see other words than a machine.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufdd0-\ufdef"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff]"
)

# The C parser is some ten times faster; a Python without it reads the same.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, repr=False)
class Number:
    """A number that is no plain integer, as it is written: nothing in a case is of that kind."""

    written: str

    def __repr__(self) -> str:
        return self.written


class Tree(NamedTuple):
    """A document: its *value*, and the line (from 1) of each path into it."""

    path: Path
    value: Any
    lines: dict[At, int]
    has_null: bool = False

    def line(self, at: At) -> int:
        """Return the line of *at*, or of the nearest thing around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def place(self, at: At, message: str) -> Place:
        return Place(self.path, self.line(at), message)


def read(path: Path) -> Tree:
    """Read one YAML file; raise CaseError with the place of the first thing wrong."""
    if path.is_symlink() or not path.is_file():
        # A case may come from anywhere: a link in it could fetch any file of this machine.
        raise CaseError([Place(path, 0, "is no plain file: put the file itself there")])
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CaseError([Place(path, 0, f"cannot be read: {error.strerror}")]) from None
    if len(data) > MAX_BYTES:
        raise CaseError(
            [Place(path, 0, f"is larger than {MAX_BYTES:,} bytes: this is no file of a case")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CaseError([Place(path, line, "is not UTF-8: save it as UTF-8")]) from None
    return parse(text, path)


def parse(text: str, path: Path) -> Tree:
    """Turn YAML *text* into a tree; *path* is the name that errors give."""
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = " ".join(filter(None, (error.context, error.problem)))
        raise CaseError([Place(path, line, f"is not valid YAML: {what}")]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CaseError(
            [Place(path, line, f"holds the character {_name(error.character)}: take it out")]
        ) from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise CaseError([Place(path, 0, f"is not valid YAML: {error}")]) from None
    return Tree(path, builder.value, builder.lines, builder.has_null)


def _name(character: object) -> str:
    code = character if isinstance(character, int) else ord(str(character)[:1] or "\0")
    return f"U+{code:04X}"


class _Builder:
    """Puts a tree together from the parser's events."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.value: Any = None
        self.lines: dict[At, int] = {(): 1}
        self._open: list[Any] = []
        self._keys: list[str | int | None] = []
        self.has_null = False
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._fail(line, f"`*{event.anchor}` refers to another place: write the words out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fail(line, "`---` begins a second document: one file holds one")

    def _fail(self, line: int, message: str) -> None:
        raise CaseError([Place(self.path, line, message)])

    def _start(self, collection: Any, event: Any, line: int) -> None:
        if event.anchor or event.tag:
            self._fail(line, "anchors (&) and tags (!) have no place here: take it out")
        if self._awaits_key():
            self._fail(line, "a key must be one word; put a text that begins with { or [ in quotes")
        if len(self._open) >= MAX_DEPTH:
            self._fail(line, f"is nested more than {MAX_DEPTH} deep")
        self._put(collection, line)
        self._open.append(collection)
        self._keys.append(None if isinstance(collection, dict) else -1)

    def _scalar(self, event: Any, line: int) -> None:
        if event.anchor or (event.tag and event.tag != "!"):
            self._fail(line, "anchors (&) and tags (!) have no place here: take it out")
        bad = FORBIDDEN.search(event.value)
        if bad:
            self._fail(line, f"holds the character {_name(bad[0])}: take it out")
        if self._awaits_key():
            self._key(event.value, line)
        elif event.implicit[0]:
            self._put(resolve(event.value), line)
        else:
            self._put(event.value, line)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], dict) and self._keys[-1] is None

    def _key(self, key: str, line: int) -> None:
        if key in self._open[-1]:
            first = self.lines[(*self._at(), key)]
            self._fail(line, f"the key {key!r} stands here for the second time, after line {first}")
        self._keys[-1] = key
        self.lines[(*self._at(), key)] = line

    def _at(self) -> At:
        """Return the path of the innermost open collection."""
        return tuple(key for key in self._keys[:-1] if key is not None)

    def _put(self, value: Any, line: int) -> None:
        self.has_null |= value is None
        if not self._open:
            self.value = value
            return
        parent = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
            self._keys[-1] = len(parent) - 1
            self.lines[(*self._at(), len(parent) - 1)] = line
        else:
            parent[self._keys[-1]] = value
            # The key of a collection stays until it closes: it is part of the path.
            if not isinstance(value, dict | list):
                self._keys[-1] = None

    def _close(self) -> None:
        self._open.pop()
        self._keys.pop()
        if self._open and isinstance(self._open[-1], dict):
            self._keys[-1] = None


def resolve(plain: str) -> Any:
    """Return what a *plain* scalar stands for: nothing, a truth value, a number, or its text."""
    if _NULL.fullmatch(plain):
        return None
    if _BOOL.fullmatch(plain):
        return plain[0] in "tT"
    if _INT.fullmatch(plain):
        return int(plain)
    return Number(plain) if _NUMBER.fullmatch(plain) else plain
