"""The site as an application: fresh from the files, strict, and silent about who reads."""

import asyncio
import gzip
import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount
from tests.site.gates import WORDS, Watched, facts_of

from uasocial.errors import SettingsError, UasocialError
from uasocial.settings import find_project
from uasocial.site import asgi, headers
from uasocial.site.contents import Site
from uasocial.site.resource import Resource
from uasocial.site.serving.seen import see
from uasocial.site.serving.served import Served

BASE = "https://act.example.org/"
STOP = "ended: {how: stop, on: 2026-01-19}\n"
WITHDRAWN = "ended: {how: withdrawn, on: 2026-01-19}\n"
PAGE = "/a/gate/en/"


class Answer(NamedTuple):
    """What came back: *body* as it was sent, packed or not."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


def ask(app: Any, path: str, method: str = "GET", scheme: str = "http", **said: str) -> Answer:
    """Ask an application as a server would; *path* is as it stands in an address."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"act.example.org"), *named],
        "client": ("192.0.2.7", 4711),
        "server": ("act.example.org", 80),
    }
    got: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    asyncio.run(app(scope, receive, send))
    start, *rest = got
    pairs = [(name.decode(), value.decode()) for name, value in start["headers"]]
    assert len({name for name, _ in pairs}) == len(pairs), "a header is there twice"
    return Answer(start["status"], dict(pairs), b"".join(part.get("body", b"") for part in rest))


class Running:
    """An application of a project, with a clock, and notes of what it did."""

    def __init__(self, cases, now: str, options: dict[str, Any]) -> None:
        self.now = datetime.fromisoformat(now)
        self.looked: list[str] = []
        self.made: list[str] = []
        self.told: list[str] = []
        noted = partial(Watched, looked=self.looked, made=self.made)
        options = {"site": noted, "clock": lambda: self.now, **options}
        project = find_project(str(cases.root))
        self.served = Served(project, BASE, log=self.told.append, **options)
        self.app = asgi.pages(self.served)

    def __call__(self, path: str, method: str = "GET", **said: str) -> Answer:
        return ask(self.app, path, method, **said)

    def paths(self) -> list[str]:
        """List the address of every file of the site."""
        kit = Site(self.served._renewed().kit, BASE)
        cards = [card for name in kit.kit.action_ids() if (card := kit.look_at(name).card)]
        files = [*kit.assets(), *kit.of_all(cards)]
        for card in cards:
            files += kit.of_case(card, kit.neighbours(card, cards))
        return [f"/{file.path}" for file in files]


@pytest.fixture
def running(cases) -> Callable[..., Running]:
    def run(now: str = "2026-01-20T12:00+00:00", **options: Any) -> Running:
        if not list((cases.root / "actions").iterdir()):
            cases.write("gate", facts_of(), en=WORDS)
        return Running(cases, now, options)

    return run


def change(cases, old: str, new: str, file: str = "en.yaml", name: str = "gate") -> None:
    path = cases.root / "actions" / name / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(cases, text: str, file: str = "action.yaml", name: str = "gate") -> None:
    with (cases.root / "actions" / name / file).open("a", encoding="utf-8") as opened:
        opened.write(text)


# --- what is there ---------------------------------------------------------------------------


def test_every_file_of_the_site_is_served_with_its_bytes(running):
    app = running()
    for path in app.paths():
        answer = app(quote(path), accept_encoding="gzip")
        assert answer.status == 200, path
        assert answer.headers["content-length"] == str(len(answer.body))


def test_a_folder_answers_with_its_index(running):
    app = running()
    for folder in ("/", "/en/", "/en/archive/", "/a/gate/", PAGE):
        assert app(folder).body == app(f"{folder}index.html").body
    assert "Open the gate" in app(PAGE).text


def test_a_folder_without_its_slash_is_sent_on_to_itself(running):
    app = running()
    for folder in ("/en", "/en/archive", "/a/gate", "/a/gate/en"):
        answer = app(folder)
        assert answer.status == 308
        assert urljoin(folder, answer.headers["location"]) == f"{folder}/"


def test_an_address_that_looks_like_another_host_leads_to_no_other_host(running):
    for path in ("//evil.example", "//evil.example/", "//evil.example/en", "/\\evil.example"):
        assert running()(path).status == 404


