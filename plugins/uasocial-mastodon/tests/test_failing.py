"""What goes wrong is told in one line that names the server, and means what it should."""

import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest

from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial.testing.loopback import Answer, Request, Server
from uasocial_mastodon.testing import FakeMastodon

Open = Callable[..., Publisher]
Ready = Callable[..., Prepared]

HTML = b"<!doctype html><title>A shop</title><p>Buy our gates!</p>"
TAKEN = b'{"id": "1", "url": "https://mastodon.example/@ours/1"}'
TOKEN = "fake-secret-of-the-account"


class Canned(Server):
    """Gives one answer to all, and takes down what it was asked."""

    def __init__(self, answer: Answer | None) -> None:
        self.canned = answer
        self.asked: list[Request] = []
        super().__init__()

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        return self.canned


def told(call: Callable[[], object], kind: type[PublisherError]) -> str:
    """Return what a call that fails says, if it is one line of that very kind without a secret."""
    with pytest.raises(PublisherError) as error:
        call()
    said = str(error.value)
    assert type(error.value) is kind, said
    assert "\n" not in said
    assert TOKEN not in said
    assert len(said) < 500
    return said


def host(server: Server) -> str:
    return server.url.removeprefix("http://")


# --- the account ---------------------------------------------------------------------------------


