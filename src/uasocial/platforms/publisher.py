"""What publishes on a network: one irreversible call, and honest answers about it.

An error decides what happens to a delivery. Whatever else a publisher raises while it creates a
post counts as OutcomeUnknown: only an answer that proves non-acceptance may lead to another try.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from msgspec import Struct

from uasocial.errors import UasocialError
from uasocial.model.post import Post, Receipt

__all__ = [
    "CannotTell",
    "Dialogue",
    "Kinds",
    "NotAuthorized",
    "NotYet",
    "OutcomeUnknown",
    "Prepared",
    "Price",
    "Profile",
    "Promise",
    "Publisher",
    "PublisherError",
    "PublisherKind",
    "Rejected",
    "Secrets",
    "ServerLimits",
    "Transient",
]

Promise = Literal["key", "look-up", "neither"]


class PublisherError(UasocialError):
    """What a publisher says when a post cannot go out now."""


class Rejected(PublisherError):  # noqa: N818 - named for what happened
    """The platform has refused the post for good: never again."""


class NotAuthorized(PublisherError):  # noqa: N818
    """The platform has refused the account, and surely not taken the post: a person mends that.

    A token that was revoked or has ended, an account that is suspended.
    """


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
    *answers* is the live post before it, where it is part of a thread.
    """

    post: Post
    key: str
    data: Mapping[str, Any]
    answers: Receipt | None = None


class NotYet(NamedTuple):
    """Preparing takes longer (a video is being processed): ask again after that time."""

    after: timedelta
    so_far: Mapping[str, Any]


class Profile(NamedTuple):
    """Who a handle belongs to; *id* stays the same however often the handle changes."""

    id: str
    handle: str
    name: str = ""


class Price(NamedTuple):
    """What a call costs, with where that is stated."""

    amount: Decimal
    currency: str
    source: str


class ServerLimits(Struct, frozen=True, kw_only=True):
    """What one server says that it takes; None is not said. *alt* is of an alt text's characters.

    *bytes* and *pixels* are of one picture, *types* its media types, *server* the host.
    """

    server: str
    software: str = ""
    length: int | None = None
    url_length: int | None = None
    media: int | None = None
    alt: int | None = None
    bytes: int | None = None
    pixels: int | None = None
    types: tuple[str, ...] = ()


class Secrets(Mapping[str, str], ABC):
    """The secrets of an account, and what its publisher keeps on this machine; shown in no repr.

    What is kept (a session, a renewed token) belongs to the secrets it was made from: once a person
    gives others, nothing is kept any more.
    """

    @abstractmethod
    def kept(self) -> Mapping[str, str]:
        """Return what was last kept, as it is now: another process may have kept it."""

    @abstractmethod
    def keep(self, **values: str) -> None:
        """Keep *values* instead of what was kept; on the disk when this returns."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[None]:
        """Let nobody else on this machine keep anything meanwhile: to renew a token once."""


class Dialogue(Protocol):
    """How a publisher talks to the person who authorizes an account."""

    def show(self, text: str) -> None:
        """Show a line, such as the address to open."""

    def ask(self, question: str, *, secret: bool = False) -> str:
        """Return what the person answers; a secret is not shown while it is typed."""


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
        given: Prepared,
        media: Callable[[str], bytes],  # noqa: ARG002 - what uploads pictures reads them by digest
    ) -> Mapping[str, Any] | NotYet:
        """Do all that can be done beforehand and repeated: uploads, resolved mentions.

        *given.data* is what was prepared so far.
        """
        return given.data

    @abstractmethod
    def create(self, prepared: Prepared) -> Receipt:
        """Publish with exactly one call; raise Rejected, NotAuthorized, Transient, OutcomeUnknown.

        Whatever else is raised counts as OutcomeUnknown.
        """

    def find(
        self,
        prepared: Prepared,  # noqa: ARG002 - what can look a post up needs both
        since: datetime,  # noqa: ARG002
    ) -> Receipt | None:
        """Look a post up that may have been taken since that moment; None if it surely was not.

        Raise CannotTell where that is all there is to say, Transient where nobody answers now.
        """
        raise CannotTell("this network offers no way to look a post up")

    def edit(self, receipt: Receipt, prepared: Prepared) -> Receipt:
        """Let a live post say what *prepared* says; raise Rejected where the network cannot."""
        del prepared
        raise Rejected(f"{receipt.permalink or receipt.remote_id}: cannot be edited there")

    def delete(self, receipt: Receipt) -> None:
        """Take a live post back; raise Rejected where the network cannot.

        One that is gone already is taken back.
        """
        raise Rejected(f"{receipt.permalink or receipt.remote_id}: delete it by hand")

    def resolve(self, handle: str) -> Profile | None:
        """Return who *handle* belongs to now, None for nobody; raise CannotTell, Transient."""
        raise CannotTell(f"@{handle}: this network offers no way to look a handle up")

    def limits(self) -> ServerLimits | None:
        """Ask the server what it takes; None where the network has one limit for all."""
        return None

    def check(self) -> str:
        """Return whose account this is, as the network says; raise PublisherError."""
        return ""

    def ends_at(self) -> datetime | None:
        """Return when a person must have renewed the account's token; None for never, or unknown.

        Asked of nobody: what is known without a call.
        """
        return None

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of connections."""


@dataclass(frozen=True)
class PublisherKind:
    """A way to publish on a platform; *open* is given the account's settings and its secrets.

    *settings*, *optional* and *secrets* name what an account of this kind needs, may have, and must
    keep secret. An empty *platform* is any. *media* is how many pictures it takes at most, None for
    as many as the platform. *authorize* gets the settings and a dialogue, and returns the secrets;
    *price* says what a post costs, before it is made.
    """

    name: str
    platform: str
    open: Callable[[Mapping[str, str], Secrets], Publisher]
    settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    can_delete: bool = False
    can_edit: bool = False
    can_resolve: bool = False
    can_thread: bool = False
    media: int | None = None
    authorize: Callable[[Mapping[str, str], Dialogue], Mapping[str, str]] | None = None
    price: Callable[[Post], Price | None] | None = None


Kinds = Iterable[PublisherKind]
