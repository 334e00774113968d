"""What Bluesky counts and links in the text of a post.

Source: npm @atproto/api 0.19.19, src/rich-text/{detection,util}.ts, MIT or Apache-2.0. The
patterns there backtrack; here every run of characters is cut once and looked at from its ends.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

from uasocial.text.tables.tlds import tlds
from uasocial.text.units import graphemes as length
from uasocial.text.units import utf8_bytes as byte_length
from uasocial.text.units import utf16_units

if TYPE_CHECKING:
    from regex import Pattern

__all__ = ["MAX_TAG_UNITS", "Facet", "byte_length", "facets", "length"]

MAX_TAG_UNITS = 64

# JavaScript's \s; Python's leaves out U+FEFF and takes in U+001C-1F and U+0085.
_SPACE = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_OPENING = rf"(?:\A|[{_SPACE}(])"


class Facet(NamedTuple):
    """A stretch of a post that links: byte offsets into its UTF-8 text, the end exclusive.

    *value* is the handle without its @, the address with its scheme, or the tag without its #
    (a cashtag with its $, in capitals).
    """

    kind: Literal["mention", "link", "tag"]
    byte_start: int
    byte_end: int
    value: str


def facets(text: str) -> list[Facet]:
    """All facets of *text* by their start, as RichText.detectFacetsWithoutResolution has them.

    Handles are not resolved: a mention may name nobody.
    """
    found = sorted(
        chain(_mentions(text), _links(text), _tags(text), _cashtags(text)),
        key=lambda facet: facet.byte_start,
    )
    return found if text.isascii() else _in_bytes(text, found)


def _in_bytes(text: str, found: list[Facet]) -> list[Facet]:
    """*found* with byte offsets in place of code points."""
    places = sorted({place for facet in found for place in facet[1:3]})
    at, seen, total = {}, 0, 0
    for place in places:
        total += byte_length(text[seen:place])
        at[place], seen = total, place
    return [
        facet._replace(byte_start=at[facet.byte_start], byte_end=at[facet.byte_end])
        for facet in found
    ]


# These four yield code points in the byte fields; facets() turns them into bytes.


def _mentions(text: str) -> Iterator[Facet]:
    for match in _mention().finditer(text):
        handle = _to_boundary(match[1], before_word=bool(match[2]))
        if _is_domain(handle) or handle.endswith(".test"):
            start = match.start(1)
            yield Facet("mention", start - 1, start + len(handle), handle)


def _to_boundary(run: str, *, before_word: bool) -> str:
    r"""*run* cut at its last \b: where letters and digits meet dots and hyphens."""
    if not before_word:
        return run.rstrip(".-")
    return run if run[-1] in ".-" else _TRAILING_WORD.sub("", run)


_TRAILING_WORD = re.compile(r"(?<![a-zA-Z0-9])[a-zA-Z0-9]++\Z")


def _links(text: str) -> Iterator[Facet]:
    for match in _link().finditer(text):
        uri = match[1]
        if not uri.startswith("http"):
            # "HTTP://" comes here too, and like there it is no link.
            if not _is_domain(match["domain"] or ""):
                continue
            uri = f"https://{uri}"
        shown = _without_closing(uri)
        cut = len(uri) - len(shown)
        yield Facet("link", match.start(1), match.end(1) - cut, shown)


def _without_closing(uri: str) -> str:
    """*uri* without the mark that ends the sentence and the bracket it stands in."""
    if uri[-1] in ".,;:!?":
        uri = uri[:-1]
    if uri[-1] == ")" and "(" not in uri:
        uri = uri[:-1]
    return uri


def _tags(text: str) -> Iterator[Facet]:
    for match in _tag().finditer(text):
        if tag := _tag_of(match[1]):
            yield Facet("tag", match.start(1) - 1, match.start(1) + len(tag), tag)


def _tag_of(run: str) -> str:
    """What of *run*, the characters after a #, is the tag; nothing if they make none."""
    if not _sign().search(run):
        return ""
    tag = run[: _closing_punctuation(run)]
    return tag if utf16_units(tag) <= MAX_TAG_UNITS else ""


def _closing_punctuation(run: str) -> int:
    """Where the punctuation begins that ends *run*."""
    end = len(run)
    while end and _punctuation().match(run[end - 1]):
        end -= 1
    return end


def links_whole(tag: str) -> bool:
    """Whether `#tag`, with white space or closing punctuation after it, is linked whole."""
    match = _tag().fullmatch(f"#{tag}")
    return match is not None and tag == _tag_of(tag)


def _cashtags(text: str) -> Iterator[Facet]:
    for match in _cashtag().finditer(text):
        yield Facet("tag", match.start(1) - 1, match.end(1), f"${match[1].upper()}")


def _is_domain(name: str) -> bool:
    """Whether *name* ends in a dot and a known top-level domain, lower case."""
    _, dot, last = name.rpartition(".")
    return bool(dot) and last in tlds()


@cache
def _punctuation() -> "Pattern[str]":
    import regex  # noqa: PLC0415

    return regex.compile(r"\p{P}")


@cache
def _sign() -> "Pattern[str]":
    """A character that makes a tag: neither ASCII digit nor punctuation."""
    import regex  # noqa: PLC0415

    return regex.compile(r"[^0-9\p{P}]")


@cache
def _mention() -> re.Pattern[str]:
    return re.compile(rf"{_OPENING}@([a-zA-Z0-9.-]++)(_?)")


@cache
def _link() -> re.Pattern[str]:
    # The start of a line needs no case of its own: every line end is white space.
    return re.compile(
        rf"{_OPENING}((?:[hH][tT][tT][pP][sS]?://(?=[^{_SPACE}])"
        rf"|(?P<domain>[a-zA-Z][a-zA-Z0-9]*+(?:\.[a-zA-Z0-9]++)++))[^{_SPACE}]*+)"
    )


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\A|[{_SPACE}])[#＃](?!\ufe0f)([^{_SPACE}\u00ad\u2060\u200a-\u200d\u20e2]++)"
    )


@cache
def _cashtag() -> re.Pattern[str]:
    return re.compile(
        rf"{_OPENING}\$([A-Za-z][A-Za-z0-9]{{0,4}}+)(?=[{_SPACE}.,;:!?)\"'\u2019]|\Z)"
    )
