"""Posts and deliveries for tests of the ledger; all words and names invented."""

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from msgspec import structs

from uasocial.model.post import Media, Mention, Post, digest_of
from uasocial.outbox import deliveries
from uasocial.outbox.media import keep_media
from uasocial.outbox.tables import accounts
from uasocial.outbox.tables import deliveries as rows

TEXT = "Samar Belkori must be free: open the gate"


def account(ledger, name: str = "ours", mode: str = "publish") -> None:
    with ledger.write() as connection:
        connection.execute(
            sa.insert(accounts).values(
                name=name, platform="x", kind="fake", language="en", mode=mode
            )
        )


def post(text: str = TEXT, action: str = "gate", to: str = "ours", media=()) -> Post:
    return Post(
        id=uuid.uuid4().hex,
        action=action,
        language="en",
        countries=("PE",),
        platform="x",
        account=to,
        occasion="appeal",
        wording="standard",
        text=text,
        media=tuple(media),
        created_at=datetime.now(UTC),
        created_by="Ana",
        sha256=digest_of(to, text, tuple(media)),
    )


def plan(ledger, *posts: Post, at: datetime | None = None, state="planned") -> list[str]:
    moment = at or datetime.now(UTC) + timedelta(hours=1)
    orders = [deliveries.Order(one, moment, "Ana", state) for one in posts]
    with ledger.write() as connection:
        return deliveries.plan(ledger, connection, orders)


def sent(ledger, *ids: str) -> None:
    """Bring deliveries to `sent`, by way of `sending`."""
    with ledger.write() as connection:
        now = ledger.now(connection)
        for name in ids:
            deliveries.change(ledger, connection, name, "sending", "worker")
            deliveries.change(
                ledger,
                connection,
                name,
                "sent",
                "worker",
                expected=("sending",),
                remote_id=f"r-{name[:4]}",
                permalink=f"https://example.org/{name[:4]}",
                sent_at=now,
            )


def state(ledger, name: str) -> str:
    with ledger.read() as connection:
        return str(deliveries.named(connection, name).state)


def picture(ledger, data: bytes = b"a picture", alt: str = "Belkori at the gate") -> Media:
    with ledger.write() as connection:
        sha256 = keep_media(connection, data, "image/png")
    return Media(sha256=sha256, type="image/png", alt=alt, width=10, height=10)


def mentioning(text: str, handle: str = "office", known: str = "7", without: str | None = None):
    """Return a post that names a handle, which had that id when somebody agreed to it."""
    return structs.replace(
        post(text), mentions=(Mention(handle=handle, id=known),), without=without
    )


def hurry(ledger) -> None:
    """End all leases and waits, as time would."""
    with ledger.write() as connection:
        past = ledger.now(connection) - timedelta(seconds=1)
        connection.execute(sa.update(accounts).values(lease_until=past, ready_at=past))
        waiting = rows.c.not_before > past, rows.c.planned_for <= past
        connection.execute(sa.update(rows).where(*waiting).values(not_before=past))
