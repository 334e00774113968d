"""What the page of a case shows, and what it never shows; read as a browser reads it."""

import re
import shutil
from urllib.parse import quote

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from uasocial.errors import UasocialError
from uasocial.site.contents import Site

BASE = "https://act.example.org/"
FACTS = """\
number: UA 1/26
index: AMR 46/0001/2026
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
preferred_languages: [es]
link: {en: "https://example.org/1/en", es: "https://example.org/1/es"}
hashtags: {campaign: {en: OpenTheGate, es: AbranLaPuerta}}
targets:
  - id: minister
    office: {en: Minister of Gates, es: Ministra de Puertas}
    country: PE
    address: [1 Gate Street, Lima]
    emails: [minister@gates.example]
    holders:
      - {name: Ana Example, salutation: {es: Señora Ministra}, handles: {x: ana_example}}
  - id: keeper
    office: {en: Keeper of Keys}
    country: PE
    phones: ["+51123456789"]
    holders: [{name: Bea Example, salutation: {es: Señora}}]
copies:
  - {id: berne, name: {en: Embassy}, sender_country: CH, country: CH, address: [Weg 1, Berne]}
  - {id: london, name: {en: Embassy}, sender_country: GB, emails: [london@gates.example]}
counter: {value: 1234, as_of: 2026-01-15, source: the section}
documents:
  - {language: en, title: The sheet, type: Word, size: 40 kB, url: "https://example.org/1.docx"}
  - {language: es, title: La hoja}
delivery: [{text: {en: Letters take ten days.}, as_of: 2026-01-12, source: the post}]
postage: [{from: CH, to: PE, amount: "2.50", currency: CHF, valid_from: 2026-01-01, source: post}]
"""
ENGLISH = """\
title: Open the gate
lead: The gate is closed.
body: [Nobody may pass it.]
demands: [Open it, Keep it open]
letter: {salutation: "Dear Minister,", paragraphs: [Please open the gate.], closing: "Yours,"}
posts:
  - id: first
    template: "{{ target | mention }}, open the gate. {{ campaign | hashtag }} {{ action | link }}"
  - {id: second, template: "The gate must open, {{ target | mention }}. {{ action | link }}"}
"""
SPANISH = """\
title: Abran la puerta
lead: La puerta está cerrada.
letter: {salutation: "Señora Ministra:", paragraphs: [Abra la puerta.], closing: "Atentamente,"}
"""


class Made:
    """The files of a site, as a browser gets them."""

    def __init__(self, site: Site, name: str) -> None:
        found = {one: site.look_at(one).card for one in site.kit.action_ids()}
        cards = [card for card in found.values() if card]
        resources = site.of_case(found[name], site.neighbours(found[name], cards))
        self.files = {one.path.removeprefix(f"a/{name}/"): one.make() for one in resources}

    def page(self, language: str = "en") -> LexborHTMLParser:
        return LexborHTMLParser(self.files[f"{language}/index.html"])


@pytest.fixture
def made(cases):
    def run(facts: str = FACTS, now: str = "2026-01-20T12:00+00:00", base: str = BASE, **words):
        shutil.rmtree(cases.root / "actions" / "gate", ignore_errors=True)
        cases.write("gate", facts, **(words or {"en": ENGLISH, "es": SPANISH}))
        return Made(Site(cases.kit(now), base), "gate")

    return run


def text_of(page: LexborHTMLParser, selector: str) -> str:
    return " ".join(" ".join(node.text() for node in page.css(selector)).split())


def test_the_first_screen_tells_who_what_when_and_the_risk_before_any_button(made):
    page = made().page()
    first = page.css_first("header.first")
    assert text_of(page, "header.first h1") == "Open the gate"
    assert text_of(page, ".days") == "21 days left last day: 9 February 2026"
    order = [node.attributes.get("class") for node in first.css(".safety, .button")]
    assert order == ["safety", "button primary"]


