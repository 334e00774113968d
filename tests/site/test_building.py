"""A site as a folder: whole at any moment, made of what has changed, and of nothing hidden."""

import io
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from tests.site.gates import Watched

from uasocial.errors import UasocialError
from uasocial.settings import find_project
from uasocial.site.building import Built, aside, build, manifest
from uasocial.site.building.aside import beside
from uasocial.site.contents import Site
from uasocial.site.resource import Resource
from uasocial.toolkit import Toolkit

NOW = "2026-01-20T12:00+00:00"
PERSON = "Samar Belkori"
FACTS = """\
number: {number}
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
link: {{en: "https://example.org/1/en"}}
people:
  - name: Samar Belkori
    consents:
      - {{use: name, given_on: 2026-01-11}}
      - {{use: photo, given_on: 2026-01-11}}
      - {{use: social-media, given_on: 2026-01-11}}
targets:
  - {{id: minister, office: {{en: Minister of Gates}}, country: PE, emails: [m@gates.example]}}
"""
WORDS = """\
title: Open the gate for Samar Belkori
lead: Samar Belkori stands before a closed gate.
body: [Samar Belkori asked why.]
demands: [Open the gate]
letter: {salutation: "Dear Minister,", paragraphs: [Unbar it for Samar Belkori.], closing: "Yours,"}
posts: [{id: gate, template: "Unbar it for Samar Belkori! {{ action | link }}"}]
"""
STOP = "ended: {how: stop, on: 2026-01-19}\n"
WITHDRAWN = "ended: {how: withdrawn, on: 2026-01-19}\n"


class Project:
    """A project with cases, and the site that is built of it again and again."""

    def __init__(self, cases) -> None:
        self.cases = cases
        self.root = cases.root
        self.out = cases.root / "public"
        self.settings()
        self.number = 0

    def settings(self, more: str = "") -> None:
        self.cases.settings(f'[site]\nlanguages = ["en"]\nplatforms = ["x"]\n{more}')

    def write(self, name: str = "gate", more: str = "", **words: str) -> Path:
        self.number += 1
        facts = FACTS.format(number=f"UA {self.number}/26")
        return self.cases.write(name, facts + more, **(words or {"en": WORDS}))

    def add(self, text: str, name: str = "gate", file: str = "action.yaml") -> None:
        path = self.root / "actions" / name / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def picture(self, name: str = "gate") -> Path:
        path = self.root / "actions" / name / "media" / "door.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 40), "green").save(path)
        return path

    def site(self, now: str = NOW, base: str = "", **options: object) -> Watched:
        moment = datetime.fromisoformat(now)
        return Watched(Toolkit(find_project(str(self.root)), moment, **options), base)

    def build(self, now: str = NOW, **options: object):
        return build(self.site(now), self.out, **options)

    def page(self, name: str = "gate") -> str:
        return (self.out / "a" / name / "en" / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def project(cases) -> Project:
    return Project(cases)


def files(folder: Path) -> dict[str, Path]:
    return {str(one.relative_to(folder)): one for one in folder.rglob("*") if one.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files(folder).items()}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return which file on the disk each is, and when it was written."""
    found = {name: path.stat() for name, path in files(folder).items()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def everything(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files, and of what is in each pack."""
    found = contents(folder)
    for name in [name for name in found if name.endswith(".zip")]:
        with zipfile.ZipFile(io.BytesIO(found[name])) as archive:
            found |= {f"{name}/{one}": archive.read(one) for one in archive.namelist()}
    return found


def holding(folder: Path, text: str) -> list[str]:
    """List the files that hold a text, in whatever writing of it, or its name."""
    forms = {text, text.lower(), text.replace(" ", "%20"), text.replace(" ", "+")}
    forms |= set(text.split())
    return [
        name
        for name, data in everything(folder).items()
        if any(form.encode() in data or form in name for form in forms)
    ]


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}


def read_manifest(out: Path) -> manifest.Manifest:
    return manifest.decode((out / manifest.NAME).read_bytes())


# --- what is there ---------------------------------------------------------------------------


def test_a_site_lists_all_its_files_by_what_is_in_them(project):
    project.write()
    built = project.build()
    listed = read_manifest(project.out).files
    assert set(listed) == set(contents(project.out)) - {manifest.NAME}
    assert set(built.made) == set(listed)
    assert {"index.html", "a/gate/en/index.html", "a/gate/en/pack.zip"} - set(listed) == {
        "a/gate/en/pack.zip"
    }
    assert (built.open, built.closed, built.hidden) == (1, 0, 0)
    assert built.pages == sum(name.endswith(".html") for name in listed)


def test_nothing_is_left_beside_a_site(project):
    project.write()
    before = set(project.root.iterdir())
    project.build()
    assert set(project.root.iterdir()) - before == {project.out}


def test_a_look_ahead_tells_the_same_and_writes_nothing(project):
    project.write()
    ahead = project.build(dry_run=True)
    assert not project.out.exists()
    assert project.build() == ahead
    project.write("other")
    before = stamps(project.out)
    ahead = project.build(dry_run=True)
    assert stamps(project.out) == before
    assert project.build() == ahead


def test_the_permissions_of_the_folder_stay(project):
    project.write()
    project.build()
    project.out.chmod(0o2750)
    project.write("other")
    project.build()
    assert project.out.stat().st_mode & 0o7777 == 0o2750


def test_each_step_is_told_and_the_last_is_the_end(project):
    project.write()
    project.write("other")
    steps: list[tuple[int, int]] = []
    project.build(step=lambda done, of: steps.append((done, of)))
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


# --- only what has changed -------------------------------------------------------------------


