"""Dates, days, lists and names in the forms of each language."""

from datetime import date

import pytest

from uasocial import languages
from uasocial.languages.reading import read_day

DAY = date(2022, 1, 3)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "3 January 2022"),
        ("es", "3 de enero de 2022"),
        ("de", "3. Januar 2022"),
        ("fr", "3 janvier 2022"),
        ("it", "3 gennaio 2022"),
        ("ar", "3 يناير 2022"),
        ("de-CH", "3. Januar 2022"),
    ],
)
def test_a_day_is_written_out_in_its_language(language, day):
    # Some CLDR versions put a mark of direction, or Arabic-Indic digits, into an Arabic date.
    written = languages.day(DAY, language).translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    assert written.replace("\u200f", "") == day


@pytest.mark.parametrize(
    ("day", "language", "written"),
    [
        (date(2021, 12, 1), "fr", "1er décembre 2021"),
        (date(2021, 1, 1), "fr-CH", "1er janvier 2021"),
        (date(2021, 12, 11), "fr", "11 décembre 2021"),
        (date(2021, 12, 21), "fr", "21 décembre 2021"),
        (date(2021, 12, 1), "it", "1 dicembre 2021"),
        (date(2021, 12, 1), "es", "1 de diciembre de 2021"),
        (date(2021, 12, 1), "de", "1. Dezember 2021"),
    ],
)
def test_the_first_of_a_month_has_its_ordinal_where_the_language_wants_one(day, language, written):
    assert languages.day(day, language) == written


@pytest.mark.parametrize("month", range(1, 13))
def test_a_first_that_was_written_in_french_is_read_again(month):
    first = date(2021, month, 1)
    assert read_day(f"Avant le {languages.day(first, 'fr')}.", "fr")[0] == first


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 day", "34 days"),
        ("es", "1 día", "34 días"),
        ("de", "1 Tag", "34 Tage"),
        ("fr", "1\xa0jour", "34\xa0jours"),
        ("it", "1 giorno", "34 giorni"),
        ("ar", "يوم", "34 يومًا"),
    ],
)
def test_a_number_of_days_has_the_right_plural(language, one, many):
    assert languages.count_of_days(1, language) == one
    assert languages.count_of_days(34, language) == many


def test_arabic_has_a_dual_and_a_plural_of_few():
    assert languages.count_of_days(2, "ar") == "يومان"
    assert languages.count_of_days(5, "ar") == "5 أيام"


def test_many_days_stay_days():
    assert languages.count_of_days(400, "en") == "400 days"


def test_a_list_is_joined_in_words():
    things = ["a", "b", "c"]
    assert languages.joined(things, "es") == "a, b y c"
    assert languages.joined(things, "de") == "a, b und c"


def test_a_country_and_a_language_are_named_in_a_language():
    assert languages.country_name("PE", "fr") == "Pérou"
    assert languages.country_name("ZX", "fr") == "ZX"
    assert languages.language_name("de", "en") == "German"


def test_numbers_have_the_separators_of_the_language():
    assert languages.number(500000, "de") == "500.000"


def test_an_unknown_language_is_written_as_in_english_and_raises_nothing():
    assert languages.day(DAY, "zxx") == "January 3, 2022"


def test_arabic_runs_from_right_to_left():
    assert languages.is_rtl("ar")
    assert not languages.is_rtl("es")


def test_a_country_has_its_time_zones():
    assert languages.zones("PE") == ["America/Lima"]
    assert languages.zones("XX") == []
