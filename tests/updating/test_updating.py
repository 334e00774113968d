"""`uasocial update`: a further information makes the next version; the old posts wait."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.updating.conftest import BY, SOON, TODAY, day

from uasocial.reading.differences import differences

FACTS = f"""\
# Our facts.
number: UA 104/{TODAY:%y}
index: AMR 46/8800/{TODAY.year}
countries: [PE]
active_since: {day(-20)}
deadline: {day(10)}
deadline_inclusive: false # before
deadline_words: {{en: before that day}}
link: {{en: "https://example.org/1/en", es: "https://example.org/1/es"}}
targets:
  - id: attorney-general
    office: {{en: Attorney General, es: Fiscal de la Nación}}
    country: PE
    emails: [old@ministerio.example]
    holders: [{{name: Carlos Vellano, handles: {{x: zz_fiscalia_example}}}}]
  - id: mayor
    office: {{en: Mayor of Puno Chico, es: Alcaldesa}}
    country: PE
    emails: [mayor@ministerio.example]
"""
EN = """\
title: Weavers threatened over river market
lead: Ten weavers have been threatened.
demands: [Investigate the threats]
update: A first meeting was held.
letter:
  salutation: Dear Attorney General,
  paragraphs: [I write to you about ten weavers., Please protect them.]
  closing: Yours sincerely,
posts:
  - {id: plain, template: "Protect the weavers. {{ action | link }}"}
"""
ES = """\
title: Tejedoras amenazadas
lead: Diez tejedoras han sido amenazadas.
demands: [Investigue las amenazas]
posts:
  - {id: plain, template: "Proteja a las tejedoras. {{ action | link }}"}
"""
PAGE = f"""\
FI: 104/{TODAY:%y}-1 Index: AMR 46/8801/{TODAY.year} Peru Date: {TODAY - timedelta(2):%d %B %Y}

URGENT ACTION

LOOMS BURNT AFTER THREATS TO WEAVERS
Ten weavers have been threatened since they asked who owns the river market of Puno Chico. Their
looms were burnt.

TAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS MODEL LETTER

Carlos Vellano
Attorney General
Av. del Ejemplo 500
Lima 1, Peru
Email: fiscalia@ministerio.example
X: @zz_fiscalia_example

Dear Attorney General,

I write to you about ten weavers of Puno Chico, whose looms were burnt after months of threats.

I urge you to have the fire investigated without further delay.

Yours sincerely,

ADDITIONAL INFORMATION
The river market has been run by families of weavers for sixty years.

PREFERRED LANGUAGE TO ADDRESS TARGET: Spanish, English
You can also write in your own language.

PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: {TODAY + timedelta(40):%d %B %Y}
Please check with the Amnesty office in your country if you wish to send appeals after the deadline.

NAME AND PRONOUN: Weavers of Puno Chico (they/them)

