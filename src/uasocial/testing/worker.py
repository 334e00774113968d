"""A worker as a process of its own, which a test may kill: `python -m uasocial.testing.worker`.

Its standard input is one JSON object, the fields of `Settings`: tokens are on no command line.
"""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec

from uasocial.outbox import turns
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.sending import Sender
from uasocial.platforms.publisher import Promise, Publisher
from uasocial.testing.blocking import blocked
from uasocial.testing.opening import Opening
from uasocial.testing.publisher import FakePublisher

__all__ = ["Account", "Settings", "main"]

# Asked that often whether something is due.
POLL = 0.02


class Account(msgspec.Struct, frozen=True):
    """What opens an account of the fake network."""

    token: str
    promise: Promise = "key"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker needs; times are in seconds. At *step*, the *count*th time, it gets *sign*.

    *accounts* are those of the fake network at *server*, *openings* those of any kind.
    """

    ledger: str
    name: str
    server: str = ""
    accounts: dict[str, Account] = {}
    openings: dict[str, Opening] = {}
    lease: float = turns.LEASE.total_seconds()
    timeout: float = 5.0
    settle: float = 0.0
    step: str = ""
    count: int = 1
    sign: str = "SIGKILL"


def main() -> None:
    """Take turns until somebody ends this process."""
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)
    sender = Sender(
        Ledger(settings.ledger),
        settings.name,
        _opener(settings),
        lease=timedelta(seconds=settings.lease),
        observe=_observer(settings),
    )
    with blocked():
        while True:
            try:
                idle = not sender.turn()
            except LedgerError as error:
                sys.stderr.write(f"{error}\n")
                idle = True
            if idle:
                time.sleep(POLL)


def _opener(settings: Settings) -> Callable[[Any], Publisher]:
    @cache
    def opened(name: str) -> Publisher:
        return settings.openings[name].open(name)

    def open_account(row: Any) -> Publisher:
        if row.name in settings.openings:
            return opened(row.name)
        account = settings.accounts[row.name]
        return FakePublisher(
            settings.server,
            account.token,
            account.promise,
            timeout=timedelta(seconds=settings.timeout),
            settle=timedelta(seconds=settings.settle),
        )

    return open_account


def _observer(settings: Settings) -> Callable[[str], None]:
    """Send this process a signal at its step, in the very middle of things."""
    reached: Counter[str] = Counter()

    def observe(step: str) -> None:
        reached[step] += 1
        if step == settings.step and reached[step] == settings.count:
            os.kill(os.getpid(), signal.Signals[settings.sign])

    return observe


if __name__ == "__main__":
    main()