def test_a_build_without_a_change_touches_nothing_and_reads_no_case(project):
    project.write()
    project.write("other", STOP)
    project.build()
    before, folder = stamps(project.out), project.out.stat()
    site = project.site("2026-01-20T13:00+00:00")
    built = build(site, project.out)
    assert stamps(project.out) == before
    assert (project.out.stat().st_ino, project.out.stat().st_mtime_ns) == (
        folder.st_ino,
        folder.st_mtime_ns,
    )
    assert site.looked == site.made == []
    assert (built.made, built.removed, built.kept) == ((), (), len(before) - 1)


def test_a_change_of_one_case_touches_its_files_and_those_of_all(project):
    project.write("gate")
    project.write("other")
    project.build()
    before = stamps(project.out)
    project.add("update: The gate was seen.\n", file="en.yaml")
    site = project.site()
    built = build(site, project.out)
    assert site.looked == site.made == ["gate"]
    touched = changed(before, stamps(project.out))
    assert touched == {*built.made, manifest.NAME}
    assert not [name for name in touched if name.startswith(("a/other/", "static/"))]
    assert {"a/gate/en/index.html", "a/gate/action.json", "a/gate/pack.zip"} <= touched


@pytest.fixture
def lists(project):
    """A site of 52 cases that end on one day, of which two stand on second pages; few files."""
    for number in range(1, 53):
        project.write(f"gate-{number:02}", en=f"title: Open gate {number}\nlead: Now.\n")

    def run(now: str = NOW) -> tuple[Built, list[str]]:
        site = project.site(now)
        rendered: list[str] = []
        render = site.pages.render
        site.pages.render = lambda name, **values: (
            rendered.append(values["at"]) or render(name, **values)
        )
        site.of_case = lambda card, _: [
            Resource(f"a/{card.id}/index.html", lambda: str(card).encode())
        ]
        return build(site, project.out), rendered

    run()
    return run


LISTS = ("", "country/pe/", "language/en/", "until/2026-02/")
SECOND = {f"en/{one}page/2/index.html" for one in LISTS}


def test_after_one_changed_title_only_the_list_pages_that_show_it_are_made(project, lists):
    before = stamps(project.out)
    path = project.root / "actions" / "gate-51" / "en.yaml"
    path.write_text("title: Unbar gate 51\nlead: Now.\n", encoding="utf-8")
    built, rendered = lists()
    assert {*rendered} - {"404.html"} == SECOND
    touched = changed(before, stamps(project.out))
    assert touched == {*built.made, manifest.NAME}
    news = {"en/feed.atom", "en/feed.json", "en/deadlines.ics"}
    assert touched - news == SECOND | {"a/gate-51/index.html", manifest.NAME}
    assert "Unbar gate 51" in (project.out / "en/page/2/index.html").read_text(encoding="utf-8")


def test_without_a_change_no_list_is_made(lists):
    built, rendered = lists()
    assert built.made == ()
    assert {*rendered} == {"404.html"}


def test_a_list_page_that_was_edited_is_made_anew_alone(project, lists):
    page = project.out / "en/page/2/index.html"
    page.write_text("<p>Send money", encoding="utf-8")
    built, rendered = lists()
    assert built.made == ("en/page/2/index.html",)
    assert {*rendered} - {"404.html"} == {*built.made}


def test_a_page_that_nothing_stands_on_any_more_is_gone(project, lists):
    for number in (3, 51):
        shutil.rmtree(project.root / "actions" / f"gate-{number:02}")
    built, _ = lists()
    assert {*built.removed} >= SECOND
    assert not (project.out / "en/page").exists()
    page = (project.out / "en/index.html").read_text(encoding="utf-8")
    assert page.count('class="card"') == 50
    assert "Open gate 52" in page


def test_a_new_case_shifts_the_others_to_the_next_page(project, lists):
    project.write("gate-00", en="title: Open gate 0\nlead: Now.\n")
    lists()
    first, second = (
        (project.out / f"en/{more}index.html").read_text(encoding="utf-8")
        for more in ("", "page/2/")
    )
    assert "Open gate 0<" in first
    assert "Open gate 50<" not in first
    assert [f"Open gate {n}<" in second for n in (49, 50, 51, 52)] == [False, True, True, True]


def test_the_next_day_lists_count_the_days_anew(lists):
    built, _ = lists("2026-01-21T12:00+00:00")
    assert {*built.made} > SECOND | {"en/index.html"}
    assert not [path for path in built.made if "/archive/" in path]


def test_what_comes_to_the_same_stays_the_very_file(project):
    project.write()
    project.build()
    before = stamps(project.out)
    project.add("# A remark that no page shows.\n")
    site = project.site()
    build(site, project.out)
    assert site.made == ["gate"]
    assert changed(before, stamps(project.out)) == {manifest.NAME}


def test_a_picture_that_changes_changes_its_case(project):
    project.write(en=WORDS + "alt: {door: A green door}\n")
    path = project.picture()
    project.build()
    before = stamps(project.out)
    Image.new("RGB", (40, 40), "red").save(path)
    project.build()
    assert {"a/gate/media/1.png", "a/gate/pack.zip"} <= changed(before, stamps(project.out))


def test_an_older_version_of_a_case_is_none_of_its_files(project):
    folder = project.write()
    project.build()
    (folder / "versions" / "1").mkdir(parents=True)
    (folder / "versions" / "1" / "action.yaml").write_text("old", encoding="utf-8")
    site = project.site()
    build(site, project.out)
    assert site.looked == []