def test_what_is_not_there_gets_the_page_that_says_so(running):
    app = running()
    for path in ("/a/other/", "/a/gate/xx/", "/a/gate/en/nothing.txt", "/nothing", "/static/x.js"):
        answer = app(path)
        assert answer.status == 404
        assert "There is no such page" in answer.text
    assert app("/404.html").status == 200


@pytest.mark.parametrize("root", ["", "/ua"])
@pytest.mark.parametrize("path", ["/x", "/x/", "/a%2Fb/c", f"/{'x/' * 9}"])
def test_what_is_lost_looks_as_the_rest_does_wherever_it_is_looked_at(root, path, running):
    """Its address may be another than that of the settings: nothing is asked of that one."""
    app = Starlette(routes=[Mount(root, running().app)]) if root else running().app
    answer = ask(app, f"{root}{path}")
    assert answer.status == 404
    links = re.findall(r'(?:href|src)="([^"#]+)"', answer.text)
    here = [urljoin(f"http://here.example{root}{path}", link) for link in links]
    assert not [link for link in here if not link.startswith(f"http://here.example{root}/")]
    styles = next(link for link in here if link.endswith(".css"))
    assert ask(app, styles.removeprefix("http://here.example")).status == 200


def test_a_page_of_a_list_is_there_as_long_as_something_stands_on_it(cases, running):
    for number in range(51):
        cases.write(f"gate-{number:02}", facts_of(f"UA {number + 1}/26"), en=WORDS)
    app = running()
    for path in ("/en/", "/en/page/2/", "/en/country/pe/page/2/"):
        assert app(path).status == 200, path
    assert app("/en/page/2").headers["location"] == "./2/"
    for path in ("/en/page/1/", "/en/page/3/", "/en/page/02/", "/en/page/", "/en/page/-1/"):
        assert app(path).status == 404, path
    add(cases, STOP, name="gate-07")
    assert app("/en/page/2/").status == 404
    assert app("/en/").status == 200


def test_only_reading_is_allowed(running):
    app = running()
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        answer = app(PAGE, method)
        assert answer.status == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
        assert answer.headers["content-security-policy"] == headers.CSP


def test_who_asks_for_the_head_gets_the_headers_of_the_whole_and_no_body(running):
    app = running()
    for path in (PAGE, "/a/gate", "/nothing", "/a/gate/en/share.png"):
        whole, head = app(path), app(path, "HEAD")
        assert (head.status, head.headers, head.body) == (whole.status, whole.headers, b"")


def test_an_application_may_stand_below_another_address(running):
    app = running()
    outer = Starlette(routes=[Mount("/urgent", app=app.app)])
    assert ask(outer, f"/urgent{PAGE}").body == app(PAGE).body
    moved = ask(outer, "/urgent/a/gate")
    assert urljoin("/urgent/a/gate", moved.headers["location"]) == "/urgent/a/gate/"


# --- fresh from the files --------------------------------------------------------------------


@pytest.mark.parametrize("now", ["2026-01-20T12:00+00:00", "2099-01-20T12:00+00:00"])
def test_a_change_of_a_file_shows_at_the_next_request(running, cases, now):
    # In one of them the files are older than now, as they are mostly, and in one they are fresh.
    app = running(now)
    assert "Open the gate" in app(PAGE).text
    change(cases, "title: Open the gate", "title: Open all the gates")
    assert "Open all the gates" in app(PAGE).text
    assert "Open all the gates" in app("/en/archive/2026/" if now > "2027" else "/en/").text


def test_a_change_shows_that_leaves_size_and_time_as_they_were(running, cases):
    app = running()
    path = cases.root / "actions" / "gate" / "en.yaml"
    assert "Open the gate" in app(PAGE).text
    before = path.stat()
    change(cases, "title: Open the gate", "title: Shut the gate")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert "Shut the gate" in app(PAGE).text


def test_a_stop_shows_at_once(running, cases):
    app = running()
    assert "mailto:" in app(PAGE).text
    add(cases, STOP)
    assert "mailto:" not in app(PAGE).text
    assert app("/a/gate/pack.zip").status == 404
    assert app("/a/gate/en/share.png").status == 404


def test_a_stop_reaches_who_asks_whether_the_page_is_as_it_was(running, cases):
    app = running()
    tag = app(PAGE).headers["etag"]
    add(cases, STOP)
    answer = app(PAGE, if_none_match=tag)
    assert answer.status == 200
    assert answer.headers["etag"] != tag


