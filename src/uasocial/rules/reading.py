"""What is found while files and templates are read, and around the cases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uasocial.errors import nearest
from uasocial.model import OCCASIONS
from uasocial.rules.case import Project
from uasocial.rules.rule import Rule, rule

__all__ = [
    "MISSING",
    "NUMBER",
    "TEMPLATE",
    "UNREADABLE",
    "UNUSED",
    "misnamed_template",
    "stray_file",
]


def _found_by_reading(*_: Any) -> Iterator[Any]:
    """Yield nothing: who reads the files finds it."""
    yield from ()


UNREADABLE: Rule = rule(
    "C001",
    "The files of a case are read without a fault.",
    fix="mend the place that is named",
    why="A key that is misspelt, or a date that is none, would leave a hole in every text.",
    error=True,
    about="reading",
    bad="en: {colour: red}",
)(_found_by_reading)

TEMPLATE: Rule = rule(
    "C002",
    "A template asks only for what the case has.",
    fix="mend the template, or add what it asks for to the case",
    error=True,
    about="reading",
    bad='en: {posts: [{id: gate, template: "{{ titel }}: {{ action | link }}"}]}',
    good='en: {posts: [{id: gate, template: "{{ title }}: {{ action | link }}"}]}',
)(_found_by_reading)

MISSING: Rule = rule(
    "C003",
    "A language has a template for each occasion, or for none.",
    fix="write the template",
    why="Whoever hands out a reminder should not find on that day that there is none.",
    error=True,
    about="reading",
    bad='templates: {nl/appeal.j2: "{{ title }}: {{ action | link }}"}',
    good='templates: {en/appeal.j2: "{{ title }}: {{ action | link }}"}',
)(_found_by_reading)

UNUSED: Rule = rule(
    "C008",
    "What is silenced in uasocial.toml is there to be silenced.",
    fix="take the `[[silence]]` out",
    why="One that is left over would hide the next fault of its kind.",
    about="reading",
    bad='settings: |\n  [[silence]]\n  rule = "L004"\n  reason = "the page has no body"',
    good='settings: |\n  [[silence]]\n  rule = "L004"\n  reason = "the page has no body"\n'
    "en: {body: null}",
)(_found_by_reading)


NUMBER: Rule = rule(
    "C025",
    "An action has a number of its own.",
    fix="give one of the two its own; a further information lies in `versions`",
    why="The number is what a page is found by; the site refuses two cases with one.",
    error=True,
    about="reading",
    bad="beside: {gate-again: UA 1/26}",
    good="beside: {gate-again: UA 2/26}",
)(_found_by_reading)


@rule(
    "C006",
    "A template has the name of an occasion, and of a platform where it is for one.",
    fix="rename it: <occasion>.j2 or <occasion>.<platform>.j2",
    why="A file of another name is never used, and nobody would miss it.",
    error=True,
    about="project",
    bad='templates: {en/appeall.j2: "{{ title }}: {{ action | link }}"}',
    good='templates: {en/appeal.bluesky.j2: "{{ title }}: {{ action | link }}"}',
)
def misnamed_template(project: Project) -> Iterator[tuple[Path, str]]:
    for path in project.templates.values():
        said = _wrong_name(path.name, project)
        if said:
            yield path, said


def _wrong_name(name: str, project: Project) -> str:
    occasion, _, platform = name.removesuffix(".j2").partition(".")
    if occasion not in OCCASIONS:
        return f"there is no occasion {occasion!r}{nearest(occasion, OCCASIONS)}"
    # A platform that is not installed here is kept, unless it is a slip.
    hint = nearest(platform, project.platforms) if platform not in project.platforms else ""
    return f"there is no platform {platform!r}{hint}" if platform and hint else ""


@rule(
    "C007",
    "A case lies in a folder of its own.",
    fix="make it `actions/<name>/action.yaml`, with the words in `actions/<name>/<language>.yaml`",
    error=True,
    about="project",
    bad="stray: [gate.yaml]",
)
def stray_file(project: Project) -> Iterator[tuple[Path, str]]:
    if project.actions.is_dir():
        for path in sorted(project.actions.glob("*.y*ml")):
            yield path, "lies outside a folder, where no case is read"
