"""The browser, its log and the checker of accessibility see what they are there to see."""

import asyncio
import socket

import pytest

from uasocial.testing.blocking import NetworkBlocked

STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
GOOD = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gates</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">{head}</head>
<body><main><h1>Open the gate</h1>{body}</main></body></html>
"""


@pytest.fixture
def site(tmp_path, served):
    """Write a page, with a style sheet and a script beside it, and return its host's address."""

    def write(body: str = "", head: str = "", script: str = "", style: str = "", **headers: str):
        root = tmp_path / "site"
        root.mkdir()
        (root / "index.html").write_text(GOOD.format(body=body, head=head), encoding="utf-8")
        (root / "page.js").write_text(script, encoding="utf-8")
        (root / "page.css").write_text(style, encoding="utf-8")
        return served(root, **headers)

    return write


def test_a_page_that_asks_only_its_own_host_passes(site, page_at, no_stranger_requests, no_cookies):
    origin = site(head='<script src="page.js"></script>', script="document.title = 'Seen'")
    visit = page_at(origin)
    assert visit.page.title() == "Seen"
    assert visit.log.requests == [f"{origin}/", f"{origin}/page.js"]
    assert (visit.log.errors, visit.log.violations) == ([], [])
    no_stranger_requests(visit.log, origin)
    no_cookies(visit.context)


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="https://other.example/pixel.png">',
        '<script>fetch("https://other.example/").catch(() => 0)</script>',
        '<script>navigator.sendBeacon("https://other.example/", "seen")</script>',
        '<script>new WebSocket("wss://other.example/")</script>',
        '<iframe title="Other" src="https://other.example/"></iframe>',
    ],
)
def test_a_request_to_another_origin_is_caught(body, site, page_at, no_stranger_requests):
    origin = site(body)
    visit = page_at(origin)
    with pytest.raises(AssertionError, match=r"other\.example"):
        no_stranger_requests(visit.log, origin)


@pytest.mark.parametrize("kind", ["icon", "preconnect", "dns-prefetch", "prefetch"])
def test_what_a_browser_asks_of_another_origin_untold_is_caught(
    kind, site, page_at, no_stranger_requests
):
    origin = site(head=f'<link rel="{kind}" href="https://other.example/">')
    visit = page_at(origin, script=False)
    with pytest.raises(AssertionError, match=r"other\.example"):
        no_stranger_requests(visit.log, origin)


def test_a_host_whose_name_only_begins_alike_is_another_origin(site, page_at, no_stranger_requests):
    visit = page_at(site())
    visit.log.requests.append("http://127.0.0.1.other.example/")
    with pytest.raises(AssertionError, match=r"other\.example"):
        no_stranger_requests(visit.log, "http://127.0.0.1")


def test_a_cookie_of_a_script_is_caught(site, page_at, no_cookies):
    visit = page_at(site("<script>document.cookie = `seen=1`</script>"))
    with pytest.raises(AssertionError, match="seen"):
        no_cookies(visit.context)


def test_a_cookie_of_an_answer_is_caught(site, page_at, no_cookies):
    visit = page_at(site(Set_Cookie="seen=1; HttpOnly"), script=False)
    with pytest.raises(AssertionError, match="seen"):
        no_cookies(visit.context)


def test_no_visit_sees_what_another_has_left(site, page_at):
    address = site("<script>localStorage.seen = (+localStorage.seen || 0) + 1</script>")
    for visit in (page_at(address), page_at(address)):
        assert visit.page.evaluate("localStorage.seen") == "1"


def test_an_error_of_a_script_is_caught(site, page_at):
    visit = page_at(site("<script>missing.call()</script>"))
    assert any("missing is not defined" in error for error in visit.log.errors)


def test_a_file_that_is_not_there_is_an_error_of_the_console(site, page_at):
    visit = page_at(site('<img alt="" src="gone.png">'))
    assert any("404" in error for error in visit.log.errors)


@pytest.mark.parametrize("script", [True, False])
def test_what_the_policy_of_a_page_forbids_is_caught(script, site, page_at):
    policy = f'<meta http-equiv="Content-Security-Policy" content="{STRICT}">'
    visit = page_at(site('<p style="color: red">Red</p>', policy), script=script)
    assert any("style" in violation for violation in visit.log.violations)


