"""The units that platforms count in."""

import re
import subprocess
import sys

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text import units

UNITS = ("code_points", "utf16_units", "utf8_bytes", "graphemes")
any_text = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize("unit", UNITS)
def test_every_vector_has_its_count(vectors, unit):
    wrong = [
        vector
        for vector in vectors("units")["vectors"]
        if getattr(units, unit)(vector["text"]) != vector[unit]
    ]
    assert not wrong


@given(any_text)
def test_no_text_is_refused_and_the_counts_keep_their_order(text):
    points = units.code_points(text)
    together = units.graphemes(text)
    apart = units.graphemes_conjuncts_apart(text)
    assert together <= apart <= points <= units.utf16_units(text) <= units.utf8_bytes(text)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_the_ascii_short_cut_counts_as_the_pattern_does(text):
    import regex

    assert units.graphemes(text) == len(regex.findall(r"\X", text))


def test_a_lone_surrogate_is_one_unit_and_three_bytes():
    lone = "\ud800"
    counts = [getattr(units, unit)(lone) for unit in UNITS]
    assert counts == [1, 1, 3, 1]
    assert units.utf8_bytes(lone) == units.utf8_bytes("\ufffd")


@pytest.mark.parametrize(
    ("text", "together", "apart"),
    [
        ("नमस्ते", 3, 4),
        ("क्ष्म", 1, 3),
        # A joiner between asks for the conjunct, a non-joiner for its parts.
        ("क्\u200dष", 1, 2),
        ("क्\u200cष", 2, 2),
        ("ক্ষ", 1, 2),
        ("ক", 1, 1),
        # A linker joins nothing where no consonant stands before it.
        (" ्ष", 2, 2),
        # Tamil makes no conjuncts.
        ("க்ஷ", 2, 2),
    ],
)
def test_older_servers_count_the_parts_of_a_conjunct(text, together, apart):
    assert units.graphemes(text) == together
    assert units.graphemes_conjuncts_apart(text) == apart


def test_long_texts_of_marks_are_counted_at_once():
    text = "क" + "़" * 100_000 + "्" * 100_000
    assert units.graphemes_conjuncts_apart(text) == 1
    assert units.graphemes_conjuncts_apart("क्" * 100_000) == 100_000


def test_counting_ascii_or_bytes_does_not_import_regex():
    code = (
        "import sys; from uasocial.text import units;"
        "units.graphemes('plain'); units.utf8_bytes('né'); units.utf16_units('né');"
        "sys.exit('regex' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _all_of(body: str) -> list[str]:
    kept = re.compile(f"[{body}]")
    return [chr(code) for code in range(0x110000) if kept.fullmatch(chr(code))]


def _clusters(text: str) -> int:
    return len(regex.findall(r"\X", text))


def test_characters_counted_without_the_segmenter_join_no_neighbour() -> None:
    apart = _all_of(units._APART)
    assert len(apart) > 20000
    for before, after in (("a", "a"), ("é", "中"), ("م", "я"), ("\t", "♥")):
        for char in apart:
            text = f"{before}{char}{char}{after}"
            assert _clusters(text) == 4, ascii(text)


def test_marks_counted_without_the_segmenter_join_what_is_before_them() -> None:
    for mark in _all_of(units._MARK):
        for base in ("a", "م", "中", "♥"):
            text = f"{base}{mark}{mark}{base}"
            assert _clusters(text) == units.graphemes(text) == 2, ascii(text)


@pytest.mark.parametrize("control", _all_of(units._CONTROL))
def test_controls_stand_alone(control: str) -> None:
    text = f"a{control}{control}a"
    assert _clusters(text) == units.graphemes(text) == 4


@given(st.text(alphabet="a\r\n é\u0301\u064bم中\xad\u200d👍", max_size=12))
def test_the_short_cut_changes_no_count(text: str) -> None:
    assert units.graphemes(text) == _clusters(text)
