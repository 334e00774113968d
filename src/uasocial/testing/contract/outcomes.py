"""One post, whatever the network answers: refused, put off, or lost."""
# ruff: noqa: S101 - tests to inherit

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from uasocial.outbox.queue import said_before
from uasocial.outbox.sending import Sender
from uasocial.platforms.publisher import CannotTell, NotAuthorized, Transient
from uasocial.testing.contract.basis import Contract, only
from uasocial.testing.contract.desk import MOST_TURNS, AnyRow, Desk
from uasocial.testing.contract.network import Network

__all__ = ["OutcomeContract"]

TEXT = "Samar Belkori must be free: open the gate"
# In seconds: what a network asks for, and how far off its clock and ours may be.
WAIT, APART = 60, 5
# Turns after which a person is asked, where trying again could never help.
FEW = 3


class _Killed(BaseException):
    """The end of a worker in the middle of its turn."""


def _take_turns(desk: Desk, sender: Sender, is_over: Callable[[], bool] = lambda: False) -> None:
    for _ in range(MOST_TURNS):
        desk.let_go()
        sender.turn()
        if is_over():
            return


class OutcomeContract(Contract):
    """What becomes of a post."""

    def test_a_post_goes_out_once_with_its_receipt(self, desk: Desk, network: Network) -> None:
        (delivery,) = desk.plan(desk.post(TEXT))
        row = desk.finish(delivery)
        (post,) = network.seen()
        assert (row.state, row.why) == ("sent", None)
        assert (row.remote_id, post.text) == (post.remote_id, self.shown(TEXT))

    def test_the_same_post_twice_is_one_post(self, desk: Desk, network: Network) -> None:
        """A key: the network knows it. A look-up: the post is found. Neither: a person decides."""
        if desk.publisher.promise == "key":
            prepared, receipt = desk.create(TEXT)
            assert desk.publisher.create(prepared).remote_id == receipt.remote_id
        else:
            self._die_before_it_is_recorded(desk)
        assert [post.text for post in network.seen()] == [self.shown(TEXT)]

    def _die_before_it_is_recorded(self, desk: Desk) -> None:
        def die(step: str) -> None:
            if step == "answered":
                raise _Killed

        post = desk.post(TEXT)
        (delivery,) = desk.plan(post)
        sender = desk.sender(observe=die)
        with pytest.raises(_Killed):
            _take_turns(desk, sender)
        row = desk.finish(delivery)
        assert row.state == ("review" if desk.publisher.promise == "neither" else "sent"), row.why
        with desk.ledger.read() as connection:
            assert said_before(connection, post.account, post.sha256) == delivery

    def test_what_is_live_is_found_with_its_receipt(self, desk: Desk) -> None:
        since = datetime.now(UTC)
        prepared, receipt = desk.create(TEXT)
        if desk.publisher.promise == "look-up":
            found = desk.publisher.find(prepared, since)
            assert found is not None
            assert found.remote_id == receipt.remote_id
        elif desk.publisher.promise == "neither":
            with pytest.raises(CannotTell):
                desk.publisher.find(prepared, since)

    def test_a_post_that_never_was_is_not_found(self, desk: Desk) -> None:
        """Not even beside others, of which one says nearly the same."""
        since = datetime.now(UTC)
        desk.create(f"{TEXT} now")
        prepared = desk.prepared(TEXT)
        try:
            assert desk.publisher.find(prepared, since) is None
        except CannotTell:
            assert desk.publisher.promise != "look-up"

    def test_an_answer_that_is_lost_makes_no_second_post(
        self, desk: Desk, network: Network
    ) -> None:
        (delivery,) = desk.plan(desk.post(TEXT))
        network.lose_answer()
        row = self._first_outcome(desk, delivery)
        assert row.state == "unknown", row.why
        row = desk.finish(delivery)
        assert row.state == ("review" if desk.publisher.promise == "neither" else "sent"), row.why
        (post,) = network.seen()
        assert post.text == self.shown(TEXT)
        assert row.remote_id in {None, post.remote_id}

    def test_a_request_that_is_lost_is_made_again_only_if_it_surely_was_not_taken(
        self, desk: Desk, network: Network
    ) -> None:
        (delivery,) = desk.plan(desk.post(TEXT))
        network.lose_request()
        assert self._first_outcome(desk, delivery).state == "unknown"
        row = desk.finish(delivery)
        by_hand = desk.publisher.promise == "neither"
        assert row.state == ("review" if by_hand else "sent"), row.why
        assert len(network.seen()) == (0 if by_hand else 1)

    def test_a_limit_of_posts_puts_off_for_as_long_as_the_network_asks(
        self, desk: Desk, network: Network
    ) -> None:
        prepared = desk.prepared(TEXT)
        network.limit_rate(WAIT)
        with pytest.raises(Transient) as error:
            desk.publisher.create(prepared)
        asked = error.value.retry_after
        assert asked is not None
        assert abs(asked - timedelta(seconds=WAIT)) < timedelta(seconds=APART)
        assert network.seen() == []

    def test_a_delivery_that_is_put_off_waits_and_goes_out_once(
        self, desk: Desk, network: Network
    ) -> None:
        (delivery,) = desk.plan(desk.post(TEXT))
        network.limit_rate(WAIT)
        begun = datetime.now(UTC)
        row = self._first_outcome(desk, delivery)
        assert (row.state, row.tries) == ("planned", 1)
        assert row.not_before - begun > timedelta(seconds=WAIT - APART)
        assert desk.finish(delivery).state == "sent"
        assert len(network.seen()) == 1

    def _first_outcome(self, desk: Desk, delivery: str) -> AnyRow:
        """Take turns until the one call was made."""
        _take_turns(desk, desk.sender(), lambda: desk.row(delivery).marked_at is not None)
        return desk.row(delivery)

    @only(lambda contract: bool(contract.kind.secrets) and contract.revocable)
    def test_secrets_that_were_revoked_are_said_so_and_a_person_decides(
        self, desk: Desk, network: Network
    ) -> None:
        prepared = desk.prepared(TEXT)
        (delivery,) = desk.plan(desk.post(TEXT))
        network.revoke()
        for call in (desk.publisher.check, lambda: desk.publisher.create(prepared)):
            with pytest.raises(NotAuthorized) as error:
                call()
            assert len(f"{error.value}".splitlines()) == 1
        desk.shut()
        for _ in range(FEW):
            desk.let_go()
            desk.sender().turn()
        assert (desk.row(delivery).state, network.seen()) == ("review", [])

    @only(lambda contract: bool(contract.kind.secrets) and contract.revocable)
    def test_wrong_secrets_are_said_so(self, desk: Desk, network: Network) -> None:
        with pytest.raises(NotAuthorized):
            desk.stranger(self.wrong_secrets(network.secrets)).check()
