"""`uasocial correct --action`: what was edited in the files waits until somebody has looked."""

import json

import pytest

SETTINGS = """
time_zone = "Europe/Zurich"
[accounts.con-en]
platform = "mastodon"
language = "en"
kind = "console"
[accounts.con-de]
platform = "mastodon"
language = "de"
kind = "console"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en", de: "https://example.org/1/de"}
targets:
  - {id: minister, office: {en: Minister of Gates, de: Torminister}, country: PE}
"""
ENGLISH = """\
title: Open the gate
lead: The gate is closed.
posts:
  - {id: one, template: "One: {{ title }}. {{ action | link }}"}
  - {id: two, template: "Two: open the gate. {{ action | link }}"}
"""
GERMAN = ENGLISH.replace("Open the gate", "Tor auf").replace("open the gate", "macht das Tor auf")


def approve(run, by):
    """Approve all that waits, as it is shown."""
    code = json.loads(run("approve", "--action", "gate", "--by", by, "--json").out)["code"]
    return run("approve", "--action", "gate", "--by", by, "--yes", code)


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project with a plan that a second person has approved."""
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=ENGLISH, de=GERMAN)
    cases.template("de/reminder.j2", "{{ title }}: {{ action | days_left }}")
    monkeypatch.chdir(cases.root)
    command("plan", "gate", "--by", "Ann", "--yes")
    approve(command, "Bob")
    return command


def states(run):
    found = json.loads(run("queue", "--json").out)["deliveries"]
    return {one["id"]: (one["state"], one["language"], one["wording"]) for one in found}


def edit(cases, old, new):
    words = cases.root / "actions" / "gate" / "en.yaml"
    words.write_text(ENGLISH.replace(old, new), encoding="utf-8")


def test_without_an_edit_all_says_what_the_files_say(run):
    before = states(run)
    assert {state for state, *_ in before.values()} == {"planned"}
    assert run("correct", "--action", "gate", "--by", "Ann").status == 0
    ended = run("correct", "--action", "gate", "--by", "Ann", "--yes")
    assert ended.out == f"{len(before)} pending posts say what the files say\n"
    assert states(run) == before


def test_an_edit_is_shown_with_before_and_after_and_changes_nothing_yet(run, cases):
    before = states(run)
    edit(cases, "Two:", "Second:")
    ended = run("correct", "--action", "gate", "--by", "Ann")
    assert ended.status == 1
    assert "  - Two: open the gate. https://example.org/1/en" in ended.out
    assert "  + Second: open the gate. https://example.org/1/en" in ended.out
    assert ended.err == (
        f"1 of {len(before)} pending posts say something else now; nothing is changed: "
        "say --yes to let them wait\n"
    )
    assert states(run) == before


def test_with_yes_only_what_changed_waits_and_one_approval_is_for_the_lot(run, cases):
    edit(cases, "Two:", "Second:")
    run("correct", "--action", "gate", "--by", "Ann", "--yes")
    found = states(run)
    assert {
        (language, wording) for state, language, wording in found.values() if state == "proposed"
    } == {("en", "two")}
    assert "somebody else than Ann" in approve(run, "Ann").err
    assert approve(run, "Bob").status == 0
    assert {state for state, *_ in states(run).values()} == {"planned"}


def test_what_can_be_said_no_more_waits_and_says_why(run, cases):
    edit(cases, '  - {id: two, template: "Two: open the gate. {{ action | link }}"}\n', "")
    ended = run("correct", "--action", "gate", "--by", "Ann", "--yes")
    assert "cannot be said any more" in ended.out
    assert [one for one in states(run).values() if one[0] == "proposed"] == [
        ("proposed", "en", "two")
    ]


def test_in_json_before_and_after_stand_beside_each_other(run, cases):
    edit(cases, "Two:", "Second:")
    answer = json.loads(run("correct", "--action", "gate", "--by", "Ann", "--json", "--yes").out)
    (one,) = answer["corrections"]
    assert one["before"].startswith("Two:")
    assert one["after"].startswith("Second:")
    assert one["frozen"] is True
    assert answer["unchanged"] == len(states(run)) - 1


def test_an_action_that_is_not_there_is_one_line(run):
    ended = run("correct", "--action", "gat", "--by", "Ann")
    assert ended.status == 1
    assert "did you mean 'gate'?" in ended.err
