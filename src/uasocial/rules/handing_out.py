"""Whether a case may be handed out at a moment: its end, its embargo, its days."""

from datetime import date, datetime

from uasocial.model import Action, Facts

__all__ = ["refusal"]

# Occasions that tell how it ended, once a person has recorded that it did.
_AFTERWARDS = ("good-news", "thanks")


def refusal(action: Action, occasion: str, now: datetime, today: date) -> str:
    """Say why nothing of *action* may be handed out for *occasion*, or return ``""``.

    *now* is aware; *today* is the date where it is latest, for target and publisher alike.
    """
    if _tells_how_it_ended(action.facts, occasion):
        return ""
    return _after_its_end(action.facts, occasion) or _out_of_time(action.facts, now, today)


def _after_its_end(facts: Facts, occasion: str) -> str:
    if facts.ended is None:
        if facts.kind in ("stop", "good-news") and occasion not in _AFTERWARDS:
            return f"is a document of the kind {facts.kind!r}: it asks nobody to act"
        return ""
    how = {"stop": "was stopped", "withdrawn": "was withdrawn"}.get(facts.ended.how, "was closed")
    return f"{how} on {facts.ended.on}; nothing of it is handed out"


def _out_of_time(facts: Facts, now: datetime, today: date) -> str:
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


def _tells_how_it_ended(facts: Facts, occasion: str) -> bool:
    ended = facts.ended
    return ended is not None and ended.how in ("good-news", "closed") and occasion in _AFTERWARDS
