"""What Mastodon counts and links."""

import random
from functools import cache
from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text import mastodon
from uasocial.text.mastodon import length, mentions, urls
from uasocial.text.mastodon_urls import _ascii_length, find_urls
from uasocial.text.tables import x_tlds

pieces = st.sampled_from(["http://", "a.com", ".", "@a", "/", "(", ")", "?q=", "_", "é", "\n"])
any_text = st.lists(pieces | st.characters(codec=None, categories=None)).map("".join)


def test_every_vector_has_its_length_and_entities(vectors):
    wrong = []
    for vector in vectors("mastodon")["vectors"]:
        text = vector["text"]
        spans = sorted(urls(text) + mentions(text))
        found = [[span.value, span.start, span.end] for span in spans]
        counted = length(text, vector["spoiler_text"])
        if found != vector["entities"] or counted != vector["length_after_strip"]:
            wrong.append((vector, found, counted))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.com/b.", ["https://a.com/b"]),
        ("a.com/https://b.com", []),
        ("日本http://a.com", ["http://a.com"]),
        ("ftp://a.com ipfs://a.com", ["ipfs://a.com"]),
        ("http://a.comé", ["http://a.com"]),
        ("http://a.com1", []),
        ("http://a_b.c.com http://a_b.com", ["http://a_b.c.com"]),
        ("http://a.com:80/b?c=d!", ["http://a.com:80/b?c=d"]),
        ("http://a.com/(b(c)d)", ["http://a.com/(b(c)d)"]),
        ("http://a.com/b(c", ["http://a.com/b"]),
        # Brackets may end a path only around what the gem itself lets into one.
        ("http://a.com/b_(日)", ["http://a.com/b_"]),
        ("http://a.com/b_(日)c", ["http://a.com/b_(日)c"]),
        ("https://t.co/abc/d", ["https://t.co/abc"]),
        ("https://t.co/" + "a" * 41, []),
        ("http://" + "a" * 64 + ".com", []),
        ("http://☃.net http://🤖.net", ["http://☃.net"]),
        ("http://xn--a.xn--b-c", ["http://xn--a.xn--b"]),
        ("HTTP://A.COM", ["HTTP://A.COM"]),
        ("http://a.рф http://a.РФ", ["http://a.рф", "http://a.РФ"]),
        ("http://a.example http://a.abarth", ["http://a.abarth"]),
    ],
)
def test_a_url_ends_where_twitter_text_ends_it(text, expected):
    assert [span.value for span in urls(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@a.b-c_d.", ["a.b-c_d"]),
        ("@a@b.c. x@y /@z =@z _@z é@z", ["a@b.c"]),
        ("@a@ @b＠ @cé @d://", []),
        ("@a@日本.jp", ["a@日本.jp"]),
        ("@a@" + "b" * 253 + " @a@" + "b" * 254, ["a@" + "b" * 253]),
    ],
)
def test_a_mention_ends_where_mastodon_ends_it(text, expected):
    assert [span.value for span in mentions(text)] == expected


def test_a_spoiler_counts_in_full_and_both_lose_white_space_at_their_ends():
    assert length(" \ta\0\n", " https://a.com ") == 1 + 13
    assert length("\u3000\u2003", "b") == 1
    assert length("a\u3000", "") == 2


def test_the_instance_says_what_a_url_counts():
    assert length("https://a.com é", url_length=10) == 12


def test_newer_servers_count_a_conjunct_once():
    assert length("नमस्ते") == 4
    assert length("नमस्ते", conjuncts_apart=False) == 3


@given(any_text, any_text)
def test_any_text_has_a_length(text, spoiler):
    assert length(text, spoiler) >= length(text, spoiler, conjuncts_apart=False) >= 0
    spans = sorted(urls(text) + mentions(text))
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "text",
    [
        "http://" + "a-" * 50_000 + ".com!",
        "http://" + "a." * 50_000 + "!",
        "http://" + "é" * 100_000 + ".com",
        "://" + "é." * 50_000 + "!",
        "://" + "a.com.." * 15_000,
        "://é_" + "a" * 100_000 + ".com",
        "://" + "é_" * 50_000 + ".com",
        "http://a.com/" + "(" * 100_000,
        "http://a.com/" + "(日)" * 30_000,
        "http://a.com/(" * 10_000,
        "http://a.com/" + "!" * 100_000,
        "http://a.com?" + "!" * 100_000,
        "http://a.com" * 10_000,
        "http://a.com " * 10_000,
        "@" + "." * 100_000,
        "@a" * 50_000,
        "@a@" + "b-" * 50_000 + "!",
        "http" * 25_000 + "://a.com",
    ],
    ids=lambda text: f"{text[:12]!r}-{len(text)}",
)
def test_long_texts_take_linear_time(text):
    length(text)


