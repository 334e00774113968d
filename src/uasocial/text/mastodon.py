"""What Mastodon counts and links in the text of a status.

Source: mastodon/mastodon app/validators/status_length_validator.rb, app/lib/extractor.rb,
MENTION_RE of app/models/account.rb, config/initializers/twitter_regex.rb, over the Ruby gem
twitter-text 3.1.0 (lib/twitter-text/{extractor,regex}.rb).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from uasocial.text.mastodon_urls import find_urls
from uasocial.text.plain_urls import shortened
from uasocial.text.spans import Span
from uasocial.text.units import graphemes, graphemes_conjuncts_apart

if TYPE_CHECKING:
    from regex import Pattern

__all__ = ["length", "mentions", "urls"]

MAX_DOMAIN_LENGTH = 253

# What Ruby's String#strip takes off both ends, since Ruby 2.6 NUL in front too.
_STRIPPED = "\0\t\n\v\f\r "
# [[:space:]] in Ruby; Python's str.isspace() takes in U+001C-1F as well.
_BLANK = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*")
# end_mention_match of twitter-text: another at sign, an accented Latin letter or a scheme.
_NO_END = re.compile(
    r"[@＠\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f"
    r"\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff]|://"
)


def length(
    text: str, spoiler: str = "", *, url_length: int = 23, conjuncts_apart: bool = True
) -> int:
    """Characters of a status, as its server counts them against max_characters.

    *url_length* is the instance's characters_reserved_per_url. *conjuncts_apart*: as servers
    on Ruby below 4.0 count, never less than newer ones.
    """
    placeholder = "x" * url_length
    text = shortened(text.strip(_STRIPPED), placeholder)
    status = spoiler.strip(_STRIPPED) + _rewritten(text, placeholder)
    return graphemes_conjuncts_apart(status) if conjuncts_apart else graphemes(status)


def urls(text: str) -> list[Span]:
    """The URLs that count as characters_reserved_per_url, each with its scheme."""
    return [span for span, is_url in _entities(text) if is_url]


def mentions(text: str) -> list[Span]:
    """The mentions; *value* is `user` or `user@domain`, the span takes in the @ before it."""
    return [span for span, is_url in _entities(text) if not is_url]


def _rewritten(text: str, placeholder: str) -> str:
    """*text* with each URL as *placeholder* and each mention without its domain."""
    if _BLANK.fullmatch(text):
        return ""
    if "://" not in text and "@" not in text:
        return text
    pieces: list[str] = []
    last = 0
    for span, is_url in _entities(text):
        pieces += text[last : span.start], placeholder if is_url else _user(span.value)
        last = span.end
    return "".join([*pieces, text[last:]])


def _user(screen_name: str) -> str:
    return f"@{screen_name.partition('@')[0]}"


def _entities(text: str) -> list[tuple[Span, bool]]:
    """URLs (True) and mentions (False) by their start; the first of two that overlap."""
    found = [(span, True) for span in find_urls(text)]
    found += [(span, False) for span in _mentions(text)]
    kept: list[tuple[Span, bool]] = []
    for span, is_url in sorted(found):
        if not kept or kept[-1][0].end <= span.start:
            kept.append((span, is_url))
    return kept


def _mentions(text: str) -> Iterator[Span]:
    if "@" not in text:
        return
    for match in _mention().finditer(text):
        _, _, domain = match[1].partition("@")
        if len(domain) <= MAX_DOMAIN_LENGTH and not _NO_END.match(text, match.end()):
            yield Span(match.start(), match.end(), match[1])


@cache
def _mention() -> "Pattern[str]":
    """MENTION_RE, possessive; [[:word:]] spelled out as Ruby's Onigmo defines it."""
    import regex  # noqa: PLC0415

    word = r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]"
    user = r"[a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+"
    domain = rf"{word}++(?:[.-]++{word}++)*+"
    return regex.compile(rf"(?i)(?<![=/]|{word})@({user}(?:@{domain})?+)")
