"""`uasocial site build`: what it says on a terminal, to a program, and where something is wrong."""

import json
from datetime import date, timedelta

import pytest

from uasocial import languages
from uasocial.site.building import manifest

STOP = "ended: {how: stop, on: 2026-01-19}\n"
AS_OF = ("--as-of", "2026-01-20")


@pytest.fixture
def project(cases, monkeypatch):
    """A project with one open case and one that is over, in the folder that we are in."""
    monkeypatch.chdir(cases.root)
    cases.settings('[site]\nlanguages = ["en"]\nplatforms = ["x"]\n')
    cases.write("gate")
    facts = cases.root / "actions" / "gate" / "action.yaml"
    other = facts.read_text(encoding="utf-8").replace("UA 1/26", "UA 2/26")
    cases.write("other", other + STOP)
    return cases


def test_it_says_what_was_made_and_how_long_it_holds(project, command):
    done = command("site", "build", "public")
    files = len(manifest.decode((project.root / "public" / manifest.NAME).read_bytes()).files)
    pages = len(list((project.root / "public").rglob("*.html")))
    day = languages.day(date.today() + timedelta(days=8), "en")  # noqa: DTZ011 - as the machine has it
    assert done.status == 0
    assert done.out.splitlines() == [
        f"{project.root}: 0 open, 2 closed",
        f"public: {files} files made ({pages} of them pages), 0 kept, 0 removed",
        "Without [site] url or --base: no QR codes, no map for search engines.",
        f"Build it again before {day}, when its pages stop handing out.",
    ]


@pytest.mark.usefixtures("project")
def test_a_second_build_keeps_what_has_not_changed(command):
    command("site", "build", "public", *AS_OF)
    done = command("site", "build", "public", *AS_OF)
    assert "public: 0 files made (0 of them pages), " in done.out
    assert " 0 kept" not in done.out


def test_a_rehearsal_says_so_here_and_on_its_pages(project, command):
    done = command("site", "build", "public", *AS_OF)
    assert "Rehearsal, as of 2026-01-20: nothing here is to be sent.\n" in done.out
    assert ": 1 open, 1 closed\n" in done.out
    assert "Build it again" not in done.out
    page = (project.root / "public/a/gate/en/index.html").read_text(encoding="utf-8")
    command("site", "build", "real")
    real = (project.root / "real/a/gate/en/index.html").read_text(encoding="utf-8")
    assert "Rehearsal" in page
    assert "Rehearsal" not in real


def test_a_look_ahead_lists_what_would_change_and_writes_nothing(project, command):
    ahead = command("site", "build", "public", "--dry-run", *AS_OF)
    assert ahead.status == 0
    assert not (project.root / "public").exists()
    command("site", "build", "public", *AS_OF)
    path = project.root / "actions" / "gate" / "action.yaml"
    path.write_text(path.read_text(encoding="utf-8") + STOP, encoding="utf-8")
    ahead = command("site", "build", "public", "--dry-run", *AS_OF)
    (line,) = (line for line in ahead.out.splitlines() if line.startswith("a/"))
    assert line.split()[:3] == ["a/gate", "6", "files"]
    assert line.endswith("files removed")
    assert "would be made (" in ahead.out


@pytest.mark.usefixtures("project")
def test_a_program_gets_every_path(command):
    said = json.loads(command("site", "build", "public", "--json", *AS_OF).out)
    assert said["schema"] == 1
    assert said["actions"] == {"open": 1, "closed": 1, "hidden": 0}
    assert "a/gate/en/index.html" in said["made"]
    assert (said["kept"], said["removed"], said["rehearsal"]) == (0, [], True)
    again = json.loads(command("site", "build", "public", "--json", *AS_OF).out)
    assert (again["made"], again["kept"]) == ([], len(said["made"]))


