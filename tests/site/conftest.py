"""A browser, a server, a checker of accessibility, the linters of the floor, and a whole site.

The browser is one for all tests, and each visit has a context of its own, so that nothing of a
visit is left for the next one. The site is made once, of the project in `section/`.
"""

import asyncio
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest

from uasocial.model import Action, Draft
from uasocial.settings import find_project
from uasocial.site.building import build
from uasocial.site.contents import Site
from uasocial.site.resource import MEDIA_TYPES
from uasocial.testing.fixtures import lacking
from uasocial.testing.loopback import Answer, Request, Server
from uasocial.toolkit import Toolkit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TOOLS = Path(__file__).parent / "browser"
PACKAGES = TOOLS / "node_modules"

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    # In a container the browser runs as root, and has no sandbox there.
    "--no-sandbox",
    "--disable-gpu",
    # The browser itself asks for as little as can be.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # It still wants to look for updates, and a page may ask of another machine: that is seen in
    # the log, and not sent, for no name is found but this machine's.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# The machine may be busy.
PATIENCE = 20_000

# A page may break its own policy without an error; the browser tells it all the same.
VIOLATIONS = """\
addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.effectiveDirective} forbids ${event.blockedURI}`));
"""

# What a browser fetches or reaches out for without telling it as a request of the page.
UNTOLD = """\
() => [...document.querySelectorAll(
    ["icon", "preconnect", "dns-prefetch", "prefetch", "preload", "modulepreload", "manifest"]
        .map((kind) => `link[rel~="${kind}"]`).join()
)].map((link) => link.href)
"""

# https://www.deque.com/axe/core-documentation/api-documentation/#axecore-tags
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


# --- visits ----------------------------------------------------------------------------------


class Log:
    """What the pages of a visit did, in the order in which they did it.

    *requests* are addresses; *errors* are those of scripts and those that the console shows;
    *violations* are those of the page's Content Security Policy.
    """

    def __init__(self, context: "BrowserContext") -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.violations: list[str] = []
        self._context = context
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._shown)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("page", self._opened)

    def wait_until_quiet(self) -> None:
        """Wait until each page has asked for nothing for half a second."""
        for page in self._context.pages:
            page.wait_for_load_state("networkidle")

    def untold(self) -> list[str]:
        """List what the links in the heads of the pages make the browser ask for by itself."""
        return [address for page in self._context.pages for address in page.evaluate(UNTOLD)]

    def _opened(self, page: "Page") -> None:
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _shown(self, message: Any) -> None:
        policy = message.text.startswith("policy: ") or "Content Security Policy" in message.text
        if policy:
            self.violations.append(message.text)
        elif message.type == "error":
            self.errors.append(message.text)


class Visit(NamedTuple):
    """A page that is open, the context that is its own, and what happened there so far."""

    page: "Page"
    context: "BrowserContext"
    log: Log


