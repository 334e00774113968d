"""A live post made to say something else: what it said stays on the ledger, and on record."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import Refused, UasocialError, printable
from uasocial.model.post import Post, Receipt
from uasocial.outbox.chain import record
from uasocial.outbox.controls import judge_words
from uasocial.outbox.deliveries import answered, digests, keep_post, noted
from uasocial.outbox.exporting import Item
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.media import read_media
from uasocial.outbox.mentions import look_up
from uasocial.outbox.receipts import kept_receipt
from uasocial.outbox.retrying import insist, patiently
from uasocial.outbox.tables import accounts, deliveries, posts
from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    Prepared,
    Publisher,
    Rejected,
    Transient,
)

__all__ = ["Edited", "edit"]

# Pictures of an edit are waited for that long, in seconds: nobody comes back for them later.
LONGEST = 60.0
# What was changed is written down, though the ledger may be away for a moment.
PATIENCE = timedelta(seconds=30)


class Edited(NamedTuple):
    """What became of an edit: *outcome* is `edited`, `cannot` or `unknown`."""

    item: Item
    outcome: str
    why: str = ""


def edit(
    ledger: Ledger,
    item: Item,
    post: Post,
    by: str,
    open_account: Callable[[Row[Any]], Publisher],
) -> Edited:
    """Make a live post say what *post* says, as far as its network can; safe to repeat.

    *item* is the post as the person saw it. Raise UasocialError where it is not live any more, or
    says something else by now, and Refused for words that must not be posted. The pictures of
    *post* are on the ledger already. What fails changes nothing but the list of attempts.
    """
    with ledger.write() as connection:
        before = _live(connection, item)
        _assert_sayable(ledger, connection, before, post)
        if _says(connection, before, post):
            return Edited(item, "edited")
        _begin(ledger, connection, before, post, by)
        account = connection.execute(
            sa.select(accounts).where(accounts.c.name == item.account)
        ).one()
        answers = answered(connection, before.answers)
    done = _try(ledger, item, post, answers, account, open_account)
    insist(lambda: _end(ledger, before, post, by, done), PATIENCE)
    return done if isinstance(done, Edited) else Edited(item, "edited")


def _live(connection: Connection, item: Item) -> Row[Any]:
    """Return the delivery, if it is live and says what the person saw."""
    row = connection.execute(sa.select(deliveries).where(deliveries.c.id == item.delivery)).one()
    if row.state != "sent" or row.deleted_at is not None:
        state = "deleted" if row.deleted_at else row.state.replace("_", " ")
        raise UasocialError(f"{row.id}: is {state}: only what is live can be edited")
    if row.post != item.post:
        raise UasocialError(f"{row.id}: was edited meanwhile: look at it again")
    return row


def _assert_sayable(ledger: Ledger, connection: Connection, before: Row[Any], post: Post) -> None:
    if post.account != before.account:
        raise UasocialError(printable(f"{before.id}: is a post of {before.account}, and stays so"))
    verdict = judge_words(ledger, connection, post, ledger.now(connection))
    if verdict.state:
        raise Refused(f"it could not be said now: {verdict.why}")


def _says(connection: Connection, before: Row[Any], post: Post) -> bool:
    """Tell whether a delivery says the very same already."""
    columns = (posts.c.sha256, posts.c.content_warning)
    row = connection.execute(sa.select(*columns).where(posts.c.id == before.post)).one()
    same = (row.sha256, row.content_warning or "") == (post.sha256, post.content_warning)
    return same and not before.without


def _begin(ledger: Ledger, connection: Connection, before: Row[Any], post: Post, by: str) -> None:
    """Keep what is about to be said: should this end here, it may be what is live."""
    first = sa.select(sa.func.coalesce(posts.c.edits, posts.c.id)).where(posts.c.id == before.post)
    keep_post(connection, post, connection.execute(first).scalar_one())
    noted(ledger, connection, before.id, "edit", by, "begun")
    now = ledger.now(connection)
    record(connection, now, "editing", by, before.id, **digests(post), before=before.post)


def _try(  # noqa: PLR0913, PLR0917 - what is changed into what, and how
    ledger: Ledger,
    item: Item,
    post: Post,
    answers: Receipt | None,
    account: Row[Any],
    open_account: Callable[[Row[Any]], Publisher],
) -> Receipt | Edited:
    if account.mode == "by hand" or not item.remote_id:
        return Edited(item, "cannot", "it was published by hand: edit it there")
    given = Prepared(post, f"{item.delivery}-{post.sha256[:16]}", {}, answers)
    try:
        publisher = open_account(account)
        wrong = look_up(publisher, post.mentions).wrong
        if wrong:
            return Edited(item, "cannot", wrong)
        prepared = given._replace(data=_prepared(ledger, publisher, given))
        with ledger.write() as connection:
            # Preparing takes a while: what was stopped or deleted meanwhile says nothing new.
            _assert_sayable(ledger, connection, _live(connection, item), post)
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; nothing was changed yet
        return Edited(item, "cannot", _told(error))
    return _asked(publisher, item, prepared)


def _asked(publisher: Publisher, item: Item, prepared: Prepared) -> Receipt | Edited:
    """Make the call, once; it does no harm to make it again."""
    try:
        receipt: object = publisher.edit(Receipt(item.remote_id, item.permalink), prepared)
    except (Rejected, NotAuthorized, Transient) as error:
        return Edited(item, "cannot", _told(error))
    except Exception as error:  # noqa: BLE001 - it may be changed all the same
        return Edited(item, "unknown", f"{_told(error)}; look what it says, and edit it again")
    try:
        return kept_receipt(receipt)
    except TypeError as error:
        return Edited(item, "unknown", f"{_told(error)}; look what it says")


def _prepared(ledger: Ledger, publisher: Publisher, given: Prepared) -> dict[str, Any]:
    """Make an edit ready, and wait for that a little."""
    give_up_at = time.monotonic() + LONGEST
    while True:
        ready = patiently(partial(publisher.prepare, given, partial(read_media, ledger)))
        if not isinstance(ready, NotYet):
            return dict(ready)
        seconds = max(ready.after.total_seconds(), 0)
        if time.monotonic() + seconds > give_up_at:
            raise UasocialError("its pictures are not ready there: edit it again later")
        time.sleep(seconds)
        given = given._replace(data=ready.so_far)


def _told(error: Exception) -> str:
    return printable(str(error) or type(error).__name__)[:500]


def _end(ledger: Ledger, before: Row[Any], post: Post, by: str, done: Receipt | Edited) -> None:
    with ledger.write() as connection:
        if isinstance(done, Receipt):
            noted(ledger, connection, before.id, "edit", by, "edited")
            _change(ledger, connection, before, post, by, done)
            return
        noted(ledger, connection, before.id, "edit", by, done.outcome, done.why)
        said = {"post": post.id, "outcome": done.outcome}
        record(connection, ledger.now(connection), "edit failed", by, before.id, **said)
        if done.outcome == "cannot":
            connection.execute(sa.delete(posts).where(posts.c.id == post.id))


def _change(  # noqa: PLR0913, PLR0917 - what says what now, by whom, and where
    ledger: Ledger,
    connection: Connection,
    before: Row[Any],
    post: Post,
    by: str,
    receipt: Receipt,
) -> None:
    """Let the delivery say what is live now, whatever others have made of it meanwhile."""
    at = {
        "remote_id": receipt.remote_id or before.remote_id,
        "permalink": receipt.permalink or before.permalink,
    }
    connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.id == before.id)
        .values(post=post.id, without=False, **at)
    )
    said = {**digests(post), "before": before.post} | {k: v for k, v in at.items() if v}
    record(connection, ledger.now(connection), "edited", by, before.id, **said)
