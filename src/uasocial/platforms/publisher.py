"""What publishes on a network: one irreversible call, and honest answers about it.

An error decides what happens to a delivery. Whatever else a publisher raises while it creates a
post counts as OutcomeUnknown: only an answer that proves non-acceptance may lead to another try.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, NamedTuple

from uasocial.errors import UasocialError
from uasocial.model.post import Post, Receipt

__all__ = [
    "CannotTell",
    "NotYet",
    "OutcomeUnknown",
    "Prepared",
    "Promise",
    "Publisher",
    "PublisherError",
    "PublisherKind",
    "Rejected",
    "Transient",
]

Promise = Literal["key", "look-up", "neither"]


class PublisherError(UasocialError):
    """What a publisher says when a post cannot go out now."""


class Rejected(PublisherError):  # noqa: N818 - named for what happened
    """The platform has refused the post for good: never again."""


class Transient(PublisherError):  # noqa: N818
    """The platform has surely not taken the post: again, not before *retry_after*."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class OutcomeUnknown(PublisherError):  # noqa: N818
    """The platform may have taken the post: look first."""


class CannotTell(PublisherError):  # noqa: N818
    """A look-up that answers neither yes nor no: a person decides."""


class Prepared(NamedTuple):
    """A post made ready: *data* is kept in the ledger, and all that `create` needs beside it.

    *key* is the idempotency key: the same for each try of one delivery, another for another.
    """

    post: Post
    key: str
    data: Mapping[str, Any]


class NotYet(NamedTuple):
    """Preparing takes longer (a video is being processed): ask again after that time."""

    after: timedelta
    so_far: Mapping[str, Any]


class Publisher(ABC):
    """An account on one network, opened; used by one thread at a time.

    *promise* says what the network gives against doubles: an idempotency key, a look-up, neither.
    *timeout* bounds each of its calls, and must be shorter than the lease of a delivery.
    """

    promise: ClassVar[Promise]
    timeout: ClassVar[timedelta] = timedelta(seconds=30)
    # After a call whose outcome is unknown: by then a late request has landed and can be found.
    settle: ClassVar[timedelta] = timedelta(seconds=90)

    def prepare(
        self,
        post: Post,
        media: Callable[[str], bytes],  # noqa: ARG002 - what uploads pictures reads them by digest
        so_far: Mapping[str, Any],
    ) -> Mapping[str, Any] | NotYet:
        """Do all that can be done beforehand and repeated: uploads, resolved mentions."""
        del post
        return so_far

    @abstractmethod
    def create(self, prepared: Prepared) -> Receipt:
        """Publish with exactly one call; raise Rejected, Transient or OutcomeUnknown."""

    def find(
        self,
        prepared: Prepared,  # noqa: ARG002 - what can look a post up needs both
        since: datetime,  # noqa: ARG002
    ) -> Receipt | None:
        """Look a post up that may have been taken since that moment; None if it surely was not.

        Raise CannotTell where that is all there is to say, Transient where nobody answers now.
        """
        raise CannotTell("this network offers no way to look a post up")

    def delete(self, receipt: Receipt) -> None:
        """Take a live post back; raise Rejected where the network cannot."""
        raise Rejected(f"{receipt.permalink or receipt.remote_id}: delete it by hand")

    def check(self) -> str:
        """Return whose account this is, as the network says; raise PublisherError."""
        return ""


@dataclass(frozen=True)
class PublisherKind:
    """A way to publish on a platform; *open* is given the account's settings and its secrets.

    *settings* and *secrets* name what an account of this kind needs. An empty *platform* is any.
    """

    name: str
    platform: str
    open: Callable[[Mapping[str, str], Mapping[str, str]], Publisher]
    settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    can_delete: bool = False


Kinds = Iterable[PublisherKind]
