"""The filters of our own: each takes a thing of the case and gives it in the language at hand."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from uasocial import languages
from uasocial.text import hashtags
from uasocial.words.views import Tagged, View

__all__ = ["filters_for"]


def filters_for(language: str) -> dict[str, Callable[..., Any]]:
    """Return the filters by name, for one language."""
    return {
        "hashtag": hashtag,
        "mention": _shows("mention", "a target"),
        "link": _shows("link", "the action"),
        "deadline": _shows("deadline", "the action"),
        "last_day": _shows("last_day", "the action"),
        "days_left": _shows("days_left", "the action"),
        "list": lambda items: _joined(items, language),
        "number": lambda value: languages.number(int(value), language),
    }


def hashtag(value: object) -> str:
    """Make a hashtag that X, Mastodon and Bluesky each link whole; raise ValueError if none is."""
    return _checked(value.tag if isinstance(value, Tagged) else hashtags.make_tag(str(value)))


@lru_cache(maxsize=256)
def _checked(tag: str) -> str:
    if not hashtags.links_whole(tag):
        raise ValueError(f"#{tag} is not linked whole by X, Mastodon and Bluesky: change the tag")
    return f"#{tag}"


def _shows(name: str, owner: str) -> Callable[[object], str]:
    def show(value: object) -> str:
        if not isinstance(value, View):
            raise ValueError(f"`{name}` is asked of {owner}, not of {str(value)[:40]!r}")  # noqa: TRY004
        if name not in value.shown:
            raise ValueError(f"{value.text!r} has no {name} in this language: add it to the case")
        return str(value.shown[name])

    return show


def _joined(items: object, language: str) -> str:
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise ValueError("`list` is asked of several things, such as the demands")  # noqa: TRY004
    return languages.joined([str(item) for item in items], language)
