"""What it takes to look at a ledger with very many planned posts: queue, calendar, report.

    .venv/bin/python benchmarks/seeing.py [--count 100000] [--postgresql URL]

Each is compared with a bare scan in the same run: the database counts, and nothing else, the posts
of one action with their deliveries. All posts are of one action, which is the worst for its report.
*URL* is that of an empty PostgreSQL database.
"""

import argparse
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

import sqlalchemy as sa
from delivering import emptied, post

from uasocial.outbox import chain, queue, seeing
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.tables import accounts, deliveries, posts, records
from uasocial.planning.calendar import calendar
from uasocial.team import calendars, reporting

ACTION = "ua-119-21"
ACCOUNTS = 1000
BATCH = 20_000
TIMES = 5
WEEKS = 4


class Full:
    """A ledger that holds *count* planned deliveries on a thousand accounts, for a month."""

    def __init__(self, url: str, count: int) -> None:
        self.ledger, self.count = emptied(url), count
        names = [f"account-{number}" for number in range(ACCOUNTS)]
        row = {"platform": "x", "kind": "silent", "language": "en", "mode": "publish"}
        with self.ledger.write() as connection:
            self.now = self.ledger.now(connection)
            connection.execute(sa.insert(accounts), [{"name": name, **row} for name in names])
        before = chain.FIRST
        for start in range(0, count, BATCH):
            before = self._fill(names, range(start, min(start + BATCH, count)), before)
        with self.ledger.tend() as connection:
            connection.exec_driver_sql("ANALYZE")

    def _fill(self, names: list[str], numbers: range, before: str) -> str:
        """Put a batch into the tables, as `deliveries.plan` would; return the last digest."""
        ours = [post(names[n % ACCOUNTS], n, ACTION) for n in numbers]
        rows, recorded = [], []
        for number, one in zip(numbers, ours, strict=True):
            # A hundred of them are late.
            at = self.now + timedelta(hours=-1) + (number - 100) * timedelta(days=28) / self.count
            order = outgoing.Order(one, at, "Ana")
            rows.append(outgoing._delivery(order, self.now))  # noqa: SLF001
            record = {"seq": number + 1, "at": self.now, "kind": "planned", "by": "Ana"}
            record |= {"delivery": rows[-1]["id"], "data": {"post": one.id}}
            recorded.append({**record, "before": before, "sha256": chain.digest(record, before)})
            before = recorded[-1]["sha256"]
        with self.ledger.write() as connection:
            connection.execute(sa.insert(posts), [outgoing._post(one) for one in ours])  # noqa: SLF001
            connection.execute(sa.insert(deliveries), rows)
            connection.execute(sa.insert(records), recorded)
        return before

    def scan(self) -> None:
        """Count the posts of the action: each row of two tables is looked at, and none is given."""
        of = sa.select(sa.func.count(deliveries.c.planned_for), sa.func.max(posts.c.wording))
        of = of.join(posts, posts.c.id == deliveries.c.post).where(posts.c.action == ACTION)
        with self.ledger.read() as connection:
            connection.execute(of).one()

    def queue(self) -> None:
        queue.listed(self.ledger)

    def queue_of_an_action(self) -> None:
        queue.listed(self.ledger, action=ACTION)

    def late(self) -> None:
        seeing.late(self.ledger)

    def weeks(self) -> None:
        seeing.days(self.ledger, _midnights(self.now), 12)

    def weeks_of_an_action(self) -> None:
        seeing.days(self.ledger, _midnights(self.now), 12, action=ACTION)

    def ics(self) -> None:
        found = seeing.upcoming(self.ledger, None, calendars.BACK, calendars.MOST)
        counted = seeing.sequences(self.ledger, [one.id for one in found])
        events = [calendars._post(one, counted[one.id], set()) for one in found]  # noqa: SLF001
        calendar(events, "Plan", self.now)

    def html(self) -> None:
        reporting.as_html(self._report(reporting.MOST["html"]))

    def csv(self) -> None:
        reporting.as_csv(self._report(reporting.MOST["csv"]))

    def pdf(self) -> None:
        reporting.as_pdf(self._report(reporting.MOST["pdf"]))

    def _report(self, most: int) -> reporting.Report:
        summed = seeing.summed(self.ledger, ACTION)
        made = reporting.Report(
            name=ACTION,
            title="",
            title_language="en",
            hidden=False,
            made_at=self.now,
            notes=[],
            counts=summed.counts,
            gaps=None,
            open=[],
            posts=[],
            decisions=[],
        )
        return reporting.of_ledger(made, self.ledger, ACTION, summed, most)


def _midnights(now: datetime) -> list[datetime]:
    monday: date = now.date() - timedelta(days=now.weekday())
    days = (monday + timedelta(days=number) for number in range(7 * WEEKS + 1))
    return [datetime.combine(day, clock(), UTC) for day in days]


WORKS = {
    "queue": Full.queue,
    "queue of an action": Full.queue_of_an_action,
    "queue --late": Full.late,
    "queue --calendar, 4 weeks": Full.weeks,
    "the same, of an action": Full.weeks_of_an_action,
    "queue --ics": Full.ics,
    "report, html": Full.html,
    "report, csv": Full.csv,
    "report, pdf": Full.pdf,
}


def timed(work, full: Full) -> float:
    """Return the median seconds of *work*, after once that does not count."""
    spent = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        work(full)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database: all in it is lost")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.postgresql or f"sqlite:///{folder}/ledger.db"
        full = Full(url, options.count)
        bare = timed(Full.scan, full)
        kind = "SQLite" if full.ledger.is_sqlite else "PostgreSQL"
        print(f"{kind}, {options.count:,} planned over {ACCOUNTS:,} accounts")
        print(f"  {'a bare scan':<28}{'1':>8}{bare * 1000:>10.0f} ms")
        for name, work in WORKS.items():
            spent = timed(work, full)
            print(f"  {name:<28}{spent / bare:>8.1f}{spent * 1000:>10.0f} ms")
        full.ledger.close()


if __name__ == "__main__":
    main()