def test_a_revoked_token_is_the_accounts_fault_everywhere(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours")
    token = fake.grant("ours")
    publisher = opened(fake, token=token)
    assert publisher.check() == f"@ours@{host(fake)}"
    fake.revoke(token)
    for call in (publisher.check, lambda: publisher.create(ready("Open the gate"))):
        said = told(call, NotAuthorized)
        assert said.startswith(f"{host(fake)} does not take the token")
        assert "`uasocial accounts authorize` gets another" in said


def test_a_suspended_account_is_refused_in_clear_words(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours").suspended = True
    publisher = opened(fake, token=fake.grant("ours"))
    for call in (publisher.check, lambda: publisher.create(ready("Open the gate"))):
        assert "Your login is currently disabled" in told(call, NotAuthorized)
    assert fake.statuses == []


def test_a_suspension_that_only_the_account_tells_is_one(opened: Open) -> None:
    body = b'{"id": "1", "acct": "ours", "suspended": true}'
    with Canned(Answer(200, body)) as server:
        assert "is suspended" in told(opened(server.url, token=TOKEN).check, NotAuthorized)


def test_a_limited_account_is_told_and_works(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours").limited = True
    publisher = opened(fake, token=fake.grant("ours"))
    assert "limited by its moderators" in publisher.check()
    publisher.create(ready("Open the gate"))
    assert [status.visibility for status in fake.statuses] == ["unlisted"]


def test_a_token_without_the_scope_to_write_is_refused(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours")
    publisher = opened(fake, token=fake.grant("ours", ("read",)))
    said = told(lambda: publisher.create(ready("Open the gate")), NotAuthorized)
    assert "outside the authorized scopes" in said


# --- the server ----------------------------------------------------------------------------------


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_server_that_is_down_has_surely_taken_nothing(
    opened: Open, ready: Ready, nobody: str
) -> None:
    publisher = opened(nobody, token=TOKEN)
    for call in (
        publisher.check,
        publisher.limits,
        lambda: publisher.create(ready("Open the gate")),
        lambda: publisher.find(ready("Open the gate"), datetime.now(UTC)),
        lambda: publisher.resolve("minister"),
    ):
        assert "cannot be reached: nothing answers there" in told(call, Transient)


def test_a_name_that_is_no_server_is_told(
    opened: Open, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    publisher = opened("https://mastodon.invalid", token=TOKEN)
    said = told(lambda: publisher.create(ready("Open the gate")), Transient)
    assert said.startswith("mastodon.invalid: there is no such server")


def test_a_page_that_is_no_mastodon_is_said_to_be_none(opened: Open, ready: Ready) -> None:
    with Canned(Answer(200, HTML, {"Content-Type": "text/html"})) as server:
        publisher = opened(server.url, token=TOKEN)
        assert "answers what no Mastodon does" in told(publisher.check, PublisherError)
        assert "is no Mastodon server" in told(publisher.limits, PublisherError)
        # It may be a server that took the post and lost its tongue.
        told(lambda: publisher.create(ready("Open the gate")), OutcomeUnknown)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"taken"', b"{}", b'{"error": 1}', b"\xff"])
def test_an_answer_without_an_id_leaves_a_post_unknown(
    opened: Open, ready: Ready, body: bytes
) -> None:
    with Canned(Answer(200, body)) as server:
        publisher = opened(server.url, token=TOKEN)
        told(lambda: publisher.create(ready("Open the gate")), OutcomeUnknown)
        told(publisher.check, PublisherError)
        with pytest.raises(PublisherError):
            publisher.find(ready("Open the gate"), datetime.now(UTC))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, NotAuthorized),
        (403, NotAuthorized),
        (404, Rejected),
        (408, Transient),
        (413, Rejected),
        (422, Rejected),
        (425, Transient),
        (429, Transient),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (503, OutcomeUnknown),
        (504, OutcomeUnknown),
    ],
)
def test_what_a_status_means_of_a_post(
    opened: Open, ready: Ready, status: int, kind: type[PublisherError]
) -> None:
    """Only what proves that it was not taken leads to another try."""
    with Canned(
        Answer(status, b'{"error": "Gate\\u001b[31m closed' + b"!" * 999 + b'"}')
    ) as server:
        publisher = opened(server.url, token=TOKEN)
        said = told(lambda: publisher.create(ready("Open the gate")), kind)
        assert host(server) in said
        assert "\x1b" not in said
        assert len(server.asked) == 1


def test_a_redirect_is_not_followed_by_a_post_and_takes_no_token_elsewhere(
    opened: Open, ready: Ready
) -> None:
    with Canned(Answer(200, TAKEN)) as other:
        moved = Answer(308, headers={"Location": f"{other.url}/api/v1/statuses"})
        with Canned(moved) as server:
            publisher = opened(server.url, token=TOKEN)
            told(lambda: publisher.create(ready("Open the gate")), NotAuthorized)
            assert "sends elsewhere" in told(publisher.check, PublisherError)
        assert other.asked == []


def test_a_certificate_that_is_not_valid_is_told_and_nothing_is_sent(
    opened: Open, ready: Ready, self_signed: str
) -> None:
    publisher = opened(self_signed, token=TOKEN)
    for call in (publisher.check, lambda: publisher.create(ready("Open the gate"))):
        said = told(call, Transient)
        assert "its certificate is not valid (self" in said
        assert "nothing was sent" in said


def test_a_server_that_speaks_no_tls_is_told(opened: Open, ready: Ready) -> None:
    with Canned(Answer(200, TAKEN)) as server:
        publisher = opened(server.url.replace("http", "https"), token=TOKEN)
        said = told(lambda: publisher.create(ready("Open the gate")), Transient)
        assert "does not speak TLS" in said
        assert server.asked == []


@pytest.fixture
def self_signed(tmp_path: Path, lacking: Callable[[str], NoReturn]) -> Iterator[str]:
    """A TLS server that vouches for itself."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext"
    names = ["subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(["openssl", *asked.split(), *names], check=True, capture_output=True)
    except FileNotFoundError:
        lacking("openssl on this machine")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_shake_hands, args=(server, context), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"


def _shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(line, server_side=True) as wrapped:
                wrapped.recv(1)
        except OSError:
            line.close()


# --- how long, and how much ----------------------------------------------------------------------


def after(seconds: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("Retry-After", lambda: "120", 120),
        ("X-RateLimit-Reset", lambda: after(90).isoformat(), 90),
        ("X-RateLimit-Reset", lambda: str(int(after(90).timestamp())), 90),
        ("X-RateLimit-Reset", lambda: after(-9).isoformat(), 1),
        ("Retry-After", lambda: format_datetime(after(90), usegmt=True), 90),
        ("X-RateLimit-Reset", lambda: "soon", None),
        ("X-RateLimit-Reset", lambda: "9" * 400, None),
        ("X-Nothing", lambda: "120", None),
    ],
)
def test_how_long_to_wait_is_what_the_server_asks_for(
    opened: Open, ready: Ready, name: str, value: Callable[[], str], seconds: int | None
) -> None:
    headers = {name: value()}
    with Canned(Answer(429, b'{"error": "Too many requests"}', headers)) as server:
        publisher = opened(server.url, token=TOKEN)
        with pytest.raises(Transient) as error:
            publisher.create(ready("Open the gate"))
        asked = error.value.retry_after
        if seconds is None:
            assert asked is None
        else:
            assert asked is not None
            assert abs(asked.total_seconds() - seconds) < 5


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Reset": "soon", "X-RateLimit-Remaining": "few"},
        {"Deprecation": "true"},
        {"Link": "<<<>>>; rel"},
    ],
)
def test_odd_headers_of_a_post_that_was_taken_change_nothing(
    opened: Open, ready: Ready, headers: dict[str, str]
) -> None:
    """The library would raise that the rate limit is hit: the post would go out twice."""
    with Canned(Answer(200, TAKEN, headers)) as server:
        assert opened(server.url, token=TOKEN).create(ready("Open the gate")).remote_id == "1"


def test_an_answer_that_is_too_long_is_not_read_to_its_end(opened: Open) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    with Canned(Answer(200, bomb, {"Content-Encoding": "gzip"})) as server:
        begun = time.monotonic()
        told(opened(server.url, token=TOKEN).check, Transient)
        assert time.monotonic() - begun < 5


def test_an_answer_that_is_packed_is_read(opened: Open) -> None:
    body = gzip.compress(b'{"id": "1", "acct": "ours"}')
    with Canned(Answer(200, body, {"Content-Encoding": "gzip"})) as server:
        assert opened(server.url, token=TOKEN).check().startswith("@ours@")


def test_an_answer_that_drips_ends_in_time(
    opened: Open, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes within the patience of a read, and all of them never would."""
    monkeypatch.setattr("uasocial_mastodon.wire.LONGEST", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_drip, args=(server,), daemon=True).start()
        publisher = opened(f"http://127.0.0.1:{server.getsockname()[1]}", token=TOKEN)
        begun = time.monotonic()
        said = told(lambda: publisher.create(ready("Open the gate")), OutcomeUnknown)
        assert time.monotonic() - begun < 5
        assert "in time" in said


def _drip(server: socket.socket) -> None:
    line, _ = server.accept()
    with line:
        line.recv(65_536)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(1000):
                line.sendall(b" ")
                time.sleep(0.02)
        except OSError:
            return


def test_a_token_that_is_the_name_of_a_file_is_not_read_from_it(
    opened: Open, fake: FakeMastodon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would send what stands there, to where it stands there."""
    fake.join("ours")
    token = fake.grant("ours")
    monkeypatch.chdir(tmp_path)
    (tmp_path / token).write_text("another\nhttps://elsewhere.example\n", encoding="utf-8")
    assert opened(fake, token=token).check().startswith("@ours@")
