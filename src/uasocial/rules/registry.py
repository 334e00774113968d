"""The rules of a run by code: ours and those of plugins, all through the same hook."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uasocial.errors import NotFound
from uasocial.model import Action, Draft, Problem
from uasocial.plugins import PluginHost
from uasocial.plugins.host import BUILT_IN
from uasocial.rules.rule import Days, Found, Remark, Rule

if TYPE_CHECKING:
    from uasocial.rules.case import Case, Project

__all__ = ["Registry"]


class Registry(Mapping[str, Rule]):
    """The rules by code; a plugin whose rules clash, or one of which fails, is put out, whole."""

    def __init__(self, host: PluginHost) -> None:
        self._host = host
        self._own = {listed.name for listed in host.listed if listed.source == BUILT_IN}
        self._found: dict[str, tuple[Rule, str]] = {}
        for plugin, registered in host.each("register_rules"):
            fault = "" if plugin in self._own else self._fault(registered)
            if fault:
                host.fail(plugin, fault)
            else:
                self._found |= {rule.code: (rule, plugin) for rule in registered}
        self._of_drafts = [entry for entry in self._found.values() if entry[0].about == "draft"]

    def __getitem__(self, code: str) -> Rule:
        return self._found[code][0]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def named(self, code: str) -> Rule:
        """Return the rule of a *code* in capitals or not; raise NotFound."""
        if code.upper() not in self:
            raise NotFound("rule", code.upper(), self)
        return self[code.upper()]

    def problems(self, draft: Draft, action: Action, days: Days) -> Iterator[Problem]:
        """Yield what the rules say of a draft."""
        for rule, plugin in self._of_drafts:
            for remark in self._run(rule, plugin, Remark, draft, action, days):
                fix = rule.fix if remark.fix is None else remark.fix
                message = f"{remark.said}: {fix}" if fix else remark.said
                yield Problem(rule.code, message, rule.error, fix)

    def found(self, case: "Case") -> Iterator[tuple[Rule, Found]]:
        """Yield what the rules find in a case."""
        for rule, plugin in list(self._found.values()):
            if rule.about == "case":
                for found in self._run(rule, plugin, Found, case):
                    yield rule, found

    def found_around(self, project: "Project") -> Iterator[tuple[Rule, Path, str]]:
        """Yield what our rules find around the cases: in which file, and what."""
        for rule, _ in self._found.values():
            if rule.about == "project":
                for path, said in rule.check(project):
                    yield rule, path, said

    def _run(self, rule: Rule, plugin: str, kind: type[Any], *given: object) -> Iterable[Any]:
        """Return what one rule gives; a plugin's that fails takes its plugin out of service."""
        if plugin in self._own:
            return rule.check(*given)
        try:
            given_back = list(rule.check(*given))
            if not all(isinstance(found, kind) for found in given_back):
                raise TypeError(f"gave something that is no {kind.__name__}")  # noqa: TRY301
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
            self._drop(plugin)
            self._host.fail(plugin, f"the rule {rule.code} failed: {error!r}")
            return []
        return given_back

    def _drop(self, plugin: str) -> None:
        self._found = {code: kept for code, kept in self._found.items() if kept[1] != plugin}
        self._of_drafts = [kept for kept in self._of_drafts if kept[1] != plugin]

    def _fault(self, registered: list[Any]) -> str:
        codes = [getattr(rule, "code", None) for rule in registered]
        for rule, code in zip(registered, codes, strict=True):
            # No subclass: a rule is data, and what it does is asked of it in one place.
            if type(rule) is not Rule:
                return f"register_rules gave {type(rule).__name__!r}, which is no Rule"
            if rule.fault():
                return f"the rule {code!r} {rule.fault()}"
            if rule.code in self._found or codes.count(code) > 1:
                return f"the rule {code!r} is there already: give it another code"
        return ""
