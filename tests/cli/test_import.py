"""`uasocial import`: documents in, a case out; nothing is written by half, and nothing unasked."""

import json
import os
import pty
import select
import subprocess
import sys

import pytest

# A layout of the tests' own: `PLACE: VALUE` a line, `furniture`, and what it does not know.
LAYOUT = """
from uasocial.plugins import hookimpl
from uasocial.reading import Doubt, Field, Match, Reading

def place(text):
    return tuple(int(part) if part.isdecimal() else part for part in text.split())

def read(document):
    fields, furniture, unplaced, doubts = [], [], [], []
    for line in document.lines[1:]:
        at, colon, value = line.text.partition(": ")
        if line.text == "furniture":
            furniture.append(line)
        elif at == "doubt":
            doubts.append(Doubt(line.number, value))
        elif colon and at.split()[0] in ("action", "en", "es"):
            value = value.split(" | ") if " | " in value else value
            fields.append(Field(place(at), value, (line.number,)))
        elif line.text:
            unplaced.append(line)
    return Reading(document=document, layout="lines", fields=tuple(fields),
        furniture=tuple(furniture), unplaced=tuple(unplaced), doubts=tuple(doubts))

@hookimpl
def read_document(document):
    first = document.lines[0].text if document.lines else ""
    if first == "TEST CASE":
        yield Match("lines", 0.99, (), lambda: read(document))
    if first == "BROKEN":
        yield Match("broken", 0.99, (), lambda: 1 / 0)
    if first == "ODD":
        yield "no match"
"""

PAGE = """\
TEST CASE
furniture
action number: UA 1/26
action countries: PE | NO
action active_since: 2026-01-10
action deadline: 2026-02-10
action targets 0 office en: Minister of Gates
action targets 0 address: One Street | A town
en title: Open the gate
en lead: The gate is closed.
en posts 0 text: Please open the gate.
es letter salutation: Señor:
es letter paragraphs: Abra la puerta. | Gracias.
doubt: the deadline may be inclusive
Nobody knows this line, which is long, and longer, and so long that it is shown by half of it only.
"""


