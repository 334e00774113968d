"""An action in words: a wording rendered for a platform and a moment, and fitted to its limits."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from jinja2 import Template

from uasocial.errors import NotFound, TemplateError
from uasocial.model import Action, Measure
from uasocial.platforms import Platform
from uasocial.plugins import hookimpl
from uasocial.text.fitting import Part, fit
from uasocial.words.environment import Environment, render
from uasocial.words.filters import filters_for
from uasocial.words.optional import parts
from uasocial.words.views import context_for
from uasocial.words.wordings import Wording, Wordings

__all__ = ["Rendered", "Renderer", "warning_for"]


class Rendered(NamedTuple):
    """Words for a platform, the last day on which they are true, how many parts were dropped."""

    text: str
    valid_until: date
    dropped: int = 0


class Renderer:
    """Makes words of cases, as any plugin could, with *today* and *measure* to go by."""

    NAME = "words"

    def __init__(
        self,
        wordings: Wordings,
        today: Callable[[Action], date],
        measure: Callable[[Platform, str, str], Measure],
        organisation: str = "",
    ) -> None:
        self._wordings = wordings
        self._today = today
        self._measure = measure
        self._organisation = organisation
        # Of the last case and day alone: there may be thousands, and one goes after the other.
        self._action: Action | None = None
        self._day: date | None = None
        self._contexts: dict[tuple[str, str], dict[str, Any]] = {}
        self._rendered: dict[tuple[Template, int], list[Part]] = {}

    @hookimpl
    def prepare_environment(self, environment: Environment, language: str) -> None:
        environment.filters.update(filters_for(language))

    @hookimpl
    def render_draft(
        self, action: Action, language: str, platform: Platform, occasion: str, wording: str
    ) -> Rendered:
        found = self._wordings.find(action, language, platform.name, occasion)
        chosen = next((w for w in found if w.id == wording), None)
        if chosen is None:
            raise NotFound("wording", wording, [w.id for w in found])
        pieces = self._pieces(action, language, platform, chosen)
        warning = warning_for(action, language, platform)
        text, dropped, _ = fit(pieces, lambda text: self._measure(platform, text, warning))
        valid_until: date = action.facts.last_day
        if chosen.says_days:
            valid_until = min(self._today(action), valid_until)
        return Rendered(text, valid_until, dropped)

    def _pieces(
        self, action: Action, language: str, platform: Platform, wording: Wording
    ) -> list[Part]:
        if wording.template is None:
            return [Part(wording.text or "", optional=False)]
        today = self._today(action)
        if action is not self._action or today != self._day:
            self._action, self._day = action, today
            self._contexts.clear()
            self._rendered.clear()
        context = self._context(action, language, platform.handles, today)
        # Platforms on which no target has a handle share their words: rendered once for them all.
        key = (wording.template, id(context))
        if key not in self._rendered:
            self._rendered[key] = _rendered(wording, wording.template, context)
        return self._rendered[key]

    def _context(self, action: Action, language: str, handles: str, today: date) -> dict[str, Any]:
        key = (language, handles)
        if key not in self._contexts:
            if handles and not _has_handles(action, handles, today):
                context = self._context(action, language, "", today)
            else:
                context = context_for(action, language, handles, today, self._organisation)
            self._contexts[key] = context
        return self._contexts[key]


def warning_for(action: Action, language: str, platform: Platform) -> str:
    """Return the content warning that stands before the text, where the platform has a place."""
    return (action.words[language].content_warning or "") if platform.content_warnings else ""


def _has_handles(action: Action, platform: str, today: date) -> bool:
    holders = (target.holder(today) for target in action.facts.targets)
    return any(holder and platform in holder.handles for holder in holders)


def _rendered(wording: Wording, template: Template, context: dict[str, Any]) -> list[Part]:
    rendered = render(template, context, wording.source, wording.line)
    try:
        return parts(rendered)
    except ValueError as error:
        raise TemplateError(wording.source, wording.line, str(error)) from None
