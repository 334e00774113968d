"""The pages on a small phone with WebKit, the engine of Safari: all that script does there.

The browser is WebKitGTK's own small one, driven by WebDriver, on a screen that nobody sees. It
tells neither its console nor its requests, and its clock cannot be set. So a script of the test is
the first one of each page, and what is not asked of this machine goes to a proxy that takes notes.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec import to_builtins

from uasocial.platforms.counting import measure
from uasocial.testing.fixtures import lacking
from uasocial.testing.loopback import Answer, Request, Server

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

GATE = "a/gate/en/"
ARABIC = "a/school-in-the-hills/ar/"
PHONES = ["a/gate/en/", "a/ua-119-21/de/", ARABIC]
WIDTH, HEIGHT = 375, 740
# The machine may be busy.
PATIENCE = 20

# Notes what goes wrong in a page, in the order in which it does.
WATCH = """\
window.wrong = [];
addEventListener("error", (event) => wrong.push(event.message || event.target.outerHTML), true);
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) =>
    wrong.push(`policy: ${event.effectiveDirective} forbids ${event.blockedURI}`));
console.error = (...said) => wrong.push(said.join(" "));
// Which wording is shown first is a matter of chance.
Math.random = () => 0;
"""


# --- the browser -----------------------------------------------------------------------------


class Strangers(Server):
    """A proxy that lets nothing through, and lists what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__()

    def answer(self, request: Request) -> Answer:
        self.asked.append(request.path)
        return Answer(404)


class Phone:
    """What somebody does on the page that is open, and what there is to see."""

    def __init__(self, driver: "WebDriver", strangers: Strangers) -> None:
        self.driver = driver
        self.strangers = strangers.asked

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function, to which *given* are `arguments`."""
        return self.driver.execute_script(script, *given)

    def wait(self, condition: str, *given: Any) -> None:
        """Wait until an expression is true."""
        from selenium.webdriver.support.wait import WebDriverWait

        wait = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.02)
        wait.until(lambda _: self.run(f"return {condition}", *given), condition)

    def shown(self, selector: str) -> list[Any]:
        found = self.driver.find_elements("css selector", selector)
        return [one for one in found if one.is_displayed()]

    def text(self, selector: str) -> list[str]:
        return [one.text for one in self.shown(selector)]

    def tap(self, selector: str) -> None:
        self.shown(selector)[0].click()

    def box(self, selector: str) -> dict[str, float]:
        script = "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()"
        return self.run(script, selector)

    def write(self, name: str, text: str) -> str:
        """Write *text* for a platform, and return the length that is shown once it is counted."""
        part = f".platform:has([id^='{name}-'])"
        if not self.shown(f"{part}[open]"):
            self.tap(f"{part} summary")
        [field] = self.shown(f"{part} textarea")
        self.run(
            "arguments[0].select(); document.execCommand('insertText', false, arguments[1])",
            field,
            text,
        )
        self.wait("!document.querySelector('.pending')")
        return self.text(f"{part} [data-length]")[0]


def the_browser() -> str:
    """Return WebDriver's program, where all that it needs is there."""
    if find_spec("selenium") is None:
        lacking("selenium: run `.venv/bin/pip install selenium`")
    for program in ("WebKitWebDriver", "Xvfb"):
        if shutil.which(program) is None:
            lacking(f"{program} on this machine: install webkit2gtk-driver and xvfb")
    return shutil.which("WebKitWebDriver")