class Imports:
    """A project whose machine trusts the layout above, and documents for it."""

    def __init__(self, cases, command, folder) -> None:
        self.cases, self.command, self.folder = cases, command, folder

    def write(self, name: str, text: str = PAGE) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *args: str):
        return self.command("--project", str(self.cases.root), "import", *args)

    def files(self) -> dict[str, str]:
        """Every file of every case; hidden ones too."""
        actions = self.cases.root / "actions"
        return {
            str(path.relative_to(actions)): path.read_text(encoding="utf-8")
            for path in sorted(actions.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def imports(cases, command, tmp_path, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    (cases.root / "plugins").mkdir()
    plugin = cases.root / "plugins" / "lines.py"
    plugin.write_text(LAYOUT, encoding="utf-8")
    assert command("plugins", "trust", str(plugin)).status == 0
    (tmp_path / "documents").mkdir()
    return Imports(cases, command, tmp_path / "documents")


def test_a_page_becomes_a_case_that_is_read_and_says_what_to_look_at(imports):
    ended = imports.run(imports.write("page.txt"))
    assert (ended.status, ended.err) == (0, "")
    root = imports.cases.root / "actions" / "ua-1-26"
    assert ended.out == (
        f"{root}: action.yaml, en.yaml, es.yaml, imported.json written\n"
        "  11 values from page.txt (lines)\n"
        "\nLook at:\n  page.txt:14: the deadline may be inclusive\n"
        "\nNot placed:\n  page.txt:15: Nobody knows this line, which is long, and longer, and so "
        "long that it is shown by hal…\n"
        "\nNext: uasocial check ua-1-26\n"
    )
    assert imports.cases.faults("ua-1-26") == []
    action = imports.cases.kit().action("ua-1-26")
    assert action.facts.targets[0].id == "minister-of-gates"
    assert action.words["en"].posts[0].id == "post-1"
    assert action.words["es"].letter.paragraphs == ("Abra la puerta.", "Gracias.")


def test_every_value_remembers_where_it_was_read_and_no_path_gets_in(imports):
    imports.run(imports.write("page.txt"))
    text = imports.files()["ua-1-26/imported.json"]
    record = json.loads(text)
    assert record["schema"] == 1
    assert [(d["name"], d["layout"], d["format"]) for d in record["documents"]] == [
        ("page.txt", "lines", "text")
    ]
    deadline = {"file": "action.yaml", "path": ["deadline"], "document": "page.txt"}
    assert {**deadline, "lines": [6], "value": "2026-02-10"} in record["fields"]
    lines = [line for field in record["fields"] for line in field["lines"]]
    assert set(lines) == set(range(3, 14))
    assert record["unplaced"][0]["line"] == 15
    assert record["unplaced"][0]["text"] == PAGE.splitlines()[-1]
    assert str(imports.folder) not in text


def test_several_documents_are_one_case_and_their_differences_are_told(imports):
    one = imports.write("page.txt")
    two = imports.write("sheet.txt", PAGE.replace("2026-02-10", "2026-02-11"))
    ended = imports.run(one, two)
    assert ended.status == 0
    assert (
        "The documents disagree:\n  deadline: page.txt:6 says 2026-02-10, sheet.txt:6 says "
        "2026-02-11; the first is taken\n"
    ) in ended.out
    assert "deadline: 2026-02-10\n" in imports.files()["ua-1-26/action.yaml"]
    record = json.loads(imports.files()["ua-1-26/imported.json"])
    assert len(record["documents"]) == 2
    assert record["disagreements"][0]["path"] == ["action", "deadline"]


def test_documents_of_one_name_are_told_from_each_other(imports):
    one = imports.write("page.txt")
    (imports.folder / "b").mkdir()
    ended = imports.run(one, imports.write("b/page.txt"))
    assert "11 values from page.txt (2) (lines)" in ended.out


def test_a_case_that_exists_is_left_and_the_way_on_is_said(imports):
    page = imports.write("page.txt")
    imports.run(page)
    before = imports.files()
    ended = imports.run(page)
    assert ended == (1, "", "ua-1-26: exists: look at the differences with --update\n")
    assert imports.files() == before


def test_the_id_may_be_given_and_must_be_one(imports):
    page = imports.write("page.txt")
    assert imports.run(page, "--id", "gate").status == 0
    assert "gate/action.yaml" in imports.files()
    ended = imports.run(page, "--id", "../gate")
    assert (ended.status, "is no id of a case" in ended.err) == (1, True)


def test_without_a_project_one_is_to_be_made_but_looking_is_free(command, imports, monkeypatch):
    page = imports.write("page.json", json.dumps({"schema": 1, "actions": []}))
    monkeypatch.chdir(imports.folder)
    ended = command("import", page)
    assert ended == (
        1,
        "",
        "there is no project here: make one with `uasocial init FOLDER`\n",
    )
    shown = command("show", "ua-119-21", "--json").out
    page = imports.write("case.json", shown)
    assert "target 1 id: foreign-minister" in command("import", page, "--explain").out
    ended = command("import", page, "--dry-run")
    assert (ended.status, "ua-119-21: nothing is written: this was a dry run" in ended.out) == (
        0,
        True,
    )
    assert "+++ b/ua-119-21/es.yaml" in ended.out


@pytest.mark.parametrize("name", ["ua-119-21", "school-in-the-hills"])
def test_a_case_exported_and_imported_again_shows_the_same(command, imports, name):
    def show(*project):
        shown = json.loads(command(*project, "show", name, "--json").out)["actions"][0]
        # Ids of cases are given here, and of days counted from today only the days come along.
        return {key: shown[key] for key in ("facts", "words")}

    page = imports.write("case.json", command("show", name, "--json").out)
    assert imports.run(page, "--id", name).status == 0
    assert show("--project", str(imports.cases.root)) == show()


# --- updating ------------------------------------------------------------------------------------


@pytest.fixture
def edited(imports):
    """The case, with a comment and a note of a person in it, and a page with another deadline."""
    imports.run(imports.write("page.txt"))
    path = imports.cases.root / "actions" / "ua-1-26" / "action.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("2026-02-10", "2026-02-10 # the sheet says before") + "notes: [Ours]\n"
    path.write_text(text, encoding="utf-8")
    (path.parent / "media").mkdir()
    (path.parent / "media" / "a.txt").write_text("kept")
    imports.new = imports.write("page.txt", PAGE.replace("2026-02-10", "2026-02-12"))
    return imports


def test_an_update_shows_exactly_what_it_would_write_and_without_a_terminal_writes_nothing(edited):
    before = edited.files()
    ended = edited.run(edited.new, "--update")
    assert (ended.status, ended.err) == (1, "nothing is written: say --yes to write this\n")
    assert edited.files() == before
    assert "--- a/ua-1-26/action.yaml\n+++ b/ua-1-26/action.yaml\n" in ended.out
    assert "\n-deadline: 2026-02-10 # the sheet" in ended.out
    assert "\n+deadline: 2026-02-12 # the sheet says before\n" in ended.out
    assert "es.yaml" not in ended.out.replace('"es.yaml"', "")


def test_an_update_with_yes_writes_it_and_keeps_all_else(edited):
    before = edited.files()
    ended = edited.run(edited.new, "--update", "--yes")
    assert ended.status == 0
    changed = before["ua-1-26/action.yaml"].replace("2026-02-10 #", "2026-02-12 #")
    after = edited.files()
    sha256 = [line for line in changed.splitlines() if "sha256" in line]
    assert [line for line in changed.splitlines() if line not in after["ua-1-26/action.yaml"]] == []
    assert len(sha256) == 1
    assert after["ua-1-26/es.yaml"] == before["ua-1-26/es.yaml"]
    assert after["ua-1-26/media/a.txt"] == "kept"
    record = json.loads(after["ua-1-26/imported.json"])
    assert [document["name"] for document in record["documents"]] == ["page.txt"]


def test_an_update_that_changes_nothing_says_so(edited):
    edited.run(edited.new, "--update", "--yes")
    before = edited.files()
    ended = edited.run(edited.new, "--update")
    assert ended == (0, "ua-1-26: nothing changed\n", "")
    assert edited.files() == before


def test_what_an_update_does_not_say_is_kept_with_where_it_was_read(edited):
    letter = "TEST CASE\naction number: UA 1/26\nes letter salutation: Señora:\n"
    ended = edited.run(edited.write("letter.txt", letter), "--update", "--yes")
    assert ended.status == 0
    files = edited.files()
    assert files["ua-1-26/es.yaml"].startswith('letter:\n  salutation: "Señora:"\n  paragraphs:')
    fields = json.loads(files["ua-1-26/imported.json"])["fields"]
    read = {(f["file"], *f["path"]): f["document"] for f in fields}
    assert read["es.yaml", "letter", "salutation"] == "letter.txt"
    assert read["es.yaml", "letter", "paragraphs"] == "page.txt"


def test_a_case_to_update_must_be_there_and_right(edited):
    assert "no action 'gate'" in edited.run(edited.new, "--update", "--id", "gate").err
    path = edited.cases.root / "actions" / "ua-1-26" / "en.yaml"
    path.write_text("title: [\n", encoding="utf-8")
    before = edited.files()
    ended = edited.run(edited.new, "--update", "--yes")
    assert (ended.status, "en.yaml:2: is not valid YAML" in ended.err) == (1, True)
    assert edited.files() == before


def test_a_record_that_is_none_is_not_written_over(edited):
    path = edited.cases.root / "actions" / "ua-1-26" / "imported.json"
    path.write_text('{"schema": 9}', encoding="utf-8")
    ended = edited.run(edited.new, "--update", "--yes")
    assert (ended.status, "imported.json: is no record of an import" in ended.err) == (1, True)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        (b"y\n", 0, "action.yaml, imported.json written"),
        (b"n\n", 1, "nothing is written"),
        (b"\x03", 1, "nothing is written"),
    ],
)
def test_on_a_terminal_it_asks_and_obeys(edited, typed, status, said):
    before = edited.files()
    arguments = ["--project", str(edited.cases.root), "import", edited.new, "--update"]
    # The terminal becomes the process's own, so that Ctrl-C reaches it.
    code = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    code += "from uasocial.cli import main; main()"
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        env={**os.environ, "PYTHONUTF8": "1", "TERM": "xterm"},
    )
    os.close(follower)
    out = b""
    while process.poll() is None or select.select([leader], [], [], 0)[0]:
        if not select.select([leader], [], [], 1)[0] and out.endswith(b"[y/N]: "):
            os.write(leader, typed)
        try:
            out += os.read(leader, 10_000)
        except OSError:
            break  # Linux says so when the other end is closed
    os.close(leader)
    assert process.wait(timeout=30) == status
    shown = out.decode()
    assert said in shown
    assert "Traceback" not in shown
    assert "\x1b[32m+deadline: 2026-02-12" in shown
    assert (edited.files() == before) is bool(status)


