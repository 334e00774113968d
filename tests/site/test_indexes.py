"""The lists of actions: what is open, by country, language and last day, and the archive."""

import gzip
from datetime import date, timedelta
from itertools import chain

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser
from tests.site.gates import BASE, GATE, many

from uasocial.site import paths
from uasocial.site.cards import Card, CardWords
from uasocial.site.contents import Site
from uasocial.site.lists.listing import Lists, Page
from uasocial.site.lists.numbering import numbers
from uasocial.site.resource import Resource

FACTS = """\
number: {number}
countries: [{country}]
active_since: 2026-01-10
deadline: {deadline}
targets: [{{id: minister, office: {{en: Minister}}, country: PE}}]
"""
WORDS = "title: Open the {name}\nlead: It is closed.\n"


@pytest.fixture
def lists(cases):
    """All lists of a project, by their paths."""

    def write(name: str, number: int, more: str = "", deadline: str = "2026-02-10", **words: str):
        facts = FACTS.format(number=f"UA {number}/26", country="PE", deadline=deadline)
        cases.write(name, facts + more, **(words or {"en": WORDS.format(name=name)}))

    def run(now: str = "2026-01-20T12:00+00:00") -> dict[str, LexborHTMLParser]:
        site = Site(cases.kit(now), "")
        cards = [site.look_at(name).card for name in site.kit.action_ids()]
        made = site.of_all([card for card in cards if card])
        pages = (one for one in made if one.path.endswith(".html"))
        return {one.path: LexborHTMLParser(one.make()) for one in pages}

    run.write = write
    return run


def titles(page: LexborHTMLParser) -> list[str]:
    return [node.text().strip() for node in page.css(".card h2")]


def test_what_ends_first_stands_first(lists):
    lists.write("gate", 1, deadline="2026-03-10")
    lists.write("door", 2, deadline="2026-02-10")
    assert titles(lists()["en/index.html"]) == ["Open the door", "Open the gate"]


def test_there_is_a_list_for_each_country_language_and_month(lists):
    lists.write("gate", 1, deadline="2026-03-10")
    lists.write("door", 2, es=WORDS.format(name="door"))
    pages = lists()
    assert titles(pages["en/country/pe/index.html"]) == ["Open the door", "Open the gate"]
    assert titles(pages["en/language/es/index.html"]) == ["Open the door"]
    assert titles(pages["en/until/2026-03/index.html"]) == ["Open the gate"]
    links = [node.text() for node in pages["en/index.html"].css(".narrow a")]
    assert links == ["Peru", "English", "Spanish", "February 2026", "March 2026"]


def test_what_has_ended_is_in_the_archive_of_its_year_alone(lists):
    lists.write("gate", 1, "ended: {how: closed, on: 2026-01-15}\n")
    lists.write("door", 2)
    pages = lists()
    assert titles(pages["en/index.html"]) == ["Open the door"]
    assert titles(pages["en/archive/2026/index.html"]) == ["Open the gate"]


def test_an_open_case_without_a_language_to_show_is_in_no_list(lists):
    lists.write("gate", 1, "do_not_post: [Open]\n")
    lists.write("door", 2, en="title: A door\nlead: It is closed.\n")
    assert titles(lists()["en/index.html"]) == ["A door"]


def test_a_withdrawn_case_is_in_no_list(lists):
    lists.write("gate", 1, "ended: {how: withdrawn, on: 2026-01-15}\n")
    assert not any(page.css(".card") for page in lists().values())


def test_a_language_that_a_case_lacks_is_said_to_lack(lists):
    lists.write("gate", 1, es=WORDS.format(name="gate"))
    page = lists()["it/index.html"]
    assert page.css_first(".card h2 a").attributes["lang"] == "es"
    assert [node.attributes["hreflang"] for node in page.css(".card .honest a")] == ["es"]


def test_the_days_left_are_those_where_the_day_ends_first(lists):
    # In Auckland it is the 21st already.
    lists.write("gate", 1, "time_zone: Pacific/Auckland\n")
    page = lists("2026-01-20T12:00+00:00")["en/index.html"]
    assert "20 days left" in page.css_first(".card .days").text()


# --- pages of lists ----------------------------------------------------------------------------


@pytest.fixture
def pages_of(cases):
    """The files of all actions by their paths, of cards alone."""
    cases.settings('[site]\nlanguages = ["en", "ar"]\n')

    def run(cards: list[Card]) -> dict[str, Resource]:
        site = Site(cases.kit("2026-01-20T12:00+00:00"), BASE)
        return {one.path: one for one in site.of_all(cards)}

    return run