def test_a_withdrawn_case_is_gone_with_its_name_and_its_pages(running, cases):
    app = running()
    assert app(PAGE).status == 200
    add(cases, WITHDRAWN)
    for path in ("/a/gate/", PAGE):
        answer = app(path)
        assert answer.status == 410
        assert "Open the gate" not in answer.text
    assert "Open the gate" not in app("/en/").text
    assert app("/a/gate/en/share.png").status == 404


def test_a_page_of_a_case_that_cannot_be_read_leads_to_what_says_so(running, cases):
    cases.write("gate", facts_of(), en=WORDS, pt=WORDS)
    app = running()
    assert app("/a/gate/pt/").status == 200
    add(cases, "nonsense: [\n")
    for path in ("/a/gate/pt/", "/a/gate/pt", "/a/gate/pt/index.html"):
        answer = app(path)
        assert answer.status == 307
        assert urljoin(path, answer.headers["location"]) == "/a/gate/"


def test_a_deadline_that_passes_shows_at_the_first_request_after_it(running):
    # The day ends in Lima, five hours after it ends in Greenwich.
    app = running("2026-02-10T04:59+00:00")
    app.now = datetime.fromisoformat("2026-02-09T22:59-01:00")
    assert "mailto:" in app(PAGE).text
    app.now = datetime.fromisoformat("2026-02-10T00:01-01:00")
    assert "mailto:" not in app(PAGE).text


def test_an_embargo_is_over_when_it_is_over(running, cases):
    facts = facts_of() + "embargo: 2026-01-20T12:00+00:00\n"
    cases.write("gate", facts, en=WORDS)
    app = running("2026-01-20T11:59+00:00")
    assert app(PAGE).status == 404
    assert app("/a/gate/").status == 404
    assert "Open the gate" not in app("/en/").text
    app.now += timedelta(minutes=1)
    assert app(PAGE).status == 200
    assert "Open the gate" in app("/en/").text


def test_what_was_allowed_up_to_a_day_is_not_shown_on_the_next_one(running, cases):
    people = (
        "people: [{name: Samar Belkori, consents: [{use: name, given_on: 2026-01-01, "
        "expires_on: 2026-01-20}]}]\n"
    )
    words = WORDS.replace("Open the gate", "Free Samar Belkori")
    cases.write("gate", facts_of() + people, en=words)
    app = running("2026-01-20T12:00+00:00")
    assert "Samar Belkori" in app(PAGE).text
    app.now += timedelta(days=1)
    for path in app.paths():
        assert b"Belkori" not in app(quote(path)).body, path


def test_a_new_case_is_there_and_one_that_was_taken_away_is_not(running, cases):
    app = running()
    assert app("/a/wall/en/").status == 404
    folder = cases.write("wall", facts_of("UA 2/26"), en=WORDS)
    assert app("/a/wall/en/").status == 200
    assert "../a/wall/en/" in app("/en/").text
    folder.rename(cases.root / "elsewhere")
    assert app("/a/wall/en/").status == 404
    assert "../a/wall/en/" not in app("/en/").text


def test_settings_and_templates_show_at_the_next_request(running, cases):
    app = running()
    assert "Write for them" not in app(PAGE).text
    cases.settings('[site]\nname = "Write for them"\n')
    assert "Write for them" in app(PAGE).text
    own = cases.root / "site"
    own.mkdir()
    (own / "base.html.j2").write_text(
        '{% extends "ours/base.html.j2" %}{% block foot %}Volunteers{% endblock %}',
        encoding="utf-8",
    )
    assert "Volunteers" in app(PAGE).text


def test_the_address_of_the_site_is_that_of_the_settings_where_none_is_given(running, cases):
    cases.write("gate", facts_of(), en=WORDS)
    cases.settings('[site]\nurl = "https://elsewhere.example"\n')
    app = asgi.application(str(cases.root), as_of=datetime.fromisoformat("2026-01-20T12:00+00:00"))
    assert "https://elsewhere.example/" in ask(app, PAGE).text
    assert "https://act.example.org/" in running()(PAGE).text


