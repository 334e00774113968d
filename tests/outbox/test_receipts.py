"""Whatever a publisher gives as a receipt, a delivery comes to an end."""

from datetime import UTC, datetime, timedelta

import pytest

from uasocial.model.post import Receipt
from uasocial.outbox.exporting import items_of

from . import planning
from .social import Social, send


class Odd(Social):
    """Takes each post, and gives *given* as its receipt; never finds one."""

    def __init__(self, given: object) -> None:
        super().__init__()
        self.given = given

    def create(self, prepared):
        super().create(prepared)
        return self.given

    def find(self, prepared, since):  # noqa: ARG002 - as it is called
        return self.given


def sent(ledger, network: Odd):
    planning.account(ledger)
    planning.plan(ledger, planning.post(), at=datetime.now(UTC) - timedelta(seconds=1))
    send(ledger, network)
    return items_of(ledger)[0]


@pytest.mark.parametrize("odd", ["", None, 5, "a\nb", "nul\0", "\ud800", "x" * 10_000])
def test_what_is_no_id_of_a_post_is_no_proof_that_it_is_live(ledger, odd):
    """A database may refuse it, and an answer to it would answer nobody."""
    network = Odd(Receipt(odd))
    item = sent(ledger, network)
    assert (item.state, network.calls.count("create")) == ("unknown", 1)


@pytest.mark.parametrize("odd", [None, "a\nb", "nul\0", "\ud800", "x" * 300_000])
def test_an_address_that_cannot_be_kept_is_left_out(ledger, odd):
    item = sent(ledger, Odd(Receipt("1", odd)))
    assert (item.state, item.remote_id, item.permalink) == ("sent", "1", "")
