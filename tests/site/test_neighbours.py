"""What came before an action and after it: a link wherever there is something to be followed."""

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.site.gates import BASE, WORDS, facts_of

from uasocial.site.contents import Site


@pytest.fixture
def facts_on_page(cases):
    """Write a case with *more* facts, and one with another number; return the facts on its page."""

    def made(more: str, other: str = "") -> LexborHTMLParser:
        cases.write("gate", facts_of("UA 1/26") + more, en=WORDS)
        cases.write("wall", facts_of("UA 11/26") + other, en=WORDS)
        site = Site(cases.kit(), BASE)
        found = [site.look_at(name).card for name in ("gate", "wall")]
        resources = site.of_case(found[0], site.neighbours(found[0], found))
        (page,) = [one.make() for one in resources if one.path == "a/gate/en/index.html"]
        return LexborHTMLParser(page).css_first(".facts")

    return made


@pytest.mark.parametrize(
    ("more", "other"),
    [
        ('supersedes: "UA: 11/26"\n', ""),
        ('superseded_by: "ua 11/2026"\n', ""),
        ("", 'superseded_by: "UA: 1/26"\n'),
    ],
)
def test_a_number_is_a_link_however_it_is_written(facts_on_page, more, other):
    (link,) = facts_on_page(more, other).css("a")
    assert link.attributes["href"] == "../../wall/en/index.html"
    assert "UA 11/26" in link.text()


@pytest.mark.parametrize("key", ["supersedes", "superseded_by"])
def test_an_address_is_a_link_and_tells_it_not_where_from(facts_on_page, key):
    (link,) = facts_on_page(f"{key}: https://example.org/11\n").css("a")
    assert link.attributes["href"] == link.text() == "https://example.org/11"
    assert link.attributes["rel"] == "noreferrer"


@pytest.mark.parametrize("said", ["UA 12/26", "javascript:alert(1)", "the letter of May"])
def test_what_leads_nowhere_is_text(facts_on_page, said):
    facts = facts_on_page(f'supersedes: "{said}"\n')
    assert not facts.css("a")
    assert said in facts.text()
