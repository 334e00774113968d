"""`uasocial worker`: one machine's loop that sends what is due."""

import math
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from uasocial.cli import common

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.working import Worker
    from uasocial.team.reminding import Reminder
    from uasocial.toolkit import Toolkit

# Who it is, on record, that reminds the team where no person does.
REMINDS = "a worker"


@click.command("worker")
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option(
    "--poll",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How often to look for what was planned meanwhile.",
)
@click.pass_context
def command(context: click.Context, once: bool, poll: float) -> None:
    """Send what is due, until stopped; a second worker beside it is welcome.

    SIGTERM and Ctrl-C end it when what it has begun is done.
    """
    from uasocial import accounts
    from uasocial.team import reminding

    if not math.isfinite(poll):
        raise click.BadParameter("is no number of seconds", param_hint="--poll")
    kit = common.make_toolkit(context)
    ledger = accounts.ledger_of(kit)
    accounts.sync(kit, ledger)
    common.warn_of_plugins(kit)
    reminder = reminding.Reminder(kit, ledger, REMINDS, _log)
    worker = _worker(kit, ledger, poll, reminder)
    with _stopped_by_signals(worker):
        _log(f"{worker.name} begins")
        for fault in accounts.faults(kit).values():
            _log(f"out of service: {fault}")
        if once:
            worker.run_once()
        else:
            worker.run()
        reminder.end()
    _log(f"{worker.name} ends")


@contextmanager
def _stopped_by_signals(worker: "Worker") -> "Iterator[None]":
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: worker.stop()) for number in numbers]
    try:
        yield
    finally:
        for number, known in zip(numbers, before, strict=True):
            signal.signal(number, known)


def _worker(kit: "Toolkit", ledger: "Ledger", poll: float, reminder: "Reminder") -> "Worker":
    from uasocial import accounts, tightening
    from uasocial.outbox.working import Worker

    def refresh(actions: "Collection[str]") -> None:
        reminder.begin()
        for fault in tightening.refresh(kit, ledger, actions):
            _log(fault)

    seconds = timedelta(seconds=poll)
    tell = accounts.teller(kit)
    return Worker(ledger, accounts.opener(kit), refresh, _log, tell=tell, poll=seconds)


def _log(line: str) -> None:
    click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}")
