"""From a case to a letter: pure, so that whoever shows, prints or measures it gets the same."""

from collections.abc import Iterator
from datetime import date

from uasocial import languages
from uasocial.errors import UasocialError
from uasocial.letters import addresses, notes, salutations
from uasocial.letters.covering import covering_note
from uasocial.letters.parts import AppealLetter, Sending
from uasocial.model import Action, Letter, Target

__all__ = ["compose"]


def compose(
    action: Action, language: str, target: Target, sending: Sending, today: date
) -> AppealLetter:
    """Compose the letter to a target of the case, dated *today*.

    Raise UasocialError where the case has no letter in *language*, and CaseError where it has no
    salutation for the target. Whether it may be handed out at all is a rule's to say.
    """
    letter, facts = action.words[language].letter, action.facts
    if letter is None:
        raise UasocialError(f"{action.id}: there is no letter in {language!r}")
    return AppealLetter(
        action=action.id,
        target=target.id,
        language=language,
        sender_country=sending.country,
        address=addresses.of_target(facts, target, language, sending, today),
        emails=target.emails,
        day=today,
        date_line=languages.day(today, language),
        subject=_subject(action, language),
        salutation=salutations.salutation(action, letter, language, target, today).strip(),
        paragraphs=tuple(paragraph.strip() for paragraph in letter.paragraphs),
        closing=letter.closing.strip() if letter.closing else None,
        copy=covering_note(facts, language, sending),
        notes=tuple(_notes(action, letter, language, target, sending, today)),
    )


def _subject(action: Action, language: str) -> str:
    """Return the title; the number, which is the organisation's, only where it may be named."""
    title, facts = action.title(language).strip(), action.facts
    return f"{title} ({facts.number})" if facts.number and facts.name_organisation else title


def _notes(  # noqa: PLR0913, PLR0917 - all that a letter is made of
    action: Action, letter: Letter, language: str, target: Target, sending: Sending, today: date
) -> Iterator[str]:
    """Yield the notes; advice comes first, so that it is read before the first step."""
    facts = action.facts
    yield from notes.advice(facts, language, sending.channel)
    if not action.words[language].title:
        yield f"there is no title in {language!r}: the subject may be in another language"
    yield from salutations.misnamed(action, letter, language, target, today)
    yield from notes.what_is_missing(facts, target, sending, today)
    if sending.channel == "letter":
        yield from notes.about_arriving(facts, language, target, sending, today)
