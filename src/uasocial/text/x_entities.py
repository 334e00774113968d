"""The links, hashtags, mentions and cashtags that X makes of a text, as twitter-text finds them."""

import re
from collections.abc import Callable
from functools import cache

from uasocial.text import x_urls
from uasocial.text.spans import Span
from uasocial.text.tables import x_classes
from uasocial.text.x_units import joined, split, unit_starts


def urls(text: str) -> list[Span]:
    """The links in *text*; one without a scheme counts when its domain is ASCII and known."""
    if "." not in text or not x_urls.may_be_in(text):
        return []
    units = split(text)
    found = x_urls.find(units)
    if units is text or not found:
        return found
    places = _places(text)
    return [Span(places[a], places[b], joined(value)) for a, b, value in found]


def hashtags(text: str) -> list[Span]:
    """The hashtags in *text* that are in no link; values without the sign."""
    if "#" not in text and "\uff03" not in text:
        return []
    found = _found(text, _hashtags)
    links = urls(text) if found else []
    return _before_overlap(found, links) if links else found


def mentions(text: str) -> list[Span]:
    """The people named in *text*; values without the sign. Lists (@name/list) are left out."""
    if "@" not in text and "\uff20" not in text:
        return []
    return _found(text, _mentions)


def cashtags(text: str) -> list[Span]:
    """The stock symbols ($ABC) in *text*; values without the sign."""
    return _found(text, _cashtags) if "$" in text else []


def _found(text: str, find: Callable[[str], list[Span]]) -> list[Span]:
    """What *find* finds when surrogates that meet are one character."""
    whole = joined(text)
    found = find(whole)
    if whole is text or not found:
        return found
    places, units = _places(text), unit_starts(whole)
    return [Span(places[units[a]], places[units[b]], value) for a, b, value in found]


def _places(text: str) -> dict[int, int]:
    """UTF-16 unit -> code point of *text*."""
    return {unit: place for place, unit in enumerate(unit_starts(text))}


def _hashtags(text: str) -> list[Span]:
    return [
        Span(match.start(2), match.end(3), match[3])
        for match in _hashtag().finditer(text)
        if not text.startswith(("#", "\uff03", "://"), match.end())
    ]


def _mentions(text: str) -> list[Span]:
    return [
        Span(match.start(1), match.end(2), match[2])
        for match in _mention().finditer(text)
        if match[3] is None and not _after_no_mention().match(text, match.end())
    ]


def _cashtags(text: str) -> list[Span]:
    return [Span(m.start(1), m.end(2), m[2]) for m in _cashtag().finditer(text)]


def _before_overlap(tags: list[Span], links: list[Span]) -> list[Span]:
    """The *tags* left when of two that overlap the one further on goes."""
    kept = []
    end = 0
    for span, is_tag in sorted(
        [(tag, True) for tag in tags] + [(link, False) for link in links],
        key=lambda item: item[0].start,
    ):
        if span.start >= end:
            end = span.end
            if is_tag:
                kept.append(span)
    return kept


@cache
def _hashtag() -> re.Pattern[str]:
    chars = f"[{x_classes.HASHTAG_CHARS}]"
    # A lone surrogate is neither a character before a hashtag nor one in it.
    before = rf"(?:\A|\ufe0e|\ufe0f|(?!{chars})[^&\ud800-\udfff])"
    return re.compile(
        rf"({before})([#\uff03])(?![\ufe0f\u20e3])"
        rf"({chars}*[{x_classes.HASHTAG_LETTERS}]{chars}*)"
    )


@cache
def _mention() -> re.Pattern[str]:
    before = (
        "(?:"
        r"\A|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:\A|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?"
        ")"
    )
    return re.compile(
        rf"{before}([@\uff20])([a-zA-Z0-9_]{{1,20}})(/[a-zA-Z][a-zA-Z0-9_-]{{0,24}})?"
    )


@cache
def _after_no_mention() -> re.Pattern[str]:
    return re.compile(rf"[@\uff20{x_classes.LATIN_ACCENTS}]|://")


@cache
def _cashtag() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\A|[{x_classes.CASHTAG_BEFORE}])(\$)([a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?)"
        rf"(?=\Z|[{x_classes.CASHTAG_AFTER}])"
    )
