"""The interface of the site in each of its languages: gettext catalogues, and the forms of Babel.

The catalogues are `locale/<language>.po`, read as they are: what a translator saves is what is
shown. English stands in the code and the templates; `tools/make_catalogues.py` gathers it.
"""

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial import languages
from uasocial.settings import SITE_LANGUAGES

if TYPE_CHECKING:
    from babel.support import NullTranslations

__all__ = ["Interface", "direction", "interface"]

SOURCE = "en"


class Interface:
    """The words of the interface in one *language*, with its forms of days, numbers and names."""

    def __init__(self, language: str, catalogue: "NullTranslations") -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, **values: object) -> str:
        """Return *message* in this language, with *values* in the places of `%(name)s`."""
        said: str = self._catalogue.gettext(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """Return the form for *count*, which stands in the place of `%(num)s`."""
        return self.plural(one, many, count) % {
            "num": languages.number(count, self.language),
            **values,
        }

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form for *count*, its places still open."""
        said: str = self._catalogue.ngettext(one, many, count)
        return said

    @property
    def direction(self) -> str:
        return direction(self.language)

    def day(self, value: date) -> str:
        return languages.day(value, self.language)

    def month(self, value: date) -> str:
        return languages.month(value, self.language)

    def country(self, code: str) -> str:
        """Name a country; the code of an invented one has no name."""
        if code == "ZZ":
            return self.gettext("Invented country")
        return languages.country_name(code, self.language)

    def tongue(self, tag: str) -> str:
        """Name a language, in a sentence."""
        return languages.language_name(tag, self.language)

    def tongue_alone(self, tag: str) -> str:
        """Name a language where its name stands on its own: ``Español``, not ``español``."""
        name = self.tongue(tag)
        return name[:1].upper() + name[1:]


def direction(language: str) -> str:
    """Return in which direction a language is written, as HTML has it."""
    return "rtl" if languages.is_rtl(language) else "ltr"


def interface(language: str) -> Interface:
    """Return the interface in *language*, or in English where there is no catalogue of it."""
    plain = language.partition("-")[0]
    known = next((tag for tag in (language, plain) if tag in SITE_LANGUAGES), SOURCE)
    return Interface(known, _catalogue(known))


@cache
def _catalogue(language: str) -> "NullTranslations":
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only who makes pages waits
    from babel.messages.pofile import read_po  # noqa: PLC0415
    from babel.support import NullTranslations, Translations  # noqa: PLC0415

    if language == SOURCE:
        return NullTranslations()
    path = Path(__file__).with_name("locale") / f"{language}.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
