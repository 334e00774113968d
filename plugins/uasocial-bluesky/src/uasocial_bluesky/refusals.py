"""What a server says instead of what was asked for, and what that means for a post."""

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from atproto_client.exceptions import (  # type: ignore[import-untyped]
    RateLimitExceededError,
    RequestErrorBase,
)

from uasocial.errors import printable
from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    PublisherError,
    Rejected,
    Transient,
)

__all__ = ["ENDED", "Refusal", "of_account", "of_create", "of_repeatable", "refusal_of"]

LONGEST = 300
# The access token has ended, or is none: said before anything else is looked at, as 400.
ENDED = frozenset({"ExpiredToken", "InvalidToken"})
_ANOTHER = (
    "make an app password under Settings, Privacy and security, App passwords, and give it with "
    "`uasocial accounts add`"
)
# What can be wrong with an account, and what to do. Source: npm @atproto/pds 0.4.217,
# dist/auth-verifier.js and dist/api/com/atproto/server/createSession.js.
_ACCOUNT = {
    "AccountTakedown": "the account has been taken down: ask those who run the server",
    "AccountSuspended": "the account is suspended: ask those who run the server",
    "AccountDeactivated": "the account is deactivated: activate it in its settings",
    "AccountNotFound": "there is no such account: look at its handle in uasocial.toml",
    "AuthFactorTokenRequired": f"this is the account's own password: {_ANOTHER}",
}
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _TOO_LARGE, _TOO_MANY = 400, 401, 403, 413, 429
_SERVER_ERROR = 500


class Refusal(Exception):  # noqa: N818 - named for what happened
    """No, or no answer: *status* is 0 where there was none, *name* the protocol's for the error.

    *arrived* tells whether the server may have got the request.
    """

    def __init__(  # noqa: PLR0913 - all that is known of it
        self,
        host: str,
        words: str,
        *,
        status: int = 0,
        name: str = "",
        arrived: bool = True,
        wait: timedelta | None = None,
    ) -> None:
        self.host, self.words, self.status, self.name = host, words, status, name
        self.arrived, self.wait = arrived, wait
        super().__init__(f"{host}: {words}")

    @property
    def is_of_protocol(self) -> bool:
        """Whether this is how such a server says no, and not something that stands before it."""
        return bool(self.name)


def refusal_of(host: str, error: Exception) -> Refusal:
    """Return what came instead of an answer, whatever the client library made of it.

    What it says of an answer that it did not expect may hold a token, and is not repeated.
    """
    if isinstance(error, RequestErrorBase) and error.response is not None:
        return _answered(host, error)
    cause = error.__cause__ if isinstance(error, RequestErrorBase) else error
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return Refusal(host, _unreachable(cause), arrived=False)
    if isinstance(cause, httpx.TimeoutException):
        return Refusal(host, "gave no answer in time")
    if isinstance(cause, httpx.TooManyRedirects):
        return Refusal(host, "sends us elsewhere: give the address of the server itself")
    if isinstance(cause, httpx.HTTPError):
        return Refusal(host, f"the connection broke off ({type(cause).__name__})")
    return Refusal(host, "its answer is none of a Bluesky server: is its address right?")


def _unreachable(error: Exception) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            why = getattr(seen, "verify_message", "") or seen.reason or "no TLS"
            return f"its certificate or encryption is wrong ({printable(why)}): is it the server?"
        seen = seen.__cause__ or seen.__context__
    return f"cannot be reached ({printable(str(error)) or type(error).__name__})"


def _answered(host: str, error: Any) -> Refusal:
    status, content = error.response.status_code, error.response.content
    wait = _wait(error) if isinstance(error, RateLimitExceededError) else None
    # The library makes its own class of it only if there is a message too; another page is bytes.
    name = getattr(content, "error", None)
    if not isinstance(name, str) or not name:
        return Refusal(host, f"answers {status}", status=status, wait=wait)
    said = f"{getattr(content, 'message', None) or name}"
    words = printable(said.replace("\n", " "))[:LONGEST]
    return Refusal(host, words, status=status, name=name[:LONGEST], wait=wait)


def _wait(error: Any) -> timedelta | None:
    """Return how long to wait; the reset is a moment, told by the server's clock."""
    if error.retry_after is not None:
        return timedelta(seconds=min(error.retry_after, timedelta(days=1).total_seconds()))
    try:
        until = error.reset_at
    except (OverflowError, ValueError, OSError):
        return None
    return max(until - datetime.now(UTC), timedelta(0)) if until else None


def of_repeatable(refusal: Refusal) -> PublisherError:
    """Return what a refusal means of a call that can be made again."""
    if refusal.status == _TOO_MANY:
        return _too_many(refusal)
    if _is_of_account(refusal):
        return _not_authorized(refusal)
    if refusal.status == _TOO_LARGE:
        return Rejected(f"{refusal.host}: a picture is larger than it takes ({refusal.words})")
    if refusal.is_of_protocol and refusal.status == _BAD_REQUEST:
        return Rejected(f"{refusal.host} refuses this: {refusal.words}")
    return Transient(_to_be_looked_at(refusal), refusal.wait)


def of_create(refusal: Refusal) -> PublisherError:
    """Return what a refusal means of the one call that makes a post."""
    if not refusal.arrived:
        return Transient(str(refusal))
    if refusal.status == 0 or refusal.status >= _SERVER_ERROR or refusal.name == "InvalidSwap":
        # Something may have been taken; InvalidSwap says that under this key something was.
        return OutcomeUnknown(str(refusal))
    if refusal.status == _TOO_LARGE:
        return Rejected(f"{refusal.host} refuses this: {refusal.words}")
    if refusal.name == "BlobNotFound":
        return Transient(f"{refusal.host} has let go of a picture: {refusal.words}")
    return of_repeatable(refusal)


def of_account(refusal: Refusal) -> PublisherError:
    """Return what a refusal means of a call that is about the account alone, such as a login."""
    if refusal.is_of_protocol and refusal.status in {_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN}:
        return _not_authorized(refusal)
    return of_repeatable(refusal)


def _is_of_account(refusal: Refusal) -> bool:
    named = refusal.name in _ACCOUNT or refusal.name in ENDED
    return refusal.is_of_protocol and (named or refusal.status in {_UNAUTHORIZED, _FORBIDDEN})


def _not_authorized(refusal: Refusal) -> NotAuthorized:
    if refusal.name in _ACCOUNT:
        return NotAuthorized(f"{refusal.host}: {_ACCOUNT[refusal.name]}")
    if refusal.status == _BAD_REQUEST and refusal.name not in ENDED:
        return NotAuthorized(f"{refusal}: is the account there, and its handle right?")
    return NotAuthorized(f"{refusal}: {_ANOTHER}")


def _too_many(refusal: Refusal) -> Transient:
    return Transient(f"{refusal.host}: too many calls for now", refusal.wait)


def _to_be_looked_at(refusal: Refusal) -> str:
    if refusal.status and not refusal.is_of_protocol and refusal.status < _SERVER_ERROR:
        return f"{refusal}, as no Bluesky server does: is its address right?"
    return str(refusal)