def html(page: Resource) -> LexborHTMLParser:
    return LexborHTMLParser(page.make())


def rows(page: Resource) -> list[int]:
    return [int(title.split()[-1]) for title in titles(html(page))]


def hrefs(page: Resource, selector: str) -> list[str]:
    return [node.attributes["href"] for node in html(page).css(selector)]


def test_a_page_of_a_list_holds_fifty_and_each_case_stands_on_one(pages_of):
    made = pages_of(many(120))
    for first in ("en/", "ar/", "en/country/pe/", "en/language/en/"):
        found = [rows(made[f"{first}{more}index.html"]) for more in ("", "page/2/", "page/3/")]
        assert [len(one) for one in found] == [50, 50, 20]
        assert [*chain(*found)] == list(range(120))
        assert f"{first}page/4/index.html" not in made
        assert f"{first}page/1/index.html" not in made
    assert rows(made["index.html"]) == list(range(50))


def test_a_full_page_is_followed_by_no_empty_one(pages_of):
    made = pages_of(many(50))
    assert not [path for path in made if "/page/" in path]
    assert not html(made["en/index.html"]).css(".pages, .place")
    assert "en/page/2/index.html" in pages_of(many(51))


def test_the_archive_has_all_in_pages_too_and_the_latest_first(pages_of):
    closed = [
        replace(card, state="closed", ended_on=date(2026, 1, 1) + timedelta(days=number))
        for number, card in enumerate(many(600))
    ]
    made = pages_of(closed)
    found = [rows(made[paths.numbered("en/archive/index.html", n)]) for n in range(1, 13)]
    assert [*chain(*found)] == list(reversed(range(600)))
    assert rows(made["en/archive/2026/page/2/index.html"])[-1] == 265


def test_a_page_leads_to_the_one_before_the_one_after_and_all_numbers(pages_of):
    made = pages_of(many(120))
    page = made["en/country/pe/page/2/index.html"]
    assert hrefs(page, ".pages a[rel=prev]") == ["../../index.html"]
    assert hrefs(page, ".pages a[rel=next]") == ["../3/index.html"]
    found = html(page)
    shown = [node.text() for node in found.css(".pages li")]
    assert shown == ["Previous", "Next", "1", "2", "3"]
    assert [node.text() for node in found.css(".pages [aria-current=page]")] == ["2"]
    assert found.css_first(".pages").attributes["aria-label"] == "Pages"
    assert hrefs(made["en/index.html"], ".pages a[rel]") == ["page/2/index.html"]
    assert hrefs(made["en/page/3/index.html"], ".pages a[rel]") == ["../2/index.html"]
    # The root is the first page.
    assert hrefs(made["index.html"], ".pages a[rel]") == ["en/page/2/index.html"]


def test_every_link_of_every_page_leads_to_a_file(pages_of):
    made = pages_of(many(120))
    for path, page in made.items():
        if path.endswith(".html") and path != paths.NOT_FOUND:
            own = hrefs(page, ".pages a, .place a, .narrow a, .tongues a")
            assert {resolved(path, href) for href in own} <= {*made}


def resolved(at: str, href: str) -> str:
    parts = at.split("/")[:-1]
    for part in href.partition("#")[0].split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part] if part else [*at.split("/")]
    return "/".join(parts)


def test_a_page_says_which_it_is_and_is_the_same_in_the_other_languages(pages_of):
    page = pages_of(many(120))["en/page/2/index.html"]
    found = html(page)
    assert found.css_first("title").text().startswith("Open actions, page 2 · ")
    assert found.css_first("h1").text() == "Open actions"
    assert found.css_first(".place").text().startswith("Page 2 of 3")
    assert hrefs(page, "link[rel=canonical]") == [f"{BASE}en/page/2/"]
    assert hrefs(page, "link[hreflang]") == [f"{BASE}en/page/2/", f"{BASE}ar/page/2/"]
    assert hrefs(page, ".tongues a") == ["../../../ar/page/2/index.html"]


def test_the_first_page_is_called_as_ever_and_has_the_ways_to_choose(pages_of):
    made = pages_of(many(120))
    first, second = (made[f"en/{more}index.html"] for more in ("", "page/2/"))
    assert html(first).css_first("title").text().startswith("Open actions · ")
    assert hrefs(first, "link[rel=canonical]") == [f"{BASE}en/"]
    assert html(first).css_first("#choose").tag == "nav"
    assert hrefs(first, ".place a") == ["#choose"]
    assert not html(second).css("#choose")
    assert hrefs(second, ".place a") == ["../../index.html#choose"]


