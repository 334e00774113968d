"""The control: a worker with leases, but without marks, that tries again after each error."""

import sys
import time
from contextlib import suppress
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from uasocial.errors import UasocialError
from uasocial.outbox import turns
from uasocial.outbox.deliveries import change, post_of
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import deliveries, posts
from uasocial.platforms.publisher import Prepared, PublisherError
from uasocial.testing.publisher import FakePublisher
from uasocial.testing.worker import Settings

TRIES = 3


def main() -> None:
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)
    ledger = Ledger(settings.ledger)
    while True:
        with suppress(UasocialError):
            turn = turns.take(ledger, settings.name, timedelta(seconds=settings.lease))
            if turn is not None:
                send(ledger, settings, turn.account)
                turns.give_back(ledger, turn)
        time.sleep(0.02)


def send(ledger: Ledger, settings: Settings, name: str) -> None:
    mine = (deliveries.c.account == name, deliveries.c.state == "planned")
    with ledger.read() as connection:
        due = connection.execute(
            sa.select(deliveries).where(*mine).order_by(deliveries.c.planned_for).limit(1)
        ).one()
        post = post_of(connection.execute(sa.select(posts).where(posts.c.id == due.post)).one())
    account = settings.accounts[name]
    patience = timedelta(seconds=settings.timeout)
    publisher = FakePublisher(settings.server, account.token, "neither", timeout=patience)
    for _ in range(TRIES):
        with suppress(PublisherError):
            receipt = publisher.create(Prepared(post, due.id, {}))
            break
    else:
        return
    with ledger.write() as connection:
        values = {"expected": ("planned",), "remote_id": receipt.remote_id}
        values["sent_at"] = ledger.now(connection)
        change(ledger, connection, due.id, "sent", settings.name, **values)


if __name__ == "__main__":
    main()
