"""What the page of a case shows, and what it never shows; read as a browser reads it."""

import io
import re
import shutil
from urllib.parse import quote
from zipfile import ZipFile

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


NAMES = {
    "en": ["X", "SMS", "E-mail"],
    "de": ["X", "SMS", "E-Mail"],
    "fr": ["X", "SMS", "E-mail"],
    "es": ["X", "SMS", "Correo electrónico"],
    "it": ["X", "SMS", "E-mail"],
    "ar": ["X", "رسالة نصية", "البريد الإلكتروني"],
}
OPENERS = {
    "en": ["Open X", "Write an SMS", "Write an e-mail"],
    "de": ["X öffnen", "SMS schreiben", "E-Mail schreiben"],
    "fr": ["Ouvrir X", "Écrire un SMS", "Écrire un e-mail"],
    "es": ["Abrir X", "Escribir un SMS", "Escribir un correo electrónico"],
    "it": ["Apri X", "Scrivi un SMS", "Scrivi un’e-mail"],
    "ar": ["فتح X", "كتابة رسالة نصية", "كتابة بريد إلكتروني"],
}


@pytest.mark.parametrize("language", NAMES)
def test_a_platform_that_is_no_brand_is_named_in_the_words_of_the_page(language, made, cases):
    cases.settings('[site]\nplatforms = ["x", "sms", "email"]')
    words = "title: Gate\nlead: It is closed.\nposts: [{id: first, template: Open the gate.}]\n"
    links = f'link: {{{language}: "https://example.org/1"}}'
    facts = re.sub("link: .*", links, FACTS)
    found = made(facts, **{language: words})
    page = found.page(language)
    assert [node.text() for node in page.css(".platform .label")] == NAMES[language]
    with ZipFile(io.BytesIO(found.files["pack.zip"])) as pack:
        texts = pack.read(f"gate/texts-{language}.txt").decode()
    assert [head for head in NAMES[language] if f"\n{head} (" in texts] == NAMES[language]
    links = [page.css_first(f".platform:nth-child({n}) [data-open]") for n in (1, 2, 3)]
    assert [link.text() for link in links] == OPENERS[language]


def test_the_first_of_a_month_is_written_as_french_wants_it(made):
    facts = FACTS.replace("deadline: 2026-02-10", "deadline: 2026-02-02")
    page = made(facts, fr=ENGLISH, es=SPANISH).page("fr")
    assert "1er février 2026" in text_of(page, ".days")
    assert "1 février" not in page.html


def test_a_fold_says_to_whom_a_letter_goes_and_on_which_ways(made):
    folds = [" ".join(node.text().split()) for node in made().page().css(".fold.to summary")]
    assert folds == [
        "To Ana Example, Minister of Gates By post · By e-mail",
        "To Bea Example, Keeper of Keys By telephone",
    ]


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
    assert [sheet.attributes["lang"] for sheet in sheets] == ["en", "es"]
    assert "Please open the gate." in sheets[0].text()
    assert "Abra la puerta." in sheets[1].text()


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


def test_the_titles_of_other_documents_are_marked_with_their_language(cases):
    cases.write("gate", FACTS + "superseded_by: FI 1/26-1\n", en=ENGLISH)
    facts = FACTS.replace("UA 1/26", "FI 1/26-1") + "superseded_by: UA 9/26\n"
    cases.write("gate-2", facts + "supersedes: UA 1/26\n", es=SPANISH)
    site = Site(cases.kit(), BASE)
    first, second = Made(site, "gate").page(), Made(site, "gate-2").page("es")
    assert first.css_first(".facts a").attributes["lang"] == "es"
    assert first.css_first(".facts a").attributes["dir"] == "ltr"
    assert second.css_first(".facts a").attributes["lang"] == "en"
    packed = io.BytesIO(Made(site, "gate").files["pack.zip"])
    with ZipFile(packed) as pack:
        page = LexborHTMLParser(pack.read("gate/a/gate/en/index.html"))
    assert "Abran" in page.css_first(".facts bdi[lang=es]").text()
    # A number alone is of no language.
    assert "lang" not in second.css(".facts dd")[-1].css_first("bdi").attributes


def test_the_title_of_a_file_is_marked_with_its_language(made):
    facts = FACTS.replace("title: La hoja", 'title: La hoja, url: "https://example.org/2.docx"')
    marked = {
        node.text(): node.attributes.get("lang")
        for node in made(facts).page().css(".documents bdi")
    }
    assert marked["La hoja"] == "es"
    assert marked["The sheet"] is None


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


