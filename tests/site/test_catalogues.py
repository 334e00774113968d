"""What the site says, in each of its languages: whole, and written as the language is written."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from uasocial.settings import SITE_LANGUAGES
from uasocial.site import interface as site_interface
from uasocial.site.interface import interface
from uasocial.site.pages import TEMPLATES

ROOT = Path(__file__).parents[2]
LOCALE = Path(site_interface.__file__).with_name("locale")
TRANSLATED = sorted(set(SITE_LANGUAGES) - {"en"})
each_language = pytest.mark.parametrize("language", TRANSLATED)

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
LETTER = re.compile(r"[^\W\d_]")
NO_BREAK = "\u00a0\u202f"
# What is the same word in another language, or no word.
ALIKE = {
    "de": {"Fax", "Index", "SMS", "%(holder)s, %(office)s"},
    "es": {"Fax", "SMS", "%(holder)s, %(office)s"},
    "fr": {
        "2 minutes",
        "15 minutes",
        "Contact",
        "Documents",
        "E-mail",
        "Fax",
        "Index",
        "Pages",
        "SMS",
        "%(heading)s, page %(number)s",
        "%(holder)s, %(office)s",
    },
    "it": {"E-mail", "Fax", "Privacy", "SMS", "%(holder)s, %(office)s"},
}
BUTTON = re.compile(r'class="button[^>]*>\{\{ _\("([^"]+)"\) \}\}')
# So many letters of a button's own size stand in one line of a phone 320 pixels wide.
BUTTON_AT_MOST = 26
COUNTED = ("%(num)s day left", "%(num)s days left")


class Said(NamedTuple):
    """A sentence in English and in another language; *form* counts the plural forms."""

    english: str
    translation: str
    form: int | None = None


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def said(language: str) -> Iterator[Said]:
    """Yield every sentence; of one that counts, each plural form beside the English plural."""
    for message in catalogue(language):
        if isinstance(message.id, tuple):
            for form, text in enumerate(message.string):
                yield Said(message.id[1], text, form)
        elif message.id:
            yield Said(message.id, message.string)


def plain(text: str) -> str:
    return PLACEHOLDER.sub("", text)


def test_the_catalogues_hold_every_sentence_of_the_site_and_no_other():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_catalogues.py", "--check"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stdout + done.stderr == "all is current and translated\n"
    assert done.returncode == 0


@each_language
def test_every_sentence_is_translated_and_none_by_guess(language):
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []
    assert [one for one in said(language) if not one.translation.strip()] == []


@each_language
def test_every_sentence_that_counts_has_all_the_forms_of_its_language(language):
    found = catalogue(language)
    counted = [message for message in found if isinstance(message.id, tuple)]
    assert counted
    assert {len(message.string) for message in counted} == {found.num_plurals}


@each_language
def test_a_catalogue_tells_numbers_apart_as_the_language_does(language):
    # CLDR tells more forms apart than gettext: one of them is for whole millions.
    form_of, name_of = interface(language)._catalogue.plural, Locale(language).plural_form
    pairs = {(form_of(number), name_of(number)) for number in range(1000)}
    assert len(pairs) == len({form for form, _ in pairs}) == len({name for _, name in pairs})


def test_the_forms_of_arabic_stand_in_the_order_that_translators_know():
    form_of, name_of = interface("ar")._catalogue.plural, Locale("ar").plural_form
    names = ["zero", "one", "two", "few", "many", "other"]
    assert [names[form_of(number)] for number in range(500)] == [*map(name_of, range(500))]


@each_language
def test_a_translation_has_the_placeholders_of_the_english_sentence(language):
    form_of = interface(language)._catalogue.plural
    numbers_of = [form_of(number) for number in range(1000)]
    for one in said(language):
        wanted, found = (sorted(PLACEHOLDER.findall(text)) for text in (one[0], one[1]))
        assert one.translation.count("%") == len(found), one
        # A form for one number alone may say it in a word: two days, in Arabic.
        in_a_word = one.form is not None and numbers_of.count(one.form) == 1 and found == []
        assert found == wanted or in_a_word, one


@each_language
def test_no_sentence_is_left_in_english_but_for_words_that_both_share(language):
    alike = {one.english for one in said(language) if one.english == one.translation}
    assert alike == ALIKE.get(language, set())


@each_language
def test_a_sentence_that_leads_to_what_follows_ends_in_a_colon(language):
    leading = [one for one in said(language) if one.english.endswith(":")]
    assert leading
    assert [one for one in leading if not one.translation.endswith(":")] == []


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_quotes_apostrophes_and_ellipses_are_those_of_print(language):
    texts = [one.english for one in said("de")] if language == "en" else []
    texts = texts or [one.translation for one in said(language)]
    assert [text for text in texts if re.search(r"[\"'`´]|\.\.\.", text)] == []


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_nothing_is_shouted_and_no_space_is_left_over(language):
    texts = [one.english for one in said("de")] if language == "en" else []
    texts = texts or [one.translation for one in said(language)]
    assert [text for text in texts if re.search(r"!|^\s|\s$|\s\s", text)] == []


def test_french_has_a_space_that_does_not_break_before_its_high_marks():
    for one in said("fr"):
        for mark in re.finditer(r"[:;?]", one.translation):
            assert one.translation[mark.start() - 1] in NO_BREAK, one


def test_spanish_opens_each_question():
    questions = [one.translation for one in said("es") if "?" in one.translation]
    assert questions
    assert [text for text in questions if text.count("¿") != text.count("?")] == []


def test_what_is_said_in_arabic_is_in_arabic_letters_and_with_arabic_marks():
    for one in said("ar"):
        if LETTER.search(plain(one.english)):
            assert ARABIC_LETTER.search(one.translation), one
        assert not re.search(r"[,;?]", one.translation), one


@each_language
def test_a_button_has_room_in_one_line_of_a_small_phone(language):
    buttons = {
        message
        for template in TEMPLATES.glob("*.j2")
        for message in BUTTON.findall(template.read_text(encoding="utf-8"))
    }
    assert "Share" in buttons
    assert "Copy the text" in buttons
    words = interface(language)
    told = map(words.gettext, buttons)
    assert [text for text in told if len(text) > BUTTON_AT_MOST] == []


def test_arabic_counts_days_in_its_six_forms():
    words = interface("ar")
    assert {count: words.ngettext(*COUNTED, count) for count in (0, 1, 2, 3, 11, 100)} == {
        0: "لم يبقَ أي يوم",
        1: "بقي يوم واحد",
        2: "بقي يومان",
        3: "بقيت 3 أيام",
        11: "بقي 11 يومًا",
        100: "بقي 100 يوم",
    }


def test_french_has_one_form_for_none_and_one():
    words = interface("fr")
    told = [words.ngettext(*COUNTED, count) for count in (0, 1, 2)]
    assert told == ["0 jour restant", "1 jour restant", "2 jours restants"]


@pytest.mark.parametrize("language", ["sw", "pt-BR", "zh-Hant", "x-nobody"])
def test_a_language_without_a_catalogue_is_told_in_english(language):
    words = interface(language)
    assert words.language == "en"
    assert words.gettext("Share a text") == "Share a text"
    assert words.ngettext(*COUNTED, 2) == "2 days left"


def test_a_regional_language_is_told_in_the_words_of_the_whole():
    words = interface("de-CH")
    assert words.language == "de"
    assert words.gettext("Share a text") == "Text teilen"


def test_the_name_of_a_language_is_written_large_only_where_it_stands_alone():
    words = interface("es")
    assert (words.tongue("es"), words.tongue_alone("es")) == ("español", "Español")
