"""Hashtags that X, Mastodon and Bluesky each link whole, and names made into such hashtags."""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from uasocial.text import bluesky
from uasocial.text.tables import x_classes
from uasocial.text.units import utf16_units

if TYPE_CHECKING:
    from regex import Pattern

__all__ = ["links_whole", "make_tag", "on_bluesky", "on_mastodon", "on_x"]


def links_whole(tag: str) -> bool:
    """Whether every platform links `#tag` to its last character.

    *tag* is without its #; white space, punctuation or nothing follows it.
    """
    if _PLAIN.fullmatch(tag) and len(tag) <= bluesky.MAX_TAG_UNITS:
        return True
    return on_x(tag) and on_mastodon(tag) and on_bluesky(tag)


# Latin letters and digits, a letter among them: the tables need not be asked.
_PLAIN = re.compile("[0-9]*[A-Za-zÀ-ÖØ-öø-ȳ][0-9A-Za-zÀ-ÖØ-öø-ȳ]*")


def on_x(tag: str) -> bool:
    """X: letters and marks, digits and a few signs, one letter at least.

    Source: npm twitter-text 3.1.0, validHashtag and hashtagAlphaNumeric, characters as there.
    """
    return (
        tag != ""
        and all(_is_in(char, _x_chars()) for char in tag)
        and any(_is_in(char, _x_letters()) for char in tag)
        # A variation selector or keycap makes an emoji of the # before it.
        and tag[0] not in "\ufe0f\u20e3"
    )


def on_mastodon(tag: str) -> bool:
    """Mastodon: word characters, one letter at least; middle dots and the like within.

    Source: HASHTAG_NAME_PAT of mastodon/mastodon app/models/tag.rb (app/models/concerns/tag/
    naming.rb in newer ones).
    """
    return _mastodon_words().fullmatch(tag) is not None and (
        _mastodon_letter().search(tag) is not None
        or (len(tag) > 2 and not _SEPARATORS.isdisjoint(tag[1:-1]))  # noqa: PLR2004
    )


def on_bluesky(tag: str) -> bool:
    """Bluesky: no white space, no punctuation at the end, at most 64 UTF-16 units.

    Source: TAG_REGEX of npm @atproto/api 0.19.19, src/rich-text/util.ts.
    """
    return bluesky.links_whole(tag)


def make_tag(words: str) -> str:
    """A hashtag, without its #, of any name: `refugee childhood` to `RefugeeChildhood`.

    Words of scripts with case get a capital and lose the space; words of others are joined by
    an underscore. What not every platform links is left out. A tag stays as it is.

    Raises:
        ValueError: nothing is left that links whole, or more than Bluesky links.

    """
    if len(words) > MAX_NAME:
        raise ValueError(f"{words[:40]!r}… makes a hashtag too long: Bluesky links 64 characters.")
    tag = _joined(_split(unicodedata.normalize("NFC", words)))
    if links_whole(tag):
        return tag
    if utf16_units(tag) > bluesky.MAX_TAG_UNITS:
        raise ValueError(f"{words!r} makes a hashtag too long: Bluesky links 64 characters.")
    raise ValueError(f"{words!r} makes no hashtag: it needs a letter that every platform links.")


# Longer than any name of which a tag may be left.
MAX_NAME = 500

_SEPARATORS = frozenset("_\u00b7\u30fb\u200c")
_APOSTROPHES = frozenset("'’‘ʹ\"״׳´`")


def _split(text: str) -> list[str]:
    """The words of *text*: what every platform links, without underscores at the ends."""
    text = _UNSEEN.sub("", text)
    text = "".join(_kept(text, at) for at in range(len(text)))
    words = [_leading_marks().sub("", word).rstrip("_") for word in text.split()]
    return [word for word in words if word]


# Variation selectors, joiners and other signs that are not seen: no word ends with them. Only
# in Arabic script a non-joiner ends what reads as a word.
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u180b-\u180f\u200d-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]+|(?<![\u0600-\u08ff])\u200c"
)


def _kept(text: str, at: int) -> str:
    """The character there if every platform links it; nothing or a space in its place."""
    char = text[at]
    if _everywhere().match(char):
        return char
    beside = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    if char in _APOSTROPHES and len(beside) == 2 and not any(map(_has_case, beside)):  # noqa: PLR2004
        # A gershayim or an Arabic apostrophe stands within a word.
        return "" if all(map(str.isalpha, beside)) else " "
    return " "


def _joined(words: list[str]) -> str:
    pieces: list[str] = []
    for word in map(_capitalized, words):
        if pieces and not _reads_apart(pieces[-1][-1], word[0]):
            pieces.append("_")
        pieces.append(word)
    return unicodedata.normalize("NFC", "".join(pieces))


def _capitalized(word: str) -> str:
    # The capital of a letter may be two letters, or newer than what X links.
    first = word[0].title()
    return first + word[1:] if _everywhere().fullmatch(first) else word


def _reads_apart(before: str, after: str) -> bool:
    """Whether a reader sees where a word ends with *before* and the next begins."""
    if after.isdigit():
        return _has_case(before)
    return after.isupper() or after.istitle()


def _has_case(char: str) -> bool:
    # A Georgian letter is lower case, yet has no capital that begins a word.
    return char.isupper() or char.istitle() or char.title() != char


def _is_in(char: str, ranges: list[str]) -> bool:
    """Whether *char* lies in one of the *ranges*, given as first, last, and so on.

    A look-up: a pattern of some 700 ranges takes longer to compile than many tags to check.
    """
    at = bisect_right(ranges, char)
    return at % 2 == 1 or (at > 0 and ranges[at - 1] == char)


@cache
def _x_letters() -> list[str]:
    return _ranges(x_classes.HASHTAG_LETTERS)


@cache
def _x_chars() -> list[str]:
    return _ranges(x_classes.HASHTAG_CHARS)


def _ranges(body: str) -> list[str]:
    """Take the body of a character class apart: `a-c` and single characters."""
    ranges: list[str] = []
    chars = iter(body.replace("\\", ""))
    for char in chars:
        if char == "-":
            ranges[-1] = next(chars)
        else:
            ranges += [char, char]
    return ranges


# Ruby's [[:alpha:]] and [[:word:]], as Onigmo defines them.
_ALPHA = r"\p{Alphabetic}"
_WORD = rf"{_ALPHA}\p{{M}}\p{{Nd}}\p{{Pc}}"


@cache
def _mastodon_letter() -> "Pattern[str]":
    return _compiled(rf"[{_ALPHA}]")


@cache
def _mastodon_words() -> "Pattern[str]":
    return _compiled(rf"[{_WORD}](?:[{_WORD}\u00b7\u30fb\u200c]*[{_WORD}])?")


@cache
def _everywhere() -> "Pattern[str]":
    """A character that may stand within a hashtag on each of the three."""
    x = x_classes.HASHTAG_CHARS
    return _compiled(rf"(?=_|[^\p{{P}}\p{{Me}}\u200c])(?=[{_WORD}])[{x}]")


@cache
def _leading_marks() -> "Pattern[str]":
    return _compiled(r"\A[_\p{M}]+")


def _compiled(pattern: str) -> "Pattern[str]":
    import regex  # noqa: PLC0415

    return regex.compile(pattern)