@contextmanager
def screen() -> Iterator[str]:
    """Have a screen that nobody sees; its name is the first one that is free."""
    told, tell = os.pipe()
    command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[tell], stderr=subprocess.DEVNULL) as process:
        os.close(tell)
        try:
            with os.fdopen(told) as name:
                yield f":{name.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def driven(program: str, *flags: str, **environment: str) -> Iterator["WebDriver"]:
    """Have the browser, with these flags and in this environment."""
    from selenium.webdriver import Remote, WebKitGTKOptions
    from selenium.webdriver.remote.client_config import ClientConfig
    from selenium.webdriver.remote.remote_connection import RemoteConnection
    from selenium.webdriver.webkitgtk.service import Service

    options = WebKitGTKOptions()
    for flag in ("--automation", *flags):
        options.add_argument(flag)
    service = Service(program, env={**os.environ, **environment})
    service.start()
    try:
        # Selenium's own class for this browser calls what selenium warns of.
        config = ClientConfig(service.service_url, timeout=2 * PATIENCE)
        with Remote(RemoteConnection(client_config=config), options=options) as driver:
            yield driver
    finally:
        service.stop()


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    """The browser, in a window without bars that is as large as the screen of a phone."""
    program = the_browser()
    home = str(tmp_path_factory.mktemp("home"))
    with screen() as display, Strangers() as strangers:
        flags = (
            f"--proxy={strangers.url}",
            "--ignore-host=127.0.0.1",
            "--javascript-can-open-windows-automatically=true",
        )
        with driven(program, *flags, DISPLAY=display, GDK_BACKEND="x11", HOME=home) as driver:
            first = driver.current_window_handle
            driver.execute_script(f"open('', '', 'popup,width={WIDTH},height={HEIGHT}')")
            driver.close()
            driver.switch_to.window((set(driver.window_handles) - {first}).pop())
            yield Phone(driver, strangers)


@pytest.fixture(scope="module")
def copied(section, tmp_path_factory) -> Path:
    """The site, of which pages may be changed."""
    return Path(shutil.copytree(section.root, tmp_path_factory.mktemp("copied") / "site"))


@pytest.fixture
def at(phone, copied, section, served) -> Iterator[Callable[..., Phone]]:
    """Open a page: `at(path, "a script that runs before those of the page")`."""
    url = served(copied)
    phone.strangers.clear()

    def visit(path: str = GATE, before: str = "", *, disk: bool = False) -> Phone:
        page = copied / path / "index.html"
        # Of a name of its own, for a browser keeps what it has read from a disk.
        script = page.with_name(f"before-{len(list(page.parent.iterdir()))}.js")
        script.write_text(f"{WATCH}window.here = '{script.name}';\n{before}", encoding="utf-8")
        html = (section.root / path / "index.html").read_text(encoding="utf-8")
        first = f'<head><script src="{script.name}"></script>'
        page.write_text(html.replace("<head>", first, 1), encoding="utf-8")
        phone.driver.get(page.as_uri() if disk else f"{url}/{path}")
        phone.wait(
            "window.here === arguments[0] && document.readyState === 'complete'", script.name
        )
        return phone

    return visit


# --- what the tests rely on --------------------------------------------------------------------


def test_the_window_is_as_large_as_a_phone(at):
    assert at().run("return [innerWidth, innerHeight]") == [WIDTH, HEIGHT]


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        ("missing.call()", "missing"),
        ("Promise.reject(new Error('promised'))", "promised"),
        ("console.error('told')", "told"),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=gone.png>')", "gone.png"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"top: 0\">')", "policy: style"),
    ],
)
def test_what_goes_wrong_in_a_page_is_noted(script, wrong, at):
    phone = at(before=f"addEventListener('load', () => {{ {script} }});")
    phone.wait("wrong.some((one) => one.includes(arguments[0]))", wrong)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_request_to_another_origin_is_noted(scheme, phone):
    phone.strangers.clear()
    phone.driver.get(f"{scheme}://other.example/")
    assert [address for address in phone.strangers if "other.example" in address]


# --- what a page is ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", PHONES)
def test_the_first_screen_says_who_what_until_when_and_the_risk_and_shares(path, at):
    phone = at(path)
    for selector in ("h1", ".lead", ".days", ".safety h2", ".share .button"):
        box = phone.box(selector)
        assert 0 <= box["top"] < box["bottom"] <= HEIGHT, selector
        assert 0 <= box["left"] < box["right"] <= WIDTH, selector