# --- who may not be seen -----------------------------------------------------------------------

WAYS = {
    "emails: [minister@gates.example]": "An e-mail shows your address, and often your name.",
    'faxes: ["+51123456788"]': "A fax often shows the number that it comes from.",
    'phones: ["+51123456788"]': "A call can show your number.",
}


def reached_by(way: str) -> str:
    """Return the facts with one target, and one way to it."""
    keeper = FACTS[FACTS.index("  - id: keeper") : FACTS.index("copies:")]
    facts = FACTS.replace(keeper, "").replace("    address: [1 Gate Street, Lima]\n", "")
    return facts.replace("emails: [minister@gates.example]", way)


@pytest.mark.parametrize("way", WAYS)
def test_no_letter_without_a_name_is_advised_where_every_way_shows_who_one_is(way, made):
    page = made(reached_by(way)).page()
    assert page.css("#letter .channels dt")
    assert "initials" not in page.body.text()
    assert "envelope" not in page.body.text()
    assert "data-by-post" not in page.css_first("#letter").attributes
    assert "on its way" not in page.body.text()
    assert "Write or call until 9 February 2026" in text_of(page, "#letter .until")
    assert not page.css(".arriving")


def test_a_letter_by_post_may_be_signed_with_initials(made):
    page = made(reached_by("address: [1 Gate Street, Lima]")).page()
    assert "A letter can be signed with initials" in text_of(page, "#letter .advice")
    assert "A letter signed with initials" in text_of(page, "#quiet h3")
    assert "on its way by 9 February 2026" in text_of(page, "#letter .until")
    assert "data-by-post" in page.css_first("#letter").attributes


@pytest.mark.parametrize(("way", "ours"), WAYS.items())
def test_each_way_says_what_it_shows_unless_the_case_does(way, ours, made):
    assert ours in text_of(made(reached_by(way)).page(), ".channels")
    channel = {"e": "email", "f": "fax", "p": "phone"}[way[0]]
    own = f"safety: [{{country: PE, channel: {channel}, text: {{en: They listen.}}}}]\n"
    said = text_of(made(reached_by(way) + own).page(), ".channels")
    assert "They listen." in said
    assert ours not in said


@pytest.mark.parametrize(("way", "paper"), [(way, way.startswith("faxes")) for way in WAYS])
def test_only_what_goes_out_on_paper_has_an_address_a_print_and_a_file(way, paper, made):
    found = made(reached_by(way))
    page = found.page()
    assert bool(page.css(".sheet .address")) is paper
    assert bool(page.css("[data-print]")) is paper
    assert ("en/letter-minister-until-2026-02-09.txt" in found.files) is paper
    assert bool(page.css("a[href*='.txt']")) is paper


def test_a_letter_that_goes_out_on_no_paper_is_not_printed_behind_one_that_does(made):
    classes = [node.attributes["class"] for node in made().page().css("article.letter")]
    assert classes == ["letter folded", "letter folded on-screen"]
    alone = made(reached_by('phones: ["+51123456788"]')).page()
    assert alone.css_first("article.letter").attributes["class"] == "letter folded"


# --- what is shared ----------------------------------------------------------------------------


def test_a_newer_document_is_named_above_the_button_to_share(cases):
    cases.write("gate", FACTS, en=ENGLISH)
    later = FACTS.replace("UA 1/26", "FI 1/26-1") + "supersedes: UA 1/26\n"
    cases.write("gate-2", later, es=SPANISH)
    page = Made(Site(cases.kit(), BASE), "gate").page()
    order = [node.attributes["class"] for node in page.css("header .goes-on, header .share")]
    assert order == ["goes-on", "share"]
    link = page.css_first(".goes-on a")
    assert link.attributes["href"] == "../../gate-2/es/index.html"
    assert not Made(Site(cases.kit(), BASE), "gate-2").page("es").css(".goes-on")


# In Portuguese there is no text that goes with every case.
BARE = "title: Abram o portão\nlead: Está fechado.\n"


def test_a_page_without_a_text_shares_its_own_address(made):
    page = made(pt=BARE).page("pt")
    assert not page.css("#texts, #letter")
    button = page.css_first(".share a")
    assert button.attributes["href"] == "#remember"
    assert button.attributes["data-share-address"] == f"{BASE}a/gate/pt/"
    assert button.attributes["data-share-title"] == "Abram o portão"
    assert "data-share" not in button.attributes


