"""Feeds: what a reader is told of actions, and that no text breaks a file."""

import json
import re
from datetime import date, timedelta
from importlib.util import find_spec
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from babel.support import NullTranslations
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.site import gates
from tests.site.gates import BASE, ENGLISH, WITHDRAWN

from uasocial.site.building import build
from uasocial.site.cards import Card, CardWords
from uasocial.site.contents import Site
from uasocial.site.interface import Interface
from uasocial.site.machines import feeds
from uasocial.testing.fixtures import lacking

GATE = replace(
    gates.GATE,
    words={
        **gates.GATE.words,
        "ar": CardWords(title="افتحوا البوابة", lead="البوابة مغلقة."),
    },
)
# Whatever a text can hold, half characters too.
ANY_TEXT = st.text(st.characters(), max_size=40)

MARK = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def of_all(*cards: Card, base: str = BASE, tongue: Interface = ENGLISH) -> feeds.Feed:
    return feeds.feed_of_all(cards, tongue, base, "Gates")


def of_case(card: Card, language: str = "en", base: str = BASE) -> feeds.Feed:
    return feeds.feed_of_case(card, language, ENGLISH, base, "Gates")


def entry(card: Card) -> feeds.Entry:
    (made,) = of_all(card).entries
    return made


def texts(card: Card) -> str:
    return "\n".join(paragraph.text for paragraph in entry(card).paragraphs)


def assert_atom(root: ET.Element) -> None:
    """Hold a feed against what RFC 4287, section 4.1, wants, and against what it allows."""
    once = ("id", "title", "updated")
    allowed = {*once, "author", "category", "generator", "link", "entry"}
    of_entry = {*once, "published", "category", "link", "summary", "content"}
    assert root.tag == f"{MARK}feed"
    for parent, names in ((root, allowed), *((one, of_entry) for one in root.iter(f"{MARK}entry"))):
        tags = [child.tag.removeprefix(MARK) for child in parent]
        assert {*tags} <= names
        assert [tags.count(name) for name in once] == [1, 1, 1]
        assert UUID(parent.findtext(f"{MARK}id"))
        assert MOMENT.fullmatch(parent.findtext(f"{MARK}updated"))
        assert all(link.get("href") for link in parent.iter(f"{MARK}link"))
        alternates = [one for one in parent.findall(f"{MARK}link") if one.get("rel") != "self"]
        assert len({(one.get("type"), one.get("hreflang")) for one in alternates}) == len(
            alternates
        )
    for one in root.iter(f"{MARK}entry"):
        # One without a link must have content, and of XHTML that is one div.
        (div,) = one.find(f"{MARK}content")
        assert div.tag == f"{XHTML}div"
        # The dates agree, whoever compares them.
        published = one.findtext(f"{MARK}published")
        assert published is None or MOMENT.fullmatch(published)
    # A feed names its author where its entries do not.
    assert root.findtext(f"{MARK}author/{MARK}name")


def assert_json_feed(made: dict) -> None:
    """Hold a feed against https://www.jsonfeed.org/version/1.1/."""
    known = {"version", "title", "home_page_url", "feed_url", "language", "authors", "items"}
    of_item = {"id", "url", "title", "content_text", "summary", "language", "tags"}
    of_item |= {"date_published", "date_modified"}
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(made["title"], str)
    assert {*made} <= known
    assert len({item["id"] for item in made["items"]}) == len(made["items"])
    for item in made["items"]:
        assert {*item} <= of_item
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert MOMENT.fullmatch(item["date_modified"])


