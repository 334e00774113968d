"""Sends that do nothing, against bare commits of the same rows; and many accounts at one time.

    .venv/bin/python benchmarks/delivering.py [--sends 200] [--rounds 7] [--postgresql URL]

A send is a whole turn of `Sender`, with a publisher that answers at once. The peer is the driver
alone (sqlite3, psycopg), on a copy of the same database, told everything beforehand: it commits
the rows that a send writes, in as many transactions, or in the two that are the fewest. Then each
account has one post due, and its publisher calls a server that answers after 100 ms: the ideal is
one answer's time for all of them. *URL* is that of an empty PostgreSQL database.
"""

import argparse
import statistics
import tempfile
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import sqlalchemy as sa

from uasocial.model.post import Post, Receipt, digest_of
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.opening import open_ledger
from uasocial.outbox.sending import Sender
from uasocial.outbox.tables import accounts, deliveries, metadata
from uasocial.outbox.working import Worker
from uasocial.platforms.publisher import Publisher

ACCOUNTS = 20
LATENCY = 0.1
TEXT = "Mariam has been held without charge for 200 days. Call on the minister to release her now!"

# The rows of a send, in its transactions: the account leased, the mark, the outcome, the account
# given back. The second and the third are the least that a send can do with.
_LEASE = "UPDATE accounts SET worker = ?, lease_until = ?, fence = ? WHERE name = ?"
_MARK = (
    "UPDATE deliveries SET state = 'sending', fence = ?, marked_at = ?, tries = 1, prepared = ?, "
    "why = NULL, changed_at = ? WHERE id = ?"
)
_SENT = (
    "UPDATE deliveries SET state = 'sent', remote_id = ?, permalink = ?, sent_at = ?, "
    "changed_at = ? WHERE id = ?"
)
_ATTEMPT = (
    "INSERT INTO attempts (delivery, step, fence, worker, at, outcome, detail) "
    "VALUES (?, 'create', ?, 'w', ?, ?, '')"
)
_RECORD = (
    "INSERT INTO records (seq, at, kind, by, delivery, data, before, sha256) "
    "VALUES (?, ?, ?, 'w', ?, ?, ?, ?)"
)


class Silent(Publisher):
    """Answers at once that the post is live."""

    promise = "key"

    def create(self, prepared):
        return Receipt(prepared.key, "https://example.org/1")


class Calling(Publisher):
    """Makes one request of a server, and waits for its answer."""

    promise = "key"
    port = 0

    def create(self, prepared):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("POST", "/", prepared.post.text.encode())
        connection.getresponse().read()
        connection.close()
        return Receipt(prepared.key, "https://example.org/1")


class Slow(BaseHTTPRequestHandler):
    """A network that takes its time."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as there are accounts."""

    request_queue_size = 5 * ACCOUNTS


def make_accounts(ledger: Ledger) -> list[str]:
    names = [f"account-{number}" for number in range(ACCOUNTS)]
    row = {"platform": "x", "kind": "silent", "language": "en", "mode": "publish"}
    with ledger.write() as connection:
        connection.execute(sa.insert(accounts), [{"name": name, **row} for name in names])
    return names


def fill(ledger: Ledger, count: int) -> list[tuple[str, str]]:
    """Plan so many posts for now, on all accounts alike; return each delivery and its account."""
    names = make_accounts(ledger)
    with ledger.write() as connection:
        at = ledger.now(connection) - timedelta(minutes=10)
        orders = [
            outgoing.Order(post(names[n % ACCOUNTS], n), at + timedelta(milliseconds=n), "Ana")
            for n in range(count)
        ]
        ids = outgoing.plan(ledger, connection, orders)
    return [(id_, order.post.account) for id_, order in zip(ids, orders, strict=True)]


def post(account: str, number: int, action: str = "ua-119-21") -> Post:
    text = f"{TEXT} {number}"
    return Post(
        id=uuid.uuid4().hex,
        action=action,
        language="en",
        countries=("PE",),
        platform="x",
        account=account,
        occasion="appeal",
        wording="default",
        text=text,
        created_at=datetime.now(UTC),
        created_by="Ana",
        sha256=digest_of(account, text, ()),
    )


def send_all(ledger: Ledger) -> None:
    sender = Sender(ledger, "w", lambda _: Silent())
    while sender.turn():
        pass


