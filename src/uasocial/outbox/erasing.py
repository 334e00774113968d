"""A text taken out of the ledger; that it was there, and who took it out, stays on record."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Text

from uasocial.model.post import OPEN
from uasocial.outbox.chain import record
from uasocial.outbox.deliveries import noted, stop_all
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.tables import attempts, deliveries, media, posts

__all__ = ["Erased", "erase"]

# A post as it was first said, by which all that it was edited into is found.
_FIRST = sa.func.coalesce(posts.c.edits, posts.c.id)
_NO_WORDS = dict.fromkeys(("text", "link", "content_warning", "mentions", "without"), sa.null())


class Erased(NamedTuple):
    """How many posts and pictures were erased, and the deliveries that are being sent just now."""

    posts: int
    pictures: int
    left: list[str]


def erase(ledger: Ledger, where: Sequence[sa.ColumnElement[bool]], by: str, why: str) -> Erased:
    """Erase the words and pictures of all that meets *where* (columns of posts and deliveries).

    What a post said before it was edited goes with it.
    What is still pending of it is cancelled; what is being sent is left, for its outcome can only
    be found by its text. Backups and exports made before keep what they hold.
    """
    with ledger.write() as connection:
        chosen, left = _chosen(connection, where)
        digests: set[str] = set()
        for row in chosen:
            _erase(ledger, connection, row, by, why)
            digests |= {one["sha256"] for one in row.media}
        gone = sum(_drop(connection, sha256) for sha256 in sorted(digests))
    _scrub(ledger)
    return Erased(len({row.first for row in chosen}), gone, left)


def _chosen(
    connection: Connection, where: Sequence[sa.ColumnElement[bool]]
) -> tuple[list[Row[*tuple[Any, ...]]], list[str]]:
    """Return the posts to erase, and the deliveries that keep others from it."""
    matching = sa.select(_FIRST).join(deliveries, deliveries.c.post == posts.c.id).where(*where)
    family = sa.or_(posts.c.id.in_(matching), posts.c.edits.in_(matching))
    busy = (
        sa.select(_FIRST.label("first"), deliveries.c.id)
        .join(deliveries, deliveries.c.post == posts.c.id)
        .where(family, deliveries.c.state.in_(OPEN))
        .order_by(deliveries.c.seq)
    )
    left = {row.first: row.id for row in connection.execute(busy)}
    found = connection.execute(
        sa.select(posts.c.id, posts.c.media, _FIRST.label("first"))
        .where(family, posts.c.text.is_not(None))
        .order_by(posts.c.created_at)
    ).all()
    return [row for row in found if row.first not in left], list(left.values())


def _erase(
    ledger: Ledger, connection: Connection, post: Row[*tuple[Any, ...]], by: str, why: str
) -> None:
    stop_all(ledger, connection, [posts.c.id == post.id], by, "its text was erased")
    bare = [{**one, "alt": ""} for one in post.media]
    connection.execute(
        sa.update(posts).where(posts.c.id == post.id).values(**_NO_WORDS, media=bare)
    )
    mine = deliveries.c.post == post.id
    # What a platform said of a post may repeat it.
    connection.execute(sa.update(deliveries).where(mine).values(prepared=None, why=None))
    ids = connection.scalars(sa.select(deliveries.c.id).where(mine)).all()
    connection.execute(sa.update(attempts).where(attempts.c.delivery.in_(ids)).values(detail=None))
    for delivery in ids:
        noted(ledger, connection, delivery, "erase", by, "erased", why)
    record(connection, ledger.now(connection), "erased", by, post=post.id)


def _drop(connection: Connection, sha256: str) -> bool:
    """Delete a picture that no post uses whose words are still there."""
    uses = sa.cast(posts.c.media, Text).contains(sha256, autoescape=True)
    used = sa.select(posts.c.id).where(posts.c.text.is_not(None), uses).limit(1)
    if connection.scalar(used) is not None:
        return False
    return bool(connection.execute(sa.delete(media).where(media.c.sha256 == sha256)).rowcount)


def _scrub(ledger: Ledger) -> None:
    """Write the database anew: what was deleted may still stand between its rows and in its log."""
    with ledger.tend() as connection:
        if not ledger.is_sqlite:
            for table in (posts, deliveries, attempts, media):
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")
            return
        connection.exec_driver_sql("VACUUM")
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise LedgerError(
            "erased, but another program is reading the ledger, and its log still holds the text: "
            "erase it once more when that has ended"
        )