def test_where_there_is_nothing_to_share_there_is_no_button_to_share(made):
    page = made(base="", pt=BARE).page("pt")
    assert page.css(".safety")
    assert not page.css(".share")


def properties(page: LexborHTMLParser) -> dict[str, str]:
    """Return what the head of a page says of it to machines."""
    found = {}
    for meta in page.css("meta[content]"):
        name = meta.attributes.get("property") or meta.attributes.get("name")
        if name:
            found[name] = meta.attributes["content"]
    return found


def test_the_short_address_shows_a_card_where_it_is_shared(made):
    found = made()
    said = properties(LexborHTMLParser(found.files["index.html"]))
    assert said["description"] == said["og:description"] == "The gate is closed."
    assert said["og:title"] == "Open the gate"
    assert said["og:url"] == f"{BASE}a/gate/"
    assert said["og:image"] == f"{BASE}a/gate/en/share.png"
    assert said["og:locale"] == "en"
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:image:alt"] == said["twitter:image:alt"]
    assert "Open the gate" in said["twitter:image:alt"]
    assert properties(found.page())["twitter:image:alt"] == said["twitter:image:alt"]


@pytest.mark.parametrize(("more", "base"), [("ended: {how: stop, on: 2026-01-15}", BASE), ("", "")])
def test_the_short_address_of_what_is_not_shared_shows_no_card(more, base, made):
    said = properties(LexborHTMLParser(made(FACTS + more, base=base).files["index.html"]))
    assert not [name for name in said if name.startswith(("og:", "twitter:"))]


def test_the_alt_text_of_a_picture_quotes_no_title_that_it_cannot_draw(made):
    amharic = ENGLISH.replace("title: Open the gate", "title: በሩን ክፈቱ")
    page = made(en=ENGLISH, am=amharic).page("am")
    assert text_of(page, "h1") == "በሩን ክፈቱ"
    alt = properties(page)["og:image:alt"]
    assert "በሩን" not in alt
    assert "UA 1/26" in alt


def test_the_name_of_a_letters_file_says_its_last_day(made):
    found = made()
    with ZipFile(io.BytesIO(found.files["pack.zip"])) as pack:
        names = {name.removeprefix("gate/a/gate/") for name in pack.namelist()}
    for ending in ("txt", "eml"):
        name = f"en/letter-minister-until-2026-02-09.{ending}"
        assert name in names
        assert found.files[name]
        assert found.page().css(f"a[href$='{name.removeprefix('en/')}']")
    assert not [name for name in names if "letter-" in name and "until-2026-02-09" not in name]


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
    said = [" ".join(node.text().split()) for node in page.css(".copy summary")]
    assert said == [
        "Sent from: Switzerland Embassy",
        "Sent from: Switzerland Consulate",
        "Sent from: United Kingdom",
    ]


def test_a_country_with_two_embassies_is_chosen_once_and_has_both(made):
    second = "  - {id: geneva, name: {en: Consulate}, sender_country: CH, address: [Rue 1]}\n"
    page = made(FACTS.replace("  - {id: london", second + "  - {id: london")).page()
    options = [(one.attributes["value"] or "", one.text()) for one in page.css("#from option")]
    assert options == [("", "all countries"), ("CH", "Switzerland"), ("GB", "United Kingdom")]
    assert [node.attributes["data-from"] for node in page.css(".copy")] == ["CH", "CH", "GB"]


def test_an_address_that_no_file_can_hold_costs_the_file_and_not_the_page(made):
    found = made(FACTS.replace("minister@gates.example", "ministér@gates.example"))
    assert "en/letter-minister-until-2026-02-09.eml" not in found.files
    assert "en/letter-minister-until-2026-02-09.txt" in found.files
    assert not found.page().css("a[href$='.eml']")


def test_a_picture_is_called_by_a_number_and_not_by_its_file(cases):
    words = ENGLISH + "alt: {ana-example: A gate with a chain.}\n"
    folder = cases.write("gate", FACTS, en=words)
    (folder / "media").mkdir()
    Image.new("RGB", (40, 40), "green").save(folder / "media" / "ana-example.png")
    found = Made(Site(cases.kit(), BASE), "gate")
    assert [name for name in found.files if name.startswith("media/")] == ["media/1.png"]
    assert "ana-example.png" not in found.page().html