def test_a_neighbour_that_is_withdrawn_is_not_named_on_the_next_page(running, cases):
    follows = facts_of("UA 2/26") + "supersedes: UA 1/26\n"
    cases.write("wall", follows, en=WORDS.replace("Open the gate", "Break the wall"))
    cases.write("gate", facts_of(), en=WORDS)
    app = running()
    assert "Break the wall" in app(PAGE).text
    add(cases, WITHDRAWN, name="wall")
    assert "Break the wall" not in app(PAGE).text


def test_a_case_that_becomes_a_neighbour_is_found_within_seconds(running, cases):
    app = running()
    assert "Break the wall" not in app(PAGE).text
    follows = facts_of("UA 2/26") + "supersedes: UA 1/26\n"
    cases.write("wall", follows, en=WORDS.replace("Open the gate", "Break the wall"))
    app.now += timedelta(seconds=6)
    assert "Break the wall" in app(PAGE).text


def test_a_fresh_file_is_known_by_its_bytes_where_nothing_else_tells_a_change(tmp_path):
    path = tmp_path / "en.yaml"
    path.write_text("one", encoding="utf-8")
    written = path.stat().st_ctime
    before, settled = see([path], written + 1), see([path], written + 9)
    assert before.holds(see([path], written + 9))
    assert settled.fresh == {}
    path.write_text("two", encoding="utf-8")
    # Within one tick of the clock of a file system, the time is the same.
    now = see([path], written + 1)._replace(stamps=before.stamps)
    assert not before.holds(now)
    assert not before.holds(now._replace(fresh={}))


# --- not everything is read each time --------------------------------------------------------


def test_what_is_unchanged_is_not_looked_at_again(running, cases):
    for number in range(2, 12):
        cases.write(f"case-{number}", facts_of(f"UA {number}/26"), en=WORDS)
    cases.write("gate", facts_of(), en=WORDS)
    app = running()
    app("/en/")
    app(PAGE)
    assert sorted(app.looked) == sorted(set(app.looked))
    assert app.made == ["gate"]
    app.looked.clear()
    for _ in range(3):
        app.now += timedelta(minutes=1)
        app("/en/")
        app(PAGE)
    change(cases, "title: Open the gate", "title: Open all the gates")
    app("/en/")
    app(PAGE)
    assert app.looked == ["gate"]
    assert app.made == ["gate", "gate"]


def test_the_next_day_a_page_looks_at_its_own_case_alone(running, cases):
    cases.write("wall", facts_of("UA 2/26"), en=WORDS)
    cases.write("gate", facts_of(), en=WORDS)
    app = running()
    app(PAGE)
    app.looked.clear()
    app.now += timedelta(days=1)
    app(PAGE)
    assert app.looked == ["gate"]


def test_what_is_kept_ready_is_bounded(running):
    app = running(room=200_000)
    for path in app.paths():
        assert app(quote(path)).status == 200
        assert app.served._ground._bodies.used <= 200_000
    assert app.served._ground._bodies.used > 50_000
    assert app(PAGE).status == 200


def test_many_may_ask_at_once_while_files_change(running, cases):
    app = running()
    words = (cases.root / "actions" / "gate" / "en.yaml").read_text(encoding="utf-8")

    def read(number: int) -> str:
        if number % 10 == 0:
            path = cases.root / "actions" / "gate" / "new"
            path.write_text(words.replace("the gate", f"gate {number}"), encoding="utf-8")
            path.replace(path.with_name("en.yaml"))
        answer = app(PAGE if number % 2 else "/en/")
        assert answer.status == 200
        return answer.text

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, range(80)))
    assert all(re.search(r"Open (the gate|gate \d+)", text) for text in found)
    assert app.told == []
    assert "Open gate 70" in app(PAGE).text


# --- what is broken --------------------------------------------------------------------------


def test_a_broken_case_says_so_and_no_more_and_the_log_says_why_once(running, cases):
    cases.write("wall", facts_of("UA 2/26"), en=WORDS)
    cases.write("gate", facts_of(), en=WORDS)
    app = running()
    assert app(PAGE).status == 200
    add(cases, "nonsense: 1\n")
    for path in ("/a/gate/", PAGE, PAGE):
        answer = app(path)
        assert answer.status == 503
        assert "Open the gate" not in answer.text
        assert int(answer.headers["retry-after"]) > 0
    facts = cases.root / "actions" / "gate" / "action.yaml"
    line = len(facts.read_text("utf-8").splitlines())
    assert app.told == [f"gate: 1 fault, in {facts}:{line}: uasocial check gate"]
    assert app("/a/wall/en/").status == 200
    assert app("/en/").status == 200
    change(cases, "nonsense: 1\n", "", "action.yaml")
    assert app(PAGE).status == 200


