"""What is asked of an account beside its posts: whose it is, threads, edits, deletions, handles."""
# ruff: noqa: S101 - tests to inherit

from uasocial.outbox.turns import LEASE
from uasocial.testing.contract.basis import Contract, only
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.network import Network

__all__ = ["AccountContract"]

TEXT = "Samar Belkori must be free: open the gate"


class AccountContract(Contract):
    """An account that is opened."""

    def test_the_account_needs_what_its_kind_says(self, network: Network) -> None:
        settings = set(network.settings)
        assert set(self.kind.settings) <= settings
        assert settings <= {*self.kind.settings, *self.kind.optional}
        assert set(network.secrets) == set(self.kind.secrets)

    @only(lambda contract: contract.opens_silently)
    def test_opening_asks_nobody(self, desk: Desk, network: Network) -> None:
        """A plan is made and shown while the network is down."""
        asked: list[bool] = []
        network.on_call(1, lambda: asked.append(True))
        ends_at = desk.publisher.ends_at()
        assert not asked
        assert ends_at is None or ends_at.tzinfo is not None

    def test_no_call_takes_longer_than_a_turn(self, desk: Desk) -> None:
        assert desk.publisher.timeout < LEASE

    def test_it_says_whose_account_it_is(self, desk: Desk, network: Network) -> None:
        said = desk.publisher.check()
        assert said.strip()
        assert network.owner in said

    def test_the_server_says_what_it_takes_or_nothing(self, desk: Desk) -> None:
        said = desk.publisher.limits()
        assert said is None or said.server

    @only(lambda contract: contract.kind.price is not None)
    def test_a_price_has_its_source(self, desk: Desk) -> None:
        price = self.kind.price and self.kind.price(desk.post(TEXT))
        assert price is None or (price.source and price.currency)

    @only(lambda contract: contract.kind.can_thread)
    def test_a_thread_of_three_hangs_together(self, desk: Desk, network: Network) -> None:
        """Through the ledger, where each answers the one before it once that is live."""
        first = desk.post("One of three")
        second = desk.post("Two of three", answers=first.id)
        third = desk.post("Three of three", answers=second.id)
        rows = [desk.finish(name) for name in desk.plan(first, second, third)]
        assert [(row.state, row.why) for row in rows] == [("sent", None)] * 3
        seen = network.seen()
        assert [post.text for post in seen] == [
            self.shown(one.text) for one in (first, second, third)
        ]
        ids = [row.remote_id for row in rows]
        assert [post.remote_id for post in seen] == ids
        assert [post.answers for post in seen] == [None, *ids[:2]]

    @only(lambda contract: contract.kind.can_edit)
    def test_an_edit_changes_the_post_and_makes_no_other(
        self, desk: Desk, network: Network
    ) -> None:
        _, receipt = desk.create("The gate is closd")
        edited = desk.publisher.edit(receipt, desk.prepared("The gate is closed"))
        (post,) = network.seen()
        assert (post.text, post.remote_id) == (self.shown("The gate is closed"), edited.remote_id)

    @only(lambda contract: contract.kind.can_delete)
    def test_what_is_deleted_is_gone_and_deleting_again_harms_nothing(
        self, desk: Desk, network: Network
    ) -> None:
        _, kept = desk.create("This one stays")
        _, receipt = desk.create("This one goes")
        for _ in range(2):
            desk.publisher.delete(receipt)
            assert [post.remote_id for post in network.seen()] == [kept.remote_id]

    @only(lambda contract: contract.kind.can_resolve)
    def test_a_handle_leads_to_the_same_id_each_time_and_nobody_to_none(
        self, desk: Desk, network: Network
    ) -> None:
        found = desk.publisher.resolve(network.handle)
        assert found is not None
        assert found.id
        again = desk.publisher.resolve(network.handle)
        assert again is not None
        assert again.id == found.id
        assert desk.publisher.resolve(network.nobody) is None
