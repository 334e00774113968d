"""A post, what becomes of it, and what a platform answers."""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec
from msgspec import Struct

__all__ = [
    "MOVABLE",
    "OPEN",
    "STATES",
    "Delivery",
    "Media",
    "Mention",
    "Need",
    "Post",
    "Receipt",
    "State",
    "content_of",
    "digest_of",
    "rest_of",
]

State = Literal[
    "proposed",
    "rejected",
    "planned",
    "sending",
    "sent",
    "failed",
    "unknown",
    "review",
    "cancelled",
    "handed_off",
]
STATES: tuple[State, ...] = get_args(State)
# A call that cannot be undone may be under way: nothing else of the account is sent meanwhile.
OPEN: tuple[State, ...] = ("sending", "unknown")
# What a person, a stop or a deadline may still keep back.
MOVABLE: tuple[State, ...] = ("proposed", "planned", "review", "handed_off")


class Media(Struct, frozen=True, kw_only=True):
    """A picture of a post: *sha256* is of the bytes that are sent, which the ledger keeps."""

    sha256: str
    type: str
    alt: str
    width: int
    height: int


class Mention(Struct, frozen=True, kw_only=True):
    """An account that a text mentions; *id* is the one that stays when the handle changes.

    It is empty where nobody has looked the handle up.
    """

    handle: str
    id: str = ""


class Post(Struct, frozen=True, kw_only=True):
    """A draft that one account publishes: words and pictures that never change.

    *sha256* is the digest of account, text and media; *case_version* that of the case's files;
    *true_from* and *true_until* are the first and the last moment at which the text is true, and
    *last_moment* is the end of the action.
    *answers* is the id of the post before it in a thread. *without* is the same wording with names
    in place of handles: it goes out if one of *mentions* is gone or is somebody else's.
    *number* is the action's, where it has one: a notice names it.
    """

    id: str
    action: str
    language: str
    countries: tuple[str, ...]
    platform: str
    account: str
    occasion: str
    wording: str
    text: str
    link: str | None = None
    media: tuple[Media, ...] = ()
    content_warning: str = ""
    answers: str | None = None
    mentions: tuple[Mention, ...] = ()
    without: str | None = None
    number: str = ""
    case_version: str = ""
    true_from: datetime | None = None
    true_until: datetime | None = None
    embargo: datetime | None = None
    last_moment: datetime | None = None
    created_at: datetime
    created_by: str
    sha256: str = ""


class Receipt(NamedTuple):
    """A platform's answer: the post's id there, and its address."""

    remote_id: str
    permalink: str = ""


Need = Literal["", "by hand", "failed", "unknown", "review", "handle changed", "token ending"]


class Delivery(Struct, frozen=True, kw_only=True):
    """What `delivery_changed` is told: never a text, a name or a handle.

    *number* is the action's, else its id; *needs* says what a person has to do, ``""`` for nothing.
    *ends_at* is when the account's token ends, where that is near.
    """

    id: str
    number: str
    action: str
    language: str
    platform: str
    account: str
    state: State
    needs: Need
    permalink: str = ""
    ends_at: datetime | None = None


def digest_of(account: str, text: str, media: tuple[Media, ...]) -> str:
    """Return the digest of what is sent, and from where: the same words twice have the same one."""
    said = msgspec.json.encode([account, text, [[one.sha256, one.alt] for one in media]])
    return hashlib.sha256(said).hexdigest()


def rest_of(post: Post) -> str | None:
    """Return the digest of what else a post says of itself; None where that is nothing."""
    rest = (post.content_warning, post.answers, post.mentions, post.without, post.number)
    if not any(rest):
        return None
    return hashlib.sha256(msgspec.json.encode(rest)).hexdigest()


def content_of(post: Post) -> str:
    """Return the digest of all that a post says, which is what somebody agrees to.

    It is made of its words as they are, and is *sha256* where a post says nothing beside them.
    """
    said, rest = digest_of(post.account, post.text, post.media), rest_of(post)
    return hashlib.sha256(f"{said}{rest}".encode()).hexdigest() if rest else said