def test_a_broken_case_is_named_in_no_list(running, cases):
    cases.write("wall", facts_of("UA 2/26"), en=WORDS)
    cases.write("secret-gate", "nonsense: 1\n", en=WORDS)
    app = running()
    for path in app.paths():
        if not path.startswith(("/a/", "/static/")):
            assert "secret-gate" not in app(quote(path)).text, path


_EMBARGO = "embargo: 2026-01-21T12:00+00:00\n"


@pytest.mark.parametrize("fault", ["a fault", "no YAML", "a link"])
def test_an_embargoed_case_that_cannot_be_read_is_as_one_that_is_not_there(
    running, cases, tmp_path, fault
):
    folder = cases.write("gate", facts_of() + _EMBARGO, en=WORDS)
    app = running()
    assert app(PAGE).status == 404
    if fault == "a link":
        (folder / "en.yaml").rename(tmp_path / "en.yaml")
        (folder / "en.yaml").symlink_to(tmp_path / "en.yaml")
    else:
        add(cases, "nonsense: 1\n" if fault == "a fault" else "nonsense: [\n")
    for path in ("/a/gate/", "/a/gate", "/a/gate/index.html", PAGE, "/a/gate/pack.zip"):
        assert app(path) == app(path.replace("gate", "wall")), path
    assert [line.partition(":")[0] for line in app.told] == ["gate"]


def test_a_case_that_was_public_says_that_it_is_not_available_whatever_else_changes(running, cases):
    app = running()
    assert app("/en/").status == 200
    add(cases, "nonsense: 1\n")
    cases.settings('[site]\nname = "Write for them"\n')
    answer = app("/a/gate/")
    assert answer.status == 503
    assert "Write for them" in answer.text


def test_a_case_that_was_taken_back_under_embargo_is_no_more_public(running, cases):
    app = running()
    assert app(PAGE).status == 200
    add(cases, _EMBARGO)
    assert app(PAGE).status == 404
    add(cases, "nonsense: 1\n")
    assert app("/a/gate/").status == 404


def test_a_picture_that_is_broken_takes_no_other_case_with_it(running, cases):
    app = running()
    assert app(PAGE).status == 200
    add(cases, "alt: {gate: A gate}\n", "en.yaml")
    assert app(PAGE).status == 503
    assert app(PAGE).status == 503
    assert len(app.told) == 1
    assert "there is no picture media/gate" in app.told[0]
    # A list leads nobody to it any more, nor asks to act by its last day.
    assert app("/en/").status == 200
    for path in ("/en/", "/en/feed.atom", "/en/deadlines.ics"):
        assert "Open the gate" not in app(path).text, path
    change(cases, "alt: {gate: A gate}\n", "")
    assert app(PAGE).status == 200
    assert "Open the gate" in app("/en/").text


def test_a_link_out_of_the_project_is_not_followed(running, cases, tmp_path):
    app = running()
    assert app("/a/gate/").status == 200
    (tmp_path / "private.yaml").write_text(WORDS.replace("gate", "safe"), encoding="utf-8")
    (cases.root / "actions" / "gate" / "fr.yaml").symlink_to(tmp_path / "private.yaml")
    assert app("/a/gate/").status == 503
    assert app("/a/gate/fr/").status == 503
    assert "leads out of the project" in app.told[0]


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("uasocial.toml", "organisation = \n"),
        ("uasocial.toml", 'organisatoin = "x"\n'),
        ("site/base.html.j2", "{% extends %}"),
        ("site/base.html.j2", "{{ nobody_knows_this }}"),
    ],
)
def test_broken_settings_and_templates_are_told_to_the_log_and_to_nobody_else(
    running, cases, caplog, path, broken
):
    app = running()
    assert app(PAGE).status == 200
    before = (cases.root / path).read_text() if (cases.root / path).exists() else None
    (cases.root / path).parent.mkdir(exist_ok=True)
    (cases.root / path).write_text(broken)
    for asked in (PAGE, "/en/", "/nothing"):
        answer = app(asked)
        assert answer.status == 500
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert str(cases.root) not in answer.text
        assert "base" not in answer.text
    (record,) = caplog.records
    assert path.rpartition("/")[2] in record.getMessage()
    assert "\n" not in record.getMessage()
    assert record.exc_info is None
    if before is None:
        (cases.root / path).unlink()
    else:
        (cases.root / path).write_text(before)
    assert app(PAGE).status == 200