def test_with_script_off_no_script_runs(site, page_at):
    origin = site('<p id="p">Still</p><script>p.textContent = "Moved"</script>')
    assert page_at(origin).page.inner_text("#p") == "Moved"
    assert page_at(origin, script=False).page.inner_text("#p") == "Still"


def test_with_script_off_what_is_for_that_is_shown(site, page_at):
    origin = site("<noscript><p>Copy it by hand</p></noscript>")
    assert page_at(origin, script=False).page.is_visible("noscript p")
    assert not page_at(origin).page.is_visible("noscript p")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_page_is_as_wide_as_asked(width, site, page_at):
    assert page_at(site(), width=width).page.evaluate("innerWidth") == width


def test_what_a_reader_prefers_reaches_the_page(site, page_at):
    visit = page_at(site(), scheme="dark", calm=True, locale="ar")
    asked = "(prefers-color-scheme: dark) and (prefers-reduced-motion: reduce)"
    assert visit.page.evaluate("asked => matchMedia(asked).matches", asked)
    assert visit.page.evaluate("navigator.language") == "ar"


def test_a_granted_clipboard_is_written_and_read(site, page_at):
    allowed = ("clipboard-read", "clipboard-write")
    page = page_at(site(), permissions=allowed).page
    page.evaluate("navigator.clipboard.writeText('Open the gate')")
    assert page.evaluate("navigator.clipboard.readText()") == "Open the gate"


def test_a_script_of_the_test_runs_before_that_of_the_page(site, page_at):
    origin = site("<script>document.title = navigator.share()</script>")
    visit = page_at(origin, before="navigator.share = () => 'Shared'")
    assert visit.page.title() == "Shared"


def test_a_page_on_a_disk_is_visited_as_on_a_host(tmp_path, page_at, on_disk, no_stranger_requests):
    (tmp_path / "ü 1.html").write_text(GOOD.format(body="", head=""), encoding="utf-8")
    visit = page_at(on_disk(tmp_path / "ü 1.html"))
    assert visit.page.inner_text("h1") == "Open the gate"
    no_stranger_requests(visit.log, on_disk(tmp_path))
    visit.page.goto("file:///etc/hostname")
    with pytest.raises(AssertionError, match="hostname"):
        no_stranger_requests(visit.log, on_disk(tmp_path))


def test_a_host_serves_no_file_above_its_root_and_its_own_page_for_what_is_lost(tmp_path, served):
    import urllib.error
    import urllib.request

    root = tmp_path / "site"
    root.mkdir()
    (tmp_path / "secret.html").write_text("Secret", encoding="utf-8")
    (root / "404.html").write_text("Lost", encoding="utf-8")
    with pytest.raises(urllib.error.HTTPError) as lost:
        urllib.request.urlopen(f"{served(root)}/%2e%2e/secret.html")
    with lost.value as answer:
        assert (answer.code, answer.read()) == (404, b"Lost")


@pytest.mark.usefixtures("browser")
def test_beside_the_browser_the_network_stays_blocked_and_a_loop_can_run():
    with pytest.raises(NetworkBlocked):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"


# --- accessibility ---------------------------------------------------------------------------

POLICY = {"Content_Security_Policy": STRICT}
LINKED = '<link rel="stylesheet" href="page.css">'


def names(found: list[str]) -> set[str]:
    return {line.partition(":")[0] for line in found}


def test_a_good_page_has_no_violation_under_a_strict_policy(site, page_at, axe):
    visit = page_at(site("<p>It is closed.</p>", **POLICY))
    assert axe(visit.page) == []
    assert visit.log.violations == []


BARRIERS = {
    "image-alt": ('<img src="gate.png">', ""),
    "color-contrast": ("<p>It is closed.</p>", "p { color: #aaa; background: #fff }"),
    "target-size": ("<a href='#a'>a</a><a href='#b'>b</a>", "a { font-size: 4px }"),
    "heading-order": ("<h4>Deep</h4>", ""),
    "valid-lang": ('<p lang="xx-nothing-at-all">?</p>', ""),
    "label": ('<input type="text">', ""),
    "link-name": ('<a href="index.html"></a>', ""),
}


@pytest.mark.parametrize("rule", BARRIERS)
def test_what_is_not_accessible_is_found_under_a_strict_policy(rule, site, page_at, axe):
    body, style = BARRIERS[rule]
    visit = page_at(site(body, LINKED, style=style, **POLICY))
    assert rule in names(axe(visit.page))
