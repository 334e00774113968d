"""The line to one server: bounded in time and memory, and to nowhere else.

Below Mastodon.py, which reads an answer without a bound, follows a redirect with any call, and
raises what looks like a refusal where a *taken* post came with an odd header.
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

__all__ = ["Answer", "Wire"]

# Seconds to connect to each address of a server, and to wait for a next byte.
PATIENCE = (4, 20)
LONGEST = 28
CHUNK = 65_536
# 40 statuses with their accounts are below 1 MB.
MOST_BYTES = 8_000_000
MOST_REDIRECTS = 3

# Mastodon.py 2.3.3 raises MastodonRatelimitError where it cannot read X-RateLimit-Reset, also of an
# answer that says 200 (internals.py, "Rate limit time calculations failed"), and warns of
# Deprecation; pages are asked for by id, so that nothing rests on Link.
NOT_FOR_THE_LIBRARY = ("deprecation", "x-ratelimit-reset", "link")


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire(requests.Session):
    """Calls the server at *base* only; *answer* is its last answer, None where none came."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.max_redirects = MOST_REDIRECTS
        self._base = base
        self._line = _Line()
        # Pixelfed answers a mistake with a redirect to whoever does not ask for JSON.
        self.headers["Accept"] = "application/json"
        self.adapters.clear()
        # No other address has an adapter, so that a token goes nowhere else.
        self.mount(f"{base}/", self._line)

    @property
    def answer(self) -> Answer | None:
        return self._line.answer

    def forget(self) -> None:
        self._line.answer = None

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Follow what only reads, on the same server: some move an address by a slash."""
        target = super().get_redirect_target(resp)
        if target is None or resp.request.method != "GET":
            return None
        return target if urljoin(resp.url, target).startswith(f"{self._base}/") else None


class _Line(HTTPAdapter):
    """Reads each answer within its bounds."""

    answer: Answer | None = None

    def send(self, request: requests.PreparedRequest, *args: Any, **given: Any) -> Any:
        self.answer = None
        until = time.monotonic() + LONGEST
        response = super().send(request, *args, **{**given, "stream": True})
        with response:
            body = _read(response, until)
        # What `response.content` gives once it has been read.
        response._content = body  # noqa: SLF001
        response._content_consumed = True  # noqa: SLF001
        self.answer = Answer(response.status_code, CaseInsensitiveDict(response.headers), body)
        for name in NOT_FOR_THE_LIBRARY:
            response.headers.pop(name, None)
        return response


def _read(response: requests.Response, until: float) -> bytes:
    body = bytearray()
    while piece := response.raw.read1(CHUNK, decode_content=True):
        body += piece
        if len(body) > MOST_BYTES:
            raise requests.RequestException("the answer is too long")
        if time.monotonic() > until:
            raise requests.Timeout(f"the answer takes longer than {LONGEST} s")
    return bytes(body)