def test_an_error_that_nobody_expected_is_one_line_in_the_log_and_a_plain_page(running, caplog):
    class Faulty(Site):
        def of_all(self, _everyone):
            raise ZeroDivisionError("a secret")

        def of_case(self, _card, _neighbours=()):
            def make():
                raise KeyError("a secret")

            return [Resource("a/gate/en/index.html", make)]

    app = running(site=Faulty)
    for path in ("/en/", PAGE):
        answer = app(path)
        assert answer.status == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "test_asgi:" in caplog.records[0].getMessage()


def test_a_project_that_is_none_is_told_before_anything_is_served(tmp_path, monkeypatch):
    with pytest.raises(SettingsError, match="is no project"):
        asgi.application(str(tmp_path))
    monkeypatch.setenv("UASOCIAL_PROJECT", str(tmp_path / "other"))
    with pytest.raises(SettingsError, match="other: is no project"):
        asgi.application()


def test_a_base_that_is_no_address_is_told_before_anything_is_served(cases):
    with pytest.raises(UasocialError, match=r"the base .*has no https://"):
        asgi.application(str(cases.root), base="act.example.org")


def test_the_environment_names_the_project(cases, monkeypatch):
    cases.write("gate", facts_of(), en=WORDS)
    monkeypatch.setenv("UASOCIAL_PROJECT", str(cases.root))
    now = datetime.fromisoformat("2026-01-20T12:00+00:00")
    assert "Open the gate" in ask(asgi.application(as_of=now), PAGE).text


def test_the_project_stays_the_same_when_the_current_folder_changes(cases, monkeypatch, tmp_path):
    cases.write("gate", facts_of(), en=WORDS)
    monkeypatch.chdir(cases.root)
    app = asgi.application(".", as_of=datetime.fromisoformat("2026-01-20T12:00+00:00"))
    monkeypatch.chdir(tmp_path)
    assert ask(app, PAGE).status == 200


# --- headers ---------------------------------------------------------------------------------


def test_no_answer_sets_a_cookie_and_each_has_the_whole_policy(running):
    app = running()
    policy = {name.lower(): value for name, value in headers.for_page().items()}
    for path in [*map(quote, app.paths()), "/nothing", "/a/gate", "/%00"]:
        for method in ("GET", "HEAD", "POST"):
            said = app(path, method).headers
            assert policy.items() <= said.items()
            assert {"set-cookie", "server", "strict-transport-security"}.isdisjoint(said)


def test_https_is_kept_to_where_it_was_used(running):
    app = running()
    assert app(PAGE, scheme="https").headers["strict-transport-security"] == "max-age=31536000"


def test_a_rehearsal_says_so_and_is_for_no_search_engine(running):
    now = datetime.fromisoformat("2026-01-20T12:00+00:00")
    answer = running("2027-01-01T12:00+00:00", as_of=now)(PAGE)
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "Rehearsal" in answer.text
    assert "x-robots-tag" not in running()(PAGE).headers


def test_a_page_is_kept_only_to_be_asked_about_and_what_never_changes_for_a_year(running):
    app = running()
    for path in app.paths():
        said = app(quote(path)).headers["cache-control"]
        forever = re.fullmatch(r"/static/[\w-]+\.[0-9a-f]{12}\.\w+", path)
        assert said == ("public, max-age=31536000, immutable" if forever else "no-cache"), path


def test_what_is_unchanged_is_not_sent_again(running):
    app = running()
    for path in app.paths():
        for packing in ("identity", "gzip"):
            whole = app(quote(path), accept_encoding=packing)
            again = app(quote(path), accept_encoding=packing, if_none_match=whole.headers["etag"])
            assert (again.status, again.body) == (304, b""), path
            for name in ("etag", "cache-control", "vary"):
                assert again.headers.get(name) == whole.headers.get(name)
            assert "content-length" not in again.headers


