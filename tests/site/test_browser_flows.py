"""What somebody does on a page, with the keyboard alone: share, write, copy, send, keep quiet."""

from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from uasocial.platforms import Instance

GATE = "a/gate/en/"
# Which wording is shown first is a matter of chance.
FIRST = "Math.random = () => 0;\n"
# The button as it is on a page that has no text to share.
WITHOUT_A_TEXT = """
document.addEventListener("readystatechange", () => {
    const button = document.querySelector("[data-share]");
    if (!button) return;
    button.removeAttribute("data-share");
    button.setAttribute("data-share-address", "https://act.example/a/gate/en/");
});
"""
SHARES = "navigator.share = (what) => { window.shared = what; return Promise.resolve(); };\n"
CLIPBOARD = ("clipboard-read", "clipboard-write")

# What a focused element shows of it, and whether it is within the window.
FOCUS = """\
() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    return {
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        html: one.outerHTML.slice(0, 100),
    };
}
"""


class Keys:
    """A keyboard, and the wish that one always sees where one is."""

    def __init__(self, page) -> None:
        self.page = page

    def to(self, selector: str) -> "Keys":
        """Press Tab until an element that matches has the focus."""
        for _ in range(250):
            self.press("Tab")
            if self.page.evaluate("(what) => document.activeElement.matches(what)", selector):
                return self
        raise AssertionError(f"no Tab leads to {selector}")

    def press(self, *keys: str) -> "Keys":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> "Keys":
        """Write *text* in the place of what stands in the field."""
        self.press("Control+a")
        self.page.keyboard.insert_text(text)
        return self


@pytest.fixture
def visit(section, page_at):
    def run(path: str = GATE, before: str = "", **options):
        return page_at(section.at(path), before=FIRST + before, **options)

    return run


@pytest.fixture
def composers(section):
    """Keep what is opened elsewhere from leaving, and list its addresses."""

    def run(context) -> list[str]:
        opened: list[str] = []

        def kept(route):
            opened.append(route.request.url)
            route.fulfill(status=200, body="A composer")

        context.route(lambda address: not address.startswith(section.url), kept)
        return opened

    return run


def is_shown(page, selector):
    return page.is_visible(selector)


# --- moving about --------------------------------------------------------------------------------

USABLE = """\
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 150))
"""


@pytest.mark.parametrize("path", [GATE, "a/school-in-the-hills/ar/", "en/", "a/over/en/"])
def test_tab_reaches_all_that_can_be_used_in_reading_order_and_shows_where_it_is(path, visit):
    page = visit(path, calm=True).page
    wanted, found = page.evaluate(USABLE), []
    for _ in wanted:
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["ring"], focus
        assert focus["seen"], focus
        found.append(page.evaluate("() => document.activeElement.outerHTML.slice(0, 150)"))
    assert found == wanted


def test_the_first_tab_offers_to_skip_to_the_content(visit):
    page = visit().page
    Keys(page).press("Tab")
    assert page.inner_text(":focus") == "Skip to the content"
    box = page.locator(":focus").bounding_box()
    assert box["y"] >= 0
    Keys(page).press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    Keys(page).press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_another_language_is_a_link_away(visit, section):
    page = visit().page
    Keys(page).to(".tongues a[lang=es]").press("Enter")
    page.wait_for_url(section.at("a/gate/es/index.html"))
    assert page.inner_text("h1") == "Abran la puerta del valle"


# --- sharing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_button_shares_a_text_without_handles_by_the_phones_own_sheet(key, visit, section):
    page = visit(before=SHARES).page
    Keys(page).to("[data-share]").press(key)
    draft = section.drafts("gate", "en", "whatsapp")[0]
    assert page.evaluate("() => window.shared") == {"title": draft.title, "text": draft.text}
    assert "@" not in draft.text
    assert urlsplit(page.url).fragment == ""


