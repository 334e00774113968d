"""The letters of a case as a page shows them: to whom, beside a translation, with the copies."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from uasocial import letters, rules
from uasocial.errors import UasocialError
from uasocial.letters import AppealLetter, CoveringNote, Sending
from uasocial.model import Action, Facts, Target
from uasocial.model.facts import Copy, Delivery, Postage

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["ShownCopy", "ShownLetter", "copies", "notes_on_delivery", "shown_letters"]


class ShownLetter(NamedTuple):
    """The letter to one target: what is sent, and what it says in the language of the page.

    *office* and *office_language* are the target's; *mailto* opens a mail program with the letter
    filled in and is empty where that would be too long, *bare_mailto* with its subject at most.
    *mail* is the draft for a mail program, where the target has an address that can stand in one.
    """

    target: Target
    office: str
    office_language: str
    holder: str
    letter: AppealLetter
    translation: AppealLetter | None
    mailto: str
    bare_mailto: str
    mail: bytes | None

    @property
    def text(self) -> str:
        return letters.body(self.letter)

    @property
    def on_paper(self) -> bool:
        """Tell whether it goes out on paper: who writes an e-mail, or calls, has none to sign."""
        return bool(self.target.address or self.target.faxes)


class ShownCopy(NamedTuple):
    """Who gets a copy of letters from a country, and what goes with it."""

    copy: Copy
    note: CoveringNote
    mailto: str


def shown_letters(
    kit: "Toolkit", action: Action, language: str, left_out: list[str]
) -> list[ShownLetter]:
    """Compose the letters to all targets, in the language that they read first."""
    try:
        sent_in = _sent_in(action, language)
    except UasocialError:
        return []
    days = rules.Days(kit.today(action), kit.actual.date())
    found = []
    for target in action.facts.targets:
        letter = _composed(kit, action, sent_in, target, days, left_out)
        if letter is None:
            continue
        own = language != sent_in and action.words[language].letter is not None
        beside = _composed(kit, action, language, target, days, left_out) if own else None
        found.append(_shown(target, language, letter, beside, kit.today(action)))
    return found


def _sent_in(action: Action, language: str) -> str:
    """Return the language of the letter: the target's first, else that of the page, else any."""
    first = letters.language_for(action, None)
    if first in action.facts.preferred_languages or action.words[language].letter is None:
        return first
    return language


def _composed(  # noqa: PLR0913, PLR0917 - all that a letter is made of
    kit: "Toolkit",
    action: Action,
    language: str,
    target: Target,
    days: rules.Days,
    left_out: list[str],
) -> AppealLetter | None:
    try:
        letter = letters.compose(action, language, target, Sending(), kit.now.date())
    except UasocialError as error:
        left_out.append(f"{action.id}: the letter to {target.id} in {language}: {error}")
        return None
    reason = rules.unsayable(action, f"{letter.subject}\n{letters.body(letter)}", days)
    if reason:
        left_out.append(f"{action.id}: the letter to {target.id} in {language} {reason}")
        return None
    return letter


def _shown(
    target: Target, language: str, letter: AppealLetter, beside: AppealLetter | None, today: date
) -> ShownLetter:
    tongue = language if language in target.office else next(iter(target.office))
    holder = target.holder(today)
    emails = target.emails
    return ShownLetter(
        target=target,
        office=target.office[tongue],
        office_language=tongue,
        holder=holder.name if holder else "",
        letter=letter,
        translation=beside,
        mailto=letters.as_mailto(emails, letter.subject, letters.body(letter)) if emails else "",
        bare_mailto=_bare(emails, letter.subject) if emails else "",
        mail=_mail(letter) if emails else None,
    )


def _bare(emails: Sequence[str], subject: str) -> str:
    return letters.as_mailto(emails, subject, "") or letters.as_mailto(emails, "", "")


def _mail(letter: AppealLetter) -> bytes | None:
    try:
        return letters.as_eml(letter)
    except UasocialError:
        # Some addresses cannot stand in a file; whoever opens the link has them all the same.
        return None


def copies(action: Action, language: str) -> Iterator[ShownCopy]:
    """Yield who gets a copy of a letter, by the country that it is sent from."""
    subject = action.title(language)
    for copy in action.facts.copies:
        sending = Sending(country=copy.sender_country)
        note = letters.note_for(action.facts, copy, language, sending)
        mailto = letters.as_mailto(copy.emails, subject, note.text) if copy.emails else ""
        yield ShownCopy(copy, note, mailto or (_bare(copy.emails, subject) if copy.emails else ""))


def notes_on_delivery(facts: Facts, today: date) -> tuple[list[Delivery], list[Postage]]:
    """Return how letters arrive, and what they cost, each as a dated fact."""
    reached = {target.country for target in facts.targets}
    notes = [one for one in facts.delivery if one.to is None or one.to in reached]
    return notes, letters.prices(facts, today)
