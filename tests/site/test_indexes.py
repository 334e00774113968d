"""The lists of actions: what is open, by country, language and last day, and the archive."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from uasocial.site.contents import Site

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
