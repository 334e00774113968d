"""`uasocial plan`: shown first, proposed on --yes, edited as a file; what is wrong is one line."""

import json
from datetime import UTC, datetime, timedelta

import pytest

SETTINGS = """
time_zone = "Europe/Zurich"
[accounts.con-en]
platform = "mastodon"
language = "en"
kind = "console"
[accounts.hand-en]
platform = "bluesky"
language = "en"
mode = "by hand"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en"}
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
posts:
  - {id: one, template: "One: open the gate. {{ action | link }}"}
  - {id: two, template: "Two: open the gate. {{ action | link }}"}
"""
LATER = (datetime.now(UTC) + timedelta(days=5)).replace(hour=12, minute=0)


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project with a case and two accounts."""
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=WORDS)
    monkeypatch.chdir(cases.root)
    monkeypatch.setenv("UASOCIAL_NAME", "Dalia Torvane")
    return command


def queued(run):
    """Return what is pending, without the moment at which it was asked."""
    found = json.loads(run("queue", "--json").out)["deliveries"]
    return [{key: one[key] for key in one if key != "now"} for one in found]


def test_without_yes_a_plan_is_shown_and_nothing_is_proposed(run):
    ended = run("plan", "gate")
    assert ended.status == 1
    assert ended.err == "nothing is proposed: say --yes to propose this\n"
    lines = ended.out.splitlines()
    assert any("con-en" in line and "reminder" in line for line in lines)
    # Each moment with its zone.
    assert all(" CE" in line for line in lines if line[:2] == "20")
    assert queued(run) == []


def test_with_yes_all_of_it_is_proposed_and_says_who_is_next(run):
    ended = run("plan", "gate", "--yes")
    found = queued(run)
    assert {one["state"] for one in found} == {"proposed"}
    assert ended.err == (
        f"{len(found)} posts are proposed; somebody else: "
        "`uasocial approve --action gate --plan steady`\n"
    )
    assert ended.status == 0
    again = run("plan", "gate", "--yes")
    assert "it is there already" in again.err
    assert again.status == 0
    assert len(queued(run)) == len(found)


def test_in_json_each_post_has_its_moment_its_words_and_its_delivery(run):
    planned = json.loads(run("plan", "gate", "--json").out)
    assert {one["delivery"] for one in planned["posts"]} == {None}
    put = json.loads(run("plan", "gate", "--json", "--yes").out)
    assert [one["text"] for one in put["posts"]] == [one["text"] for one in planned["posts"]]
    assert {one["delivery"] for one in put["posts"]} == {one["id"] for one in queued(run)}
    for one in put["posts"]:
        assert datetime.fromisoformat(one["at"]).tzinfo is not None


def test_gaps_are_told_once_for_each_account_and_reason(run):
    """A case of two wordings has no more to say on an account after two."""
    lines = [line for line in run("plan", "gate").out.splitlines() if line.startswith("gap")]
    assert len(lines) == 2
    assert all("more: it has said all its wordings" in line for line in lines)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["plan", "gat"], "no action 'gat'; did you mean 'gate'?"),
        (["plan", "gate", "-c", "stedy"], "no cadence 'stedy'; did you mean 'steady'?"),
        (["plan", "gate", "-a", "con"], "no account 'con'"),
        (["plan", "gate", "--anew"], "nothing is pending of a plan 'steady' of gate"),
        (["plan", "gate", "--to", "plan.yaml"], "no plan of gate 'steady'"),
        (["plan", "gate", "--from", "plan.yaml"], "plan.yaml: there is no such file"),
    ],
)
def test_what_is_mistyped_is_one_line(run, options, said):
    ended = run(*options)
    assert ended.status == 1
    assert said in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--begin", "2026-11-30T10:00"], "has no zone"),
        (["--begin", "tomorrow"], "is no moment"),
        (["--anew", "--to", "plan.yaml"], "do one after the other"),
        (["--to", "plan.yaml", "-a", "con-en"], "leave --account and --begin out"),
    ],
)
def test_what_cannot_be_meant_is_refused_as_usage(run, options, said):
    ended = run("plan", "gate", *options)
    assert ended.status == 2
    assert said in " ".join(ended.err.split())


def test_without_accounts_it_says_how_to_make_one(run, cases):
    cases.settings('time_zone = "Europe/Zurich"\n')
    ended = run("plan", "gate")
    assert ended.status == 1
    assert "uasocial accounts add NAME" in ended.err


def test_without_a_time_zone_it_says_what_to_write(run, cases):
    cases.settings(SETTINGS.replace('time_zone = "Europe/Zurich"', ""))
    ended = run("plan", "gate")
    assert ended.status == 1
    assert 'a plan needs `time_zone = "Europe/Zurich"`' in ended.err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("dayz = [1]", "unknown key 'dayz'; did you mean 'days'?"),
        ('every = "4"', "cadence 'week': every must be a whole number of days from 1 to 366"),
        ('clocks = ["noon"]', "cadence 'week': clocks must be a list of"),
        ("days = [400]", "cadence 'week': days must be a list of whole numbers"),
        ("reminders = 7", "cadence 'week': reminders must be a list"),
    ],
)
def test_a_cadence_that_is_wrong_is_told_with_its_line(run, cases, key, said):
    cases.settings(f"{SETTINGS}\n[cadences.week]\n{key}\n")
    ended = run("plan", "gate", "--cadence", "week")
    line = SETTINGS.count("\n") + 3
    assert ended.status == 1
    assert f"uasocial.toml: line {line}: {said}" in ended.err


def test_a_cadence_of_the_settings_is_a_plan_of_its_name(run, cases):
    cases.settings(f"{SETTINGS}\n[cadences.once]\nreminders = []\nlast_day = false\n")
    ended = run("plan", "gate", "-c", "once", "--yes")
    assert "2 posts are proposed" in ended.err
    assert {one["plan"] for one in queued(run)} == {"once"}


def test_a_team_without_approval_is_told_that_it_is_planned(run, cases):
    cases.settings(f'{SETTINGS}\n[team]\napproval = "none"\n')
    ended = run("plan", "gate", "--yes")
    found = queued(run)
    assert ended.err == f"{len(found)} posts are planned\n"
    assert {one["state"] for one in found} == {"planned"}


# --- as a file ---------------------------------------------------------------------------------


@pytest.fixture
def file(run, cases):
    run("plan", "gate", "--yes")
    run("plan", "gate", "--to", "plan.yaml")
    return cases.root / "plan.yaml"


def test_what_is_edited_in_a_file_is_shown_and_done_on_yes(run, file):
    """One moved, one dropped, one new."""
    text = file.read_text(encoding="utf-8")
    first, second, *rest = queued(run)
    head, one, _, *others = text.split("  - id:")
    at = next(line for line in one.splitlines() if "at:" in line)
    one = one.replace(at, f"    at: {LATER:%Y-%m-%dT%H:%M}+00:00")
    file.write_text("  - id:".join([head, one, *others]), encoding="utf-8")
    shown = run("plan", "gate", "--from", "plan.yaml")
    assert [line[0] for line in shown.out.splitlines()] == ["-", "~"]
    assert shown.err == "the plan stays as it is: say --yes to change it\n"
    assert queued(run) == [first, second, *rest]
    done = run("plan", "gate", "--from", "plan.yaml", "--yes")
    assert done.err == "the plan is changed; what is new is proposed\n"
    assert len(queued(run)) == len(rest) + 1
    assert second["id"] not in {entry["id"] for entry in queued(run)}


def test_a_file_without_a_change_changes_nothing(run, file):
    before = queued(run)
    assert run("plan", "gate", "--from", file.name, "--yes").err == "the file changes nothing\n"
    assert queued(run) == before


def test_a_file_that_is_there_is_not_written_over(run, file):
    text = file.read_text(encoding="utf-8")
    ended = run("plan", "gate", "--to", "plan.yaml")
    assert (ended.status, ended.err) == (1, "plan.yaml: is there already: name another file\n")
    assert file.read_text(encoding="utf-8") == text


def test_all_faults_of_a_file_are_told_and_nothing_is_changed(run, file):
    before = queued(run)
    text = file.read_text(encoding="utf-8")
    text = text.replace("account: con-en", "account: con-em", 1)
    text += "  - {at: 2026-02-02T12:00, account: hand-en, wording: one}\n"
    file.write_text(text, encoding="utf-8")
    ended = run("plan", "gate", "--from", "plan.yaml", "--yes")
    assert ended.status == 1
    assert "is no moment with its zone" in ended.err
    text = text.replace("2026-02-02T12:00", "2026-02-02T12:00+01:00")
    file.write_text(text.replace("wording: one}", "wording: five}"), encoding="utf-8")
    ended = run("plan", "gate", "--from", "plan.yaml", "--yes")
    assert "there is no account 'con-em'; did you mean 'con-en'?" in ended.err
    assert queued(run) == before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("at: 2020-02-02T12:00+01:00, account: hand-en, wording: one", "is over"),
        ("at: {later}, account: hand-en, wording: five", "five"),
        ("at: {later}, account: hand-en, wording: one", "says these very words already"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_rest_with_it(run, file, row, said):
    before = queued(run)
    text = file.read_text(encoding="utf-8")
    row = row.replace("{later}", f"{LATER:%Y-%m-%dT%H:%M}+00:00")
    file.write_text(f"{text}  - {{{row}}}\n", encoding="utf-8")
    ended = run("plan", "gate", "--from", "plan.yaml", "--yes")
    assert ended.status == 1
    assert said in ended.err
    assert queued(run) == before


def test_a_file_of_another_plan_says_so_alone(run, file):
    run("plan", "gate", "-c", "launch", "-a", "con-en", "--yes")
    text = file.read_text(encoding="utf-8").replace("plan: steady", "plan: launch")
    file.write_text(text, encoding="utf-8")
    ended = run("plan", "gate", "--from", "plan.yaml")
    assert ended.err.count("\n") == 1
    assert "is the plan 'launch', and not 'steady'" in ended.err


# --- anew --------------------------------------------------------------------------------------


def test_anew_after_an_edit_only_what_changed_falls_out_and_is_filled(run, cases):
    run("plan", "gate", "--yes")
    words = cases.root / "actions" / "gate" / "en.yaml"
    words.write_text(WORDS.replace("Two:", "Second:"), encoding="utf-8")
    shown = run("plan", "gate", "--anew")
    signs = [line[0] for line in shown.out.splitlines() if line[0] in " -+"]
    assert (signs.count("-"), signs.count("+")) == (2, 2)
    assert "its words have changed" in shown.out
    done = run("plan", "gate", "--anew", "--yes")
    assert done.err.startswith("2 posts are taken out; 2 posts are proposed; somebody else: ")
    assert run("plan", "gate", "--anew").err == "there is nothing to propose\n"


def test_a_plan_that_is_cut_off_has_left_nothing(run, monkeypatch):
    """Whatever ends it in the middle, all of it is on the ledger or nothing."""
    from uasocial.outbox import controls

    calls = iter(range(3))

    def cut(*_):
        if next(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(controls, "allowed", cut)
    assert run("plan", "gate", "--yes").status == 1
    assert queued(run) == []


def test_a_file_with_changes_ends_with_1_until_somebody_says_yes(run, cases):
    """What there is nothing to agree to in ends with 0: a file as it was written, a plan anew."""
    run("plan", "gate", "--yes")
    run("plan", "gate", "--to", "plan.yaml")
    assert run("plan", "gate", "--from", "plan.yaml").status == 0
    assert run("plan", "gate", "--anew").status == 0
    file = cases.root / "plan.yaml"
    head, *posts = file.read_text(encoding="utf-8").split("  - id: ")
    file.write_text("  - id: ".join([head, *posts[1:]]), encoding="utf-8")
    assert [run("plan", "gate", "--from", "plan.yaml", *yes).status for yes in ([], ["--yes"])] == [
        1,
        0,
    ]
