"""What X answers to the one call, and what becomes of the post: proven refusals, and the rest."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, NoReturn

import pytest
import requests

from uasocial.errors import SettingsError
from uasocial.keeping import Keeping
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial.testing.loopback import Answer
from uasocial.testing.opening import opened
from uasocial_x import OAUTH1, OAUTH2
from uasocial_x.answers import asked
from uasocial_x.line import Answered, Unanswered, failure
from uasocial_x.publisher import X
from uasocial_x.testing import XNetwork

Make = Callable[..., Prepared]
TEXT = "Samar Belkori must be free"
PAGE = Answer(200, b"<html>Just a moment</html>", {"Content-Type": "text/html"})


class Case(NamedTuple):
    """What X answers, what that means, and what is said of it."""

    answer: Answer
    meaning: type[PublisherError]
    said: str


def problem(status: int, detail: str, kind: str = "", **headers: str) -> Answer:
    said = {"title": "No", "detail": detail, "type": kind or "about:blank", "status": status}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(said).encode(), {**named, "Content-Type": "application/json"})


def answered(network: XNetwork, ours: Publisher, made: Prepared, answer: Answer) -> PublisherError:
    """Return what creating a post raises where X answers that; nothing may be made again."""
    network.fake.instead = answer
    network.fake.calls.clear()
    with pytest.raises(PublisherError) as error:
        ours.create(made)
    network.fake.instead = None
    assert network.fake.calls == [("POST", "2/tweets")]
    assert len(str(error.value)) < 600
    assert "\n" not in str(error.value)
    return error.value


@pytest.mark.parametrize(
    "case",
    [
        Case(problem(400, "text: is not right"), Rejected, "is not right"),
        Case(problem(403, "Your Tweet text is too long."), Rejected, "too long"),
        Case(problem(403, "The user is suspended", "…/user-suspended"), NotAuthorized, "appeal"),
        Case(
            problem(403, "Your account is temporarily locked."), NotAuthorized, "unlock it at x.com"
        ),
        Case(
            problem(403, "No.", "…/oauth1-permissions"), NotAuthorized, "let the app read and write"
        ),
        Case(
            problem(403, "You are not permitted to perform this action."), NotAuthorized, "log in"
        ),
        Case(problem(402, "no credits"), NotAuthorized, "credits are used up"),
        Case(problem(401, "Unauthorized"), NotAuthorized, "uasocial accounts authorize"),
        Case(Answer(401), NotAuthorized, "uasocial accounts authorize"),
        Case(problem(404, "Not Found"), Rejected, "404"),
        Case(problem(500, "Oops"), OutcomeUnknown, "500"),
        Case(problem(503, "Service Unavailable"), OutcomeUnknown, "503"),
        Case(problem(408, "Request Timeout"), OutcomeUnknown, "408"),
        Case(PAGE, OutcomeUnknown, "answers 200"),
        Case(PAGE._replace(status=403), OutcomeUnknown, "answers 403"),
        Case(PAGE._replace(status=404), OutcomeUnknown, "answers 404"),
        Case(Answer(201, b"[]"), OutcomeUnknown, "answers 201"),
        Case(Answer(201, b'{"data": {}}'), OutcomeUnknown, "no id"),
        Case(Answer(400, b'["a", "list"]'), OutcomeUnknown, "answers 400"),
        Case(Answer(307, headers={"Location": "/2/tweets"}), OutcomeUnknown, "answers 307"),
        Case(problem(400, "x" * 5000 + "\x1b[31m"), Rejected, "answers 400"),
    ],
    ids=lambda case: f"{case.answer.status} {case.said}",
)
def test_only_an_answer_of_x_that_says_so_proves_that_nothing_was_taken(
    network: XNetwork, ours: Publisher, prepared: Make, case: Case
) -> None:
    error = answered(network, ours, prepared(TEXT), case.answer)
    assert type(error) is case.meaning
    assert case.said in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-rate-limit-reset": 300}, 300),
        ({"x-rate-limit-reset": 300, "x-rate-limit-remaining": "0"}, 300),
        ({"x-user-limit-24hour-reset": 7200}, 7200),
        ({"x-app-limit-24hour-reset": 3600}, 3600),
        # The day is used up, and the quarter of an hour is not.
        (
            {
                "x-rate-limit-reset": 300,
                "x-rate-limit-remaining": "9",
                "x-user-limit-24hour-reset": 7200,
                "x-user-limit-24hour-remaining": "0",
            },
            7200,
        ),
        # X says no for a reason that it does not tell.
        ({"x-rate-limit-reset": 300, "x-rate-limit-remaining": "9"}, 300),
        ({"x-rate-limit-reset": -300}, 1),
        ({"x-rate-limit-reset": "soon"}, 900),
        ({}, 900),
    ],
)
def test_a_limit_of_any_form_says_when_it_is_lifted(
    network: XNetwork,
    ours: Publisher,
    prepared: Make,
    headers: Mapping[str, int | str],
    seconds: int,
) -> None:
    """Without any moment it is the window of most limits."""
    now = round(time.time())
    named = {k: str(now + v) if isinstance(v, int) else v for k, v in headers.items()}
    error = answered(network, ours, prepared(TEXT), problem(429, "Too Many Requests", **named))
    assert isinstance(error, Transient)
    assert error.retry_after is not None
    assert abs(error.retry_after - timedelta(seconds=seconds)) <= timedelta(seconds=3)


def test_a_limit_is_lifted_by_the_clock_of_x() -> None:
    """Ours may be years off, and the wait is right."""
    headers = {"x-rate-limit-reset": "1000000120", "Date": "Sun, 09 Sep 2001 01:46:40 GMT"}
    meant = asked(Answered(429, headers, {}), "a call")
    assert isinstance(meant, Transient)
    assert meant.retry_after == timedelta(seconds=120)


def test_the_posts_of_a_day_may_be_used_up_and_others_are_told_when(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.day_is_full = True
    with pytest.raises(Transient) as error:
        ours.create(prepared(TEXT))
    assert error.value.retry_after is not None
    assert timedelta(hours=1) < error.value.retry_after <= timedelta(hours=2)


def test_after_the_last_call_of_a_window_comes_429_and_headers_said_so_before(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.left["POST", "tweets"] = 1
    ours.create(prepared(TEXT))
    with pytest.raises(Transient) as error:
        ours.create(prepared(f"{TEXT} now"))
    assert error.value.retry_after is not None
    assert timedelta(0) < error.value.retry_after <= timedelta(minutes=15)


def test_who_has_no_credits_or_is_suspended_is_told_what_to_do(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.pauper = True
    with pytest.raises(NotAuthorized, match=r"buy more at console\.x\.com"):
        ours.create(prepared(TEXT))
    network.fake.pauper = False
    network.user.suspended = True
    for call in (ours.check, lambda: ours.create(prepared(TEXT))):
        with pytest.raises(NotAuthorized, match=r"appeal at help\.x\.com"):
            call()


def test_an_answer_to_a_post_that_is_gone_is_refused_for_good(
    ours: Publisher, prepared: Make
) -> None:
    with pytest.raises(Rejected, match="deleted or not visible"):
        ours.create(prepared(TEXT, answers="1990000000000000001"))


def test_a_server_that_is_down_has_surely_taken_nothing(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.close()
    for call in (lambda: ours.create(prepared(TEXT)), ours.check):
        with pytest.raises(Transient, match=r"api\.twitter\.com cannot be reached: .*refused"):
            call()
    with pytest.raises(Transient):
        ours.find(prepared(TEXT), datetime.now(UTC))


def test_an_error_that_the_caller_has_at_hand_is_no_part_of_ours(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    """A worker may be looking at a refused connection while it makes the call that is lost."""
    network.lose_request()
    try:
        with socket.create_connection(("127.0.0.1", 1), timeout=1):
            raise AssertionError
    except OSError:
        with pytest.raises(OutcomeUnknown):
            ours.create(prepared(TEXT))


def test_an_answer_that_comes_too_late_is_found_afterwards(
    network: XNetwork, hasty: X, prepared: Make
) -> None:
    since, made = datetime.now(UTC), prepared(TEXT)
    network.fake.stall = Event()
    with pytest.raises(OutcomeUnknown, match="no answer in time"):
        hasty.create(made)
    network.fake.stall.set()
    found = hasty.find(made, since)
    assert found is not None
    assert found.remote_id == network.fake.posts[0].id
    assert found.permalink.endswith(found.remote_id)


@pytest.fixture
def impostor(tmp_path: Path, lacking: Callable[[str], NoReturn]) -> Iterator[str]:
    """A server whose certificate nobody has signed but itself."""
    if find_spec("cryptography") is None:
        lacking("cryptography to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                while True:
                    connection, _ = listening.accept()
                    with connection, context.wrap_socket(connection, server_side=True):
                        pass
            except OSError:
                return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _certificate(folder: Path) -> Path:
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "api.twitter.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    ).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "impostor.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file


def test_a_certificate_that_is_not_to_be_trusted_ends_the_call_before_it_begins(
    network: XNetwork, impostor: str, prepared: Make
) -> None:
    keeping = Keeping("x", "ours", network.secrets)
    publisher = opened(OAUTH1, {"server": impostor}, keeping)
    with pytest.raises(Transient, match="its certificate is not to be trusted"):
        publisher.create(prepared(TEXT))


def test_the_same_words_again_are_looked_for_and_found_or_left_to_a_person(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    """X's no is a hint: it names no post, and says nothing of who has made it."""
    since, made = datetime.now(UTC), prepared(TEXT)
    made = made._replace(data=ours.prepare(made, lambda _: b""))
    ours.create(made)
    with pytest.raises(OutcomeUnknown, match="duplicate"):
        ours.create(made)
    found = ours.find(made, since)
    assert found is not None
    assert found.remote_id == network.fake.posts[0].id
    network.fake.posts[0].at -= 3600
    with pytest.raises(CannotTell, match="has called the post a duplicate"):
        ours.find(made, since)


