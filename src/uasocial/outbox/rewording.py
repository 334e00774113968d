"""A pending post that is to say something else: it is proposed again, with its new words."""

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.model.post import MOVABLE, Post
from uasocial.outbox import approvals
from uasocial.outbox.chain import record
from uasocial.outbox.deliveries import digests, keep_post
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.queue import Entry
from uasocial.outbox.tables import deliveries, posts

__all__ = ["reword"]


def reword(  # noqa: PLR0913, PLR0917 - which, into what, by whom and why
    ledger: Ledger, connection: Connection, entry: Entry, post: Post, by: str, why: str
) -> bool:
    """Give a pending delivery another post of its account; False where it is pending no more.

    *entry* is what the person saw: where it says something else by now it stays as it is. What was
    made ready for the old words is dropped.
    """
    first = sa.select(sa.func.coalesce(posts.c.edits, posts.c.id)).where(posts.c.id == entry.post)
    keep_post(connection, post, connection.execute(first).scalar_one())
    changed = connection.execute(
        sa.update(deliveries)
        .where(
            deliveries.c.id == entry.id,
            deliveries.c.post == entry.post,
            deliveries.c.state.in_(MOVABLE),
        )
        .values(post=post.id, without=False, prepared=None)
    ).rowcount
    if not changed:
        connection.execute(sa.delete(posts).where(posts.c.id == post.id))
        return False
    now = ledger.now(connection)
    record(connection, now, "reworded", by, entry.id, **digests(post), before=entry.post)
    approvals.void(ledger, connection, [entry.id], by, why)
    return True