# --- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [BASE, ""])
@pytest.mark.parametrize("cards", [(), (GATE,), (WITHDRAWN,), (GATE, replace(GATE, id="wall"))])
def test_feeds_have_what_their_rules_want(base, cards):
    made = of_all(*cards, base=base)
    assert_atom(ET.fromstring(feeds.atom(made)))
    assert_json_feed(json.loads(feeds.json_feed(made)))


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_breaks_a_feed(title, lead, site):
    card = replace(GATE, words={"en": CardWords(title=f"x{title}", lead=lead)})
    made = feeds.feed_of_all([card], ENGLISH, BASE, f"x{site}")
    assert_atom(ET.fromstring(feeds.atom(made)))
    assert_json_feed(json.loads(feeds.json_feed(made)))


def test_what_xml_forbids_is_left_out_and_all_else_comes_back_as_it_was():
    title = "a\0b\x0b\ud800\ufffe ]]> <b>&amp; \U0001f511"
    card = replace(GATE, words={"en": CardWords(title=title, lead="one\r\ntwo\rthree")})
    read = ET.fromstring(feeds.atom(of_all(card)))
    assert read.findtext(f"{MARK}entry/{MARK}title") == "ab ]]> <b>&amp; \U0001f511"
    assert read.findtext(f"{MARK}entry/{MARK}summary") == "one\ntwo\nthree"


def test_a_reader_of_feeds_reads_what_was_written():
    if find_spec("feedparser") is None:
        lacking("feedparser: run `.venv/bin/pip install feedparser`")
    import feedparser

    read = feedparser.parse(feeds.atom(of_all(GATE, replace(WITHDRAWN, id="wall"))))
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == read.feed.author == "Gates"
    assert [one.rel for one in read.feed.links] == ["self", "alternate"]
    gone, open_one = read.entries
    assert (open_one.title, open_one.link) == ("Open the gate", f"{BASE}a/gate/en/")
    assert "Last day to act: 9 February 2026." in open_one.content[0].value
    assert [(tag.term, tag.label) for tag in open_one.tags] == [("PE", "Peru")]
    assert "links" not in gone


def test_each_paragraph_says_its_language_and_direction():
    made = feeds.feed_of_case(GATE, "ar", ENGLISH, BASE, "Gates")
    root = ET.fromstring(feeds.atom(made))
    found = [(p.get("dir"), p.get(f"{XML}lang"), p.get("lang")) for p in root.iter(f"{XHTML}p")]
    assert found == [("ltr", "en", "en"), ("rtl", "ar", "ar")]
    assert root.find(f"{MARK}entry").get(f"{XML}lang") == "ar"
    assert json.loads(feeds.json_feed(made))["items"][0]["language"] == "ar"


def test_the_same_cards_make_the_same_bytes():
    assert feeds.atom(of_all(GATE)) == feeds.atom(of_all(GATE))
    assert feeds.json_feed(of_all(GATE)) == feeds.json_feed(of_all(GATE))


# --- addresses -------------------------------------------------------------------------------


def test_without_an_address_atom_links_are_relative_and_json_feed_has_none():
    made = of_all(GATE, base="")
    root = ET.fromstring(feeds.atom(made))
    links = {link.get("href") for link in root.iter(f"{MARK}link")}
    assert links == {"index.html", "../a/gate/en/index.html"}
    assert not any(link.get("rel") == "self" for link in root.iter(f"{MARK}link"))
    assert "url" not in feeds.json_feed(made).decode().replace("jsonfeed.org", "")


def test_a_feed_links_to_itself_and_to_its_page():
    root = ET.fromstring(feeds.atom(of_case(GATE)))
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{MARK}link")}
    assert links == {"self": f"{BASE}a/gate/en/feed.atom", "alternate": f"{BASE}a/gate/en/"}
    read = json.loads(feeds.json_feed(of_case(GATE)))
    assert read["feed_url"] == f"{BASE}a/gate/en/feed.json"
    assert read["home_page_url"] == f"{BASE}a/gate/en/"


def test_ids_stay_where_the_site_moves_and_whatever_the_case_says():
    renamed = replace(GATE, words={"en": CardWords(title="Another title")})
    ids = {entry(GATE).id, entry(renamed).id, of_all(GATE, base="").entries[0].id}
    assert ids == {"urn:uuid:14211a10-6b40-5085-8018-fd655bceead5"}
    assert of_all(GATE).id == of_all(GATE, base="").id


