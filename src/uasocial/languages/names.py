"""Names of countries and languages, read in the languages of the layouts (CLDR, by Babel)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from babel import Locale

from uasocial.languages.folding import bare, folded, words
from uasocial.languages.identifying import LANGUAGES
from uasocial.model.codes import COUNTRIES, is_language

__all__ = ["countries_in", "read_country", "read_language", "read_languages"]

# No paragraph is longer, and no name that is asked for has more words.
MAX_TEXT = 100_000
MAX_WORDS = 7
# Shorter words in a sentence are other words.
MIN_WORD = 4

_COUNTRY_NAMES_IN = ("en", "es", "fr", "de", "it")
_LANGUAGE_NAMES_IN = ("en", "es", "fr", "de", "it", "pt", "nl", "ar")

# Forms in use that CLDR does not have; the first column is what they stand for.
_COMMON_COUNTRIES = """
    TR: Turkey | Republic of Türkiye
    IR: Islamic Republic of Iran | République islamique d'Iran
    SY: Syrian Arab Republic | République arabe syrienne
    RU: Russian Federation | Fédération de Russie | Federación de Rusia | Russische Föderation
    CI: Ivory Coast | Costa de Marfil | Elfenbeinküste
    US: USA | U.S.A. | US | United States of America | États-Unis d'Amérique | EE. UU. | EEUU
    US: Estados Unidos de América | Vereinigte Staaten von Amerika
    GB: UK | U.K. | Great Britain | Grande-Bretagne | Gran Bretaña | Großbritannien
    CD: DRC | DR Congo | RDC | Democratic Republic of the Congo | Democratic Republic of Congo
    CD: République démocratique du Congo | Demokratische Republik Kongo
    CG: Republic of the Congo | République du Congo | Congo-Brazzaville
    MM: Myanmar | Burma | Birmanie | Birmania | Birma
    PS: Palestine | State of Palestine | Palestina | Palästina
    SZ: Swaziland
    CZ: Czech Republic | République tchèque | República Checa | Tschechische Republik
    MK: Macedonia
    CV: Cabo Verde | Kap Verde
    KR: Republic of Korea | République de Corée | República de Corea
    KP: Democratic People's Republic of Korea | DPRK
    LA: Lao People's Democratic Republic | Lao PDR
    VN: Viet Nam | Vietnam
    MD: Republic of Moldova | Moldova | Moldau
    TZ: United Republic of Tanzania
    BN: Brunei Darussalam
    AE: UAE | EAU | VAE
    SA: KSA | Kingdom of Saudi Arabia
    CF: Central African Republic | République centrafricaine
    VA: Holy See | Saint-Siège | Santa Sede
    HK: Hong Kong | Hongkong
    MO: Macau | Macao
    TL: East Timor | Timor oriental | Timor Oriental
    NL: Holland | Pays-Bas | Países Bajos
    BY: Belarus | Weißrussland | Bielorrusia | Biélorussie
    CN: People's Republic of China | République populaire de Chine
    DO: Dominican Republic | République dominicaine
    IE: Republic of Ireland
"""
_COMMON_LANGUAGES = """
    es: Castilian | Castellano | castillan | Kastilisch | castigliano | española | espagnole
    en: inglesa | anglaise
    fr: francesa | française
    de: alemana | allemande
    fa: Farsi
    zh: Mandarin | Mandarin Chinese | mandarín
    my: Burmese
    pt: portuguesa | portugaise
    ru: rusa
    ar: árabe
