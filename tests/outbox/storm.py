"""Faults without end, over workers that are processes; and what became of every delivery."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import UasocialError
from uasocial.model.post import Mention, Post
from uasocial.outbox import approvals, stopping
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.controls import Control
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.sending import STEPS
from uasocial.outbox.tables import attempts, deliveries, posts, records
from uasocial.testing.crew import Crew
from uasocial.testing.network import Rules
from uasocial.testing.proxy import Fault, FaultProxy
from uasocial.testing.worker import Account, Settings

from . import planning, threads

WORKERS = 4
ACCOUNTS = 12
ACTIONS = 10
# Seconds: a turn, a call, until a late request has landed, and until a stopped worker wakes.
LEASE, TIMEOUT, SETTLE, ASLEEP = 1.5, 0.4, 0.5, 2.5
# A post is seen by a look-up, and a delayed request has landed, before that.
LAG, DELAY = 0.3, 0.45
KILLED = [(step, "SIGKILL") for step in STEPS]
STOPPED = [(step, "SIGSTOP") for step in STEPS]
LONGEST = 90
# A worker on the network with threads and handles.
WORKER = (str(Path(threads.__file__)),)
# Posts of a thread, all planned for the same moment.
THREAD = 3
OFFICES = 8
# Later, what is paused could be all that is left, and nothing would come after it.
LAST_PAUSE = 0.8


def faults() -> list[Fault]:
    """Return what goes wrong on the way: a quarter of all posts, a fifth of all look-ups."""
    return [
        Fault("drop", 0.06, match=_is_post),
        Fault("fail", 0.04, match=_is_post, status=502),
        Fault("delay", 0.03, match=_is_post, seconds=DELAY),
        Fault("cut", 0.04, match=_is_post),
        Fault("refuse", 0.04, match=_is_post, status=503),
        Fault("refuse", 0.04, match=_is_post, status=429, retry_after=1),
        Fault("cut", 0.1, match=_is_look_up),
        Fault("refuse", 0.1, match=_is_look_up, status=503),
    ]


def _is_post(request) -> bool:
    return request.method == "POST"


def _is_look_up(request) -> bool:
    return request.method == "GET"


class Storm:
    """A ledger full of deliveries, a network, and everything that can go wrong between them."""

    def __init__(self, ledger: Ledger, url: str, folder: Path, count: int, seed: int = 1) -> None:
        self.ledger, self.count = ledger, count
        self.chance = random.Random(seed)
        self.network = threads.Network(Rules(lag=LAG))
        self.network.handles = {name: threads.id_of(name) for name in map(_office, range(OFFICES))}
        self.proxy = FaultProxy(self.network.url, faults(), seed)
        self.accounts = {f"a{n}": self._promise(n) for n in range(ACCOUNTS)}
        self.plan = [*KILLED, ("", ""), *STOPPED, *KILLED, ("", "")]
        self._url, self._folder, self._seed = url, folder, seed
        self.done: Counter[str] = Counter()
        # The part that is over.
        self.over = 0.0
        self._fill()

    def _promise(self, number: int) -> Account:
        promise = ("key", "look-up", "look-up", "neither")[number % 4]
        return Account(self.network.join(f"a{number}"), promise)

    def _fill(self) -> None:
        """Plan all for this second, each a millisecond after the one before; some soon too late."""
        for name in self.accounts:
            planning.account(self.ledger, name)
        with self.ledger.write() as connection:
            start = self.ledger.now(connection) - timedelta(seconds=1)
            orders: list[outgoing.Order] = []
            for n in range(self.count):
                before = orders[-ACCOUNTS] if _is_answer(n) else None
                orders.append(self._order(start, n, before))
            ids = outgoing.plan(self.ledger, connection, orders)
            asked = [one for one, order in zip(ids, orders, strict=True) if order.needs_approval]
            approvals.approve(self.ledger, connection, asked, "Bea")

    def _order(self, start, n: int, before: outgoing.Order | None) -> outgoing.Order:
        post, asks = _post(n), n % 3 == 1
        at = start + n * timedelta(seconds=1) / self.count
        late = at + timedelta(seconds=self.chance.uniform(3, 15)) if n % 25 == 7 else None
        if before is None:
            return outgoing.Order(post, at, "Ana", send_before=late, needs_approval=asks)
        post = replace(post, answers=before.post.id, action=before.post.action)
        return outgoing.Order(post, before.planned_for, "Ana", send_before=late)

    def settings(self) -> Settings:
        return Settings(
            ledger=self._url,
            name="",
            server=self.proxy.url,
            accounts=self.accounts,
            lease=LEASE,
            timeout=TIMEOUT,
            settle=SETTLE,
        )

    def rage(self, *meddling: Callable[["Storm"], None], kills: int, command: Sequence[str] = ()):
        """Let the workers work until nothing is open, and meddle with them all the while."""
        options = {"asleep": ASLEEP, "seed": self._seed, "command": command or WORKER}
        crew = Crew(self.settings(), WORKERS, self.plan, self._folder, **options)
        give_up_at = time.monotonic() + LONGEST + self.count / 10
        meddled = [random.Random(n).uniform(0.1, 0.6) for n, _ in enumerate(meddling)]
        with crew:
            while left := self.left():
                assert time.monotonic() < give_up_at, f"{left} left of {self.count}"
                crew.tend()
                self.over = 1 - left / self.count
                if self.done["random kills"] < kills * self.over * 1.5:
                    crew.kill_one()
                    self.done["random kills"] += 1
                for place, meddle in enumerate(meddling):
                    if self.over > meddled[place]:
                        meddled[place] += 0.08
                        meddle(self)
                time.sleep(0.05)
        self.done.update(crew.done)
        return self

    def left(self) -> int:
        """Count what is not over; while the ledger is gone, everything is."""
        begun = deliveries.c.state.in_(["planned", "sending", "unknown"])
        with suppress(LedgerError), self.ledger.read() as connection:
            query = sa.select(sa.func.count()).select_from(deliveries).where(begun)
            return connection.scalar(query) or 0
        return self.count

    def close(self) -> None:
        self.proxy.close()
        self.network.close()

    @property
    def faults(self) -> int:
        sleeps = sum(n for what, n in self.done.items() if what.startswith("SIGSTOP"))
        return self.kills + sleeps + self.proxy.done.total()

    @property
    def kills(self) -> int:
        return sum(n for what, n in self.done.items() if what.startswith("SIGKILL"))


def _is_answer(n: int) -> bool:
    """Every other account has threads and nothing else."""
    return n % 2 == 0 and n // ACCOUNTS % THREAD > 0


def _post(n: int) -> Post:
    """Return a post; one in five mentions somebody, and half of those have words without."""
    text, action, to = f"text {n}", f"case-{n // ACCOUNTS % ACTIONS}", f"a{n % ACCOUNTS}"
    if n % 5:
        return planning.post(text, action, to)
    name = _office(n // 5 % OFFICES)
    post = planning.post(f"{text} @{name}", action, to)
    mentions = (Mention(handle=name, id=threads.id_of(name)),)
    return replace(post, mentions=mentions, without=text if n % 10 else None)


def _office(number: int) -> str:
    return f"office-{number}"


# --- what people do meanwhile ------------------------------------------------------------------


def _some_planned(storm: Storm) -> list[str]:
    """Return deliveries that come soon, so that a worker is at them or about to be."""
    query = sa.select(deliveries.c.id).where(deliveries.c.state == "planned")
    with storm.ledger.read() as connection:
        rows = connection.scalars(query.order_by(deliveries.c.planned_for).limit(ACCOUNTS)).all()
    return storm.chance.sample(rows, min(3, len(rows)))


def cancels(storm: Storm) -> None:
    for delivery in _some_planned(storm):
        with suppress(UasocialError), storm.ledger.write() as connection:
            outgoing.change(storm.ledger, connection, delivery, "cancelled", "Ana")
            storm.done["cancelled"] += 1


def reschedules(storm: Storm) -> None:
    """Move some to a moment after all others."""
    for delivery in _some_planned(storm):
        with suppress(UasocialError), storm.ledger.write() as connection:
            later = storm.ledger.now(connection) + timedelta(seconds=2)
            outgoing.move(storm.ledger, connection, delivery, later, "Ana")
            storm.done["moved"] += 1


def pauses(storm: Storm) -> None:
    """Pause an account, or resume what was paused; at the end, nothing is paused any more."""
    if storm.over > LAST_PAUSE and not storm.done["paused"] % 2:
        return
    name = f"a{storm.done['paused'] // 2 % ACCOUNTS}"
    with suppress(LedgerError):
        if storm.done["paused"] % 2:
            stopping.resume(storm.ledger, Control("pause", "account", name, "Ana"))
        else:
            stopping.pause(storm.ledger, Control("pause", "account", name, "Ana"))
        storm.done["paused"] += 1


def stops(storm: Storm) -> None:
    """Stop two of the actions, one after the other."""
    if storm.done["stopped"] < 2:
        with suppress(LedgerError):
            name = f"case-{ACTIONS - 1 - storm.done['stopped']}"
            stopping.stop(storm.ledger, Control("stop", "action", name, "Ana", "released"))
            storm.done["stopped"] += 1


def voids(storm: Storm) -> None:
    """Take approvals back; approve every other one again, for a moment after all others."""
    for delivery in _some_planned(storm):
        with suppress(UasocialError), storm.ledger.write() as connection:
            held = approvals.void(storm.ledger, connection, [delivery], "Ana", "look at it")
            storm.done["voided"] += len(held)
            if storm.done["voided"] % 2:
                later = storm.ledger.now(connection) + timedelta(seconds=2)
                approvals.reschedule(storm.ledger, connection, dict.fromkeys(held, later), "Ana")
                approvals.approve(storm.ledger, connection, held, "Bea")
                storm.done["approved again"] += len(held)


def renames(storm: Storm) -> None:
    """Take a handle away from who had it: one is gone, the next somebody else's."""
    number = storm.done["renamed"]
    if number < OFFICES // 2:
        storm.network.handles[_office(number)] = "id-of-another" if number % 2 else ""
        storm.done["renamed"] += 1


