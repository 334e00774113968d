"""A ledger with very many planned deliveries: what it takes to find, send and cancel one of them.

    .venv/bin/python benchmarks/planned.py [--count 1000000] [--postgresql URL]

The same is asked of a ledger with a hundredth of them, in the same run: the ratio says what the
number costs. First they are planned for the next month, and one of each account is due; then all
are due, as after a long outage. *URL* is that of an empty PostgreSQL database.
"""

import argparse
import statistics
import tempfile
import time
import uuid
from datetime import timedelta

import sqlalchemy as sa
from delivering import ACCOUNTS, Silent, emptied, make_accounts, post

from uasocial.outbox import chain, queue, turns
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.sending import Sender
from uasocial.outbox.tables import deliveries, posts, records

FEWER = 100
BATCH = 20_000
ACTIONS = 1000
TIMES = 5


class Full:
    """A ledger that holds *count* planned deliveries."""

    def __init__(self, url: str, count: int) -> None:
        self.ledger, self.count = emptied(url), count
        self.ids: list[str] = []
        names = make_accounts(self.ledger)
        with self.ledger.write() as connection:
            self.now = self.ledger.now(connection)
        before = chain.FIRST
        for start in range(0, count, BATCH):
            before = self._fill(names, range(start, min(start + BATCH, count)), before)
        with self.ledger.tend() as connection:
            connection.exec_driver_sql("ANALYZE")

    def _fill(self, names: list[str], numbers: range, before: str) -> str:
        """Put a batch into the tables, as `deliveries.plan` would; return the last digest."""
        ours = [post(names[n % ACCOUNTS], n, f"ua-{n // ACCOUNTS % ACTIONS}-21") for n in numbers]
        rows, recorded = [], []
        for number, one in zip(numbers, ours, strict=True):
            order = outgoing.Order(one, self._at(number), "Ana")
            rows.append(outgoing._delivery(order, self.now))  # noqa: SLF001
            said = {"post": one.id, "sha256": one.sha256, "for": order.planned_for.isoformat()}
            record = {"seq": number + 1, "at": self.now, "kind": "planned", "by": "Ana"}
            record |= {"delivery": rows[-1]["id"], "data": said}
            recorded.append({**record, "before": before, "sha256": chain.digest(record, before)})
            before = recorded[-1]["sha256"]
        with self.ledger.write() as connection:
            connection.execute(sa.insert(posts), [outgoing._post(one) for one in ours])  # noqa: SLF001
            connection.execute(sa.insert(deliveries), rows)
            connection.execute(sa.insert(records), recorded)
        self.ids += [row["id"] for row in rows]
        return before

    def _at(self, number: int):
        """Plan the first of each account for now, the others evenly over a month."""
        if number < ACCOUNTS:
            return self.now - timedelta(minutes=5)
        return self.now + timedelta(hours=1) + number * timedelta(days=30) / self.count

    def make_due(self) -> None:
        """Plan all for the hour that has just passed, in the same order."""
        late = {"send_before": self.now + timedelta(days=1)}
        with self.ledger.write() as connection:
            for start in range(0, self.count, BATCH):
                moment = self.now - timedelta(minutes=60 - 50 * start / self.count)
                of = deliveries.c.seq.between(start + 1, start + BATCH)
                values = {"planned_for": moment, "not_before": moment, **late}
                changed = sa.update(deliveries).where(of, deliveries.c.state == "planned")
                connection.execute(changed.values(values))
        with self.ledger.tend() as connection:
            connection.exec_driver_sql("ANALYZE")

    def take(self) -> float:
        """Find out whose turn it is, and take it."""
        start = time.perf_counter()
        turn = turns.take(self.ledger, "w")
        spent = time.perf_counter() - start
        turns.give_back(self.ledger, turn)
        return spent

    def look(self) -> float:
        """Ask how much is due, and when more: what a worker does each time it wakes."""
        return _timed(lambda: queue.load(self.ledger))

    def send(self) -> float:
        sender = Sender(self.ledger, "w", lambda _: Silent())
        return _timed(sender.turn)

    def cancel(self) -> float:
        """Cancel one by the beginning of its id, as the command does."""
        name = self.ids.pop()[: outgoing.SHORT]

        def work():
            with self.ledger.write() as connection:
                one = outgoing.named(connection, name)
                outgoing.change(self.ledger, connection, one.id, "cancelled", "Ana")

        return _timed(work)

    def said_before(self) -> float:
        """Ask whether an account has said something already, as planning does."""
        with self.ledger.read() as connection:
            return _timed(lambda: queue.said_before(connection, "account-1", "0" * 64))

    def size(self) -> int:
        """Return how many bytes the database takes."""
        with self.ledger.tend() as connection:
            if self.ledger.file is None:
                return connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.ledger.file.stat().st_size


def _timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


WORKS = {
    "the due query, and the turn": Full.take,
    "how much is due": Full.look,
    "a send": Full.send,
    "a cancel": Full.cancel,
    "was it said before": Full.said_before,
}


def asked(full: Full) -> dict[str, float]:
    """Return the median seconds of each kind of work."""
    return {
        name: statistics.median([work(full) for _ in range(TIMES + 1)][1:])
        for name, work in WORKS.items()
    }


def compare(name: str, url: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows, sizes = [], []
        for planned in (count // FEWER, count):
            place = url or f"sqlite:///{folder}/{uuid.uuid4().hex}.db"
            start = time.perf_counter()
            full = Full(place, planned)
            print(
                f"{name}, {planned:,} planned in {time.perf_counter() - start:,.0f} s", flush=True
            )
            sizes.append(full.size())
            ahead = asked(full)
            full.make_due()
            rows.append((ahead, asked(full)))
            full.ledger.close()
    times, ms = f"{count:,} to a {FEWER}th", "ms"
    for at, what in enumerate(("for the next month", "all due at once")):
        print(f"  {what:<32}{times:>24}{ms:>12}")
        for work in WORKS:
            few, many = rows[0][at][work], rows[1][at][work]
            print(f"  {work:<32}{many / few:>24.1f}{many * 1000:>12.2f}")
    each = sizes[1] / count
    print(
        f"  {'bytes':<32}{sizes[1] / sizes[0]:>24.1f}{sizes[1] / 1e6:>9,.0f} MB, {each:,.0f} each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database: all in it is lost")
    options = parser.parse_args()
    if options.postgresql:
        compare("PostgreSQL", options.postgresql, options.count)
    else:
        compare("SQLite", "", options.count)


if __name__ == "__main__":
    main()
