"""Whether a case may be handed out at a moment: its end, its embargo, its days."""

from datetime import date, datetime

from uasocial.errors import Refused
from uasocial.model import Action

__all__ = ["assert_open", "refusal"]

# Occasions that tell how it ended, once a person has recorded that it did.
_AFTERWARDS = ("good-news", "thanks")


def assert_open(action: Action, occasion: str, now: datetime, today: date) -> None:
    """Raise Refused where nothing may be handed out; see `refusal`."""
    reason = refusal(action, occasion, now, today)
    if reason:
        raise Refused(f"{action.id}: {reason}")


def refusal(action: Action, occasion: str, now: datetime, today: date) -> str:
    """Say why nothing of *action* may be handed out for *occasion*, or return ``""``.

    *now* is aware; *today* is the date where it is latest, for target and publisher alike.
    """
    facts = action.facts
    if facts.ended is not None:
        if facts.ended.how in ("good-news", "closed") and occasion in _AFTERWARDS:
            return ""
        how = {"stop": "was stopped", "withdrawn": "was withdrawn"}.get(
            facts.ended.how, "was closed"
        )
        return f"{how} on {facts.ended.on}; nothing of it is handed out"
    if facts.kind in ("stop", "good-news") and occasion not in _AFTERWARDS:
        return f"is a document of the kind {facts.kind!r}: it asks nobody to act"
    if facts.embargo is not None and now < facts.embargo:
        return f"is under embargo until {facts.embargo.isoformat(' ', 'minutes')}"
    if today < facts.active_since:
        return f"begins on {facts.active_since}; nothing of it is handed out before"
    if today > facts.last_day:
        return (
            f"the last day to act was {facts.last_day}; nothing of it is handed out any more "
            f"(to look at it as on a day before: --as-of {facts.last_day})"
        )
    return ""