def test_packed_and_plain_are_told_apart(running):
    app = running()
    plain, packed = app(PAGE), app(PAGE, accept_encoding="gzip")
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.text == packed.text
    assert len(packed.body) < len(plain.body) / 2
    crossed = app(PAGE, accept_encoding="gzip", if_none_match=plain.headers["etag"])
    assert crossed.status == 200


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("{tag}x", 200),
    ],
)
def test_tags_are_compared_as_the_standard_says(running, said, status):
    # https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    app = running()
    tag = app(PAGE).headers["etag"]
    assert app(PAGE, if_none_match=said.format(tag=tag)).status == status


def test_what_is_not_there_is_never_unchanged(running):
    app = running()
    tag = app("/nothing").headers["etag"]
    assert app("/nothing", if_none_match=tag).status == 404


@pytest.mark.parametrize(
    ("said", "packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("deflate, x-gzip", True),
        ("*", True),
        ("gzip; q=1.0, *;q=0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("not-gzip", False),
        ("", False),
    ],
)
def test_it_is_packed_for_who_takes_that(running, said, packed):
    # https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
    assert ("content-encoding" in running()(PAGE, accept_encoding=said).headers) == packed


def test_what_is_packed_already_is_not_packed_again(running):
    app = running()
    for name in ("en/share.png", "pack.zip"):
        said = app(f"/a/gate/{name}", accept_encoding="gzip").headers
        assert "content-encoding" not in said
        assert "vary" not in said


LETTER = "letter-minister-until-2026-02-09"


def test_a_download_is_kept_under_the_name_of_its_case(running):
    app = running()
    for path, name in (
        ("pack.zip", "gate-pack.zip"),
        (f"en/{LETTER}.eml", f"gate-en-{LETTER}.eml"),
    ):
        said = app(f"/a/gate/{path}").headers["content-disposition"]
        assert said == f"attachment; filename*=UTF-8''{name}"
    for path in ("en/", "en/deadline.ics", "en/share.png", f"en/{LETTER}.txt"):
        answer = app(f"/a/gate/{path}")
        assert answer.status == 200
        assert "content-disposition" not in answer.headers


# --- who reads -------------------------------------------------------------------------------


def test_nothing_is_written_down_about_who_reads(running, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    app = running()
    for path in (PAGE, "/nothing", "/a/gate", "/%00"):
        app(path, user_agent="a phone", x_forwarded_for="192.0.2.9")
    assert [r for r in caplog.records if r.name != "asyncio"] == []
    assert capsys.readouterr() == ("", "")
    assert app.told == []


# --- what nobody should send -----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../uasocial.toml",
        "/a/../../uasocial.toml",
        "/a/gate/../../../uasocial.toml",
        "/a/%2e%2e/uasocial.toml",
        "/a/..%2f..%2fuasocial.toml/",
        "/a/gate%00/",
        "/a/%00/index.html",
        "/a/./gate/",
        "/a//gate/",
        "/a/.git/index.html",
        "/a/gate/action.yaml",
        "/a/gate/en.yaml",
        "/a/GATE/",
        "/a/gate%0a/",
        "/a/gate/en/%0d%0aset-cookie:%20a=b",
        "/%0a",
        "/%0d%0aset-cookie:a=b/en",
        "/a/%ff%fe/",
        "/a/gate%5c..%5c..%5cuasocial.toml",
        "/static/../uasocial.toml",
        "/a",
        "/a/",
        "/static/",
        "/" + "a/" * 5000,
        "/" + "x" * 100_000,
    ],
)
def test_no_address_leads_out_of_the_site(running, path):
    app = running()
    assert app(path).status == 404
    assert app(path, "HEAD").status == 404


PARTS = st.sampled_from(
    ["a", "gate", "en", "index.html", "..", ".", "", "static", "%2e%2e", "\x00", "\n", "\udcff"]
)


@given(parts=st.lists(PARTS | st.text(max_size=8), max_size=6), slash=st.booleans())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_address_is_an_error(standing, parts, slash):
    path = "/" + "/".join(parts) + "/" * slash
    try:
        answer = standing(quote(path, errors="surrogatepass"))
    except UnicodeDecodeError:
        return
    assert answer.status in (200, 307, 308, 404)
    assert "set-cookie" not in answer.headers
    assert standing.told == []


@pytest.fixture
def standing(running) -> Running:
    return running()
