"""What the model refuses of a case: found, taken out with its reason, or told as missing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from uasocial.errors import CaseError
from uasocial.model import dialect, files, tree
from uasocial.model.facts import Facts
from uasocial.model.wording import Words
from uasocial.reading.found import FACTS, At
from uasocial.reading.merging import Leaf, Node, leaves, order, plain, take

__all__ = ["Refusal", "faults", "missing", "vet", "whole_faults"]

# Each round takes out what the one before has left without a part that it needs.
MAX_ROUNDS = 20

# What no case is without, as a person calls it.
_NEEDED = {
    "deadline": "deadline",
    "targets": "target",
    "countries": "country",
    "active_since": "day since which it is active",
}


class Refusal(NamedTuple):
    """A value that the model does not take: where it belonged, why, and what it was."""

    at: At
    why: str
    leaves: tuple[Leaf, ...]


def faults(content: dict[str, Any], kind: type, today: date) -> list[tuple[At, str]]:
    """List what is wrong in *content*, facts or words, each with where it stands."""
    # Each place gets a number of its own for a line, so that the fault's line leads back to it.
    places = list(_places(content))
    numbered = {at: number for number, at in enumerate(places, 1)}
    found = [(at, f"holds the character {bad}") for at in places if (bad := _bad(content, at))]
    if found:
        return found
    source = tree.Tree(Path("case"), content, numbered)
    try:
        files.decode(source, kind, today)
    except CaseError as error:
        return [(places[place.line - 1], place.message) for place in error.places]
    return []


def _places(value: Any, at: At = ()) -> Iterator[At]:
    yield at
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*at, key))


def _bad(content: Any, at: At) -> str:
    for part in at:
        content = content[part]
    key = at[-1] if at and isinstance(at[-1], str) else ""
    return dialect.forbidden(key) or (
        dialect.forbidden(content) if isinstance(content, str) else ""
    )


def kind_of(file: str) -> type:
    return Facts if file == FACTS else Words


def vet(case: dict[str, Node], today: date, *, whole: bool) -> list[Refusal]:
    """Take out of *case* what the model refuses, and return it.

    Without *whole* only single values are looked at, for parts that they need may yet come from
    elsewhere. What stood in the case before is never taken out.
    """
    found = []
    for file, node in case.items():
        for _ in range(MAX_ROUNDS):
            refused = list(_round(node, file, today, whole=whole))
            found += refused
            if not refused:
                break
    return found


def _round(node: Node, file: str, today: date, *, whole: bool) -> Iterator[Refusal]:
    wrong = dict(reversed(faults(plain(node), kind_of(file), today)))
    # The last first: what is taken out of a list moves those behind it.
    for at in sorted(wrong, key=order, reverse=True):
        if at and (whole or not isinstance(_at(node, at), dict | list)) and _is_read(node, at):
            yield Refusal((file, *at), wrong[at], tuple(take(node, at)))


def _at(node: Node, at: At) -> Node | None:
    """Return what stands at *at*: a node, or the leaf of which it is a part."""
    for part in at:
        if isinstance(node, Leaf):
            return node
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def _is_read(node: Node, at: At) -> bool:
    """Tell whether all at *at* was read just now; ids are made, and of no document."""
    there = _at(node, at)
    if there is None:
        return False
    return all(leaf.origins for place, leaf in leaves(there, at) if place[-1] != "id")


def missing(case: dict[str, Any]) -> list[str]:
    """Name all that a case cannot do without, and *case* does not have."""
    facts = case.get(FACTS, {})
    words = [words for file, words in case.items() if file != FACTS]
    found = [name for key in ("title", "lead") for name in _lacking(words, key)]
    if not found and not any(said.get("title") and said.get("lead") for said in words):
        found = ["language with both title and lead"]
    return found + [name for key, name in _NEEDED.items() if not facts.get(key)]


def _lacking(words: list[dict[str, Any]], key: str) -> list[str]:
    return [] if any(said.get(key) for said in words) else [key]


def whole_faults(case: dict[str, Any], today: date) -> list[str]:
    """List what is still wrong, each in words of its own."""
    found = []
    for file, content in case.items():
        for at, message in faults(content, kind_of(file), today):
            place = ".".join(map(str, at))
            found.append(f"{file}{'.' if place else ''}{place}: {message}")
    return found