@cache
def valid_url():
    """REGEXEN[:valid_url] of Mastodon, letter by letter, as Ruby would try it."""
    direction = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    invalid = r"\ufffe\ufeff\uffff"
    spaces = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    punctuation = r"!\"#$%&'()*+,\-./:;<=>?@\[\]^_`{|}~"
    valid = rf"[^{direction}{punctuation}\x00-\x20\x7f{invalid}{spaces}]"
    subdomain = rf"(?:(?:{valid}(?:[_-]|{valid})*)?{valid}\.)"
    name = rf"(?:(?:{valid}(?:[-]|{valid})*)?{valid}\.)"
    tlds = "|".join(sorted(f"{x_tlds.ASCII} {x_tlds.OTHER}".split(), reverse=True))
    domain = rf"(?:{subdomain}*{name}(?:(?:{tlds})(?=[^0-9a-z@+-]|$)|xn--[0-9a-z]+))"
    latin = r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0300-\u036f\u1e00-\u1eff"
    old = rf"[a-z\p{{Cyrillic}}0-9!*';:=+,.$/%\#\[\]\p{{Pd}}_~&|@{latin}]"
    old_parens = rf"\((?:{old}+|(?:{old}*\({old}+\){old}*))\)"
    general = r"[^\p{White_Space}<>()?]"
    parens = rf"\((?:{general}+|(?:{general}*\({general}+\){general}*))\)"
    ending = rf"(?:[^\p{{White_Space}}()?!*\"'「」<>;:=,.$%\[\]~&|]|{old_parens})"
    path = rf"(?:(?:{general}*(?:{parens}{general}*)*{ending})|(?:{general}+/))"
    beyond = r"\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd"
    query = rf"[a-z0-9!?*'();:&=+$/%\#\[\]\-_.,~|@\^{beyond}]"
    query_ending = rf"[a-z0-9_&=\#/\-{beyond}]"
    return regex.compile(
        rf"(?im)(?:[^A-Z0-9@＠$\#＃{invalid}]|[{direction}]|^)"
        rf"(((?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://)?({domain})(?::[0-9]+)?"
        rf"(?:/{path}*)?(?:\?{query}*{query_ending})?)"
    )


PIECES = [
    *("http://", "https://", "ipfs://", "HTTP://", "://", "a.com", ".com", ".org", ".", "-", "_"),
    *(
        "co",
        "com",
        "é",
        "日本",
        "みんな",
        ".みんな",
        "भारत",
        ".भारतम्",
        ".xn--p1ai",
        "a",
        "b1",
        "\\",
    ),
    *(
        "/",
        "/b",
        "(",
        ")",
        "(b)",
        "(日)",
        "((c)d)",
        "?",
        "?q=1",
        "!",
        "&",
        ";",
        "「",
        "」",
        "#",
        "@",
    ),
    *(":80", ":", "\n", " ", "\u3000", "\u200e", "\ufeff", "<", ">", "~", "…", "\u0301"),
]


@pytest.mark.parametrize("seed", range(3))
def test_urls_are_where_the_pattern_of_mastodon_has_them(seed, request):
    rng = random.Random(seed + request.config.getoption("--seed"))
    for _ in range(request.config.getoption("--texts")):
        text = "".join(rng.choices(PIECES, k=rng.choice((3, 6, 12))))
        expected = [
            (match.start(1), match.end(1))
            for match in valid_url().finditer(text)
            if match[2] and _ascii_length(match[3])
        ]
        assert [(span.start, span.end) for span in find_urls(text)] == expected, text


def test_the_names_offered_are_those_in_all():
    assert mastodon.__all__ == ["length", "mentions", "urls"]
