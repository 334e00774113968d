"""What an answer of X means for a delivery; every status has its reason here.

https://docs.x.com/x-api/fundamentals/response-codes-and-errors
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from uasocial.errors import printable
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial_x.line import HOST, Answered, Unanswered, Unsent

__all__ = [
    "AGAIN",
    "GONE",
    "TOO_MANY",
    "asked",
    "found_out",
    "is_duplicate",
    "said_by",
    "what_of_post",
]

LONGEST = 300
GONE, TOO_MANY = 404, 429
# "Most limits reset every 15 minutes": docs.x.com/fundamentals/rate-limits.
WINDOW = timedelta(minutes=15)
# The last two are of a day, and can be all that a 429 carries:
# https://github.com/PLhery/node-twitter-api-v2/issues/553
LIMITS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")

_DUPLICATE = re.compile("duplicate", re.IGNORECASE)
# What a 403 says of the post, not of the account.
_OF_POST = re.compile(
    "too long|needs to be a bit shorter|reply to a |not allowed to reply", re.IGNORECASE
)
_OF_MEDIA = re.compile(r"media.?ids?\b.*invalid|invalid media", re.IGNORECASE)
# In the order in which a 403 is looked at; the first that is named says what to do.
_REMEDIES = (
    (re.compile("suspend", re.IGNORECASE), "the account is suspended: appeal at help.x.com"),
    (re.compile(r"\block(?:ed)?\b", re.IGNORECASE), "the account is locked: unlock it at x.com"),
    (
        re.compile("permission|client-forbidden|scope|unsupported-authentication", re.IGNORECASE),
        "let the app read and write at console.x.com, then `uasocial accounts authorize` again",
    ),
)
AGAIN = "`uasocial accounts authorize` it again"


def asked(error: Exception, what: str) -> PublisherError:
    """Return what an error means where the call harms nothing and can be made again."""
    if isinstance(error, Unsent | Unanswered):
        return Transient(f"{HOST} cannot be reached: {error}")
    if not isinstance(error, Answered):
        raise error
    if error.status == GONE or not _proves_refusal(error):
        return Transient(f"{what}: {said_by(error)}")
    return _refused(error, what)


def what_of_post(error: Exception) -> PublisherError:
    """Return what an error means for the post that was to be made with that one call."""
    if isinstance(error, Unsent):
        return Transient(f"{HOST} cannot be reached: {error}")
    if isinstance(error, Unanswered):
        return OutcomeUnknown(f"{HOST} may have taken the post: {error}")
    if not isinstance(error, Answered):
        raise error
    if not _proves_refusal(error):
        return OutcomeUnknown(f"it may be live: {said_by(error)}")
    if is_duplicate(error):
        # No proof that an earlier call has made it, and no proof that none has: look.
        return OutcomeUnknown(f"it may be live: {said_by(error)}")
    return _refused(error, "the post is refused")


def found_out(error: Exception) -> PublisherError:
    """Return what an error means for a look-up: who is refused cannot tell."""
    meant = asked(error, "the account's own posts")
    return meant if isinstance(meant, Transient) else CannotTell(str(meant))


def is_duplicate(error: Exception) -> bool:
    """Tell whether X says that the account has posted the same of late.

    https://github.com/akrherz/iembot/issues/163 has the answer in full.
    """
    return (
        isinstance(error, Answered)
        and error.status == 403  # noqa: PLR2004
        and _DUPLICATE.search(_detail(error)) is not None
    )


def said_by(error: Answered) -> str:
    """Say on one line what X has answered."""
    detail = " ".join(_detail(error).split())
    if not detail:
        detail = "and nothing that its documentation knows"
    return printable(f"{HOST} answers {error.status}, {detail}"[:LONGEST])


def _proves_refusal(error: Answered) -> bool:
    """Tell whether nothing was taken: an answer from before X, a proxy's page, proves nothing."""
    if error.status in {401, 402, TOO_MANY}:
        return True
    is_of_x = bool(error.body) and error.status != 408  # noqa: PLR2004 - it waited for the rest
    return is_of_x and 400 <= error.status < 500  # noqa: PLR2004


def _refused(error: Answered, what: str) -> PublisherError:
    said = f"{what}: {said_by(error)}"
    meaning = _STATUSES.get(error.status)
    return meaning(error, said) if meaning else Rejected(said)


def _bad(error: Answered, said: str) -> PublisherError:
    if _OF_MEDIA.search(_detail(error)):
        return Rejected(f"{said}; X has refused a picture after all: make it smaller, or another")
    return Rejected(said)


def _unauthorized(error: Answered, said: str) -> PublisherError:
    del error
    return NotAuthorized(f"{said}; its access was taken back or has ended: {AGAIN}")


def _unpaid(error: Answered, said: str) -> PublisherError:
    del error
    return NotAuthorized(f"{said}; the app's credits are used up: buy more at console.x.com")


def _forbidden(error: Answered, said: str) -> PublisherError:
    detail = _detail(error)
    if _OF_POST.search(detail):
        return Rejected(said)
    named = f"{detail} {error.body.get('type', '')} {error.body.get('reason', '')}"
    remedy = next((do for pattern, do in _REMEDIES if pattern.search(named)), "")
    return NotAuthorized(f"{said}; {remedy or 'log in at x.com and see what it says'}")


def _too_many(error: Answered, said: str) -> PublisherError:
    return Transient(said, _wait(error.headers))


_STATUSES: Mapping[int, Callable[[Answered, str], PublisherError]] = {
    400: _bad,
    401: _unauthorized,
    402: _unpaid,
    403: _forbidden,
    TOO_MANY: _too_many,
}


def _wait(headers: Mapping[str, str]) -> timedelta:
    """Return how long to wait: until the last of the limits that are used up is lifted.

    X sends no Retry-After; its moments are of its own clock, which stands in `Date`.
    """
    resets = list(_resets(headers))
    used_up = [at for at, left in resets if not left] or [at for at, _ in resets]
    if not used_up:
        return WINDOW
    return timedelta(seconds=max(1, *(at - _now(headers) for at in used_up)))


def _resets(headers: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Yield for each limit the moment at which it is lifted, and what is left; unsaid is none."""
    for name in LIMITS:
        at = headers.get(f"{name}-reset", "")
        left = headers.get(f"{name}-remaining", "")
        if _is_number(at):
            yield int(at), int(left) if _is_number(left) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12  # noqa: PLR2004 - an epoch


def _now(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError):
        return time.time()


def _detail(error: Answered) -> str:
    """Return what X says in words, wherever in the body it stands."""
    body = error.body
    listed = body.get("errors")
    found = [_words(one) for one in listed] if isinstance(listed, list) else []
    told = [body.get(key) for key in ("detail", "error_description", "error", "title")]
    words = [text for text in (*found, *told) if isinstance(text, str) and text]
    return "; ".join(dict.fromkeys(words))[:2000]


def _words(one: Any) -> str:
    if isinstance(one, dict):
        one = one.get("message") or one.get("detail")
    return one if isinstance(one, str) else ""
