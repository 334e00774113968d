"""The worker: takes every turn that is due, waits for no account, and finishes what it began."""

import signal
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from uasocial.errors import Refused, UasocialError
from uasocial.model.post import STATES, Post, Receipt, digest_of
from uasocial.outbox import deciding, deliveries, queue
from uasocial.outbox.controls import Control, add, set_words
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.tables import accounts
from uasocial.outbox.working import Worker
from uasocial.platforms.publisher import OutcomeUnknown, Publisher, Rejected, Transient

SECRET = "token-of-nobody"


class Network(Publisher):
    """A network that remembers what it was given, and answers what it is told to."""

    promise = "neither"
    settle = timedelta(0)

    def __init__(self, answers=()) -> None:
        self.live, self.answers = [], list(answers)

    def create(self, prepared):
        if self.answers:
            raise self.answers.pop(0)
        self.live.append(prepared.post.text)
        return Receipt(prepared.key, f"https://social.example/{prepared.key}")


class Telling(Network):
    """A network that says when it was given something."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = threading.Event()

    def create(self, prepared):
        self.sent.set()
        return super().create(prepared)


def add_accounts(ledger, *names, mode="publish"):
    with ledger.write() as connection:
        for name in names:
            connection.execute(
                sa.insert(accounts).values(
                    name=name, platform="x", kind="test", language="en", mode=mode
                )
            )


def post(account, text):
    return Post(
        id=uuid.uuid4().hex,
        action="gate",
        language="en",
        countries=("PE",),
        platform="x",
        account=account,
        occasion="appeal",
        wording="standard",
        text=text,
        created_at=datetime.now(UTC),
        created_by="Samar Belkori",
        sha256=digest_of(account, text, ()),
    )


def plan(ledger, account, *texts, after=timedelta(0)):
    with ledger.write() as connection:
        at = ledger.now(connection) + after
        orders = [deliveries.Order(post(account, text), at, "Samar Belkori") for text in texts]
        return deliveries.plan(ledger, connection, orders)


def states(ledger):
    return [entry.state for entry in queue.listed(ledger, states=STATES)]


def test_everything_due_is_sent_once_and_what_is_not_due_waits(ledger):
    add_accounts(ledger, "a", "b")
    for name in "ab":
        plan(ledger, name, "one", "two", "three")
    plan(ledger, "a", "later", after=timedelta(hours=1))
    networks = {"a": Network(), "b": Network()}
    Worker(ledger, lambda row: networks[row.name]).run_once()
    assert [networks[name].live for name in "ab"] == [["one", "two", "three"]] * 2
    assert states(ledger) == ["sent"] * 6 + ["planned"]


def test_accounts_do_not_wait_for_each_other(ledger):
    names = [f"account-{number}" for number in range(12)]
    add_accounts(ledger, *names)
    for name in names:
        plan(ledger, name, "Open the gate")
    together = threading.Barrier(len(names), timeout=20)

    class Meeting(Network):
        def create(self, prepared):
            together.wait()
            return super().create(prepared)

    Worker(ledger, lambda _: Meeting()).run_once()
    assert states(ledger) == ["sent"] * 12


def test_a_worker_may_be_kept_to_some_accounts(ledger):
    add_accounts(ledger, "a", "b")
    plan(ledger, "a", "one")
    plan(ledger, "b", "two")
    Worker(ledger, lambda _: Network(), only=["b"]).run_once()
    assert [(e.account, e.state) for e in queue.listed(ledger)] == [("a", "planned")]


def test_each_outcome_is_a_line_and_no_text_or_token_is_in_it(ledger):
    add_accounts(ledger, "good", "bad", "busy", "odd", "shut")
    add_accounts(ledger, "hand", mode="by hand")
    networks = {
        "good": Network(),
        "bad": Network([Rejected(f"no: {SECRET}")]),
        "busy": Network([Transient(f"later: {SECRET}", timedelta(minutes=5))]),
        "odd": Network([OutcomeUnknown(SECRET)]),
        "hand": Network(),
    }
    for name in (*networks, "shut"):
        plan(ledger, name, "Open the gate")
    lines = []
    Worker(ledger, lambda row: networks[row.name], log=lines.append).run_once()
    outcomes = {line.split()[2]: line.split()[0] for line in lines if " off " not in line}
    assert outcomes["good"] == "sent"
    assert outcomes["bad"] == "failed"
    # What nobody can look up goes on to a person.
    assert outcomes["odd"] in ("unknown", "review")
    assert any(line.startswith("handed off ") and " hand " in line for line in lines)
    for name in ("busy", "shut"):
        assert any(line.startswith("put off ") and f" {name} " in line for line in lines)
    assert not [line for line in lines if SECRET in line or "Open" in line or "\n" in line]


def test_words_are_refreshed_before_anything_is_sent(ledger):
    add_accounts(ledger, "a")
    plan(ledger, "a", "Samar Belkori asked why")
    told = []

    def refresh(actions):
        told.extend(actions)
        with ledger.write() as connection:
            set_words(ledger, connection, "gate", [("Samar Belkori", None)], "the files")

    network = Network()
    Worker(ledger, lambda _: network, refresh).run_once()
    assert told == ["gate"]
    assert network.live == []
    assert states(ledger) == ["review"]


def test_a_stop_is_obeyed_by_a_worker_that_runs(ledger):
    add_accounts(ledger, "a")
    with ledger.write() as connection:
        add(ledger, connection, Control("stop", "action", "gate", "Samar Belkori", "released"))
    plan(ledger, "a", "one")
    network = Network()
    Worker(ledger, lambda _: network).run_once()
    assert (network.live, states(ledger)) == ([], ["cancelled"])


def test_a_running_worker_sends_what_is_planned_later_and_stops_when_told(ledger):
    add_accounts(ledger, "a")
    network = Telling()
    worker = Worker(ledger, lambda _: network, poll=timedelta(milliseconds=50))
    thread = threading.Thread(target=worker.run)
    thread.start()
    plan(ledger, "a", "one", after=timedelta(milliseconds=100))
    assert network.sent.wait(20)
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert states(ledger) == ["sent"]


def test_two_workers_on_one_ledger_send_each_post_once(ledger):
    names = [f"account-{number}" for number in range(6)]
    add_accounts(ledger, *names)
    for name in names:
        plan(ledger, name, *(f"text {number}" for number in range(5)))
    live = []

    class Shared(Network):
        def create(self, prepared):
            live.append((prepared.post.account, prepared.post.text))
            return Receipt(prepared.key)

    workers = [Worker(ledger, lambda _: Shared(), threads=3) for _ in range(2)]
    threads = [threading.Thread(target=worker.run_once) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Worker(ledger, lambda _: Shared()).run_once()
    assert len(live) == len(set(live)) == 30
    assert set(states(ledger)) == {"sent"}


def test_a_ledger_that_is_away_for_a_while_ends_no_worker(ledger, monkeypatch):
    add_accounts(ledger, "a")
    plan(ledger, "a", "one")
    lines, real = [], queue.load
    answers = [LedgerError("the ledger cannot be used: gone")]

    def load(*args):
        if answers:
            raise answers.pop()
        return real(*args)

    monkeypatch.setattr(queue, "load", load)
    network = Telling()
    worker = Worker(ledger, lambda _: network, log=lines.append, poll=timedelta(milliseconds=50))
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert network.sent.wait(20)
    worker.stop()
    thread.join(20)
    assert lines[0] == "the ledger cannot be used: gone"
    assert states(ledger) == ["sent"]


WAITING = """\
import signal, sys
from datetime import UTC, datetime, timedelta
from uasocial.model.post import Receipt
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.working import Worker
from uasocial.platforms.publisher import Publisher

