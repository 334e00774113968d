"""Every hook of uasocial: the whole surface that a plugin may rest on.

A plugin is a module (or object) whose functions carry `hookimpl`. It is found by the entry point
group `uasocial`, or is a single file that this machine trusts. A plugin states the version of this
interface it was written for in `UASOCIAL_API`; without one it is taken to be of version 1.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from jinja2 import Environment

    from uasocial.model import Action, Draft, Problem
    from uasocial.model.notice import Notice
    from uasocial.model.post import Delivery
    from uasocial.platforms import Platform
    from uasocial.platforms.publisher import PublisherKind
    from uasocial.reading import Document, Match
    from uasocial.rules import Rule
    from uasocial.words import Rendered

__all__ = ["API_VERSION", "PROJECT", "Hooks", "hookimpl", "hookspec"]

PROJECT = "uasocial"
API_VERSION = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The hooks, each with what it is given and what it gives."""

    @hookspec
    def register_platforms(self) -> Iterable["Platform"]:  # type: ignore[empty-body]
        """Return the platforms that this plugin adds; a name that is taken is refused."""

    @hookspec
    def register_publishers(self) -> Iterable["PublisherKind"]:  # type: ignore[empty-body]
        """Return the ways to publish that this plugin adds, each for one platform.

        Asked for only where an account is opened or shown: import a network's library in `open`.
        """

    @hookspec
    def read_document(self, document: "Document") -> Iterable["Match"]:  # type: ignore[empty-body]
        """Return how well each layout that this plugin knows fits; the best one reads it.

        A tie between two is an error, so that nobody reads by chance. Nothing is read until then.
        """

    @hookspec
    def register_rules(self) -> Iterable["Rule"]:  # type: ignore[empty-body]
        """Return rules for cases and drafts, each with its sentence, its fix and two examples."""

    @hookspec
    def prepare_environment(self, environment: "Environment", language: str) -> None:
        """Add filters to the Jinja2 environment of one language; called once for each."""

    @hookspec(firstresult=True)
    def render_draft(
        self, action: "Action", language: str, platform: "Platform", occasion: str, wording: str
    ) -> "Rendered | None":
        """Put a wording into words for a platform, or return None to leave it to others.

        To change what others make, wrap: `@hookimpl(wrapper=True)`, `rendered = yield`,
        `return rendered._replace(text=…)`. What comes out is measured and checked afterwards.
        """

    @hookspec
    def check_draft(self, draft: "Draft") -> Iterable["Problem"]:  # type: ignore[empty-body]
        """Return what is wrong with a draft; a problem that is an error holds it back."""

    @hookspec
    def delivery_changed(
        self, delivery: "Delivery", settings: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        """Take note of a delivery that has come to another state; nothing waits for the answer.

        *settings* and *secrets* are those of `[notices]` in uasocial.toml. Told one by one, at
        least once; one that fails is told about, asked again next time, and silences nobody else.
        """

    @hookspec
    def notice_due(
        self, notice: "Notice", settings: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        """Remind the team of what stands still about a case; once a day for each, at most.

        *settings* and *secrets* are those of `[notices]` in uasocial.toml. It names a number, a
        language, platforms, a count and a day, and never a person. If no plugin takes it, it is
        told again later.
        """
