"""Trying again: a little and at once where it harms nothing, later by a row of the ledger else."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tenacity import (
    Retrying,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from uasocial.outbox.ledger import LedgerError
from uasocial.platforms.publisher import Transient

__all__ = ["delay", "insist", "patiently"]

T = TypeVar("T")

# Within a turn: longer waits are put off by a row, and the worker goes on with other accounts.
MOST = 3
LONGEST = timedelta(seconds=10)
# Between turns: doubled each time, up to this.
TOP = timedelta(minutes=15)
# What a platform may ask for; a longer wait is looked at again in between.
MOST_ASKED = timedelta(days=1)


def patiently(call: Callable[[], T]) -> T:
    """Make a call that can be repeated; try again what is Transient and asks for no longer wait."""
    return Retrying(
        retry=retry_if_exception(_is_brief),
        stop=stop_after_attempt(MOST) | stop_after_delay(LONGEST),
        wait=wait_random_exponential(max=2),
        reraise=True,
    )(call)


def _is_brief(error: BaseException) -> bool:
    return isinstance(error, Transient) and error.retry_after is None


def insist(call: Callable[[], T], patience: timedelta) -> T:
    """Write what must not be forgotten, again and again while the ledger cannot be written."""
    return Retrying(
        retry=retry_if_exception_type(LedgerError),
        stop=stop_after_delay(patience),
        wait=wait_random_exponential(multiplier=0.1, max=2),
        reraise=True,
    )(call)


def delay(tries: int, asked: timedelta | None, first: timedelta) -> timedelta:
    """Return how long to wait: what was *asked*, else *first*, doubled with each of *tries*."""
    if asked is not None:
        return min(max(asked, timedelta(seconds=1)), MOST_ASKED)
    longest = min(first * 2 ** min(tries, 20), TOP)
    # With jitter: what failed at one moment is not tried at one moment.
    return timedelta(seconds=random.uniform(0.5, 1) * longest.total_seconds())  # noqa: S311
