"""Checks a project: its files, its cases by rules, and every draft; and what may be silenced."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from uasocial import model
from uasocial.errors import Place, SettingsError, TemplateError, nearest
from uasocial.model import Action, Draft, Problem
from uasocial.rules.case import Case
from uasocial.rules.case import Project as Around
from uasocial.rules.reading import MISSING, NUMBER, TEMPLATE, UNREADABLE, UNUSED
from uasocial.rules.rule import Found, Rule

if TYPE_CHECKING:
    from uasocial.platforms import Platform
    from uasocial.rules import Registry
    from uasocial.settings import Project, Silence
    from uasocial.toolkit import Toolkit
    from uasocial.words import Wording

__all__ = ["Finding", "Report", "check"]


class Finding(NamedTuple):
    """One thing wrong: *place* says where and what, *fix* what to do; *reason* why it is silent."""

    action: str
    place: Place
    code: str
    error: bool
    fix: str = ""
    reason: str = ""

    def __str__(self) -> str:
        said = f"{self.code} {self.place.message}"
        return str(self.place._replace(message=f"{said}; {self.fix}" if self.fix else said))

    @property
    def order(self) -> tuple[str, int, str, str]:
        return str(self.place.path), self.place.line, self.code, self.place.message


class Report(NamedTuple):
    """What is wrong, by file and line, and what of it is silenced."""

    findings: list[Finding]
    silenced: list[Finding]


def check(
    kit: "Toolkit", names: Collection[str], platforms: Sequence["Platform"], *, whole: bool
) -> Report:
    """Check the cases *names*; *whole* says that they are all, and *platforms* all that are meant.

    Raise SettingsError where something is to be silenced that cannot be.
    """
    silences = _Silences(kit.project, kit.rules)
    told: list[Finding] = []
    silenced: list[Finding] = []
    numbers: dict[str, str] = {}
    for name in names:
        for finding in _of_case(kit, name, platforms, numbers):
            kept = silences.applied(finding)
            (silenced if kept.reason else told).append(kept)
    told += _of_project(kit, names)
    if whole:
        told += silences.unused()
    # A template's fault is one, however many cases have it.
    found = {(f.place, f.code): f for f in reversed(told)}
    return Report(_sorted(found.values()), _sorted(silenced))


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.order)


# --- around the cases ------------------------------------------------------------------------


def _of_project(kit: "Toolkit", names: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong around the cases: a set of templates is whole, or it is none."""
    for language, missing in kit.wordings.missing():
        path = kit.wordings.folder_of(language) / missing
        said = "is missing: a language has a template for each occasion, or for none"
        yield Finding("", Place(path, 0, said), MISSING.code, error=True)
    project = kit.project
    root = project.root or project.actions
    around = Around(root, project.actions, names, kit.wordings.files(), kit.platforms)
    for rule, path, said in kit.rules.found_around(around):
        yield Finding("", Place(path, 0, said), rule.code, rule.error, rule.fix)


class _Silences:
    """What uasocial.toml silences, each with how often it was needed."""

    def __init__(self, project: "Project", rules: "Registry") -> None:
        self._path = project.file
        self._silences = project.settings.silence
        self._used = [0] * len(self._silences)
        for number, silence in enumerate(self._silences):
            fault = _fault(silence, rules)
            if fault:
                raise SettingsError(f"{self._path}: line {self._line(number)}: {fault}")

    def applied(self, finding: Finding) -> Finding:
        """Return *finding*, with the reason for which it is silent."""
        for number, silence in enumerate(self._silences):
            here = silence.action in (None, finding.action)
            if here and silence.rule.upper() == finding.code and not finding.error:
                self._used[number] += 1
                return finding._replace(reason=silence.reason)
        return finding

    def unused(self) -> Iterator[Finding]:
        for number, silence in enumerate(self._silences):
            if not self._used[number]:
                where = f" in {silence.action}" if silence.action else ""
                said = f"{silence.rule.upper()} is not found{where}: there is nothing to silence"
                place = Place(self._path, self._line(number), said)
                yield Finding("", place, UNUSED.code, UNUSED.error, UNUSED.fix)

    def _line(self, number: int) -> int:
        """Return the line of the silence of that number, or 0 where it is written otherwise."""
        lines = self._path.read_text(encoding="utf-8").splitlines()
        heads = [n for n, text in enumerate(lines, 1) if text.replace(" ", "") == "[[silence]]"]
        return heads[number] if number < len(heads) else 0


def _fault(silence: "Silence", rules: "Registry") -> str:
    code = silence.rule.upper()
    if code not in rules:
        return f"there is no rule {code!r}{nearest(code, rules)}"
    if rules[code].error:
        return (
            f"{code} cannot be silenced: it is an error, for it protects people, or a platform "
            "would refuse the draft"
        )
    if rules[code].momentary:
        return f"{code} is told of a draft when it is handed out, not by check: take it out"
    return "" if silence.reason.strip() else f"say for what `reason` {code} is silenced"


# --- a case ----------------------------------------------------------------------------------