@contextmanager
def _at_work(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let the browser's loop be the running one; afterwards none is, as other tests expect."""
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The browser, one for all tests."""
    if find_spec("playwright") is None:
        lacking("playwright for this Python: run `.venv/bin/pip install playwright`")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        lacking("chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        # Others run a loop in this thread, too: it is this one's turn only while it is used.
        asyncio._set_running_loop(None)
        yield browser
        asyncio._set_running_loop(loop)
        browser.close()


@contextmanager
def _visits(browser: "Browser") -> Iterator[Callable[..., Visit]]:
    """Visit addresses, and leave them all at the end."""
    contexts: list[BrowserContext] = []

    def visit(  # noqa: PLR0913 - what a reader may have is many things
        address: str,
        *,
        width: int = 1280,
        script: bool = True,
        scheme: str = "light",
        locale: str = "en",
        calm: bool = False,
        permissions: tuple[str, ...] = (),
        before: str = "",
        **options: Any,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce" if calm else "no-preference",
            permissions=list(permissions),
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(VIOLATIONS + before)
        log = Log(context)
        page = context.new_page()
        page.goto(address)
        return Visit(page, context, log)

    yield visit
    with _at_work(browser._impl_obj._loop):
        for context in contexts:
            context.close()


@pytest.fixture
def page_at(browser: "Browser") -> Iterator[Callable[..., Visit]]:
    """Visit addresses, each in a fresh context: `page_at(address, width=320, script=False)`.

    *scheme* is `light` or `dark`, *calm* asks for reduced motion, *permissions* are those that
    are granted (`clipboard-read`, `clipboard-write`), *before* is a script that runs before those
    of each page; any other option is one of playwright's `new_context`.
    """
    with _at_work(browser._impl_obj._loop), _visits(browser) as visit:
        yield visit


@pytest.fixture(scope="session")
def working(browser: "Browser") -> Callable[[], AbstractContextManager[None]]:
    """Let pages that stay for several tests be used: with `working()`."""
    return lambda: _at_work(browser._impl_obj._loop)


@pytest.fixture(scope="module")
def lasting_page_at(browser: "Browser") -> Iterator[Callable[..., Visit]]:
    """Visit addresses as `page_at` does, for all tests of a module; use them while `working`."""
    with _visits(browser) as visit:
        yield visit


@pytest.fixture(scope="session")
def no_stranger_requests() -> Callable[[Log, str], None]:
    """Want that nothing was asked of anyone but *origin*: `no_stranger_requests(log, origin)`."""

    def check(log: Log, origin: str) -> None:
        own = (f"{origin.rstrip('/')}/", "data:", "blob:")
        log.wait_until_quiet()
        asked = log.requests + log.untold()
        strangers = [address for address in asked if not address.startswith(own)]
        assert not strangers, f"asked of others: {strangers}"

    return check


@pytest.fixture(scope="session")
def no_cookies() -> "Callable[[BrowserContext], None]":
    """Want that no cookie was set, by an answer or by a script: `no_cookies(context)`."""

    def check(context: "BrowserContext") -> None:
        cookies = context.cookies()
        assert not cookies, f"set: {cookies}"

    return check


# --- a built folder, on a host and on a disk -------------------------------------------------


class Folder(Server):
    """Serves the files of a folder as a plain host does, 404.html for what is not there."""

    def __init__(self, root: Path, headers: dict[str, str]) -> None:
        self._root = root.resolve()
        self._headers = headers
        super().__init__()

    def answer(self, request: Request) -> Answer:
        asked = unquote(urlsplit(request.path).path)
        if asked.endswith("/"):
            asked += "index.html"
        path = (self._root / asked.lstrip("/")).resolve()
        if path.is_relative_to(self._root) and path.is_file():
            return self._file(200, path)
        lost = self._root / "404.html"
        return self._file(404, lost) if lost.is_file() else Answer(404)

    def _file(self, status: int, path: Path) -> Answer:
        kind = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        return Answer(status, path.read_bytes(), {"Content-Type": kind, **self._headers})


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Serve folders: `served(folder)` gives the address of its root, without a slash at its end."""
    servers: list[Folder] = []

    def serve(root: Path, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        servers.append(Folder(root, named))
        return servers[-1].url

    yield serve
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def on_disk() -> Callable[[Path], str]:
    """Return the `file:` address of a file or folder, as of a page on a USB stick."""

    def address(path: Path) -> str:
        return path.resolve().as_uri()

    return address


# --- a whole site ----------------------------------------------------------------------------

SECTION = Path(__file__).parent / "section"
ACTIONS = Path(__file__).parents[2] / "actions"
SAMPLES = ("school-in-the-hills", "ua-119-21")
# When the sample was open; the test looks at it as if that day were today.
SAMPLED = date(2021, 12, 1)
HUGE = "W" * 300


class Section(NamedTuple):
    """A site of today: its files in *root*, served at *url*; *packs* holds its packs, unpacked."""

    site: Site
    root: Path
    url: str
    packs: Path

    def at(self, path: str) -> str:
        """Return the address of a page; one in a pack is given as `pack:<case>/<file>`."""
        if path.startswith("pack:"):
            return (self.packs / path.removeprefix("pack:")).as_uri()
        return f"{self.url}/{path}"

    def action(self, name: str) -> Action:
        return self.site.kit.action(name)

    def drafts(self, name: str, language: str, platform: str) -> list[Draft]:
        """Return the drafts of a case that a page hands out for a platform."""
        kit = self.site.kit
        chosen = [kit.platform(platform)]
        return list(kit.drafts(self.action(name), [language], chosen, "appeal"))


def _of_today(facts: str, today: date) -> str:
    """Put days in the place of `today+21`, and of those of the sample."""
    facts = re.sub(
        r"(?<=[ {])today([+-]\d+)?", lambda found: _day(today, int(found[1] or 0)), facts
    )
    if "number: UA 119/21" not in facts:
        return facts
    since = (today - SAMPLED).days
    return re.sub(
        r"\d{4}-\d\d-\d\d", lambda found: _day(date.fromisoformat(found[0]), since), facts
    )


def _day(day: date, later: int) -> str:
    return (day + timedelta(days=later)).isoformat()


def _project(root: Path, today: date) -> None:
    """Write the section's project: its own cases, and the samples."""
    shutil.copytree(SECTION, root)
    for name in SAMPLES:
        shutil.copytree(ACTIONS / name, root / "actions" / name)
    for path in root.glob("actions/*/*.yaml"):
        text = path.read_text(encoding="utf-8").replace("HUGE", HUGE)
        if path.name == "action.yaml":
            text = _of_today(text, today)
        path.write_text(text, encoding="utf-8")
    (root / "actions" / "gate" / "media").mkdir()
    (root / "actions" / "gate" / "media" / "gate.png").write_bytes(_picture())


def _picture() -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (800, 500), "#6a4a6a").save(data, "PNG")
    return data.getvalue()


@pytest.fixture(scope="session")
def section(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Section]:
    """The site of the project in `section/`, as it is today, with every kind of page."""
    folder = tmp_path_factory.mktemp("section")
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        # As for each test: nobody's own settings.
        patch.setenv("UASOCIAL_CONFIG", str(folder / "no-config"))
        _project(folder / "project", now.date())
        root, packs = folder / "site", folder / "packs"
        server = Folder(root, {})
        site = Site(Toolkit(find_project(str(folder / "project")), now), f"{server.url}/")
        build(site, root)
        # Then somebody breaks a case that had a page.
        with (folder / "project" / "actions" / "unreadable" / "action.yaml").open("a") as facts:
            facts.write("nonsense: 1\n")
        site = Site(Toolkit(site.kit.project, now), site.base)
        build(site, root)
    for pack in root.glob("a/*/pack.zip"):
        with ZipFile(pack) as packed:
            packed.extractall(packs)
    yield Section(site, root, server.url, packs)
    server.close()


# Opens all that is folded, and shows all wordings.
OPEN_ALL = """\
() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const one of document.querySelectorAll("[data-wording]")) one.hidden = false;
}
"""


@pytest.fixture(scope="session")
def open_all() -> "Callable[[Page], None]":
    """Open all of a page that is folded: `open_all(page)`."""
    return lambda page: page.evaluate(OPEN_ALL)


# Every kind of page, in both directions of writing.
KINDS = {
    "root": "",
    "index": "en/",
    "index from the right": "ar/",
    "by country": "en/country/pe/",
    "by language": "en/language/es/",
    "by month": "en/until/{month}/",
    "archive": "en/archive/",
    "archive of a year": "en/archive/{year}/",
    "archive from the right": "ar/archive/",
    "short": "a/gate/",
    "open": "a/gate/en/",
    "open in Spanish": "a/ua-119-21/es/",
    "open from the right": "a/school-in-the-hills/ar/",
    "open without an interface": "a/gate/pt/",
    "open on its last day": "a/last-day/en/",
    "open and hostile": "a/hostile/en/",
    "over": "a/over/en/",
    "stopped": "a/stopped/en/",
    "good news": "a/good-news/en/",
    "good news from the right": "a/good-news/ar/",
    "closed": "a/closed/en/",
    "withdrawn": "a/withdrawn/en/",
    "withdrawn from the right": "a/withdrawn/ar/",
    "unreadable": "a/unreadable/",
    "lost": "404.html",
    "pack": "pack:gate/index.html",
    "packed": "pack:gate/a/gate/en/index.html",
    "packed from the right": "pack:school-in-the-hills/a/school-in-the-hills/ar/index.html",
}


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest, section: Section) -> str:
    """The address of a page of each kind in turn."""
    year = min(path.name for path in section.root.glob("en/archive/2*"))
    month = min(path.name for path in section.root.glob("en/until/2*"))
    return section.at(KINDS[request.param].format(year=year, month=month))


