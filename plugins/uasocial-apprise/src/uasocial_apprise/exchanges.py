"""What was asked of servers during a call of Apprise, and what they answered.

Apprise itself says no more than whether a call went well. Nearly all of its services ask through
`requests`, so that one look there tells a post that was surely refused from one that may be live.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

__all__ = ["Exchange", "watched"]


class Exchange(NamedTuple):
    """One request, and its answer: *status* is 0 where none came.

    *reached* is False where surely no byte of the request left this machine.
    """

    method: str
    status: int = 0
    retry_after: str = ""
    reached: bool = True


_watching: ContextVar[list[Exchange] | None] = ContextVar("uasocial_apprise", default=None)
_lock = Lock()


@contextmanager
def watched() -> Iterator[list[Exchange]]:
    """Yield a list that each exchange of this context is put into, in whichever thread it is."""
    _install()
    seen: list[Exchange] = []
    token = _watching.set(seen)
    try:
        yield seen
    finally:
        _watching.reset(token)


def _install() -> None:
    """Look at what sessions send, from now on; what nobody watches is passed on untouched."""
    from requests import Session  # noqa: PLC0415

    with _lock:
        if not hasattr(Session.send, "__wrapped__"):
            Session.send = _noting(Session.send)  # type: ignore[method-assign]


def _noting(send: "Callable[..., Response]") -> "Callable[..., Response]":
    @wraps(send)
    def noting(self: "Session", request: "PreparedRequest", **given: Any) -> "Response":
        seen = _watching.get()
        if seen is None:
            return send(self, request, **given)
        method = f"{request.method}".upper()
        try:
            answer = send(self, request, **given)
        except Exception as error:
            seen.append(Exchange(method, reached=_reached(error)))
            raise
        waits = answer.headers.get("Retry-After", "")
        seen.append(Exchange(method, answer.status_code, waits))
        return answer

    return noting


def _reached(error: Exception) -> bool:
    """Tell whether a server may have seen a request that ended with *error*."""
    from ssl import SSLCertVerificationError  # noqa: PLC0415

    from requests.exceptions import ConnectTimeout  # noqa: PLC0415
    from urllib3.exceptions import NameResolutionError, NewConnectionError  # noqa: PLC0415

    never = (ConnectTimeout, NewConnectionError, NameResolutionError, SSLCertVerificationError)
    return not any(isinstance(one, never) for one in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was made of, as requests and urllib3 wrap it."""
    waiting: list[object] = [error]
    for _ in range(20):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, BaseException):
            yield one
            waiting += [*one.args, getattr(one, "reason", None)]
