"""A draft: an action in words, measured and checked."""

from datetime import date
from typing import Any, Literal, NamedTuple

from msgspec import Struct

__all__ = ["AFTERWARDS", "OCCASIONS", "Draft", "Measure", "Occasion", "Problem", "shown"]

Occasion = Literal["appeal", "reminder", "last-day", "update", "good-news", "thanks"]
OCCASIONS: tuple[Occasion, ...] = (
    "appeal",
    "reminder",
    "last-day",
    "update",
    "good-news",
    "thanks",
)
# What may still be said once an action has ended well, or was closed.
AFTERWARDS: tuple[Occasion, ...] = ("good-news", "thanks")


class Measure(NamedTuple):
    """How long a text is on a platform, in the platform's unit; *limit* None is no limit."""

    length: int
    limit: int | None
    fits: bool
    details: dict[str, Any]

    def over(self) -> int:
        """Return how many units are too many; 0 when another limit than the length is at fault."""
        return max(0, self.length - self.limit) if self.limit is not None else 0


class Problem(NamedTuple):
    """One thing wrong with a draft; an error keeps it from being handed out.

    *fix*, where it is known apart, is what *message* ends with.
    """

    code: str
    message: str
    error: bool = True
    fix: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """An action in words for one language, platform, occasion and wording.

    *valid_until* is the last day on which the text is true; *link* the web address it stands for;
    *share_note* says why there is no *share_url*, or what is
    left to do once it is open; *dropped* counts optional parts left out;
    *handles* names the platform whose handles may stand in it; *content_warning* stands before the
    text, where the platform has a place for one.
    """

    action: str
    language: str
    platform: str
    occasion: str
    wording: str
    text: str
    length: int
    limit: int | None
    fits: bool
    handles: str = ""
    title: str = ""
    link: str | None = None
    valid_until: date | None = None
    dropped: int = 0
    share_url: str | None = None
    share_note: str = ""
    problems: tuple[Problem, ...] = ()
    content_warning: str = ""

    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.error)


def shown(draft: Draft) -> dict[str, Any]:
    """Return a draft as `share --json`, `preview --json` and the site give it."""
    return {
        "action": draft.action,
        "language": draft.language,
        "platform": draft.platform,
        "occasion": draft.occasion,
        "wording": draft.wording,
        "text": draft.text,
        "content_warning": draft.content_warning,
        "length": draft.length,
        "limit": draft.limit,
        "fits": draft.fits,
        "share_url": draft.share_url,
        "share_note": draft.share_note,
        "link": draft.link,
        "valid_until": draft.valid_until,
        "problems": [
            {"code": p.code, "message": p.message, "error": p.error} for p in draft.problems
        ],
    }
