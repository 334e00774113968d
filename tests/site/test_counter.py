"""The counter in the browser answers as Python does, and in time linear in the text."""

import importlib.util
import json
import random
import runpy
import subprocess
from pathlib import Path

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.counting import RULES, measure
from uasocial.platforms.limits import Instance, Limits
from uasocial.text.tables import x_emoji, x_tlds

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "uasocial" / "site" / "static"
TABLES = ("graphemes", "mastodon", "sms", "tlds", "x")

BUILTIN = {platform.name: platform.default for platform in PLATFORMS}
ELSEWHERE = BUILTIN["mastodon"].at(Instance("social.example", length=90, url_length=31))
# Where a limit is seldom met, `fits` tells little.
TIGHT = {
    name: replace(BUILTIN[name], length=60)
    for name in ("x", "mastodon", "threads", "telegram", "whatsapp")
}
LIMITS = {
    **{name: BUILTIN[name] for name in ("x", "mastodon", "sms", "threads", "telegram", "nostr")},
    **{f"{name}, tight": limits for name, limits in TIGHT.items()},
    "mastodon elsewhere": ELSEWHERE,
    "bluesky": BUILTIN["bluesky"],
    "bluesky, few bytes": replace(BUILTIN["bluesky"], length=60, bytes=120),
    "pixelfed": replace(BUILTIN["pixelfed"], warning=12),
    "graphemes": Limits(60, "graphemes", warning=12),
}


# --- the tables ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    return runpy.run_path(str(ROOT / "tools" / "make_counter.py"))["files"]()


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_that_python_counts_by(made, name):
    new = made[f"count-{name}.js"]
    committed = (STATIC / f"count-{name}.js").read_text("ascii")
    origin, of_now = (text.partition("\n")[0] for text in (committed, new))
    if "Unicode" in origin and origin != of_now:
        # Never a failure: other releases of Python and `regex` know other characters.
        pytest.skip(f"made of other tables of Unicode; here they would be {of_now}")
    assert committed == new, "run `python tools/make_counter.py`"


def test_no_file_of_tables_is_left_behind(made):
    texts = {path.name: path.read_text("utf-8") for path in STATIC.glob("count*.js")}
    assert {name for name in texts if texts[name].startswith("// Generated")} == set(made)


