"""The words of a case in units, as a translator sees them, and units made words again."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from uasocial.errors import UasocialError
from uasocial.model import Words
from uasocial.model.wording import Post

__all__ = ["Gap", "Unit", "filled", "part_of", "units"]

LISTS = ("body", "demands")
POSTS = "posts."
PLAIN = ("title", "lead", "update", "outcome", "content_warning")


class Unit(NamedTuple):
    """One text of a language: its *key* is `lead`, `demands.2` or `posts.gate`.

    *kind* is `template` or `text` for a post, else ``""``.
    """

    key: str
    text: str
    kind: str = ""


class Gap(UasocialError):  # noqa: N818 - reads as the sentence it is
    """A text of a list is not there, and a later one is; *key* is its key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is missing, and what follows it is there")


def units(words: Words) -> dict[str, Unit]:
    """Return the units of *words* by key, in their order."""
    return {unit.key: unit for unit in _units(words)}


def _units(words: Words) -> Iterator[Unit]:
    for name in PLAIN:
        if getattr(words, name):
            yield Unit(name, getattr(words, name))
    for name in LISTS:
        yield from _numbered(name, getattr(words, name))
    if words.letter:
        yield Unit("letter.salutation", words.letter.salutation)
        yield from _numbered("letter.paragraphs", words.letter.paragraphs)
        if words.letter.closing:
            yield Unit("letter.closing", words.letter.closing)
    for name, text in words.alt.items():
        yield Unit(f"alt.{name}", text)
    for post in words.posts:
        kind = "text" if post.template is None else "template"
        yield Unit(f"{POSTS}{post.id}", getattr(post, kind), kind)


def _numbered(name: str, texts: tuple[str, ...]) -> Iterator[Unit]:
    for number, text in enumerate(texts, 1):
        yield Unit(f"{name}.{number}", text)


def part_of(key: str) -> str:
    """Return the part that a unit belongs to, as the digests of a language name it."""
    return key if key.startswith(POSTS) else key.partition(".")[0]


def filled(
    present: Mapping[str, Any], texts: Mapping[str, str], posts: Mapping[str, Post]
) -> dict[str, Any]:
    """Return the file *present* with *texts* by key; an empty one is taken out.

    A post that is new gets what the one of the same id in *posts* has. Raise Gap.
    """
    content = dict(present)
    letter, alt = dict(content.get("letter", {})), dict(content.get("alt", {}))
    for key, text in texts.items():
        part, _, rest = key.partition(".")
        if part in PLAIN:
            _put(content, part, text)
        elif part == "alt":
            _put(alt, rest, text)
        elif rest in ("salutation", "closing"):
            _put(letter, rest, text)
    for name in LISTS:
        content[name] = _list(content.get(name, []), name, texts)
    letter["paragraphs"] = _list(letter.get("paragraphs", []), "letter.paragraphs", texts)
    content |= {"letter": letter if any(letter.values()) else None, "alt": alt}
    content["posts"] = _posts(content.get("posts", []), texts, posts)
    return {key: value for key, value in content.items() if value not in (None, [], {})}


def _put(content: dict[str, Any], key: str, text: str) -> None:
    if text:
        content[key] = text
    else:
        content.pop(key, None)


def _list(present: list[str], name: str, texts: Mapping[str, str]) -> list[str]:
    """Return a list with *texts* at their numbers."""
    found = dict(enumerate(present, 1))
    for key, text in texts.items():
        before, _, number = key.rpartition(".")
        if before == name:
            found[int(number)] = text
    for place in range(1, max(found, default=0)):
        if place not in found:
            raise Gap(f"{name}.{place}")
    return [found[place] for place in sorted(found) if found[place]]


def _posts(
    present: list[dict[str, Any]], texts: Mapping[str, str], posts: Mapping[str, Post]
) -> list[dict[str, Any]]:
    said = {key.removeprefix(POSTS): text for key, text in texts.items() if key.startswith(POSTS)}
    found = []
    for post in present:
        kind = "template" if "template" in post else "text"
        text = said.pop(post["id"], post[kind])
        found += [{**post, kind: text}] if text else []
    return found + [_new_post(posts[name], text) for name, text in said.items() if name in posts]


def _new_post(like: Post, text: str) -> dict[str, Any]:
    kind = "text" if like.template is None else "template"
    where = {"platforms": list(like.platforms)} if like.platforms is not None else {}
    return {"id": like.id, kind: text, **where}
