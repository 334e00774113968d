"""`uasocial handles`: whose a handle is now, by the id that stays."""

import json

import pytest

ACCOUNTS = """
[accounts.wire-en]
platform = "mastodon"
language = "en"
kind = "wire"
[accounts.con-en]
platform = "bluesky"
language = "en"
kind = "console"
[accounts.hand-en]
platform = "x"
language = "en"
mode = "by hand"
"""
FACTS = """\
# The gate, and who can open it.
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en"}
targets:
  - id: minister
    office: {en: Minister of Gates}
    country: PE
    holders:
      - name: Ana Example   # since May
        handles: {x: ana_example, mastodon: "ana@social.example"}
mentions:
  mastodon: ["gates@social.example"]
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
posts:
  - {id: plain, template: "{{ target | mention }}, open the gate. {{ action | link }}"}
"""
ANA, GATES = "ana@social.example", "gates@social.example"


@pytest.fixture
def run(cases, wired, command):
    """Run a command in a project with a case that has three handles."""
    cases.settings(ACCOUNTS)
    cases.write(facts=FACTS, en=WORDS)
    wired.set(handles={ANA: "11", GATES: "12"})
    return command


def looked(run, *options):
    ended = run("handles", "gate", "--json", *options)
    said = json.loads(ended.out)
    return ended.status, {one["handle"]: one["outcome"] for one in said["handles"]}


def facts(cases) -> str:
    return (cases.root / "actions" / "gate" / "action.yaml").read_text(encoding="utf-8")


def test_a_handle_without_an_id_on_record_is_new_and_nothing_is_written_unasked(run, cases):
    ended = run("handles", "gate")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"mastodon   @{ANA}  Ana Example  no id was on record: Ana Example (11)",
        f"mastodon   @{GATES}  mentions  no id was on record: Ana Example (12)",
        "--write writes what is new into action.yaml",
    ]
    assert facts(cases) == FACTS


def test_write_puts_the_ids_beside_the_handles_and_leaves_all_else_as_it_is(run, cases):
    ended = run("handles", "gate", "--write")
    assert ended.status == 0
    assert "2 written into action.yaml: look that each is who is meant" in ended.out
    written = facts(cases)
    assert written.startswith(FACTS.partition("targets:")[0])
    assert "# since May" in written
    action = cases.kit().action("gate").facts
    assert action.targets[0].holders[0].handle_ids == {"mastodon": "11"}
    assert action.mention_ids == {"mastodon": {GATES: "12"}}
    assert looked(run) == (0, {ANA: "same", GATES: "same"})
    assert run("handles", "gate", "--write").status == 0
    assert facts(cases) == written


def test_a_handle_that_is_gone_or_somebody_elses_fails_and_is_never_written(run, cases, wired):
    run("handles", "gate", "--write")
    before = facts(cases)
    wired.set(handles={ANA: "99"})
    assert looked(run, "--write") == (1, {ANA: "changed", GATES: "gone"})
    assert facts(cases) == before
    shown = run("handles", "gate")
    assert (shown.status, shown.err) == (1, "")
    assert "SOMEBODY ELSE'S NOW: Ana Example (99)" in shown.out
    assert "GONE: nobody has it" in shown.out


def test_what_cannot_be_looked_up_says_why_and_is_no_fault_of_the_case(run, cases, wired):
    wired.set(handles={ANA: "?", GATES: "12"})
    assert looked(run) == (0, {ANA: "unknown", GATES: "new"})
    assert "the wire does not say" in run("handles", "gate").out
    cases.settings(ACCOUNTS.replace('kind = "wire"', 'kind = "wire"\nsettings = {down = "1"}'))
    assert looked(run) == (0, {ANA: "unknown", GATES: "unknown"})
    assert "the wire is down" in run("handles", "gate").out


@pytest.mark.parametrize("odd", ["x" * 501, "a b", "a<b", "line\nbreak"])
def test_an_id_that_no_case_can_hold_is_never_written(run, wired, odd):
    """Else one odd answer would make the whole case unreadable."""
    wired.set(handles={ANA: odd, GATES: "12"})
    assert looked(run, "--write")[1] == {ANA: "unknown", GATES: "new"}
    assert looked(run)[1] == {ANA: "unknown", GATES: "same"}


@pytest.mark.parametrize("name", ["con-en", "hand-en"])
def test_an_account_that_can_look_nothing_up_is_said(run, name):
    ended = run("handles", "gate", "--account", name)
    assert ended.status == 1
    assert "cannot look a handle up" in ended.err


def test_a_project_without_such_an_account_is_told_what_to_do(run, cases):
    cases.settings("")
    ended = run("handles", "gate")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert "no account of uasocial.toml can look a handle up" in ended.err


def test_a_number_without_quotes_is_no_id(run, cases):
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text(
        FACTS.replace("mentions:", "        handle_ids: {x: 12}\nmentions:"), encoding="utf-8"
    )
    ended = run("handles", "gate")
    assert ended.status == 1
    assert "put 12 in quotes" in ended.err
