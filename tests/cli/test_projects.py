"""Which project is worked on, and how a new one is made: whole, or not at all."""

import json

import pytest

from uasocial.settings import find_project


def test_init_makes_a_project_that_works_at_once(uasocial, tmp_path):
    made = uasocial("init", "ours")
    assert made.status == 0
    assert "uasocial --project ours list" in made.out
    names = {path.name for path in (tmp_path / "ours").iterdir()}
    assert names == {"uasocial.toml", "templates", "actions", "schemas"}
    listed = uasocial("list", "--json", cwd=tmp_path / "ours")
    assert [row["id"] for row in json.loads(listed.out)["actions"]] == ["school-in-the-hills"]
    assert uasocial("check", cwd=tmp_path / "ours").status == 0


def test_init_empty_makes_a_project_without_a_case(command, tmp_path):
    assert command("init", str(tmp_path / "new"), "--empty").status == 0
    ended = command("--project", str(tmp_path / "new"), "list")
    assert (ended.status, "There is no action" in ended.out) == (0, True)


def test_init_into_an_empty_folder_is_welcome(command, tmp_path):
    (tmp_path / "new").mkdir()
    assert command("init", str(tmp_path / "new")).status == 0


@pytest.mark.parametrize("what", ["file", "project", "not a folder", "under a file"])
def test_init_refuses_what_is_not_empty_and_leaves_it_as_it_was(command, tmp_path, what):
    folder = tmp_path / "mine"
    if what in ("not a folder", "under a file"):
        folder.write_text("precious")
    else:
        folder.mkdir()
        (folder / ("uasocial.toml" if what == "project" else "a.txt")).write_text("precious")
    before = sorted(tmp_path.rglob("*"))
    ended = command("init", str(folder / "deeper" if what == "under a file" else folder))
    assert (ended.status, len(ended.err.splitlines())) == (1, 1)
    assert sorted(tmp_path.rglob("*")) == before


def test_init_that_fails_midway_leaves_nothing(command, tmp_path, monkeypatch):
    import shutil

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    ended = command("init", str(tmp_path / "new"))
    assert ended.status == 1
    assert ended.err.endswith("new: cannot be made: No space left on device\n")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def three(tmp_path):
    """Make three projects, named one, two and three; two lies in three."""
    roots = {"one": tmp_path / "one", "three": tmp_path / "three"}
    roots["two"] = roots["three"] / "two"
    for root in (roots["one"], roots["three"], roots["two"]):
        root.mkdir()
        (root / "uasocial.toml").write_text("")
    return roots


def test_the_named_project_goes_before_the_environment_s_and_the_nearest(three, monkeypatch):
    monkeypatch.setenv("UASOCIAL_PROJECT", str(three["one"]))
    assert find_project(str(three["two"]), three["three"]).root == three["two"]
    assert find_project(None, three["three"]).root == three["one"]


def test_the_nearest_project_upward_counts(three):
    below = three["two"] / "a" / "b"
    below.mkdir(parents=True)
    assert find_project(None, below).root == three["two"]
    assert find_project(None, three["three"]).root == three["three"]


def test_without_a_project_the_packaged_sample_is_taken(tmp_path):
    project = find_project(None, tmp_path)
    assert project.root is None
    assert (project.actions / "ua-119-21" / "action.yaml").is_file()


def test_the_project_s_time_zone_is_the_publisher_s(cases, command):
    cases.write()
    cases.settings('time_zone = "Pacific/Kiritimati"\n')
    arguments = ("--project", str(cases.root), "list", "--json", "--as-of")
    # In Kiritimati, 14 hours ahead, the 10th has begun; a rehearsal says itself which day it is.
    late = json.loads(command(*arguments, "2026-02-10").out)["actions"][0]
    early = json.loads(command(*arguments, "2026-02-09").out)["actions"][0]
    assert late["state"].startswith("the last day to act was 2026-02-09")
    assert early["state"] == "1 day left"
