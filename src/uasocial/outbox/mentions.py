"""Whether those whom a post mentions are still who they were when somebody agreed to it."""

from collections.abc import Iterable

from uasocial.model.post import Mention
from uasocial.outbox.retrying import patiently
from uasocial.platforms.publisher import CannotTell, Publisher

__all__ = ["amiss"]


def amiss(publisher: Publisher, mentions: Iterable[Mention]) -> str:
    """Return what is wrong with the first handle that is gone or another's; ``""`` for nothing.

    What a network cannot look up is taken to be as it was. Raise what `resolve` raises else.
    """
    for mention in mentions:
        wrong = _amiss(publisher, mention)
        if wrong:
            return f"the handle @{mention.handle} is {wrong}"
    return ""


def _amiss(publisher: Publisher, mention: Mention) -> str:
    try:
        profile = patiently(lambda: publisher.resolve(mention.handle))
    except CannotTell:
        return ""
    if profile is None:
        return "gone"
    return "somebody else's now" if mention.id and profile.id != mention.id else ""