# --- what became of it -------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What must not be, each with the texts it happened to."""

    doubled: list[str]
    lost: list[str]
    out_of_order: list[str]
    after_stop: list[str]
    too_early: list[str]
    too_late: list[str]
    undecided: list[str]
    adrift: list[str]
    heedless: list[str]
    unapproved: list[str]


NOTHING = Outcome([], [], [], [], [], [], [], [], [], [])


def outcome(storm: Storm) -> Outcome:
    with storm.ledger.read() as connection:
        rows = connection.execute(
            sa.select(deliveries, outgoing.SAID, posts.c.action)
            .join(posts, posts.c.id == deliveries.c.post)
            .order_by(deliveries.c.planned_for, deliveries.c.seq)
        ).all()
        marks = connection.execute(
            sa.select(records.c.seq, records.c.at, records.c.delivery, posts.c.action)
            .add_columns(outgoing.SAID)
            .add_columns(deliveries.c.send_before)
            .join(deliveries, deliveries.c.id == records.c.delivery)
            .join(posts, posts.c.id == deliveries.c.post)
            .where(records.c.kind == "sending")
        ).all()
        stopped = connection.execute(sa.select(records).where(records.c.kind == "stop")).all()
        left = connection.execute(sa.select(records).where(records.c.kind == "review")).all()
        told = connection.execute(sa.select(records).order_by(records.c.seq)).all()
    # A stop also ends what waits for a person; that it may be live stands on record.
    reviewed = {row.delivery for row in left}
    ends = {row.data["name"]: row.seq for row in stopped}
    held = Counter(post.text for post in storm.network.posts)
    return Outcome(
        doubled=[text for text, count in held.items() if count > 1],
        lost=[row.text for row in rows if _is_lost(row, held, reviewed)],
        out_of_order=[text for name in storm.accounts for text in _disordered(storm, name, rows)],
        after_stop=[mark.text for mark in marks if mark.seq > ends.get(mark.action, mark.seq)],
        too_early=[row.text for row in rows if _is_early(row)],
        too_late=[mark.text for mark in marks if mark.at > mark.send_before],
        undecided=[row.text for row in rows if row.state in {"planned", "sending", "unknown"}],
        adrift=_adrift(storm, rows),
        heedless=storm.network.heedless,
        unapproved=_unapproved(told),
    )


