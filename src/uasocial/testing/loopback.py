"""A real HTTP server on this machine, which answers in threads."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from uasocial.testing.closing import Closing

__all__ = ["Answer", "Request", "Server"]

# No request of a test is greater.
LONGEST = 10_000_000


class Request(NamedTuple):
    """What came in; the names of *headers* are lower case, *path* holds the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Server(Closing, ABC):
    """Listens from the moment it is made until it is closed."""

    def __init__(self) -> None:
        self._server = _Threads(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        # Polled that often for its end.
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @abstractmethod
    def answer(self, request: Request) -> Answer | None:
        """Answer a request; None closes the connection without a word."""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that is killed in the middle is what tests are about."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def _handle(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), LONGEST)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            if len(body) < length:
                # Whoever sent it died in the middle: no server takes half a request.
                return
            answer = server.answer(Request(self.command, self.path, headers, body))
            if answer is not None:
                self._reply(answer)

        def _reply(self, answer: Answer) -> None:
            # A server of a test may have a clock of its own.
            begin = self.send_response_only if "Date" in answer.headers else self.send_response
            begin(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        # The names of http.server.
        do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_CONNECT = _handle  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write nothing to the output of tests."""

    return Handler
