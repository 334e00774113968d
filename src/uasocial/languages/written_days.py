"""Days in a text, in the forms in which pages and documents write them."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError

from uasocial.languages.folding import bare, folded

__all__ = ["is_ambiguous_day", "read_day", "read_days"]

# No paragraph is longer.
MAX_TEXT = 100_000
# What lies outside is a number of something else, or a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = 12

# The languages of the layouts, with regions whose months have other names (Jänner, setiembre).
_LANGUAGES = ("en", "en-GB", "es", "es-PE", "fr", "de", "de-AT", "it", "pt", "nl", "ar")

_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|ᵉʳ|ère|e|\.?[ºª°o]|\.)?"
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){1,14}"
# Arabic texts often give the name of a month twice: يناير/كانون الثاني.
_MONTH = rf"(?P<month>{_WORD})(?:\s?/\s?{_WORD}(?:\s{_WORD})?)?\.?"
_OF = r"(?:(?:de|del|of|do|di)\s{1,3}|d['’])?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 3 January 2022, 23. November 2021, 1er mars 2024, 3 de enero de 2022
        rf"{_DAY}(?:\s{{1,3}}|-){_OF}{_MONTH}(?:,?\s{{1,3}}|-){_OF}{_YEAR}",
        # June 1 2023, June 1st, 2023
        rf"(?<![^\W\d_])(?P<month>{_WORD})\.?\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}",
        # 2022-01-03
        r"(?<![\d/.-])(?P<year>\d{4})(?P<m>[-/])(?P<month>\d{1,2})(?P=m)(?P<day>\d{1,2})(?![\d/-])",
        # 03.01.2022
        rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}",
        # 13/01/2022, 01/13/2022
        rf"(?<![\d/])(?P<one>\d{{1,2}})/(?P<other>\d{{1,2}})/{_YEAR}(?!/)",
    )
)
_SLASHES = _FORMS[-1]
_SHORT = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}/\d{2}(?![\d/])", re.ASCII)


def read_day(text: str, language: str | None = None) -> tuple[date, str] | None:
    """Return the first full date in *text* and the words that say it.

    Months have their names in *language*, or in any of the languages of the layouts. Slashes that
    may be read two ways say nothing: ask `is_ambiguous_day`.
    """
    return next(iter(read_days(text, language)), None)


def read_days(text: str, language: str | None = None) -> list[tuple[date, str]]:
    """Return all full dates in *text*, each with the words that say it."""
    found: list[tuple[date, str]] = []
    end = 0
    for match in sorted(_matches(text[:MAX_TEXT]), key=lambda match: match.start()):
        day = _day(match, language)
        if day and match.start() >= end:
            found.append((day, match[0]))
            end = match.end()
    return found


def is_ambiguous_day(text: str) -> bool:
    """Tell whether *text* holds a date such as 03/01/2022: of January in Lima, of March in Boston.

    A day that is the same either way, as 03/03/2022, is not ambiguous. With two digits of a year it
    always is: which of three numbers is the year, nobody knows.
    """
    if _SHORT.search(text[:MAX_TEXT]):
        return True
    return any(_may_be_two(match) for match in _SLASHES.finditer(text[:MAX_TEXT]))


def _matches(text: str) -> Iterator[re.Match[str]]:
    for form in _FORMS:
        yield from form.finditer(text)


def _may_be_two(match: re.Match[str]) -> bool:
    one, other = int(match["one"]), int(match["other"])
    return one != other and max(one, other) <= MONTHS


def _day(match: re.Match[str], language: str | None) -> date | None:
    """Return the day that was matched, where there is such a day."""
    parts = match.groupdict()
    if "one" in parts:
        if _may_be_two(match):
            return None
        month, day = sorted((int(parts["one"]), int(parts["other"])))
    else:
        month, day = _month(parts["month"], language), int(parts["day"])
    year = int(parts["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str, language: str | None) -> int:
    """Return the number of a month, 0 where that is none."""
    if name.isdecimal():
        return int(name)
    names = _months(language)
    return names.get(folded(name)) or names.get(bare(name)) or 0


@cache
def _months(language: str | None) -> dict[str, int]:
    """Map the names of months, long and short, with and without marks, to their numbers."""
    found: dict[str, int] = {}
    for locale in _locales((language,) if language else _LANGUAGES):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in locale.months[context][width].items():
                    for form in (folded(name), bare(name)):
                        found.setdefault(form.rstrip("."), number)
    return found


def _locales(languages: Iterable[str]) -> Iterator[Locale]:
    for language in languages:
        try:
            yield Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            base = language.partition("-")[0]
            if base != language:
                yield from _locales((base,))