def test_the_texts_are_the_drafts_with_their_lengths_and_addresses(made, cases):
    page = made().page()
    kit = cases.kit()
    names = kit.project.settings.site.platforms
    drafts = list(kit.drafts(kit.action("gate"), ["en"], kit.choose(names), "appeal"))
    shown = {
        node.css_first("textarea").attributes["id"]: node.css_first("textarea").text()
        for node in page.css("[data-wording]")
    }
    assert shown == {f"{draft.platform}-{draft.wording}": draft.text for draft in drafts}
    for draft in drafts:
        part = page.css_first(f"#{draft.platform}-{draft.wording}").parent
        assert part.css_first("[data-length]").text() == f"{draft.length:,} / {draft.limit:,}"
        addresses = [link.attributes.get("href") for link in part.css("a[data-open]")]
        assert addresses == ([draft.share_url] if draft.share_url else [None])


def test_a_network_of_servers_has_a_link_for_each_that_the_section_names(made, cases):
    cases.settings('[site]\nservers = ["one.example", "two.example"]')
    page = made().page()
    links = [a.attributes["href"] for a in page.css("#mastodon-second ~ .servers .known a")]
    assert [link.partition("?")[0] for link in links] == [
        "https://one.example/share",
        "https://two.example/share",
    ]


def test_what_stands_around_a_text_in_its_address_makes_the_address_again(made):
    checked = 0
    for part in made().page().css("[data-wording]"):
        link = part.css_first("a[href][data-open]")
        before, after = (part.attributes[f"data-{side}"] or "" for side in ("before", "after"))
        if link is not None and before:
            checked += 1
            text = part.css_first("textarea").text()
            assert link.attributes["href"] == before + quote(text, safe="") + after
    assert checked


def test_the_letter_stands_beside_its_translation(made):
    page = made().page()
    sheets = page.css("#letter article:first-of-type .sheet")
    assert [sheet.attributes["lang"] for sheet in sheets] == ["es", "en"]
    assert "Abra la puerta." in sheets[0].text()
    assert "Please open the gate." in sheets[1].text()


def test_only_the_channels_that_a_target_has_are_shown(made):
    page = made().page()
    letters = page.css("article.letter")
    channels = [[dt.text() for dt in letter.css(".channels dt")] for letter in letters]
    assert channels == [["By post", "By e-mail"], ["By telephone"]]


def test_a_letter_that_mail_programs_would_cut_opens_with_its_subject_alone(made):
    words = ENGLISH.replace("Please open the gate.", '"' + "Please open the gate. " * 100 + '"')
    page = made(en=words).page()
    address = page.css_first("a[href^='mailto:minister']").attributes["href"]
    assert address == "mailto:minister@gates.example?subject=Open%20the%20gate"
    assert "too long for a link" in text_of(page, ".channels")


def test_each_embassy_is_there_with_the_request_to_pass_the_letter_on(made):
    page = made().page()
    assert [node.text() for node in page.css(".copy h4")] == [
        "Sent from: Switzerland",
        "Sent from: United Kingdom",
    ]
    assert "pass it on" in page.css_first("#note-berne").text()


def test_postage_and_delivery_are_facts_with_their_day_and_source(made):
    said = text_of(made().page(), ".arriving")
    assert "Letters take ten days. as of 12 January 2026 · the post" in said
    assert "CHF 2.50 valid from 1 January 2026 · post" in said


def test_a_document_without_an_address_is_not_offered(made):
    links = made().page().css(".documents li a")
    assert [link.attributes["href"] for link in links] == [
        "https://example.org/1/en",
        "https://example.org/1.docx",
    ]
    assert "La hoja" not in made().page().html


def test_every_block_to_use_says_its_last_day_in_words(made):
    page = made().page()
    for block in (*page.css("[data-wording]"), *page.css("section#letter")):
        assert "9 February 2026" in block.text()


def test_another_language_is_marked_as_such_wherever_it_stands(made):
    page = made().page()
    assert page.css_first("html").attributes["lang"] == "en"
    spanish = [node for node in page.css("[lang=es]") if "Abra la puerta" in node.text()]
    assert spanish
    assert page.css_first("a[hreflang=es]").attributes["lang"] == "es"


