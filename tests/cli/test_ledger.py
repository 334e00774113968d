"""`uasocial ledger`: what was said, where, when and by whom; kept, checked, and brought back."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

SETTINGS = """
time_zone = "Europe/Zurich"
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
posts:
  - {id: plain, template: "=Open the gate of Mill Road"}
"""
TEXT = "=Open the gate of Mill Road"
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
BY = ("--by", "Dalia Torvane")


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project of which one post is live."""
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=WORDS)
    monkeypatch.chdir(cases.root)
    ended = command("publish", "gate", "--account", "con-en", "--yes", *BY)
    assert ended.status == 0, ended.err
    return command


def posts(run, *options):
    return json.loads(run("ledger", *options, "--format", "json").out)["posts"]


def plan(run):
    again = ("--account", "con-en", "--at", SOON, "--again", "--yes", *BY)
    ended = run("publish", "gate", *again)
    assert ended.status == 0, ended.err
    return next(one["delivery"] for one in posts(run) if one["state"] == "planned")


def test_each_post_is_shown_with_its_case_address_moment_and_who_asked(run):
    (post,) = posts(run, "gate")
    assert (post["action"], post["account"], post["state"]) == ("gate", "con-en", "sent")
    assert (post["text"], post["asked_by"]) == (TEXT, "Dalia Torvane")
    assert datetime.fromisoformat(post["sent_at"]).utcoffset() in (
        timedelta(hours=1),
        timedelta(hours=2),
    )
    shown = run("ledger", "gate").out
    assert all(part in shown for part in (post["delivery"][:8], "sent", TEXT, "Dalia Torvane"))


def test_a_state_and_an_account_choose(run):
    plan(run)
    assert len(posts(run)) == 2
    assert [one["state"] for one in posts(run, "--state", "sent")] == ["sent"]
    assert len(posts(run, "--account", "con-en")) == 2
    assert run("ledger", "--account", "con").err == "no account 'con'; did you mean 'con-en'?\n"
    assert run("ledger", "gaet").err == "no action 'gaet'; did you mean 'gate'?\n"


def test_a_spreadsheet_finds_no_formula(run):
    (row,) = csv.DictReader(io.StringIO(run("ledger", "--format", "csv").out))
    assert row["text"] == f"'{TEXT}"
    assert row["account"] == "con-en"


def test_an_export_is_checked_and_a_changed_byte_is_found(run, tmp_path):
    file = tmp_path / "ledger.jsonl"
    assert run("ledger", "export", str(file)).status == 0
    mine, theirs = run("ledger", "verify").out, run("ledger", "verify", str(file)).out
    assert mine == theirs
    assert run("ledger", "--format", "chain").out.count("\n") == file.read_text().count("\n")
    assert run("ledger", "export", str(file)).err == f"{file}: exists already: name another file\n"
    file.write_text(file.read_text().replace("Dalia", "Delia", 1))
    ended = run("ledger", "verify", str(file))
    assert (ended.status, ended.out) == (1, "")
    number = next(n for n, line in enumerate(file.read_text().splitlines(), 1) if "Delia" in line)
    assert ended.err == f"{file}: line {number}: is not as it was written\n"


def test_an_erased_text_is_gone_and_the_chain_is_true(run, cases):
    pending = plan(run)
    ended = run("ledger", "erase", "--action", "gate", *BY, "--why", "asked by the family")
    assert (ended.status, ended.out) == (0, "erased: posts 2, pictures 0\n")
    assert {one["text"] for one in posts(run)} == {None}
    states = {one["delivery"]: one["state"] for one in posts(run)}
    assert states[pending] == "cancelled"
    assert run("ledger", "verify").status == 0
    assert "(erased)" in run("ledger").out
    files = [file.read_bytes() for file in cases.root.glob("ledger.db*")]
    assert files
    assert b"Mill Road" not in b"".join(files)


def test_one_delivery_is_erased_by_the_beginning_of_its_id(run):
    pending = plan(run)
    erase = ("ledger", "erase", pending[:8], *BY, "--why", "a slip")
    assert run(*erase).out == "erased: posts 1, pictures 0\n"
    assert sorted(str(one["text"]) for one in posts(run)) == [TEXT, "None"]


def test_a_backup_is_brought_back_paused_and_what_files_have_stopped_is_stopped(
    cases, uasocial, tmp_path
):
    """In processes of their own: no ledger is put aside that somebody has open."""
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=WORDS)
    backup = tmp_path / "copy.db"

    def run(*args: str):
        ended = uasocial("--project", str(cases.root), *args, UASOCIAL_NAME="Dalia Torvane")
        assert "Traceback" not in ended.err
        return ended

    assert run("publish", "gate", "--account", "con-en", "--at", SOON, "--yes").status == 0
    assert run("ledger", "backup", str(backup)).status == 0
    assert run("stop", "gate", "--why", "she is free").status == 0
    refused = run("ledger", "restore", str(backup))
    assert (refused.status, refused.out) == (1, "")
    assert "--force puts it aside" in refused.err
    ended = run("ledger", "restore", str(backup), "--force")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("gate: stopped again, as its files say\n")
    assert [one["state"] for one in posts(run)] == ["cancelled"]
    assert run("pause", "--all").out == "everything: is paused already\n"
    assert run("ledger", "verify").status == 0
    assert len(list(cases.root.glob("ledger.db.before-*"))) == 1


WRONG = {
    "no delivery": (("erase", *BY, "--why", "x"), 2, "name a DELIVERY"),
    "no reason": (("erase", "--action", "gate"), 2, "--why"),
    "an unknown action": (("erase", "--action", "gaet", *BY, "--why", "x"), 1, "nothing of it"),
    "a backup that is none": (("restore", "nowhere.db", *BY), 1, "there is no such backup"),
    "an export that is none": (("verify", "uasocial.toml"), 1, "line 1: is no line of an export"),
    "a file that is not there": (("verify", "nowhere"), 1, "cannot be read"),
    "a part of a chain": (("gate", "--format", "chain"), 2, "a chain is whole"),
    "a state that is none": (("--state", "gone"), 2, "'gone' is not one of"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_question_is_a_line_and_changes_nothing(run, what):
    args, status, sentence = WRONG[what]
    before = run("ledger", "verify").out
    ended = run("ledger", *args)
    assert (ended.status, ended.out) == (status, "")
    assert sentence in ended.err.splitlines()[-1]
    assert run("ledger", "verify").out == before
    assert posts(run)[0]["text"] == TEXT
