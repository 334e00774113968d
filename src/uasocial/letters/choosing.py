"""Which letter is meant: its target, and its language."""

from uasocial.errors import NotFound, UasocialError, printable
from uasocial.model import Action, Target

__all__ = ["language_for", "recipients", "target_named"]


def language_for(action: Action, named: str | None) -> str:
    """Return the language of the letter: *named*, else the one that the target reads first."""
    with_letter = [tag for tag, words in action.words.items() if words.letter]
    if not with_letter:
        tag = next(iter(action.words))
        raise UasocialError(f"{action.id}: there is no letter; write `letter` into {tag}.yaml")
    if named is None:
        first = (tag for tag in action.facts.preferred_languages if tag in with_letter)
        return next(first, with_letter[0])
    if named not in with_letter:
        known = ", ".join(with_letter)
        raise UasocialError(
            printable(f"{action.id}: there is no letter in {named!r}; there is one in {known}")
        )
    return named


def target_named(action: Action, name: str) -> Target:
    """Return the target with that id; raise NotFound."""
    found = next((target for target in action.facts.targets if target.id == name), None)
    if found is None:
        raise NotFound("target", name, [target.id for target in action.facts.targets])
    return found


def recipients(action: Action, name: str | None, *, by_email: bool) -> list[Target]:
    """List the targets to write to: the one *named*, or all.

    An e-mail goes to one target: raise UasocialError where none has an address, or several have.
    """
    targets = [target_named(action, name)] if name is not None else list(action.facts.targets)
    if not by_email:
        return targets
    reached = [target for target in targets if target.emails]
    if not reached:
        whom = name or "any target"
        raise UasocialError(
            f"{action.id}: there is no e-mail address of {whom}; write on paper: --format txt"
        )
    if len(reached) > 1:
        ids = ", ".join(target.id for target in reached)
        raise UasocialError(
            f"{action.id}: an e-mail goes to one target; choose it with --target: {ids}"
        )
    return reached
