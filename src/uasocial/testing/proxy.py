"""A proxy that stands before any HTTP server and fails as networks do, by a plan and a seed."""

import http.client
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal
from urllib.parse import urlsplit

from uasocial.testing.loopback import Answer, Request, Server

__all__ = ["Fault", "FaultProxy"]

# cut     the connection ends, and the server has seen nothing
# refuse  the answer is *status*, and the server has seen nothing
# delay   the request is passed on after *seconds*
# drop    the server has answered, and the connection ends without a word
# fail    the server has answered, and the answer is *status* instead
Kind = Literal["cut", "refuse", "delay", "drop", "fail"]
TIMEOUT = 30


@dataclass
class Fault:
    """Something that goes wrong with a *share* of the requests that match, at most *times*.

    *said* is the answer of one that refuses or fails, where a *status* is not all of it.
    """

    kind: Kind
    share: float = 1.0
    times: int | None = None
    match: Callable[[Request], bool] = lambda _: True
    seconds: float = 0.0
    status: int = 503
    retry_after: int | None = None
    said: Answer | None = None
    done: int = field(default=0, init=False)

    def answer(self) -> Answer:
        if self.said is not None:
            return self.said
        asked = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return Answer(self.status, headers=asked)


class FaultProxy(Server):
    """Passes on to *upstream*; the first of *faults* that strikes decides; *done* counts them."""

    def __init__(self, upstream: str, faults: Iterable[Fault] = (), seed: int = 1) -> None:
        # Copies: each proxy counts for itself.
        self.faults = [replace(fault) for fault in faults]
        self.done: Counter[str] = Counter()
        self._upstream = urlsplit(upstream)
        self._chance = random.Random(seed)  # noqa: S311 - the same faults each time
        self._lock = Lock()
        super().__init__()

    def add(self, fault: Fault) -> None:
        """Let one more thing go wrong from now on, if nothing before it does."""
        with self._lock:
            self.faults.append(replace(fault))

    def answer(self, request: Request) -> Answer | None:
        fault = self._strike(request)
        match fault:
            case Fault(kind="cut"):
                return None
            case Fault(kind="refuse"):
                return fault.answer()
            case Fault(kind="delay"):
                time.sleep(fault.seconds)
        answer = self._passed_on(request)
        match fault:
            case Fault(kind="drop"):
                return None
            case Fault(kind="fail"):
                return fault.answer()
        return answer

    def _strike(self, request: Request) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.done == fault.times or not fault.match(request):
                    continue
                if self._chance.random() < fault.share:
                    fault.done += 1
                    self.done[fault.kind] += 1
                    return fault
        return None

    def _passed_on(self, request: Request) -> Answer | None:
        place = self._upstream.hostname or "", self._upstream.port
        with closing(http.client.HTTPConnection(*place, timeout=TIMEOUT)) as server:
            headers = {k: v for k, v in request.headers.items() if k not in {"host", "connection"}}
            try:
                server.request(request.method, request.path, request.body, headers)
                answer = server.getresponse()
                return Answer(answer.status, answer.read(), dict(_kept(answer)))
            except (OSError, http.client.HTTPException):
                return None


def _kept(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str]]:
    """Yield the headers that are not about this one connection."""
    for name, value in answer.getheaders():
        if name.lower() not in {"connection", "content-length", "transfer-encoding", "date"}:
            yield name, value
