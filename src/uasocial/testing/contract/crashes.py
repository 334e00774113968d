"""A worker that is killed as a request comes in leaves what another one finishes, once."""
# ruff: noqa: S101 - tests to inherit

from threading import Event

from uasocial.testing.contract.basis import Contract
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.network import Network, Seen
from uasocial.testing.contract.pictures import album

__all__ = ["CrashContract"]

# More requests than any delivery makes.
MOST = 40


class CrashContract(Contract):
    """A worker may die at any moment."""

    def test_a_worker_killed_at_any_request_leaves_what_the_next_one_finishes(
        self, desk: Desk, network: Network
    ) -> None:
        """Killed as the first request comes in, then as the second, until it needs no more."""
        pictures = album(2 if self.kind.media is None else min(2, self.kind.media))
        for number in range(1, MOST):
            post = desk.post(f"Open gate number {number}", *pictures)
            (delivery,) = desk.plan(post)
            was_killed = self._killed_at(number, desk, network, delivery)
            network.rest()
            row = desk.finish(delivery)
            live = [seen for seen in network.seen() if seen.text == self.shown(post.text)]
            self._assert_once(row.state, live, desk.publisher.promise)
            if self.shows_alts:
                assert {seen.alts for seen in live} <= {tuple(one.alt for one in pictures)}
            if not was_killed:
                assert number > 1, "it made no request"
                return
        raise AssertionError(f"a delivery makes more than {MOST} requests")

    def _killed_at(self, number: int, desk: Desk, network: Network, delivery: str) -> bool:
        """Kill a worker as that request comes in; tell whether it came."""
        killed = Event()
        desk.let_go()
        with desk.worker() as process:

            def kill() -> None:
                process.kill()
                process.wait()
                killed.set()

            def is_over() -> bool:
                desk.hurry()
                return killed.is_set() or desk.row(delivery).state in {"sent", "review"}

            network.on_call(number, kill)
            desk.until(is_over)
            network.on_call(0, lambda: None)
        return killed.is_set()

    def _assert_once(self, state: str, live: list[Seen], promise: str) -> None:
        if promise == "neither":
            assert (state, len(live)) in {("sent", 1), ("review", 1), ("review", 0)}
        else:
            assert (state, len(live)) == ("sent", 1)