@pytest.mark.parametrize("what", ["day", "settings", "template", "own", "plugin", "base"])
def test_where_all_depends_on_it_all_is_made_anew(project, what):
    project.write()
    project.build()
    if what == "settings":
        project.settings('name = "Acting"\n')
    elif what == "template":
        project.cases.template("en/appeal.j2", "Act!\n")
    elif what in ("own", "plugin"):
        folder = project.root / {"own": "site", "plugin": "plugins"}[what]
        folder.mkdir()
        name = {"own": "extra.css", "plugin": "ours.py"}[what]
        (folder / name).write_text("p {}" if what == "own" else "pass\n", encoding="utf-8")
    now = "2026-01-21T12:00+00:00" if what == "day" else NOW
    site = project.site(now, "https://act.example.org/" if what == "base" else "")
    site.of_case = lambda card, *_: site.made.append(card.id) or []
    build(site, project.out)
    assert site.looked == site.made == ["gate"]


def test_a_page_follows_what_it_links_to(project):
    project.write("gate", "superseded_by: UA 2/26\n")
    project.write("other")
    project.build()
    project.add("\n", "other", "en.yaml")
    path = project.root / "actions" / "other" / "en.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Open the", "Unlock the", 1))
    site = project.site()
    build(site, project.out)
    assert sorted(site.made) == ["gate", "other"]
    assert "Unlock the gate for" in project.page()


def test_a_file_that_was_edited_or_taken_away_is_made_anew(project):
    project.write()
    project.write("other")
    project.build()
    good = contents(project.out)
    (project.out / "a/gate/en/index.html").write_text("<p>Send money", encoding="utf-8")
    (project.out / "a/gate/en/share.png").unlink()
    (project.out / "en/index.html").write_text("<p>Send money", encoding="utf-8")
    site = project.site()
    built = build(site, project.out)
    assert contents(project.out) == good
    assert site.made == ["gate"]
    assert set(built.made) == {"a/gate/en/index.html", "a/gate/en/share.png", "en/index.html"}


def test_a_link_in_the_place_of_a_file_is_a_file_again(project, tmp_path):
    project.write()
    project.build()
    good = contents(project.out)
    page = project.out / "a/gate/en/index.html"
    (tmp_path / "kept.html").write_bytes(page.read_bytes())
    page.unlink()
    page.symlink_to(tmp_path / "kept.html")
    project.build()
    assert not page.is_symlink()
    assert contents(project.out) == good


def test_where_a_disk_knows_no_links_a_file_is_copied_with_its_time(project, monkeypatch):
    project.write()
    project.write("other")
    project.build()
    before = {name: time for name, (_, time) in stamps(project.out).items()}

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    project.add(STOP)
    built = project.build()
    after = {name: time for name, (_, time) in stamps(project.out).items()}
    assert built.kept > 0
    assert changed(before, after) == {*built.made, *built.removed, manifest.NAME}


# --- what may be shown -----------------------------------------------------------------------


def test_a_stop_takes_texts_letters_and_pack_away(project):
    project.write()
    project.build()
    assert "Unbar it for Samar Belkori!" in project.page()
    project.add(STOP)
    built = project.build()
    assert holding(project.out, "Unbar") == []
    assert "a/gate/pack.zip" in built.removed
    assert not list((project.out / "a/gate").rglob("letter-*"))
    assert (built.open, built.closed) == (0, 1)


def test_a_withdrawal_leaves_no_byte_of_the_name_in_any_file(project):
    project.write(en=WORDS + f"alt: {{door: {PERSON} at her door}}\n")
    project.picture()
    project.build()
    assert len(holding(project.out, PERSON)) > 5
    project.add(WITHDRAWN)
    project.build()
    assert holding(project.out, PERSON) == []
    assert not list((project.out / "a/gate").rglob("*.png"))
    assert "withdrawn" in project.page()


def test_of_a_withdrawn_case_no_digest_of_its_words_is_written_down(project):
    project.write(more=WITHDRAWN)
    project.build()
    known = read_manifest(project.out).cases["gate"]
    assert (known.signature, known.neighbours, known.until, known.card.words) == ("", "", None, {})


def test_a_case_that_is_taken_away_is_gone_from_the_site(project):
    folder = project.write()
    project.write("other")
    project.build()
    shutil.rmtree(folder)
    built = project.build()
    assert not (project.out / "a/gate").exists()
    assert holding(project.out, "a/gate/") == []
    assert all(name.startswith("a/gate/") for name in built.removed if name.startswith("a/"))


def test_an_embargo_that_passes_is_noticed_without_a_change_of_a_file(project):
    project.write("gate", "embargo: 2026-01-20T13:00+00:00\n")
    built = project.build()
    assert built.hidden == 1
    # Nobody is to learn that there is one.
    assert holding(project.out, "gate") == []
    assert "gate" not in (project.out / manifest.NAME).read_text(encoding="utf-8")
    built = project.build("2026-01-20T13:00+00:00")
    assert (built.open, built.hidden) == (1, 0)
    assert PERSON in project.page()


def test_a_last_day_that_passes_is_noticed_without_a_change_of_a_file(project):
    # The publisher is in London, where it is still the last day when it has ended in the East.
    project.settings()
    project.write(more="time_zone: Asia/Tokyo\n")
    project.write("other")
    project.build("2026-02-09T12:00+00:00")
    assert "pack.zip" in project.page()
    site = project.site("2026-02-09T15:30+00:00")
    build(site, project.out)
    assert site.made == ["gate"]
    assert "pack.zip" not in project.page()
    assert "pack.zip" in project.page("other")


