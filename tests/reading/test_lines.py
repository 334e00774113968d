"""Lines made ready: nothing is lost, nothing is said twice, wrapped texts are whole again."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from uasocial.reading import Line
from uasocial.reading.lines import paragraphs, prepared


def lines(*texts: str) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(texts, 1)]


def texts(found) -> list[str]:
    return [text for text, _ in found]


LONG = (
    "The river has carried people for as long as anyone can remember, and nobody asked for a "
    "permit. In the spring the authorities closed the landing and took the only boat away."
)


def test_an_empty_line_parts_paragraphs():
    assert texts(paragraphs(lines("One.", "", "Two."))) == ["One.", "Two."]


def test_lines_that_were_wrapped_become_one_paragraph():
    wrapped = textwrap.wrap(LONG, 72)
    assert texts(paragraphs(lines(*wrapped))) == [LONG]


def test_two_wrapped_paragraphs_without_a_gap_stay_two():
    wrapped = textwrap.wrap(LONG, 40)
    assert texts(paragraphs(lines(*wrapped, *wrapped))) == [LONG, LONG]


def test_sentences_of_a_line_each_are_not_joined():
    told = [sentence.strip() + "." for sentence in LONG.split(".") if sentence]
    assert texts(paragraphs(lines(*told))) == told


def test_short_lines_such_as_an_address_are_never_joined():
    address = ("Ana Example", "Minister of Gates", "1 Gate Street")
    assert texts(paragraphs(lines(*address))) == list(address)


def test_lines_longer_than_anybody_wraps_are_paragraphs():
    assert texts(paragraphs(lines(LONG, LONG))) == [LONG, LONG]


def test_a_paragraph_knows_the_lines_it_was_made_of():
    wrapped = textwrap.wrap(LONG, 72)
    [(_, used)] = paragraphs(lines(*wrapped))
    assert [line.number for line in used] == list(range(1, len(wrapped) + 1))


def test_a_list_joined_into_one_line_is_taken_apart():
    found, doubled = prepared(lines("Take action • Write today. • Be polite."))
    assert [(line.text, line.kind) for line in found] == [
        ("Take action", "text"),
        ("Write today.", "item"),
        ("Be polite.", "item"),
    ]
    assert not doubled


def test_a_dash_within_a_sentence_begins_no_item():
    found, _ = prepared(lines("The boat – the only one – is gone."))
    assert [line.text for line in found] == ["The boat – the only one – is gone."]


def test_a_text_with_each_line_twice_is_read_once():
    once = [f"Line {number}" for number in range(10)]
    found, doubled = prepared(lines(*(text for text in once for _ in range(2))))
    assert doubled
    assert [line.text for line in found] == once


def test_a_line_that_stands_twice_by_itself_is_kept():
    told = ["One", "Two", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    found, doubled = prepared(lines(*told))
    assert not doubled
    assert [line.text for line in found] == told


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=90)))
def test_no_word_is_lost_whatever_the_lines(given_texts):
    given_lines = lines(*(text.strip() for text in given_texts))
    used = [line for _, part in paragraphs(given_lines) for line in part]
    assert used == [line for line in given_lines if line.text]