"""
# Capitalized, these are as often something else: a meeting, a first name, "contact US".
_NOT_IN_SENTENCES = frozenset({"us", "reunion", "réunion", "dominique", "man"})

_ARTICLES = frozenset(
    """
    the of la le les l el los las du de des d der die das dem den den il lo gli i del della dello
    dell delle degli dei da do a al au aux en in im
    """.split()
)
_AND = re.compile(r"[,;/|&+]|\b(?:and|or|und|oder|y|o|u|e|et|ou|en|of)\b", re.IGNORECASE)


class _Names(NamedTuple):
    """Codes by name: as written, and without diacritics where no name is written so.

    *longest* counts the words of the longest name that begins with a word.
    """

    exact: dict[str, str]
    bare: dict[str, str]
    longest: dict[str, int]

    def get(self, name: str) -> str | None:
        return self.exact.get(folded(name)) or self.bare.get(bare(name))


def read_country(text: str) -> str | None:
    """Return the country (ISO 3166-1) whose name *text* is; an article may stand before it."""
    parts = _parts(text)
    while len(parts) <= 2 * MAX_WORDS:
        code = _countries().get(" ".join(parts))
        if code or not parts or folded(parts[0]) not in _ARTICLES:
            return code
        parts = parts[1:]
    return None


def countries_in(text: str) -> list[str]:
    """Return the countries that are named in *text*, in their order, each once.

    A name begins with a capital, or is written in letters that have none.
    """
    found: list[str] = []
    for code, name in _scan(text[:MAX_TEXT], _countries()):
        if not name[0].islower() and folded(name) not in _NOT_IN_SENTENCES and code not in found:
            found.append(code)
    return found


def read_language(text: str) -> str | None:
    """Return the language (BCP 47) whose name *text* is, in that language or another."""
    parts = _parts(text)
    if not 0 < len(parts) <= MAX_WORDS:
        return None
    name = " ".join(parts)
    return _languages().get(name) or _own_names().get(name)


def read_languages(text: str) -> list[str]:
    """Return the languages of a list (`Spanish and English`), or those a sentence names."""
    pieces = [piece for piece in _AND.split(text[:MAX_TEXT]) if piece.strip()]
    listed = [read_language(piece) for piece in pieces[: MAX_WORDS * 4]]
    if listed and all(listed) and len(pieces) == len(listed):
        return list(dict.fromkeys(tag for tag in listed if tag))
    found = _scan(text[:MAX_TEXT], _languages())
    return list(dict.fromkeys(tag for tag, name in found if _is_sure(tag, name)))


def _is_sure(tag: str, name: str) -> bool:
    """Tell whether a word of a sentence is a language's name and hardly another word."""
    return len(name) >= MIN_WORD and len(tag.partition("-")[0]) == 2  # noqa: PLR2004 - ISO 639-1


def _parts(text: str) -> list[str]:
    """Return the words of a short text; none of a long one, which is no name."""
    return [word[0] for word in words(text)] if len(text) <= 200 else []  # noqa: PLR2004


def _scan(text: str, names: _Names) -> Iterator[tuple[str, str]]:
    """Find names in a text, the longest first, each with the code it stands for."""
    found = words(text)
    at = 0
    while at < len(found):
        taken = 1
        longest = names.longest.get(bare(found[at][0]), 0)
        for count in range(min(longest, len(found) - at), 0, -1):
            name = " ".join(word[0] for word in found[at : at + count])
            code = names.get(name)
            if code:
                yield code, name
                taken = count
                break
        at += taken


@cache
def _countries() -> _Names:
    common = _table(_COMMON_COUNTRIES)
    cldr = (
        (form, code)
        for language in _COUNTRY_NAMES_IN
        for code, name in Locale(language).territories.items()
        if code in COUNTRIES and code != "ZZ"
        for form in _without_brackets(name)
    )
    return _names((*common, *cldr))


@cache
def _languages() -> _Names:
    common = _table(_COMMON_LANGUAGES)
    cldr = (
        (name, tag)
        for language in _LANGUAGE_NAMES_IN
        for tag, name in _tagged(Locale(language).languages)
    )
    return _names((*common, *cldr))


@cache
def _own_names() -> _Names:
    """Return the names that languages have for themselves."""
    return _names((Locale(tag).get_display_name() or tag, tag) for tag in LANGUAGES)


def _tagged(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return names by BCP 47 tags, those of two letters first: they win a name that two have."""
    tags = {code.replace("_", "-"): name for code, name in names.items()}
    for tag in sorted(tags, key=len):
        if is_language(tag):
            yield tag, tags[tag]


def _table(text: str) -> Iterator[tuple[str, str]]:
    for row in text.strip().splitlines():
        code, _, names = row.strip().partition(": ")
        yield from ((name, code) for name in names.split(" | "))


def _without_brackets(name: str) -> set[str]:
    """Return `Myanmar (Burma)` also as `Myanmar`."""
    return {name, name.partition(" (")[0]}


def _names(pairs: Iterable[tuple[str, str]]) -> _Names:
    """Gather names; the first that has one keeps it."""
    names = _Names({}, {}, {})
    for name, code in pairs:
        found = [word[0] for word in words(name)]
        if not found:
            continue
        whole, first = " ".join(found), bare(found[0])
        names.longest[first] = max(names.longest.get(first, 0), len(found))
        names.exact.setdefault(folded(whole), code)
        names.bare.setdefault(bare(whole), code)
    return names
