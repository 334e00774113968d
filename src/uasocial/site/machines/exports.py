"""A case as a file for other installations: `uasocial import action.json` reads it.

It holds what a page may show and nothing else. What is for the team alone is left out, and so is
whatever part holds what may go to nobody.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from uasocial import rules
from uasocial.errors import Refused
from uasocial.model import Action, Draft, Facts, Letter, Person, Post, Target, Words
from uasocial.model.draft import shown
from uasocial.model.facts import End
from uasocial.rules.consent import day_without
from uasocial.site import cards

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["export"]

# That of `uasocial show --json`.
SCHEMA = 1

Sayable = Callable[[str], bool]
# Stands for what is left out: null is a value of its own.
_NOTHING = object()


def export(kit: "Toolkit", action: Action, drafts: Sequence[Draft], days: rules.Days) -> bytes:
    """Return what is public of a case, with the *drafts* that are handed out while it is open.

    Of one that was stopped or withdrawn it is only said that it was: nobody is to import it. Raise
    Refused where nothing of it is public yet.
    """
    card = cards.look(kit, action.id).card
    if card is None:
        raise Refused(f"{action.id}: is not public: nothing of it is exported")
    if not card.tells_story:
        return _written(actions=[], drafts=[], **{card.state: [action.id]})

    def sayable(text: str) -> bool:
        return not rules.unsayable(action, text, days)

    facts = _facts(action.facts, days, is_open=card.is_open)
    words = _words(action, sayable, card.state)
    made = _action(action.id, _public(facts, sayable), words)
    handed_out = drafts if card.is_open else ()
    return _written(actions=made, drafts=list(_drafts(handed_out, sayable)))


def _written(**content: Any) -> bytes:
    said = {"schema": SCHEMA, **content}
    return (json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _action(name: str, facts: Any, words: dict[str, Words]) -> list[dict[str, Any]]:
    """Return the case, or nothing where too little is left for anybody to import it."""
    if facts is _NOTHING or not any(one.title and one.lead for one in words.values()):
        return []
    return [{"id": name, "facts": facts, "words": {tag: _plain(one) for tag, one in words.items()}}]


# --- the facts -------------------------------------------------------------------------------


def _facts(facts: Facts, days: rules.Days, *, is_open: bool) -> Facts:
    """Return the facts without what is for the team alone, and who has not allowed their name."""
    on = days.of_consent(facts)
    kept = replace(
        facts,
        people=tuple(person for person in facts.people if _may_be_named(person, on)),
        do_not_post=(),
        notes=(),
        embargo=None,
        ended=End(how=facts.ended.how, on=facts.ended.on) if facts.ended else None,
    )
    return kept if is_open else _without_addresses(kept)


def _may_be_named(person: Person, days: Iterable[date]) -> bool:
    return person.group or day_without(person, {"name"}, days) is None


def _without_addresses(facts: Facts) -> Facts:
    """Return the facts of a case that nobody is to write for any more."""
    return replace(
        facts,
        targets=tuple(Target(id=t.id, office=t.office, country=t.country) for t in facts.targets),
        copies=(),
        safety=(),
        delivery=(),
        postage=(),
        mentions={},
        mention_ids={},
    )


# --- the words -------------------------------------------------------------------------------


def _words(action: Action, sayable: Sayable, state: str) -> dict[str, Words]:
    """Return the languages in which nothing is unsayable; letter and posts each for themselves."""
    kept = {
        language: _told(words, sayable, state)
        for language, words in action.words.items()
        if sayable(_joined(replace(words, letter=None, posts=())))
    }
    return {
        language: replace(words, translated_from=None)
        if words.translated_from and words.translated_from.language not in kept
        else words
        for language, words in kept.items()
    }


def _told(words: Words, sayable: Sayable, state: str) -> Words:
    is_open = state == "open"
    return replace(
        words,
        # They belong to pictures, which are files of their own.
        alt={},
        outcome=words.outcome if state in ("good-news", "closed") else None,
        letter=_letter(words, sayable) if is_open else None,
        posts=tuple(_posts(words.posts, sayable)) if is_open else (),
    )


def _letter(words: Words, sayable: Sayable) -> Letter | None:
    # Its subject is the title.
    said = words.letter and f"{words.title or ''}\n{_joined(words.letter)}"
    return words.letter if said and sayable(said) else None


def _posts(posts: Iterable[Post], sayable: Sayable) -> Iterator[Post]:
    return (post for post in posts if sayable(_joined(post)))


def _drafts(drafts: Iterable[Draft], sayable: Sayable) -> Iterator[dict[str, Any]]:
    """Yield drafts as `share --json` gives them; a remark may quote what it warns of."""
    for draft in drafts:
        known = tuple(one for one in draft.problems if sayable(f"{one.message}\n{one.fix}"))
        said = shown(replace(draft, problems=known))
        if not draft.errors() and sayable("\n".join(_texts(said))):
            yield said


# --- any part, without what is unsayable in it -----------------------------------------------


def _public(part: Struct, sayable: Sayable) -> Any:
    """Return *part* as plain data, without what is unsayable, and what cannot stand without it."""
    plain = _plain(part)
    # Most cases hold nothing of the kind, and one look is enough.
    return plain if sayable("\n".join(_texts(plain))) else _pruned(part, sayable)


def _pruned(part: Any, sayable: Sayable) -> Any:
    if isinstance(part, Struct):
        return _pruned_struct(part, sayable)
    if isinstance(part, dict):
        found = ((key, _pruned(inner, sayable)) for key, inner in part.items() if sayable(key))
        return _or_nothing({key: inner for key, inner in found if inner is not _NOTHING}, part)
    if isinstance(part, list | tuple):
        return _pruned_list(part, sayable)
    plain = _plain(part)
    return plain if not isinstance(plain, str) or sayable(plain) else _NOTHING


def _pruned_struct(part: Struct, sayable: Sayable) -> Any:
    made = {}
    for field, value in _stated(part):
        found = _pruned(value, sayable)
        if found is not _NOTHING:
            made[field.encode_name] = found
        elif field.required:
            return _NOTHING
    return made


def _pruned_list(part: Sequence[Any], sayable: Sayable) -> Any:
    found = [one for one in (_pruned(inner, sayable) for inner in part) if one is not _NOTHING]
    # The lines of an address say together what none of them says alone.
    lines = [one for one in found if isinstance(one, str)]
    return _NOTHING if not sayable("\n".join(lines)) else _or_nothing(found, part)


def _or_nothing(found: Any, before: Any) -> Any:
    """Return *found*, or nothing where nothing is left of what stood there *before*."""
    return _NOTHING if before and not found else found


def _joined(part: Struct) -> str:
    return "\n".join(_texts(_plain(part)))


def _texts(plain: Any) -> Iterator[str]:
    """Yield every text of plain data, and every key."""
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for key, inner in plain.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(plain, list | tuple):
        for inner in plain:
            yield from _texts(inner)


def _plain(part: Any) -> Any:
    """Return *part* as YAML would give it, without what it is by default."""
    if isinstance(part, Struct):
        return {field.encode_name: _plain(value) for field, value in _stated(part)}
    if isinstance(part, dict):
        return {key: _plain(inner) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(inner) for inner in part]
    if isinstance(part, date):
        return part.isoformat()
    return part if isinstance(part, bool | int | None) else str(part)


def _stated(part: Struct) -> Iterator[tuple[msgspec.structs.FieldInfo, Any]]:
    """Yield the fields that say something, each with its value."""
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if field.required or value != _default(field):
            yield field, value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    made = field.default_factory
    return made() if callable(made) else field.default
