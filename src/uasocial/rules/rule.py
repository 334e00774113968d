"""What a rule is: a code, a sentence, a fix, two examples, and a generator that checks."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from uasocial.model import Facts

__all__ = ["About", "Days", "Found", "Remark", "Rule", "rule"]

At = tuple[str | int, ...]

# What a rule looks at: a case, a draft, the project around the cases; or it is a name alone, for
# what is found while files and templates are read.
About = Literal["case", "draft", "project", "reading"]

# Codes of one letter are ours, so that a rule of ours that is new takes nobody's.
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}")


class Days(NamedTuple):
    """The day a draft is for, and the day it is: a rehearsal sets the first, never the second."""

    today: date
    actual: date

    def of_consent(self, facts: Facts) -> set[date]:
        """Return the days on which a consent must hold: a rehearsal lifts none.

        The dates of an example move with the day on which it is looked at.
        """
        return {self.today} if facts.example else set(self)


class Found(NamedTuple):
    """What a rule finds in a case: *at* is where in the file of *language*, `""` is `action.yaml`.

    *fix* is given where it is another than the rule's; *subject* is whom or what it is about.
    """

    language: str
    at: At
    said: str
    fix: str | None = None
    subject: str = ""


class Remark(NamedTuple):
    """What a rule says of a draft; *fix* is given where it is another than the rule's."""

    said: str
    fix: str | None = None


class Rule(Struct, frozen=True, kw_only=True):
    """A rule; *sentence* says what is wanted, *fix* what to do where it is not so.

    *bad* and *good* are YAML: by the stem of each file what differs from the case of `examples`.
    An *error* keeps a draft from being handed out, and cannot be silenced. *about* says what
    *check* takes: a `Case`; a Draft, its Action and `Days`; or a `Project`. It yields `Found`, of
    a draft `Remark`. What is *momentary* is told when a draft is handed out, not by
    `uasocial check`. *instead_of* names rules that would tell the same of the drafts.
    """

    code: str
    sentence: str
    fix: str
    bad: str
    good: str
    check: Callable[..., Iterable[Any]]
    why: str = ""
    error: bool = False
    about: About = "case"
    momentary: bool = False
    instead_of: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        return "error" if self.error else "warning"

    def explained(self) -> dict[str, Any]:
        """Return what a person should know of this rule, as data."""
        return {
            "code": self.code,
            "level": self.level,
            "about": self.about,
            "sentence": self.sentence,
            "why": self.why,
            "fix": self.fix,
            "bad": self.bad,
            "good": self.good,
            "can_be_silenced": not (self.error or self.momentary),
        }

    def fault(self) -> str:
        """Say what is wrong with what a plugin put into this, or return ``""``."""
        if not _CODE.fullmatch(f"{self.code}"):
            return "must have a code of two capitals or more and three digits, such as ACME001"
        texts: list[Any] = [self.sentence, self.fix, self.bad, self.good, self.why]
        if not all(isinstance(text, str) for text in texts) or not (self.sentence and self.fix):
            return "must have texts for its sentence, its fix and its two examples"
        if self.about not in ("case", "draft"):
            return "must be about a case or a draft"
        check: Any = self.check
        return "" if callable(check) else "has no function that checks"


Check = Callable[..., Iterable[Any]]


def rule(  # noqa: PLR0913 - each is a part of every rule
    code: str,
    sentence: str,
    *,
    fix: str,
    bad: str,
    good: str = "{}",
    why: str = "",
    error: bool = False,
    about: About = "case",
    momentary: bool = False,
    instead_of: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of the function below."""

    def made(check: Check) -> Rule:
        return Rule(
            code=code,
            sentence=sentence,
            fix=fix,
            bad=bad,
            good=good,
            check=check,
            why=why,
            error=error,
            about=about,
            momentary=momentary,
            instead_of=instead_of,
        )

    return made
