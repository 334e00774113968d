"""What is folded on the page of a case: it opens without script, and paper shows it anyway."""

import io
from unicodedata import normalize

import pytest
from pypdf import PdfReader

GATE = "a/gate/en/"
PHONE, DESK = 375, 1280
MINISTER, KEEPER = "#body-minister", "#body-keeper"
# The letter to the second target, and the text that is sent to the first, which is in Spanish.
TO_KEEPER = ".fold.to:has(#to-keeper)"
SENT = ".fold.to:has(#to-minister) + .letter .pair .fold"
FROM_LONDON = "[data-from=GB] .fold"
# Which text is shown first is a matter of chance.
FIRST = "Math.random = () => 0;\n"
with_and_without_script = pytest.mark.parametrize("script", [True, False])


@pytest.fixture
def visit(section, page_at):
    def run(path=GATE, width=PHONE, before="", **options):
        return page_at(section.at(path), width=width, before=FIRST + before, **options).page

    return run


def tab_to(page, selector):
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def printed(page):
    """Return the text of each sheet that comes out of the printer."""
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    # On paper a font joins letters: fi becomes one sign.
    return [" ".join(normalize("NFKC", one.extract_text()).split()) for one in pages]


def close_all(page):
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => one.open = false)")


@with_and_without_script
def test_the_first_letter_is_open_and_the_next_one_says_to_whom_and_on_which_ways(script, visit):
    page = visit(script=script)
    assert page.is_visible(".letter >> nth=0")
    assert not page.is_visible(".letter >> nth=1")
    said = " ".join(page.inner_text(f"{TO_KEEPER} summary").split())
    assert said == "To Bea Example, Keeper of Keys By post"
    first = page.inner_text(".fold.to >> nth=0")
    assert "By post · By e-mail · By fax · By telephone" in first


@with_and_without_script
@pytest.mark.parametrize(
    ("fold", "folded"),
    [
        (TO_KEEPER, "article[aria-labelledby=to-keeper]"),
        (SENT, MINISTER),
        (FROM_LONDON, "#note-london"),
        (".arriving .fold", ".arriving ul"),
        ("#quiet .fold", "#forward"),
    ],
)
def test_each_fold_opens_and_closes_by_keyboard(fold, folded, script, visit):
    page = visit(script=script)
    assert not page.is_visible(folded)
    tab_to(page, f"{fold} > summary")
    for key, is_open in (("Enter", True), (" ", False)):
        page.keyboard.press(key)
        assert page.is_visible(folded) is is_open


@with_and_without_script
def test_on_a_wide_screen_the_letter_stands_beside_what_it_says(script, visit):
    page = visit(width=DESK, script=script)
    says, sent = (page.locator(".letter .sheet").nth(number).bounding_box() for number in (0, 1))
    assert says["x"] + says["width"] <= sent["x"]
    assert says["y"] == sent["y"]
    assert not page.is_visible(SENT)


def test_a_letter_in_the_language_of_the_page_is_not_folded(visit):
    page = visit("a/gate/es/")
    assert page.is_visible(MINISTER)
    assert page.locator(".letter .pair .fold").count() == 0


def test_a_field_that_was_folded_is_as_high_as_its_text_once_it_is_open(visit):
    page = visit()
    page.click("#quiet .fold summary")
    # Before it is open the script can measure nothing, and leaves it as high as it was.
    page.wait_for_selector("#forward[style*=height]")
    fits = "one => one.scrollHeight <= one.clientHeight + 1"
    assert page.locator("#forward").evaluate(fits)


def test_where_a_folded_letter_cannot_be_copied_it_is_shown_and_marked(visit):
    no = "Object.defineProperty(navigator, 'clipboard', {value: undefined});\n"
    page = visit(before=no + "document.execCommand = () => false;")
    page.click("[data-copy=body-minister]")
    page.wait_for_selector("[data-said]:not(:empty)")
    assert page.is_visible(MINISTER)
    assert "Le pido que abra" in page.evaluate("() => getSelection().toString()")


