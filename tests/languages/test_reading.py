"""Days, languages and countries read from texts as pages write them."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.languages.reading import (
    countries_in,
    identify,
    is_ambiguous_day,
    read_country,
    read_day,
    read_days,
    read_language,
    read_languages,
)

JANUARY = date(2022, 1, 3)


@pytest.mark.parametrize(
    "words",
    [
        "3 January 2022",
        "3rd January, 2022",
        "January 3 2022",
        "January 3rd, 2022",
        "Jan. 3, 2022",
        "3-Jan-2022",
        "3. Januar 2022",
        "3. Jänner 2022",
        "3 janvier 2022",
        "3 de enero de 2022",
        "3 ENERO 2022",
        "3 gennaio 2022",
        "3 de janeiro de 2022",
        "3 januari 2022",
        "3 يناير 2022",
        "3 يناير/كانون الثاني 2022",
        "٣ يناير ٢٠٢٢",
        "2022-01-03",
        "2022/01/03",
        "03.01.2022",
        "3. 1. 2022",
    ],
)
def test_a_full_date_is_read_with_its_exact_words(words):
    assert read_day(f"Please take action before {words}.") == (JANUARY, words)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Aktiv seit 23. November 2021 | Noch 34 Tage", date(2021, 11, 23)),
        ("expires on June 1st, 2023", date(2023, 6, 1)),
        ("le 1er mars 2024", date(2024, 3, 1)),
        ("le 1ᵉʳ mars 2024", date(2024, 3, 1)),
        ("1º gennaio 2022", date(2022, 1, 1)),
        ("le 5 fevrier 2024", date(2024, 2, 5)),
        ("1.º de setiembre del 2020", date(2020, 9, 1)),
        ("AVANT LE 23 AVRIL 2010 À", date(2010, 4, 23)),
        ("13/01/2022", date(2022, 1, 13)),
        ("01/13/2022", date(2022, 1, 13)),
        ("03/03/2022", date(2022, 3, 3)),
    ],
)
def test_dates_as_pages_write_them(text, day):
    assert read_day(text)[0] == day


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2022",
        "0 January 2022",
        "2022-13-01",
        "3 January",
        "January 2022",
        "3 Foo 2022",
        "3 January 1066",
        "Resolution No. 207-2021-RE",
        "AMR 46/5033/2021",
        "031 351 85 70",
        "",
    ],
)
def test_what_is_no_full_date_of_our_time_is_none(text):
    assert read_day(text) is None


def test_a_date_of_slashes_that_may_be_read_two_ways_is_not_read_and_is_told():
    assert read_day("until 03/01/2022") is None
    assert is_ambiguous_day("until 03/01/2022")
    assert not is_ambiguous_day("until 13/01/2022, on 03/03/2022, 31/31/2022 and 2022/01/03")


def test_all_dates_are_read_in_their_order():
    text = "From 3. Januar 2022 to March 5, 2022, not 30 February 2022; 2022-04-01"
    assert [day.month for day, _ in read_days(text)] == [1, 3, 4]


def test_a_language_that_is_given_alone_names_the_months():
    assert read_day("3 janvier 2022", "fr") == (JANUARY, "3 janvier 2022")
    assert read_day("3 janvier 2022", "de-CH") is None
    assert read_day("3 januari 2022", "sv") == (JANUARY, "3 januari 2022")
    assert read_day("3 January 2022", "no-such-language") is None


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Spanish", "es"),
        ("espagnol", "es"),
        ("Castellano", "es"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("FRANCAIS", "fr"),
        ("english.", "en"),
        ("Farsi", "fa"),
        ("Brazilian Portuguese", "pt-BR"),
        ("Türkçe", "tr"),
        ("العربية", "ar"),
        ("中文", "zh"),
        ("Kinyarwanda", "rw"),
    ],
)
def test_a_language_is_known_by_its_name_in_several_languages_and_its_own(name, tag):
    assert read_language(name) == tag


@pytest.mark.parametrize("text", ["", "own", "Lima", "Spanish and English", "a " * 300])
def test_what_is_no_name_of_one_language_is_none(text):
    assert read_language(text) is None


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Spanish and English", ["es", "en"]),
        ("Español o inglés", ["es", "en"]),
        ("Français, anglais ou allemand", ["fr", "en", "de"]),
        ("Spanish. You can also write in your own language.", ["es"]),
        ("en español o en su propio idioma", ["es"]),
        ("Write even more of the same", []),
        ("", []),
    ],
)
def test_languages_are_read_from_a_list_or_a_sentence(text, tags):
    assert read_languages(text) == tags


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Peru", "PE"),
        ("PERÚ", "PE"),
        ("Pérou", "PE"),
        ("du Pérou", "PE"),
        ("Perou", "PE"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Iran", "IR"),
        ("Syria", "SY"),
        ("Russia", "RU"),
        ("Russian Federation", "RU"),
        ("The Gambia", "GM"),
        ("Côte d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("USA", "US"),
        ("UK", "GB"),
        ("DRC", "CD"),
        ("Myanmar (Burma)", "MM"),
        ("El Salvador", "SV"),
        ("Schweiz", "CH"),
        ("l'Égypte", "EG"),
    ],
)
def test_a_country_is_known_by_its_names(name, code):
    assert read_country(name) == code


@pytest.mark.parametrize("text", ["", "the", "Lima", "Embassy of Peru", "Peru and Chile", "ZZ"])
def test_what_is_no_name_of_one_country_is_none(text):
    assert read_country(text) is None


def test_countries_are_found_in_a_sentence_on_the_borders_of_words():
    assert countries_in("Perú's Peruvians met in Equatorial Guinea; Peru, then DRC.") == [
        "PE",
        "GQ",
        "CD",
    ]


def test_small_letters_and_words_with_two_meanings_name_no_country_in_a_sentence():
    assert countries_in("CONTACT US about a guinea pig, turkey and la Réunion") == []


def test_a_longer_name_is_not_read_as_the_shorter_one_in_it():
    assert countries_in("Republic of Korea, Papua New Guinea, South Sudan") == ["KR", "PG", "SS"]


def test_the_language_of_a_text_is_told_with_its_certainty():
    language, certainty = identify(
        "Insto al Ministerio de Asuntos Exteriores a adoptar sin más demora medidas."
    )
    assert language == "es"
    assert 0.8 < certainty <= 1


def test_addresses_handles_and_tags_do_not_count_for_the_language():
    signs = "https://example.org/the/minister @TheMinister #RefugeeChildhoodMatters"
    assert identify(signs) == ("", 0.0)
    assert identify(f"{signs} debe reconocer sus derechos sin discriminación")[0] == "es"


def test_only_candidates_are_answered_where_there_are_some():
    assert identify("Ministère de la Justice", ["de", "fr"])[0] == "fr"
    assert identify("Ministério da Justiça e da Segurança", ["de", "pt-BR"])[0] == "pt-BR"
    assert identify("Ministry of Justice", ["zxx"]) == ("", 0.0)
    assert identify("123 456") == ("", 0.0)


texts = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("0123456789/.- \n\u00a0deJuly,٣"),
    ),
    max_size=80,
)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(texts, st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["en", "pt-BR", "und"])))
def test_no_text_raises(text, language):
    for day, words in read_days(text, language):
        assert words in text
        assert day.year >= 1900
    is_ambiguous_day(text)
    read_language(text)
    read_languages(text)
    read_country(text)
    countries_in(text)
    assert 0 <= identify(text)[1] <= 1
    assert 0 <= identify(text, ["en", text])[1] <= 1


@pytest.mark.parametrize("unit", ["\u00a0", "1 ", "1/2/", "de ", "A ", "3 de "])
def test_the_longest_text_takes_seconds_at_most(unit):
    reads = (read_days, is_ambiguous_day, read_languages, countries_in, read_country)
    for read in reads:
        read(unit)
        begun = time.perf_counter()
        read((unit * 100_000)[:100_000])
        assert time.perf_counter() - begun < 5
