"""The map of the site, and what machines may read."""

from datetime import date
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

from uasocial.site.machines import sitemap as maps
from uasocial.site.machines.sitemap import SitemapPage, robots, sitemap

BASE = "https://act.example/ua/"
MARK = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"

BOTH = {
    "en": "a/gate/en/index.html",
    "ar": "a/gate/ar/index.html",
    "x-default": "a/gate/index.html",
}
PAGES = [
    SitemapPage("index.html"),
    SitemapPage("a/gate/en/index.html", date(2026, 1, 10), BOTH),
    SitemapPage("a/gate/ar/index.html", date(2026, 1, 10), BOTH),
]


def locations(written: bytes) -> list[str]:
    return [one.text for one in ET.fromstring(written).iter(f"{MARK}loc")]


def test_every_page_stands_there_with_its_day_and_its_other_languages():
    root = ET.fromstring(sitemap(PAGES, BASE)["sitemap.xml"])
    assert root.tag == f"{MARK}urlset"
    first, english, arabic = root
    assert first.findtext(f"{MARK}loc") == BASE
    assert first.find(f"{MARK}lastmod") is None
    assert english.findtext(f"{MARK}loc") == f"{BASE}a/gate/en/"
    assert english.findtext(f"{MARK}lastmod") == "2026-01-10"
    links = [(one.get("rel"), one.get("hreflang"), one.get("href")) for one in english.iter(LINK)]
    assert links == [
        ("alternate", "en", f"{BASE}a/gate/en/"),
        ("alternate", "ar", f"{BASE}a/gate/ar/"),
        ("alternate", "x-default", f"{BASE}a/gate/"),
    ]
    # Each names all of them, itself too, or machines believe none.
    assert [one.attrib for one in arabic.iter(LINK)] == [one.attrib for one in english.iter(LINK)]


def test_without_an_address_there_is_no_map():
    assert sitemap(PAGES, "") == {}


def test_an_address_with_signs_of_xml_stands_there_whole():
    base = "https://act.example/?a=1&b=<2>/"
    assert locations(sitemap([SitemapPage("index.html")], base)["sitemap.xml"]) == [base]


def test_a_map_without_pages_is_a_map():
    assert locations(sitemap([], BASE)["sitemap.xml"]) == []


def test_fifty_thousand_pages_are_one_map_and_one_more_makes_an_index():
    pages = [SitemapPage(f"a/g{number}/en/index.html") for number in range(50_000)]
    assert {*sitemap(pages, BASE)} == {"sitemap.xml"}
    pages.append(SitemapPage("a/last/en/index.html", date(2026, 1, 10)))
    found = sitemap(pages, BASE)
    assert [*found] == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    index = ET.fromstring(found["sitemap.xml"])
    assert index.tag == f"{MARK}sitemapindex"
    assert locations(found["sitemap.xml"]) == [f"{BASE}sitemap-1.xml", f"{BASE}sitemap-2.xml"]
    assert [one.text for one in index.iter(f"{MARK}lastmod")] == ["2026-01-10"]
    assert len(locations(found["sitemap-1.xml"])) == 50_000
    assert locations(found["sitemap-2.xml"]) == [f"{BASE}a/last/en/"]


def test_a_map_that_would_be_too_large_is_divided(monkeypatch):
    monkeypatch.setattr(maps, "MOST_BYTES", 1000)
    pages = [SitemapPage(f"a/g{number}/en/index.html", None, BOTH) for number in range(10)]
    found = sitemap(pages, BASE)
    parts = [written for name, written in found.items() if name != "sitemap.xml"]
    assert len(parts) > 1
    assert all(len(part) < 1300 for part in parts)
    assert sum(len(locations(part)) for part in parts) == 10


def test_robots_may_read_all_and_are_told_of_the_map_where_there_is_one():
    parser = RobotFileParser()
    parser.parse(robots(BASE).decode().splitlines())
    assert parser.can_fetch("anybody", f"{BASE}a/gate/en/")
    assert parser.site_maps() == [f"{BASE}sitemap.xml"]
    assert robots("") == b"User-agent: *\nAllow: /\n"