def test_whoever_has_ties_finds_the_text_to_forward_open(visit):
    page = visit()
    page.click("[data-ties]")
    assert page.is_visible("#forward")


def test_the_page_of_the_sample_is_no_longer_than_nine_screens_of_a_phone(visit):
    page = visit("a/school-in-the-hills/en/")
    assert page.evaluate("() => document.documentElement.scrollHeight") < 9 * 740


# --- links to a place in the page ---------------------------------------------------------------

HIDDEN = """\
() => [...document.querySelectorAll("a[href^='#']")]
    .map((link) => link.getAttribute("href"))
    .filter((place) => !document.querySelector(place).checkVisibility())
"""


@with_and_without_script
def test_what_a_link_leads_to_is_there_though_all_is_folded(script, section, page_at):
    page = page_at(section.at(""), width=PHONE, script=script).page
    for path in (GATE, "a/gate/es/", "a/school-in-the-hills/ar/", "pack:gate/a/gate/en/index.html"):
        page.goto(section.at(path))
        close_all(page)
        assert page.locator("a[href='#letter']").count() == 2
        assert page.evaluate(HIDDEN) == []


@with_and_without_script
def test_a_link_to_a_folded_letter_leads_to_its_fold(script, visit):
    page = visit(f"{GATE}#to-keeper", script=script)
    assert 0 <= page.locator(TO_KEEPER).bounding_box()["y"] < 700


# --- on paper -----------------------------------------------------------------------------------


@with_and_without_script
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_letters_are_printed_a_sheet_each_though_they_are_folded(width, script, visit):
    page = visit(width=width, script=script)
    close_all(page)
    minister, keeper = printed(page)
    for sheet, name in ((minister, "Ana Example"), (keeper, "Bea Example")):
        assert name in sheet
        assert "Le pido que abra" in sheet
        for other in ("The letter, in", "By post", "What it says", "Please open", "Sent from"):
            assert other not in sheet


def test_the_button_prints_its_own_letter_and_the_menu_of_the_browser_all(visit):
    page = visit(before="print = () => {};")
    page.click(f"{TO_KEEPER} summary")
    page.click("[aria-labelledby=to-keeper] [data-print]")
    (sheet,) = printed(page)
    assert "Bea Example" in sheet
    assert "Ana Example" not in sheet
    assert len(printed(page)) == 2


def test_what_goes_out_on_no_paper_is_not_printed(visit):
    page = visit()
    page.evaluate("() => document.querySelectorAll('.letter')[1].classList.add('on-screen')")
    (sheet,) = printed(page)
    assert "Ana Example" in sheet
    assert "Bea Example" not in sheet


@with_and_without_script
def test_the_request_to_an_embassy_that_was_opened_is_printed_behind_the_letters(script, visit):
    page = visit(script=script)
    page.click(f"{FROM_LONDON} summary")
    *letters, note = printed(page)
    assert len(letters) == 2
    assert page.inner_text("#note-london") in note
    assert "1 Road" in note
    assert "Berne" not in note
    for other in ("Sent from", "london@", "Telephone"):
        assert other not in note


def test_the_embassy_that_was_chosen_is_open_and_so_it_is_printed(visit):
    page = visit()
    page.select_option("#from", "GB")
    assert page.is_visible("#note-london")
    assert "1 Road" in printed(page)[-1]
    page.select_option("#from", "CH")
    assert "Weg 1" in printed(page)[-1]
    assert len(printed(page)) == 3


def test_a_letter_is_printed_from_the_pack(section, page_at):
    page = page_at(section.at("pack:gate/a/gate/en/index.html"), script=False).page
    assert [name in sheet for name, sheet in zip(("Ana", "Bea"), printed(page), strict=True)] == [
        True,
        True,
    ]
