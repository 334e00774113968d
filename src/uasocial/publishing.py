"""From drafts to orders: what an account says and when, refused while a person can still mend it.

What is refused here is refused again by the ledger, at the moment of sending.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from uasocial import posting, stopping
from uasocial.errors import Refused, UasocialError, printable
from uasocial.model import Action, Draft
from uasocial.model.post import Post, State
from uasocial.outbox import controls, deliveries, queue
from uasocial.outbox.media import keep_media
from uasocial.outbox.pictures import Picture
from uasocial.platforms.publisher import Price
from uasocial.rules.consent import consents

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from uasocial.accounts import Account
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = [
    "Outgoing",
    "Wish",
    "checked_permalink",
    "plan",
    "prepare",
    "totals",
]

MAX_PERMALINK = 2000
# A thread that nobody reads to its end.
MAX_PARTS = 25
# In no address: it is shown in pages and tables.
_STRANGE = re.compile(r"[\s<>\"\\^`{|}]")


@dataclass(frozen=True)
class Wish:
    """What is asked for: the words, when they go out (None is now), with which pictures, by whom.

    *then* are the wordings that follow as a thread, each answering the one before it. *alts* belong
    to *media* in their order; where there are none, those of the case do. *again* allows the same
    words twice on an account; *without_handle* readies the words for a handle that is gone by then.
    """

    by: str
    occasion: str = "appeal"
    wording: str | None = None
    at: datetime | None = None
    media: tuple[Path, ...] = ()
    alts: tuple[str, ...] = ()
    again: bool = False
    then: tuple[str, ...] = ()
    without_handle: bool = False


class Outgoing(NamedTuple):
    """What one account is about to publish; nothing of it is on the ledger yet.

    It is *part* of a thread of so many *parts*, or the only one.
    """

    account: "Account"
    draft: Draft
    post: Post
    pictures: tuple[Picture, ...]
    at: datetime
    state: State
    warnings: tuple[str, ...]
    price: Price | None = None
    part: int = 1
    parts: int = 1


def prepare(
    kit: "Toolkit", action: Action, accounts: "Iterable[Account]", wish: Wish
) -> list[Outgoing]:
    """Make ready what *accounts* publish of *action*; raise where one of them may not.

    The posts of a thread follow each other.
    """
    if kit.rehearsal:
        raise UasocialError("nothing is published in a rehearsal: leave --as-of out")
    when = wish.at or kit.now
    if when < kit.now:
        raise UasocialError(
            f"{when.isoformat(' ', 'minutes')} is over: give a moment to come, or leave --at out"
        )
    chosen = list(accounts)
    if wish.alts and len({one.stated.language for one in chosen}) > 1:
        raise UasocialError(
            "--alt is in one language, and the accounts are in several: write the alt texts into "
            "`alt` of each <language>.yaml"
        )
    if wish.then:
        _assert_thread(chosen, wish)
    return [one for account in chosen for one in _thread(kit, action, account, wish, when)]


def _assert_thread(chosen: "Iterable[Account]", wish: Wish) -> None:
    """Raise UasocialError where the wordings are no thread, or an account can make none."""
    wordings = (wish.wording, *wish.then)
    if wish.wording is None:
        raise UasocialError("a thread begins with --wording: name its first wording")
    twice = next((one for one in wordings if wordings.count(one) > 1), None)
    if twice:
        raise UasocialError(f"the thread says {twice!r} twice: leave one of them out")
    if len(wordings) > MAX_PARTS:
        raise UasocialError(f"a thread has at most {MAX_PARTS} posts: make it shorter")
    for one in chosen:
        if one.kind is not None and not one.kind.can_thread:
            raise UasocialError(
                f"{one.name}: {one.kind.name} can make no thread there: leave --then out, or "
                "publish the wordings one by one"
            )


def _thread(
    kit: "Toolkit", action: Action, account: "Account", wish: Wish, when: datetime
) -> list[Outgoing]:
    """Make ready the post of an account, and those that follow it."""
    at = posting.at_moment(kit, account, when)
    wordings = (wish.wording, *wish.then)
    made: list[Outgoing] = []
    for part, wording in enumerate(wordings, 1):
        draft = posting.draft_for(at, action, account, wish.occasion, wording)
        before = made[-1].post.id if made else None
        one = _outgoing(at, action, account, draft, wish, before)
        made.append(one._replace(at=when, part=part, parts=len(wordings)))
    return made


def _outgoing(  # noqa: PLR0913, PLR0917 - all that a post is made of
    at: "Toolkit",
    action: Action,
    account: "Account",
    draft: Draft,
    wish: Wish,
    before: str | None,
) -> Outgoing:
    limits = posting.limits_for(at, account)
    # The pictures of a thread are the first post's.
    files = () if before else wish.media
    alts = posting.alts_for(action, draft.language, files, () if before else wish.alts)
    without = posting.without_handles(at, action, account, draft) if wish.without_handle else None
    said = (draft.content_warning, draft.text, without or "", *alts)
    posting.assert_sayable(action, said, at.now)
    if files:
        posting.assert_beside(at, account, filter(None, (draft.text, without)))
    pictures = posting.pictures_for(action, files, alts, limits, account.name)
    post = posting.make_post(
        at,
        action,
        account,
        draft,
        wish.by,
        media=posting.media_of(pictures, alts),
        without=without,
        answers=before,
    )
    state: State = "proposed" if account.stated.approval == "required" else "planned"
    warnings = tuple(_warnings(action, account, draft, post, at.today(action)))
    price = _price(account, post)
    return Outgoing(account, draft, post, pictures, at.now, state, warnings, price)


def _price(account: "Account", post: Post) -> Price | None:
    """Ask what a post costs; raise UasocialError where its publisher cannot say."""
    if account.kind is None or account.kind.price is None:
        return None
    try:
        found: object = account.kind.price(post)
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything
        said = printable(f"{account.name}: what the post costs cannot be said: {error!r}")
        raise UasocialError(said) from None
    if found is None or (isinstance(found, Price) and Decimal(found.amount).is_finite()):
        return found
    raise UasocialError(f"{account.name}: {account.kind.name} gave what is no price")


def totals(going: Iterable[Outgoing]) -> dict[str, Decimal]:
    """Return what all of it costs, by currency."""
    sums: dict[str, Decimal] = {}
    for one in going:
        if one.price:
            sums[one.price.currency] = sums.get(one.price.currency, Decimal(0)) + one.price.amount
    return sums


def _warnings(
    action: Action, account: "Account", draft: Draft, post: Post, day: date
) -> Iterable[str]:
    yield from (f"{problem.code} {problem.message}" for problem in draft.problems)
    people = [p for p in action.facts.people if "photo" not in consents(p, day) and not p.group]
    if post.media and people:
        names = ", ".join(person.name for person in people)
        yield f"P004 no consent to `photo` of {names}: look that no picture shows them"
    unknown = [f"@{one.handle}" for one in post.mentions if not one.id]
    if unknown and account.kind is not None and account.kind.can_resolve:
        yield (
            f"no id is on record of {', '.join(unknown)}, so that nobody sees if it becomes "
            f"somebody else's: `uasocial handles {action.id} --write`"
        )


# --- on the ledger -----------------------------------------------------------------------------


def plan(
    kit: "Toolkit", ledger: "Ledger", action: Action, going: Sequence[Outgoing], wish: Wish
) -> list[str]:
    """Put orders on the ledger, all of them or none; return the ids of their deliveries."""
    with ledger.write() as connection:
        now = ledger.now(connection)
        words = stopping.words_of(action, kit.now)
        controls.set_words(ledger, connection, action.id, words, wish.by)
        for one in going:
            if not wish.again:
                _assert_new(connection, one)
            for picture in one.pictures:
                keep_media(connection, picture.data, picture.type)
        moments = [one.at if wish.at else now for one in going]
        orders = [
            deliveries.Order(one.post, moment, wish.by, one.state)
            for one, moment in zip(going, moments, strict=True)
        ]
        planned = deliveries.plan(ledger, connection, orders)
        for delivery, moment in zip(planned, moments, strict=True):
            controls.allowed(ledger, connection, delivery, moment)
    return planned


def _assert_new(connection: "Connection", one: Outgoing) -> None:
    before = queue.said_before(connection, one.account.name, one.post.sha256)
    if before:
        raise Refused(
            f"{one.account.name}: says these very words already ({before[: queue.SHORT]}); choose "
            "another wording, or say --again"
        )


def checked_permalink(text: str) -> str:
    """Return a post's address, as a person gives it; raise where it is none."""
    if len(text) > MAX_PERMALINK or not _is_address(text):
        raise UasocialError(
            f"{printable(text[:100])!r} is no address of a post: copy it whole, with https://"
        )
    return text


def _is_address(text: str) -> bool:
    if not text.isprintable() or _STRANGE.search(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
