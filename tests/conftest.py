"""What every test may ask for, and the switch that turns a skip into a failure."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from uasocial.cli import main
from uasocial.model import Draft, read_faults
from uasocial.settings import Project, Settings, find_project
from uasocial.testing.fixtures import lacking
from uasocial.toolkit import Toolkit

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / "tests" / "oracle"
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--texts",
        type=int,
        default=2000,
        help="random texts for each comparison with a reference package (default: 2000)",
    )
    parser.addoption(
        "--faults",
        type=int,
        default=125,
        help="faults of each fault injection; 10000 for a long run (default: 125)",
    )
    parser.addoption("--seed", type=int, default=1, help="seed of the random texts (default: 1)")


@pytest.fixture(scope="session")
def node() -> str:
    """The Node program, with the reference packages of tests/oracle installed."""
    program = shutil.which("node")
    if program is None:
        lacking("node on this machine")
    if not (ORACLE / "node_modules").is_dir():
        lacking("tests/oracle/node_modules: run `npm ci --prefix tests/oracle`")
    return program


@pytest.fixture(scope="session")
def vectors():
    """A reader of the length and entity vectors beside the project, where they are."""
    import json

    def read(name: str):
        path = SHARED / "data" / "vectors" / f"{name}.json"
        if not path.is_file():
            # Never a failure: the project stands without this folder.
            pytest.skip(f"no {name}.json beside the project")
        return json.loads(path.read_text(encoding="utf-8"))

    return read


# --- a case of our own, and the command line -------------------------------------------------

FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
link: {en: "https://example.org/1/en"}
hashtags: {campaign: {en: OpenTheGate}}
targets:
  - id: minister
    office: {en: Minister of Gates}
    country: PE
    holders:
      - name: Ana Example
        handles: {x: ana_example, mastodon: "ana@social.example"}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate, Keep it open]
"""


class Cases:
    """A project in a folder: writes cases into it, and puts toolkits together that read them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "actions").mkdir()
        (root / "templates").mkdir()
        (root / "uasocial.toml").write_text("", encoding="utf-8")

    def write(self, name: str = "gate", facts: str = FACTS, **words: str) -> Path:
        """Write a case and return its folder; without *words* it has those above, in English."""
        folder = self.root / "actions" / name
        folder.mkdir()
        (folder / "action.yaml").write_text(facts, encoding="utf-8")
        for language, text in (words or {"en": WORDS}).items():
            (folder / f"{language}.yaml").write_text(text, encoding="utf-8")
        return folder

    def settings(self, text: str) -> None:
        (self.root / "uasocial.toml").write_text(text, encoding="utf-8")

    def template(self, name: str, text: str) -> None:
        path = self.root / "templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def faults(self, name: str = "gate") -> list[str]:
        """Return what is wrong in the files of a case, each as `file:line: message`."""
        places = read_faults(self.root / "actions", name, date(2026, 1, 20))[1]
        return [str(place).removeprefix(f"{self.root / 'actions' / name}/") for place in places]

    def kit(self, now: str = "2026-01-20T12:00+00:00", **options: object) -> Toolkit:
        project = find_project(str(self.root))
        return Toolkit(project, datetime.fromisoformat(now), **options)

    def draft(self, platform: str = "x", occasion: str = "appeal", **options: object) -> Draft:
        """Return the first draft of the case `gate`."""
        kit = self.kit(**options)
        drafts = kit.drafts(kit.action("gate"), ["en"], [kit.platform(platform)], occasion)
        return next(iter(drafts))


@pytest.fixture(autouse=True)
def _no_way_out(blocked_network) -> None:
    """No test reaches another machine."""


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory, monkeypatch) -> None:
    """No test reads the trust or the project of whoever runs it."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path_factory.getbasetemp() / "no-config"))
    monkeypatch.delenv("UASOCIAL_PROJECT", raising=False)


@pytest.fixture
def cases(tmp_path: Path) -> Cases:
    root = tmp_path / "project"
    root.mkdir()
    return Cases(root)


@pytest.fixture(scope="session")
def sample_kit() -> Toolkit:
    """The packaged sample, on a day when ua-119-21 is open."""
    now = datetime.fromisoformat("2021-12-01T12:00+00:00")
    return Toolkit(Project(None, Settings()), now, rehearsal=True)


class Ended(NamedTuple):
    """How a run of the command line ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def uasocial(tmp_path: Path):
    """Run the command line as a process of its own, in an empty folder."""

    def run(*args: str, cwd: Path = tmp_path, given: str = "", **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-c", "from uasocial.cli import main; main()", *args],
            cwd=cwd,
            input=given.encode("utf-8", "surrogatepass"),
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def command(capsys, monkeypatch):
    """Run the command line in this process: quicker, where no process is what is tested."""

    def run(*args: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["uasocial", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        status = ended.value.code
        return Ended(status if isinstance(status, int) else 0, *capsys.readouterr())

    return run


@pytest.fixture
def approve(command):
    """Look at what is proposed, and say yes to it with the code of what was shown."""

    def run(*chosen: str, by: str = "Haron Velsi"):
        who = ("--by", by)
        shown = command("approve", *chosen, *who, "--json")
        code = json.loads(shown.out)["code"] if shown.out else ""
        return command("approve", *chosen, *who, "--yes", code) if code else shown

    return run
