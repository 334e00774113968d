"""What a person has done where uasocial cannot: a post taken back by hand, on record."""

import sqlalchemy as sa

from uasocial.errors import printable
from uasocial.outbox.chain import record
from uasocial.outbox.deliveries import noted
from uasocial.outbox.exporting import Item
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import deliveries

__all__ = ["deleted"]


def deleted(ledger: Ledger, item: Item, by: str, why: str) -> None:
    """Record that a person has taken a live post back; safe to repeat."""
    mine = (deliveries.c.id == item.delivery, deliveries.c.deleted_at.is_(None))
    with ledger.write() as connection:
        now = ledger.now(connection)
        changed = connection.execute(
            sa.update(deliveries).where(*mine, deliveries.c.state == "sent").values(deleted_at=now)
        )
        if changed.rowcount:
            said = printable(why)[:500]
            noted(ledger, connection, item.delivery, "delete", by, "deleted", said)
            outcome = {"outcome": "deleted", "by hand": True}
            record(connection, now, "deletion", by, item.delivery, **outcome)
