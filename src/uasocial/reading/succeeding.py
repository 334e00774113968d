"""Who is on record as the holder of an office, held against who a document says that it is.

A document that is written from an older one names who has left the office; and a handle of the
office goes from one holder to the next. Who holds it is for a person to say.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from uasocial.reading.matching import pair, same_name
from uasocial.reading.merging import Node, plain, without

__all__ = ["Kept", "keep"]


class Kept(NamedTuple):
    """A holder of a document who is not taken, and what is said of that."""

    node: Node
    said: str


def keep(said: Node, present: dict[str, Any], today: date) -> tuple[Node, list[Kept]]:
    """Return the facts that are *said*, with those on record where they name another holder.

    A holder is known by name or handle. Of another name, or with a last day that is over, it is
    none to be taken; one who shares nothing with those on record is left as it is.
    """
    targets = said.get("targets") if isinstance(said, dict) else None
    known = present.get("targets")
    if not isinstance(targets, list) or not isinstance(known, list):
        return said, []
    places = pair("targets", known, [plain(target) for target in targets])
    made, kept = [], []
    for target, place in zip(targets, places, strict=True):
        found = {} if place is None else dict(_others(target, known[place], today))
        made.append(_with(target, found) if found else target)
        kept += [one for _, one in found.values()]
    return {**said, "targets": made}, kept


def _with(target: Node, found: dict[int, tuple[dict[str, Any], Kept]]) -> Node:
    holders = [
        without(found[number][0]) if number in found else holder
        for number, holder in enumerate(target["holders"])
    ]
    return {**target, "holders": holders}


def _others(
    target: Node, known: dict[str, Any], today: date
) -> Iterator[tuple[int, tuple[dict[str, Any], Kept]]]:
    """Yield each holder that is not to be taken by its number, with the one on record."""
    nodes, holders = target.get("holders"), known.get("holders")
    if not isinstance(nodes, list) or not isinstance(holders, list):
        return
    now = next((one for one in reversed(holders) if _holds(one, today)), None)
    named = [plain(node) for node in nodes]
    for number, place in enumerate(pair("holders", holders, named)):
        if place is None:
            continue
        there = holders[place]
        name = f"{named[number].get('name', there['name'])}"
        if not same_name(name, there["name"]) or not _holds(there, today):
            said = _said(known["id"], name, now)
            yield number, (there, Kept(nodes[number], said))


def _holds(holder: dict[str, Any], today: date) -> bool:
    day = today.isoformat()
    since, until = f"{holder.get('since') or ''}", f"{holder.get('until') or ''}"
    return since <= day and (not until or day <= until)


def _said(target: str, name: str, now: dict[str, Any] | None) -> str:
    who = f"{now['name']} holds" if now else "nobody holds"
    return (
        f"target {target}: the document names {name}, and {who} the office here, which stays so: "
        "`uasocial target` records a new holder"
    )
