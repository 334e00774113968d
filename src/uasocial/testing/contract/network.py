"""A network with one account, as the contract sees it and makes it misbehave."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import NamedTuple

from uasocial.testing.closing import Closing

__all__ = ["Network", "Seen"]


class Seen(NamedTuple):
    """A live post as its network shows it; *answers* is the remote id of the one it answers."""

    remote_id: str
    text: str
    alts: tuple[str, ...] = ()
    answers: str | None = None


class Network(Closing, ABC):
    """A network with one account, real or fake, and ways to make it misbehave.

    *settings* and *secrets* open the account; *owner* is what `check()` says of whose it is.
    *handle* is one that somebody has there, *nobody* one that nobody has.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    owner: str = ""
    handle: str = ""
    nobody: str = "nobody_was_ever_here"

    @abstractmethod
    def seen(self) -> list[Seen]:
        """List what the account has live, oldest first, past any fault."""

    @abstractmethod
    def lose_answer(self) -> None:
        """Take the next post, and never answer."""

    @abstractmethod
    def lose_request(self) -> None:
        """Cut the next post off before the network has seen it."""

    @abstractmethod
    def limit_rate(self, seconds: int) -> None:
        """Refuse the next post, and ask to wait for *seconds*."""

    @abstractmethod
    def revoke(self) -> None:
        """Let the account's secrets open it no more."""

    @abstractmethod
    def on_call(self, number: int, call: Callable[[], None]) -> None:
        """Call *call* as the *number*th request from now on comes in, before it is passed on.

        What was asked for before is forgotten.
        """

    def rest(self) -> None:
        """Return once no request is under way: what a dead client had sent has landed."""

    def close(self) -> None:
        """Let go of what was started."""