def test_the_button_shares_the_page_itself_where_there_is_no_text(visit):
    page = visit(before=SHARES + WITHOUT_A_TEXT).page
    Keys(page).to("[data-share-title]").press("Enter")
    assert page.evaluate("() => window.shared") == {
        "title": "Open the gate of the valley",
        "url": "https://act.example/a/gate/en/",
    }


def test_whoever_closes_the_sheet_stays_where_they_are(visit):
    closed = 'navigator.share = () => Promise.reject(new DOMException("", "AbortError"));'
    page = visit(before=closed).page
    Keys(page).to("[data-share]").press("Enter")
    assert urlsplit(page.url).fragment == ""


@pytest.mark.parametrize(
    "before",
    ["delete Navigator.prototype.share;", "navigator.share = () => Promise.reject(new Error());"],
)
def test_where_there_is_no_sheet_the_button_leads_to_the_texts(before, visit):
    page = visit(before=before).page
    Keys(page).to("[data-share]").press("Enter")
    page.wait_for_url("**#texts")
    assert page.locator("#texts").bounding_box()["y"] < 800


def test_a_text_of_one_day_is_not_the_one_that_is_shared(section, visit):
    page = visit(before=SHARES).page
    lasting = {draft.text for draft in section.drafts("gate", "en", "whatsapp")[:2]}
    assert page.get_attribute("[data-share]", "data-share") in lasting
    assert page.input_value("#forward") in lasting


def test_an_e_mail_is_no_way_without_a_name_and_so_it_does_not_come_first(visit):
    page = visit("a/last-day/en/").page
    Keys(page).to("[data-ties]").press("Enter")
    order = page.locator(".ways > section").evaluate_all("all => all.map((one) => one.id)")
    assert order == ["quiet", "texts", "letter", "remember"]


# --- the texts -----------------------------------------------------------------------------------


def test_a_platform_opens_and_closes(visit):
    page = visit().page
    keys = Keys(page).to(".platform:nth-child(2) summary")
    for is_open in (True, False):
        keys.press("Enter")
        assert is_shown(page, "#mastodon-first") is is_open


def test_another_wording_is_shown_one_at_a_time_and_comes_round(visit):
    page = visit().page
    keys = Keys(page).to(".platform[open] [data-next-wording]")
    seen = []
    for _ in range(4):
        shown = page.locator(".platform[open] textarea >> visible=true").all()
        seen.append([field.get_attribute("id") for field in shown])
        keys.press("Enter")
    assert seen == [["x-first"], ["x-second"], ["x-days"], ["x-first"]]


def test_which_wording_is_shown_first_is_left_to_chance(section, page_at):
    page = page_at(section.at(GATE), before="Math.random = () => 0.99;").page
    assert page.locator(".platform[open] textarea >> visible=true").get_attribute("id") == "x-days"


COMPOSERS = ("x", "bluesky", "whatsapp", "telegram", "facebook", "threads")


def test_each_composer_opens_with_the_draft(visit, section, composers):
    there = visit()
    opened = composers(there.context)
    wanted = []
    for name in COMPOSERS:
        _unfold(there.page, name)
        _open(there, Keys(there.page).to(f"#{name}-first"))
        wanted.append(section.drafts("gate", "en", name)[0].share_url)
    assert opened == wanted


def _unfold(page, name):
    if not page.is_visible(f"#{name}-first"):
        Keys(page).to(f".platform:has(#{name}-first) summary").press("Enter")


def _open(there, keys):
    """Open the composer that comes next, in a window of its own that knows nothing of ours."""
    there.page.wait_for_selector(".pending", state="detached")
    with there.context.expect_page() as popup:
        keys.to("[data-open]").press("Enter")
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("() => window.opener") is None
    popup.value.close()


EDITED = "Say it loud: 100 % & more (“now”)! It's ~here~ *and* there.\n\n#Tag +1 = 🙏🏽 ñ المدرسة"