def _unapproved(told) -> list[str]:
    """Return what was marked as being sent while nobody agreed to it, by the records alone."""
    wanted, agreed, found = set(), set(), []
    for row in told:
        if row.data.get("needs_approval") or row.kind == "voided":
            wanted.add(row.delivery)
        if row.kind == "approved":
            agreed.add(row.delivery)
        elif row.kind == "voided":
            agreed.discard(row.delivery)
        elif row.kind == "sending" and row.delivery in wanted - agreed:
            found.append(row.delivery)
    return found


def _adrift(storm: Storm, rows) -> list[str]:
    """Return what is live and does not answer what it should, or answers what is not live."""
    at = {row.id: row.remote_id for row in rows if row.state == "sent"}
    given = storm.network.answers
    live = [row for row in rows if row.state == "sent"]
    wanted = {row.id: at.get(row.answers, "is not live") for row in live if row.answers}
    return [row.text for row in live if given.get(row.remote_id) != wanted.get(row.id)]


def _is_lost(row, held: Counter[str], reviewed: set[str]) -> bool:
    """Tell whether the ledger and the network disagree about a delivery."""
    if row.state == "cancelled" and row.id in reviewed:
        return False
    if row.state == "review":
        return bool(held[row.text]) and not row.why.startswith("it may be live")
    return bool(held[row.text]) != (row.state == "sent")


