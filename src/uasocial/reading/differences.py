"""Two versions of a case told apart in plain words: what matters to who acts on it."""

from collections.abc import Iterator
from typing import Any

from uasocial.reading.found import FACTS
from uasocial.reading.matching import pair, same_words

__all__ = ["differences"]

Content = dict[str, Any]

_ONCE = {
    "number": "the number",
    "index": "the index",
    "kind": "the kind of document",
    "active_since": "the first day to act",
    "deadline": "the deadline",
    "deadline_inclusive": "whether the day of the deadline counts",
    "countries": "the countries",
    "preferred_languages": "the languages that the targets prefer",
}
_USUAL: Content = {"kind": "ua", "deadline_inclusive": False}
_REACHED = ("address", "country", "emails", "faxes", "phones")
_NOTHING: tuple[Any, ...] = (None, "", [])
LONGEST = 70


def differences(before: dict[str, Content], after: dict[str, Content]) -> Iterator[str]:
    """Yield what changed, a line each: facts first, then each language. Both are by file."""
    yield from _facts(before.get(FACTS, {}), after.get(FACTS, {}))
    for language, words in after.items():
        if language == FACTS:
            continue
        if language not in before:
            yield f"{language}: is new"
        else:
            yield from (f"{language}: {line}" for line in _words(before[language], words))


def _facts(before: Content, after: Content) -> Iterator[str]:
    for key, name in _ONCE.items():
        old, new = before.get(key, _USUAL.get(key)), after.get(key, _USUAL.get(key))
        if old != new:
            yield f"{name}: {_changed(old, new)}"
    yield from _targets(before.get("targets", []), after.get("targets", []))


def _changed(old: Any, new: Any) -> str:
    if old in _NOTHING:
        return f"{_short(new)}, where none stood"
    return f"{_short(old)} goes" if new in _NOTHING else f"{_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    items = value if isinstance(value, list) else [value]
    text = " ".join(", ".join(map(str, items)).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


# --- targets -----------------------------------------------------------------------------------


def _targets(before: list[Content], after: list[Content]) -> Iterator[str]:
    places = pair("targets", before, after)
    for target, place in zip(after, places, strict=True):
        if place is None:
            yield f"target {target.get('id')}: is new"
        else:
            name = before[place].get("id")
            yield from (f"target {name}: {line}" for line in _target(before[place], target))
    for number, target in enumerate(before):
        if number not in places:
            yield f"target {target.get('id')}: goes"


def _target(before: Content, after: Content) -> Iterator[str]:
    for key in _REACHED:
        if before.get(key) != after.get(key):
            yield f"{key}: {_changed(before.get(key), after.get(key))}"
    if before.get("office") != after.get("office"):
        offices = after.get("office", {}).items() ^ before.get("office", {}).items()
        yield f"another name of the office in {', '.join(sorted({tag for tag, _ in offices}))}"
    if before.get("holders") != after.get("holders"):
        yield _held(_holders(before), _holders(after))


def _held(old: list[str], new: list[str]) -> str:
    """Say who went and who came; where nobody went, who came after the last one listed."""
    gone = [name for name in old if name not in new]
    came = [name for name in new if name not in old]
    if not gone and not came and old[-1:] == new[-1:]:
        return "what is known of its holder"
    # In another order, others are the last ones.
    came = came or ([] if gone else new[-1:])
    return f"held by {_changed(gone or old[-1:], came)}"


def _holders(target: Content) -> list[str]:
    return [str(holder.get("name")) for holder in target.get("holders", [])]


# --- words -------------------------------------------------------------------------------------


def _words(before: Content, after: Content) -> Iterator[str]:
    for key in ("title", "lead", "body"):
        if not same_words(before.get(key), after.get(key)):
            yield f"another {key}" if key in before and key in after else _came(key, after)
    yield from _demands(before.get("demands", []), after.get("demands", []))
    yield from _letter(before.get("letter"), after.get("letter"))
    yield from _posts(before.get("posts", []), after.get("posts", []))
    if before.get("update") and "update" not in after:
        yield "`update` goes: it told what the version before brought"


def _came(key: str, after: Content) -> str:
    return f"{key} is new" if key in after else f"{key} goes"


def _demands(before: list[str], after: list[str]) -> Iterator[str]:
    old, new = _folded(before), _folded(after)
    yield from (
        f"no longer demanded: {_short(text)}" for key, text in old.items() if key not in new
    )
    yield from (f"demanded anew: {_short(text)}" for key, text in new.items() if key not in old)


def _folded(texts: list[str]) -> dict[str, str]:
    return {" ".join(text.split()).casefold(): text for text in texts}


def _letter(before: Content | None, after: Content | None) -> Iterator[str]:
    if before is None or after is None:
        if before is not after:
            yield "a letter, where none stood" if after else "the letter goes"
        return
    for key in ("salutation", "closing"):
        if not same_words(before.get(key), after.get(key)):
            yield f"the letter's {key}: {_changed(before.get(key), after.get(key))}"
    old, new = _folded(before.get("paragraphs", [])), _folded(after.get("paragraphs", []))
    other = sum(key not in old for key in new)
    if old != new:
        what = "1 other paragraph" if other == 1 else f"{other} other paragraphs"
        yield f"the letter has {what} of {len(new)}, and had {len(old)}"


def _posts(before: list[Content], after: list[Content]) -> Iterator[str]:
    old = {post.get("id"): post for post in before}
    for post in after:
        name = post.get("id")
        if name not in old:
            yield f"post {name!r} is new"
        elif old[name] != post:
            yield f"post {name!r} says something else"
