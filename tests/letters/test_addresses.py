"""Where a letter goes, with the country as the post of the sender reads it."""

import pytest
from babel.languages import get_official_languages

from uasocial.letters import addresses
from uasocial.model.codes import COUNTRIES

UA = "ua-119-21"


def test_an_address_is_name_office_place_and_country(sample):
    assert sample(UA, "es", "GB").address == (
        "Oscar Maúrtua De Romaña",
        "Ministro de Relaciones Exteriores",
        "Jr. Lampa 545",
        "Cercado de Lima, Lima",
        "PERU",
    )


@pytest.mark.parametrize(
    ("language", "country", "line"),
    [
        ("es", "CH", "PÉROU"),
        ("es", "BE", "PÉROU"),
        ("es", "GB", "PERU"),
        ("es", "CA", "PERU"),
        ("es", None, "PERU"),
        ("fr", None, "PÉROU"),
        ("fr", "DE", "PÉROU"),
    ],
)
def test_the_country_is_in_french_for_a_french_letter_or_a_french_speaking_post(
    sample, language, country, line
):
    assert sample(UA, language, country).address[-1] == line


def test_the_language_of_the_country_can_be_said(sample):
    assert sample(UA, "es", "CH", country_in="en").address[-1] == "PERU"
    assert sample(UA, "es", "GB", country_in="fr").address[-1] == "PÉROU"


def test_the_countries_with_french_and_without_english_are_those_of_cldr():
    speaking = {code: get_official_languages(code) for code in COUNTRIES}
    found = {code for code, tags in speaking.items() if "fr" in tags and "en" not in tags}
    assert found == addresses.FRENCH


def test_within_one_country_there_is_no_line_for_it(sample):
    assert sample(UA, "es", "PE").address[-1] == "Cercado de Lima, Lima"


@pytest.mark.parametrize("written", ["Peru", "PÉROU", " peru ", "PERÚ"])
def test_a_country_at_the_end_of_the_lines_stands_there_once(composed, written, facts):
    facts = facts.replace("[1 Gate Road, Lima]", f"[1 Gate Road, Lima, {written!r}]")
    assert composed(facts=facts).address[-2:] == ("Lima", "PERU")


def test_a_country_at_the_end_of_the_lines_goes_within_one_country(composed, facts):
    facts = facts.replace("[1 Gate Road, Lima]", "[1 Gate Road, Lima, Peru]")
    assert composed("PE", facts=facts).address[-1] == "Lima"


def test_an_address_without_a_country_is_noted(composed, facts):
    facts = facts.replace("    country: PE\n", "")
    letter = composed(facts=facts)
    assert letter.address[-1] == "Lima"
    assert "minister: no country is on record" in " ".join(letter.notes)


def test_a_target_without_an_address_is_noted(composed, facts):
    letter = composed(facts=facts.replace("    address: [1 Gate Road, Lima]\n", ""))
    assert "minister: no postal address is on record" in letter.notes


def test_an_invented_country_has_no_name_to_write(sample):
    letter = sample("school-in-the-hills", "en", "GB")
    assert letter.address[-1] == "Karvel"
    assert any("invented" in note for note in letter.notes)


def test_an_office_without_a_name_in_the_language_has_one_in_a_language_the_target_reads(composed):
    assert composed(target="mayor").address[:2] == ("Haron Velsi", "Alcalde de Lima")


def test_an_office_that_nobody_holds_is_written_to_by_its_name(composed, facts):
    facts = facts.replace("since: 2026-01-16", "since: 2026-03-01")
    letter = composed(facts=facts)
    assert letter.address[0] == "Minister of Gates"
    assert "nobody is on record who holds the office on 2026-01-20" in " ".join(letter.notes)


@pytest.mark.parametrize("code", ["CD", "CG", "HK", "MM", "MO", "PS", "SX"])
def test_a_country_is_named_and_not_explained(composed, code, facts):
    line = composed(facts=facts.replace("country: PE", f"country: {code}")).address[-1]
    assert line == line.upper()
    assert line.replace(" ", "").isalpha()