# --- the same answers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ask(node):
    """Ask the counter about cases, each limits, a text and a warning."""

    def answers(cases, *options):
        lines = "".join(
            json.dumps({"limits": to_builtins(limits), "text": text, "warning": warning}) + "\n"
            for limits, text, warning in cases
        )
        done = subprocess.run(
            [node, Path(__file__).with_name("count.mjs"), *options],
            input=lines,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return [json.loads(line) for line in done.stdout.split("\n")[:-1]]

    return answers


@pytest.fixture(scope="module")
def differences(ask):
    """List where the counter and Python differ."""

    def of(cases):
        cases = list(cases)
        found = []
        for (limits, text, warning), theirs in zip(cases, ask(cases), strict=True):
            ours = measure(text, limits, warning)
            answer = {"length": ours.length, "limit": ours.limit, "fits": ours.fits}
            if theirs != answer:
                found.append((limits.rule, ascii(text), ascii(warning), theirs, answer))
        return found

    return of


@pytest.fixture(scope="module")
def random_texts(request):
    path = ROOT / "tests" / "oracle" / "random_texts.py"
    spec = importlib.util.spec_from_file_location("random_texts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(
        module.random_texts(request.config.getoption("texts"), request.config.getoption("seed"))
    )


def whole(text):
    """*text* without cut characters: where two halves meet, JavaScript makes one of them."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.node
@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky", "sms"])
def test_every_vector_is_counted_as_python_counts_it(vectors, differences, name):
    texts = [(case["text"], case.get("spoiler_text", "")) for case in vectors(name)["vectors"]]
    assert differences((BUILTIN[name], *case) for case in texts) == []


@pytest.mark.node
def test_every_vector_has_its_units(vectors, ask):
    cases = vectors("units")["vectors"]
    for rule, key in {
        "code-points": "code_points",
        "utf-16": "utf16_units",
        "utf-8": "utf8_bytes",
        "graphemes": "graphemes",
    }.items():
        answers = ask([(Limits(None, rule), case["text"], "") for case in cases])
        assert [answer["length"] for answer in answers] == [case[key] for case in cases], rule


@pytest.mark.node
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_random_texts_are_counted_as_python_counts_them(random_texts, differences, limits):
    warnings = [whole(text)[:30] for text in reversed(random_texts)]
    cases = ((limits, *case) for case in zip(random_texts, warnings, strict=True))
    assert differences(cases) == []


@pytest.mark.node
def test_random_texts_of_many_marks_are_counted_as_python_counts_them(differences):
    chance = random.Random(1)
    marks = "\u0301\u0316\u0345\u0334\u0338\u05b0\u064b\u093c\u094d\u0f71\u302a\u3099\U0001d165"
    texts = [
        "".join(chance.choice("aéi한각क🙏") + "".join(chance.choices(marks, k=k)) for k in sizes)
        for sizes in ([1200], [3, 1000], [2] * 500, [0, 1, 5] * 200)
    ]
    assert differences((BUILTIN["x"], text, "") for text in texts) == []


@pytest.mark.node
def test_every_emoji_sequence_is_counted_as_python_counts_it(differences):
    texts = [
        f"{first}{rest}{end}"
        for rest, firsts in x_emoji.AFTER.items()
        for first in firsts
        for end in ("", "🏽", "\ufe0f")
    ]
    texts += [text.replace("🏻", "🏿") for text in texts if "🏻" in text]
    cases = [(BUILTIN[name], text, "") for name in ("x", "bluesky") for text in texts]
    assert differences(cases) == []


@pytest.mark.node
def test_every_top_level_domain_is_counted_as_python_counts_it(differences):
    texts = [
        text
        for tld in [*x_tlds.ASCII.split(), *x_tlds.OTHER.split()]
        for text in (f"http://a.{tld}/x b.{tld}", f"é.{tld.upper()}1 http://é.{tld.upper()}中")
    ]
    cases = [(BUILTIN[name], text, "") for name in ("x", "mastodon") for text in texts]
    assert differences(cases) == []


EDGES = (
    "",
    " ",
    "\0 a \0",
    "a\ufeff",
    "\ufffe",
    "\r\n\r\n",
    "e\u0301" * 281,
    "字" * 141,
    "é" * 160,
    "€" * 81,
    "ab c" * 71,
    "👨\u200d👩\u200d👧\u200d👦" * 90,
    "🇩🇪🇫🇷🇪",
    "क्षत्रिय",
    "각\u1100\u1161\u11a8\uac00\u11a8",
    "http://example.org",
    "example.org.",
    "https://t.co/" + "a" * 40,
    "https://t.co/" + "a" * 41,
    "http://a.com/" + "a" * 4083,
    "http://a.com/" + "a" * 4084,
    "http://" + "a" * 63 + ".com http://" + "a" * 64 + ".com",
    "http://" + "中" * 20 + ".com http://" + "中é" * 31 + ".com http://xn--é.com",
    "http://ß.com http://Å.com http://\u0130.com http://א1.com http://א1א.com http://\u2f868.com",
    "http://a\u00adb.com http://\u0221.com http://\U0002f868.com http://\ufdd0.com",
    "http://a.com/(b_(c)) http://a.com/((b)) http://a.com/(b http://a.com/b)",
    "http://a.com:80/?q=1. http://a.com:/b http://a.com?! dat://a.org ipfs://a.org/中",
    "a_b.com _a.com a-.com -a.com a..com .com @a.com $a.com a@b.com",
    "@user@social.example, @user@social.example@x @user@é.example/ =@a@b.c @a.-b@c-.d @a://",
    "@" + "a" * 300 + "@" + "b" * 253 + " @a@" + "b" * 254,
    "中国.中国 http://例え.テスト мвд.рф XN--P1AI.xn--p1ai",
)


@pytest.mark.node
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_edge_cases_are_counted_as_python_counts_them(differences, limits):
    pairs = [(text, warning) for text in EDGES for warning in ("", " a \u0301", "c" * 13)]
    assert differences((limits, *pair) for pair in pairs) == []


# --- what is asked first -------------------------------------------------------------------------


@pytest.mark.node
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_counts_once_what_it_needs_is_loaded(ask, rule):
    limits = Limits(10, rule, warning=1)
    assert ask([(limits, "abc", "")]) == [
        {"length": 3, "limit": measure("abc", limits).limit, "fits": True}
    ]


@pytest.mark.node
def test_a_rule_names_what_is_not_loaded(ask):
    (answer,) = ask([(BUILTIN["x"], "abc", "")], "--bare")
    assert "load count-links.js, count-rule-x.js, count-tlds.js, count-x.js" in answer["error"]


@pytest.mark.node
def test_nothing_is_loaded_for_platforms_that_count_plain_units(ask):
    (answer,) = ask([(BUILTIN["whatsapp"], "👍", "")], "--bare")
    assert answer == {"length": 2, "limit": 4096, "fits": True}


@pytest.mark.node
def test_a_rule_that_nobody_knows_is_an_error(ask):
    (answer,) = ask([(Limits(10, "runes"), "abc", "")])
    assert answer == {"error": "no counting rule is called runes"}


# --- hostile texts -------------------------------------------------------------------------------

# Repeated, each with what comes before and after.
HOSTILE = {
    "hyphens": ("", "a-", ".com!"),
    "underscores": ("", "a_", ".com"),
    "dots": ("", ".", ""),
    "labels": ("", "a.", ""),
    "labels that end in a domain": ("", "a.", "com"),
    "domains in one run": ("", "a.com.", ""),
    "domains with paths": ("", "a.com/", ""),
    "foreign labels": ("", "中国.", "com"),
    "accents between": ("中.com.", "é.zz.", ""),
    "full-width dots": ("", "a。", ".com"),
    "punycode": ("", ".xn--", "a"),
    "letters": ("a.", "c", ""),
    "schemes": ("", "http://", ""),
    "schemes with a letter": ("", "http://a", ""),
    "long labels": ("", f"http://{'中é' * 14}.com ", ""),
    "hopeless labels": ("", f"http://{'é中ж' * 84}.com ", ""),
    "brackets": ("http://a.com/", "(", ""),
    "brackets in paths": ("", "http://a.com/(a(b", ""),
    "open bracket": ("http://a.com/(", "http://a.com/,", ""),
    "no end of a path": ("", "http://a.com/!", ""),
    "no end of a query": ("", "http://a.com/?!", ""),
    "ports": ("http://a.com:", "1", "a"),
    "short links": ("", "http://t.co/a?", ""),
    "mentions": ("", "@a@b", ""),
    "no mentions": ("", "@", ""),
    "mentions that go on": ("@a@", "a.", ""),
    "words before a mention": ("", "a", "@"),
    "marks": ("a", "\u0301\u0316\u0345", ""),
    "marks and one before them": ("a", "\u0301\u0316" * 9 + "\u0f71", ""),
    "flags": ("", "🇩🇪", ""),
    "joiners": ("", "👩\u200d", ""),
    "selectors": ("", "\ufe0f", ""),
    "conjuncts": ("", "क्", ""),
    "marks within conjuncts": ("", "क" + "़" * 20, ""),
    "jamo": ("", "ᄀ", ""),
    "blanks": ("", " ", "a"),
    "halves": ("", "\ud800", ""),
}


@pytest.mark.node
@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky", "sms", "threads", "telegram"])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(ask, name):
    # Steps are counted, not seconds: three times the text takes three times the steps, not nine.
    # Both are longer than any address may be.
    steps = []
    for length in (5000, 15000):
        texts = [f"{a}{(b * length)[:length]}{c}" for a, b, c in HOSTILE.values()]
        answers = ask([(BUILTIN[name], text, "") for text in texts], "--steps")
        steps.append([answer["steps"] for answer in answers])
    slow = [
        (hostile, few, many)
        for hostile, few, many in zip(HOSTILE, *steps, strict=True)
        if not 0 < many < 4 * few
    ]
    assert slow == []