def test_an_interface_that_is_not_translated_says_so(made):
    page = made(en=ENGLISH, pt=ENGLISH).page("pt")
    assert page.css_first("html").attributes["lang"] == "en"
    assert page.css_first("h1").attributes["lang"] == "pt"
    assert "Portuguese" in text_of(page, ".honest")


@pytest.mark.parametrize(
    ("more", "now", "heading"),
    [
        ("", "2026-02-11T12:00+00:00", "The last day has passed"),
        ("ended: {how: stop, on: 2026-01-15}", "2026-01-20T12:00+00:00", "This action was stopped"),
        ("ended: {how: good-news, on: 2026-01-15}", "2026-01-20T12:00+00:00", "Good news"),
        ("ended: {how: closed, on: 2026-01-15}", "2026-01-20T12:00+00:00", "This action is closed"),
    ],
)
def test_a_case_that_has_ended_says_so_and_hands_nothing_out(made, more, now, heading):
    found = made(FACTS + more, now)
    page = found.page()
    assert text_of(page, ".status h2") == heading
    assert not page.css("textarea, [data-copy], #letter, #texts, [data-share], a[href^='mailto:']")
    assert not any(name.endswith((".eml", ".zip", ".txt", "qr.svg")) for name in found.files)


def test_the_outcome_is_shown_after_a_good_end(made):
    words = ENGLISH + "outcome: The gate is open.\n"
    page = made(FACTS + "ended: {how: good-news, on: 2026-01-15}", en=words).page()
    assert text_of(page, ".outcome") == "The gate is open."


def test_a_stopped_case_tells_no_story(made):
    page = made(FACTS + "ended: {how: stop, on: 2026-01-15, why: The family asks}").page()
    assert "Nobody may pass" not in page.html
    assert "The gate is closed" not in page.html
    assert "family" not in page.html


def test_nothing_of_a_withdrawn_case_is_left_in_any_file(made):
    found = made(FACTS + "ended: {how: withdrawn, on: 2026-01-15, why: The family asks}")
    everything = b"\n".join(found.files.values())
    for word in (b"gate is closed", b"Open the gate", b"Ana", b"family", b"UA 1/26", b"Peru"):
        assert word not in everything
    assert "This action was withdrawn" in found.page().body.text()
    assert "es/index.html" in found.files


def test_a_case_that_cannot_be_read_says_that_it_is_not_available(made):
    page = made(FACTS + "nonsense: 1").page()
    assert "not available at present" in page.body.text()


def test_a_case_without_a_base_has_nothing_that_needs_a_whole_address(made):
    found = made(base="")
    assert "qr.svg" not in found.files
    assert "og:url" not in found.page().html


def test_a_link_leads_to_what_came_before_and_after(cases):
    cases.write("gate", FACTS + "superseded_by: FI 1/26-1\n", en=ENGLISH)
    later = FACTS.replace("UA 1/26", "FI 1/26-1") + "supersedes: UA 1/26\n"
    cases.write("gate-2", later, en=ENGLISH)
    site = Site(cases.kit(), BASE)
    first, second = Made(site, "gate").page(), Made(site, "gate-2").page()
    assert first.css_first(".facts a").attributes["href"] == "../../gate-2/en/index.html"
    assert second.css_first(".facts a").attributes["href"] == "../../gate/en/index.html"


def test_an_alt_text_without_its_picture_is_an_error_with_its_line(made):
    with pytest.raises(UasocialError, match=r"en\.yaml:\d+: there is no picture media/gate"):
        made(en=ENGLISH + "alt: {gate: A gate with a chain.}\n")


def test_a_broken_picture_is_an_error_that_names_it(cases):
    folder = cases.write("gate", FACTS, en=ENGLISH + "alt: {gate: A gate with a chain.}\n")
    (folder / "media").mkdir()
    (folder / "media" / "gate.png").write_bytes(b"no picture")
    site = Site(cases.kit(), BASE)
    with pytest.raises(UasocialError, match=r"gate\.png"):
        Made(site, "gate")


# --- what is hostile stands there as text ------------------------------------------------------

HOSTILE = """</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"""