def test_what_is_left_out_is_told_on_stderr(project, command):
    project.write("third", "number: [\n")
    done = command("site", "build", "public", *AS_OF)
    assert done.status == 0
    where = "actions/third/action.yaml:2"
    assert done.err == f"left out: third: 1 fault, in {where}: uasocial check third\n"
    assert ": 1 open, 1 closed, 1 not shown\n" in done.out


def test_an_address_without_a_scheme_is_told_with_what_to_write(project, command):
    done = command("site", "build", "public", "--base", "act.example.org/ua")
    assert done.status == 1
    assert done.err == (
        '--base "act.example.org/ua" has no https:// in front: write https://act.example.org/ua\n'
    )
    assert not (project.root / "public").exists()


def test_where_it_will_stand_is_that_of_the_settings_or_that_of_the_line(project, command):
    project.settings('[site]\nurl = "https://act.example.org/ua/"\nlanguages = ["en"]\n')
    out = project.root / "public"
    said = json.loads(command("site", "build", "public", "--json", *AS_OF).out)
    assert said["base"] == "https://act.example.org/ua/"
    assert "https://act.example.org/ua/" in (out / "sitemap.xml").read_text(encoding="utf-8")
    line = ("--base", "https://other.example/")
    said = json.loads(command("site", "build", "public", "--json", *line, *AS_OF).out)
    assert said["base"] == "https://other.example/"
    assert "https://act.example.org" not in (out / "sitemap.xml").read_text(encoding="utf-8")
    said = json.loads(command("site", "build", "public", "--json", "--base", "", *AS_OF).out)
    assert said["base"] == ""
    assert not (out / "sitemap.xml").exists()


@pytest.mark.usefixtures("project")
def test_an_error_is_one_line(command):
    done = command("site", "build", "actions")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "actions: is in actions/ of the project, which is read: name another, such as public\n"
    )


def test_a_plugin_that_is_out_of_service_is_told(project, command):
    (project.root / "plugins").mkdir()
    (project.root / "plugins" / "ours.py").write_text("pass\n", encoding="utf-8")
    done = command("site", "build", "public", *AS_OF)
    assert "plugin ours: is not trusted on this machine" in done.err


def test_the_help_has_an_example(command):
    done = command("site", "build", "--help")
    assert "uasocial site build public --base https://act.example.org/ua --dry-run" in done.out


def test_the_sample_is_built_only_to_look_at_it(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = command("site", "build", "public")
    assert done.status == 1
    assert "there is no project here" in done.err
    assert not (tmp_path / "public").exists()
    assert command("site", "build", "public", "--as-of", "2021-12-01").status == 0


def test_an_unknown_platform_is_told_with_the_file_of_settings(command, cases):
    cases.write()
    cases.settings('[site]\nplatforms = ["blusky"]')
    done = command("--project", str(cases.root), "site", "build", str(cases.root / "public"))
    assert done.status == 1
    assert f"{cases.root / 'uasocial.toml'}: site: platforms: no platform 'blusky'" in done.err
    assert "did you mean 'bluesky'?" in done.err


def test_a_case_that_is_broken_is_told_and_the_end_of_another_gets_through(command, cases):
    gate = cases.write("gate")
    text = (gate / "action.yaml").read_text(encoding="utf-8")
    other = cases.write("other", text.replace("UA 1/26", "UA 2/26"))
    run = ("--project", str(cases.root), "site", "build", str(cases.root / "public"))
    assert command(*run).status == 0
    for folder, more in ((gate, "ended: {how: stop, on: 2026-01-15}\n"), (other, "")):
        facts = folder / "action.yaml"
        facts.write_text(facts.read_text(encoding="utf-8") + more, encoding="utf-8")
    words = other / "en.yaml"
    words.write_text(words.read_text(encoding="utf-8") + "alt: {door: A door.}\n", encoding="utf-8")
    done = command(*run)
    assert done.status == 1
    assert "not available now, mend it: " in done.err
    assert "en.yaml:" in done.err
    page = (cases.root / "public" / "a" / "gate" / "en" / "index.html").read_text(encoding="utf-8")
    assert "This action was stopped" in page
