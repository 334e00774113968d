"""Dates, days, lists and names in the forms of each language (Babel, which carries CLDR)."""

from datetime import date, timedelta
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal

__all__ = [
    "count_of_days",
    "country_name",
    "day",
    "is_rtl",
    "joined",
    "language_name",
    "month",
    "number",
    "zones",
]


@cache
def _locale(language: str) -> Locale:
    """Return the locale of a BCP 47 tag; of the plain language where CLDR has no more."""
    try:
        # Plain English is the international one (en-001), which writes 3 January 2022.
        return Locale.parse("en-001" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        base = language.partition("-")[0]
        return _locale(base) if base != language else Locale("en")


@cache
def day(value: date, language: str) -> str:
    """Write a day out: ``3 de enero de 2022``."""
    locale = _locale(language)
    written = format_date(value, format="long", locale=locale)
    # CLDR has no ordinals in dates yet (CLDR-7408). French must have one: « le 1er décembre 1996
    # (et non le 1 décembre 1996) », Le guide du rédacteur, 2.4.2, Bureau de la traduction, Canada.
    # Italian and Spanish are written in both ways, and Arabic has none.
    is_first = value.day == 1 and locale.language == "fr"
    return written.replace("1", "1er", 1) if is_first else written


@cache
def month(value: date, language: str) -> str:
    """Write the month of a day out: ``enero de 2022``."""
    return format_skeleton("yMMMM", value, locale=_locale(language))


@cache
def count_of_days(count: int, language: str) -> str:
    """Write a number of days out in the right plural: ``34 días``, ``1 día``."""
    # The threshold keeps it in days, however many. Not format_unit: in Babel 2.18 it knows the
    # plural of days in four languages of our six.
    return format_timedelta(
        timedelta(days=count), granularity="day", threshold=1e9, locale=_locale(language)
    )


@lru_cache(4096)
def number(value: int, language: str) -> str:
    """Write a whole number with the language's separators: ``500.000``."""
    return format_decimal(value, locale=_locale(language))


def joined(items: list[str], language: str) -> str:
    """Join to a list in words: ``uno, dos y tres``."""
    return format_list(items, locale=_locale(language))


@cache
def country_name(country: str, language: str) -> str:
    """Name a country (ISO 3166-1) in a language; its code where CLDR has no name."""
    return str(_locale(language).territories.get(country, country))


@cache
def language_name(language: str, into: str) -> str:
    """Name a language in another: German for ``de``, ``en``."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    return locale.get_display_name(_locale(into)) or language


def is_rtl(language: str) -> bool:
    """Tell whether the language is written from right to left."""
    return _locale(language).text_direction == "rtl"


def zones(country: str) -> list[str]:
    """List the IANA time zones of a country; those of no place, as UTC is, are left out."""
    found = get_global("territory_zones").get(country, ())
    return [zone for zone in found if not zone.startswith("Etc/")]
