"""Words of one's own are counted in the browser as Python counts them, and what it all weighs."""

import gzip
from urllib.parse import urljoin

import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from uasocial.languages import number
from uasocial.platforms.counting import measure
from uasocial.platforms.limits import Limits

GATE = "a/gate/en/"
FIRST = "Math.random = () => 0;\n"
# A platform on the page for each rule that needs tables, and for plain units.
PLATFORMS = ("x", "mastodon", "bluesky", "sms", "threads", "telegram", "whatsapp")
UNITS = {
    "code-points": "code_points",
    "utf-16": "utf16_units",
    "utf-8": "utf8_bytes",
    "graphemes": "graphemes",
}


@pytest.fixture(scope="module")
def _counting(section, lasting_page_at, working):
    with working():
        page = lasting_page_at(section.at(GATE)).page
        for name in PLATFORMS:
            _edit(page, name, "Mine")
    return page


@pytest.fixture
def counting(_counting, working):
    """A page that has loaded its counter and tables itself, as somebody wrote there."""
    with working():
        yield _counting


def _edit(page, name, text):
    """Write *text* for a platform, by its first wording, and wait until it is counted."""
    part = page.locator(f".platform:has([id^='{name}-'])")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    field = part.locator("textarea >> visible=true")
    field.fill(text)
    page.wait_for_selector(".pending", state="detached")
    return part.locator(f"output[for={field.get_attribute('id')}]").inner_text()


@pytest.mark.parametrize(
    "path", ["a/ua-119-21/de/", "a/ua-119-21/es/", "a/ua-119-21/fr/", "a/school-in-the-hills/ar/"]
)
def test_numbers_are_parted_alike_before_and_after_somebody_writes(path, section, page_at):
    page = page_at(section.at(path), before=FIRST).page
    for length in (999, 1000, 1_234_567):
        shown = _edit(page, "telegram", "a" * length).partition(" / ")[0]
        assert shown == number(length, path.split("/")[2])


MEASURE = """\
(cases) => cases.map(({ limits, text, warning }) => uasocialCount.measure(limits, text, warning))
"""


def differences(page, cases):
    """List where the browser and Python differ."""
    asked = [
        {"limits": to_builtins(limits), "text": text, "warning": warning}
        for limits, text, warning in cases
    ]
    found = []
    for (limits, text, warning), theirs in zip(cases, page.evaluate(MEASURE, asked), strict=True):
        ours = measure(text, limits, warning)
        answer = {"length": ours.length, "limit": ours.limit, "fits": ours.fits}
        if theirs != answer:
            found.append((ascii(text), theirs, answer))
    return found


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky", "sms"])
def test_the_counter_agrees_with_python_on_every_vector_in_the_browser(
    name, counting, section, vectors
):
    limits = section.site.kit.platform(name).default
    known = [(case["text"], case.get("spoiler_text", "")) for case in vectors(name)["vectors"]]
    assert differences(counting, [(limits, *case) for case in known]) == []


@pytest.mark.parametrize("rule", UNITS)
def test_the_counter_has_the_units_of_every_vector_in_the_browser(rule, counting, vectors):
    known = vectors("units")["vectors"]
    cases = [(Limits(None, rule), case["text"], "") for case in known]
    assert differences(counting, cases) == []
    limits = to_builtins(Limits(None, rule))
    asked = [{"limits": limits, "text": case["text"], "warning": ""} for case in known]
    lengths = [answer["length"] for answer in counting.evaluate(MEASURE, asked)]
    assert lengths == [case[UNITS[rule]] for case in known]


WRITTEN = (
    "Open the gate.",
    "Öffnet das Tor: https://example.org/a/very/long/address?with=query now, @ana@social.example!",
    "افتحوا البوابة الآن 👩🏽‍🚒🏳️‍🌈 #افتحوا_البوابة",
    "門を開けろ。" * 30,
    "é" * 161,
    "line\n\nline\r\nline",
)


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_length_that_is_shown_is_that_of_python(name, counting, section):
    kit = section.site.kit
    platform = kit.platform(name)
    for text in WRITTEN:
        # A field has line feeds alone.
        kept = text.replace("\r\n", "\n")
        ours = kit.measure(platform, kept)
        assert _edit(counting, name, text) == f"{ours.length:,} / {ours.limit:,}"


def test_the_counter_is_not_asked_for_before_somebody_writes(section, page_at):
    there = page_at(section.at(GATE), before=FIRST)
    there.page.click("[data-next-wording] >> visible=true")
    there.log.wait_until_quiet()
    assert not [address for address in there.log.requests if "/count" in address]
    _edit(there.page, "x", "Mine")
    names = {address.rpartition("/")[2].partition(".")[0] for address in there.log.requests}
    assert {name for name in names if name.startswith("count")} == {
        "count",
        "count-links",
        "count-rule-x",
        "count-tlds",
        "count-x",
    }


