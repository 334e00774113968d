"""`uasocial serve` as a process: what it says, whom it answers, and how it ends."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.site.gates import WORDS, facts_of

TODAY = datetime.now(UTC).date()
FACTS = facts_of(since=TODAY - timedelta(days=9), deadline=TODAY + timedelta(days=9))
STOP = f"ended: {{how: stop, on: {TODAY - timedelta(days=1)}}}\n"
PATIENCE = 30


class Answer(NamedTuple):
    """What came back, with the names of its headers in lower case."""

    status: int
    headers: dict[str, str]
    text: str


class Serving:
    """A server as a process of its own; *said* is what it wrote first."""

    def __init__(self, root: Path, *args: str) -> None:
        code = "from uasocial.cli import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, "--project", str(root), "serve", "--port", "0", *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Nothing is read ahead of the line that is asked for: `communicate` gets the rest.
            bufsize=0,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        )
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        self.said = self._process.stdout.readline().decode()
        watch.cancel()
        found = re.match(r"http://(?:\[::1\]|[\w.]+):(\d+)/ ", self.said)
        assert found, f"{self.said}{self.close()}"
        self.port = int(found[1])

    def get(self, path: str, host: str = "127.0.0.1", **said: str) -> Answer:
        connection = http.client.HTTPConnection(host, self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in said.items()}
        connection.request("GET", path, headers=named)
        got = connection.getresponse()
        headers = {name.lower(): value for name, value in got.getheaders()}
        answer = Answer(got.status, headers, got.read().decode("utf-8", "replace"))
        connection.close()
        return answer

    def raw(self, sent: bytes) -> bytes:
        """Send bytes as they are, and return the first line of what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(sent)
            with connection.makefile("rb") as answer:
                return answer.readline()

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Send a signal, and return the status, and what was written after the first line."""
        self._process.send_signal(number)
        out, err = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, out.decode(), err.decode()

    def close(self) -> str:
        if self._process.poll() is None:
            self._process.kill()
        return b"".join(self._process.communicate(timeout=PATIENCE)).decode()


@pytest.fixture
def serve(cases) -> Iterator[Callable[..., Serving]]:
    begun: list[Serving] = []
    cases.write("gate", FACTS, en=WORDS)

    def run(*args: str) -> Serving:
        begun.append(Serving(cases.root, *args))
        return begun[-1]

    yield run
    for one in begun:
        one.close()


def test_it_says_where_it_is_what_it_shows_and_how_it_ends(serve, cases):
    serving = serve()
    assert serving.said == (
        f"http://127.0.0.1:{serving.port}/ shows {cases.root}: 1 open action. Ctrl-C ends it.\n"
    )


def test_pages_are_fresh_and_a_stop_shows_at_once(serve, cases):
    serving = serve()
    assert "mailto:" in serving.get("/a/gate/en/").text
    with (cases.root / "actions" / "gate" / "action.yaml").open("a") as file:
        file.write(STOP)
    answer = serving.get("/a/gate/en/")
    assert answer.status == 200
    assert "mailto:" not in answer.text


def test_many_are_answered_at_once(serve):
    serving = serve()
    paths = ["/", "/en/", "/a/gate/en/", "/a/gate/en/share.png", "/a/gate/pack.zip", "/none"] * 8
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda path: serving.get(path).status, paths))
    assert found == [404 if path == "/none" else 200 for path in paths]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(serve, number):
    serving = serve()
    assert serving.get("/en/").status == 200
    assert serving.end(number) == (0, "", "")


def test_it_ends_though_somebody_holds_on_to_a_connection(serve):
    serving = serve()
    with socket.create_connection(("127.0.0.1", serving.port), PATIENCE) as connection:
        connection.sendall(b"GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
        assert serving.end(signal.SIGINT)[0] == 0


def test_nothing_is_written_down_about_who_reads(serve):
    serving = serve()
    serving.get("/a/gate/en/?from=somebody", user_agent="a phone", x_forwarded_for="192.0.2.9")
    serving.get("/none", referer="https://elsewhere.example/")
    assert serving.end(signal.SIGINT) == (0, "", "")


def test_what_a_header_says_of_the_way_is_not_believed(serve):
    answer = serve().get("/en/", x_forwarded_proto="https", x_forwarded_for="192.0.2.9")
    assert "strict-transport-security" not in answer.headers


def test_an_answer_does_not_name_the_program_that_made_it(serve):
    answer = serve().get("/en/")
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_browser_finds_nothing_forbidden_and_asks_nobody_else(
    serve, page_at, no_stranger_requests, no_cookies
):
    origin = f"http://127.0.0.1:{serve().port}"
    for path in ("/en/", "/a/gate/", "/a/gate/en/"):
        visit = page_at(f"{origin}{path}")
        no_stranger_requests(visit.log, origin)
        no_cookies(visit.context)
        assert visit.log.violations == []
        assert visit.log.errors == []


def test_any_asgi_server_serves_the_project_of_the_environment(cases):
    cases.write("gate", FACTS, en=WORDS)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        options = ("--factory", "--no-access-log", "--fd", str(listener.fileno()))
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *options, "uasocial.site.asgi:application"],
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            # Nothing is read ahead of the line that is asked for: `communicate` gets the rest.
            bufsize=0,
            env={**os.environ, "UASOCIAL_PROJECT": str(cases.root)},
        )
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/a/gate/en/")
            answer = connection.getresponse()
            assert answer.status == 200
            assert b"Open the gate" in answer.read()
            connection.close()
        finally:
            process.terminate()
            said = process.communicate(timeout=PATIENCE)[1].decode()
    assert "127.0.0.1:" not in said
    assert "/a/gate" not in said


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/../../uasocial.toml", 404),
        (b"/%2e%2e/%2e%2e/uasocial.toml", 404),
        (b"/%00%ff%0d%0a", 404),
        (b"/%", 404),
        (b"//en/", 404),
        (b"/" + b"x" * 60_000, 404),
        (b"*", 404),
        (b"http://elsewhere.example/en/", 200),
    ],
)
def test_odd_targets_are_answered_like_any_other(serve, target, status):
    serving = serve()
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    first = serving.raw(sent)
    assert first.startswith((b"HTTP/1.1 %d " % status, b"HTTP/1.1 400 "))
    assert serving.get("/en/").status == 200
    code, out, err = serving.end(signal.SIGINT)
    assert (code, out) == (0, "")
    assert "Traceback" not in err


def test_a_broken_case_is_told_on_standard_error(serve, cases):
    serving = serve()
    (cases.root / "actions" / "gate" / "en.yaml").write_text("title: [\n")
    assert serving.get("/a/gate/en/").status == 503
    err = serving.end(signal.SIGINT)[2]
    assert len(err.splitlines()) == 1
    assert "gate: 1 fault, in " in err
    assert "gate/en.yaml:2: uasocial check gate" in err


def test_a_file_that_nothing_reads_is_told_on_standard_error(serve, cases):
    (cases.root / "site").mkdir()
    (cases.root / "site" / "logo.jpg").touch()
    said = "site/logo.jpg: nothing reads it: logo.svg or logo.png is read\n"
    assert serve().end(signal.SIGINT)[2] == said


def test_a_rehearsal_is_marked_as_one(serve):
    serving = serve("--as-of", str(TODAY + timedelta(days=30)))
    assert "0 open actions" in serving.said
    answer = serving.get("/a/gate/en/")
    assert "Rehearsal" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "nothing here is to be sent" in serving.end(signal.SIGINT)[1]


def test_the_whole_network_is_served_only_with_a_warning(serve):
    serving = serve("--host", "0.0.0.0")
    assert serving.said.startswith("http://127.0.0.1:")
    assert "Everybody in this network can read it" in serving.end(signal.SIGINT)[2]


def test_the_newer_protocol_is_served_too(serve):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")
    serving = serve("--host", "::1")
    assert serving.said.startswith("http://[::1]:")
    assert serving.get("/en/", "::1").status == 200


def test_a_port_that_is_taken_is_told_with_one_that_is_free(cases, uasocial):
    cases.write("gate", FACTS, en=WORDS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = uasocial("serve", "--port", str(port), cwd=cases.root)
    assert ended.status == 1
    assert ended.out == ""
    found = re.fullmatch(
        rf"port {port} is taken by another program: "
        r"take another: `uasocial serve --port (\d+)`\n",
        ended.err,
    )
    assert int(found[1]) > port


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid", "a..b", "x" * 70])
def test_a_host_that_is_not_here_is_one_line(cases, command, monkeypatch, host):
    cases.write("gate", FACTS, en=WORDS)
    monkeypatch.chdir(cases.root)
    monkeypatch.setattr(socket, "getaddrinfo", _resolved)
    ended = command("serve", "--host", host)
    assert ended.status == 1
    assert ended.err.count("\n") == 1
    assert "take 127.0.0.1" in ended.err


def _resolved(host, port, **_):
    """Resolve a name as a machine without a network does."""
    if not host.startswith("192."):
        host.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port))]


def test_settings_that_are_wrong_are_told_before_anything_is_served(cases, command, monkeypatch):
    cases.settings("nonsense = 1\n")
    monkeypatch.chdir(cases.root)
    ended = command("serve", "--port", "0")
    assert ended.status == 1
    assert "uasocial.toml" in ended.err


def test_a_base_that_is_no_address_is_told_before_anything_is_served(cases, command, monkeypatch):
    monkeypatch.chdir(cases.root)
    ended = command("serve", "--port", "0", "--base", "act.example.org")
    assert (ended.status, ended.out) == (1, "")
    assert "has no https:// in front" in ended.err


def test_the_sample_is_never_shown_as_if_it_were_real(tmp_path):
    """Whoever finds it in a network must not write to somebody who does not exist."""
    code = "from uasocial.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    ) as process:
        try:
            said = process.stdout.readline().decode()
            address = said.partition(" ")[0]
            with urllib.request.urlopen(f"{address}en/", timeout=PATIENCE) as answer:
                assert '<p class="rehearsal"' in answer.read().decode()
        finally:
            process.kill()
