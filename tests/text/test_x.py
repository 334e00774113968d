"""The length of a post on X and what X links in it, against known answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text import x
from uasocial.text.spans import Span
from uasocial.text.tables import x_emoji

ENTITIES = ("urls", "hashtags", "mentions", "cashtags")

LENGTHS = {
    "": 0,
    "a": 1,
    "e\u0301": 1,  # counted in normal form C
    "日本": 4,
    "ሰላም": 6,
    "ສະບາຍດີ": 7,
    "\u10ff\u1100": 3,
    "\u2000\u200d\u200e\u2010\u201f\u2020\u2032\u2037\u2038": 12,
    "👩‍👩‍👧‍👦": 2,
    "👍🏿": 2,
    "1\u20e3": 2,
    "1\ufe0f\u20e3": 2,
    "☺\ufe0e": 4,
    "☺\ufe0f": 2,
    "🇺": 2,
    "🇺🇦": 2,
    "🏿": 2,
    "©": 1,
    "©\ufe0f": 2,
    "🐻‍❄️": 5,  # newer than Emoji 12: in parts
    "it.is": 23,
    "See go.to/x.": 28,
    "https://a.org/" + "x" * 300: 23,
    "-it.is": 6,
    "a@example.com": 13,
    "http://a.comhttp://b.com": 24,
    "https://例え.みんな": 23,
    "例え.みんな": 11,
    "\ud800": 2,
    "\ud83d\ude00": 2,  # two code points for Python, one character for X
    "a.com/1\u20e3": 25,
    "\U0001f600a.com😀": 27,
}

FOUND = [
    ("urls", "“é.com”", [Span(1, 6, "é.com")]),
    ("urls", "😀a.com/x", [Span(1, 8, "a.com/x")]),
    ("urls", "\ud83d\ude00 a.com", [Span(3, 8, "a.com")]),
    ("urls", "https://t.co/abc/def", [Span(0, 16, "https://t.co/abc")]),
    ("urls", "https://t.co/" + "a" * 41, []),
    ("urls", "a.com.\u1c83\u1c84", [Span(0, 5, "a.com")]),
    ("urls", "http://x.\u1c80г http://x.ΕΥ", [Span(12, 23, "http://x.ΕΥ")]),
    ("urls", "a.com中.org/x", [Span(0, 12, "a.com/x")]),
    ("urls", "https://a.com/ι\u2c65", [Span(0, 16, "https://a.com/ι\u2c65")]),
    ("hashtags", "a.com/#b #b", [Span(9, 11, "b")]),
    ("hashtags", "\ud83d\ude00#b #😀 #𝒜", [Span(2, 4, "b"), Span(8, 10, "𝒜")]),
    ("hashtags", "#1 #1a &#b ##c #d#e", [Span(3, 6, "1a"), Span(12, 14, "c")]),
    ("mentions", "RT@a b@c ＠d @e/list @f@g", [Span(2, 4, "a"), Span(9, 11, "d")]),
    (
        "cashtags",
        "$A $AB.C x$D $E\u0085 $F\ufeff",
        [Span(0, 2, "A"), Span(3, 8, "AB.C"), Span(17, 19, "F")],
    ),
]

ADVERSARIAL = [
    "a-" * 10_000 + ".com!",
    "." * 50_000,
    "a." * 50_000,
    "@" * 50_000,
    "http://" * 20_000,
    "(" * 50_000,
    "a.com/" + "(" * 50_000,
    "a.com/(" * 20_000,
    "a.com?" + "!" * 50_000,
    "a.com中_." * 20_000,
    "#1" * 50_000,
    "#" + "1" * 50_000,
    "👩\u200d" * 50_000,
    "1\ufe0f" * 50_000,
    "\U0001f1e6" * 50_000,
    "a" + "\u0301\u0316" * 50_000,
    "\u0f73\u0f71" * 50_000,
    "https://" + ("xn--" + "a" * 50 + "中.") * 5_000 + "com",
]


@pytest.mark.parametrize(("text", "length"), LENGTHS.items(), ids=ascii)
def test_length(text, length):
    assert x.weighted_length(text) == length


@pytest.mark.parametrize(("entity", "text", "spans"), FOUND, ids=ascii)
def test_entities(entity, text, spans):
    assert getattr(x, entity)(text) == spans


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("", False),
        (" ", True),
        ("a" * 280, True),
        ("a" * 281, False),
        ("日" * 140, True),
        ("日" * 141, False),
        ("a\ufeff", False),
        ("a\ufffe", False),
        ("a\uffff", False),
        ("a" * 256 + " it.is", True),
        ("\ud800", True),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_validity(text, valid):
    assert x.is_valid(text) is valid


def test_lengths_of_the_conformance_suite(vectors):
    cases = vectors("x")["vectors"]
    answers = [{**c, "weighted_length": x.weighted_length(c["text"])} for c in cases]
    answers = [{**a, "valid": x.is_valid(a["text"])} for a in answers]
    assert answers == cases


@pytest.mark.parametrize("entity", ENTITIES)
def test_entities_of_the_conformance_suite(vectors, entity):
    find = getattr(x, entity)
    for case in vectors("x_entities")[entity]:
        assert [span.value for span in find(case["text"])] == case["expected"], ascii(case["text"])


def test_every_emoji_sequence_has_a_second_character_that_is_looked_for():
    for rest, firsts in x_emoji.AFTER.items():
        assert [first for first in firsts if x.weighted_length(first + rest) != 2] == [], ascii(
            rest
        )


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_has_an_answer(text):
    assert x.is_valid(text) in (True, False)
    assert 0 <= x.weighted_length(text) <= 23 * len(text)
    for entity in ENTITIES:
        for span in getattr(x, entity)(text):
            assert 0 <= span.start < span.end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            [*"a1é中😀.-_/:@#$(?! ", "http://", "com", "xn--", "ком", "\ud83d", "\ude00"]
        )
    ).map("".join)
)
def test_the_value_of_a_tag_or_mention_is_what_stands_there(text):
    for entity in ("hashtags", "mentions", "cashtags"):
        for start, end, value in getattr(x, entity)(text):
            plain = text[start + 1 : end].encode("utf-16-le", "surrogatepass")
            assert plain == value.encode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize("text", ADVERSARIAL, ids=lambda text: ascii(text[:16]))
def test_hostile_texts_come_to_an_end(text):
    assert x.weighted_length(text) > 0
    for entity in ENTITIES:
        assert isinstance(getattr(x, entity)(text), list)
