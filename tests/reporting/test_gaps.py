"""`uasocial gaps`: which language lacks what, at a glance."""

import json

BARE = """\
title: الحرية لسمر
lead: طلبت المفتاح.
translated_from: {language: en, digests: {title: 0a1b2c3d4e5f}}
"""


def shown(command, *args):
    ended = command("gaps", *args, "--json")
    assert ended.status == 0, ended.err
    return json.loads(ended.out)["actions"]


def test_a_whole_case_has_no_gap(command):
    (case,) = shown(command, "gate")
    assert case["gaps"] == []
    assert [row["wordings"] for row in case["languages"]] == [{"x": 1, "mastodon": 1}] * 2


def test_what_a_language_lacks_is_seen_in_its_row_and_said_below(project, command):
    (project.root / "actions/gate/ar.yaml").write_text(BARE, encoding="utf-8")
    (case,) = shown(command, "gate")
    row = next(row for row in case["languages"] if row["language"] == "ar")
    assert (row["letter"], row["covered"]) == (False, {"has": 0, "of": 0})
    assert "title" in row["behind"]
    codes = {gap["code"] for gap in case["gaps"] if gap["language"] == "ar"}
    assert {"L001", "L006", "L007", "L011"} <= codes


def test_a_demand_that_nothing_makes_is_not_covered(project, command):
    path = project.root / "actions/gate/en.yaml"
    text = path.read_text(encoding="utf-8")
    demands = "demands: [Open the gate, Withdraw every charge immediately]"
    path.write_text(text.replace("demands: [Open the gate]", demands), encoding="utf-8")
    (case,) = shown(command, "gate")
    row = next(row for row in case["languages"] if row["language"] == "en")
    assert row["covered"] == {"has": 1, "of": 2}


def test_what_is_silenced_is_no_gap(project, command):
    (project.root / "actions/gate/ar.yaml").write_text(BARE, encoding="utf-8")
    file = project.root / "uasocial.toml"
    silence = '[[silence]]\nrule = "L007"\nreason = "letters go out in English"\n'
    file.write_text(f"{file.read_text(encoding='utf-8')}{silence}", encoding="utf-8")
    (case,) = shown(command, "gate")
    assert "L007" not in {gap["code"] for gap in case["gaps"]}


def test_the_table_has_a_line_for_each_language(command):
    out = command("gaps").out
    assert [line.split()[0] for line in out.splitlines()[2:4]] == ["ar", "en"]


def test_a_case_that_cannot_be_read_hides_no_other_and_is_told_of(project, command):
    project.write("broken", facts="countries: 7\n", en="title: [\n")
    ended = command("gaps")
    assert ended.status == 1
    assert "broken" in ended.err
    assert ended.out.startswith("gate\n")


def test_a_withdrawn_case_is_not_shown(command):
    command("withdraw", "gate", "--by", "Noor", "--why", "asked for")
    ended = command("gaps", "gate")
    assert ended.status == 1
    assert "withdrawn" in ended.err
    assert command("gaps").out == ""


def test_a_name_that_is_nobodys_is_said(command):
    ended = command("gaps", "gat")
    assert ended.status == 1
    assert "gate" in ended.err
