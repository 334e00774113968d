"""The documentation is held against the product: its commands run, its examples render."""

import functools
import importlib.util
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import NamedTuple

import pluggy
import pytest

from uasocial import cli
from uasocial.cli import init_command
from uasocial.model import Day, Words, files, tree
from uasocial.model.facts import Facts
from uasocial.model.post import STATES
from uasocial.platforms import counting
from uasocial.plugins import Hooks
from uasocial.reading import layouts
from uasocial.reading.layouts import american, exported, published, secretariat, swiss_page
from uasocial.settings import FILE, Project, Settings, find_project
from uasocial.toolkit import Toolkit

ROOT = Path(__file__).parents[2]
NOTICEBOARD = ROOT / "plugins" / "uasocial-noticeboard" / "src"

_BLOCK = re.compile(
    r"(?:^<!-- file: (?P<path>\S+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)]+)\)")
_ELLIPSIS = "…"
# The beginning of a delivery's id, by which it is named; a page may show any.
_ID = re.compile(r"\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8}\b")


def load_make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make_docs = load_make_docs()
PAGES = make_docs.pages()


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    text: str
    path: str | None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    return [block for page in PAGES for block in blocks_of(page) if block.language in languages]


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, m.start()) + 1, m["language"], m["text"], m["path"])
        for m in _BLOCK.finditer(text)
    ]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


# What is generated


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_generated_parts_are_current(page):
    text = page.read_text(encoding="utf-8")
    assert text == make_docs.regenerate(text), "run `python tools/make_docs.py`"


def test_every_part_that_can_be_generated_stands_on_a_page():
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in make_docs.PARTS if f"<!-- begin: {name} -->" not in texts] == []


# Commands


class Shell:
    """Runs a page's commands one after the other, in a folder and a configuration of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = self.here = folder / "home"
        self.home.mkdir()
        self.files: list[tuple[str, str]] = []
        self.ids: dict[str, str] = {}
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(_installed(folder)), str(NOTICEBOARD)]),
            "PYTHONUTF8": "1",
            "HOME": str(self.home),
            "UASOCIAL_CONFIG": str(folder / "config"),
            "NO_COLOR": "1",
            "COLUMNS": "80",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "UASOCIAL_NAME": "Noor Sahel",
            "TOMORROW": f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}T10:00+00:00",
        }

    def put_files(self) -> None:
        """Write the files shown so far that belong to a project that is there by now."""
        for path, text in list(self.files):
            first, *rest = Path(path).parts
            if not rest or (self.here / first).is_dir():
                (self.here / path).parent.mkdir(parents=True, exist_ok=True)
                (self.here / path).write_text(text, encoding="utf-8")
                self.files.remove((path, text))

    def agrees(self, expected: str, output: str) -> bool:
        """Compare, and remember which delivery each id of the page stands for."""
        found = pattern(expected, self.ids).fullmatch(output)
        if found:
            self.ids |= {name.removeprefix("id_"): id_ for name, id_ in found.groupdict().items()}
        return bool(found)

    def run(self, command: str) -> str:
        command = _ID.sub(lambda shown: self.ids.get(shown[0], shown[0]), command)
        if command.startswith("cd "):
            self.here /= command.removeprefix("cd ")
            return ""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.here,
            env=self.environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout
        return done.stdout


def _installed(folder: Path) -> Path:
    """Make the tutorial's plugin found as if it were installed, whether it is or not."""
    site = folder / "site"
    info = site / "uasocial_noticeboard-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: uasocial-noticeboard\nVersion: 0.1.0\n"
    )
    (info / "entry_points.txt").write_text("[uasocial]\nnoticeboard = uasocial_noticeboard\n")
    return site


def commands(block: Block) -> list[tuple[str, str]]:
    """List (command, expected output) of a console block."""
    pieces = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not pieces[0], f"{block.place}: a console block begins with a command"
    return [tuple(piece.split("\n", 1)) for piece in pieces[1:]]


def pattern(expected: str, ids: Mapping[str, str] = MappingProxyType({})) -> re.Pattern[str]:
    """Make a pattern of expected output: a line `…` is any lines, `…` in a line anything.

    An id is the one that *ids* has for it, or any, in a group of its name.
    """
    lines, seen = [], set(ids)

    def id_of(shown: re.Match[str]) -> str:
        name = shown[0]
        if name in ids:
            return ids[name]
        again = name in seen
        seen.add(name)
        return f"(?P=id_{name})" if again else f"(?P<id_{name}>[0-9a-f]{{8}})"

    for line in expected.rstrip("\n").split("\n") if expected.strip() else []:
        if line == _ELLIPSIS:
            lines.append(r"(?:[^\n]*\n)*?")
        else:
            parts = map(re.escape, line.rstrip().split(_ELLIPSIS))
            lines.append(_ID.sub(id_of, r"[^\n]*".join(parts)) + r"\n")
    return re.compile("".join(lines))