def test_each_composer_opens_with_the_words_of_ones_own(visit, section, composers):
    there = visit()
    opened = composers(there.context)
    wanted = []
    for name in COMPOSERS:
        _unfold(there.page, name)
        _open(there, Keys(there.page).to(f"#{name}-first").write(EDITED))
        draft = replace(section.drafts("gate", "en", name)[0], text=EDITED)
        wanted.append(section.site.kit.platform(name).share(draft, None))
    assert opened == wanted


@pytest.mark.parametrize("name", ["sms", "email"])
def test_an_address_that_no_browser_opens_has_the_words_of_ones_own(name, visit, section):
    page = visit().page
    wording = section.drafts("gate", "en", name)[0]
    link = page.locator(f"[data-wording]:has(#{name}-{wording.wording}) [data-open]")
    assert link.get_attribute("href") == wording.share_url
    keys = Keys(page).to(f".platform:has([id^={name}-]) summary").press("Enter")
    keys.to(f"#{name}-{wording.wording}").write("Open it.\nNow!")
    page.wait_for_selector(".pending", state="detached")
    platform = section.site.kit.platform(name)
    assert link.get_attribute("href") == platform.share(
        replace(wording, text="Open it.\nNow!"), None
    )


OWN_SERVER = (
    "social.example",
    "@me@social.example",
    "https://social.example/",
    " Social.Example/@me?x#y ",
)


def test_mastodon_opens_on_ones_own_server_however_it_is_written(visit, section, composers):
    there = visit()
    opened = composers(there.context)
    _unfold(there.page, "mastodon")
    for written in OWN_SERVER:
        _open(there, Keys(there.page).to("#mastodon-first-server").write(written))
    draft = section.drafts("gate", "en", "mastodon")[0]
    wanted = section.site.kit.platform("mastodon").share(draft, Instance("social.example"))
    assert opened == [wanted] * len(OWN_SERVER)


NO_SERVER = ("social", "javascript:alert(1)", "https://", "a b.example", "@me@", "a.b\\@y", "é.x")


def test_what_is_no_server_opens_nothing(visit):
    page = visit().page
    _unfold(page, "mastodon")
    opener = page.locator("[data-wording]:has(#mastodon-first) .choose [data-open]")
    for written in NO_SERVER:
        keys = Keys(page).to("#mastodon-first-server").write("social.example")
        assert opener.is_visible()
        keys.write(written)
        assert not opener.is_visible(), written
        keys.write("social.example").press("Control+a", "Delete")
        assert not opener.is_visible()


def test_the_servers_that_are_named_open_with_the_words_of_ones_own(visit, section):
    page = visit().page
    keys = Keys(page).to(".platform:has(#mastodon-first) summary").press("Enter")
    keys.to("#mastodon-first").write(EDITED)
    page.wait_for_selector(".pending", state="detached")
    platform = section.site.kit.platform("mastodon")
    draft = replace(section.drafts("gate", "en", "mastodon")[0], text=EDITED)
    for host in ("one.example", "two.example"):
        link = page.locator(f"[data-wording]:has(#mastodon-first) [data-on='{host}']")
        assert link.get_attribute("href") == platform.share(draft, Instance(host))


def test_ones_own_words_can_be_taken_back(visit, section):
    page = visit().page
    draft = section.drafts("gate", "en", "x")[0]
    keys = Keys(page).to("#x-first").write("Mine")
    page.wait_for_selector(".pending", state="detached")
    assert page.inner_text("output[for=x-first]") == "4 / 280"
    keys.to("[data-restore]").press("Enter")
    assert page.input_value("#x-first") == draft.text
    assert page.inner_text("output[for=x-first]") == f"{draft.length} / 280"
    assert not is_shown(page, "[data-wording]:has(#x-first) [data-restore]")
    part = "[data-wording]:has(#x-first)"
    assert page.get_attribute(f"{part} [data-open]", "href") == draft.share_url
    assert page.evaluate("() => document.activeElement.id") == "x-first"


