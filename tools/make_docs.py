"""Writes the parts of the documentation that follow from the code, between their markers.

`python tools/make_docs.py` rewrites README.md and docs/*.md; with `--check` it only tells which
pages are out of date, and exits 1. What a key of a case means stands in `meanings.toml` beside
this file: a key without a meaning, and a meaning without its key, are errors.
"""

import ast
import json
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import click
from click.testing import CliRunner
from msgspec import NODEFAULT, Struct, inspect

from uasocial import cli
from uasocial.errors import TemplateError
from uasocial.model import ActionNumber, Day, DocumentIndex, Draft, Words
from uasocial.model.days import Moment
from uasocial.model.facts import Facts
from uasocial.platforms import Instance, NoAddress, Platform
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.publisher import PublisherKind
from uasocial.plugins import specs
from uasocial.rules import Rule
from uasocial.rules.examples import BASE
from uasocial.settings import Project, Settings
from uasocial.toolkit import Toolkit

ROOT = Path(__file__).parent.parent
NOTICEBOARD = "plugins/uasocial-noticeboard"
WIDTH = 80
MOMENT = datetime(2021, 12, 1, tzinfo=UTC)

_PART = re.compile(r"(<!-- begin: ([a-z -]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def pages() -> list[Path]:
    """List the pages that people read."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def regenerate(text: str) -> str:
    """Return a page with each generated part as the code has it now."""
    return _PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n\n{part[3]}", text)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown; a bar in a cell is escaped."""
    lines = [head, ("---",) * len(head), *rows]
    cells = [[cell.replace("|", r"\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in cells)


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


# Commands


def commands() -> str:
    """Return the help of each command, as a terminal of 80 columns shows it."""
    return "\n\n".join(_help(*names) for names in _named(cli.cli, ()))


def _named(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words of a command and of each below it, groups in their own order."""
    yield names
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from _named(found, (*names, name))


def _help(*names: str) -> str:
    result = CliRunner().invoke(
        cli.cli, [*names, "--help"], prog_name="uasocial", terminal_width=WIDTH, color=False
    )
    if result.exit_code:
        raise SystemExit(f"{' '.join(names)} --help: {result.output}")
    title = " ".join(("uasocial", *names))
    return f"## {title}\n\n{fenced('text', result.output)}"


# Keys of the files


class Section(NamedTuple):
    """The keys of one thing: *path* is where it stands in its file."""

    path: str
    name: str
    fields: tuple[inspect.Field, ...]
    about: str


def facts() -> str:
    return _sections(Facts)


def words() -> str:
    return _sections(Words)


def settings() -> str:
    return _sections(Settings)


def _sections(kind: type) -> str:
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    parts = []
    for section in _walk(found, ""):
        title = f"### `{section.path}`\n\n{section.about}\n\n" if section.path else ""
        parts.append(title + _keys(section))
    return "\n\n".join(parts)


def _walk(kind: inspect.StructType, path: str) -> Iterator[Section]:
    yield Section(path, kind.cls.__name__, kind.fields, _first_paragraph(kind.cls.__doc__))
    for field in kind.fields:
        inner = _struct_in(field.type)
        if inner:
            yield from _walk(inner, f"{path}.{field.encode_name}" if path else field.encode_name)


def _struct_in(kind: inspect.Type) -> inspect.StructType | None:
    """Return what a list, a mapping or an optional value holds, if that has keys of its own."""
    match kind:
        case inspect.StructType():
            return kind
        case inspect.VarTupleType():
            return _struct_in(kind.item_type)
        case inspect.DictType():
            return _struct_in(kind.value_type)
        case inspect.Metadata():
            return _struct_in(kind.type)
        case inspect.UnionType():
            return next(filter(None, map(_struct_in, kind.types)), None)
    return None


def _keys(section: Section) -> str:
    meanings = _meanings()[section.name]
    names = [field.encode_name for field in section.fields]
    if set(names) != set(meanings):
        raise SystemExit(f"meanings.toml: [{section.name}] {set(names) ^ set(meanings)}")
    rows = [
        (f"`{f.encode_name}`", _in_words(f.type), _needed(f), meanings[f.encode_name])
        for f in section.fields
    ]
    return table(("key", "takes", "without it", "meaning"), rows)


def _meanings() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "tools" / "meanings.toml").read_text(encoding="utf-8"))


def _needed(field: inspect.Field) -> str:
    if field.required:
        return "**an error**"
    if field.default is NODEFAULT or field.default in (None, (), ""):
        return "–"
    if isinstance(field.default, Struct):
        return "see below"
    if isinstance(field.default, bool):
        return "`true`" if field.default else "`false`"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{value}`" for value in field.default)
    return f"`{field.default}`"


def _in_words(kind: inspect.Type, title: str = "") -> str:  # noqa: C901, PLR0911 - a case for each kind
    match kind:
        case inspect.Metadata():
            return _in_words(kind.type, (kind.extra_json_schema or {}).get("title", title))
        case inspect.UnionType():
            types = [t for t in kind.types if not isinstance(t, inspect.NoneType)]
            return ", or ".join(_in_words(t) for t in types)
        case inspect.VarTupleType():
            return f"a list: {_in_words(kind.item_type)}"
        case inspect.DictType():
            return f"for each {_in_words(kind.key_type)}: {_in_words(kind.value_type)}"
        case inspect.LiteralType():
            return ", ".join(f"`{value}`" for value in kind.values)
        case inspect.StructType():
            return "keys, see below"
        case inspect.CustomType():
            return _OWN[kind.cls]
        case inspect.BoolType():
            return "`true` or `false`"
        case inspect.IntType():
            return "whole number"
        case inspect.DateTimeType():
            return "moment"
    return title or "text"


_OWN = {Day: "day", Moment: "moment", ActionNumber: "number", DocumentIndex: "index"}


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").partition("\n\n")[0].split())


# Platforms


def platforms() -> str:
    rows = [
        (
            f"`{p.name}`",
            p.label,
            _limit(p),
            p.limits().rule,
            "stated" if p.limits().stated else "careful",
            _composer(p),
            p.limits().source,
            p.limits().note or "–",
        )
        for p in PLATFORMS
    ]
    return table(("name", "label", "limit", "counts", "unit", "composer", "source", "note"), rows)


def networks() -> str:
    """List the publishers of our packages: what each needs, and what it can."""
    rows = [
        (
            f"`{kind.name}`",
            f"`{kind.platform}`" if kind.platform else "any",
            _quoted(kind.settings),
            _quoted(kind.optional),
            _quoted(kind.secrets),
            _abilities(kind),
        )
        for kind in _kinds()
    ]
    return table(("kind", "platform", "settings", "may have", "secrets", "can"), rows)


def _kinds() -> Iterator[PublisherKind]:
    for package in sorted((ROOT / "plugins").glob("uasocial-*/src/*/publisher.py")):
        yield from import_module(package.parent.name).register_publishers()


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _abilities(kind: PublisherKind) -> str:
    said = {
        "pictures": kind.media != 0,
        "threads": kind.can_thread,
        "edit": kind.can_edit,
        "delete": kind.can_delete,
        "look handles up": kind.can_resolve,
        "authorize": kind.authorize is not None,
        "tell its price": kind.price is not None,
    }
    return ", ".join(name for name, can in said.items() if can) or "–"


def _limit(platform: Platform) -> str:
    limits = platform.limits()
    length = "none" if limits.length is None else f"{limits.length:,}"
    return f"{length}, and {limits.bytes:,} bytes" if limits.bytes else length


def _composer(platform: Platform) -> str:
    """Tell what the address of the composer carries, from an address made for a draft."""
    text = "words-of-a-draft https://example.org/1"
    draft = Draft(
        action="a",
        language="en",
        platform=platform.name,
        occasion="appeal",
        wording="w",
        text=text,
        length=len(text),
        limit=None,
        fits=True,
        link="https://example.org/1",
    )
    try:
        where, address = "", platform.share(draft, None)
    except NoAddress:
        try:
            where = " (with `--instance`)"
            address = platform.share(draft, Instance("social.example"))
        except NoAddress:
            return "none: copy the text"
    return ("filled in" if "words-of-a-draft" in address else "link alone: paste the text") + where


# Templates


class Example(NamedTuple):
    """A piece of a template, and what it stands for."""

    source: str
    about: str


VARIABLES = (
    Example("{{ title }}", "the title of the case"),
    Example("{{ lead }}", "its first sentences"),
    Example("{{ demands | first }}", "`demands` is the list of what is asked for"),
    Example("{{ country }}", "the first of `countries`, in the language"),
    Example("{{ target }}", "the first target: who holds the office, or the office"),
    Example("{{ target.office }}", "also `target.name`, `target.salutation`, `target.country`"),
    Example("{{ targets | length }}", "all targets"),
    Example("{{ number }}", "only where the case has one"),
    Example("{{ index }}", "only where the case has one"),
    Example("{{ campaign }}", "any name under `hashtags` is one here too"),
    Example("{{ action.id }}", "the action, mostly given to a filter"),
)
FILTERS = (
    Example("{{ country | hashtag }}", "a hashtag that X, Mastodon and Bluesky each link whole"),
    Example("{{ target | mention }}", "the handle on the platform at hand, else name and office"),
    Example("{{ action | link }}", "the address of the case in the language"),
    Example("{{ action | deadline }}", "the deadline as the case states it"),
    Example("{{ action | last_day }}", "the last day on which one may act"),
    Example("{{ action | days_left }}", "the days on which one may act, today among them"),
    Example("{{ demands | list }}", "several things, joined as the language does"),
    Example("{{ 2500 | number }}", "a whole number with the language's separators"),
    Example("{{ title | upper }}", "from Jinja2; also `lower`, `capitalize` and `trim`"),
    Example("{{ demands | last }}", "from Jinja2; also `first`, `length` and `join`"),
)
REFUSED = (
    Example("{{ range(9) }}", "a call could run for ever, or reach into the program"),
    Example("{{ title * 1000 }}", "what multiplies text can fill the memory"),
    Example("{{ title.__class__ }}", "this is how a sandbox is left"),
    Example("{{ titel }}", "an unknown name would leave a hole in the text"),
    Example("{{ country | hashtga }}", "the same for a filter"),
    Example(
        '{% include "other.j2" %}', "a template stands on its own, so one look shows all of it"
    ),
    Example("{% set x = title %}", "what is said is said where it stands"),
    Example(
        "{% for a in demands %}{% for b in demands %}{{ b }}{% endfor %}{% endfor %}",
        "loops in loops grow without an end",
    ),
    Example("{{ demands.mention }}", "only what this page lists can be asked for"),
    Example("{{ title | mention }}", "only a target has a handle"),
)


def variables() -> str:
    rows = [
        (f"`{example.source}`", example.about, found["en", "x"])
        for example, found in _rendered(VARIABLES)
    ]
    return table(("in a template", "gives", "in English, of UA 119/21"), rows)


def filters() -> str:
    rows = [
        (f"`{example.source}`", example.about, found["en", "x"], found["es", "bluesky"])
        for example, found in _rendered(FILTERS)
    ]
    return table(("in a template", "gives", "English, X", "Spanish, Bluesky"), rows)


def refused() -> str:
    rows = []
    for example in REFUSED:
        try:
            _rendered((example,))
        except TemplateError as error:
            rows.append((f"`{example.source}`", error.message, example.about))
        else:
            raise SystemExit(f"{example.source} is no error any more")
    return table(("in a template", "answer", "why"), rows)


Rendered = dict[tuple[str, str], str]


def _rendered(examples: tuple[Example, ...]) -> list[tuple[Example, Rendered]]:
    """Render examples as posts of UA 119/21 on 1 December 2021, by language and platform."""
    found: list[Rendered] = [{} for _ in examples]
    with _without_plugins() as folder:
        kit = _kit_with(examples, folder)
        action = kit.action("ua-119-21")
        for draft in kit.drafts(action, ["en", "es"], kit.choose(["x", "bluesky"]), "appeal"):
            number = int(draft.wording.removeprefix("example-"))
            found[number][draft.language, draft.platform] = draft.text
    return list(zip(examples, found, strict=True))


@contextmanager
def _without_plugins() -> Iterator[Path]:
    """Yield an empty folder, also for the list of trusted files: no plugin has a say."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {"UASOCIAL_CONFIG": folder}),
    ):
        yield Path(folder)


def _kit_with(examples: tuple[Example, ...], folder: Path) -> Toolkit:
    case = folder / "actions" / "ua-119-21"
    shutil.copytree(ROOT / "actions" / "ua-119-21", case)
    posts = "\n".join(
        f"  - id: example-{number}\n    template: {json.dumps(example.source)}"
        for number, example in enumerate(examples)
    )
    for path in case.glob("??.yaml"):
        head = path.read_text(encoding="utf-8").partition("\nposts:")[0]
        path.write_text(f"{head}\nposts:\n{posts}\n", encoding="utf-8")
    return Toolkit(Project(folder, Settings()), MOMENT, rehearsal=True)


# Rules

# Of an example that is long for length's sake, this much is shown.
LONGEST = 300
SHOWN = 140
_OWN_CODE = re.compile(r"[A-Z][0-9]{3}")


def rules() -> str:
    rows = [
        (f"[{code}](#{code.lower()})", rule.sentence, rule.level) for code, rule in _rules().items()
    ]
    return table(("code", "what is wanted", "if it is not so"), rows)


def rules_of_cases() -> str:
    return _rules_of("C")


def rules_of_drafts() -> str:
    return _rules_of("D")


def rules_of_languages() -> str:
    return _rules_of("L")


def rules_of_people() -> str:
    return _rules_of("P")


def rule_case() -> str:
    return fenced("text", BASE)


def _rules_of(letter: str) -> str:
    return "\n\n".join(_rule(rule) for code, rule in _rules().items() if code[0] == letter)


@cache
def _rules() -> dict[str, Rule]:
    """Return our own rules by code: those of a letter and three digits."""
    with _without_plugins() as folder:
        found = Toolkit(Project(folder, Settings()), MOMENT, rehearsal=True).rules
        return {code: rule for code, rule in found.items() if _OWN_CODE.fullmatch(code)}


def _rule(rule: Rule) -> str:
    parts = [
        f"### {rule.code}",
        f"**{rule.sentence}** {rule.why}".strip(),
        f"{_kind(rule)} To mend it: {_unmarked(rule.fix)}.",
    ]
    for title, example in (("Found", rule.bad), ("Not found", rule.good)):
        if example != "{}":
            parts.append(f"{title}:\n\n{fenced('text', _shown(example))}")
    return "\n\n".join(parts)


def _kind(rule: Rule) -> str:
    kind = "An error." if rule.error else "A warning."
    when = " Told when a text is handed out, not by `check`." if rule.momentary else ""
    return kind + when


def _unmarked(text: str) -> str:
    """Return a text in which `<name>` is no tag of HTML; in code it is none anyway."""
    parts = text.split("`")
    return "`".join(p if n % 2 else p.replace("<", r"\<") for n, p in enumerate(parts))


def _shown(example: str) -> str:
    """Return an example; of one that is long for length's sake, its beginning and its end."""
    if len(example) <= LONGEST or "\n" in example:
        return example
    return f"{example[:SHOWN]} … {example[-SHOWN // 2 :]}"


# Plugins


def hooks() -> str:
    rows = [(f"`{signature}`", about) for signature, about in _hooks()]
    return table(("hook", "what it does"), rows)


def _hooks() -> Iterator[tuple[str, str]]:
    """Yield signature and meaning of each hook, from the source: types stay as written."""
    tree = ast.parse(Path(specs.__file__).read_text(encoding="utf-8"))
    kind = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Hooks")
    for node in kind.body:
        if isinstance(node, ast.FunctionDef):
            yield _signature(node), " ".join((ast.get_docstring(node) or "").split())


def _signature(node: ast.FunctionDef) -> str:
    given = [
        f"{argument.arg}: {_type(argument.annotation)}"
        for argument in node.args.args
        if argument.arg != "self"
    ]
    return f"{node.name}({', '.join(given)}) -> {_type(node.returns)}"


def _type(node: ast.expr | None) -> str:
    return ast.unparse(node).replace("'", "").replace('"', "") if node else "None"


def noticeboard() -> str:
    path = ROOT / NOTICEBOARD / "src" / "uasocial_noticeboard" / "__init__.py"
    return fenced("python", path.read_text(encoding="utf-8"))


def noticeboard_project() -> str:
    text = (ROOT / NOTICEBOARD / "pyproject.toml").read_text(encoding="utf-8")
    return fenced("toml", text)


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "facts": facts,
    "words": words,
    "settings": settings,
    "platforms": platforms,
    "networks": networks,
    "variables": variables,
    "filters": filters,
    "refused": refused,
    "rules": rules,
    "rules of cases": rules_of_cases,
    "rules of drafts": rules_of_drafts,
    "rules of languages": rules_of_languages,
    "rules of people": rules_of_people,
    "rule case": rule_case,
    "hooks": hooks,
    "noticeboard": noticeboard,
    "noticeboard project": noticeboard_project,
}


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a page is out of date.")
def main(check: bool) -> None:  # noqa: FBT001 - an option of a command
    """Rewrite the generated parts of the documentation."""
    stale = []
    for path in pages():
        text = path.read_text(encoding="utf-8")
        new = regenerate(text)
        if new != text:
            stale.append(path.relative_to(ROOT))
            if not check:
                path.write_text(new, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'is out of date' if check else 'written'}")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
