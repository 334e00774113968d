"""How a case stands, in words."""

from datetime import date

from uasocial.site.cards import Card
from uasocial.site.interface import Interface

__all__ = ["days_left", "gone", "status"]


def days_left(count: int, words: Interface) -> str:
    return words.ngettext("%(num)s day left", "%(num)s days left", count)


def status(card: Card, words: Interface, today: date) -> str:
    """Say in a few words how a case stands on a day."""
    if card.state == "open" and card.last_day:
        left = days_left(card.days_left(today), words)
        return words.gettext("%(left)s, until %(day)s", left=left, day=words.day(card.last_day))
    if card.state == "over" and card.last_day:
        return words.gettext("the last day was %(day)s", day=words.day(card.last_day))
    said = {
        "stopped": words.gettext("stopped"),
        "good-news": words.gettext("good news"),
        "closed": words.gettext("closed"),
        "withdrawn": words.gettext("withdrawn"),
    }
    return said.get(card.state, words.gettext("not available at present"))


def gone(card: Card, words: Interface) -> tuple[str, str]:
    """Return the heading and the text for a case of which nothing is told."""
    if card.state == "withdrawn":
        return (
            words.gettext("This action was withdrawn"),
            words.gettext(
                "Please share nothing of it any more, and delete what you have posted if you can."
            ),
        )
    return (
        words.gettext("This action is not available at present"),
        words.gettext("Please send and share nothing of it until this page is back."),
    )
