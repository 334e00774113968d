"""No secret gets out: into no repr, no error, no log, no warning."""

import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from uasocial.platforms.publisher import PublisherError
from uasocial.testing.contract.basis import Contract, only
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.network import Network
from uasocial.testing.contract.pictures import album

__all__ = ["SecrecyContract"]

TEXT = "Samar Belkori must be free: open the gate"


@contextmanager
def _everything_logged(into: list[str]) -> Iterator[None]:
    """Take down what every logger is told, at whichever level, whether it would show it or not."""
    form = logging.Formatter("%(name)s %(message)s")

    def handle(_: logging.Logger, record: logging.LogRecord) -> None:
        into.append(form.format(record))

    with (
        patch.object(logging.Logger, "isEnabledFor", lambda *_: True),
        patch.object(logging.Logger, "handle", handle),
        warnings.catch_warnings(record=True) as warned,
    ):
        yield
    into.extend(str(one) for one in warned)


class SecrecyContract(Contract):
    """The secrets of an account, and what is kept of them."""

    @only(lambda contract: bool(contract.kind.secrets))
    def test_no_secret_gets_into_a_repr_an_error_a_log_or_a_warning(
        self, desk: Desk, network: Network, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """In a day's work with all that goes wrong in one; the ledger is looked at afterwards."""
        said: list[str] = []
        with _everything_logged(said):
            said.extend(_told(call) for call in self._days_work(desk, network))
            inner = vars(desk.publisher).get("_inner")
            said += [f"{one!r} {one!s}" for one in (desk.publisher, inner, desk.keeping)]
        desk.assert_discreet("\n".join([*said, *capfd.readouterr()]))

    def _days_work(self, desk: Desk, network: Network) -> Iterator[Callable[[], Any]]:
        """Yield calls, and let the network misbehave in between."""
        pictures = album(2 if self.kind.media is None else min(2, self.kind.media))
        publisher = desk.publisher
        yield publisher.check
        yield publisher.limits
        yield lambda: publisher.resolve(network.handle)
        yield lambda: desk.create(TEXT, *pictures)
        for fault in (network.lose_answer, network.lose_request, lambda: network.limit_rate(60)):
            (delivery,) = desk.plan(desk.post(f"{TEXT}, {len(network.seen())} {id(fault)}"))
            fault()
            yield lambda: desk.create(f"{TEXT} again")
            yield lambda named=delivery: desk.finish(named)  # type: ignore[misc]
        yield lambda: desk.stranger(self.wrong_secrets(network.secrets)).check()
        if self.revocable:
            network.revoke()
        prepared = desk.plan(desk.post(f"{TEXT} today"))
        yield publisher.check
        yield lambda: desk.create(f"{TEXT} at last")
        yield lambda: desk.finish(prepared[0])


def _told(call: Callable[[], Any]) -> str:
    """Make a call; return its answer, or its error as a traceback with all that led to it."""
    try:
        return f"{call()!r}"
    except PublisherError as error:
        return "".join(traceback.format_exception(error)) + repr(error)
