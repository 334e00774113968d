"""How long a post is on X, and what X links in it.

All answers are those of npm twitter-text 3.1.0 with its configuration 3: what it counts is the
text in normal form C; what it finds, it finds in the text as it is.
"""

import re

from uasocial.text import plain_urls, x_emoji, x_units, x_urls
from uasocial.text.spans import Span
from uasocial.text.x_entities import cashtags, hashtags, mentions, urls

__all__ = ["cashtags", "hashtags", "is_valid", "mentions", "urls", "weighted_length"]

MAX_LENGTH = 280
# config/v3.json: what lies outside these ranges weighs twice.
_HEAVY = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_INVALID = re.compile("[\ufeff\ufffe\uffff]")
_LINK = "a" * 23
_HEAVY_CHAR = "\u4e00"


def weighted_length(text: str) -> int:
    """The length of *text* as X counts it: 280 is the most that a post may have."""
    return exact_length(plain_urls.shortened(text, _LINK))


def exact_length(text: str) -> int:
    """The same without the short cut for plain web addresses."""
    text = x_units.composed(x_units.joined(text))
    if "." in text and x_urls.may_be_in(text):
        units = x_units.split(text)
        links = x_urls.find(units)
        if links:
            return _weight(_replaced(text, units, links))
    if text.isascii():
        return len(text)
    heavy = "".join(_HEAVY.findall(text))
    if not heavy or not (x_emoji.may_be_in(heavy) or "\u200d" in text):
        return len(text) + len(heavy)
    return _weight(_filled(text, [(*span, _HEAVY_CHAR) for span in x_emoji.find(text)]))


def is_valid(text: str) -> bool:
    """Whether X takes *text* as a post: neither empty nor too long, and no character refused."""
    return 0 < weighted_length(text) <= MAX_LENGTH and not holds_refused(text)


def holds_refused(text: str) -> bool:
    """Whether a character stands in *text* that X refuses: U+FEFF, U+FFFE or U+FFFF."""
    return _INVALID.search(text) is not None


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(map(len, _HEAVY.findall(text)))


def _replaced(text: str, units: str, links: list[Span]) -> str:
    """*text* with 23 light characters for every link and a heavy one for every emoji."""
    # A link's value can be shorter than its span: the reference skips the value only.
    stretches = {link.start: (link.start + len(link.value), _LINK) for link in links}
    if not text.isascii():
        emoji = x_units.in_units(text, x_emoji.find(text))
        for start, end in emoji:
            stretches.setdefault(start, (end, _HEAVY_CHAR))
    filled = _filled(units, sorted((start, *rest) for start, rest in stretches.items()))
    return filled if units is text else x_units.joined(filled)


def _filled(text: str, stretches: list[tuple[int, int, str]]) -> str:
    """*text* with each stretch (start, end, filling) filled, unless an earlier one holds it."""
    parts: list[str] = []
    at = 0
    for start, end, filling in stretches:
        if start >= at:
            parts += text[at:start], filling
            at = end
    parts.append(text[at:])
    return "".join(parts)
