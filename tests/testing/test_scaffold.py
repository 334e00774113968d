"""A package that is begun passes the contract, and all that we hold our own code to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from uasocial import scaffold
from uasocial.errors import UasocialError


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of Python's in the package, as its author would."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


# One that uasocial knows no platform of, and one that it does, which counts in its own way.
@pytest.mark.parametrize("name", ["harbour-of-belmara-1", "threads"])
def test_a_package_passes_the_contract_from_the_first_minute(tmp_path, name):
    folder = scaffold.begin(name, tmp_path / "new")
    done = run(folder, "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
    for check in (["ruff", "check", "--no-cache"], ["ruff", "format", "--check", "--no-cache"]):
        done = run(folder, *check)
        assert done.returncode == 0, done.stdout
    done = run(folder, "mypy", "--cache-dir", os.devnull)
    assert done.returncode == 0, done.stdout


def test_the_command_says_what_comes_next(command, tmp_path):
    ended = command("plugins", "new", "harbour", "--into", str(tmp_path))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"{tmp_path / 'uasocial-harbour'} is ready. Next:\n")
    assert "python -m pytest" in ended.out
    assert sorted(one.name for one in tmp_path.iterdir()) == ["uasocial-harbour"]


def test_every_template_is_filled_in(tmp_path):
    folder = scaffold.begin("harbour", tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 8
    for path in files:
        text = f"{path.name} {path.read_text(encoding='utf-8')}"
        assert not any(sign in text for sign in ("{%", "{{", "PACKAGE", "NAME", ".j2")), path


@pytest.mark.parametrize(
    "name",
    ["", "Harbour", "-harbour", "harbour-", "a--b", "1a", "a_b", "../a", "a/b", "a" * 21, "häfen"],
)
def test_what_is_no_name_of_a_package_is_refused(tmp_path, name):
    with pytest.raises(UasocialError, match="is no name of a package"):
        scaffold.begin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_there_already_is_named(tmp_path):
    with pytest.raises(UasocialError, match="pip install uasocial-mastodon"):
        scaffold.begin("mastodon", tmp_path)


def test_a_folder_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "uasocial-harbour").mkdir()
    with pytest.raises(UasocialError, match="is there already"):
        scaffold.begin("harbour", tmp_path)
    assert list(tmp_path.rglob("*")) == [tmp_path / "uasocial-harbour"]


def test_where_it_cannot_be_made_nothing_is_left(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UasocialError, match="cannot be made"):
        scaffold.begin("harbour", tmp_path / "file" / "new")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_breaks_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    def full(*_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(UasocialError, match="No space left"):
        scaffold.begin("harbour", tmp_path)
    assert list(tmp_path.iterdir()) == []
