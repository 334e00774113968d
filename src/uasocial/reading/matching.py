"""Which things of two lists are the same: the target of one document in another's list."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = ["pair", "same_name", "same_words"]

# Typographic quotes and apostrophes, and what stands for them on a typewriter.
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″«»", '"'))
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")

Thing = dict[str, Any]
Mark = tuple[str, str]
"""A feature by which a thing is known: its kind, and what it is."""


def same_words(one: Any, other: Any) -> bool:
    """Tell whether two values differ in nothing, or in white space and typographic quotes only."""
    if isinstance(one, str) and isinstance(other, str):
        return _words(one) == _words(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_words, one, other))
    return type(one) is type(other) and bool(one == other)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ in nothing, or in case, accents and white space only."""
    return _folded(one) == _folded(other)


def _words(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())


def pair(kind: str, base: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Return for each thing of *new* its place in *base*, or None where it is not there.

    A shared feature decides; without one, the position, if the lists are as long as each other and
    the two things contradict each other in nothing.
    """
    if not all(isinstance(thing, dict) for thing in (*base, *new)):
        return [None] * len(new)
    marks = [_marks(kind, thing) for thing in base]
    own = [_marks(kind, thing) for thing in new]
    found = _by_marks(marks, own)
    free = set(range(len(base))) - set(found.values())
    for number, thing in enumerate(new):
        if number in found:
            continue
        if kind == "posts":
            place = _post_otherwise(base, free, number, thing)
        else:
            # Two sources that have nothing in common are two, and not one told twice.
            alike = kind != "sources" and len(base) == len(new) and number in free
            place = number if alike and not _contradict(marks[number], own[number]) else None
        if place is not None:
            found[number] = place
            free.discard(place)
    return [found.get(number) for number in range(len(new))]


def _by_marks(base: list[set[Mark]], new: list[set[Mark]]) -> dict[int, int]:
    """Pair those that share most features first, each once."""
    holders: dict[Mark, list[int]] = defaultdict(list)
    for place, marks in enumerate(base):
        for mark in marks:
            holders[mark].append(place)
    shared = [
        (-count, place, number)
        for number, marks in enumerate(new)
        for place, count in Counter(p for mark in marks for p in holders.get(mark, ())).items()
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, number in sorted(shared):
        if number not in found and place not in taken:
            found[number] = place
            taken.add(place)
    return found


def _post_otherwise(base: Sequence[Any], free: set[int], number: int, thing: Any) -> int | None:
    """Find a post by the words of a template, else by the id that it has or would be given."""
    text = thing.get("text")
    if not isinstance(text, str):
        return None
    names = (_text(thing, "id") or f"post-{number + 1}", f"post-{number + 1}")
    for place in sorted(free):
        if _says(base[place].get("template"), text):
            return place
    for place in sorted(free):
        if "text" in base[place] and base[place].get("id") in names:
            return place
    return None


def _says(template: object, text: str) -> bool:
    """Tell whether *template* has the words of *text*, but for what it fills in."""
    if not isinstance(template, str):
        return False
    text, at = _words(text), 0
    fixed = [words for part in _TEMPLATE.split(template) if (words := _words(part))]
    for words in fixed:
        at = text.find(words, at)
        if at < 0:
            return False
        at += len(words)
    # A template of blanks alone would say everything; tags and addresses are what it fills in.
    own = " ".join(word for word in text.split() if not word.startswith(("#", "@", "http")))
    return sum(map(len, fixed)) * 2 > len(own)


def _contradict(one: set[Mark], other: set[Mark]) -> bool:
    return bool({kind for kind, _ in one} & {kind for kind, _ in other})


# --- features -----------------------------------------------------------------------------------


def _marks(kind: str, thing: Thing) -> set[Mark]:
    named = _KINDS.get(kind, _of_place)
    return {(name, _folded(text)) for name, text in named(thing) if text}


def _folded(text: str) -> str:
    """Return *text* as one remembers it: no case, no accents, no spacing."""
    from anyascii import anyascii  # noqa: PLC0415 - only where documents are put together

    plain = anyascii(unicodedata.normalize("NFKC", _words(text)))
    return " ".join(plain.casefold().split()) or text


def _of_target(thing: Thing) -> Iterator[Mark]:
    yield "id", _text(thing, "id")
    yield "address", ", ".join(_texts(thing, "address"))
    for email in _texts(thing, "emails"):
        yield "email", email
    for holder in _list(thing, "holders"):
        yield from _of_holder(holder if isinstance(holder, dict) else {})
    for language, office in _mapping(thing, "office"):
        yield f"office {language}", office


def _of_holder(thing: Thing) -> Iterator[Mark]:
    yield "holder", _text(thing, "name")
    for platform, handle in _mapping(thing, "handles"):
        yield f"handle {platform}", handle


def _of_copy(thing: Thing) -> Iterator[Mark]:
    yield "id", _text(thing, "id")
    yield "sender", _text(thing, "sender_country")
    for language, name in _mapping(thing, "name"):
        yield f"name {language}", name


def _of_post(thing: Thing) -> Iterator[Mark]:
    yield "text", _text(thing, "text")
    yield "template", _text(thing, "template")
    if "template" in thing:
        # Made by a person, who also gave it its name.
        yield "template", f"id {_text(thing, 'id')}"


def _of_person(thing: Thing) -> Iterator[Mark]:
    yield "name", _text(thing, "name")
    for spelling in _texts(thing, "spellings"):
        yield "name", spelling


def _of_document(thing: Thing) -> Iterator[Mark]:
    yield "file", f"{_text(thing, 'language')} {_text(thing, 'title')}"


def _of_source(thing: Thing) -> Iterator[Mark]:
    yield "url", _text(thing, "url")
    yield "sha256", _text(thing, "sha256")


def _of_keys(*keys: str) -> Callable[[Thing], Iterator[Mark]]:
    def marks(thing: Thing) -> Iterator[Mark]:
        yield "keys", " ".join(_text(thing, key) for key in keys)

    return marks


def _of_place(_: Thing) -> Iterator[Mark]:
    yield from ()


_KINDS: dict[str, Callable[[Thing], Iterator[Mark]]] = {
    "targets": _of_target,
    "holders": _of_holder,
    "copies": _of_copy,
    "posts": _of_post,
    "people": _of_person,
    "documents": _of_document,
    "sources": _of_source,
    "consents": _of_keys("use"),
    "safety": _of_keys("country", "channel"),
    "postage": _of_keys("from", "to"),
}


def _text(thing: Thing, key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""


def _list(thing: Thing, key: str) -> list[Any]:
    value = thing.get(key)
    return value if isinstance(value, list) else []


def _texts(thing: Thing, key: str) -> list[str]:
    return [text for text in _list(thing, key) if isinstance(text, str)]


def _mapping(thing: Thing, key: str) -> Iterator[tuple[str, str]]:
    value = thing.get(key)
    pairs = value.items() if isinstance(value, dict) else ()
    return ((name, text) for name, text in pairs if isinstance(text, str))
