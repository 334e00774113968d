"""A page in a browser refuses by itself: after its last day, and when nobody has looked at it."""

from datetime import UTC, datetime, timedelta

import pytest

GATE = "a/gate/en/"
LAST_DAY = "a/last-day/en/"
DAY = 86_400_000
MINUTE = 60_000
SECOND = 1000

# What of a page hands something out; the documents and feeds of a case do not.
HANDED_OUT = (
    "textarea, [data-copy], [data-share], [data-open], [data-on], .button, #letter, #quiet, .sheet,"
    " .qr, a[download], a[href^='mailto:minister'], a[href^='sms:'], a[href*='share'],"
    " a[href*='intent'], a[href$='deadline.ics']"
)


@pytest.fixture
def at_time(section, page_at, on_disk):
    """Open a page at another time: one of those that the page knows, and some milliseconds."""

    def run(path: str, key: str, later: int = 0, *, disk: bool = False, offline: bool = False):
        file = section.root / path / "index.html"
        there = page_at(on_disk(file) if disk else section.at(path))
        moment = int(there.page.get_attribute("body", key)) + later
        if offline:
            there.context.set_offline(True)
        there.page.clock.install(time=_moment(moment))
        there.page.reload()
        return there

    return run


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def hands_out(page) -> int:
    return page.locator(HANDED_OUT).count()


def texts_of(section, name: str) -> list[str]:
    return [draft.text for draft in section.drafts(name, "en", "x")]


def is_silent(page, section) -> bool:
    """Tell whether not one text of the case is left anywhere in the document."""
    html = page.content()
    return not any(text.split(" http")[0][-40:] in html for text in texts_of(section, "gate"))


def test_before_its_end_a_page_hands_out(at_time, section):
    page = at_time(GATE, "data-today-ends", -SECOND).page
    assert hands_out(page)
    assert not is_silent(page, section)
    assert page.locator(".refusal >> visible=true").count() == 0


@pytest.mark.parametrize("disk", [False, True])
@pytest.mark.parametrize(("key", "later"), [("closes", 0), ("closes", 400 * DAY), ("fresh", 0)])
def test_a_page_opened_too_late_refuses_and_holds_nothing_any_more(
    key, later, disk, at_time, section
):
    page = at_time(GATE, f"data-{key}", later, disk=disk).page
    said = {"closes": "The last day has passed", "fresh": "This copy is too old"}[key]
    assert page.locator(".refusal h2 >> visible=true").all_inner_texts() == [said]
    assert hands_out(page) == 0
    assert is_silent(page, section)
    # The story is no secret.
    assert "Since spring the gate" in page.inner_text("#story")
    assert "days left" not in page.inner_text("main")


def test_a_page_that_refuses_says_so_on_paper_too(at_time):
    page = at_time(GATE, "data-closes").page
    page.emulate_media(media="print")
    assert page.is_visible("[data-when-over]")


def test_a_page_on_a_memory_stick_refuses_without_a_network(at_time, section):
    page = at_time(GATE, "data-closes", disk=True, offline=True).page
    assert page.is_visible("[data-when-over]")
    assert hands_out(page) == 0
    assert is_silent(page, section)


def test_a_page_of_a_pack_refuses_as_well(section, page_at):
    page = page_at(section.at("pack:gate/a/gate/en/index.html")).page
    assert hands_out(page)
    page.clock.install(time=_moment(int(page.get_attribute("body", "data-closes"))))
    page.reload()
    assert page.is_visible("[data-when-over]")
    assert hands_out(page) == 0


@pytest.mark.parametrize("key", ["data-closes", "data-fresh"])
def test_a_page_left_open_refuses_by_itself(key, section, page_at):
    # Of another one, nobody would have looked at it for too long before it is over.
    path = LAST_DAY if key == "data-closes" else GATE
    page = page_at(section.at(path)).page
    end = int(page.get_attribute("body", key))
    page.clock.install(time=_moment(end - 2 * MINUTE))
    page.reload()
    page.clock.run_for(MINUTE)
    assert hands_out(page)
    page.clock.run_for(2 * MINUTE)
    assert hands_out(page) == 0
    assert page.locator(".refusal >> visible=true").count() == 1


def test_a_button_pressed_after_the_end_does_nothing_even_before_the_page_has_looked(
    section, page_at
):
    allowed = ("clipboard-read", "clipboard-write")
    page = page_at(section.at(LAST_DAY), permissions=allowed).page
    end = int(page.get_attribute("body", "data-closes"))
    page.clock.set_fixed_time(_moment(end - MINUTE))
    page.reload()
    page.evaluate("() => navigator.clipboard.writeText('before')")
    page.clock.set_fixed_time(_moment(end))
    page.click("[data-copy^=x-] >> visible=true")
    assert hands_out(page) == 0
    assert page.evaluate("() => navigator.clipboard.readText()") == "before"


def test_a_page_that_is_looked_at_again_after_the_end_refuses_at_once(section, page_at):
    page = page_at(section.at(LAST_DAY)).page
    end = int(page.get_attribute("body", "data-closes"))
    page.clock.set_fixed_time(_moment(end))
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert hands_out(page) == 0