def bare(ledger: Ledger, planned: list[tuple[str, str]], *, least: bool) -> None:
    """Commit the rows of the same sends by the driver alone."""
    raw = ledger.engine.raw_connection()
    driver = raw.driver_connection
    mark = "?" if ledger.is_sqlite else "%s"
    moment = datetime.now(UTC)
    said = moment.isoformat() if ledger.is_sqlite else moment
    for number, (delivery, account) in enumerate(planned):
        for rows in _rows(len(planned) + 2 * number, delivery, account, said, least=least):
            if ledger.is_sqlite:
                driver.execute("BEGIN IMMEDIATE")
            for statement, values in rows:
                driver.execute(statement.replace("?", mark), values)
            driver.commit()
    raw.close()


def _rows(last, delivery, account, at, *, least):
    """Yield the statements of each transaction of a send; *last* is the number of a record."""
    digest = "0" * 64
    lease = (_LEASE, ("w", at, 1, account))
    mark = [
        (_MARK, (1, at, "{}", at, delivery)),
        (_RECORD, (last + 1, at, "sending", delivery, "{}", digest, digest)),
        (_ATTEMPT, (delivery, 1, at, "begun")),
    ]
    sent = [
        (_ATTEMPT, (delivery, 1, at, "sent")),
        (_SENT, (delivery, "https://example.org/1", at, at, delivery)),
        (_RECORD, (last + 2, at, "sent", delivery, '{"remote_id":"1"}', digest, digest)),
    ]
    if least:
        return [mark, sent]
    return [[lease], [lease, *mark], sent, [(_LEASE, (None, None, 1, account))]]


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def emptied(url: str) -> Ledger:
    """Open a new ledger; all that a PostgreSQL database had in it is gone."""
    if url.startswith("postgresql"):
        engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        engine.dispose()
    return open_ledger(url)


def measure(url: str, count: int, work) -> float:
    """Return the seconds of *work*, given a new ledger and what is planned on it."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = emptied(url or f"sqlite:///{folder}/ledger.db")
        planned = fill(ledger, count)
        spent = timed(lambda: work(ledger, planned))
        ledger.close()
    return spent


def _sent(ledger: Ledger, planned: list[tuple[str, str]]) -> None:
    send_all(ledger)
    with ledger.read() as connection:
        query = sa.select(sa.func.count()).where(deliveries.c.state == "sent")
        if connection.scalar(query) != len(planned):
            raise SystemExit("not all were sent: the figures mean nothing")


def sends(url: str, count: int, rounds: int) -> None:
    works = {
        "a send": _sent,
        "the same rows, bare, in four commits": lambda *it: bare(*it, least=False),
        "the least of them, bare, in two commits": lambda *it: bare(*it, least=True),
    }
    rows = [[measure(url, count, work) for work in works.values()] for _ in range(rounds + 1)]
    del rows[0]
    print(f"  {'':<42}{'send / it':>10}{'ms each':>10}")
    for at, what in enumerate(works):
        ratio = statistics.median(row[0] / row[at] for row in rows)
        each = statistics.median(row[at] for row in rows) / count * 1000
        print(f"  {what:<42}{ratio:>10.2f}{each:>10.2f}")


def side_by_side(url: str, rounds: int) -> None:
    """Publish once to every account, at one time."""
    server = Server(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Calling.port = server.server_port

    def work(ledger, _):
        Worker(ledger, lambda _: Calling(), threads=ACCOUNTS).run_once()

    spent = [measure(url, ACCOUNTS, work) for _ in range(rounds + 1)][1:]
    server.shutdown()
    server.server_close()
    median = statistics.median(spent)
    print(f"  {ACCOUNTS} accounts, 100 ms each: {median / LATENCY:.1f} times the ideal", end="")
    print(f" ({median * 1000:,.0f} ms; one after the other {ACCOUNTS * LATENCY * 1000:,.0f} ms)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sends", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database: all in it is lost")
    options = parser.parse_args()
    for name, url in (("SQLite", ""), ("PostgreSQL", options.postgresql)):
        if url is None:
            continue
        print(name)
        sends(url, options.sends, options.rounds)
        side_by_side(url, options.rounds)


if __name__ == "__main__":
    main()