def test_a_field_is_as_high_as_its_text(visit):
    page = visit(width=320).page
    Keys(page).to("#x-first").write("A line.\n" * 20)
    field = page.locator("#x-first")
    assert field.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


# --- copying -------------------------------------------------------------------------------------

COPIED = "() => navigator.clipboard.readText()"


def test_a_text_is_copied_and_the_page_says_so_beside_the_button(visit, section):
    page = visit(permissions=CLIPBOARD, calm=True).page
    for times in range(2):
        Keys(page).to("[data-copy=x-first]").press("Enter" if times else " ")
        page.locator("[data-said]", has_text="Copied.").wait_for()
        assert page.evaluate(COPIED) == section.drafts("gate", "en", "x")[0].text
    button, said = (page.locator(one).bounding_box() for one in ("[data-copy=x-first]", ".said"))
    assert 0 < said["y"] - button["y"] < 100


def test_words_of_ones_own_are_copied_as_they_are(visit):
    page = visit(permissions=CLIPBOARD).page
    Keys(page).to("#x-first").write(EDITED).to("[data-copy=x-first]").press("Enter")
    page.wait_for_selector("[data-said]:not(:empty)")
    assert page.evaluate(COPIED) == EDITED


def test_the_letter_and_the_request_to_the_embassy_are_copied_as_they_are_sent(visit, section):
    page = visit(permissions=CLIPBOARD).page
    keys = Keys(page).to("[data-copy=body-minister]").press("Enter")
    page.wait_for_selector("[data-said]:not(:empty)")
    letter = section.site.kit.letters(section.action("gate"), _sending(), None, "minister")[0]
    assert page.evaluate(COPIED) == _body(letter)
    keys.to("[data-from=GB] summary").press("Enter")
    keys.to("[data-copy=note-london]").press("Enter")
    page.wait_for_selector("[data-said]:not(:empty)")
    assert page.evaluate(COPIED) == page.inner_text("#note-london")


def _sending():
    from uasocial.letters import Sending

    return Sending()


def _body(letter):
    from uasocial import letters

    return letters.body(letter)


def test_where_a_browser_has_no_clipboard_the_text_is_marked_to_be_copied_by_hand(visit):
    no = "Object.defineProperty(navigator, 'clipboard', {value: undefined});\n"
    page = visit(before=no + "document.execCommand = () => false;").page
    Keys(page).to("[data-copy=x-first]").press("Enter")
    page.wait_for_selector("[data-said]:not(:empty)")
    assert "copy it by hand" in page.inner_text("[data-said]")
    marked = "() => document.activeElement.value.slice(0, document.activeElement.selectionEnd)"
    assert page.evaluate(marked) == page.input_value("#x-first")


# --- the letter ----------------------------------------------------------------------------------


def test_a_letter_is_printed(visit):
    page = visit(before="print = () => { window.printed = true; };").page
    Keys(page).to("[data-print]").press("Enter")
    assert page.evaluate("() => window.printed") is True


def test_a_letter_is_on_paper_alone_with_its_address_and_nothing_else(visit):
    page = visit().page
    page.emulate_media(media="print")
    shown = page.locator("main *:not(:has(*)) >> visible=true").all_inner_texts()
    text = " ".join(shown)
    for part in (
        "Ana Example",
        "1 Gate Street",
        "Le pido que abra",
        "2 Gate Street",
        "Atentamente",
    ):
        assert part in text
    for part in ("Copy", "Please open the gate of the valley.", "Facts", "Share", "days left"):
        assert part not in text
    assert page.pdf().startswith(b"%PDF")


