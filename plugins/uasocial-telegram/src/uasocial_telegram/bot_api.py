"""One call of the Bot API, over one connection of its own.

Plain HTTP of the standard library, for three reasons. The token is part of the address, and the
client libraries write addresses into their logs. To connect and to send are two steps here, so that
"surely not taken" can be told from "may have been taken". And there is nothing to import or to wait
for.
"""

import http.client
import ipaddress
import json
import re
import secrets
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from threading import Timer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from uasocial.errors import SettingsError
from uasocial.platforms.publisher import NotAuthorized, Transient
from uasocial_telegram.refusals import Unanswered, quoted, refusal

__all__ = ["SERVER", "BotAPI", "Photo"]

SERVER = "https://api.telegram.org"
# core.telegram.org/bots/api#authorizing-your-bot: "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
# No answer that we ask for is longer.
LONGEST = 1_000_000
SLOWER = 5
SERVER_ERROR = 500
REDIRECT = 300


class Photo(NamedTuple):
    """A file of a request: its field, its media type, its bytes."""

    field: str
    type: str
    content: bytes


class BotAPI:
    """Asks a server for one bot; *seconds* bound a call, and again to connect.

    With pictures a call may take *SLOWER* times as long.
    """

    def __init__(self, server: str, token: str, seconds: float) -> None:
        if not _TOKEN.fullmatch(token):
            raise NotAuthorized("the bot_token is none: @BotFather gives one such as 123456:ABC…")
        address = _address(server)
        self.host, self._port = address.hostname or "", address.port
        self._secure = address.scheme == "https"
        self._path = f"{address.path.rstrip('/')}/bot{token}/"
        self._seconds = seconds

    def call(
        self,
        method: str,
        fields: Mapping[str, Any],
        photos: tuple[Photo, ...] = (),
        *,
        unanswered: Unanswered = Transient,
    ) -> Any:
        """Return the result of a method; raise what a refusal stands for.

        *unanswered* is raised where the server may have done it without saying so.
        """
        body, kind = _multipart(fields, photos) if photos else _as_json(fields)
        seconds = self._seconds * (SLOWER if photos else 1)
        with closing(self._connected(seconds)) as connection, _ended_after(seconds, connection):
            self._send(connection, method, body, kind)
            status, said = self._answer(connection, unanswered)
        return self._result(status, said, unanswered)

    def _connected(self, seconds: float) -> http.client.HTTPConnection:
        """Return a connection that answers within that time."""
        connection = self._connection()
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            why = quoted(error.verify_message)
            raise Transient(
                f"{self.host}: its certificate is not valid ({why}): nothing was sent; look at "
                "`server` and at the clock of this machine"
            ) from None
        except OSError as error:
            why = quoted(error.strerror or type(error).__name__)
            raise Transient(f"{self.host} cannot be reached: {why}") from None
        connection.sock.settimeout(seconds)
        return connection

    def _connection(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self.host, self._port, timeout=self._seconds)
        return http.client.HTTPSConnection(
            self.host, self._port, timeout=self._seconds, context=_trust()
        )

    def _send(
        self, connection: http.client.HTTPConnection, method: str, body: bytes, kind: str
    ) -> None:
        headers = {"Content-Type": kind, "Connection": "close"}
        try:
            connection.request("POST", self._path + method, body, headers)
        except OSError as error:
            # The server has seen less than the whole: it cannot have taken it.
            raise Transient(f"{self.host} hung up: {type(error).__name__}") from None

    def _answer(
        self, connection: http.client.HTTPConnection, unanswered: Unanswered
    ) -> tuple[int, bytes]:
        try:
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST)
        except (OSError, http.client.HTTPException) as error:
            raise unanswered(f"no answer from {self.host}: {type(error).__name__}") from None

    def _result(self, status: int, body: bytes, unanswered: Unanswered) -> Any:
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if isinstance(said, dict) and "ok" in said:
            if said["ok"] is True and "result" in said:
                return said["result"]
            raise refusal(self.host, said, unanswered)
        what = f"{self.host} answers {status}, and not as a Bot API server: look at `server`"
        surely_not = REDIRECT <= status < SERVER_ERROR
        raise Transient(what) if surely_not else unanswered(what)


@cache
def _trust() -> ssl.SSLContext:
    """Return whom this machine trusts: to read all the authorities takes longer than a call."""
    return ssl.create_default_context()


def _address(server: str) -> Any:
    """Return a server's address in parts: over TLS, or on this machine; raise SettingsError."""
    try:
        address = urlsplit(server)
        _ = address.port
    except ValueError:
        address = urlsplit("")
    safe = address.scheme == "https" or (address.scheme == "http" and _is_here(address.hostname))
    if not safe or not address.hostname or address.username or address.query:
        raise SettingsError(
            f"server = {quoted(server)!r}: write https:// and a host, or http:// and an address of "
            "this machine"
        )
    return address


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


@contextmanager
def _ended_after(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """End a connection after that time, however often the server says a little."""
    link = connection.sock

    def end() -> None:
        with suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _as_json(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    return json.dumps(fields).encode(), "application/json"


def _multipart(fields: Mapping[str, Any], photos: tuple[Photo, ...]) -> tuple[bytes, str]:
    """Return a form of fields and files (RFC 7578), and its media type."""
    boundary = secrets.token_hex(16)
    parts = [_part(f'name="{name}"', "", _plain(value)) for name, value in fields.items()]
    for field, kind, content in photos:
        named = f'name="{field}"; filename="{field}"'
        parts.append(_part(named, f"Content-Type: {kind}\r\n", content))
    opening, ending = f"--{boundary}\r\n".encode(), f"--{boundary}--\r\n".encode()
    body = b"".join(opening + part for part in parts) + ending
    return body, f"multipart/form-data; boundary={boundary}"


def _part(named: str, header: str, content: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {named}\r\n{header}\r\n"
    return head.encode() + content + b"\r\n"


def _plain(value: Any) -> bytes:
    """Return a field as a form has it: a text as it is, anything else as JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()