def test_a_case_that_cannot_be_read_says_so_and_keeps_no_stop_back(project):
    project.write()
    project.write("other")
    project.build()
    first = project.page("other")
    project.add("deadline: never\n")
    project.add(STOP, "other")
    built = project.build()
    assert [line.split(":")[0] for line in built.left_out] == ["gate"]
    assert "not available at present" in project.page()
    assert PERSON not in (project.out / "a/gate/en/index.html").read_text(encoding="utf-8")
    assert "Unbar" in first
    assert "Unbar" not in project.page("other")


def test_of_a_case_that_was_never_public_and_cannot_be_read_not_even_its_name_is_told(project):
    project.write()
    project.build()
    project.write("samar-belkori", "deadline: never\n")
    built = project.build()
    assert built.hidden == 1
    assert [line.split(":")[0] for line in built.left_out] == ["samar-belkori"]
    assert holding(project.out, "samar-belkori") == []


def test_what_is_left_out_and_why_stands_in_no_file_of_the_site(project):
    project.write("gate", "do_not_post: [Harbour]\n", en=WORDS, de="title: Harbour\nlead: Dort.\n")
    first, second = project.build(), project.build()
    assert any("Harbour" in line for line in first.left_out)
    assert holding(project.out, "Harbour") == []
    assert second.left_out == (
        f"gate: {_parts(len(first.left_out))} left out, as at the last build: uasocial check gate",
    )


def _parts(count: int) -> str:
    return "1 part is" if count == 1 else f"{count} parts are"


# --- bad input -------------------------------------------------------------------------------


@pytest.fixture
def fails(project):
    """Want one line of an error, and the site that stands whole."""

    def check(match: str, **options: object) -> str:
        before = stamps(project.out)
        beside_it = set(project.root.iterdir())
        with pytest.raises(UasocialError, match=match) as raised:
            project.build(**options)
        assert stamps(project.out) == before
        assert set(project.root.iterdir()) == beside_it
        assert "\n" not in str(raised.value)
        return str(raised.value)

    return check


def test_two_folders_that_differ_in_capitals_alone_are_told(project, fails):
    project.write("gate")
    project.build()
    project.write("Gate")
    fails("Gate and gate are one folder")


def test_two_cases_of_one_number_are_told_with_file_and_line(project, fails):
    project.write("gate")
    project.build()
    project.number = 0
    project.write("other")
    said = fails("states the number UA 1/26, as")
    assert "other/action.yaml:1: states" in said
    assert "gate/action.yaml:1 does" in said


def test_a_broken_picture_is_told_and_all_stays(project, fails):
    project.write(en=WORDS + "alt: {door: A door}\n")
    picture = project.picture()
    project.build()
    picture.write_bytes(b"no picture")
    project.write("other")
    fails("door.png")


def test_an_alt_text_without_its_picture_is_told_and_all_stays(project, fails):
    project.write(en=WORDS)
    project.build()
    project.add("alt: {door: A door}\n", file="en.yaml")
    fails("there is no picture media/door")


def test_a_wrong_template_is_told_and_all_stays(project, fails):
    project.write()
    project.build()
    (project.root / "site").mkdir()
    (project.root / "site" / "case.html.j2").write_text("{{ nothing }}", encoding="utf-8")
    fails("case.html.j2")


def test_whatever_a_page_raises_is_one_line(project):
    project.write()
    site = project.site()
    site.of_case = lambda *_: [Resource("a/gate/x.txt", lambda: 1 / 0)]
    with pytest.raises(UasocialError, match=r"a/gate/x\.txt: cannot be made: ZeroDivision"):
        build(site, project.out)
    assert not project.out.exists()


def test_a_case_that_changes_while_it_is_made_is_not_mixed(project):
    project.write()
    site = project.site()
    site.own_assets.resources()

    def of_case(card, neighbours=()):
        project.add(WITHDRAWN)
        return Site.of_case(site, card, neighbours)

    site.of_case = of_case
    with pytest.raises(UasocialError, match="was changed while the site was made"):
        build(site, project.out)
    assert not project.out.exists()


def test_a_full_disk_is_told_and_all_stays(project):
    project.write()
    project.build()
    before = stamps(project.out)
    project.write("other")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"
    done = _run(_BUILD.format(break_=limit), project)
    assert (done.returncode, done.stderr) == (1, f"{project.out}: cannot be made: File too large\n")
    assert stamps(project.out) == before
    assert not list(project.root.glob(".uasocial-*"))


def test_a_project_whose_actions_are_away_makes_no_empty_site(project, fails):
    project.write()
    project.build()
    (project.root / "actions").rename(project.root / "away")
    fails("is no folder, and actions stand there")


@pytest.mark.parametrize("name", ["con", "a#b", "50%", "a?b", "a\nb", "nul.txt", "end."])
def test_a_folder_whose_name_is_no_address_is_left_out_with_its_reason(project, name):
    project.write("gate")
    project.write(name)
    built = project.build()
    assert (built.open, built.hidden) == (1, 1)
    assert len(built.left_out) == 1
    assert "the name of its folder" in built.left_out[0]
    assert [one.name for one in (project.out / "a").iterdir()] == ["gate"]


@pytest.mark.parametrize("what", ["media/door.png", "en.yaml"])
def test_a_link_out_of_the_project_is_not_followed(project, tmp_path, what):
    project.write(en=WORDS + "alt: {door: A door}\n")
    project.picture()
    project.build()
    path = project.root / "actions" / "gate" / what
    outside = tmp_path / path.name
    path.rename(outside)
    path.symlink_to(outside)
    built = project.build()
    assert built.left_out == (f"gate: {what} leads out of the project: put the file itself there",)
    assert "not available at present" in project.page()
    assert not (project.out / "a/gate/media").exists()


