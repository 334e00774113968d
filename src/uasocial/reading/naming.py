"""The names that a case and its things go by: made from what they are called."""

import re
from typing import Any

import msgspec

from uasocial.errors import UasocialError, printable
from uasocial.model.kinds import Id
from uasocial.model.numbers import ActionNumber
from uasocial.reading.merging import Leaf, Node, plain

__all__ = ["case_id", "checked_id", "name_things", "slug"]

LONGEST = 80
# A title makes a long name of a folder; this much of it is known again.
LONGEST_TITLE = 50

_APART = re.compile(r"[^a-z0-9]+")


def case_id(tree: dict[str, Any]) -> str:
    """Return the id of the case *tree*: from its number, else from a title, else `case`."""
    number = tree.get("action", {}).get("number")
    if isinstance(number, str):
        try:
            return slug(ActionNumber.parse(number))
        except ValueError:
            pass
    said = {tag: words.get("title") for tag, words in tree.items() if tag != "action"}
    titles = {tag: title for tag, title in said.items() if isinstance(title, str)}
    title = titles.get("en") or next(iter(titles.values()), "")
    return slug(title, LONGEST_TITLE) or "case"


def checked_id(text: str) -> str:
    """Return *text* if it may be an id; raise UasocialError otherwise."""
    try:
        return msgspec.convert(text, Id)
    except msgspec.ValidationError:
        raise UasocialError(
            f"{printable(text[:LONGEST])!r} is no id of a case: small letters, digits and single "
            "hyphens, such as ua-119-21"
        ) from None


def slug(text: str, longest: int = LONGEST) -> str:
    """Return *text* in small letters, digits and single hyphens; ``""`` where nothing is left."""
    from anyascii import anyascii  # noqa: PLC0415 - only where documents are put together

    words = _APART.split(anyascii(text[:1000]).lower())
    found = ""
    for word in filter(None, words):
        longer = f"{found}-{word}" if found else word[:longest]
        if len(longer) > longest:
            break
        found = longer
    return found


def name_things(tree: dict[str, Node]) -> None:
    """Give an id to each target, copy and post that has none, or another's."""
    facts = tree.get("action", {})
    for kind in ("targets", "copies"):
        _name(facts.get(kind), kind)
    for language, words in tree.items():
        if language != "action":
            _name(words.get("posts"), "posts")


def _name(things: Node, kind: str) -> None:
    if not isinstance(things, list):
        return
    taken: set[str] = set()
    # Those that have a name keep it, wherever they stand.
    unnamed = [n for n, thing in enumerate(things) if not _keeps_id(thing, taken)]
    for number in unnamed:
        name = _free(_called(kind, plain(things[number])) or f"{_ONE[kind]}-{number + 1}", taken)
        taken.add(name)
        things[number] = {"id": Leaf(name), **_without_id(things[number])}


_ONE = {"targets": "target", "copies": "copy", "posts": "post"}


def _keeps_id(thing: Node, taken: set[str]) -> bool:
    """Note the id of *thing*; False where it has none of its own."""
    if not isinstance(thing, dict):
        return True
    name = plain(thing["id"]) if "id" in thing else None
    if not isinstance(name, str) or name in taken:
        return False
    taken.add(name)
    return True


def _without_id(thing: dict[str, Node]) -> dict[str, Node]:
    return {key: inner for key, inner in thing.items() if key != "id"}


def _called(kind: str, thing: dict[str, Any]) -> str:
    """Return a name from what a target's office or a copy is called, in English if it can be."""
    if kind == "posts":
        return ""
    names = thing.get("office" if kind == "targets" else "name")
    names = names if isinstance(names, dict) else {}
    holders = thing.get("holders")
    first = holders[0] if isinstance(holders, list) and holders else None
    holder = first.get("name") if isinstance(first, dict) else None
    name = names.get("en") or holder or next(iter(names.values()), None)
    return slug(name) if isinstance(name, str) else ""


def _free(name: str, taken: set[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found = f"{name[: LONGEST - 4].rstrip('-')}-{number}"
        number += 1
    return found
