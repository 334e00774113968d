"""What may still go out of an action: each post with all that it says, whichever way it goes."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.model.post import MOVABLE, OPEN, State
from uasocial.outbox.tables import deliveries, posts

__all__ = ["Pending", "pending"]

# So many rows are in memory at a time.
AT_A_TIME = 1000


class Pending(NamedTuple):
    """A delivery that is not over; *texts* are its words in both forms, its warning, its alts.

    *handles* are those that it mentions; *movable* is False while it is being sent.
    """

    id: str
    state: State
    account: str
    language: str
    planned_for: datetime
    send_before: datetime
    case_version: str
    texts: tuple[str, ...]
    handles: tuple[str, ...]

    @property
    def movable(self) -> bool:
        return self.state in MOVABLE


def pending(connection: Connection, action: str) -> Iterator[Pending]:
    """Yield what is pending of an action, or being sent just now."""
    query = (
        sa.select(deliveries, posts.c.text, posts.c.without.label("bare"), posts.c.media)
        .add_columns(posts.c.content_warning, posts.c.mentions, posts.c.language)
        .add_columns(posts.c.case_version)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(posts.c.action == action, deliveries.c.state.in_((*MOVABLE, *OPEN)))
        .order_by(deliveries.c.planned_for, deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(query) as rows:
        for row in rows:
            texts = (row.text, row.bare, row.content_warning, *(one["alt"] for one in row.media))
            yield Pending(
                id=row.id,
                state=row.state,
                account=row.account,
                language=row.language,
                planned_for=row.planned_for,
                send_before=row.send_before,
                case_version=row.case_version,
                texts=tuple(filter(None, texts)),
                handles=tuple(one["handle"] for one in row.mentions or ()),
            )