def test_a_letter_goes_by_mail_with_its_subject_and_text(visit, section):
    from uasocial import letters

    page = visit().page
    Keys(page).to("a[href^='mailto:minister']")
    letter = section.site.kit.letters(section.action("gate"), _sending(), None, "minister")[0]
    wanted = letters.as_mailto(("minister@gates.example",), letter.subject, _body(letter))
    assert page.get_attribute(":focus", "href") == wanted


def test_the_letter_is_downloaded_as_a_file(visit, section):
    page = visit().page
    (file,) = (section.root / "a/gate/en").glob("letter-minister-*.txt")
    keys = Keys(page).to(f"a[download][href*='{file.name}']")
    with page.expect_download() as started:
        keys.press("Enter")
    text = started.value.path().read_text(encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
    assert "Le pido que abra" in text


def test_the_embassy_of_ones_country_is_chosen(visit):
    page = visit().page
    keys = Keys(page).to("#from")
    shown = page.locator(".copy >> visible=true")
    countries = page.locator("#from option").all_inner_texts()[1:]
    for number, key in enumerate(("ArrowDown", "ArrowDown")):
        keys.press(key)
        assert shown.count() == 1
        assert countries[number] in shown.locator("h4").inner_text()
    keys.press("ArrowUp", "ArrowUp")
    assert shown.count() == 2


# --- ties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [GATE, "a/school-in-the-hills/ar/"])
def test_whoever_has_ties_meets_the_ways_without_a_name_first_and_leaves_no_trace(
    path, visit, no_cookies
):
    there = visit(path)
    page = there.page
    there.log.wait_until_quiet()
    address, asked = page.url, len(there.log.requests)
    Keys(page).to("[data-ties]").press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "quiet"
    order = page.locator(".ways > section").evaluate_all("all => all.map((one) => one.id)")
    assert order == ["quiet", "letter", "texts", "remember"]
    assert page.locator("#quiet").bounding_box()["y"] < 800
    platforms = page.locator(".platform").evaluate_all(
        "all => all.map((one) => [one.hasAttribute('data-forwarded'), one.open])"
    )
    assert platforms == sorted(platforms, reverse=True)
    assert [is_open for _, is_open in platforms].count(True) == 1
    assert not is_shown(page, ".share")
    there.log.wait_until_quiet()
    # Scrolling shows pictures, to everybody alike.
    pictures = set(page.locator("img").evaluate_all("all => all.map((one) => one.src)"))
    assert set(there.log.requests[asked:]) <= pictures
    assert page.url == address
    assert page.evaluate("() => [localStorage.length, sessionStorage.length, history.length]") == [
        0,
        0,
        2,
    ]
    assert page.evaluate("() => document.cookie") == ""
    no_cookies(there.context)
    page.reload()
    assert page.locator(".ways > section").first.get_attribute("id") == "texts"


# --- on a disk -----------------------------------------------------------------------------------


def test_all_of_it_works_from_a_memory_stick(page_at, section, on_disk):
    there = page_at(on_disk(section.root / "a/gate/en/index.html"), before=FIRST + SHARES)
    page = there.page
    assert page.evaluate("() => getComputedStyle(document.body).margin") == "0px"
    Keys(page).to("#x-first").write("Mine")
    page.wait_for_selector(".pending", state="detached")
    assert page.inner_text("output[for=x-first]") == "4 / 280"
    page.click("[data-share]")
    assert page.evaluate("() => window.shared.text")
    page.click("[data-copy=body-minister]")
    page.wait_for_selector("[data-said]:not(:empty)")
    for link, heading in ((".tongues a[lang=es]", "Abran la puerta del valle"), (".brand a", None)):
        page.click(link)
        page.wait_for_load_state()
        assert heading is None or page.inner_text("h1") == heading
    assert page.locator(".card").count() == 5
    page.click(".card a")
    page.wait_for_load_state()
    assert page.locator(".case").count() == 1
    assert (there.log.errors, there.log.violations) == ([], [])
    assert all(address.startswith(on_disk(section.root)) for address in there.log.requests)
