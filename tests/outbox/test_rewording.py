"""Words that are changed while a worker makes the old ones ready."""

from datetime import timedelta

import pytest

from uasocial.outbox import approvals, deliveries, queue, seeing
from uasocial.outbox.editing import edit
from uasocial.outbox.exporting import items_of
from uasocial.outbox.rewording import reword
from uasocial.outbox.sending import Sender

from . import planning
from .social import Social, send


@pytest.fixture
def due(ledger):
    """Plan a post that somebody has approved, and that is due; return its id."""
    planning.account(ledger)
    with ledger.write() as connection:
        at = ledger.now(connection)
        order = deliveries.Order(planning.post("old words"), at, "Ana", "proposed")
        (name,) = deliveries.plan(ledger, connection, [order])
        approvals.approve(ledger, connection, [name], "Bea")
    return name


def test_old_words_never_go_out_under_the_approval_of_new_ones(ledger, due):
    """They were changed and approved anew after the worker had made the old ones ready."""

    def change(step: str) -> None:
        entry = queue.find(ledger, due)
        if step == "prepared" and entry.text == "old words":
            with ledger.write() as connection:
                new = planning.post("new words")
                assert reword(ledger, connection, entry, new, "Ana", "they have changed")
                approvals.approve(ledger, connection, [due], "Bea", timedelta(hours=1))

    network = Social()
    Sender(ledger, "worker", lambda _: network, observe=change).turn()
    assert network.texts == []
    send(ledger, network)
    assert network.texts == ["new words"]
    assert queue.find(ledger, due).text == "new words"


def test_what_was_reworded_before_it_went_out_is_not_called_edited(ledger, due):
    entry = queue.find(ledger, due)
    with ledger.write() as connection:
        assert reword(ledger, connection, entry, planning.post("new words"), "Ana", "changed")
        approvals.approve(ledger, connection, [due], "Bea", timedelta(hours=1))
    network = Social()
    send(ledger, network)
    (item,) = items_of(ledger)
    action = planning.post().action
    assert [one.edited for one in seeing.seen(ledger, action)] == [False]
    edit(ledger, item, planning.post("newer words"), "Bea", lambda _: network)
    assert [one.edited for one in seeing.seen(ledger, action)] == [True]
