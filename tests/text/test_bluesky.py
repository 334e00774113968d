"""What Bluesky counts and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text import bluesky
from uasocial.text.bluesky import Facet, facets

any_text = st.text(
    st.sampled_from("@#＃$.-_( )/:\n\ufeff\ufe0f\u200bab1éß字😀\ud800!?’")
    | st.characters(codec=None, categories=None)
)


def test_every_vector_has_its_lengths_and_facets(vectors):
    wrong = []
    for vector in vectors("bluesky")["vectors"]:
        text = vector["text"]
        found = [
            {"type": kind, "byteStart": start, "byteEnd": end, "value": value}
            for kind, start, end, value in facets(text)
        ]
        lengths = bluesky.length(text), bluesky.byte_length(text)
        if found != vector["facets"] or lengths != (vector["graphemeLength"], vector["byteLength"]):
            wrong.append((vector, found, lengths))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@a.com_", []),
        ("@a.com._", []),
        ("@a.com-.", [Facet("mention", 0, 6, "a.com")]),
        ("@.com", [Facet("mention", 0, 5, ".com")]),
        ("@a.COM", []),
        ("\ufeff@a.test", [Facet("mention", 3, 10, "a.test")]),
        ("\x85@a.test", []),
        ("HTTPS://a.com", []),
        ("httpfoo.bar", [Facet("link", 0, 11, "httpfoo.bar")]),
        ("(a.com)", [Facet("link", 1, 6, "https://a.com")]),
        ("a.com?!", [Facet("link", 0, 6, "https://a.com?")]),
        ("é a.com/é.", [Facet("link", 3, 11, "https://a.com/é")]),
        ("#①", [Facet("tag", 0, 4, "①")]),
        ("#٣", [Facet("tag", 0, 3, "٣")]),
        ("#" + "😀" * 33, []),
        ("# #a", [Facet("tag", 2, 4, "a")]),
        ("$aapl’", [Facet("tag", 0, 5, "$AAPL")]),
        ("\ud800 #a", [Facet("tag", 4, 6, "a")]),
    ],
)
def test_the_reference_is_followed_into_its_corners(text, expected):
    assert facets(text) == expected


def test_facets_come_by_their_start():
    kinds = [facet.kind for facet in facets("#tag a.com @b.com $C")]
    assert kinds == ["tag", "link", "mention", "tag"]


@given(any_text)
def test_facets_lie_within_any_text(text):
    total = bluesky.byte_length(text)
    for facet in facets(text):
        assert 0 <= facet.byte_start < facet.byte_end <= total


@given(st.text(alphabet="@#a1.é ,😀", max_size=30))
def test_a_facet_covers_its_value(text):
    for facet in facets(text):
        shown = text.encode()[facet.byte_start : facet.byte_end].decode()
        assert shown.endswith(facet.value.removeprefix("https://"))


@pytest.mark.parametrize(
    "text",
    [
        "@" + "." * 100_000,
        "@" + "a." * 50_000 + "_",
        "@a" * 50_000,
        "a" * 100_000 + "!",
        "a." * 50_000 + "é",
        "(" * 100_000,
        "https://" * 20_000,
        "#" * 100_000,
        "#" + "1" * 100_000 + "!" * 100_000,
        " #1" * 50_000,
        "é #a " * 20_000,
        "$" * 100_000 + " $A" * 20_000,
    ],
    ids=lambda text: f"{text[:8]!r}-{len(text)}",
)
def test_long_texts_take_linear_time(text):
    facets(text)
