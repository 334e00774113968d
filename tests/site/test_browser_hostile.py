"""What somebody has put into a case stands on its pages as text, and does nothing."""

import pytest
from selectolax.lexbor import LexborHTMLParser

HOSTILE = "a/hostile/en/"
NAMES = ("en/", "", "a/hostile/", HOSTILE, "en/country/pe/", "pack:hostile/a/hostile/en/index.html")


@pytest.mark.parametrize("path", NAMES)
def test_nothing_that_a_case_holds_runs_or_is_asked_for(path, section, page_at):
    there = page_at(section.at(path))
    dialogs = []
    there.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    there.page.reload()
    there.page.mouse.wheel(0, 20_000)
    there.log.wait_until_quiet()
    assert dialogs == []
    assert (there.log.errors, there.log.violations) == ([], [])
    page = there.page
    ours = {address.rpartition("/")[2].split(".")[0] for address in there.log.requests}
    assert ours <= {"", "index", "site", "icon", "qr"}
    assert (
        page.locator("iframe, form, style, math, svg, b, i, script:not([src]):not([type])").count()
        == 0
    )
    # One script, and the description for machines, which is none.
    assert page.locator("script[src]").count() == 1


def test_what_it_holds_stands_there_as_text(section, page_at):
    page = page_at(section.at(HOSTILE)).page
    text = page.inner_text("body")
    for part in (
        "</title><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)> ]]> -->',
        "</p></section></main><style>*{display:none}</style>",
        "<iframe src=javascript:alert(1)></iframe> ${alert(1)}",
        "<b onclick=alert(1)>Ana</b>",
        "{{ 7 * 7 }}",
        "<svg onload=alert(1)>",
        "\\u003cscript>",
    ):
        assert part in text
    draft = section.drafts("hostile", "en", "whatsapp")[0]
    assert draft.text.startswith("</textarea><script>")
    fields = page.locator("textarea").evaluate_all("all => all.map((one) => one.value)")
    assert draft.text in fields


def test_the_title_of_the_window_is_text_too(section, page_at):
    assert page_at(section.at(HOSTILE)).page.title().startswith("</title><script>alert(1)</script>")


def test_no_link_of_it_runs_a_script(section, page_at):
    page = page_at(section.at(HOSTILE)).page
    links = page.locator("a[href]").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:", "tel:", "sms:"}


def test_its_texts_are_shared_copied_and_counted_as_they_are(section, page_at):
    shares = "navigator.share = (what) => { window.shared = what; return Promise.resolve(); };"
    there = page_at(
        section.at(HOSTILE), before=shares, permissions=("clipboard-read", "clipboard-write")
    )
    page = there.page
    draft = section.drafts("hostile", "en", "whatsapp")[0]
    page.click("[data-share]")
    assert page.evaluate("() => window.shared.text") == draft.text
    page.click("#quiet .fold summary")
    page.click("[data-copy=forward]")
    page.locator("[data-said]", has_text="Copied.").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == draft.text
    link = page.locator(f"[data-wording]:has(#whatsapp-{draft.wording}) [data-open]")
    assert link.get_attribute("href") == draft.share_url


@pytest.mark.parametrize(
    "text",
    [
        "</textarea><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\u202egnp.exe\u2066 \u200b\u00ad",
        "\x01\x07\x1b[31m",
        "W" * 3000,
        "Z" + "\u0336\u0352\u0489" * 300,
    ],
)
def test_what_somebody_writes_there_stays_text_and_keeps_the_page_in_its_width(
    text, section, page_at
):
    there = page_at(section.at(HOSTILE), width=320)
    page = there.page
    part = page.locator(".platform:has([id^='whatsapp-'])")
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    part.locator("textarea >> visible=true").fill(text)
    page.wait_for_selector(".pending", state="detached")
    assert (there.log.errors, there.log.violations) == ([], [])
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    assert page.locator("script").count() == len(LexborHTMLParser(page.content()).css("script"))


def test_an_address_that_lies_about_its_server_opens_nothing(section, page_at):
    page = page_at(section.at(HOSTILE)).page
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
    field = page.locator("[data-server] >> visible=true")
    opener = page.locator(".choose [data-open]")
    for written in ("javascript:alert(1)//", "data:text/html,x", "//x", "a.example\n.b", "<b>.x"):
        field.fill(written)
        assert opener.locator("visible=true").count() == 0
    for written in ("good.example/../evil", "good.example?evil.example", "evil@good.example#x"):
        field.fill(written)
        assert opener.first.evaluate("one => one.host") == "good.example"
