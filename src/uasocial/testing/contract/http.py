"""A network over HTTP: a proxy before it fails on demand, and tells of each request."""

from abc import abstractmethod
from collections.abc import Callable
from threading import Condition

from uasocial.testing.contract.network import Network
from uasocial.testing.loopback import Answer, Request
from uasocial.testing.proxy import Fault, FaultProxy

__all__ = ["HttpNetwork"]

# In seconds: no request of a test is under way for longer.
PATIENCE = 30.0
TOO_MANY = 429


class HttpNetwork(Network):
    """The network at *upstream*; its account is opened at *url*, where the proxy listens.

    A subclass says which request makes a post, what the account has live (asked of the server
    itself, past the proxy), how its secrets end, and makes *settings* of *url*.
    """

    def __init__(self, upstream: str) -> None:
        self.proxy = _Door(upstream)
        self.url = self.proxy.url

    @abstractmethod
    def is_create(self, request: Request) -> bool:
        """Tell whether a request is the one call that makes a post."""

    def too_many(self, seconds: int) -> Answer:
        """Return how the network asks to wait: with Retry-After, unless it has another way."""
        return Answer(TOO_MANY, headers={"Retry-After": str(seconds)})

    def lose_answer(self) -> None:
        self.proxy.add(Fault("drop", times=1, match=self.is_create))

    def lose_request(self) -> None:
        self.proxy.add(Fault("cut", times=1, match=self.is_create))

    def limit_rate(self, seconds: int) -> None:
        self.proxy.add(Fault("refuse", times=1, match=self.is_create, said=self.too_many(seconds)))

    def on_call(self, number: int, call: Callable[[], None]) -> None:
        self.proxy.on_call(number, call)

    def rest(self) -> None:
        self.proxy.rest()

    def close(self) -> None:
        self.proxy.close()


class _Door(FaultProxy):
    """A proxy that counts who comes in, and who is still inside."""

    def __init__(self, upstream: str) -> None:
        self._left = 0
        self._call: Callable[[], None] | None = None
        self._inside = 0
        self._changed = Condition()
        super().__init__(upstream)

    def on_call(self, number: int, call: Callable[[], None]) -> None:
        with self._changed:
            self._left, self._call = number, call

    def rest(self) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: not self._inside, PATIENCE):
                raise TimeoutError(f"a request is under way for {PATIENCE:g} seconds")

    def answer(self, request: Request) -> Answer | None:
        with self._changed:
            self._inside += 1
            self._left -= 1
            call = self._call if self._left == 0 else None
        try:
            if call is not None:
                call()
            return super().answer(request)
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()
