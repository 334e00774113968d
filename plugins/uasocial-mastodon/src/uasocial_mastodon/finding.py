"""Whether a post is live: among the account's own latest statuses, by its words.

A key alone would not do: GoToSocial and others ignore it, and Mastodon forgets it after an hour.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import CannotTell, Prepared, PublisherError, Transient
from uasocial_mastodon import wording
from uasocial_mastodon.failing import NOT_FOUND, Failure, of_repeatable
from uasocial_mastodon.server import Server

__all__ = ["find"]

# As many as a page may have: https://docs.joinmastodon.org/methods/accounts/#statuses
PAGE = 40
PAGES = 5
# The clocks of a ledger and of this machine agree to the second or so.
SLACK = timedelta(minutes=2)
FORBIDDEN = (401, 403)


def find(
    server: Server, own_id: Callable[[], str], prepared: Prepared, since: datetime
) -> Receipt | None:
    """Return the receipt of a post, None where it surely is not there; raise CannotTell."""
    try:
        return _found(server, own_id(), prepared, since - SLACK)
    except Failure as failure:
        raise _not_told(of_repeatable(failure)) from None
    except PublisherError as error:
        raise _not_told(error) from None


def _not_told(error: PublisherError) -> PublisherError:
    """Return what a failure means of a look-up: later, or never."""
    return error if isinstance(error, Transient | CannotTell) else CannotTell(str(error))


def _found(server: Server, own_id: str, prepared: Prepared, since: datetime) -> Receipt | None:
    alike = None
    for status in _latest(server, own_id, since):
        if not _answers_the_same(status, prepared):
            continue
        match _says_the_same(server, status, prepared):
            case True:
                return Receipt(str(status["id"]), str(status.get("url") or ""))
            case None:
                alike = status
            case False if status.get("edited_at"):
                # Somebody may have changed it since it was taken.
                alike = status
    if alike is not None:
        raise CannotTell(f"{alike.get('url')} may be it: compare them")
    return None


def _latest(server: Server, own_id: str, since: datetime) -> Iterator[Any]:
    """Yield the account's own statuses, newest first, back to *since*."""
    oldest = None
    for _ in range(PAGES):
        page = server.ask(
            server.calls.account_statuses, own_id, exclude_reblogs=True, max_id=oldest, limit=PAGE
        )
        if not isinstance(page, list):
            raise server.odd()
        if oldest is None:
            # What it took is dated by its own clock, which may be behind ours.
            since += min(server.ahead, timedelta(0))
        fresh = [status for status in page if _made_at(server, status) >= since]
        yield from fresh
        # A pinned or delayed one may stand among the newer ones: a page without any is the end.
        if not fresh:
            return
        oldest = str(page[-1]["id"])
    raise CannotTell(f"{server.host}: the account has posted too much since to look through")


def _made_at(server: Server, status: Any) -> datetime:
    made = status.get("created_at") if isinstance(status, dict) else None
    if not isinstance(made, datetime) or not status.get("id"):
        raise server.odd()
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _answers_the_same(status: Any, prepared: Prepared) -> bool:
    wanted = prepared.answers.remote_id if prepared.answers else None
    answers = status.get("in_reply_to_id")
    return (str(answers) if answers else None) == wanted


def _says_the_same(server: Server, status: Any, prepared: Prepared) -> bool | None:
    """Tell whether a status says what a post says; None where the HTML of it does not tell."""
    post = prepared.post
    try:
        source = server.ask(server.calls.status_source, status["id"])
    except Failure as failure:
        if failure.status != NOT_FOUND:
            raise
        # Older than Mastodon 3.5, or another software: only the HTML is left.
        return wording.alike(
            str(status.get("content") or ""), str(status.get("spoiler_text") or ""), post
        )
    if not isinstance(source, dict) or not isinstance(source.get("text"), str):
        raise server.odd()
    return wording.same(source["text"], str(source.get("spoiler_text") or ""), post)
