"""The codes are those of CLDR, as Babel carries it."""

from babel import Locale
from babel.core import get_global

from uasocial.model.codes import COUNTRIES, LANGUAGES, is_country, is_language

# ISO 639-1 has them, and CLDR 47 names them by other codes or not at all.
NOT_IN_CLDR = {"bh"}


def test_the_countries_are_those_of_cldr_and_zz():
    named = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}
    # The unions of states and the pseudo-regions of CLDR are no countries.
    assert named - {"EU", "EZ", "UN", "QO", "XA", "XB"} <= COUNTRIES
    # CLDR has Sark (CQ) only lately.
    assert named | {"CQ"} >= COUNTRIES


def test_each_language_of_two_letters_has_a_name_in_cldr():
    named = set(Locale("en").languages) | set(get_global("language_aliases"))
    assert named >= LANGUAGES - NOT_IN_CLDR


def test_every_language_of_two_letters_that_cldr_writes_is_known():
    from babel.localedata import locale_identifiers

    tags = {tag.partition("_")[0] for tag in locale_identifiers()}
    assert {tag for tag in tags if len(tag) == 2} <= LANGUAGES


def test_a_tag_is_well_cased_and_its_parts_exist():
    assert all(map(is_language, ["es", "pt-BR", "zh-Hant", "es-419", "de-1996", "fil"]))
    assert not any(
        map(is_language, ["", "ES", "xx", "pt-br", "pt-XX", "english", "no.yaml", "e s"])
    )


def test_a_country_is_two_capitals():
    assert is_country("PE")
    assert not any(map(is_country, ["pe", "XX", "PER", ""]))
