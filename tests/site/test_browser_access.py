"""Everybody can use the pages: what axe-core finds, small phones, both directions, no script."""

from urllib.parse import unquote, urldefrag, urlsplit

import pytest

# --- what axe-core finds -----------------------------------------------------------------------


def test_every_kind_of_page_is_accessible_in_light_and_dark(seen, axe):
    page = seen.page
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = axe(page)
    assert found == {"light": [], "dark": []}


@pytest.mark.parametrize("path", ["a/gate/en/", "a/school-in-the-hills/ar/"])
def test_what_script_brings_is_accessible(path, section, page_at, axe, open_all):
    page = page_at(section.at(path), width=320).page
    page.click("[data-ties]")
    assert axe(page) == []
    open_all(page)
    for field in page.query_selector_all("textarea[id^=x-]"):
        field.fill("a" * 300)
    page.wait_for_selector("[data-too-long]:visible")
    page.click("[data-copy^=x-]")
    page.wait_for_selector("[data-said]:not(:empty)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []


@pytest.mark.parametrize("after", ["data-closes", "data-fresh"])
@pytest.mark.parametrize("path", ["a/gate/en/", "a/school-in-the-hills/ar/"])
def test_a_page_that_refuses_is_accessible(path, after, section, page_at, axe):
    page = page_at(section.at(path)).page
    page.clock.set_fixed_time(int(page.get_attribute("body", after)))
    page.reload()
    assert page.is_visible("[role=alert]")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []


# --- small phones --------------------------------------------------------------------------------

PHONES = ["a/ua-119-21/es/", "a/ua-119-21/de/", "a/school-in-the-hills/ar/"]

# What of a page lies beside the screen; what is there for screen readers alone does not count.
BESIDE = """\
() => [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    const isShown = one.checkVisibility() && box.width > 1 && !one.closest(".skip");
    return isShown && (box.left < -0.5 || box.right > innerWidth + 0.5);
}).map((one) => one.outerHTML.slice(0, 120))
"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_no_page_in_any_language_is_wider_than_320_pixels(section, page_at, open_all):
    page = page_at(section.at(""), width=320).page
    wide = {}
    for path in sorted(section.root.rglob("*.html")):
        page.goto(section.at(str(path.relative_to(section.root))))
        open_all(page)
        beside = page.evaluate(BESIDE)
        if beside or page.evaluate(WIDE):
            wide[str(path.relative_to(section.root))] = beside
    assert wide == {}


@pytest.mark.parametrize("path", PHONES)
@pytest.mark.parametrize(("width", "height"), [(360, 640), (320, 568)])
def test_the_first_screen_says_what_until_when_and_the_risk(path, width, height, section, page_at):
    page = page_at(section.at(path), width=width).page
    page.set_viewport_size({"width": width, "height": height})
    assert _top(page, "h1") >= 0
    assert _bottom(page, ".days") <= height
    assert _bottom(page, ".safety h2") <= height


@pytest.mark.parametrize(("width", "lowest"), [(360, 560), (320, 568)])
@pytest.mark.parametrize("path", PHONES)
def test_the_button_to_share_lies_on_the_first_screen_of_a_phone(
    path, width, lowest, section, page_at
):
    page = page_at(section.at(path), width=width).page
    assert _bottom(page, ".share .button") <= lowest


def _top(page, selector):
    return page.locator(selector).bounding_box()["y"]


def _bottom(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


SMALL = """\
(least) => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== "inline")
    .filter((one) => {
        const box = one.getBoundingClientRect();
        return box.height < least.height || box.width < least.width;
    })
    .filter((one) => one.matches(least.of) && !one.closest(".skip"))
    .map((one) => `${one.outerHTML.slice(0, 120)}: ${one.getBoundingClientRect().height}`)