def test_markup_in_a_case_is_text_wherever_it_stands(made):
    facts = FACTS.replace("Ana Example", HOSTILE.replace("'", "")).replace("the post", HOSTILE)
    facts = facts.replace("the section", HOSTILE).replace("The sheet", HOSTILE)
    words = {
        language: text.replace("gate", f"gate {HOSTILE}").replace("puerta", HOSTILE)
        for language, text in (("en", ENGLISH), ("es", SPANISH))
    }
    plain, hostile = made().page(), made(facts, **words).page()
    scripts = [[one.attributes for one in page.css("script")] for page in (hostile, plain)]
    assert scripts[0] == scripts[1]
    assert not [
        node for node in hostile.css("*") if any(name.startswith("on") for name in node.attributes)
    ]
    assert len(hostile.css("img")) == len(plain.css("img"))
    assert "<script>alert(1)</script>" in hostile.css_first("#story").text()


@pytest.mark.parametrize("hidden", [r"\x07", r"\u202E"])
def test_controls_and_marks_of_direction_come_into_no_page(made, hidden):
    page = made(en=ENGLISH.replace("Nobody may pass it.", f'"a {hidden} b"')).page()
    assert "not available at present" in page.body.text()


def test_no_element_carries_a_style_or_a_handler_of_its_own(made):
    html = made().files["en/index.html"].decode()
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", html)
    assert "javascript:" not in html


@pytest.mark.parametrize(
    ("more", "now"),
    [
        ("superseded_by: FI 1/26-1\n", "2026-02-11T12:00+00:00"),
        (
            "superseded_by: FI 1/26-1\nended: {how: closed, on: 2026-01-15}\n",
            "2026-01-20T12:00+00:00",
        ),
        (
            "superseded_by: FI 1/26-1\nended: {how: good-news, on: 2026-01-15}\n",
            "2026-01-20T12:00+00:00",
        ),
    ],
)
def test_what_comes_after_is_named_where_the_site_has_no_page_of_it(made, more, now):
    page = made(FACTS + more, now).page()
    assert "FI 1/26-1" in text_of(page, ".status")
    assert not page.css(".status a")


def test_the_one_button_leads_to_what_there_is(made):
    bare = "title: Open the gate\n"
    page = made(en=ENGLISH, pt=bare + "lead: Fechado.\n").page("pt")
    assert page.css_first(".share a").attributes["href"] == "#letter"
    assert page.css("#letter")


def test_a_wording_that_cannot_be_rendered_takes_no_other_with_it(made):
    words = ENGLISH + '  - {id: third, template: "{{ nothing }}"}\n'
    page = made(en=words).page()
    shown = {node.attributes["id"] for node in page.css("textarea[id^=bluesky]")}
    assert shown == {"bluesky-first", "bluesky-second"}


def test_every_embassy_of_a_country_is_there(made):
    second = (
        "  - {id: geneva, name: {en: Consulate}, sender_country: CH, address: [Rue 1, Geneva]}\n"
    )
    page = made(FACTS.replace("  - {id: london", second + "  - {id: london")).page()
    assert [node.attributes["data-from"] for node in page.css(".copy")] == [
        "berne",
        "geneva",
        "london",
    ]


def test_an_address_that_no_file_can_hold_costs_the_file_and_not_the_page(made):
    found = made(FACTS.replace("minister@gates.example", "ministér@gates.example"))
    assert "en/letter-minister.eml" not in found.files
    assert "en/letter-minister.txt" in found.files
    assert not found.page().css("a[href$='.eml']")


def test_a_picture_is_called_by_a_number_and_not_by_its_file(cases):
    words = ENGLISH + "alt: {ana-example: A gate with a chain.}\n"
    folder = cases.write("gate", FACTS, en=words)
    (folder / "media").mkdir()
    Image.new("RGB", (40, 40), "green").save(folder / "media" / "ana-example.png")
    found = Made(Site(cases.kit(), BASE), "gate")
    assert [name for name in found.files if name.startswith("media/")] == ["media/1.png"]
    assert "ana-example.png" not in found.page().html
