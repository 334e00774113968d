"""Hashtags that every platform links whole, and names made into them."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uasocial.text.hashtags import _PLAIN, links_whole, make_tag, on_bluesky, on_mastodon, on_x

ORACLE = Path(__file__).parent.parent / "oracle"
any_text = st.text(
    st.sampled_from("aZé1_ -'’·・#٣字กح\u200c\u200d\ufe0f\u0301ß👍")
    | st.characters(codec=None, categories=None)
)


@pytest.mark.parametrize(
    ("tag", "x", "mastodon", "bluesky"),
    [
        ("FreeAhmed", True, True, True),
        ("حقوق_الإنسان", True, True, True),
        ("मानव_अधिकार", True, True, True),
        ("", False, False, False),
        ("2026", False, False, False),
        ("1_1", False, True, False),
        ("a-b", False, False, True),
        ("می\u200cخواهم", True, True, False),
        ("a·b", True, True, True),
        ("ab·", True, False, False),
        ("ab_", True, True, False),
        ("_ab", True, True, True),
        ("🦋", False, False, True),
        ("\ufe0fa", False, True, False),
        ("a" * 64, True, True, True),
        ("a" * 65, True, True, False),
        ("𝒳" * 33, True, True, False),
        # Adlam is younger than the letters X knows.
        ("𞤀𞤣𞤤𞤢𞤥", False, True, True),
    ],
)
def test_each_platform_has_its_own_rule(tag, x, mastodon, bluesky):
    assert (on_x(tag), on_mastodon(tag), on_bluesky(tag)) == (x, mastodon, bluesky)
    assert links_whole(tag) == (x and mastodon and bluesky)


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("LaNiñezRefugiadaImporta", "LaNiñezRefugiadaImporta"),
        ("refugee childhood matters", "RefugeeChildhoodMatters"),
        ("Côte d'Ivoire", "CôteDIvoire"),
        ("Guinea-Bissau", "GuineaBissau"),
        ("#Free Ahmed!", "FreeAhmed"),
        ("Free_Ahmed", "Free_Ahmed"),
        ("❤️ love 👍🏽", "Love"),
        ("article 19", "Article19"),
        ("19 1948 articles", "19_1948Articles"),
        ("e\u0301te\u0301 \u0301", "Été"),
        ("ειρήνη τώρα", "ΕιρήνηΤώρα"),
        ("ßmall", "ßmall"),
        ("حقوق الإنسان 2026", "حقوق_الإنسان_2026"),
        ("مہاجر بچپن", "مہاجر_بچپن"),
        ("می\u200cخواهم", "می_خواهم"),
        ("צה״ל עכשיו", "צהל_עכשיו"),
        ("საქართველო თბილისი", "საქართველო_თბილისი"),
        ("मानव अधिकार", "मानव_अधिकार"),
        ("क्\u200dष", "क्ष"),
        ("保护 人权", "保护_人权"),
        ("Amnesty 国际", "Amnesty_国际"),
    ],
)
def test_a_name_becomes_a_tag(words, tag):
    assert make_tag(words) == tag


@pytest.mark.parametrize("words", ["", "2026", "👍", "_", "𞤀𞤣𞤤𞤢𞤥", "\ud800"])
def test_a_name_without_a_letter_makes_none(words):
    with pytest.raises(ValueError, match="makes no hashtag: it needs a letter"):
        make_tag(words)


def test_a_name_longer_than_bluesky_links_is_refused():
    assert make_tag("a" * 64) == "A" + "a" * 63
    with pytest.raises(ValueError, match="too long: Bluesky links 64"):
        make_tag("a" * 65)


@given(any_text)
def test_a_tag_made_links_whole_and_stays_as_it_is(text):
    try:
        tag = make_tag(text)
    except ValueError:
        return
    assert links_whole(tag)
    assert make_tag(tag) == tag


@given(any_text)
def test_any_text_is_judged(text):
    assert links_whole(text) in (True, False)


@pytest.mark.parametrize("char", ["a", "1", "·", "_", "é ", "'", "\u0301", "!", "字"])
def test_long_names_take_linear_time(char):
    assert not links_whole(char * 50_000)
    with pytest.raises(ValueError, match="hashtag"):
        make_tag(char * 50_000)


def random_tags(count, seed):
    rng = random.Random(seed)
    edge = "aZ1_-·・'\u200c\u200d\ufe0f\u20e3\u0301٣字กأ𝒳𞤀👍#＃ "
    for _ in range(count):
        chars = rng.choices(edge, k=rng.randrange(1, 6))
        chars += [chr(rng.choice((rng.randrange(0xA1, 0xD800), rng.randrange(0xE000, 0x1F000))))]
        yield "".join(rng.sample(chars, len(chars)))


@pytest.mark.node
def test_twitter_text_finds_whole_what_we_say_x_does(node, request):
    count, seed = (request.config.getoption(name) for name in ("--texts", "--seed"))
    tags = list(random_tags(count, seed))
    lines = "".join(f"{json.dumps(f'#{tag} ,')}\n" for tag in tags)
    done = subprocess.run(
        [node, ORACLE / "hashtags.mjs"],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    wrong = [
        (tag, found)
        for tag, found in zip(tags, answers, strict=True)
        if on_x(tag) != (found == [tag])
    ]
    assert not wrong


def test_a_plain_tag_is_linked_whole_as_the_tables_say() -> None:
    for code in range(0x80, 0x250):
        tag = f"a{chr(code)}b"
        if _PLAIN.fullmatch(tag):
            assert on_x(tag), ascii(tag)
            assert on_mastodon(tag), ascii(tag)
            assert on_bluesky(tag), ascii(tag)
