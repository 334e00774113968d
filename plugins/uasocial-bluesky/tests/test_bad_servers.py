"""Servers that are down, that are none of Bluesky's, or that lie: one clear line each."""

import ipaddress
import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from uasocial.errors import SettingsError
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial.testing.loopback import Answer, Request, Server
from uasocial_bluesky.testing.account import Ours

Opened = Callable[[dict[str, str], str], Ours]

DID = "did:plc:abc"
HTML = b"<!DOCTYPE html><title>Welcome</title>" + b"x" * 5000
JSON = {"Content-Type": "application/json"}


class Saying(Server):
    """Gives the same answer to everything; with a session kept, nobody asks for one."""

    def __init__(self, *said: Any) -> None:
        self.said = Answer(*said)
        self.asked: list[Request] = []
        super().__init__()

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        return self.said


@pytest.fixture
def at(opened: Opened) -> Callable[[str], Ours]:
    """Open an account at an address, with a session."""

    def open_at(address: str) -> Ours:
        account = opened({"handle": "samar.test", "service": address}, "fake-password")
        about = {"of": f"samar.test {address}", "server": address, "did": DID}
        hidden = json.dumps(about).encode().hex()
        account.keeping.keep(about=hidden, access="fake-access", refresh="fake-refresh")
        return account

    return open_at


def assert_clear(error: PublisherError, host: str) -> None:
    said = f"{error}"
    assert host in said
    assert len(said) < 500
    assert said.isprintable()
    assert "fake-" not in said


def outcomes(account: Ours) -> list[PublisherError]:
    """Return the errors of check, prepare, create and find, in this order."""
    picture = account.picture()
    prepared = account.prepared()
    calls = (
        account.publisher.check,
        lambda: account.prepared(media=(picture,)),
        lambda: account.publisher.create(prepared),
        lambda: account.publisher.find(prepared, datetime.now(UTC)),
    )
    found = []
    for call in calls:
        with pytest.raises(PublisherError) as error:
            call()
        found.append(error.value)
    return found


PAGE = {"Content-Type": "text/html"}
# What check, prepare, create and find make of it. Only a create may have been taken.
UNCLEAR = (Transient, Transient, OutcomeUnknown, Transient)
PUT_OFF = (Transient,) * 4


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # A page of something else, or half an answer, as if all were well.
        ((200, HTML, PAGE), UNCLEAR),
        ((200, b"[]", JSON), UNCLEAR),
        ((200, b"{}", JSON), UNCLEAR),
        ((200, b'{"uri": 1, "blob": 1}', JSON), UNCLEAR),
        ((200, b"{", JSON), UNCLEAR),
        ((200, b"", {}), UNCLEAR),
        ((200, b"{}", JSON | {"Content-Encoding": "br"}), UNCLEAR),
        ((200, b" " * 3_000_000, JSON), UNCLEAR),
        # One behind which the server is down: it may have been there a moment ago.
        ((502, HTML, PAGE), UNCLEAR),
        ((500, b'{"error": "InternalServerError"}', JSON), UNCLEAR),
        # A web server without a server of Bluesky's behind it.
        ((404, HTML, PAGE), PUT_OFF),
        ((403, HTML, PAGE), PUT_OFF),
        ((429, b"", {"Retry-After": "60"}), PUT_OFF),
        ((401, b'{"error": "AuthMissing"}', JSON), (NotAuthorized,) * 4),
        ((413, HTML, {}), (Rejected, Rejected, Rejected, CannotTell)),
        (
            (400, b'{"error": "InvalidRequest", "message": "No"}', JSON),
            (NotAuthorized, Rejected, Rejected, CannotTell),
        ),
    ],
)
def test_every_answer_means_what_it_proves(
    at: Callable[[str], Ours], said: Any, expected: tuple[type[PublisherError], ...]
) -> None:
    with Saying(*said) as server:
        account = at(server.url)
        found = outcomes(account)
        for error in found:
            assert_clear(error, server.url.removeprefix("http://"))
        assert tuple(map(type, found)) == expected


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "60"}, timedelta(seconds=60)),
        ({"Retry-After": "1e99"}, timedelta(days=1)),
        ({"RateLimit-Reset": "1"}, timedelta(0)),
        ({"RateLimit-Reset": "99999999999999999999"}, None),
        ({"RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
def test_a_server_that_wants_to_be_left_alone_says_for_how_long(
    at: Callable[[str], Ours], headers: dict[str, str], wait: timedelta | None
) -> None:
    with Saying(429, b"", headers) as server:
        with pytest.raises(Transient) as error:
            at(server.url).publisher.check()
        assert error.value.retry_after == wait


def test_nothing_is_sent_on_to_where_a_server_points(at: Callable[[str], Ours]) -> None:
    with Saying(200, b"{}", JSON) as elsewhere:
        with Saying(307, b"", {"Location": f"{elsewhere.url}/xrpc"}) as server:
            found = outcomes(at(server.url))
        assert elsewhere.asked == []
    assert [type(error) for error in found] == [Transient, Transient, OutcomeUnknown, Transient]
    assert "sends us elsewhere" in f"{found[0]}"


def test_what_a_server_says_is_quoted_in_one_short_line(at: Callable[[str], Ours]) -> None:
    said = {"error": "InvalidRequest", "message": "\x1b[31m" + "no\n" * 1000}
    with Saying(400, json.dumps(said).encode(), JSON) as server:
        with pytest.raises(Rejected) as error:
            at(server.url).create(media=())
        assert_clear(error.value, "127.0.0.1")


def test_a_server_that_is_down_has_surely_taken_nothing(at: Callable[[str], Ours]) -> None:
    with Saying(200) as server:
        url = server.url
    found = outcomes(at(url))
    assert [type(error) for error in found] == [Transient] * 4
    assert "cannot be reached" in f"{found[0]}"


def test_a_post_whose_answer_breaks_off_may_be_live(at: Callable[[str], Ours]) -> None:
    class Silent(Saying):
        def answer(self, request: Request) -> Answer | None:
            super().answer(request)
            return None

    with Silent(200) as server:
        found = outcomes(at(server.url))
    assert [type(error) for error in found] == [Transient, Transient, OutcomeUnknown, Transient]


def test_a_certificate_that_nobody_vouches_for_is_said_so(
    at: Callable[[str], Ours], tmp_path: Path
) -> None:
    with Saying(200) as server:
        secure(server, tmp_path)
        url = server.url.replace("http:", "https:")
        found = outcomes(at(url))
    assert [type(error) for error in found] == [Transient] * 4
    assert "certificate" in f"{found[0]}"
    assert "127.0.0.1" in f"{found[0]}"


def secure(server: Saying, folder: Path) -> None:
    """Let a server speak TLS, with a certificate of its own making."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    write_certificate(key, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    inner = vars(server)["_server"]
    inner.socket = context.wrap_socket(inner.socket, server_side=True)


def write_certificate(key_file: Path, certificate_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here, now = x509.IPAddress(ipaddress.ip_address("127.0.0.1")), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    key_file.write_bytes(
        key.private_bytes(form, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    certificate_file.write_bytes(made.public_bytes(form))


@pytest.mark.parametrize(
    "settings",
    [
        {"handle": "samar.test", "service": "http://pds.example.org"},
        {"handle": "a.test", "card": "no"},
    ],
)
def test_settings_that_are_wrong_are_refused_when_the_account_is_opened(
    settings: dict[str, str],
) -> None:
    with pytest.raises(SettingsError):
        Ours(settings, "fake-password")