def test_a_link_within_the_project_is_followed(project):
    project.write(en=WORDS + "alt: {door: A door}\n")
    picture = project.picture()
    picture.rename(project.root / "door.png")
    picture.symlink_to("../../../door.png")
    assert project.build().left_out == ()
    assert (project.out / "a/gate/media/1.png").is_file()


def test_two_files_that_would_be_one_on_some_disk_are_told(project):
    project.write()
    site = project.site()
    site.of_all = lambda _: [Resource("A/x", bytes), Resource("a/X", bytes)]
    with pytest.raises(UasocialError, match="a/X and A/x would be one file"):
        build(site, project.out)


# --- where it may stand ----------------------------------------------------------------------


def refused(project: Project, out: Path, match: str) -> None:
    project.out = out
    with pytest.raises(UasocialError, match=match) as raised:
        project.build()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["actions", "templates", "plugins", "site", "actions/gate/site"])
def test_a_site_does_not_stand_where_the_project_is_read(project, name):
    project.write()
    refused(project, project.root / name, "is in .* of the project, which is read")


def test_a_site_does_not_stand_where_the_project_does(project):
    project.write()
    refused(project, project.root, "holds the project")
    refused(project, project.root.parent, "holds the project")
    refused(project, project.root / "public" / "..", "holds the project")
    refused(project, Path("/"), "is where a disk is mounted")


def test_the_folder_that_somebody_is_in_is_not_exchanged(project, monkeypatch):
    project.write()
    project.build()
    monkeypatch.chdir(project.out / "en")
    for out in (Path(".."), project.out):
        refused(project, out, "is the folder that you are in")


def test_a_file_and_a_link_that_leads_nowhere_are_no_place(project, tmp_path):
    project.write()
    (tmp_path / "file").write_text("text", encoding="utf-8")
    refused(project, tmp_path / "file", "is no folder")
    refused(project, tmp_path / "file" / "site", "cannot be made: Not a directory")
    (tmp_path / "link").symlink_to("nowhere")
    refused(project, tmp_path / "link", "is a link that leads nowhere")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "text"


def test_a_link_to_a_folder_is_followed_and_stays(project, tmp_path):
    project.write()
    (tmp_path / "real").mkdir()
    project.out = tmp_path / "link"
    project.out.symlink_to("real")
    project.build()
    assert project.out.is_symlink()
    assert (tmp_path / "real" / "index.html").is_file()


def test_a_folder_with_something_else_is_refused_and_stays(project):
    project.write()
    for name in ("one.txt", "two.txt", "deep/three.txt", "four.txt"):
        path = project.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    refused(project, project.out, r"\(deep/three\.txt, four\.txt, one\.txt and 1 more\)")
    assert len(contents(project.out)) == 4


def test_what_somebody_put_into_a_site_is_told_and_not_taken_away(project, fails):
    project.write()
    project.build()
    (project.out / "en" / "mine.html").write_text("mine", encoding="utf-8")
    fails(r"holds something else than a site \(en/mine\.html\): take that out of it")


def test_what_systems_leave_in_a_folder_is_in_nobodys_way(project):
    project.write()
    project.build()
    for name in ("en/.DS_Store", "a/Thumbs.db", "a/gate/._index.html"):
        (project.out / name).write_bytes(b"")
    project.add(STOP)
    project.build()
    assert not (project.out / "en/.DS_Store").exists()


def test_what_hosts_and_repositories_need_stays_at_the_top(project):
    project.write()
    own = {
        ".git/config": b"[core]",
        ".git/objects/ab": b"object",
        ".nojekyll": b"",
        ".well-known/security.txt": b"Contact: us",
        "CNAME": b"act.example.org",
        "_headers": b"/*",
        ".domains": b"act.example.org",
    }
    for name, data in own.items():
        (project.out / name).parent.mkdir(parents=True, exist_ok=True)
        (project.out / name).write_bytes(data)
    (project.out / ".link").symlink_to("CNAME")
    before = stamps(project.out)
    project.build()
    project.add(STOP)
    project.build()
    after = stamps(project.out)
    assert {name: after[name] for name in before} == before
    assert (project.out / ".link").readlink() == Path("CNAME")
    assert "stopped" in project.page()


def test_a_list_that_is_broken_is_no_reason_to_take_anything_away(project, fails):
    project.write()
    project.build()
    (project.out / manifest.NAME).write_bytes(b'{"format": 1, "files"')
    fails("cannot be read, so that nobody knows whether this is a site of ours: move the folder")


def test_a_site_of_another_version_is_known_and_made_anew(project):
    project.write()
    project.build()
    path = project.out / manifest.NAME
    listed = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({"format": 0, "files": listed["files"], "new": [1]}))
    site = project.site()
    built = build(site, project.out)
    assert site.made == ["gate"]
    assert built.made == ()
    assert read_manifest(project.out).cases["gate"].signature


def test_a_list_that_names_files_elsewhere_reaches_none_of_them(project, tmp_path):
    project.write()
    project.build()
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    path = project.out / manifest.NAME
    listed = msgspec.json.decode(path.read_bytes())
    for name in ("../../mine.txt", str(tmp_path / "mine.txt")):
        listed["files"][name] = "0" * 64
        listed["cases"]["gate"]["files"].append(name)
    path.write_bytes(msgspec.json.encode(listed))
    built = project.build()
    assert built.removed == ()
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert len(read_manifest(project.out).files) == len(listed["files"]) - 2


# --- interruptions ---------------------------------------------------------------------------

