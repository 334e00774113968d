"""Whether a post of a timeline is the one that was made: X shows another text than it was given.

It writes `&`, `<` and `>` as HTML does, and a t.co address in place of each link and at the end for
the pictures: https://docs.x.com/x-api/fundamentals/data-dictionary
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from uasocial.text import x

__all__ = ["Likeness", "compared"]

# `like`: the words are the same and a link is not; that is neither a yes nor a no.
Likeness = Literal["same", "like", "other"]

_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPE = re.compile("&(?:amp|lt|gt);")
_PICTURE = re.compile(
    r"https?://(?:www\.)?(?:twitter|x)\.com/[^/\s]+/status/\d+/(?:photo|video)/\d+"
)
_LINK = "\0"


class _Said(NamedTuple):
    """A text without what X changes in it: its words, and apart from them its links."""

    words: str
    links: tuple[str, ...]


def compared(text: str, shown: Mapping[str, Any]) -> Likeness:
    """Tell how *text* compares with a post as X shows it, with its `entities`."""
    ours, theirs = _given(text), _shown(shown)
    if ours.words != theirs.words:
        return "other"
    return "same" if ours.links == theirs.links else "like"


def _given(text: str) -> _Said:
    links = x.urls(text)
    parts: list[str] = []
    at = 0
    for start, end, _ in links:
        parts += text[at:start], _LINK
        at = end
    return _Said(_plain("".join([*parts, text[at:]])), tuple(_link(one.value) for one in links))


def _shown(shown: Mapping[str, Any]) -> _Said:
    """Read a post as X shows it; one that is longer than usual has its text apart."""
    note = shown.get("note_tweet")
    post = note if isinstance(note, dict) and "text" in note else shown
    found = {str(one.get("url")): one for one in _urls(post, shown) if one.get("url")}
    links: list[str] = []
    parts = _split(str(post.get("text", "")), found)
    for n in range(1, len(parts), 2):
        entity = found[parts[n]]
        address = str(entity.get("expanded_url", ""))
        is_picture = "media_key" in entity or _PICTURE.fullmatch(address)
        parts[n] = "" if is_picture else _LINK
        if not is_picture:
            links.append(_link(address))
    words = _ESCAPE.sub(lambda match: _ESCAPES[match[0]], "".join(parts))
    return _Said(_plain(words), tuple(links))


def _urls(*posts: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for post in posts:
        entities = post.get("entities")
        listed = entities.get("urls") if isinstance(entities, dict) else None
        if isinstance(listed, list):
            yield from (one for one in listed if isinstance(one, dict))


def _split(text: str, addresses: Iterable[str]) -> list[str]:
    """Return *text* in parts, of which every second one is one of *addresses*."""
    longest_first = sorted(addresses, key=len, reverse=True)
    if not longest_first:
        return [text]
    return re.split(f"({'|'.join(map(re.escape, longest_first))})", text)


def _plain(text: str) -> str:
    """Return *text* without differences that X makes: its form, and space at the ends."""
    return " ".join(normalize("NFC", text).split())


def _link(address: str) -> str:
    """Return an address without what X adds, drops or writes in another way."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        rest = scheme
    host, slash, path = rest.partition("/")
    return normalize("NFC", f"{host.lower()}{slash}{path}".rstrip("/"))
