"""A post, what becomes of it, and what a platform answers."""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

__all__ = ["MOVABLE", "OPEN", "STATES", "Media", "Post", "Receipt", "State", "digest_of"]

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
STATES: tuple[State, ...] = (
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
)
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


class Post(Struct, frozen=True, kw_only=True):
    """A draft that one account publishes: words and pictures that never change.

    *sha256* is the digest of account, text and media; *case_version* that of the case's files;
    *true_until* the last moment at which the text is true, and *last_moment* the end of the action.
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
    case_version: str = ""
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


def digest_of(account: str, text: str, media: tuple[Media, ...]) -> str:
    """Return the digest of what is sent, and from where: the same words twice have the same one."""
    said = msgspec.json.encode([account, text, [[one.sha256, one.alt] for one in media]])
    return hashlib.sha256(said).hexdigest()