def tidy(output: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in output.splitlines())


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(b.language == "console" for b in blocks_of(page))],
    ids=named,
)
def test_the_commands_of_a_page_give_what_it_shows(page, tmp_path):
    shell = Shell(tmp_path)
    for block in blocks_of(page):
        if block.path:
            shell.files.append((block.path, block.text))
        if block.language != "console":
            continue
        for command, expected in commands(block):
            shell.put_files()
            output = tidy(shell.run(command))
            assert "Traceback" not in output, f"{block.place}: {command}\n{output}"
            assert shell.agrees(expected, output), f"{block.place}: $ {command}\n{output}"
    assert not shell.files, "no command of the page uses them"


@pytest.mark.parametrize(
    ("expected", "output", "agrees"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\n", "a\nb\nc\n", True),
        ("…\nc\n", "a\nb\nc\n", True),
        ("a…c\n", "abbc\n", True),
        ("a…c\n", "ab\nbc\n", False),
        ("", "", True),
        ("", "a\n", False),
        ("7a3f09c1 …\n", "0b1c2d3e is planned\n", True),
        ("7a3f09c1 …\n", "UA 119/21 is planned\n", False),
        ("7a3f09c1 and 7a3f09c1\n", "0b1c2d3e and 9b1c2d3e\n", False),
    ],
)
def test_an_ellipsis_stands_for_any_text_and_an_id_for_one_delivery(expected, output, agrees):
    assert bool(pattern(expected).fullmatch(output)) is agrees


def test_an_id_that_was_shown_is_the_same_delivery_from_then_on(tmp_path):
    shell = Shell(tmp_path)
    assert shell.agrees("7a3f09c1 is sent\n", "0b1c2d3e is sent\n")
    assert shell.run("echo 7a3f09c1") == "0b1c2d3e\n"
    assert not shell.agrees("7a3f09c1\n", "9b1c2d3e\n")


# Examples

MINIMAL = {
    Facts: {
        "countries": ["PE"],
        "active_since": "2021-11-23",
        "deadline": "2022-01-03",
        "targets": [{"id": "minister", "office": {"en": "Minister"}}],
    },
    Words: {"title": "A title", "lead": "A lead."},
}


# An example of mistakes is no case; its page shows what `check` says of it.
RIGHT = [block for block in blocks("yaml") if "with-mistakes" not in (block.path or "")]


@pytest.mark.parametrize("block", RIGHT, ids=lambda block: block.place)
def test_a_yaml_example_is_part_of_a_case(block):
    shown = tree.parse(block.text, Path(block.place))
    kind = Facts if set(shown.value) <= set(Facts.__struct_fields__) else Words
    whole = shown._replace(value=MINIMAL[kind] | shown.value)
    assert isinstance(files.decode(whole, kind, date(2021, 12, 1)), kind)


@pytest.mark.parametrize("block", blocks("jinja"), ids=lambda block: block.place)
def test_a_template_example_makes_a_text_in_every_language_of_the_sample(block, tmp_path):
    project = Project(_project_with(block.text, tmp_path), Settings())
    kit = Toolkit(project, datetime(2021, 12, 1, tzinfo=UTC), rehearsal=True)
    action = kit.action("ua-119-21")
    drafts = list(kit.drafts(action, action.words, kit.choose(["mastodon"]), "thanks"))
    assert [draft.language for draft in drafts] == ["de", "en", "es", "fr"]
    assert all(draft.text and draft.fits for draft in drafts)


def _project_with(template: str, folder: Path) -> Path:
    shutil.copytree(ROOT / "actions" / "ua-119-21", folder / "actions" / "ua-119-21")
    for language in ("de", "en", "es", "fr"):
        path = folder / "templates" / language / "thanks.j2"
        path.parent.mkdir(parents=True)
        path.write_text(template, encoding="utf-8")
    return folder


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.place)
def test_a_python_example_is_a_plugin_that_uasocial_takes(block):
    module = ModuleType("example")
    exec(compile(block.text, block.place, "exec"), module.__dict__)
    manager = pluggy.PluginManager("uasocial")
    manager.add_hookspecs(Hooks)
    manager.register(module)
    manager.check_pending()
    assert manager.get_hookcallers(module)


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.place)
def test_a_toml_example_is_read(block, tmp_path):
    if "[project]" in block.text:
        assert tomllib.loads(block.text)["project"]["entry-points"]["uasocial"]
    else:
        (tmp_path / FILE).write_text(block.text, encoding="utf-8")
        assert find_project(str(tmp_path)).settings != Settings()


def test_what_a_new_project_s_settings_suggest_in_comments_is_read(tmp_path):
    suggested = re.sub(r"^# (?=\[|\w+ = )", "", init_command.SETTINGS, flags=re.MULTILINE)
    (tmp_path / FILE).write_text(suggested, encoding="utf-8")
    settings = find_project(str(tmp_path)).settings
    assert [stated.mode for stated in settings.accounts.values()] == ["publish", "by hand"]
    assert settings.instances


