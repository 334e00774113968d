"""One relay, and one thing asked of it over a connection of its own.

The client of nostr-sdk tells what became of an event in prose, and waits in vain for an answer that
names no event, such as nostr-relay gives to what it refuses. Who must know whether a post may have
been taken reads the answer itself.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from threading import Timer
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from uasocial.errors import printable
from uasocial_nostr.signing import Event

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

__all__ = ["Outcome", "Relay", "Said", "Unreached", "quoted"]

# taken      the relay has the event
# refused    it says that it has not
# unreached  nothing was sent
# silent     it was sent, and nothing came back
Outcome = Literal["taken", "refused", "unreached", "silent"]
# Nothing that a relay tells us is longer, in bytes.
LONGEST = 1_000_000
# Of what a relay says no more is shown.
SHOWN = 300
# NIP-42: what a relay answers to one who has not yet said who it is.
ASKS_WHO = ("auth-required:", "restricted:")

Authenticate = Callable[[str, str], Event]


class Said(NamedTuple):
    """What a relay made of an event."""

    relay: str
    outcome: Outcome
    why: str = ""


class Unreached(Exception):  # noqa: N818 - named for what happened
    """No relay answered there, or not in time."""


class Relay:
    """The relay at *url*; *seconds* bound what is asked, and again to connect.

    *authenticate* signs who we are, for the relays that want to know: an address, a challenge.
    """

    def __init__(self, url: str, seconds: float, authenticate: Authenticate) -> None:
        self.url, self._seconds, self._authenticate = url, seconds, authenticate
        self.name = quoted(url.partition("://")[2])

    def publish(self, event: Event) -> Said:
        """Hand an event over, once; raise nothing."""
        try:
            with self._connected() as connection:
                return self._published(connection, event)
        except Unreached as error:
            return Said(self.name, "unreached", f"{error}")

    def fetch(self, event_id: str) -> Event | None:
        """Return an event, None where the relay says that it has none; raise Unreached."""
        with self._connected() as connection:
            talk = _Talk(connection, self._seconds, self._who)
            try:
                return talk.look_up(event_id)
            except _silences() as error:
                raise Unreached(f"{self.name} does not answer ({_reason(error)})") from None

    def reach(self) -> None:
        """Connect and no more; raise Unreached."""
        with self._connected():
            pass

    def information(self) -> dict[str, Any]:
        """Return what the relay says of itself (NIP-11), `{}` for nothing; raise Unreached."""
        address = urlsplit(self.url)
        place = address.hostname or "", address.port
        connection = _http(*place, self._seconds, secure=self._secure)
        path = f"{address.path or '/'}{f'?{address.query}' if address.query else ''}"
        try:
            connection.connect()
            with _ended_after(self._seconds, connection.sock):
                connection.request("GET", path, headers={"Accept": "application/nostr+json"})
                said = connection.getresponse().read(LONGEST)
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(f"{self.name} cannot be reached ({_reason(error)})") from None
        finally:
            connection.close()
        return _object(said)

    @property
    def _secure(self) -> bool:
        return self.url.startswith("wss:")

    def _who(self, challenge: str) -> Event:
        return self._authenticate(self.url, challenge)

    def _published(self, connection: "ClientConnection", event: Event) -> Said:
        talk = _Talk(connection, self._seconds, self._who)
        try:
            taken, why = talk.hand_over(event)
        except _silences() as error:
            return Said(self.name, "silent", f"{self.name} does not answer ({_reason(error)})")
        # NIP-01: "duplicate:" of an event that is there already.
        outcome: Outcome = "taken" if taken or why.startswith("duplicate:") else "refused"
        return Said(self.name, outcome, why)

    @contextmanager
    def _connected(self) -> Iterator["ClientConnection"]:
        from websockets.exceptions import WebSocketException  # noqa: PLC0415 - only who publishes
        from websockets.sync.client import connect  # noqa: PLC0415 - only who publishes

        with ExitStack() as stack:
            try:
                connection = stack.enter_context(
                    connect(
                        self.url,
                        ssl=_trust() if self._secure else None,
                        open_timeout=self._seconds,
                        close_timeout=1,
                        max_size=LONGEST,
                        compression=None,
                        user_agent_header="uasocial",
                    )
                )
            except OSError as error:
                raise Unreached(f"{self.name} cannot be reached ({_reason(error)})") from None
            except (EOFError, WebSocketException) as error:
                raise Unreached(f"{self.name} is no relay ({_reason(error)})") from None
            yield connection


class _Talk:
    """What is said on one connection, until a moment; TimeoutError after it."""

    def __init__(
        self, connection: "ClientConnection", seconds: float, who: Callable[[str], Event]
    ) -> None:
        self._connection, self._who = connection, who
        self._until = time.monotonic() + seconds
        self._challenge = ""

    def hand_over(self, event: Event) -> tuple[bool, str]:
        """Return whether an event was taken, and what was said of it."""
        self._say("EVENT", event)
        for word, about, *rest in self._heard():
            # nostr-relay 1.14, web.py: what is refused for an error is named "". Only one event is
            # under way here.
            if word == "OK" and about in {event["id"], ""} and len(rest) > 1:
                taken, why = rest[0] is True, quoted(rest[1])
                if taken or not self._introduced(why):
                    return taken, why
                self._say("EVENT", event)
        raise TimeoutError

    def look_up(self, event_id: str) -> Event | None:
        """Return an event; None where the relay has come to the end of what it holds."""
        self._say("REQ", "one", {"ids": [event_id], "limit": 1})
        for word, about, *rest in self._heard():
            if word == "EVENT" and rest and _is(rest[0], event_id):
                event: Event = rest[0]
                return event
            if word == "EOSE":
                return None
            if word in {"CLOSED", "NOTICE"}:
                why = quoted(rest[0] if rest else about)
                if not self._introduced(why):
                    raise Unreached(why)
                self._say("REQ", "one", {"ids": [event_id], "limit": 1})
        raise TimeoutError

    def _introduced(self, why: str) -> bool:
        """Say who we are, once, where the relay wants to know and has said how."""
        if not self._challenge or not why.startswith(ASKS_WHO):
            return False
        # What comes after it on this connection is read after it: its own answer need not be.
        self._say("AUTH", self._who(self._challenge))
        self._challenge = ""
        return True

    def _say(self, *words: Any) -> None:
        self._connection.send(json.dumps(words, ensure_ascii=False))

    def _heard(self) -> Iterator[list[Any]]:
        """Yield what the relay says, but for the challenge, which is remembered."""
        while (left := self._until - time.monotonic()) > 0:
            said = _list(self._connection.recv(timeout=left))
            if said[0] == "AUTH":
                self._challenge = f"{said[1]}"
            else:
                yield said


def quoted(text: object) -> str:
    """Return what a relay said as it may be shown."""
    return printable(" ".join(f"{text}".split())[:SHOWN])


@cache
def _trust() -> ssl.SSLContext:
    """Return whom this machine trusts: to read all the authorities takes longer than a call."""
    return ssl.create_default_context()


def _http(
    host: str, port: int | None, seconds: float, *, secure: bool
) -> http.client.HTTPConnection:
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    return http.client.HTTPSConnection(host, port, timeout=seconds, context=_trust())


def _silences() -> tuple[type[Exception], ...]:
    """Return what is raised where a relay falls silent in the middle."""
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - only who publishes

    return OSError, EOFError, WebSocketException


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "not in time"
    if isinstance(error, OSError) and error.strerror:
        return quoted(error.strerror)
    return quoted(f"{error}" or type(error).__name__)


def _is(event: object, event_id: str) -> bool:
    return isinstance(event, dict) and event.get("id") == event_id


def _list(said: str | bytes) -> list[Any]:
    """Return a list of two or more; what is none stands for nothing."""
    try:
        words = json.loads(said)
    except ValueError:
        words = None
    return words if isinstance(words, list) and len(words) > 1 else ["", ""]


def _object(said: bytes) -> dict[str, Any]:
    try:
        told = json.loads(said)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


@contextmanager
def _ended_after(seconds: float, link: socket.socket) -> Iterator[None]:
    """End a connection after that time, however often the relay says a little."""

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