def _is_early(row) -> bool:
    return row.state == "sent" and (row.marked_at or row.sent_at) < row.planned_for


def _disordered(storm: Storm, account: str, rows) -> list[str]:
    """Return what went out before something that was planned for an earlier moment."""
    sent = [row.text for row in rows if row.account == account and row.state == "sent"]
    came = list(dict.fromkeys(storm.network.texts(account)))
    live = [text for text in came if text in set(sent)]
    return [a for a, b in zip(live, [t for t in sent if t in set(live)], strict=True) if a != b]


def states(storm: Storm) -> Counter[str]:
    with storm.ledger.read() as connection:
        counted = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
        return Counter({row[0]: row[1] for row in connection.execute(counted)})


def finds(storm: Storm) -> Counter[str]:
    """Count what look-ups and workers that were gone came to."""
    with storm.ledger.read() as connection:
        told = sa.select(attempts.c.step, attempts.c.outcome, sa.func.count())
        rows = connection.execute(told.group_by(attempts.c.step, attempts.c.outcome)).all()
    return Counter({f"{step} {what}": count for step, what, count in rows})


def report(storm: Storm, seconds: float) -> str:
    """Say in a line what was done; shown with -s, and by a test that fails."""
    known = (storm.done, storm.proxy.done, states(storm), finds(storm))
    told = " | ".join(", ".join(f"{k} {v}" for k, v in sorted(one.items())) for one in known)
    done = f"{storm.count} deliveries, {storm.faults} faults, {storm.kills} kills"
    return f"{done}, {seconds:.0f} s, {os.cpu_count()} cores: {told}\n"