def test_each_file_of_the_counter_is_asked_for_once(section, page_at):
    there = page_at(section.at(GATE))
    for name in PLATFORMS:
        for text in ("Mine", "Mine and yours"):
            _edit(there.page, name, text)
    asked = [address for address in there.log.requests if "/count" in address]
    assert len(asked) == len(set(asked)) == 9


@pytest.mark.parametrize("name", ["x", "bluesky", "mastodon", "threads", "sms"])
def test_a_text_that_is_too_long_opens_nothing_and_the_page_says_so(name, section, page_at):
    page = page_at(section.at(GATE), before=FIRST).page
    part = page.locator(f".platform:has([id^='{name}-'])")
    _edit(page, name, "Mine")
    if name == "mastodon":
        part.locator("[data-server] >> visible=true").fill("social.example")
    openers = part.locator("[data-open] >> visible=true")
    others = part.locator("[data-on] >> visible=true")
    assert openers.count() == 1
    _edit(page, name, "a" * 501)
    assert openers.count() == others.count() == 0
    label = section.site.kit.platform(name).label
    said = part.locator("[data-too-long] >> visible=true")
    assert said.inner_text() == f"Too long for {label}: shorten it."
    _edit(page, name, "Mine")
    assert said.count() == 0
    assert openers.count() == 1
    assert others.count() == (2 if name == "mastodon" else 0)


def test_nothing_opens_before_it_is_counted(section, page_at):
    there = page_at(section.at(GATE), before=FIRST)
    held = []
    there.context.route("**/count.*.js", lambda route: held.append(route))  # noqa: PLW0108 - it is wrapped
    there.page.fill("#x-first", "a" * 300)
    there.page.wait_for_selector(".pending")
    there.page.click("[data-wording]:has(#x-first) [data-open]")
    assert len(there.context.pages) == 1
    held[0].continue_()
    there.page.wait_for_selector(".pending", state="detached")
    assert not there.page.is_visible("[data-wording]:has(#x-first) [data-open]")


def test_where_the_counter_cannot_be_loaded_the_page_says_that_it_does_not_know(section, page_at):
    there = page_at(section.at(GATE), before=FIRST)
    there.context.route("**/count.*.js", lambda route: route.abort())
    assert _edit(there.page, "x", "Mine") == "?"
    there.context.unroute_all()
    assert _edit(there.page, "x", "Mine too") == "8 / 280"


def test_half_a_character_is_no_trouble(section, page_at):
    page = page_at(section.at(GATE), before=FIRST).page
    page.locator("#x-first").evaluate(
        "one => { one.value = 'a\\ud83db'; one.dispatchEvent(new Event('input')); }"
    )
    page.wait_for_selector(".pending", state="detached")
    link = page.get_attribute("[data-wording]:has(#x-first) [data-open]", "href")
    draft = section.drafts("gate", "en", "x")[0]
    wanted = section.site.kit.platform("x").share(replace(draft, text="a\ufffdb"), None)
    assert link == wanted


# --- what it weighs ------------------------------------------------------------------------------

# What a first visit may load before its pictures, in bytes as a host sends them.
MOST = 50_000


def weight(section, path):
    """Return what the first visit of a page loads: itself, its styles and its script."""
    html = (section.root / path).read_bytes()
    page = LexborHTMLParser(html)
    links = [link.attributes["href"] for link in page.css("link[rel=stylesheet], link[rel=icon]")]
    links += [script.attributes["src"] for script in page.css("script[src]")]
    files = [section.root / urljoin(f"/{path}", link).lstrip("/") for link in links]
    return sum(len(gzip.compress(data, 9)) for data in [html, *(f.read_bytes() for f in files)])


def test_a_first_visit_of_an_action_weighs_less_than_50_kilobytes(section):
    pages = [str(path.relative_to(section.root)) for path in section.root.glob("a/*/*/index.html")]
    weights = {path: weight(section, path) for path in pages}
    assert "a/school-in-the-hills/ar/index.html" in weights
    assert {path: has for path, has in weights.items() if has >= MOST} == {}


def test_a_first_visit_loads_what_was_weighed_and_pictures(section, page_at):
    there = page_at(section.at(GATE))
    there.log.wait_until_quiet()
    kinds = [address.rpartition(".")[2] for address in there.log.requests[1:]]
    assert sorted(set(kinds) - {"svg", "png"}) == ["css", "js"]
