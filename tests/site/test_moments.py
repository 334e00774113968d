"""When a page refuses, and what it hands out until then: held against moments written down here.

The target is in New Zealand and the publisher in Zurich, and the clocks of both change meanwhile.
A page that were right by its own reckoning alone would pass every other test.
"""

import io
from datetime import datetime
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.site.gates import BASE

from uasocial.settings import find_project
from uasocial.site.building import build
from uasocial.site.contents import Site
from uasocial.toolkit import Toolkit

FACTS = """\
number: UA 1/26
countries: [NZ]
active_since: 2026-03-10
deadline: 2026-04-11
time_zone: Pacific/Auckland
link: {en: "https://example.org/1/en"}
targets:
  - id: keeper
    office: {en: Keeper of Gates}
    address: [1 Gate Street, Wellington]
    country: NZ
    emails: [k@gates.example]
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
letter: {salutation: "Dear Keeper,", paragraphs: [Please open it.], closing: "Yours,"}
posts:
  - {id: soon, template: "{{ action | days_left }} left. {{ action | link }}"}
  - {id: always, template: "Open the gate! {{ action | link }}"}
"""
ZURICH = ZoneInfo("Europe/Zurich")
# In Auckland it is 22:00 of the same day.
NOW = datetime(2026, 3, 27, 10, tzinfo=ZURICH)
ADVICE = "A public post shows your account to everybody, also to the authorities."
OWN_ADVICE = 'safety: [{country: NZ, text: {en: "Ask a friend first."}}]\n'


@pytest.fixture
def site(cases):
    """Return the site of one case with *more* facts, at a moment."""

    def made(more: str = "", now: datetime = NOW, actual: datetime | None = None) -> Site:
        cases.settings('[site]\nplatforms = ["whatsapp", "mastodon"]')
        cases.write("gate", FACTS + more, en=WORDS)
        project = find_project(str(cases.root))
        return Site(Toolkit(project, now, rehearsal=bool(actual), actual=actual), BASE)

    return made


def made(site: Site, path: str) -> bytes:
    (found,) = [one for one in site.of_case(site.look_at("gate").card) if one.path == path]
    return found.make()


def body(site: Site) -> dict[str, str | None]:
    return LexborHTMLParser(made(site, "a/gate/en/index.html")).body.attributes


def moment(milliseconds: str | None) -> str:
    """Return a moment of a browser's clock as a clock in Greenwich shows it."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, ZoneInfo("UTC")).isoformat()[:19]


def packed(site: Site) -> ZipFile:
    return ZipFile(io.BytesIO(made(site, "a/gate/pack.zip")))


def test_a_page_refuses_when_the_last_day_ends_at_its_target(site):
    # Summer time has ended there: midnight in Auckland is noon.
    assert moment(body(site())["data-closes"]) == "2026-04-10T12:00:00"


def test_a_page_counts_a_day_less_when_today_ends_at_its_target(site):
    assert moment(body(site())["data-today-ends"]) == "2026-03-27T11:00:00"


def test_a_page_is_too_old_when_its_last_fresh_day_ends_at_its_publisher(site):
    # It is summer time in Zurich by then.
    assert moment(body(site())["data-fresh"]) == "2026-04-03T22:00:00"


def test_a_rehearsal_is_as_old_as_it_was_made_and_not_as_the_day_that_it_shows(site):
    made_at = datetime(2026, 3, 20, 10, tzinfo=ZURICH)
    attributes = body(site(actual=made_at))
    assert moment(attributes["data-fresh"]) == "2026-03-27T23:00:00"
    assert moment(attributes["data-now"]) == "2026-03-27T09:00:00"


def test_where_a_day_ends_first_at_the_publisher_the_page_refuses_there(site):
    more = "embargo: 2026-03-10T00:00+01:00\n"
    found = site(more)
    facts = found.kit.project.actions / "gate" / "action.yaml"
    facts.write_text((FACTS + more).replace("Pacific/Auckland", "America/Lima"), "utf-8")
    assert moment(body(found)["data-closes"]) == "2026-04-10T22:00:00"


@pytest.mark.parametrize("again", [False, True])
def test_a_list_has_the_same_moments_as_the_page_made_new_or_known_from_before(
    site, tmp_path, again
):
    found = site()
    build(found, tmp_path / "out")
    if again:
        (tmp_path / "out" / "en" / "index.html").unlink()
        build(Site(found.kit, BASE), tmp_path / "out")
    page = LexborHTMLParser((tmp_path / "out" / "en" / "index.html").read_text("utf-8"))
    card = page.css_first(".card")
    days = card.css_first("[data-days-left]").attributes
    assert moment(card.attributes["data-closes"]) == "2026-04-10T12:00:00"
    assert moment(days["data-today-ends"]) == "2026-03-27T11:00:00"
    assert moment(page.body.attributes["data-fresh"]) == "2026-04-03T22:00:00"


@pytest.mark.parametrize(("more", "said"), [("", ADVICE), (OWN_ADVICE, "Ask a friend first.")])
def test_what_is_to_be_read_first_stands_in_the_pack_before_anything_else(site, more, said):
    with packed(site(more)) as archive:
        for name in ("READ-ME-FIRST.txt", "texts-en.txt"):
            lines = archive.read(f"gate/{name}").decode().splitlines()
            assert said in lines[:2]


def test_the_day_on_a_letter_is_for_whoever_writes_it(site):
    found = site()
    files = {one.path: one for one in found.of_case(found.look_at("gate").card)}
    letters = [one for path, one in files.items() if "/letter-" in path]
    assert sorted(one.path[-4:] for one in letters) == [".eml", ".txt"]
    assert not any(b"27 March" in one.make() for one in letters)


def test_what_is_shared_is_the_text_that_stays_true(site):
    page = LexborHTMLParser(made(site(), "a/gate/en/index.html"))
    button = page.css_first("[data-share]").attributes
    assert button["data-share"].startswith("Open the gate!")
    assert "data-share-until" not in button
