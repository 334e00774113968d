"""Readings of one or several documents made one case, with all that a person must look at."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from uasocial.errors import DocumentError
from uasocial.languages.reading import read_day
from uasocial.reading import succeeding, vetting
from uasocial.reading.document import Line
from uasocial.reading.found import FACTS, At, Field, Reading
from uasocial.reading.matching import same_words
from uasocial.reading.merging import Leaf, Node, Origin, grow, leaves, merge, plain, without
from uasocial.reading.naming import name_things

__all__ = ["Case", "Disagreement", "Remark", "assemble", "complete", "said_at", "update"]


class Remark(NamedTuple):
    """A line of a document and what is to be said of it; *line* 0 means the whole document."""

    document: str
    line: int
    text: str

    def __str__(self) -> str:
        where = f"{self.document}:{self.line}" if self.line else self.document
        return f"{where}: {self.text}"


class Disagreement(NamedTuple):
    """Values for one place that differ: each with its document and line; the first is taken."""

    at: At
    values: tuple[tuple[Any, str, int], ...]

    def __str__(self) -> str:
        said = ", ".join(
            f"{document}{f':{line}' if line else ''} says {_short(value)}"
            for value, document, line in self.values
        )
        return f"{said_at(self.at)}: {said}; the first is taken"


class Case(Struct, kw_only=True):
    """What documents say together: a tree a file, and what is left over.

    *tree* has `action` and languages as keys, and leaves that know their origins.
    """

    readings: tuple[Reading, ...]
    tree: dict[str, Node]
    doubts: tuple[Remark, ...] = ()
    unplaced: tuple[Remark, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {file: plain(node) for file, node in self.tree.items()}

    def count(self, document: str) -> int:
        """Count the values that were read in *document*; that it is a source is none of them."""
        told = ((at, origin) for at, leaf in leaves(self.tree) for origin in leaf.origins)
        return sum(o.document == document and at[:2] != (FACTS, "sources") for at, o in told)


def assemble(readings: Sequence[Reading], today: date) -> Case:
    """Put *readings* together; where two differ, the first wins and the others are told.

    Single values that the model refuses become unplaced. The case may still lack what it needs.
    """
    notes = _Notes()
    tree: dict[str, Node] = {}
    sources: list[Node] = []
    for reading in readings:
        name = reading.document.name
        notes.doubts += [Remark(name, *doubt) for doubt in reading.doubts]
        notes.unplaced += [_remark(name, line) for line in reading.unplaced]
        grown, doubled = grow(reading.fields, name)
        sources += _sources(reading, grown)
        tree = merge(tree, grown, notes.settle)
        for field in doubled:
            notes.second(tree, field, name)
    if sources:
        tree.setdefault(FACTS, {})["sources"] = sources
    case = Case(readings=tuple(readings), tree=tree)
    notes.refuse(vetting.vet(tree, today, whole=False), readings)
    return notes.on(case)


def update(case: Case, present: dict[str, Any], today: date) -> Case:
    """Return *case* as it changes the files *present*: what it says replaces, the rest is kept.

    Who is on record as the holder of an office stays, where it names another one; a doubt says so.
    """
    said = dict(case.tree)
    kept: list[succeeding.Kept] = []
    if FACTS in said:
        said[FACTS], kept = succeeding.keep(said[FACTS], present.get(FACTS, {}), today)
    tree = merge({file: without(content) for file, content in present.items()}, said, _newer)
    return Case(
        readings=case.readings,
        tree=tree,
        doubts=(*case.doubts, *(Remark(*_place(one.node), one.said) for one in kept)),
        unplaced=case.unplaced,
        disagreements=case.disagreements,
    )


def complete(case: Case, today: date) -> Case:
    """Name what has no name, and take out what the model refuses; raise if no case is left."""
    name_things(case.tree)
    notes = _Notes()
    notes.doubts += case.doubts
    notes.unplaced += case.unplaced
    notes.disagreements += case.disagreements
    notes.refuse(vetting.vet(case.tree, today, whole=True), case.readings)
    notes.doubts += _stale_words(case.plain().get(FACTS, {}))
    found = notes.on(case)
    found.tree = {file: node for file, node in case.tree.items() if _says(node)}
    _assert_whole(found, today)
    return found


def _assert_whole(case: Case, today: date) -> None:
    names = ", ".join(dict.fromkeys(reading.document.name for reading in case.readings))
    content = case.plain()
    missing = vetting.missing(content)
    if missing:
        refused = [doubt.text for doubt in case.doubts if doubt.text.endswith(_NOT_TAKEN)]
        why = f" ({'; '.join(dict.fromkeys(refused))})" if refused else ""
        raise DocumentError(names, f"makes no case: there is no {', no '.join(missing)}{why}")
    wrong = vetting.whole_faults(content, today)
    if wrong:
        raise DocumentError(names, f"makes no case: {'; '.join(wrong[:3])}")


def _stale_words(facts: dict[str, Any]) -> Iterator[Remark]:
    """Doubt the words of a deadline that name another day than the deadline is."""
    deadline, words = facts.get("deadline"), facts.get("deadline_words")
    for language, text in words.items() if isinstance(words, dict) else ():
        found = read_day(text, language) if isinstance(text, str) else None
        if found and found[0].isoformat() != deadline:
            said = f"deadline words {language} name {found[1]!r}, and the deadline is {deadline}"
            yield Remark(f"{FACTS}.yaml", 0, said)


def _says(node: Node) -> bool:
    return any(leaf.value not in ([], {}) for _, leaf in leaves(node))


def _newer(base: Node, new: Node, at: At) -> Node:
    """Let the document's value replace the one that stands there, unless it is the same in words.

    A thing goes by the name that it has; a new holder of an office comes after the old ones.
    """
    if isinstance(base, list) and isinstance(new, list):
        return base + new
    if isinstance(base, Leaf) and isinstance(new, Leaf):
        origins = new.origins
        if at[-1] == "id" or same_words(base.value, new.value):
            return base._replace(origins=origins)
    return new


# --- what is to be told --------------------------------------------------------------------------

_NOT_TAKEN = "not taken"


class _Notes:
    """What comes up while a case is put together."""

    def __init__(self) -> None:
        self.doubts: list[Remark] = []
        self.unplaced: list[Remark] = []
        self.disagreements: list[Disagreement] = []

    def settle(self, base: Node, new: Node, at: At) -> Node:
        """Take the first value, and note the other where it is another."""
        both = isinstance(base, Leaf) and isinstance(new, Leaf)
        if both and (at[-1] == "id" or same_words(base.value, new.value)):
            return base._replace(origins=base.origins + new.origins)
        self.disagreements.append(Disagreement(at, (_value(base), _value(new))))
        return base

    def second(self, tree: Node, field: Field, document: str) -> None:
        """Note a field whose place is taken, in its own document."""
        new = Leaf(field.value, (Origin(document, field.lines, field.value),))
        base: Node = tree
        for part in field.at:
            if isinstance(base, Leaf):
                break
            if part not in (base if isinstance(base, dict) else range(len(base))):
                base = Leaf(None, new.origins)
                break
            base = base[part]
        self.settle(base, new, field.at)

    def refuse(self, refusals: Iterable[vetting.Refusal], readings: Sequence[Reading]) -> None:
        """Keep what the model refused among the unplaced, with a doubt that says why."""
        lines = {r.document.name: {ln.number: ln for ln in r.document.lines} for r in readings}
        for at, why, taken in refusals:
            origins = [origin for leaf in taken for origin in leaf.origins]
            for document, numbers, value in origins:
                known = lines.get(document, {})
                found = [known[number] for number in numbers if number in known]
                text = [Remark(document, 0, f"{said_at(at)}: {value}")] if not found else []
                self.unplaced += text or [_remark(document, line) for line in found]
            for document, first in dict.fromkeys((o.document, o.lines[:1]) for o in origins):
                text_of_doubt = f"{said_at(at)}: {why}: {_NOT_TAKEN}"
                self.doubts.append(Remark(document, first[0] if first else 0, text_of_doubt))

    def on(self, case: Case) -> Case:
        case.doubts = tuple(dict.fromkeys(self.doubts))
        case.unplaced = tuple(dict.fromkeys(self.unplaced))
        case.disagreements = tuple(_gathered(self.disagreements))
        return case


def _gathered(found: Iterable[Disagreement]) -> Iterator[Disagreement]:
    """Bring what several documents say of one place together."""
    by_place: dict[str, tuple[At, dict[str, tuple[Any, str, int]]]] = {}
    for at, values in found:
        _, known = by_place.setdefault(repr(at), (at, {}))
        known.update((repr(value), value) for value in values)
    for at, known in by_place.values():
        yield Disagreement(at, tuple(known.values()))


def _value(node: Node) -> tuple[Any, str, int]:
    """Return a value with the document and line in which it was read first."""
    return plain(node), *_place(node)


def _place(node: Node) -> tuple[str, int]:
    origins = [origin for _, leaf in leaves(node) for origin in leaf.origins]
    if not origins:
        return "", 0
    document, lines, _ = origins[0]
    return document, lines[0] if lines else 0


def _remark(document: str, line: Line) -> Remark:
    return Remark(document, line.number, line.text)


# --- where a document is named -------------------------------------------------------------------


def _sources(reading: Reading, tree: dict[str, Node]) -> list[Node]:
    """Take the sources out of *tree*, and complete that of the document itself.

    A case that another installation exported brings all of its own.
    """
    facts = tree.get(FACTS)
    given = facts.pop("sources", []) if isinstance(facts, dict) else []
    found = list(given) if isinstance(given, list) else []
    document = reading.document
    if document.format == "json":
        return found
    about = {"url": document.url, "title": document.title.strip(), "sha256": document.sha256}
    own = {
        key: Leaf(text, (Origin(document.name, (), text),)) for key, text in about.items() if text
    }
    first = found[0] if found and isinstance(found[0], dict) and "sha256" not in found[0] else None
    return [{**own, **first}, *found[1:]] if first else [own, *found]


# --- in plain words ------------------------------------------------------------------------------

_ONE = {
    "targets": "target",
    "copies": "copy",
    "posts": "post",
    "people": "person",
    "holders": "holder",
    "documents": "document",
    "sources": "source",
    "paragraphs": "paragraph",
    "demands": "demand",
}


def said_at(at: At) -> str:
    """Return a place as a person says it: `deadline`, `es letter paragraph 2`."""
    parts = list(at[1:] if at[0] == FACTS else at)
    words = []
    for part, behind in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, int):
            words.append(str(part + 1))
        else:
            words.append(_ONE.get(part, part) if isinstance(behind, int) else part)
    return " ".join(words).replace("_", " ")


def _short(value: Any, longest: int = 80) -> str:
    items = value if isinstance(value, list) else [value]
    text = ", ".join(str(i.get("name", i) if isinstance(i, dict) else i) for i in items)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
