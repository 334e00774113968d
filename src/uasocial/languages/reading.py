"""What languages say, read back: days, names of languages and countries, the language itself."""

from uasocial.languages.identifying import identify
from uasocial.languages.names import countries_in, read_country, read_language, read_languages
from uasocial.languages.written_days import is_ambiguous_day, read_day, read_days

__all__ = [
    "countries_in",
    "identify",
    "is_ambiguous_day",
    "read_country",
    "read_day",
    "read_days",
    "read_language",
    "read_languages",
]
