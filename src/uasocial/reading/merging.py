"""Several trees of one case made one: what each says, with where it was read.

A tree is made of mappings, lists of things, and leaves; a list of texts is one leaf.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from uasocial.reading import matching
from uasocial.reading.found import At, Field

__all__ = [
    "Leaf",
    "Node",
    "Origin",
    "Settle",
    "grow",
    "leaves",
    "merge",
    "order",
    "plain",
    "take",
    "without",
]


class Origin(NamedTuple):
    """Where a value was read, and as what."""

    document: str
    lines: tuple[int, ...]
    value: Any


class Leaf(NamedTuple):
    """A value and its origins; without any, it stood in the case before."""

    value: Any
    origins: tuple[Origin, ...] = ()


Node = Any
"""A Leaf, a mapping or a list of nodes."""

Settle = Callable[[Node, Node, At], Node]
"""Decides between two nodes at the same place: of other kinds, leaves, or holders of an office."""


def grow(fields: Iterable[Field], document: str) -> tuple[dict[str, Node], list[Field]]:
    """Return the tree of *fields*, and those whose place another one has taken."""
    root: dict[Any, Node] = {}
    left = []
    for field in fields:
        leaf = Leaf(field.value, (Origin(document, field.lines, field.value),))
        if not _put(root, field.at, leaf):
            left.append(field)
    return _listed(root), left


def _put(root: dict[Any, Node], at: At, leaf: Leaf) -> bool:
    node = root
    for part in at[:-1]:
        if not _fits(node, part):
            return False
        node = node.setdefault(part, {})
        if isinstance(node, Leaf):
            return False
    if at[-1] in node or not _fits(node, at[-1]):
        return False
    node[at[-1]] = leaf
    return True


def _fits(node: dict[Any, Node], part: str | int) -> bool:
    """Tell whether *part* is a number among numbers, or a name among names."""
    return isinstance(next(iter(node), part), int) == isinstance(part, int)


def _listed(node: Node) -> Node:
    """Turn mappings of numbers into lists, in their order; gaps close."""
    if isinstance(node, Leaf):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_listed(node[key]) for key in sorted(node)]
    return {key: _listed(inner) for key, inner in node.items()}


def without(value: Any) -> Node:
    """Return the tree of what stands in a file already: leaves without origins."""
    if isinstance(value, dict) and value:
        return {key: without(inner) for key, inner in value.items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [without(item) for item in value]
    return Leaf(value)


def plain(node: Node) -> Any:
    """Return the values alone."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, dict):
        return {key: plain(inner) for key, inner in node.items()}
    return [plain(inner) for inner in node]


def leaves(node: Node, at: At = ()) -> Iterator[tuple[At, Leaf]]:
    """Yield every leaf with where it stands."""
    if isinstance(node, Leaf):
        yield at, node
        return
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, inner in pairs:
        yield from leaves(inner, (*at, key))


def order(at: At) -> list[tuple[bool, int, str]]:
    """Return what places are sorted by: numbers as such, among names."""
    return [(isinstance(p, int), p if isinstance(p, int) else 0, str(p)) for p in at]


def merge(base: Node, new: Node, settle: Settle, at: At = ()) -> Node:
    """Return *base* with what *new* has more; what both have, *settle* decides."""
    if isinstance(base, dict) and isinstance(new, dict):
        both = {k: merge(base[k], new[k], settle, (*at, k)) for k in base if k in new}
        return {**base, **both, **{k: inner for k, inner in new.items() if k not in base}}
    if isinstance(base, list) and isinstance(new, list):
        return _merged_list(base, new, settle, at)
    return settle(base, new, at)


def _merged_list(base: list[Node], new: list[Node], settle: Settle, at: At) -> list[Node]:
    kind = str(at[-1])
    merged = list(base)
    places = matching.pair(kind, [plain(item) for item in base], [plain(item) for item in new])
    for item, place in zip(new, places, strict=True):
        if place is None and kind == "holders" and base:
            # Who holds an office is one fact: the last one listed would speak for it.
            merged = settle(merged, [item], at)
        elif place is None:
            merged.append(item)
        else:
            one, other = _posts(base[place], item) if kind == "posts" else (base[place], item)
            merged[place] = merge(one, other, settle, (*at, place))
    return merged


def _posts(base: Node, new: Node) -> tuple[Node, Node]:
    """Return two posts that are one so that it has a text or a template, and not both.

    A template is a person's work, and stays; but a template may take the place of a text.
    """
    if "template" in base and "text" in new:
        return base, {"template": base["template"]._replace(origins=new["text"].origins)}
    if "template" in new and "text" in base:
        return {key: inner for key, inner in base.items() if key != "text"}, new
    return base, new


def take(node: Node, at: At) -> list[Leaf]:
    """Take out what stands at *at*, or the one text of a list there; return what it was."""
    *before, last = at
    for depth, part in enumerate(before):
        if isinstance(node, Leaf) or not _has(node, part):
            return []
        inner = node[part]
        if isinstance(inner, Leaf) and depth == len(before) - 1 and isinstance(inner.value, list):
            return _take_text(node, part, last)
        node = inner
    if isinstance(node, Leaf) or not _has(node, last):
        return []
    return [leaf for _, leaf in leaves(node.pop(last))]


def _has(node: Any, part: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return part in node


def _take_text(parent: Any, key: str | int, number: str | int) -> list[Leaf]:
    leaf: Leaf = parent[key]
    if not isinstance(number, int) or number >= len(leaf.value):
        return []
    parent[key] = leaf._replace(value=leaf.value[:number] + leaf.value[number + 1 :])
    text = leaf.value[number]
    return [Leaf(text, tuple(_of_text(origin, number, text) for origin in leaf.origins))]


def _of_text(origin: Origin, number: int, text: str) -> Origin:
    """Return where one text of a list was read: its line, where each has its own."""
    lines = origin.lines
    own = isinstance(origin.value, list) and len(origin.value) == len(lines)
    return Origin(origin.document, lines[number : number + 1] if own else lines, text)