def _of_case(
    kit: "Toolkit", name: str, platforms: Sequence["Platform"], numbers: dict[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with a case: what cannot be read, and then with what can.

    *numbers* are those of the cases before it, and become its own, too.
    """
    action, faults = model.read_faults(kit.project.actions, name, kit.now.date())
    for place in faults:
        yield Finding(name, place, UNREADABLE.code, error=True)
    if action is None:
        return
    yield from _number_twice(action, numbers)
    case = Case(action, kit.today(action), kit.actual.date(), kit.platforms, _unread(action))
    told = _Told()
    for rule, found in kit.rules.found(case):
        fix = rule.fix if found.fix is None else found.fix
        place = action.place(found.language, found.at, found.said)
        told.note(rule, found, Finding(name, place, rule.code, rule.error, fix))
    yield from _Drafts(kit, case, told).findings(platforms)
    yield from told.findings


def _number_twice(action: Action, numbers: dict[str, str]) -> Iterator[Finding]:
    """Yield that a case before has the same number; of one that was withdrawn none is left."""
    facts = action.facts
    if not facts.number or (facts.ended and facts.ended.how == "withdrawn"):
        return
    other = numbers.setdefault(str(facts.number), action.id)
    if other != action.id:
        place = action.place("", ("number",), f"states the number {facts.number}, as {other} does")
        yield Finding(action.id, place, NUMBER.code, NUMBER.error, NUMBER.fix)


def _unread(action: Action) -> set[str]:
    """Return the languages whose file is there, and could not be read."""
    files = {path.stem for path in action.folder.glob("*.yaml")} - {"action"}
    return files - set(action.words)


class _Told:
    """What rules have told of a case, some of which would be told again of each draft."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._instead_of: dict[tuple[str, str], dict[str, int]] = {}

    def note(self, rule: Rule, found: Found, finding: Finding) -> None:
        for code in rule.instead_of:
            subjects = self._instead_of.setdefault((code, found.language), {})
            subjects[found.subject] = len(self.findings)
        self.findings.append(finding)

    def covers(self, code: str, language: str, message: str, *, error: bool) -> bool:
        """Tell whether that was told; what stands for an error is one, and not to be silenced."""
        known = [self._instead_of.get((code, where), {}) for where in ("", language)]
        numbers = [n for subjects in known for subject, n in subjects.items() if subject in message]
        for number in numbers:
            finding = self.findings[number]
            self.findings[number] = finding._replace(error=finding.error or error)
        return bool(numbers)


class _Where(NamedTuple):
    """What drafts have in common that are told of in one line."""

    problem: Problem
    language: str
    source: str
    line: int
    wording: str
    occasion: str


class _Drafts:
    """Every draft of a case, in what it has of words; what is wrong alike is told once."""

    def __init__(self, kit: "Toolkit", case: Case, told: _Told) -> None:
        self._kit, self._case, self._told = kit, case, told
        self._platforms: dict[_Where, list[str]] = {}
        self._failed: dict[tuple[str, str], tuple[Place, int]] = {}

    def findings(self, platforms: Sequence["Platform"]) -> Iterator[Finding]:
        name = self._case.action.id
        for language in self._case.words:
            if language not in self._kit.wordings.languages():
                yield self._without_templates(language)
            else:
                self._look(language, platforms)
        for (language, message), (place, count) in self._failed.items():
            if not self._told.covers(TEMPLATE.code, language, message, error=True):
                said = f"{message} (and so in {count - 1} more)" if count > 1 else message
                yield Finding(name, place._replace(message=said), TEMPLATE.code, error=True)
        for where, names in self._platforms.items():
            yield self._finding(where, names)

    def _without_templates(self, language: str) -> Finding:
        said = f"there are no templates for {language!r}"
        fix = f"write templates/{language}/appeal.j2, and one for each other occasion"
        place = self._case.action.place(language, (), said)
        return Finding(self._case.action.id, place, MISSING.code, error=True, fix=fix)

    def _look(self, language: str, platforms: Sequence["Platform"]) -> None:
        kit, action = self._kit, self._case.action
        for occasion in model.OCCASIONS:
            for platform in platforms:
                try:
                    for wording in kit.wordings.find(action, language, platform.name, occasion):
                        self._note(
                            kit.draft(action, language, platform, occasion, wording.id), wording
                        )
                except TemplateError as error:
                    self._note_failed(language, error)

    def _note_failed(self, language: str, error: TemplateError) -> None:
        place, count = self._failed.get(
            (language, error.message), (Place(Path(error.source), error.line, ""), 0)
        )
        self._failed[language, error.message] = place, count + 1

    def _note(self, draft: Draft, wording: "Wording") -> None:
        for problem in draft.problems:
            code, error = problem.code, problem.error
            rule = self._kit.rules.get(code)
            if rule and rule.momentary:
                continue
            if self._told.covers(code, draft.language, problem.message, error=error):
                continue
            where = _Where(
                problem, draft.language, wording.source, wording.line, wording.id, draft.occasion
            )
            self._platforms.setdefault(where, []).append(draft.platform)

    def _finding(self, where: _Where, platforms: list[str]) -> Finding:
        problem, action = where.problem, self._case.action
        first, *more = platforms
        on = f"{first} and {len(more)} more" if more else first
        said = problem.message.removesuffix(f": {problem.fix}")
        whole = f"{where.wording!r} ({where.occasion}, {on}) {said}"
        source = Path(where.source)
        if source.parent != action.folder:
            # A template is everybody's: whose draft it makes so must be said.
            whole = f"{action.id}, {where.language}: {whole}"
        place = Place(source, where.line, whole)
        return Finding(action.id, place, problem.code, problem.error, problem.fix)