def test_feeds_of_other_sites_languages_and_cases_have_other_ids():
    german = Interface("de", NullTranslations())
    ids = {
        of_all(GATE).id,
        of_all(GATE, tongue=german).id,
        feeds.feed_of_all([], ENGLISH, BASE, "Walls").id,
        of_case(GATE).id,
        of_case(GATE, "ar").id,
        of_case(replace(GATE, id="wall")).id,
        entry(GATE).id,
    }
    assert len(ids) == 7


# --- what is told ----------------------------------------------------------------------------


def test_a_withdrawn_action_keeps_its_entry_and_none_of_its_words():
    made = entry(WITHDRAWN)
    assert made.id == entry(GATE).id
    assert made.updated > entry(GATE).updated
    assert made.path == ""
    assert texts(WITHDRAWN).startswith("This action was withdrawn.")
    written = (feeds.atom(of_all(WITHDRAWN)) + feeds.json_feed(of_all(WITHDRAWN))).decode()
    assert not [word for word in ("gate", "Peru", "PE", "2026-02-09") if word in written]
    assert of_case(WITHDRAWN).entries == (made,)


def test_a_stopped_action_is_told_without_its_story():
    stopped = replace(GATE, state="stopped", words={"en": CardWords(title="Open the gate")})
    assert texts(stopped) == "This action was stopped. Please write no more, and stop sharing."
    assert entry(stopped).summary == ""
    assert entry(stopped).path == "a/gate/en/index.html"


def test_what_cannot_be_read_or_has_no_words_is_left_out():
    unreadable = Card(id="gate", state="unreadable", updated=date(2026, 1, 20))
    assert of_all(unreadable, replace(GATE, words={})).entries == ()
    assert of_case(unreadable).entries == ()
    assert of_case(unreadable).title == "Gates"


def test_the_last_day_is_said_and_no_number_of_days():
    assert texts(GATE) == "Last day to act: 9 February 2026.\nThe gate is closed."
    over = replace(GATE, state="over")
    assert texts(over) == "The last day to act was 9 February 2026.\nThe gate is closed."


def test_an_outcome_or_an_update_goes_before_the_story():
    ended = CardWords(title="Open the gate", lead="It was closed.", outcome="It is open.")
    good = replace(GATE, state="good-news", words={"en": ended})
    assert texts(good).splitlines()[1:] == ["It is open.", "It was closed."]
    assert entry(good).summary == "It is open."
    news = CardWords(title="Open the gate", lead="It is closed.", update="A key was found.")
    assert entry(replace(GATE, words={"en": news})).summary == "A key was found."


def test_of_two_changes_on_one_day_the_graver_is_the_later():
    states = ("open", "good-news", "stopped", "withdrawn")
    moments = [feeds.moment(replace(GATE, state=state)) for state in states]
    assert moments == sorted(set(moments))
    assert feeds.moment(GATE).isoformat() == "2026-01-10T00:00:00+00:00"
    assert feeds.moment(replace(GATE, updated=date(2026, 1, 11))) > moments[-1]


def test_a_case_without_words_in_the_language_is_told_in_another():
    german = Interface("de", NullTranslations())
    (made,) = of_all(GATE, tongue=german).entries
    assert [paragraph.language for paragraph in made.paragraphs] == ["de", "en"]
    assert made.path == "a/gate/en/index.html"


# --- which are told --------------------------------------------------------------------------


def test_the_newest_stand_first():
    cards = [replace(GATE, id=f"gate-{n}", updated=date(2026, 1, n)) for n in (3, 9, 1)]
    days = [one.updated.day for one in of_all(*cards).entries]
    assert days == [9, 3, 1]
    assert of_all(*cards).updated.day == 9


