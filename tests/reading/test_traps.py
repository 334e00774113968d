"""Doubts about posts, letters and indexes that were read."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uasocial.reading.traps import MAILTO_LENGTH, of_index, of_letter, of_post

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed" / "000_bf9c33ec2faae4f8.txt"


def doubts(text, rest="", language="en"):
    """Look at a post in a document that says *rest* besides."""
    return said_of(text, re.findall(r"\w+", f"{text} {rest}"), language)


def said_of(text, words, language):
    found = of_post(text, 7, words, language)
    assert {doubt.line for doubt in found} <= {7}
    return [doubt.message for doubt in found]


def holds(found, words):
    return any(words in message for message in found)


@pytest.fixture(scope="module")
def seed():
    if not SEED.is_file():
        pytest.skip("no seed page beside the project")
    return SEED.read_text(encoding="utf-8")


def test_the_english_post_of_the_seed_has_all_its_traps(seed):
    post = next(line for line in seed.splitlines() if line.startswith("#") and "and issue" in line)
    found = said_of(post, re.findall(r"\w+", seed), "en")
    for words in (
        "cut off: it ends in 'discriminatio'",
        "'protection documents'",
        "'issue grant'",
        "a no-break space",
        "a space before '!'",
        "is 195 of 280 long on X, 219 with a link",
        "diacritics, which some write and search without: #Perú",
    ):
        assert holds(found, words), words


def test_the_spanish_post_of_the_seed_is_whole_and_has_the_others(seed):
    post = next(line for line in seed.splitlines() if line.startswith("#") and "DDHH" in line)
    found = said_of(post, re.findall(r"\w+", seed), "es")
    for words in (
        "a space before '!'",
        "is 161 of 280 long on X, 185 with a link",
        "#Perú, #LaNiñezRefugiadaImporta",
    ):
        assert holds(found, words), words
    assert not holds(found, "cut off")
    assert not holds(found, "two words")
    assert not holds(found, "no-break")


def test_a_sound_post_has_nothing_but_its_length_told():
    assert doubts("Open the gate now.") == [
        "the post is 18 of 280 long on X, 42 with a link",
    ]
    assert doubts("Open the gate: https://example.org/gate") == [
        "the post is 38 of 280 long on X",
    ]


@pytest.mark.parametrize("end", [",", "(", " [", " “", "…"])
def test_a_post_that_ends_in_an_opening_mark_may_be_cut_off(end):
    assert holds(doubts(f"Open the gate{end}"), "may be cut off")


def test_a_last_word_that_begins_another_one_only_may_be_cut_off():
    assert holds(doubts("Open the ga", "the gate"), "cut off") is False  # too short to tell
    assert holds(doubts("Stop the discrim", "discrimination"), "cut off")
    assert not holds(doubts("Stop the discrim", "discrimination discrim"), "cut off")
    assert not holds(doubts("Stop the discrim.", "discrimination"), "cut off")
    assert not holds(doubts("Open the gate", "gates"), "cut off")
    assert not holds(doubts("Open #Discrim", "discrimination"), "cut off")


def test_words_run_together_are_told_unless_the_language_compounds_them():
    assert holds(doubts("theopengate", "theopen gate"), "'theopen gate'")
    assert holds(doubts("opengates", "open gate"), "'open gates'")
    assert not holds(doubts("Tageszeitung", "tages zeitung", "de"), "two words")
    assert not holds(doubts("opengate", "open gate opengate"), "two words")
    assert not holds(doubts("#opengate", "open gate"), "two words")
    assert not holds(doubts("output", "out put"), "two words")


def test_two_verbs_side_by_side_are_told_in_english_only():
    assert holds(doubts("They must issue grant them papers."), "'issue grant', two verbs")
    assert not holds(doubts("issue grant", language="es"), "two verbs")
    assert not holds(doubts("issue, grant and ensure"), "two verbs")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Open\u00a0it", "holds a no-break space (U+00A0)"),
        ("Open\u202fit", "holds a narrow no-break space (U+202F)"),
        ("Open  it", "holds two spaces in a row"),
        ("Open it !", "holds a space before '!'"),
        ("Why ? Open it", "holds a space before '?'"),
    ],
)
def test_spaces_that_one_does_not_see_are_told(text, said):
    assert holds(doubts(text), said)


def test_french_spaces_before_marks_are_french():
    assert len(doubts("Ouvrez la porte\u00a0! Pourquoi ?", language="fr")) == 1
    assert holds(doubts("Ouvrez la\u00a0porte !", language="fr-CH"), "no-break")


def test_marks_within_words_and_scripts_whose_marks_are_letters_are_no_diacritics():
    assert holds(doubts("#Perú #Peru"), "without: #Perú")
    assert not holds(doubts("#Peru #महिला #مَدرسة"), "diacritics")


def test_a_letter_too_long_for_a_mail_address_is_told():
    long = of_letter("Dear Minister,", ["word " * 300], "Yours sincerely,", line=3)
    assert [doubt.line for doubt in long] == [3]
    assert "as a mailto: address, more than 1,600" in long[0].message
    fits = "x" * (MAILTO_LENGTH - len("mailto:?body=a%0D%0A%0D%0A%0D%0A%0D%0Ab"))
    assert of_letter("a", [fits], "b") == []
    assert len(of_letter("a", [f"{fits}x"], "b")) == 1
    assert len(of_letter("a", [fits], "b", subject="c")) == 1


def test_a_letter_without_closing_or_stated_language_is_told():
    assert [doubt.message for doubt in of_letter("a", ["b"], None, stated=False)] == [
        "the letter has no closing",
        "the language of the letter is not stated, only implied by its words",
    ]
    assert of_letter(None, None, "b") == []


@pytest.mark.parametrize(
    ("index", "countries"),
    [
        ("AMR 46/5033/2021", ["PE"]),
        ("MDE 12/1234/2020", ["EG"]),
        ("EUR 44/1234/2020", ["TR"]),
        ("ASA 41/1234/2020", ["VN", "PE"]),
        ("AFR 39/1234/2020", ["CV"]),
        ("ACT 30/1234/2020", ["PE"]),
        ("AMR 46/5033/2021", ["ZZ"]),
        ("AMR 46/5033/2021", []),
        ("", ["PE"]),
    ],
)
def test_an_index_whose_region_has_the_country_or_says_nothing_is_no_doubt(index, countries):
    assert of_index(index, countries) == []


def test_an_index_of_another_region_than_all_countries_is_doubted():
    assert of_index("AMR 46/5033/2021", ["KE", "UG"]) == [
        (0, "the index AMR 46/5033/2021 is of the Americas, and Kenya and Uganda lie elsewhere")
    ]
    assert "and Peru lies elsewhere" in of_index("MDE 46/5033/2021", ["PE"])[0].message


texts = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("#@ \u00a0!?:,(aáb\n"),
    ),
    max_size=80,
)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(texts, st.lists(texts, max_size=6), st.sampled_from(["en", "fr", "de", "", "pt-BR"]))
def test_no_text_raises(text, words, language):
    found = of_post(text, 1, words, language) + of_letter(text, words, None, subject=text)
    for doubt in found + of_index(text, [*words, "PE"]):
        assert "\n" not in doubt.message
        doubt.message.encode("utf-8")


@pytest.mark.parametrize("unit", ["a", "#é ", " ! ", "issue grant ", "\u00a0", "1.", "x.com/"])
def test_the_longest_post_takes_seconds_at_most(unit):
    text = unit * 50_000
    begun = time.perf_counter()
    of_post(text, 1, text.split()[:50_000], "en")
    of_letter(text, [text], None)
    assert time.perf_counter() - begun < 5