def test_no_page_goes_wrong_or_asks_anybody_else_or_is_wider_than_the_screen(at, section):
    found = {}
    for file in sorted(section.root.rglob("index.html")):
        path = f"{file.parent.relative_to(section.root)}/".removeprefix("./")
        phone = at(path)
        phone.run("scrollTo(0, document.body.scrollHeight)")
        wide = phone.run("return document.documentElement.scrollWidth > innerWidth")
        found[path] = [wide, *phone.run("return wrong"), *phone.strangers]
    assert GATE in found
    assert {path: what for path, what in found.items() if what != [False]} == {}


def test_an_arabic_page_runs_from_the_right(at):
    phone = at(ARABIC)
    for selector in ("h1", ".lead", ".days", ".safety p", "summary .label"):
        script = "return getComputedStyle(document.querySelector(arguments[0])).direction"
        assert phone.run(script, selector) == "rtl", selector
    right = phone.run(
        "const range = document.createRange();"
        "range.selectNodeContents(document.querySelector('h1'));"
        "return range.getClientRects()[0].right"
    )
    assert 0 <= WIDTH - right < 40


# --- what somebody does there ------------------------------------------------------------------


def test_where_there_is_no_sheet_to_share_the_button_leads_to_the_texts(at):
    phone = at()
    assert phone.run("return 'share' in navigator") is False
    phone.tap("[data-share]")
    phone.wait("location.hash === '#texts'")
    assert phone.run("return wrong") == []


def test_the_button_shares_by_the_phones_own_sheet(at):
    phone = at(before="navigator.share = async (what) => { window.shared = what };")
    phone.tap("[data-share]")
    shared = phone.run("return shared")
    assert shared["title"] == "Open the gate of the valley"
    assert "please open the gate" in shared["text"]
    assert phone.run("return location.hash") == ""


@pytest.mark.parametrize("before", ["", "delete navigator.__proto__.clipboard;"])
def test_a_text_is_copied(before, at):
    phone = at(before=before)
    text = phone.shown(".platform[open] textarea")[0].get_property("value")
    phone.tap(".platform[open] [data-copy]")
    phone.wait("document.querySelector('[data-said]').textContent")
    assert phone.text("[data-said]") == ["Copied."]
    # What is pasted is what was copied.
    [field] = phone.shown(".platform[open] textarea")
    phone.run("arguments[0].value = ''", field)
    field.send_keys("\ue009v")
    phone.wait("arguments[0].value", field)
    assert field.get_property("value") == text
    assert phone.run("return wrong") == []


def test_whoever_has_ties_meets_the_ways_without_a_name_first_and_leaves_no_trace(at):
    phone = at()
    address = phone.driver.current_url
    phone.tap("[data-ties]")
    assert phone.run("return document.activeElement.id") == "quiet"
    order = phone.run("return [...document.querySelectorAll('.ways > section')].map((x) => x.id)")
    assert order == ["quiet", "letter", "texts", "remember"]
    assert phone.box("#quiet")["top"] < HEIGHT
    assert not phone.shown(".share")
    assert phone.driver.current_url == address
    assert phone.run("return [localStorage.length, sessionStorage.length]") == [0, 0]
    assert phone.run("return document.cookie") == ""
    assert (phone.run("return wrong"), phone.strangers) == ([], [])


# --- words of one's own ------------------------------------------------------------------------

PLATFORMS = ("x", "mastodon", "bluesky", "sms", "threads", "telegram", "whatsapp")
WRITTEN = (
    "Open the gate.",
    "Öffnet das Tor: https://example.org/a/very/long/address?with=query now, @ana@social.example!",
    "افتحوا البوابة الآن 👩🏽‍🚒🏳️‍🌈 #افتحوا_البوابة",
    "門を開けろ。" * 30,
    "é" * 161,
    "line\n\nline",
)