# --- looking -------------------------------------------------------------------------------------


def test_explain_shows_the_page_and_writes_nothing(imports, monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    ended = imports.run(imports.write("page.txt"), "--explain")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[0] == "page.txt (lines)"
    assert lines[2] == f" 2  furniture{' ' * 47}(page)"
    assert lines[6] == f" 6  action deadline: 2026-02-10{' ' * 29}deadline"
    assert lines[15].endswith("  ?")
    assert max(map(len, lines[:17])) <= 90
    assert "Look at:\n  page.txt:14: the deadline may be inclusive\n" in ended.out
    assert imports.files() == {}


def test_explain_of_what_makes_no_case_shows_the_page_and_says_why(imports):
    page = imports.write("page.txt", "TEST CASE\nen title: A title\n")
    ended = imports.run(page, "--explain")
    assert ended.status == 1
    assert "en title: A title" in ended.out
    assert ended.err == (
        "page.txt: makes no case: there is no lead, no deadline, no target, no country, "
        "no day since which it is active\n"
    )


def test_json_gives_everything_as_data(imports):
    page = imports.write("page.txt")
    dry = json.loads(imports.run(page, "--dry-run", "--json").out)
    assert (dry["schema"], dry["imports"][0]["written"]) == (1, False)
    assert imports.files() == {}
    explained = json.loads(imports.run(page, "--explain", "--json").out)["imports"][0]
    assert explained["lines"][5]["places"] == ["deadline"]
    (done,) = json.loads(imports.run(page, "--json").out)["imports"]
    assert (done["id"], done["is_new"], done["written"]) == ("ua-1-26", True, True)
    assert [file["name"] for file in done["files"]][-1] == "imported.json"
    assert set(done) >= {"documents", "fields", "unplaced", "doubts", "disagreements"}
    new = imports.write("page.txt", PAGE.replace("02-10", "02-12"))
    before = imports.files()
    ended = imports.run(new, "--update", "--json")
    (waiting,) = json.loads(ended.out)["imports"]
    assert (ended.status, waiting["written"]) == (1, False)
    assert "+deadline: 2026-02-12" in waiting["files"][0]["diff"]
    assert imports.files() == before


def test_standard_input_is_a_document(imports, uasocial):
    project = str(imports.cases.root)
    ended = uasocial("--project", project, "import", "-", given=PAGE)
    assert (ended.status, "11 values from - (lines)" in ended.out) == (0, True)
    twice = uasocial("--project", project, "import", "-", "-", given=PAGE)
    assert (twice.status, len(twice.err.splitlines())) == (1, 1)


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Minutes of a meeting\n\nNothing of note.\n", "is no urgent action: there is no"),
        ("TEST CASE\nen title: A title\n", "makes no case: there is no lead, no deadline"),
        ("BROKEN\n", "the layout 'broken' failed"),
        ("TEST CASE\nxx title: A\nen nowhere\n", "makes no case"),
        ("TEST CASE\nen title: A\nes 5 5: odd\n", "which is no Field of a case"),
        ('{"schema": 1', "is no valid JSON"),
        ("", "is empty"),
    ],
)
def test_what_makes_no_case_is_told_in_a_line_and_nothing_is_written(imports, text, sentence):
    ended = imports.run(imports.write("page.txt", text))
    told = [line for line in ended.err.splitlines() if not line.startswith("plugin ")]
    assert (ended.status, ended.out, len(told)) == (1, "", 1)
    assert sentence in told[0]
    assert "Traceback" not in ended.err
    assert imports.files() == {}


def test_a_plugin_that_gives_something_else_is_put_out_and_told(imports):
    ended = imports.run(imports.write("page.txt", "ODD\n"))
    assert "plugin lines: read_document gave something that is no Match\n" in ended.err
    assert ended.err.splitlines()[-1].startswith("page.txt: is no urgent action")
    assert imports.files() == {}


def test_a_full_disk_leaves_nothing(imports, monkeypatch):
    from pathlib import Path

    page = imports.write("page.txt")

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    ended = imports.run(page)
    assert ended.status == 1
    assert ended.err.endswith("ua-1-26: cannot be written: No space left on device\n")
    assert list((imports.cases.root / "actions").iterdir()) == []