LINK TO PREVIOUS UA: N/A
"""
UPDATE = ("update", "gate", "fi.txt")


@pytest.fixture
def run(desk, cases):
    """A case with a post planned in each language, and a further information on it."""
    folder = cases.write(facts=FACTS, en=EN, es=ES)
    (folder / "media").mkdir()
    (folder / "media" / "loom.jpg").write_bytes(b"a picture")
    desk.plan("con-en", "plain")
    desk.plan("con-es", "plain")
    write(desk, PAGE)
    return desk


def write(desk, page: str) -> None:
    (desk.cases.root / "fi.txt").write_text(page, encoding="utf-8")


def present(desk) -> dict[str, str]:
    """Return the files of the case, without those of its earlier versions."""
    return {path.name: path.read_text("utf-8") for path in sorted(desk.folder.glob("*.*"))}


def action(desk):
    return desk.cases.kit(f"{TODAY}T12:00+00:00").action("gate")


def test_the_present_files_become_a_version_and_the_new_ones_take_their_place(run):
    ended = run(*UPDATE, "--yes", *BY)
    assert (ended.status, ended.err) == (0, "")
    for name, text in (("action.yaml", FACTS), ("en.yaml", EN), ("es.yaml", ES)):
        assert run.text(f"versions/1/{name}") == text
    case = action(run)
    assert (case.versions, case.facts.number) == ([1], f"FI 104/{TODAY:%y}-1")
    assert (str(case.facts.deadline), case.facts.deadline_inclusive) == (day(40), True)
    assert case.words["en"].letter.paragraphs[1].startswith("I urge you to have the fire")
    assert case.words["en"].update is None
    assert case.words["es"].title == "Tejedoras amenazadas"
    assert run.text().startswith("# Our facts.\n")
    assert (run.folder / "media" / "loom.jpg").read_bytes() == b"a picture"
    assert "L0" not in run("check", "gate", "--version", "1").out


def test_what_changes_is_said_in_plain_words(run):
    out = run(*UPDATE, "--dry-run", *BY).out
    plain = out.partition("\n\n")[0].splitlines()
    assert plain == [
        f"  the number: UA 104/{TODAY:%y} → FI 104/{TODAY:%y}-1",
        f"  the index: AMR 46/8800/{TODAY.year} → AMR 46/8801/{TODAY.year}",
        "  the kind of document: ua → further-information",
        f"  the first day to act: {day(-20)} → {day(-2)}",
        f"  the deadline: {day(10)} → {day(40)}",
        "  whether the day of the deadline counts: no → yes",
        "  the languages that the targets prefer: es, en, where none stood",
        "  target attorney-general: address: Av. del Ejemplo 500, Lima 1, where none stood",
        "  target attorney-general: emails: old@ministerio.example → fiscalia@ministerio.example",
        "  en: another title",
        "  en: another lead",
        "  en: body is new",
        "  en: the letter has 2 other paragraphs of 2, and had 2",
        "  en: `update` goes: it told what the version before brought",
    ]
    assert "en: the documents list no demands: look whether those are still made" in out
    assert "es: is not in the documents, and says what the version before said" in out
    assert "target mayor: is not in the documents: take it out if it is no more" in out
    assert out.count("Look at:") == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["Ana", "Ben"], ["Eva", "Ben"], "held by Ana → Eva"),
        (["Ana"], ["Ana", "Ben"], "held by Ana → Ben"),
        (["Ana", "Ben"], ["Ana"], "held by Ben goes"),
        ([], ["Ana"], "held by Ana, where none stood"),
        (["Ana", "Ben"], ["Ben", "Ana"], "held by Ben → Ana"),
    ],
)
def test_of_holders_it_is_said_who_went_and_who_came(before, after, said):
    def facts(names):
        holders = [{"name": name} for name in names]
        return {"action": {"targets": [{"id": "a", "office": {"en": "M"}, "holders": holders}]}}

    assert list(differences(facts(before), facts(after))) == [f"target a: {said}"]


def test_all_that_was_planned_of_the_old_version_waits_for_a_person(run):
    out = run(*UPDATE, "--yes", *BY).out
    assert set(run.states().values()) == {"proposed"}
    assert out.partition("Frozen until somebody has looked:\n")[2].count("(es)") == 1


def test_a_dry_run_changes_nothing(run):
    before = present(run)
    ended = run(*UPDATE, "--dry-run", *BY)
    assert (ended.status, present(run)) == (0, before)
    assert "Would be frozen:" in ended.out
    assert set(run.states().values()) == {"planned"}


def test_nothing_is_written_unasked(run):
    before = present(run)
    ended = run(*UPDATE, *BY)
    assert (ended.status, ended.err) == (1, "nothing is written: say --yes to write this\n")
    assert (present(run), set(run.states().values())) == (before, {"planned"})


def test_the_same_document_again_changes_no_file_and_freezes_what_a_kill_has_left(run, monkeypatch):
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    ended = run(*UPDATE, "--yes", *BY)
    assert ended.status == 1
    assert "ITS POSTS ARE NOT FROZEN" in ended.err
    assert "secret" not in ended.err
    monkeypatch.delenv("UASOCIAL_LEDGER_URL")
    before = present(run)
    again = run(*UPDATE, "--yes", *BY)
    assert again.status == 0
    assert "gate: is made of that document already" in again.out
    assert (present(run), action(run).versions) == (before, [1])
    assert set(run.states().values()) == {"proposed"}


def test_what_was_planned_of_the_new_version_goes_on(run):
    run(*UPDATE, "--yes", *BY)
    ended = run("publish", "gate", "--account", "con-en", "--wording", "plain", "--again",
                "--at", SOON, "--yes", *BY)  # fmt: skip
    assert ended.status == 0
    run(*UPDATE, "--yes", *BY)
    said = json.loads(run("ledger", "--format", "json").out)["posts"]
    assert sorted(one["state"] for one in said) == ["planned", "proposed", "proposed"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("FI: 104/", "FI: 105/", "the document is of FI 105/"),
        ("-1 Index", "-3 Index", "-1 comes first; say --skip-missing if nobody has it"),
        ("AMR 46/8801", "AMR 46/8800", "is that of the case: each document has one"),
        (f"{TODAY - timedelta(2):%d %B %Y}", "03 January 2020", "and the case of "),
        ("FI: 104/", "Stop action on UA: 104/", "`uasocial stop gate` records that"),
        ("FI: 104/", "Good news on UA: 104/", "`uasocial close gate --outcome good-news`"),
        (f"FI: 104/{TODAY:%y}-1", f"First UA: 104/{TODAY:%y}", "`uasocial import --update` mends"),
    ],
)
def test_a_document_that_does_not_follow_is_refused_in_one_line(run, old, new, said):
    before = present(run)
    write(run, PAGE.replace(old, new, 1))
    ended = run(*UPDATE, "--yes", *BY)
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert said in ended.err
    assert (present(run), action(run).versions) == (before, [])
    assert set(run.states().values()) == {"planned"}


def test_what_nobody_has_may_be_skipped(run):
    write(run, PAGE.replace("-1 Index", "-3 Index"))
    assert run(*UPDATE, "--yes", "--skip-missing", *BY).status == 0
    assert action(run).facts.number.update == 3


def test_the_chain_goes_on_and_every_version_is_kept(run):
    run(*UPDATE, "--yes", *BY)
    first = run.text()
    shutil.copy(run.cases.root / "fi.txt", run.cases.root / "one.txt")
    write(run, PAGE.replace("-1 Index", "-2 Index").replace("/8801/", "/8802/"))
    assert run(*UPDATE, "--yes", *BY).status == 0
    assert (action(run).versions, run.text("versions/2/action.yaml")) == ([1, 2], first)
    again = run("update", "gate", "one.txt", "--yes", *BY)
    assert again.err == "gate: that document was read before: give the one that follows it\n"
    write(run, PAGE.replace("-1 Index", "-3 Index"))
    assert "is that of version 2" in run(*UPDATE, "--yes", *BY).err
    write(run, PAGE.replace("-1 Index", "-2 Index").replace("/8801/", "/8803/"))
    assert "which the case has already" in run(*UPDATE, "--yes", *BY).err


def test_what_has_ended_is_reopened_first(run):
    run("stop", "gate", "--why", "over", *BY)
    assert "`uasocial reopen gate` first" in run(*UPDATE, "--yes", *BY).err


def test_it_answers_in_json_and_writes_only_with_yes(run):
    ended = run(*UPDATE, "--json", *BY)
    said = json.loads(ended.out)["updates"][0]
    assert (ended.status, said["written"], said["version"]) == (1, False, 1)
    said = json.loads(run(*UPDATE, "--json", "--yes", *BY).out)["updates"][0]
    assert (said["written"], len(said["frozen"])) == (True, 2)


KILLED = """
import os, pathlib, sys
from uasocial.cli import main
moves, left = pathlib.Path.rename, [int(sys.argv[1])]
def rename(self, target):
    if not left[0]:
        os._exit(9)
    left[0] -= 1
    return moves(self, target)