"""


def test_what_one_taps_is_large_enough(seen):
    page = seen.page
    # https://www.w3.org/TR/WCAG22/#target-size-minimum; links within a sentence are exempt.
    assert page.evaluate(SMALL, {"of": "*", "width": 24, "height": 24}) == []
    primary = ".button, summary, input, select, textarea, .ties, .jumps a, .channels a, .keep li a"
    assert page.evaluate(SMALL, {"of": primary, "width": 44, "height": 44}) == []


def test_the_risk_is_told_before_the_first_button_in_every_open_page(section, page_at):
    page = page_at(section.at(""), width=360).page
    for path in ("a/gate/en/", "a/gate/pt/", "a/ua-119-21/fr/", "a/school-in-the-hills/ar/"):
        page.goto(section.at(path))
        order = page.eval_on_selector_all(
            ".safety, .button, button", "all => all.map(x => x.className)"
        )
        assert order[:2] == ["safety", "button primary"]
        assert _bottom(page, ".safety") <= _top(page, ".share .button")


# --- from the right to the left ------------------------------------------------------------------


@pytest.fixture
def arabic(section, page_at, open_all):
    page = page_at(section.at("a/school-in-the-hills/ar/"), width=320).page
    open_all(page)
    return page


def test_an_arabic_page_runs_from_the_right(arabic):
    assert arabic.get_attribute("html", "dir") == "rtl"
    for selector in ("h1", ".lead", ".days", ".safety p", ".sheet .body p", "summary .label"):
        style = arabic.locator(selector).first.evaluate("one => getComputedStyle(one).direction")
        assert style == "rtl", selector
    right = arabic.locator("main").evaluate(
        "one => one.getBoundingClientRect().right - parseFloat(getComputedStyle(one).paddingRight)"
    )
    first = arabic.locator("h1").evaluate(
        "one => { const r = document.createRange(); r.selectNodeContents(one);"
        " return r.getClientRects()[0].right; }"
    )
    assert abs(first - right) < 3


# Where each character of a text stands, from the left.
PLACES = """\
(one) => {
    const text = one.firstChild;
    const places = [];
    for (let at = 0; at < text.length; at += 1) {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getClientRects()[0];
        if (box && text.data[at].trim()) places.push([Math.round(box.top), box.left]);
    }
    return places;
}
"""


@pytest.mark.parametrize(
    "selector",
    [
        ".kicker bdi",
        "[data-length]",
        "a[href^='tel:'] bdi",
        "a[href^='mailto:'] bdi",
        ".facts bdi",
        ".qr figcaption bdi",
        "[data-on] bdi",
    ],
)
def test_numbers_addresses_and_lengths_run_from_the_left_in_it(selector, arabic):
    for one in arabic.locator(f"{selector} >> visible=true").all():
        places = one.evaluate(PLACES)
        assert places
        assert places == sorted(places), one.text_content()


OVERLAPS = """\
() => {
    const kinds = "a, button, input, select, textarea, summary, h1, h2, h3";
    const shown = [...document.querySelectorAll(kinds)]
        .filter((one) => one.checkVisibility() && !one.closest(".skip"));
    const boxes = (one) => [...one.getClientRects()];
    const found = [];
    const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1
        || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    for (const a of shown) for (const b of shown) {
        if (a === b || a.contains(b) || b.contains(a)) continue;
        if (boxes(a).some((x) => boxes(b).some((y) => !apart(x, y))))
            found.push([a, b].map((one) => one.outerHTML.slice(0, 80)).join(" | "));
    }
    return found;
}
"""


def test_nothing_lies_upon_anything_else(seen):
    assert seen.page.evaluate(OVERLAPS) == []


# --- without script ------------------------------------------------------------------------------

# What one can use, and what it does.
USED = """\
() => [...document.querySelectorAll("a, button, input, select")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.tagName, one.href || "", one.outerHTML.slice(0, 120)])
"""


def test_without_script_nothing_is_shown_that_does_nothing(kind, page_at, section, open_all):
    page = page_at(kind, width=320, script=False).page
    open_all(page)
    used = page.evaluate(USED)
    assert [html for name, href, html in used if name != "A" or not href] == []
    assert [html for _, href, html in used if not _leads(href, section)] == []


def _leads(address, section):
    """Tell whether there is something at an address, as far as it is ours."""
    if not address.startswith((section.url, "file:")):
        return urlsplit(address).scheme in ("https", "mailto", "tel", "sms")
    path, place = urldefrag(address)
    if path.startswith("file:"):
        file = type(section.root)(unquote(urlsplit(path).path))
        assert file.is_relative_to(section.packs), address
    else:
        file = section.root / unquote(urlsplit(path).path).lstrip("/")
    file = file / "index.html" if path.endswith("/") else file
    if place:
        return f'id="{place}"' in file.read_text(encoding="utf-8")
    return file.is_file()


def test_without_script_each_platform_opens_and_its_text_can_be_read_and_not_changed(
    section, page_at
):
    page = page_at(section.at("a/gate/en/"), width=320, script=False).page
    for part in page.locator(".platform").all():
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        for field in part.locator("textarea").all():
            assert field.is_visible()
            assert field.get_attribute("readonly") is not None
        assert part.locator(".until").first.is_visible()
    for field in page.locator("textarea").all():
        # Nothing of a text is cut off where it cannot be scrolled by script.
        assert field.input_value()


@pytest.mark.parametrize(("path", "until"), [("a/gate/en/", "en"), ("a/ua-119-21/es/", "es")])
def test_without_script_each_block_says_its_last_day_in_words(
    path, until, section, page_at, open_all
):
    from uasocial import languages

    page = page_at(section.at(path), script=False).page
    open_all(page)
    facts = section.action(path.split("/")[1]).facts
    days = [languages.day(facts.last_day, until), languages.day(section.site.kit.now.date(), until)]
    for block in page.locator("[data-wording], #letter, #quiet li:has(textarea)").all():
        assert any(day in block.inner_text() for day in days)
    assert days[0] in page.inner_text(".days")


def test_without_script_the_whole_story_and_letter_are_there_to_read(section, page_at):
    page = page_at(section.at("a/gate/en/"), script=False).page
    for text in ("Since spring the gate", "Le pido que abra", "Please open the gate of the valley"):
        assert page.get_by_text(text).first.is_visible()
    assert page.is_visible(".qr img")
    assert not page.is_visible("[data-choose-country]")
    assert page.locator(".copy:visible").count() == 2


# --- who is asked --------------------------------------------------------------------------------


def test_every_kind_of_page_asks_nobody_else_and_breaks_no_rule(
    seen, kind, section, no_stranger_requests, no_cookies
):
    # What is loaded only when it is seen.
    seen.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    no_stranger_requests(seen.log, section.packs.as_uri() if "file:" in kind else section.url)
    no_cookies(seen.context)
    assert (seen.log.errors, seen.log.violations) == ([], [])
    assert seen.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
