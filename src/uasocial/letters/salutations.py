"""How a letter addresses whom it goes to, and whether it names the right person."""

import re
from collections.abc import Iterator
from datetime import date

from uasocial.errors import CaseError, Place
from uasocial.model import Action, Holder, Letter, Target

__all__ = ["misnamed", "salutation"]

_WORD = re.compile(r"\w+")
# What a salutation may end with, in the scripts at hand.
_MARKS = ",:!;،؛，：！"


def salutation(action: Action, letter: Letter, language: str, target: Target, today: date) -> str:
    """Return the letter's salutation; for another target than the first, the holder's own.

    Raise CaseError with the place where the holder's is missing.
    """
    if target == action.facts.targets[0]:
        return letter.salutation
    holder = target.holder(today)
    own = holder.salutation.get(language) if holder else None
    if own is None:
        raise CaseError([_missing(action, target, holder, language)])
    last = letter.salutation.rstrip()[-1:]
    return own + last if last in _MARKS and own.rstrip()[-1:] not in _MARKS else own


def _missing(action: Action, target: Target, holder: Holder | None, language: str) -> Place:
    at: tuple[str | int, ...] = ("targets", action.facts.targets.index(target), "holders")
    if holder is None:
        what = f"{target.id} has no holder on this day: add one, with a `salutation`"
    else:
        at = (*at, target.holders.index(holder))
        what = f"{holder.name} has no `salutation` in {language!r}: add it here"
    return action.place("", at, f"{what}; or write to another target: --target {_first(action)}")


def misnamed(
    action: Action, letter: Letter, language: str, target: Target, today: date
) -> Iterator[str]:
    """Say whom the salutation and the closing address that is not whom the letter goes to."""
    first = action.facts.targets[0]
    closing = letter.closing or ""
    if target == first:
        addressed = f"{letter.salutation}\n{closing}"
    else:
        addressed = closing
        yield from _meant_for_the_first(action, letter, language, today)
    present = target.holder(today)
    own = " ".join((present.name if present else "", target.office.get(language, "")))
    for holder in first.holders:
        if holder != present and _names(addressed, holder.name, own):
            yield (
                f"the letter addresses {holder.name}, who is not {target.id} on {today}: "
                f"mend `letter` in {language}.yaml"
            )


def _meant_for_the_first(
    action: Action, letter: Letter, language: str, today: date
) -> Iterator[str]:
    holder = action.facts.targets[0].holder(today)
    words = holder.salutation.get(language) if holder else None
    if words and any(words in text for text in (*letter.paragraphs, letter.closing or "")):
        yield f"the letter says {words!r}, which is meant for {_first(action)}: change it by hand"


def _first(action: Action) -> str:
    return action.facts.targets[0].id


def _names(text: str, name: str, own: str) -> bool:
    """Tell whether *text* holds a word of *name*, particles aside, that is not one of *own*."""
    words = {word for word in _WORD.findall(name) if len(word) > 1 and not word[0].islower()}
    return not (words - set(_WORD.findall(own))).isdisjoint(_WORD.findall(text))
