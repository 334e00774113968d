"""A single file runs only after a person has trusted its bytes on this machine."""

import pytest

PLUGIN = """\
from uasocial.model import Problem
from uasocial.plugins import hookimpl
import pathlib
pathlib.Path(__file__).with_name("ran").touch()

@hookimpl
def check_draft(draft):
    yield Problem("P001", "was seen by the file", error=False)
"""


@pytest.fixture
def file(cases, tmp_path, monkeypatch):
    """A plugin file in a project, and a configuration of our own."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("UASOCIAL_PROJECT", str(cases.root))
    cases.write()
    folder = cases.root / "plugins"
    folder.mkdir()
    path = folder / "seen.py"
    path.write_text(PLUGIN)
    return path


def codes(cases):
    return [problem.code for problem in cases.draft("x").problems]


def ran(file):
    return file.with_name("ran").exists()


def test_an_untrusted_file_is_listed_with_what_to_do_and_does_not_run(cases, file, command):
    assert codes(cases) == []
    listed = command("plugins")
    assert f"uasocial plugins trust {file}" in listed.out
    assert not ran(file)


def test_a_trusted_file_runs(cases, file, command):
    assert command("plugins", "trust", str(file)).status == 0
    assert codes(cases) == ["P001"]
    assert ran(file)
    lines = command("plugins").out.splitlines()
    assert next(line for line in lines if line.startswith("seen")).endswith("ok")


def test_a_file_that_changed_since_does_not_run(cases, file, command):
    command("plugins", "trust", str(file))
    file.write_text(PLUGIN + "# a new line\n")
    assert codes(cases) == []
    assert not ran(file)
    assert "has changed since it was trusted" in command("plugins").out
    command("plugins", "trust", str(file))
    assert codes(cases) == ["P001"]


def test_trust_can_be_taken_back(cases, file, command):
    command("plugins", "trust", str(file))
    assert command("plugins", "distrust", str(file)).status == 0
    assert codes(cases) == []
    assert not ran(file)
    again = command("plugins", "distrust", str(file))
    assert (again.status, len(again.err.splitlines())) == (1, 1)


def test_a_trusted_file_that_is_gone_is_listed_and_hurts_nobody(cases, file, command):
    command("plugins", "trust", str(file))
    file.unlink()
    assert codes(cases) == []
    assert "cannot be read" in command("plugins").out


def test_a_broken_list_of_trust_is_told_and_trusts_nothing(cases, file, tmp_path, command):
    command("plugins", "trust", str(file))
    (tmp_path / "config" / "trusted.json").write_text("[")
    assert codes(cases) == []
    assert not ran(file)
    assert "trust your files anew" in command("plugins").out


@pytest.mark.parametrize("name", ["not-there.py", "seen.txt"])
def test_only_a_python_file_that_is_there_can_be_trusted(file, command, name):
    file.with_name("seen.txt").write_text("x")
    ended = command("plugins", "trust", str(file.with_name(name)))
    assert (ended.status, len(ended.err.splitlines())) == (1, 1)


@pytest.mark.usefixtures("file")
def test_a_case_folder_runs_no_code(cases):
    (cases.root / "actions" / "gate" / "evil.py").write_text(PLUGIN)
    (cases.root / "conftest.py").write_text(PLUGIN)
    assert codes(cases) == []
    assert not list(cases.root.rglob("ran"))
