"""A real relay on this machine, and a door before it that misbehaves.

The relay is PyPI's nostr-relay, a process of its own: whoever tests installs it. One relay does for
many tests: each has a key of its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import WebSocketException
from websockets.http11 import Request, Response
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from uasocial.testing.closing import Closing
from uasocial.testing.contract import Network, Seen
from uasocial_nostr.signing import NOTE, Signer, new_key

__all__ = ["Door", "NostrNetwork", "RelayProcess", "is_installed"]

# nostr_relay/config.py, max_event_size: what is_not_too_large of validators.py lets in.
LONGEST_TEXT = 4096
START = "from nostr_relay.cli import main; main()"
# In seconds.
PATIENCE = 30.0
POLL = 0.05
# Asked last on a connection: a relay reads in order, so that by its answer all has landed.
END = "the-end"


def is_installed() -> bool:
    """Tell whether there is a relay to start."""
    return find_spec("nostr_relay") is not None


class RelayProcess(Closing):
    """A relay that keeps its events in *folder*, until it is closed; *rules* are of its config."""

    def __init__(self, folder: Path, **rules: Any) -> None:
        self.port = _free_port()
        self.url = f"ws://127.0.0.1:{self.port}"
        self._folder = folder
        config = folder / "relay.yaml"
        # JSON is YAML.
        config.write_text(json.dumps(self._config() | rules), encoding="utf-8")
        with (folder / "relay.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", START, "-c", str(config), "serve"],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def close(self) -> None:
        # It has workers of its own.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _config(self) -> dict[str, Any]:
        validators = ["is_not_too_large", "is_signed", "is_recent", "is_not_hellthread"]
        return {
            "relay_name": "a relay of tests",
            "max_event_size": LONGEST_TEXT,
            "storage": {
                "sqlalchemy.url": f"sqlite+aiosqlite:///{self._folder / 'relay.sqlite3'}",
                "validators": [f"nostr_relay.validators.{one}" for one in validators],
            },
            "gunicorn": {"bind": f"127.0.0.1:{self.port}", "workers": 1, "loglevel": "warning"},
        }

    def _wait(self) -> None:
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(POLL)
        self.close()
        said = (self._folder / "relay.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"nostr-relay does not start: {said[-2000:]}")


class Door:
    """Passes on to the relay at *upstream* what comes in at *url*; does a *fault* to one post.

    The relay says nothing of its limits: the door gives the document of NIP-11 that is true of it.
    """

    def __init__(self, upstream: str, longest: int = LONGEST_TEXT) -> None:
        self.fault: Callable[[ServerConnection, ClientConnection, dict[str, Any]], None] | None = (
            None
        )
        self._upstream, self._longest = upstream, longest
        self._left, self._call = 0, _nothing
        self._inside = 0
        self._changed = Condition()
        self._server = serve(
            self._let_in, "127.0.0.1", 0, process_request=self._tell, compression=None
        )
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def on_call(self, number: int, call: Callable[[], None]) -> None:
        with self._changed:
            self._left, self._call = number, call

    def rest(self) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: not self._inside, PATIENCE):
                raise TimeoutError("a connection does not end")

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def _tell(self, _: ServerConnection, request: Request) -> Response | None:
        if "application/nostr+json" not in request.headers.get("Accept", ""):
            return None
        self._counted()
        said = {"software": "nostr-relay", "limitation": {"max_content_length": self._longest}}
        headers = Headers({"Content-Type": "application/nostr+json", "Connection": "close"})
        return Response(HTTPStatus.OK, "OK", headers, json.dumps(said).encode())

    def _let_in(self, client: ServerConnection) -> None:
        with self._changed:
            self._inside += 1
        try:
            self._counted()
            with connect(self._upstream, compression=None) as relay:
                back = Thread(target=_pass_back, args=(relay, client), daemon=True)
                back.start()
                self._pass_on(client, relay)
                back.join()
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def _pass_on(self, client: ServerConnection, relay: ClientConnection) -> None:
        try:
            for said in client:
                self._counted()
                fault, words = self.fault, json.loads(said)
                if fault and words[0] == "EVENT" and words[1]["kind"] == NOTE:
                    self.fault = None
                    fault(client, relay, words[1])
                else:
                    relay.send(said)
        except WebSocketException:
            pass
        with suppress(WebSocketException):
            relay.send(json.dumps(["REQ", END, {"ids": ["0" * 64]}]))

    def _counted(self) -> None:
        with self._changed:
            self._left -= 1
            call = self._call if self._left == 0 else _nothing
        call()


class NostrNetwork(Network):
    """A new key, and one relay behind a door."""

    def __init__(self, relay: RelayProcess) -> None:
        self.door = Door(relay.url)
        nsec = new_key()
        signer = Signer(nsec)
        self.owner, self.pubkey = signer.npub, signer.pubkey
        self.settings = {"relays": self.door.url}
        self.secrets = {"nsec": nsec}
        self._relay = relay

    def events(self) -> list[dict[str, Any]]:
        """List the posts of the account as the relay holds them, oldest first."""
        found = []
        with connect(self._relay.url, compression=None) as relay:
            relay.send(json.dumps(["REQ", "all", {"authors": [self.pubkey], "kinds": [NOTE]}]))
            while (said := json.loads(relay.recv(timeout=PATIENCE)))[0] == "EVENT":
                found.append(said[2])
        # The relay lists the newest first, and those of one second in any order.
        answered = {event["id"]: event for event in found}
        return sorted(found, key=lambda one: (one["created_at"], _depth(one, answered)))

    def seen(self) -> list[Seen]:
        return [Seen(one["id"], one["content"], (), _answers(one)) for one in self.events()]

    def lose_answer(self) -> None:
        self.door.fault = _lose_answer

    def lose_request(self) -> None:
        self.door.fault = lambda client, _, __: client.close()

    def limit_rate(self, seconds: int) -> None:
        # NIP-01 has no place for a time.
        del seconds
        why = "rate-limited: slow down there"
        self.door.fault = lambda client, _, event: client.send(
            json.dumps(["OK", event["id"], False, why])
        )

    def revoke(self) -> None:
        raise NotImplementedError("nobody can revoke a key of Nostr")

    def on_call(self, number: int, call: Callable[[], None]) -> None:
        self.door.on_call(number, call)

    def rest(self) -> None:
        self.door.rest()

    def close(self) -> None:
        self.door.close()


def _nothing() -> None:
    """Do nothing."""


def _lose_answer(client: ServerConnection, relay: ClientConnection, event: dict[str, Any]) -> None:
    """Hand a post over, and hang up before the relay can answer."""
    client.close()
    relay.send(json.dumps(["EVENT", event]))


def _pass_back(relay: ClientConnection, client: ServerConnection) -> None:
    with suppress(WebSocketException):
        for said in relay:
            if json.loads(said)[:2] == ["EOSE", END]:
                break
            with suppress(WebSocketException):
                client.send(said)
    client.close()


def _answers(event: dict[str, Any]) -> str | None:
    """Return the id of the post that one answers; NIP-10: `reply`, else `root`."""
    marks = {tag[3]: tag[1] for tag in event["tags"] if tag[0] == "e"}
    return marks.get("reply") or marks.get("root")


def _depth(event: dict[str, Any], answered: dict[str, dict[str, Any]]) -> int:
    """Return how many posts of a thread are before one."""
    before = answered.get(_answers(event) or "")
    return 1 + _depth(before, answered) if before else 0


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port
