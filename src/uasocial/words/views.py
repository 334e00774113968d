"""What a template sees of a case: the words of one language, for one platform, at one moment."""

from datetime import date
from typing import Any, Self

from uasocial import languages
from uasocial.model import Action, Target, Words
from uasocial.text import hashtags

__all__ = ["Tagged", "View", "context_for"]


class View:
    """A thing of the case: *shown* is what a template may take out of it, *text* what it prints."""

    __slots__ = ("shown", "text")

    def __init__(self, text: str, shown: dict[str, Any]) -> None:
        self.text, self.shown = text, shown

    def __str__(self) -> str:
        return self.text


class Tagged(str):
    """A text that has a hashtag of its own: the country's name, and the tag of the campaign."""

    __slots__ = ("tag",)
    tag: str

    def __new__(cls, text: str, tag: str) -> Self:
        self = super().__new__(cls, text)
        self.tag = tag
        return self


def context_for(
    action: Action, language: str, handles: str, today: date, organisation: str = ""
) -> dict[str, Any]:
    """Return the names that a template may use.

    *handles* is the platform whose handles stand in the text, or empty where none may.
    """
    facts, words = action.facts, action.words[language]
    targets = [_target(target, language, handles, today) for target in facts.targets]
    context: dict[str, Any] = {
        "demands": words.demands,
        "target": targets[0],
        "targets": targets,
        "country": _country(action, language),
    }
    optional = {
        "title": words.title,
        "lead": words.lead,
        "number": facts.number,
        "index": facts.index,
        "update": words.update,
        "outcome": words.outcome,
        "organisation": organisation if facts.name_organisation else None,
    }
    context |= {name: str(value).strip() for name, value in optional.items() if value}
    if not words.demands:
        del context["demands"]
    for name in facts.hashtags:
        tag = facts.hashtag(name, language)
        if tag is not None and name not in context:
            context[name] = Tagged(tag, tag)
    context["action"] = _action(action, words, language, today)
    return context


def _action(action: Action, words: Words, language: str, today: date) -> View:
    facts = action.facts
    left = max(0, facts.days_left(today))
    shown = {
        "id": action.id,
        "title": words.title,
        "link": facts.link.get(language),
        "deadline": languages.day(facts.deadline, language),
        "last_day": languages.day(facts.last_day, language),
        "days_left": languages.count_of_days(left, language),
    }
    kept = {name: value for name, value in shown.items() if value is not None}
    return View(words.title or "", kept)


def _country(action: Action, language: str) -> Tagged:
    name = languages.country_name(action.facts.countries[0], language)
    return Tagged(name, action.facts.hashtag("country", language) or hashtags.make_tag(name))


def _target(target: Target, language: str, handles: str, today: date) -> View:
    """Show a target; its mention is a handle of the platform at hand, else name and office."""
    holder = target.holder(today)
    office = target.office.get(language)
    shown: dict[str, Any] = {}
    if office:
        shown["office"] = office
    if target.country:
        shown["country"] = languages.country_name(target.country, language)
    if holder:
        shown["name"] = holder.name
        if language in holder.salutation:
            shown["salutation"] = holder.salutation[language]
    handle = holder.handles.get(handles) if holder else None
    if handle:
        shown["mention"] = f"@{handle}"
    elif holder and office:
        shown["mention"] = f"{holder.name} ({office})"
    elif holder or office:
        shown["mention"] = holder.name if holder else office
    return View(shown.get("name") or office or target.id, shown)
