"""Every text of a case that a page for supporters may show, with its place.

Of the keys of a case only those are listed that no page shows: a new one is looked at by itself.
Texts to share and letters are looked at one by one, as drafts and as letters.
"""

from collections.abc import Iterator

from msgspec import Struct

from uasocial.model import Facts, Words
from uasocial.model.plain import placed, plain
from uasocial.rules.rule import At

__all__ = ["shown_facts", "shown_words"]

_NOT_SHOWN = {"people", "do_not_post", "notes", "ended", "sources", "mentions", "mention_ids"}
_ONE_BY_ONE = {"posts", "letter", "content_warning", "translated_from"}


def shown_facts(facts: Facts) -> Iterator[tuple[At, str]]:
    """Yield what the pages of every language may show."""
    return _placed(facts, _NOT_SHOWN)


def shown_words(words: Words) -> Iterator[tuple[At, str]]:
    """Yield what the page of one language may show."""
    # A wording is called by its id, also in the page.
    for number, post in enumerate(words.posts):
        yield ("posts", number, "id"), post.id
    yield from _placed(words, _ONE_BY_ONE)


def _placed(part: Struct, left: set[str]) -> Iterator[tuple[At, str]]:
    return placed({key: value for key, value in plain(part).items() if key not in left})