@pytest.mark.parametrize(("passed", "said"), [(0, "20"), (1, "19"), (4, "16")])
def test_the_days_left_count_down(passed, said, at_time):
    page = at_time(GATE, "data-today-ends", (passed - 1) * DAY + MINUTE).page
    assert page.inner_text("[data-days-left]") == f"{said} days left"


def test_the_days_left_count_down_in_a_page_left_open(section, page_at):
    page = page_at(section.at(GATE)).page
    end = int(page.get_attribute("body", "data-today-ends"))
    page.clock.install(time=_moment(end - MINUTE))
    page.reload()
    assert page.inner_text("[data-days-left]") == "20 days left"
    page.clock.run_for(2 * MINUTE)
    assert page.inner_text("[data-days-left]") == "19 days left"


def test_a_last_day_is_one_day_left(section, page_at):
    assert page_at(section.at("a/last-day/en/")).page.inner_text("[data-days-left]") == "1 day left"


def test_a_text_that_is_true_for_a_day_is_gone_after_it(at_time):
    page = at_time(GATE, "data-today-ends", -SECOND).page
    assert page.locator("[id$='-days']").count() == 8
    page = at_time(GATE, "data-today-ends").page
    assert page.locator("[id$='-days']").count() == 0
    assert page.locator("#x-first").count() == 1
    # What says how many days are left says it of yesterday.
    assert "20 days" not in page.inner_html("main")


def test_where_the_text_of_a_day_was_shown_another_takes_its_place(section, page_at):
    page = page_at(section.at(GATE), before="Math.random = () => 0.99;").page
    shown = ".platform[open] textarea >> visible=true"
    end = int(page.get_attribute("body", "data-today-ends"))
    page.clock.install(time=_moment(end - MINUTE))
    page.reload()
    assert page.locator(shown).get_attribute("id") == "x-days"
    page.clock.run_for(2 * MINUTE)
    assert page.locator(shown).get_attribute("id") == "x-first"
    page.click(".platform[open] [data-next-wording]")
    assert page.locator(shown).get_attribute("id") == "x-second"


def test_a_platform_that_has_only_the_text_of_a_day_goes_with_it(at_time):
    page = at_time(GATE, "data-today-ends", -SECOND).page
    assert page.locator(".platform:has([id^='sms-'])").count() == 1
    page = at_time(GATE, "data-today-ends").page
    ids = page.locator(".platform textarea").evaluate_all("all => all.map((one) => one.id)")
    for platform in page.locator(".platform").all():
        assert platform.locator("textarea").count() > 0
    assert "x-first" in ids


def test_an_action_leaves_the_list_when_it_closes(section, page_at):
    page = page_at(section.at("en/")).page
    rows = page.locator(".card").count()
    end = int(page.locator(".card", has_text="UA 8/26").get_attribute("data-closes"))
    page.clock.install(time=_moment(end - MINUTE))
    page.reload()
    assert page.locator(".card").count() == rows
    page.clock.run_for(2 * MINUTE)
    assert page.locator(".card").count() == rows - 1
    assert not page.locator(".card", has_text="UA 8/26").count()


def test_a_list_of_which_nothing_is_open_any_more_says_so(section, page_at):
    page = page_at(section.at("en/")).page
    assert not page.is_visible("[data-when-none]")
    page.clock.set_fixed_time(_moment(section.site.frame.fresh_until.timestamp() * 1000 + 90 * DAY))
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert page.locator(".card").count() == 0
    assert page.inner_text("[data-when-none]") == "No action is open today."


def test_a_list_that_is_too_old_says_so(section, page_at):
    page = page_at(section.at("en/")).page
    page.clock.set_fixed_time(section.site.frame.fresh_until + timedelta(seconds=1))
    page.reload()
    assert page.is_visible("[data-when-stale]")


@pytest.mark.parametrize(("passed", "said"), [(0, "20"), (1, "19"), (4, "16")])
def test_the_days_left_count_down_in_a_list_too(passed, said, section, page_at):
    page = page_at(section.at("en/")).page
    row = page.locator(".card", has_text="UA 7/26").locator("[data-days-left]")
    end = int(row.get_attribute("data-today-ends"))
    page.clock.set_fixed_time(_moment(end + (passed - 1) * DAY + MINUTE))
    page.reload()
    assert row.inner_text().startswith(f"{said} days left, until ")


def test_a_rehearsal_lives_in_its_own_moment(tmp_path, page_at, served):
    from uasocial.settings import Project, Settings
    from uasocial.site.building import build
    from uasocial.site.contents import Site
    from uasocial.toolkit import Toolkit

    then = datetime(2021, 12, 1, 12, tzinfo=UTC)
    now = datetime.now(UTC)
    kit = Toolkit(Project(None, Settings()), then, rehearsal=True, actual=now)
    build(Site(kit), tmp_path / "site")
    url = served(tmp_path / "site")
    page = page_at(f"{url}/a/ua-119-21/en/", width=360).page
    assert page.inner_text(".rehearsal") == (
        "Rehearsal, as of 1 December 2021: nothing here is to be sent."
    )
    assert page.inner_text("[data-days-left]") == "33 days left"
    assert hands_out(page)