pathlib.Path.rename = rename
sys.argv = ["uasocial", "update", "gate", "fi.txt", "--yes", "--by", "Dalia Torvane"]
main()
"""


@pytest.mark.parametrize("moves", [0, 1])
def test_a_kill_between_two_moves_leaves_the_old_case_and_doing_it_again_completes_it(run, moves):
    before = present(run)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(moves)], env=os.environ, capture_output=True, check=False
    )
    assert ended.returncode == 9
    assert run("list").status == 0
    if moves:
        # Away for a moment: whoever writes next finds it again.
        assert not run.folder.exists()
        from uasocial.model import folders

        folders.mend(run.folder.parent)
    assert present(run) == before
    assert run(*UPDATE, "--yes", *BY).status == 0
    assert action(run).versions == [1]
    assert set(run.states().values()) == {"proposed"}


def test_changes_of_demands_targets_and_posts_are_told_apart():
    target = {"id": "a", "office": {"en": "Mayor"}, "holders": [{"name": "Ana"}]}
    before = {
        "action": {"targets": [target, {"id": "b", "office": {"en": "Judge"}}]},
        "en": {"demands": ["Open it", "Keep it open"], "posts": [{"id": "p", "text": "x"}]},
    }
    after = {
        "action": {
            "targets": [
                {
                    **target,
                    "office": {"en": "Mayor", "es": "Alcaldesa"},
                    "holders": [{"name": "Eva"}],
                },
                {"id": "c", "office": {"en": "Minister"}},
            ]
        },
        "en": {"demands": ["open  it", "Free her"], "posts": [{"id": "p", "text": "y"}]},
        "fr": {"title": "Ouvrez"},
    }
    assert list(differences(before, after)) == [
        "target a: another name of the office in es",
        "target a: held by Ana → Eva",
        "target c: is new",
        "target b: goes",
        "en: no longer demanded: Keep it open",
        "en: demanded anew: Free her",
        "en: post 'p' says something else",
        "fr: is new",
    ]
    assert list(differences(before, before)) == []


def test_after_an_update_the_project_s_program_runs_and_its_failure_is_told(run):
    settings = run.cases.root / "uasocial.toml"
    code = "import os; print(os.environ['UASOCIAL_EVENT'], os.environ['UASOCIAL_ACTION']); 1/0"
    with settings.open("a", encoding="utf-8") as file:
        file.write(f"\n[after]\ncommand = {json.dumps([sys.executable, '-c', code])}\n")
    assert run("plugins", "trust", str(settings)).status == 0
    ended = run(*UPDATE, "--yes", *BY)
    assert ended.status == 1
    assert "update gate" in ended.err
    assert action(run).versions == [1]
    assert set(run.states().values()) == {"proposed"}


def test_what_an_update_is_read_from_is_a_source_of_its_own(run):
    path = run.folder / "action.yaml"
    path.write_text(FACTS + 'sources: [{url: "https://example.org/1/en"}]\n', "utf-8")
    assert run(*UPDATE, "--yes", *BY).status == 0
    first, second = action(run).facts.sources
    assert (first.sha256, second.url) == (None, None)
    assert len(second.sha256) == 64