def test_the_tutorial_shows_the_plugin_as_it_is():
    source = (NOTICEBOARD / "uasocial_noticeboard" / "__init__.py").read_text(encoding="utf-8")
    page = ROOT / "docs" / "plugins.md"
    assert source in [b.text for b in blocks_of(page) if b.language == "python"]


# Completeness


def hooks() -> list[str]:
    return [name for name in vars(Hooks) if not name.startswith("_")]


@pytest.mark.parametrize("name", hooks())
def test_each_hook_stands_on_the_page_of_plugins_with_its_exact_signature(name):
    signature = inspect.signature(getattr(Hooks, name))
    given = ", ".join(
        f"{p.name}: {_written(p.annotation)}"
        for p in signature.parameters.values()
        if p.name != "self"
    )
    shown = f"`{name}({given}) -> {_written(signature.return_annotation)}`"
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    assert shown in page.replace(r"\|", "|")


def _written(annotation: object) -> str:
    """Return an annotation as the source has it: names only, without modules and quotes."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    text = re.sub(r"ForwardRef\('([^']+)'[^)]*\)", r"\1", text)
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text).replace("'", "").replace('"', "")


def test_each_counting_rule_is_explained():
    page = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
    assert [rule for rule in counting.RULES if f"| `{rule}` |" not in page] == []


def test_each_rule_has_its_row_and_its_part_on_the_page_of_rules(monkeypatch, tmp_path):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path))
    kit = Toolkit(Project(tmp_path, Settings()), datetime(2021, 12, 1, tzinfo=UTC))
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    rules = [rule for code, rule in kit.rules.items() if len(code) == 4]
    rows = re.findall(r"^\| \[([A-Z]\d{3})\]\(#\w+\) \| (.+) \| (\w+) \|$", page, re.MULTILINE)
    assert rows == [(rule.code, rule.sentence, rule.level) for rule in rules]
    parts = re.findall(r"^### (\S+)\n\n\*\*(.+?)\*\*", page, re.MULTILINE)
    assert sorted(parts) == [(rule.code, rule.sentence) for rule in rules]


def test_a_code_that_a_page_names_is_that_of_a_rule(monkeypatch, tmp_path):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path))
    known = set(Toolkit(Project(tmp_path, Settings()), datetime(2021, 12, 1, tzinfo=UTC)).rules)
    for page in PAGES:
        named = re.findall(r"\b[CDLP]0\d\d\b", page.read_text(encoding="utf-8"))
        assert set(named) <= known, page.name


def test_each_state_of_a_delivery_has_its_row_on_the_page_of_publishing():
    page = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    _, _, part = page.partition("\n## What the states mean\n")
    rows = re.findall(r"^\| `(\w+)` \|", part.partition("\n## ")[0], re.MULTILINE)
    assert tuple(rows) == STATES


LAYOUTS = (exported, swiss_page, secretariat, published, american)


@pytest.mark.parametrize("layout", [module.LAYOUT for module in LAYOUTS])
def test_each_layout_is_told_of_on_the_page_of_reading(layout):
    assert len(LAYOUTS) == len(layouts.MODULES)
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    assert f"| {layout} |" in page


def shown_commands() -> list[tuple[str, list[str]]]:
    """List (place, words) of the commands of uasocial that a page shows and does not run."""
    lines = [(b.place, line) for b in blocks("sh") for line in b.text.splitlines()]
    parts = [
        (place, shlex.split(part, comments=True))
        for place, line in lines
        for part in line.split("&&")
    ]
    return [(place, words[1:]) for place, words in parts if words[:1] == ["uasocial"]]


def test_a_command_that_is_only_shown_is_one_that_there_is():
    assert shown_commands()
    for place, (name, *words) in shown_commands():
        command = cli.cli.get_command(None, name)
        assert command, place
        known = {option for found in command.params for option in found.opts}
        assert {word for word in words if word.startswith("-")} <= known, place


MAIN_JOB = """\
python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/uasocial share ua-119-21 --as-of 2021-12-01
"""  # noqa: E501
TESTS = """\
python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt && .venv/bin/pytest
"""


@pytest.mark.parametrize("command", [MAIN_JOB, TESTS], ids=["main job", "tests"])
def test_the_readme_has_each_of_its_two_commands_in_a_block_of_its_own(command):
    assert command in [block.text for block in blocks_of(ROOT / "README.md")]


# Links


@functools.cache
def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page):
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_folder_of_one_machine(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.:/*])/(?:home|root|tmp|usr|work|Users)/\S*", text) == []


def test_a_day_in_a_command_is_the_day_of_the_sample():
    """Examples that depend on today would be wrong tomorrow."""
    days = {
        day
        for block in blocks("console")
        for day in re.findall(r"^\$ .*--as-of (\S+)", block.text, re.MULTILINE)
    }
    assert {Day.parse(day).year for day in days} == {2021}