@pytest.fixture(scope="module")
def _seen_kind(
    kind: str, browser: "Browser", working: Callable[[], AbstractContextManager[None]]
) -> Iterator[Visit]:
    with _visits(browser) as visit:
        with working():
            seen = visit(kind, width=320)
            seen.page.evaluate(OPEN_ALL)
        yield seen


@pytest.fixture
def seen(_seen_kind: Visit, working: Callable[[], AbstractContextManager[None]]) -> Iterator[Visit]:
    """A page of each kind on a small phone, with all opened that can be; for all tests of it."""
    with working():
        yield _seen_kind


# --- the packages of tests/site/browser ------------------------------------------------------


@pytest.fixture(scope="session")
def axe() -> "Callable[[Page], list[str]]":
    """List what of a page is not accessible, a line for each element: `axe(page) == []`.

    Each line begins with the name of axe's rule. The page must have been opened with script on.
    """
    source = PACKAGES / "axe-core" / "axe.min.js"
    if not source.is_file():
        lacking("tests/site/browser/node_modules: run `npm ci --prefix tests/site/browser`")
    text = source.read_text(encoding="utf-8")
    options = {
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "resultTypes": ["violations"],
        # It would fetch the styles once more.
        "preload": False,
    }

    def check(page: "Page") -> list[str]:
        # Through the browser's own door: the page's policy lets no script in but its own.
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(text)
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return check


@pytest.fixture(scope="session")
def newer() -> Callable[..., list[str]]:
    """List what of scripts and styles the oldest browsers lack: `newer(path, …) == []`."""
    program = shutil.which("node")
    if program is None:
        lacking("node on this machine")
    if not PACKAGES.is_dir():
        lacking("tests/site/browser/node_modules: run `npm ci --prefix tests/site/browser`")

    def check(*paths: Path) -> list[str]:
        done = subprocess.run(
            [program, TOOLS / "floor.mjs", *paths],
            env={**os.environ, "NODE_NO_WARNINGS": "1"},
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=120,
        )
        assert done.stderr == ""
        assert done.returncode == (1 if done.stdout else 0)
        return done.stdout.splitlines()

    return check