@pytest.mark.parametrize(
    ("here", "last", "shown"),
    [
        (1, 2, [1, 2]),
        (1, 20, [1, 2, None, 20]),
        (3, 20, [1, 2, 3, 4, None, 20]),
        (4, 20, [1, 2, 3, 4, 5, None, 20]),
        (5, 20, [1, None, 4, 5, 6, None, 20]),
        (17, 20, [1, None, 16, 17, 18, 19, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_of_many_pages_some_are_left_out_but_never_one_alone(here, last, shown):
    (index, *_) = Lists([GATE]).pages()
    found = numbers(Page(index.listing, here, last), "en")
    assert [one and one.number for one in found.links] == shown


def test_a_page_that_is_not_all_never_says_that_nothing_is_open(pages_of):
    def said(page: Resource) -> str:
        return html(page).css_first("[data-when-none]").text()

    alone, several = pages_of(many(3)), pages_of(many(120))
    assert said(alone["en/index.html"]) == "No action is open today."
    assert said(pages_of([])["en/index.html"]) == "No action is open today."
    others = [alone["en/country/pe/index.html"], several["en/index.html"]]
    others += [several["en/page/3/index.html"], several["index.html"]]
    assert {said(page) for page in others} == {"No action on this page is open any more."}


def test_a_thousand_open_cases_make_a_light_first_page(pages_of):
    page = pages_of(many(1000))["en/index.html"]
    assert len(rows(page)) == 50
    assert len(gzip.compress(page.make(), 9)) < 10_000
    found = html(page)
    assert [node.text() for node in found.css(".pages li")] == ["Next", "1", "2", "…", "20"]


def test_a_case_that_comes_first_moves_the_others_by_one(pages_of):
    cards = many(101)
    before, after = pages_of(cards[1:]), pages_of(cards)
    assert "en/page/3/index.html" not in before
    found = [rows(after[f"en/{more}index.html"]) for more in ("", "page/2/", "page/3/")]
    assert [(one[0], one[-1]) for one in found] == [(0, 49), (50, 99), (100, 100)]


def test_a_link_to_a_list_has_a_card_where_it_is_shared(pages_of):
    page = html(pages_of(many(60))["ar/page/2/index.html"])
    said = {
        one.attributes["property"]: one.attributes["content"] for one in page.css("meta[property]")
    }
    assert said["og:url"] == f"{BASE}ar/page/2/"
    assert said["og:locale"] == "ar"
    assert said["og:title"] == page.css_first("title").text().partition(" · ")[0]
    assert said["og:description"] == page.css_first("meta[name=description]").attributes["content"]


# --- what a page is made of --------------------------------------------------------------------


@pytest.fixture
def signed(cases):
    """Return the signatures of the pages that have one, by their paths."""
    cases.settings('[site]\nlanguages = ["en", "es"]\n')

    def run(cards: list[Card], now: str = "2026-01-20T12:00+00:00") -> dict[str, str]:
        made = Site(cases.kit(now), BASE).of_all(cards)
        return {one.path: one.signature() for one in made if one.signature}

    return run


def other(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path in before | after if before.get(path) != after.get(path)}


def test_a_page_is_another_where_a_row_is_in_its_language_and_only_there(signed):
    cards = many(120)
    for number in range(120):
        es = {"es": CardWords(title=f"Puerta {number}")}
        cards[number] = replace(cards[number], words={**cards[number].words, **es})
    before = signed(cards)
    words = {**cards[60].words, "es": CardWords(title="Otra 60")}
    changed = [*cards[:60], replace(cards[60], words=words), *cards[61:]]
    month = "es/until/2026-04/index.html"
    assert other(before, signed(changed)) == {
        "es/page/2/index.html",
        "es/country/pe/page/2/index.html",
        "es/language/en/page/2/index.html",
        "es/language/es/page/2/index.html",
        "es/deadlines.ics",
        month,
    }


def test_the_next_day_open_pages_are_others_and_the_archive_is_the_same(signed):
    closed = [replace(one, state="closed", ended_on=date(2026, 1, 15)) for one in many(60)]
    cards = [*many(60)[:30], *closed[30:]]
    found = other(signed(cards), signed(cards, "2026-01-21T12:00+00:00"))
    assert "en/index.html" in found
    assert not [path for path in found if "/archive/" in path]


def test_the_counts_of_the_ways_change_first_pages_alone(signed):
    cards = many(120)
    found = other(signed(cards), signed([*cards, replace(GATE, id="z", last_day=date(2027, 1, 1))]))
    assert "en/index.html" in found
    assert "en/page/3/index.html" in found
    assert "en/page/2/index.html" not in found