def test_the_length_that_is_shown_is_that_of_python(at, section):
    phone, kit = at(), section.site.kit
    for name in PLATFORMS:
        platform = kit.platform(name)
        for text in WRITTEN:
            ours = kit.measure(platform, text)
            assert phone.write(name, text) == f"{ours.length:,} / {ours.limit:,}", (name, text)
    assert (phone.run("return wrong"), phone.strangers) == ([], [])


MEASURE = (
    "return arguments[0].map((one) => uasocialCount.measure(one.limits, one.text, one.warning))"
)


def test_the_counter_agrees_with_python_on_every_vector(at, section, vectors):
    phone = at()
    for name in ("x", "mastodon", "bluesky", "sms"):
        limits = section.site.kit.platform(name).default
        phone.write(name, "Mine")
        known = [(case["text"], case.get("spoiler_text", "")) for case in vectors(name)["vectors"]]
        asked = [
            {"limits": to_builtins(limits), "text": text, "warning": warning}
            for text, warning in known
        ]
        ours = [measure(text, limits, warning) for text, warning in known]
        theirs = phone.run(MEASURE, asked)
        assert [one["length"] for one in theirs] == [one.length for one in ours], name
        assert [one["fits"] for one in theirs] == [one.fits for one in ours], name


def test_a_text_that_is_too_long_opens_nowhere_and_one_of_ones_own_does(at):
    phone = at()
    part = ".platform:has([id^='x-'])"
    phone.write("x", "a" * 281)
    assert phone.shown(f"{part} [data-open]") == []
    assert phone.text(f"{part} [data-too-long]") == ["Too long for X: shorten it."]
    phone.write("x", "Öffnet das Tor! 👩🏽‍🚒")
    link = phone.shown(f"{part} [data-open]")[0].get_attribute("href")
    assert parse_qs(urlsplit(link).query)["text"] == ["Öffnet das Tor! 👩🏽‍🚒"]


# --- when its time is over ---------------------------------------------------------------------

HANDED_OUT = (
    "textarea, [data-copy], [data-share], [data-open], .button, #letter, #quiet,"
    " a[href^='mailto:minister'], a[href*='intent'], a[href$='deadline.ics']"
)


@pytest.fixture
def moment(section) -> Callable[[str], int]:
    """Read one of the moments that the page of the gate knows."""
    html = (section.root / GATE / "index.html").read_text(encoding="utf-8")
    return lambda key: int(re.search(rf'data-{key}="(\d+)"', html)[1])


@pytest.mark.parametrize("disk", [False, True], ids=["host", "disk"])
@pytest.mark.parametrize(
    ("key", "said"),
    [("closes", "The last day has passed"), ("fresh", "This copy is too old")],
)
def test_a_page_opened_too_late_refuses_and_holds_nothing_any_more(key, said, disk, at, moment):
    phone = at(before=f"Date.now = () => {moment(key)};", disk=disk)
    assert phone.text(".refusal h2") == [said]
    assert phone.driver.find_elements("css selector", HANDED_OUT) == []
    assert "Since spring the gate" in phone.text("#story")[0]
    assert phone.run("return wrong") == []


@pytest.mark.parametrize("disk", [False, True], ids=["host", "disk"])
def test_a_page_left_open_refuses_when_it_is_looked_at_again(disk, at, moment):
    end = moment("fresh")
    phone = at(before=f"Date.now = () => {end - 1000};", disk=disk)
    assert phone.write("x", "Mine") == "4 / 280"
    assert phone.text(".refusal h2") == []
    phone.run("Date.now = () => arguments[0]", end)
    phone.run("document.dispatchEvent(new Event('visibilitychange'))")
    assert phone.driver.find_elements("css selector", HANDED_OUT) == []
    assert phone.text(".refusal h2") == ["This copy is too old"]
    assert phone.run("return wrong") == []
