"""From due to first byte: how long after its time a post begins to arrive, with a million planned.

    .venv/bin/python benchmarks/due.py [--count 1000000] [--posts 200] [--postgresql URL]

One worker runs as `uasocial worker` does, on a ledger with *count* posts planned for the month to
come. Meanwhile *posts* fall due, one after the other on twenty accounts; each is a request to a
server of this machine, which notes when the first line has come. Beside it stand the intervals at
which other programs look for what is due: half of one is lost on average, the whole of it at worst.
*URL* is that of an empty PostgreSQL database.
"""

import argparse
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

from delivering import ACCOUNTS, Calling, Server, post
from planned import Full

from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.working import Worker

# Seconds between two that fall due, and until the first of them.
APART, AHEAD = 0.1, 8.0
# How often others look, in seconds: Mixpost Lite's cron, BrightBean's poll.
PEERS = {"Mixpost Lite, cron": 60, "BrightBean, poll": 15}
MARK = "due-"


class Noting(BaseHTTPRequestHandler):
    """Notes when a request began to come, by the number in its text."""

    came: dict[int, datetime] = {}  # noqa: RUF012 - of the whole run

    def do_POST(self):
        now = datetime.now(UTC)
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if MARK in text:
            self.came.setdefault(int(text.rpartition(MARK)[2]), now)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def plan(ledger: Ledger, count: int) -> dict[int, datetime]:
    """Let posts fall due soon, evenly on the accounts; return the moment of each."""
    with ledger.write() as connection:
        first = ledger.now(connection) + timedelta(seconds=AHEAD)
        due = {n: first + timedelta(seconds=n * APART) for n in range(count)}
        orders = []
        for number, moment in due.items():
            one = post(f"account-{number % ACCOUNTS}", number, "ua-1-21")
            said = {name: getattr(one, name) for name in one.__struct_fields__}
            orders.append(
                outgoing.Order(type(one)(**{**said, "text": f"{MARK}{number}"}), moment, "Ana")
            )
        outgoing.plan(ledger, connection, orders)
    return due


def measure(url: str, count: int, sends: int) -> None:
    server = Server(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Calling.port = server.server_port
    Noting.came.clear()
    with tempfile.TemporaryDirectory() as folder:
        full = Full(url or f"sqlite:///{folder}/ledger.db", count)
        worker = Worker(full.ledger, lambda _: Calling(), threads=ACCOUNTS)
        running = threading.Thread(target=worker.run)
        running.start()
        due = plan(full.ledger, sends)
        give_up_at = time.monotonic() + AHEAD + sends * APART + 60
        while len(Noting.came) < sends and time.monotonic() < give_up_at:
            time.sleep(0.1)
        worker.stop()
        running.join()
        full.ledger.close()
    server.shutdown()
    server.server_close()
    if len(Noting.came) < sends:
        raise SystemExit(f"only {len(Noting.came)} of {sends} have come: the figures mean nothing")
    late = sorted((Noting.came[n] - due[n]).total_seconds() * 1000 for n in due)
    if late[0] < 0:
        raise SystemExit("one came before its time")
    show(count, late)


def show(count: int, late: list[float]) -> None:
    median, worst = statistics.median(late), late[int(len(late) * 0.99)]
    print(f"  {count:,} planned: {len(late)} sent at their time")
    print(f"  {'':<24}{'median':>12}{'99 of 100':>12}")
    print(f"  {'uasocial, ms':<24}{median:>12,.0f}{worst:>12,.0f}")
    for name, seconds in PEERS.items():
        print(f"  {name:<24}{seconds * 500:>12,.0f}{seconds * 990:>12,.0f}  by its interval alone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database: all in it is lost")
    options = parser.parse_args()
    print("PostgreSQL" if options.postgresql else "SQLite")
    measure(options.postgresql or "", options.count, options.posts)


if __name__ == "__main__":
    main()