_BUILD = """
from pathlib import Path
import os, signal, sys
from datetime import datetime
from tests.site.gates import Watched
from uasocial.errors import UasocialError
from uasocial.settings import find_project
from uasocial.site import building
from uasocial.site.building import aside, gathering, output, previous
from uasocial.site.contents import Site
from uasocial.toolkit import Toolkit

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def before(place, name):
    known = getattr(place, name)
    setattr(place, name, die)

def after(place, name):
    known = getattr(place, name)
    def call(*given, **named):
        known(*given, **named)
        die()
    setattr(place, name, call)

def no_exchange():
    aside.exchange = lambda *_: False

def second(place, name):
    known, calls = getattr(place, name), []
    def call(*given, **named):
        calls.append(1)
        return die() if len(calls) == 2 else known(*given, **named)
    setattr(place, name, call)

{break_}
root, out = map(Path, sys.argv[1:])
kit = Toolkit(find_project(str(root)), datetime.fromisoformat("2026-01-20T12:00+00:00"))
try:
    building.build(Site(kit), out)
except UasocialError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


def _run(code: str, project: Project) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code, str(project.root), str(project.out)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )


POINTS = {
    "before anything is made": "before(aside.Aside, 'begin')",
    "when the first file is written": "after(output.Output, '_write')",
    "when all files are written": "after(output.Output, 'finish')",
    "before it is put into its place": "before(aside.Aside, 'put')",
    "when the two have changed places": "second(aside.Aside, 'mend')",
    "while the old one is cleared": "before(aside, '_clear')",
    "before the repository is back": "before(aside.Aside, '_bring_back')",
    "when it is out of its place": "no_exchange(); after(Path, 'rename')",
    "before it is out of its place": "no_exchange(); before(Path, 'rename')",
    "when it is in its place, in two steps": "no_exchange(); second(aside.Aside, 'mend')",
    "while the old one is cleared, in two steps": "no_exchange(); before(aside, '_clear')",
}


@pytest.mark.parametrize("point", POINTS)
def test_whoever_is_killed_leaves_a_whole_site_and_the_next_build_mends(project, point):
    project.write()
    project.out.mkdir()
    (project.out / ".git").mkdir()
    (project.out / ".git" / "config").write_text("[core]", encoding="utf-8")
    project.build()
    old = contents(project.out)
    project.add(STOP)
    done = _run(_BUILD.format(break_=POINTS[point]), project)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")

    left = contents(project.out) if project.out.exists() else {}
    site = {name: data for name, data in left.items() if not name.startswith(".git/")}
    was = {name: data for name, data in old.items() if not name.startswith(".git/")}
    stopped = "stopped" in site.get("a/gate/en/index.html", b"").decode()
    if point == "when it is out of its place":
        assert site == {}
    else:
        assert stopped or site == was
        assert not stopped or set(site) == {*read_manifest(project.out).files, manifest.NAME}

    project.build()
    assert "stopped" in project.page()
    assert set(contents(project.out)) == {
        *read_manifest(project.out).files, manifest.NAME, ".git/config"
    }  # fmt: skip
    assert not list(project.root.glob(".uasocial-*"))


_STEPS = """
import os, shutil, signal, sys
from datetime import datetime
from pathlib import Path
from uasocial.settings import find_project
from uasocial.site import building
from uasocial.site.building import aside, manifest, previous
from uasocial.site.contents import Site
from uasocial.site.resource import Resource
from uasocial.toolkit import Toolkit

root, out, way = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
facts = root / "actions" / "gate" / "action.yaml"
open_facts = facts.read_text(encoding="utf-8")
if way == "in two steps":
    aside.exchange = lambda *_: False

class Small(Site):
    def of_case(self, card, neighbours=()):
        return [Resource(f"a/gate/{n}.html", card.state.encode) for n in "ab"]
    def of_all(self, everyone):
        return [Resource("index.html", everyone[0].state.encode)]
    def assets(self):
        return []

def build():
    kit = Toolkit(find_project(str(root)), datetime.fromisoformat("2026-01-20T12:00+00:00"))
    building.build(Small(kit), out)

def states():
    return {path.read_text() for path in out.rglob("*.html")}

ACTS = {"os.rename", "os.mkdir", "os.link", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}
left = 0
def hook(event, given):
    global left
    writes = event == "open" and isinstance(given[1], str) and "w" in given[1]
    if left and (event in ACTS or writes):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

(out / ".git").mkdir(parents=True)
(out / ".git" / "config").write_text("[core]")
sys.addaudithook(hook)
build()
for step in range(1, 1000):
    facts.write_text(open_facts + "ended: {how: stop, on: 2026-01-19}\\n", encoding="utf-8")
    child = os.fork()
    if not child:
        left = step
        build()
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL), ended
    there = out / "index.html"
    if there.exists():
        assert states() in ({"open"}, {"stopped"}), states()
        one = previous.Previous(out)
        assert one.intact(one.manifest.files)
    else:
        assert way == "in two steps"
    build()
    assert states() == {"stopped"}
    assert (out / ".git" / "config").read_text() == "[core]"
    assert sorted(one.name for one in out.iterdir()) == [".git", manifest.NAME, "a", "index.html"]
    assert not [one for one in root.iterdir() if one.name.startswith(".uasocial-")]
    facts.write_text(open_facts, encoding="utf-8")
    build()
    assert states() == {"open"}
    if ended == 0:
        break
