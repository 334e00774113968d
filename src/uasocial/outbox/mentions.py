"""Whether those whom a post mentions are still who they were when somebody agreed to it."""

from collections.abc import Iterable
from typing import NamedTuple

from uasocial.model.post import Mention
from uasocial.outbox.retrying import patiently
from uasocial.platforms.publisher import CannotTell, Publisher

__all__ = ["Looked", "look_up"]


class Looked(NamedTuple):
    """What is *wrong* with the first handle that is gone or another's, ``""`` for nothing.

    Those *untold* could not be looked up, and are taken to be as they were.
    """

    wrong: str
    untold: tuple[str, ...] = ()


def look_up(publisher: Publisher, mentions: Iterable[Mention]) -> Looked:
    """Look up each handle, up to the first that is not as it was; raise what `resolve` raises."""
    untold: list[str] = []
    for mention in mentions:
        try:
            wrong = _amiss(publisher, mention)
        except CannotTell:
            untold.append(mention.handle)
            continue
        if wrong:
            return Looked(f"the handle @{mention.handle} is {wrong}")
    return Looked("", tuple(untold))


def _amiss(publisher: Publisher, mention: Mention) -> str:
    profile = patiently(lambda: publisher.resolve(mention.handle))
    if profile is None:
        return "gone"
    return "somebody else's now" if mention.id and profile.id != mention.id else ""
