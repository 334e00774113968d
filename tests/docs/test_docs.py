"""The documentation is held against the product: its commands run, its examples render."""

import functools
import importlib.util
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pluggy
import pytest

from uasocial.model import Day, Words, files, tree
from uasocial.model.facts import Facts
from uasocial.platforms import counting
from uasocial.plugins import Hooks
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
        }

    def put_files(self) -> None:
        """Write the files shown so far that belong to a project that is there by now."""
        for path, text in list(self.files):
            if (self.here / Path(path).parts[0]).is_dir():
                (self.here / path).parent.mkdir(parents=True, exist_ok=True)
                (self.here / path).write_text(text, encoding="utf-8")
                self.files.remove((path, text))

    def run(self, command: str) -> str:
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


def pattern(expected: str) -> re.Pattern[str]:
    """Make a pattern of expected output: a line `…` is any lines, `…` in a line anything."""
    lines = []
    for line in expected.rstrip("\n").split("\n") if expected.strip() else []:
        if line == _ELLIPSIS:
            lines.append(r"(?:[^\n]*\n)*?")
        else:
            parts = map(re.escape, line.rstrip().split(_ELLIPSIS))
            lines.append(r"[^\n]*".join(parts) + r"\n")
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
            assert pattern(expected).fullmatch(output), f"{block.place}: $ {command}\n{output}"
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
    ],
)
def test_an_ellipsis_stands_for_lines_or_for_a_part_of_one(expected, output, agrees):
    assert bool(pattern(expected).fullmatch(output)) is agrees


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


def test_each_code_of_a_rule_is_explained():
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    codes = {code for source in sources for code in re.findall(r'"([A-Z]\d{3})"', source)}
    page = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([A-Z]\d{3}) \|", page, re.MULTILINE)) == codes


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
