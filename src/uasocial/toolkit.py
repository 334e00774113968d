"""One object that puts the rooms together: what every face of uasocial calls."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from uasocial import day_ends, model, rules
from uasocial.errors import NotFound, Refused, UasocialError, printable
from uasocial.model import Action, Draft, Measure, Problem
from uasocial.platforms import Instance, NoAddress, Platform
from uasocial.platforms.builtin import Builtin
from uasocial.platforms.registry import collect
from uasocial.plugins import PluginHost
from uasocial.reading.layouts import Layouts
from uasocial.rules import OwnRules, Registry
from uasocial.words import STANDARD, Rendered, Renderer, Wordings, warning_for

if TYPE_CHECKING:
    from uasocial.checking import Report
    from uasocial.letters import AppealLetter, Sending
    from uasocial.platforms.publisher import ServerLimits
    from uasocial.settings import Project

__all__ = ["Toolkit"]


class Toolkit:
    """A project at one moment: its cases, its platforms, and its drafts.

    *now* is aware. *rehearsal* marks a moment that was set by hand: it lifts no stop, and nothing
    of it is to be sent; *actual* is then the moment it really is. *instance* names the server meant
    on a network of servers, or is what the server of the one account that is meant says.
    """

    def __init__(
        self,
        project: "Project",
        now: datetime,
        *,
        rehearsal: bool = False,
        actual: datetime | None = None,
        instance: "str | ServerLimits | None" = None,
    ) -> None:
        self.project = project
        self.now = now
        self.rehearsal = rehearsal
        self.actual = actual or now
        self._meant = instance or project.settings.instance
        self._instances: dict[str, Instance | None] = {}
        self._actions: dict[str, Action] = {}
        # Fitting measures a text, and so does whoever takes it from a plugin.
        self._measured = lru_cache(maxsize=256)(self._measure)
        self._days: dict[str, date] = {}
        self._own_rules = OwnRules()

    def move(self, now: datetime) -> None:
        """Look from another moment on; the cases that were read stay as they were."""
        self.now = now
        self._days.clear()

    def action_ids(self) -> list[str]:
        return model.action_ids(self.project.actions)

    def action(self, name: str) -> Action:
        """Read a case, once; raise NotFound, or CaseError with all that is wrong in it."""
        if name not in self._actions:
            self._actions[name] = model.read_action(self.project.actions, name, self.now.date())
        return self._actions[name]

    def today(self, action: Action) -> date:
        """Return today's date for *action*: of target and publisher, where the day ends first.

        The zone of *now* is the publisher's. A rehearsal says itself which day it is.
        """
        if self.rehearsal:
            return self.now.date()
        if action.id not in self._days:
            there = model.latest_today(self.now, day_ends.zone_names(action))
            self._days[action.id] = max(self.now.date(), there)
        return self._days[action.id]

    def _both_days(self, action: Action) -> rules.Days:
        return rules.Days(self.today(action), self.actual.date())

    def is_withdrawn(self, action: Action) -> bool:
        """Tell whether not even who works on *action* is shown its words."""
        ended = action.facts.ended
        return ended is not None and ended.how == "withdrawn"

    def withheld(self, action: Action) -> str:
        """Say why not even a preview of *action* may be shown now, or return ``""``."""
        return rules.withheld(action, self.now)

    def refusal(self, action: Action, occasion: str) -> str:
        """Say why nothing of *action* may be handed out now, or return ``""``."""
        return rules.refusal(action, occasion, self.now, self.today(action))

    @cached_property
    def host(self) -> PluginHost:
        words = Renderer(
            self.wordings, self.today, self.measure, self.project.settings.organisation
        )
        host = PluginHost(Builtin(), Layouts(), words, self._own_rules)
        host.load(self.project.owns)
        host.note_untrusted(self.project.plugin_files)
        return host

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """The platforms by name, ours first."""
        return collect(self.host)

    @cached_property
    def rules(self) -> Registry:
        """All the rules by code, ours first."""
        self._own_rules.whole = True
        return Registry(self.host)

    @cached_property
    def _draft_rules(self) -> Registry:
        """What is enough to hand out a draft; all the rules where they are there already."""
        return self.rules if self._own_rules.whole else Registry(self.host)

    def platform(self, name: str) -> Platform:
        """Return a platform; `-` in its name may stand for `_`."""
        known = name.replace("-", "_").lower()
        if known not in self.platforms:
            raise NotFound("platform", name, self.platforms)
        return self.platforms[known]

    def choose(self, names: Sequence[str]) -> list[Platform]:
        """Return the platforms *names*; those of the settings for none, and every one for `all`."""
        if "all" in names:
            return list(self.platforms.values())
        chosen = names or self.project.settings.platforms
        return [self.platform(name) for name in dict.fromkeys(chosen)]

    def instance(self, platform: Platform) -> Instance | None:
        """Return the server meant, with what the settings and the server itself say of it."""
        if platform.name not in self._instances:
            self._instances[platform.name] = self._instance_of(platform)
        return self._instances[platform.name]

    def _instance_of(self, platform: Platform) -> Instance | None:
        if isinstance(self._meant, str) and platform.servers:
            # Whoever names no server does not wait for it.
            from uasocial import learned  # noqa: PLC0415

            return self._known(self._meant, learned.limits_at(self.project, self._meant))
        if self._meant is None or isinstance(self._meant, str):
            return None
        return self._known(self._meant.server, self._meant)

    def _known(self, host: str, said: "ServerLimits | None") -> Instance:
        """Put together what a person has written of a server and what it says itself.

        Both may be old: the careful one of them counts.
        """
        stated = self.project.settings.instances.get(host)
        lengths = [stated.max_characters if stated else None, said.length if said else None]
        urls = [
            stated.characters_reserved_per_url if stated else None,
            said.url_length if said else None,
        ]
        return Instance(
            host, min(filter(None, lengths), default=None), max(filter(None, urls), default=None)
        )

    def measure(self, platform: Platform, text: str, warning: str = "") -> Measure:
        """Measure a text, with the content *warning* that stands before it."""
        return self._measured(platform.name, text, warning)

    def _measure(self, platform: str, text: str, warning: str) -> Measure:
        known = self.platforms[platform]
        return known.measure(text, self.instance(known), warning)

    @cached_property
    def wordings(self) -> Wordings:
        return Wordings(self.project.templates, self._prepare)

    def _prepare(self, environment: object, language: str) -> None:
        for _ in self.host.each("prepare_environment", environment=environment, language=language):
            pass

    def share(
        self,
        action: Action,
        chosen: Collection[str],
        platforms: Sequence[Platform],
        occasion: str,
        wording: str | None = None,
    ) -> list[Draft]:
        """Return drafts to hand out in the languages *chosen*; raise Refused where none may be."""
        reason = self.refusal(action, occasion)
        if reason:
            raise Refused(f"{action.id}: {reason}")
        if not self.rehearsal:
            self._assert_true(action, chosen, occasion)
        drafts = list(self.drafts(action, chosen, platforms, occasion, wording))
        if wording is not None and not drafts:
            raise UasocialError(
                f"{action.id}: the wording {wording!r} is for none of the platforms, languages and "
                "occasions chosen: choose others"
            )
        return drafts

    def _assert_true(self, action: Action, chosen: Collection[str], occasion: str) -> None:
        """Raise Refused where an occasion says what is not so; a rehearsal may look at it."""
        untrue = rules.untrue(action, chosen, occasion, self.today(action))
        if untrue:
            raise Refused(f"{action.id}: {untrue}")

    def drafts(
        self,
        action: Action,
        chosen: Collection[str],
        platforms: Sequence[Platform],
        occasion: str,
        wording: str | None = None,
    ) -> Iterator[Draft]:
        """Yield drafts, rendered, measured and checked; a share address only if all is well."""
        known = {post.id for words in action.words.values() for post in words.posts} | {STANDARD}
        if wording is not None and wording not in known:
            raise NotFound("wording", wording, known)
        may_go = not self.refusal(action, occasion)
        for language in chosen:
            for platform in platforms:
                for found in self.wordings.find(action, language, platform.name, occasion):
                    if wording in (None, found.id):
                        draft = self.draft(action, language, platform, occasion, found.id)
                        yield self._addressed(draft, platform) if may_go else draft

    def draft(
        self, action: Action, language: str, platform: Platform, occasion: str, wording: str
    ) -> Draft:
        """Render, measure and check one wording; without an address to share."""
        rendered = self.host.first(
            "render_draft",
            Rendered,
            action=action,
            language=language,
            platform=platform,
            occasion=occasion,
            wording=wording,
        )
        warning = warning_for(action, language, platform)
        measure = self._measured(platform.name, rendered.text, warning)
        draft = Draft(
            action=action.id,
            language=language,
            platform=platform.name,
            occasion=occasion,
            wording=wording,
            text=rendered.text,
            length=measure.length,
            limit=measure.limit,
            fits=measure.fits,
            handles=platform.handles,
            title=action.words[language].title or "",
            link=action.facts.link.get(language),
            valid_until=rendered.valid_until,
            dropped=rendered.dropped,
            content_warning=warning,
        )
        found = tuple(self._problems(draft, action))
        return replace(draft, problems=found) if found else draft

    def _problems(self, draft: Draft, action: Action) -> Iterator[Problem]:
        yield from self._draft_rules.problems(draft, action, self._both_days(action))
        for plugin, problems in self.host.each("check_draft", draft=draft):
            if all(isinstance(problem, Problem) for problem in problems):
                yield from problems
            else:
                self.host.fail(plugin, "check_draft gave something that is no Problem")

    def _addressed(self, draft: Draft, platform: Platform) -> Draft:
        if draft.errors():
            return draft
        try:
            address: object = platform.share(draft, self.instance(platform))
        except NoAddress as reason:
            return replace(draft, share_note=str(reason))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a platform may be a plugin's
            return replace(draft, share_note=printable(f"its address cannot be made: {error!r}"))
        if not isinstance(address, str):
            return replace(draft, share_note=f"its address is no text but {type(address).__name__}")
        left = "set the content warning there" if draft.content_warning else ""
        note = "; ".join(filter(None, (platform.hint, left)))
        return replace(draft, share_url=address, share_note=note)

    def letters(
        self, action: Action, sending: "Sending", language: str | None, target: str | None
    ) -> "list[AppealLetter]":
        """Compose the letter to the target, or to each; raise Refused where none may go out."""
        # Whoever only shares does not wait for it.
        from uasocial import letters  # noqa: PLC0415

        reason = self.refusal(action, "appeal")
        if reason:
            raise Refused(f"{action.id}: {reason}")
        chosen = letters.language_for(action, language)
        targets = letters.recipients(action, target, by_email=sending.channel == "email")
        # The sender's own date: the target's may be tomorrow's already.
        day = self.now.date()
        made = [letters.compose(action, chosen, one, sending, day) for one in targets]
        for letter in made:
            self._assert_sayable(action, f"{letter.subject}\n{letters.body(letter)}")
        return made

    def _assert_sayable(self, action: Action, text: str) -> None:
        reason = rules.unsayable(action, text, self._both_days(action))
        if reason:
            raise Refused(
                f"{action.id}: the letter {reason}; `uasocial check {action.id}` says where"
            )

    def check(
        self, names: Collection[str], platforms: Sequence[Platform], *, whole: bool = False
    ) -> "Report":
        """List what is wrong with cases: files, rules, and each draft of each occasion."""
        # Whoever only hands out does not wait for it.
        from uasocial.checking import check  # noqa: PLC0415

        return check(self, names, platforms, whole=whole)