def test_a_hint_of_another_post_says_nothing_of_this_one(ours: Publisher, prepared: Make) -> None:
    since = datetime.now(UTC)
    ours.create(prepared(TEXT))
    with pytest.raises(OutcomeUnknown):
        ours.create(prepared(TEXT))
    assert ours.find(prepared(f"{TEXT}, too"), since) is None


def test_who_may_not_look_cannot_tell(network: XNetwork, ours: Publisher, prepared: Make) -> None:
    network.revoke()
    with pytest.raises(CannotTell, match="uasocial accounts authorize"):
        ours.find(prepared(TEXT), datetime.now(UTC))


@pytest.mark.parametrize(
    "answer", [PAGE, PAGE._replace(status=404), problem(503, "busy"), problem(429, "slowly")]
)
def test_a_look_up_that_is_not_answered_is_made_again(
    network: XNetwork, ours: Publisher, prepared: Make, answer: Answer
) -> None:
    network.fake.instead = answer
    with pytest.raises(Transient):
        ours.find(prepared(TEXT), datetime.now(UTC))


def test_no_other_machine_is_taken_for_x(network: XNetwork) -> None:
    keeping = Keeping("x", "ours", network.secrets)
    with pytest.raises(SettingsError, match="is for tests on this machine"):
        opened(OAUTH1, {"server": "https://x.example"}, keeping)


def test_a_netrc_is_not_taken_for_the_account(
    network2: XNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("default login someone password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    keeping = Keeping("x", "ours", network2.secrets)
    assert opened(OAUTH2, network2.settings, keeping).check() == network2.owner


def test_an_answer_that_a_proxy_cuts_off_proves_nothing() -> None:
    """The libraries say of it that the proxy could not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def cut() -> None:
            client, _ = proxy.accept()
            with client:
                client.recv(65_536)

        thread = Thread(target=cut)
        thread.start()
        at = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        with pytest.raises(requests.exceptions.ProxyError) as error:
            requests.post("http://x.example/2/tweets", proxies={"http": at}, timeout=10)
        thread.join()
    assert isinstance(failure(error.value, None), Unanswered)
