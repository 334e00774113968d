"""What came instead of an answer, and what it means for a delivery.

Mastodon.py puts all that it can into one tree of errors, so what counts here is the answer itself.
"""

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
import urllib3

from uasocial.errors import printable
from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial_mastodon.wire import Answer

__all__ = ["Failure", "moment_of", "of_create", "of_repeatable"]

MOST_QUOTED = 300
MOST_LINKS = 20

OK, REDIRECT, CLIENT, SERVER = 200, 300, 400, 500
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
TOO_MANY = 429
# RFC 9110 15.5.9 and RFC 8470 5.2: the server has not taken the request up.
NOT_BEGUN = (408, 425)
# Raised before the first byte of a request; a handshake ends before it.
HANDSHAKES = ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER", "HANDSHAKE_FAILURE")
# pixelfed app/Http/Controllers/Api/V1Api/Statuses.php: a key is taken before the post is.
USED_KEY = "Duplicate idempotency key"


TOLD = {
    401: "does not take the token{said}: `uasocial accounts authorize` gets another",
    403: "refuses the account{said}: log in there and see why",
    404: "has no such thing{said}",
    429: "wants fewer calls{said}: uasocial waits",
}
# What is nearest to the cause comes first.
UNANSWERED: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, ": its certificate is not valid ({why}): nothing was sent"),
    (ssl.SSLError, " does not speak TLS as it should: is the instance right?"),
    (
        urllib3.exceptions.NameResolutionError,
        ": there is no such server, or no network: look at the instance",
    ),
    (ConnectionRefusedError, " cannot be reached: nothing answers there; is it down?"),
    (urllib3.exceptions.TimeoutError, " gave no answer in time"),
    (requests.Timeout, " gave no answer in time"),
    (TimeoutError, " gave no answer in time"),
)


class Failure(Exception):  # noqa: N818 - no fault of the program: raised as a PublisherError
    """A call that brought nothing; *answer* is what came, None for nothing."""

    def __init__(self, host: str, error: BaseException | None, answer: Answer | None) -> None:
        self.host, self.answer = host, answer
        self._links = list(_chain(error))
        super().__init__(self.told())

    @property
    def status(self) -> int:
        return self.answer.status if self.answer else 0

    @property
    def never_sent(self) -> bool:
        """Tell whether surely not a byte of the request went out."""
        return self.answer is None and any(_is_before(link) for link in self._links)

    @property
    def said(self) -> str:
        """What the server gives as its reason, in its own words."""
        return _quoted(self.answer.body) if self.answer else ""

    @property
    def retry_after(self) -> timedelta | None:
        return _asked(self.answer.headers) if self.answer else None

    def told(self) -> str:
        """Return one line that names the server and what to do."""
        if not self.status:
            return f"{self.host}{self._unanswered()}"
        said = f" ({self.said})" if self.said else ""
        if self.status in TOLD:
            return f"{self.host} {TOLD[self.status].format(said=said)}"
        if self.status < CLIENT:
            where = (
                "sends elsewhere" if self.status >= REDIRECT else "answers what no Mastodon does"
            )
            return f"{self.host} {where}: is the instance right?"
        if self.status >= SERVER:
            return f"{self.host} is in trouble: it answers {self.status}{said}"
        return f"{self.host} refuses it: {self.said or f'it answers {self.status}'}"

    def _unanswered(self) -> str:
        for kind, told in UNANSWERED:
            for link in self._links:
                if isinstance(link, kind):
                    return told.format(why=_why(link))
        return " cannot be reached" if self.never_sent else " gave no answer that can be read"


def of_create(failure: Failure) -> PublisherError:
    """Return what a failure means of a call that cannot be undone."""
    told, status = str(failure), failure.status
    if failure.never_sent or status in NOT_BEGUN:
        return Transient(told)
    if status == TOO_MANY:
        return Transient(told, failure.retry_after)
    if status in (UNAUTHORIZED, FORBIDDEN) or REDIRECT <= status < CLIENT:
        return NotAuthorized(told)
    if status == BAD_REQUEST and USED_KEY in failure.said:
        return OutcomeUnknown(told)
    if CLIENT <= status < SERVER:
        return Rejected(told)
    # Also of a 503: a server may break down after it has taken a post.
    return OutcomeUnknown(told)


def of_repeatable(failure: Failure) -> PublisherError:
    """Return what a failure means of a call that can be made again."""
    told, status = str(failure), failure.status
    if status in (UNAUTHORIZED, FORBIDDEN):
        return NotAuthorized(told)
    if status == 0 or status in NOT_BEGUN or status >= SERVER or status == TOO_MANY:
        return Transient(told, failure.retry_after)
    return Rejected(told) if status >= CLIENT else PublisherError(told)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from; each library wraps in its own way."""
    waiting: list[object] = [error]
    seen: list[object] = []
    while waiting and len(seen) < MOST_LINKS:
        link = waiting.pop(0)
        if not isinstance(link, BaseException) or link in seen:
            continue
        seen.append(link)
        yield link
        waiting += [getattr(link, "reason", None), link.__cause__, link.__context__, *link.args]


def _why(link: BaseException) -> str:
    return printable(str(getattr(link, "verify_message", "") or "no more is known"))[:MOST_QUOTED]


def _is_before(link: BaseException) -> bool:
    if isinstance(link, ssl.SSLError):
        return any(name in str(link.reason) for name in HANDSHAKES)
    before = requests.ConnectTimeout | urllib3.exceptions.NewConnectionError
    return isinstance(link, before | requests.exceptions.InvalidSchema)


def _quoted(body: bytes) -> str:
    """Return the reason in an answer; a page that is none is not quoted."""
    with suppress(ValueError, RecursionError):
        said = json.loads(body)
        if isinstance(said, dict):
            said = said.get("error_description") or said.get("error") or said.get("message")
        if isinstance(said, str):
            return printable(" ".join(said[: 2 * MOST_QUOTED].split()))[:MOST_QUOTED]
    return ""


def _asked(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the server wants to be left alone, by its own clock.

    https://docs.joinmastodon.org/api/rate-limits/; X-RateLimit-Reset is a time there, and seconds
    of the epoch on GoToSocial.
    """
    now = moment_of(headers.get("Date", "")) or datetime.now(UTC)
    for name in ("Retry-After", "X-RateLimit-Reset"):
        until = moment_of(headers.get(name, ""), now)
        if until is not None:
            return max(until - now, timedelta(seconds=1))
    return None


def moment_of(said: str, now: datetime | None = None) -> datetime | None:
    """Return the moment that a header names: a date, seconds from *now*, or of the epoch."""
    with suppress(ValueError, TypeError, OverflowError):
        if said.isascii() and said.isdigit():
            seconds = timedelta(seconds=int(said[:12]))
            epoch = datetime(1970, 1, 1, tzinfo=UTC)
            return epoch + seconds if seconds > timedelta(days=3650) else (now or epoch) + seconds
        moment = parsedate_to_datetime(said) if "," in said else datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
