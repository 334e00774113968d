"""The address block: name, office, lines, and the country as the post of the sender reads it."""

from collections.abc import Iterable, Mapping
from datetime import date

from uasocial import languages
from uasocial.letters.parts import Sending
from uasocial.model import Facts, Target
from uasocial.model.facts import Copy

__all__ = ["INVENTED", "in_language", "of_copy", "of_target"]

# ISO 3166-1 leaves this code to its users: here, a country that does not exist and has no name.
INVENTED = "ZZ"

# Countries where French is an official language and English is not (CLDR; a test holds this
# against Babel's copy). Their posts ask for the country in French, the others take English.
FRENCH = frozenset(
    """
    BE BF BJ BL CD CF CG CH CI DJ DZ FR GA GF GN GP GQ HT KM LU MC MF ML MQ NC NE PF PM RE SN TD TG
    TN WF YT
    """.split()
)

# Where CLDR's name explains instead of naming, the name without the explanation; for the two
# Congos as the United Nations write them: https://unstats.un.org/unsd/methodology/m49/
_PLAINLY = {
    "CD": {"en": "Democratic Republic of the Congo", "fr": "République démocratique du Congo"},
    "CG": {"en": "Congo", "fr": "Congo"},
    "HK": {"en": "Hong Kong", "fr": "Hong Kong"},
    "MM": {"en": "Myanmar", "fr": "Myanmar"},
    "MO": {"en": "Macao", "fr": "Macao"},
    "PS": {"en": "Palestine", "fr": "Palestine"},
    "SX": {"en": "Sint Maarten", "fr": "Sint Maarten"},
}


def of_target(
    facts: Facts, target: Target, language: str, sending: Sending, today: date
) -> tuple[str, ...]:
    """Return the lines for a target: who holds the office, the office, where it is."""
    holder = target.holder(today)
    office = in_language(target.office, language, facts.preferred_languages)
    head = (holder.name, office) if holder else (office,)
    return (*head, *_place(facts, target, language, sending))


def of_copy(facts: Facts, copy: Copy, language: str, sending: Sending) -> tuple[str, ...]:
    """Return the lines for who gets the copy."""
    name = in_language(copy.name, language, facts.preferred_languages)
    return (name, *_place(facts, copy, language, sending))


def in_language(texts: Mapping[str, str], language: str, others: Iterable[str]) -> str:
    """Return the text in *language*, else in the first of *others* that has one, else any."""
    found = next((tag for tag in (language, *others) if tag in texts), None)
    return texts[found] if found else next(iter(texts.values()))


def _place(facts: Facts, of: Target | Copy, language: str, sending: Sending) -> tuple[str, ...]:
    """Return the lines of a place; the country stands once: last, in capitals, or not at all.

    The Universal Postal Union (https://www.upu.int) asks for capitals, and for a language that is
    known everywhere: French, which is its own, or English.
    """
    if of.country is None or of.country == INVENTED:
        return of.address
    languages_of_lines = ("en", "fr", language, *facts.preferred_languages)
    lines = _without_country(of.address, of.country, languages_of_lines)
    if of.country == sending.country:
        return lines
    return (*lines, _country_line(of.country, language, sending))


def _without_country(lines: tuple[str, ...], country: str, tags: Iterable[str]) -> tuple[str, ...]:
    names = {_name(country, tag).casefold() for tag in tags}
    return lines[:-1] if lines and lines[-1].strip().casefold() in names else lines


def _country_line(country: str, language: str, sending: Sending) -> str:
    french = sending.country in FRENCH or language.partition("-")[0] == "fr"
    return _name(country, sending.country_in or ("fr" if french else "en")).upper()


def _name(country: str, language: str) -> str:
    plain = _PLAINLY.get(country, {}).get(language)
    return plain or languages.country_name(country, language)
