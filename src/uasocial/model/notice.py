"""What the team is reminded of about a case."""

from datetime import date
from typing import Literal, get_args

from msgspec import Struct

__all__ = ["NOTICES", "Notice", "NoticeKind"]

NoticeKind = Literal["approval wanted", "plan with gaps", "nothing planned", "holder not confirmed"]
NOTICES: tuple[NoticeKind, ...] = get_args(NoticeKind)


class Notice(Struct, frozen=True, kw_only=True):
    """What `notice_due` is told: never a text, a person, a handle, or an account.

    *number* is the action's, else its id; *language* is empty for what concerns the whole case.
    *platforms* are those concerned. *count* is of posts that wait for approval, of accounts that a
    plan leaves silent, or of holders; *day* is the day of the first of those posts, or the last one
    to act.
    """

    kind: NoticeKind
    number: str
    action: str
    language: str = ""
    platforms: tuple[str, ...] = ()
    count: int = 0
    day: date | None = None
