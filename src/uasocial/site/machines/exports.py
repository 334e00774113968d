"""A case as a file for other installations: `uasocial import action.json` reads it.

It holds what a page may show and nothing else. What is for the team alone is left out, and so is
whatever part holds what may go to nobody.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from uasocial import rules
from uasocial.errors import Refused
from uasocial.model import Action, Draft, Facts, Letter, Person, Post, Target, Words
from uasocial.model.draft import shown
from uasocial.model.facts import End
from uasocial.model.plain import plain, texts
from uasocial.rules.consent import day_without
from uasocial.site import cards
from uasocial.site.cards import Card

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["export"]

# That of `uasocial show --json`.
SCHEMA = 1

Sayable = Callable[[str], bool]


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

    # Where the facts hold what is unsayable there is no page in any language.
    words = _words(action, sayable, card) if card.words else {}
    facts = plain(_facts(action.facts, days, sayable, is_open=card.is_open))
    handed_out = drafts if card.is_open else ()
    made = _action(action.id, facts, words)
    return _written(actions=made, drafts=list(_drafts(handed_out, sayable)))


def _written(**content: Any) -> bytes:
    said = {"schema": SCHEMA, **content}
    return (json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _action(name: str, facts: Any, words: dict[str, Words]) -> list[dict[str, Any]]:
    """Return the case, or nothing where too little is left for anybody to import it."""
    if not any(one.title and one.lead for one in words.values()):
        return []
    return [{"id": name, "facts": facts, "words": {tag: plain(one) for tag, one in words.items()}}]


# --- the facts -------------------------------------------------------------------------------


def _facts(facts: Facts, days: rules.Days, sayable: Sayable, *, is_open: bool) -> Facts:
    """Return the facts without what is for the team alone, and who has not allowed their name."""
    on = days.of_consent(facts)
    may_mention = sayable("\n".join(texts([facts.mentions, facts.mention_ids])))
    kept = replace(
        facts,
        mentions=facts.mentions if may_mention else {},
        mention_ids=facts.mention_ids if may_mention else {},
        people=tuple(_named(person) for person in facts.people if _may_be_named(person, on)),
        do_not_post=(),
        notes=(),
        sources=(),
        embargo=None,
        ended=End(how=facts.ended.how, on=facts.ended.on) if facts.ended else None,
    )
    return kept if is_open else _without_addresses(kept)


def _may_be_named(person: Person, days: Iterable[date]) -> bool:
    return person.group or day_without(person, {"name"}, days) is None


def _named(person: Person) -> Person:
    """Return a person as a page may name them, with what they allow: who imports it obeys that.

    Who allows their name has not allowed their age, role, or how else they are called.
    """
    return Person(name=person.name, group=person.group, consents=person.consents)


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


def _words(action: Action, sayable: Sayable, card: Card) -> dict[str, Words]:
    """Return the languages that have a page, and letters in others, as far as they may go."""
    kept = {
        language: _told(words, sayable, card.state)
        for language, words in action.words.items()
        if language in card.words
    }
    for language, words in action.words.items():
        letter = _letter(words, sayable) if card.is_open and not words.title else None
        if letter:
            kept[language] = Words(letter=letter)
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
        content_warning=words.content_warning if sayable(words.content_warning or "") else None,
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
        if not draft.errors() and sayable("\n".join(texts(said))):
            yield said


def _joined(part: Struct) -> str:
    return "\n".join(texts(plain(part)))
