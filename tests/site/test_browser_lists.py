"""A list of many actions in the browser: its pages by plain links, on phones, from the right."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.site.gates import many
from tests.site.test_browser_access import BESIDE, OVERLAPS, SMALL, WIDE

from uasocial.settings import find_project
from uasocial.site.contents import Site
from uasocial.toolkit import Toolkit

OPEN = 470
PAGES = ["en/", "en/page/5/", "en/page/10/", "ar/page/5/", "de/page/2/", "en/archive/page/2/"]


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """The lists of many actions, as a folder, and their site."""
    root = tmp_path_factory.mktemp("lists")
    (root / "project" / "actions").mkdir(parents=True)
    (root / "project" / "uasocial.toml").write_text("", encoding="utf-8")
    now = datetime.now(UTC)
    site = Site(Toolkit(find_project(str(root / "project")), now))
    opened, ended = many(OPEN, now.date()), many(60, now.date())
    closed = [
        type(one)(id=f"closed-{one.id}", state="closed", updated=now.date(), words=one.words)
        for one in ended
    ]
    wanted = [f"{page}index.html" for page in PAGES]
    wanted += [f"en/page/{number}/index.html" for number in (2, 3, 4, 6, 9)]
    for one in (*site.of_all([*opened, *closed]), *site.assets()):
        if one.path in wanted or one.path.startswith("static/"):
            path = root / "site" / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.make())
    return root / "site"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_list_fits_a_small_phone_and_is_accessible(path, lists, served, page_at, axe):
    page = page_at(f"{served(lists)}/{path}", width=320).page
    assert page.is_visible(".pages [aria-current=page]")
    assert not page.evaluate(WIDE)
    assert page.evaluate(BESIDE) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(SMALL, {"of": ".pages a", "width": 32, "height": 40}) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []


def test_one_goes_through_the_pages_without_script(lists, served, page_at):
    url = served(lists)
    page = page_at(f"{url}/en/", width=320, script=False).page
    for number in (2, 3):
        page.click(".pages a[rel=next]")
        assert page.url == f"{url}/en/page/{number}/index.html"
        assert page.inner_text(".pages [aria-current]") == str(number)
    page.click(".pages a[rel=prev]")
    page.click(".pages a >> text=/^10$/")
    assert page.locator(".card").count() == OPEN % 50
    assert not page.locator(".pages a[rel=next]").count()
    page.click(".pages a >> text=/^1$/")
    assert page.url == f"{url}/en/index.html"


def test_one_goes_to_the_next_page_by_keyboard_and_sees_where_one_is(lists, served, page_at):
    url = served(lists)
    page = page_at(f"{url}/en/page/5/", width=320).page
    page.locator(".card h2 a").last.focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.textContent"))
        style = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
    assert reached == ["Previous", "Next", "1", "4", "6", "10"]
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/en/page/6/index.html")


def test_in_arabic_the_pages_run_from_the_right(lists, served, page_at):
    page = page_at(f"{served(lists)}/ar/page/5/", width=320).page
    for row in (".turn a", ".turn + ul a"):
        places = [one.bounding_box() for one in page.locator(f".pages {row}").all()]
        assert len({place["y"] for place in places}) == 1
        from_right = sorted(places, key=lambda place: -place["x"])
        assert places == from_right
    assert page.locator(".pages a").first.get_attribute("rel") == "prev"


def test_the_ways_to_choose_are_one_link_away_from_each_page(lists, served, page_at):
    url = served(lists)
    page = page_at(f"{url}/en/page/5/", width=320, script=False).page
    page.click(".place a")
    assert page.url == f"{url}/en/index.html#choose"
    assert (
        page.evaluate("() => document.getElementById('choose').getBoundingClientRect().top") < 800
    )


def test_a_page_whose_rows_have_all_closed_says_nothing_of_the_others(lists, served, page_at):
    page = page_at(f"{served(lists)}/en/").page
    ends = [int(one.get_attribute("data-closes")) for one in page.locator(".card").all()]
    page.clock.set_fixed_time(datetime.fromtimestamp(max(ends) / 1000, UTC) + timedelta(seconds=1))
    page.reload()
    assert page.locator(".card").count() == 0
    assert page.inner_text("[data-when-none]") == "No action on this page is open any more."
    page.click(".pages a[rel=next]")
    assert page.locator(".card").count() == 50
    assert not page.is_visible("[data-when-none]")