class Waiting(Publisher):
    promise = "neither"
    def create(self, prepared):
        print("begun", flush=True)
        sys.stdin.readline()
        return Receipt(prepared.key)

worker = Worker(Ledger(sys.argv[1]), lambda row: Waiting(), poll=timedelta(seconds=60))
for one in (signal.SIGTERM, signal.SIGINT):
    signal.signal(one, lambda *_: (worker.stop(), print("told", flush=True)))
worker.run()
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_send_ends_the_worker_after_it(ledger, ledger_url, number):
    add_accounts(ledger, "a")
    plan(ledger, "a", "one", "two")
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, ledger_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.stdout.readline() == "told\n"
        assert states(ledger) == ["sending", "planned"]
        process.stdin.write("answer\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ended\n"
    assert process.returncode == 0
    assert states(ledger) == ["sent", "planned"]


# --- decisions -----------------------------------------------------------------------------------

WHY = deciding.Decision("Dalia Torvane", "I have looked")


def _unknown(ledger: Ledger):
    """A delivery of which nobody knows whether it is live."""
    add_accounts(ledger, "a")
    (name,) = plan(ledger, "a", "one")
    Worker(ledger, lambda _: Network([OutcomeUnknown("no answer")])).run_once()
    return queue.find(ledger, name)


def test_what_is_unknown_is_listed_and_a_person_may_say_that_it_is_live(ledger):
    entry = _unknown(ledger)
    assert [one.id for one in queue.to_review(ledger)] == [entry.id]
    deciding.is_live(ledger, entry, "https://social.example/1", WHY)
    after = queue.find(ledger, entry.id)
    assert (after.state, after.permalink) == ("sent", "https://social.example/1")
    assert after.decided_by == "Dalia Torvane"
    last = queue.attempts_of(ledger, after)[-1]
    assert (last.step, last.outcome, last.worker, last.detail) == ("review", "sent", *WHY)


def test_a_person_may_send_it_again_move_it_or_drop_it(ledger):
    entry = _unknown(ledger)
    with ledger.read() as connection:
        later = ledger.now(connection) + timedelta(days=1)
    deciding.send_at(ledger, entry, later, WHY)
    moved = queue.find(ledger, entry.id)
    assert (moved.state, moved.planned_for) == ("planned", later)
    deciding.send_at(ledger, moved, None, WHY)
    network = Network()
    Worker(ledger, lambda _: network).run_once()
    assert network.live == ["one"]
    with pytest.raises(UasocialError, match="nothing to decide"):
        deciding.drop(ledger, queue.find(ledger, entry.id), WHY)


def test_a_decision_about_what_has_changed_meanwhile_is_refused(ledger):
    entry = _unknown(ledger)
    deciding.drop(ledger, entry, WHY)
    with pytest.raises(UasocialError, match="is cancelled"):
        deciding.is_live(ledger, entry, "https://social.example/1", WHY)


def test_what_could_not_go_out_is_not_planned_again(ledger):
    entry = _unknown(ledger)
    with ledger.write() as connection:
        add(ledger, connection, Control("freeze", "action", "gate", "Dalia Torvane"))
    with pytest.raises(Refused, match="frozen"):
        deciding.send_at(ledger, entry, None, WHY)
    assert queue.find(ledger, entry.id).state == entry.state


def test_what_is_late_or_frozen_waits_for_a_decision(ledger):
    add_accounts(ledger, "a")
    late = plan(ledger, "a", "one", after=timedelta(hours=-3))
    plan(ledger, "a", "two", after=timedelta(hours=3))
    assert [(e.id, e.is_late) for e in queue.to_review(ledger)] == [(late[0], True)]
    with ledger.write() as connection:
        add(ledger, connection, Control("freeze", "action", "gate", "Dalia Torvane"))
    assert len(queue.to_review(ledger)) == 2


def test_what_is_posted_by_hand_is_recorded_even_if_it_was_stopped_meanwhile(ledger):
    add_accounts(ledger, "hand", mode="by hand")
    add_accounts(ledger, "a")
    (name,) = plan(ledger, "hand", "one")
    (other,) = plan(ledger, "a", "two", after=timedelta(hours=1))
    Worker(ledger, lambda _: Network()).run_once()
    entry = queue.find(ledger, name[:8])
    assert entry.state == "handed_off"
    deciding.drop(ledger, entry, WHY)
    deciding.posted(ledger, entry, "https://social.example/1", "Samar Belkori")
    assert queue.find(ledger, name).state == "sent"
    with pytest.raises(UasocialError, match="not posted to by hand"):
        deciding.posted(ledger, queue.find(ledger, other), "https://social.example/2", "x")


def test_the_load_is_what_is_due_and_when_there_is_more(ledger):
    add_accounts(ledger, "a", "b", "c")
    assert queue.load(ledger)[:2] == (0, None)
    plan(ledger, "a", "one")
    plan(ledger, "b", "two", after=timedelta(hours=1))
    due, next_at, now = queue.load(ledger)
    assert due == 1
    assert timedelta(minutes=59) < next_at - now <= timedelta(hours=1)
    assert queue.load(ledger, ["b"]).due == 0
    assert queue.waiting_actions(ledger, timedelta(0)) == ["gate"]