print(step)
"""


@pytest.mark.parametrize("way", ["in one step", "in two steps"])
def test_whoever_is_killed_at_whichever_step_leaves_a_whole_site(project, way):
    project.write()
    done = subprocess.run(
        [sys.executable, "-c", _STEPS, str(project.root), str(project.out), way],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert done.stderr == ""
    assert int(done.stdout) > 20


def test_a_site_that_was_moved_away_and_not_replaced_is_put_back_whatever_follows(project):
    project.write()
    project.build()
    good = contents(project.out)
    away = project.root / ".uasocial-public"
    (away / "new").mkdir(parents=True)
    (away / "new" / "index.html").write_text("half", encoding="utf-8")
    project.out.rename(away / "old")
    project.number = 0
    project.write("other")
    with pytest.raises(UasocialError, match="states the number"):
        project.build()
    assert contents(project.out) == good
    assert not away.exists()


def test_whoever_interrupts_it_finds_the_old_site_and_nothing_beside_it(project, monkeypatch):
    project.write()
    project.build()
    before = stamps(project.out)
    project.add(STOP)
    known = Path.rename

    def interrupt(self, target):
        if self.name == "new":
            raise KeyboardInterrupt
        return known(self, target)

    monkeypatch.setattr(aside, "exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", interrupt)
    with pytest.raises(KeyboardInterrupt):
        project.build()
    assert stamps(project.out) == before
    assert not list(project.root.glob(".uasocial-*"))


def test_where_two_folders_cannot_change_places_it_takes_two_steps(project, monkeypatch):
    project.write()
    project.build()
    project.add(STOP)
    ahead = project.build(dry_run=True)
    monkeypatch.setattr(aside, "exchange", lambda *_: False)
    assert project.build() == ahead
    assert "stopped" in project.page()
    assert not list(project.root.glob(".uasocial-*"))


def test_a_site_is_never_away_for_a_moment_where_folders_can_change_places(project, monkeypatch):
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange two names in one step")
    project.write()
    project.build()
    project.add(STOP)
    moved: list[str] = []
    known = Path.rename
    monkeypatch.setattr(Path, "rename", lambda *a: moved.append(a[0].name) or known(*a))
    project.build()
    assert "stopped" in project.page()
    assert moved == []


def test_of_two_builds_at_once_one_is_refused(project, fails, monkeypatch):
    project.write()
    project.build()
    monkeypatch.setattr(aside, "PATIENCE", 0.05)
    with beside(project.out):
        fails("somebody is building it at this moment")
    project.build()


def test_a_repository_is_never_cleared_in_favour_of_another(project):
    project.write()
    project.build()
    lost = project.root / ".uasocial-public" / "new" / ".git"
    for folder in (lost, project.out / ".git"):
        folder.mkdir(parents=True)
        (folder / "config").write_text(str(folder), encoding="utf-8")
    with pytest.raises(UasocialError, match="was in the site before") as raised:
        project.build()
    assert str(lost) in str(raised.value)
    assert (lost / "config").read_text(encoding="utf-8") == str(lost)
    shutil.rmtree(lost)
    project.build()
    assert not list(project.root.glob(".uasocial-*"))


def test_a_folder_that_nothing_may_be_made_beside_is_told(project, fails, monkeypatch):
    project.write()
    project.build()
    known = Path.mkdir

    def refuse(self, *given: object, **named: object) -> None:
        if self.name.startswith(".uasocial-"):
            raise PermissionError(13, "Permission denied", str(self))
        known(self, *given, **named)

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = fails("cannot be made: Permission denied: the site is made beside it, in ")
    assert said.endswith(str(project.root))


def test_an_older_site_that_cannot_be_cleared_is_told(project, monkeypatch):
    project.write()
    project.build()
    project.add(STOP)

    def refuse(path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(UasocialError, match="take it away, for what was withdrawn"):
        project.build()
    assert "stopped" in project.page()
    monkeypatch.undo()
    project.build()
    assert not list(project.root.glob(".uasocial-*"))


# --- a case that has ended stays as it is -------------------------------------------------------


def test_the_next_day_makes_anew_what_is_open_and_lets_be_what_has_ended(project):
    project.write("gate")
    project.write("done", "ended: {how: closed, on: 2026-01-15}\n")
    project.build()
    before = stamps(project.out)
    site = project.site("2026-01-21T12:00+00:00")
    build(site, project.out)
    after = stamps(project.out)
    assert site.looked == ["gate"]
    assert site.made == ["gate"]
    assert not {name for name in changed(before, after) if name.startswith("a/done/")}
    # And not a second time on the same day.
    again = project.site("2026-01-21T18:00+00:00")
    build(again, project.out)
    assert (again.looked, again.made) == ([], [])


def test_a_consent_that_runs_out_is_noticed_in_a_case_that_has_ended(project):
    words = WORDS.replace(PERSON, "A teacher") + "alt: {door: A green door.}\n"
    project.write("done", "ended: {how: closed, on: 2026-01-15}\n", en=words)
    facts = project.root / "actions" / "done" / "action.yaml"
    text = facts.read_text(encoding="utf-8")
    photo = "{use: photo, given_on: 2026-01-11"
    facts.write_text(text.replace(photo, f"{photo}, expires_on: 2026-01-20"), encoding="utf-8")
    project.picture("done")
    project.build()
    assert [name for name in files(project.out) if "/media/" in name]
    project.build("2026-01-21T12:00+00:00")
    assert not [name for name in files(project.out) if "/media/" in name]
    assert "media/" not in project.page("done")


# --- a fault in one case, and an end of another ------------------------------------------------


def spoil(project: Project, name: str = "other") -> None:
    """Break the picture of a case."""
    project.add("alt: {door: A green door.}\n", name, "en.yaml")
    project.picture(name).write_bytes(b"no picture")


def test_a_broken_picture_ends_a_build_and_the_site_from_before_stays(project):
    project.write("gate")
    project.write("other")
    project.build()
    before = contents(project.out)
    spoil(project)
    with pytest.raises(UasocialError, match=r"door\.png"):
        project.build()
    assert contents(project.out) == before


@pytest.mark.parametrize("end", [STOP, WITHDRAWN])
def test_an_end_does_not_wait_for_a_case_that_is_broken(project, end):
    project.write("gate")
    project.write("other")
    project.build()
    spoil(project)
    project.add(end)
    built = project.build()
    assert [fault for fault in built.faults if "door.png" in fault]
    assert not list((project.out / "a" / "gate").rglob("*.zip"))
    assert "not available at present" in project.page("other")
    project.picture("other")
    assert project.build().faults == ()
    assert "Unbar it" in project.page("other")


def test_a_deadline_does_not_wait_for_a_case_that_is_broken(project):
    project.write("gate")
    project.write("other")
    facts = project.root / "actions" / "gate" / "action.yaml"
    text = facts.read_text(encoding="utf-8").replace("2026-02-10", "2026-01-22")
    facts.write_text(text, encoding="utf-8")
    project.build()
    spoil(project)
    assert project.build("2026-01-23T12:00+00:00").faults
    assert "textarea" not in project.page("gate")


@pytest.mark.parametrize("broken", ["other", "gate"])
def test_a_name_that_is_not_to_be_said_any_more_waits_for_no_fault(project, broken):
    """Neither for one in another case, nor for one in its own."""
    facts = project.write("gate") / "action.yaml"
    project.write("other", en=WORDS.replace(PERSON, "her"))
    project.build()
    assert holding(project.out, PERSON)
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("{use: name,", "{use: photo,"), encoding="utf-8")
    spoil(project, broken)
    # A case without a page that may be shown has no picture that could be wrong.
    assert len(project.build().faults) == (broken == "other")
    assert not holding(project.out / "a" / "gate", PERSON)


@pytest.mark.parametrize("broken", ["other", "gate"])
def test_a_word_that_is_not_to_be_posted_any_more_waits_for_no_fault(project, broken):
    project.write("gate", en=WORDS.replace('template: "', 'template: "Kolinara. '))
    project.write("other")
    project.build()
    assert holding(project.out, "Kolinara")
    project.add("do_not_post: [Kolinara]\n")
    spoil(project, broken)
    assert project.build().faults
    assert not holding(project.out, "Kolinara")


def test_a_picture_that_is_not_to_be_shown_any_more_does_not_wait(project):
    project.write("gate")
    project.write("other")
    project.add("alt: {door: A green door.}\n", "gate", "en.yaml")
    project.picture("gate")
    project.build()
    assert list(project.out.glob("a/gate/**/media/*"))
    words = project.root / "actions" / "gate" / "en.yaml"
    words.write_text(words.read_text("utf-8").replace("alt: {door: A green door.}", ""), "utf-8")
    spoil(project)
    assert project.build().faults
    assert not list(project.out.glob("a/gate/**/media/*"))


@pytest.mark.parametrize("twin", ["number", "folder"])
def test_an_end_does_not_wait_for_two_cases_that_cannot_stand_side_by_side(project, twin):
    for name in ("aside", "gate", "other"):
        project.write(name)
    project.build()
    project.add(WITHDRAWN)
    if twin == "number":
        copied = (project.root / "actions" / "aside" / "action.yaml").read_text("utf-8")
        (project.root / "actions" / "other" / "action.yaml").write_text(copied, "utf-8")
    else:
        project.write("Other")
    assert len(project.build().faults) == 1
    assert "Unbar it" not in project.page("gate")
    assert "Unbar it" in project.page("aside")


def test_all_that_is_wrong_is_said_at_once_and_a_dry_run_says_the_same(project):
    for name in ("aside", "gate", "other"):
        project.write(name)
    project.build()
    spoil(project, "aside")
    spoil(project, "other")
    for dry_run in (True, False):
        with pytest.raises(UasocialError, match=r"(?s)aside.*door.*\n.*other.*door"):
            build(project.site(), project.out, dry_run=dry_run)
    project.add(STOP)
    would = build(project.site(), project.out, dry_run=True)
    assert len(would.faults) == 2
    assert would.made == project.build().made


def test_of_a_broken_font_it_is_said_once(project):
    for name in ("aside", "gate"):
        project.write(name)
    fonts = project.root / "site" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "Ours.ttf").write_bytes(b"no font")
    with pytest.raises(UasocialError) as error:
        project.build()
    assert str(error.value).count("Ours.ttf") == 1


def test_of_a_broken_template_it_is_said_once(project):
    for name in ("aside", "gate", "other"):
        project.write(name)
    (project.root / "site").mkdir()
    (project.root / "site" / "parts.html.j2").write_text("{% if %}", "utf-8")
    with pytest.raises(UasocialError) as error:
        project.build()
    assert str(error.value).count("parts.html.j2") == 1


def test_a_rehearsal_takes_the_place_of_no_site_and_no_site_that_of_a_rehearsal(project):
    project.write()
    project.build()
    before = contents(project.out)
    with pytest.raises(UasocialError, match="holds a site, and this is a rehearsal"):
        build(project.site(rehearsal=True), project.out)
    assert contents(project.out) == before
    rehearsed = project.out.with_name("rehearsed")
    build(project.site(rehearsal=True), rehearsed)
    with pytest.raises(UasocialError, match="holds a rehearsal"):
        build(project.site(), rehearsed)