def test_a_feed_holds_fifty_of_the_last_two_years():
    day = date(2026, 1, 10)
    many = [replace(GATE, id=f"g{n}", updated=day - timedelta(days=n)) for n in range(120)]
    made = of_all(*reversed(many)).entries
    assert [one.id for one in made] == [entry(card).id for card in many[:50]]
    old = replace(GATE, id="old", updated=day - timedelta(days=740))
    assert [one.id for one in of_all(GATE, old).entries] == [entry(GATE).id]


@pytest.mark.parametrize("state", ["stopped", "withdrawn"])
def test_what_takes_an_entry_back_is_told_however_much_came_after_it(state):
    day = date(2026, 1, 10)
    many = [replace(GATE, id=f"g{n}", updated=day) for n in range(60)]
    ended = Card(id="gone", state=state, updated=day - timedelta(days=400), words=GATE.words)
    made = of_all(*many, ended).entries
    assert len(made) == 51
    assert made[-1].id == entry(ended).id
    longer = replace(ended, updated=day - timedelta(days=740))
    assert len(of_all(*many, longer).entries) == 50


# --- what a reader is told of from build to build --------------------------------------------


@pytest.fixture
def told(cases, tmp_path):
    """Build a site at a moment; return the day that a feed gives its one entry, and its title."""
    out = tmp_path / "out"

    def run(now: str, feed: str = "en/feed.atom", **options: bool) -> tuple[str, str]:
        build(Site(cases.kit(f"{now}T12:00+00:00", **options), BASE), out)
        entry = ET.fromstring((out / feed).read_bytes()).find(f"{MARK}entry")
        return entry.findtext(f"{MARK}updated")[:10], entry.findtext(f"{MARK}title")

    return run


def test_other_words_are_news_and_an_end_that_is_written_down_late_replaces_them(cases, told):
    folder = cases.write("gate", gates.facts_of(), en=gates.WORDS)
    assert told("2026-01-20") == ("2026-01-10", "Open the gate")
    assert told("2026-01-21") == ("2026-01-10", "Open the gate")
    words = gates.WORDS.replace("title: Open the gate", "title: Open both gates")
    (folder / "en.yaml").write_text(words, encoding="utf-8")
    assert told("2026-01-22") == ("2026-01-22", "Open both gates")
    # Also where all is made anew.
    cases.settings('[site]\nname = "Gates"')
    assert told("2026-01-24") == ("2026-01-22", "Open both gates")
    assert told("2026-01-24", "a/gate/en/feed.atom") == ("2026-01-22", "Open both gates")
    ended = "ended: {how: withdrawn, on: 2026-01-15}\n"
    (folder / "action.yaml").write_text(gates.facts_of() + ended, encoding="utf-8")
    assert told("2026-01-25") == ("2026-01-25", "Action withdrawn")
    assert told("2026-01-29") == ("2026-01-25", "Action withdrawn")


def test_a_rehearsal_tells_the_days_of_the_facts_whatever_was_rehearsed_before(cases, told):
    counted = "counter: {value: 3, as_of: 2026-01-18, source: us}\n"
    cases.write("gate", gates.facts_of() + counted, en=gates.WORDS)
    assert told("2026-01-20", rehearsal=True)[0] == "2026-01-18"
    assert told("2026-01-17", rehearsal=True)[0] == "2026-01-10"


def test_a_language_that_can_have_no_folder_stops_no_build(cases, told):
    folder = cases.write("gate", gates.facts_of(), en=gates.WORDS, aux=gates.WORDS)
    assert told("2026-01-20") == ("2026-01-10", "Open the gate")
    ended = "ended: {how: withdrawn, on: 2026-01-21}\n"
    (folder / "action.yaml").write_text(gates.facts_of() + ended, encoding="utf-8")
    assert told("2026-01-21") == ("2026-01-21", "Action withdrawn")
