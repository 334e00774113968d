"""Each command does its work, and its JSON has the shape that design.md promises."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from uasocial.cli import COMMANDS
from uasocial.settings import Settings

ACTION = ("ua-119-21", "--as-of", "2021-12-01")
DRAFT_KEYS = {
    "action",
    "language",
    "platform",
    "occasion",
    "wording",
    "text",
    "length",
    "limit",
    "fits",
    "share_url",
    "problems",
}


def answer(ended):
    assert ended.status == 0, ended.err
    found = json.loads(ended.out)
    assert found["schema"] == 1
    return found


@pytest.fixture
def project(cases, monkeypatch):
    """A project with one case that is open for ever."""
    facts = (cases.write("old") / "action.yaml").read_text().replace("2026-02-10", "2999-01-01")
    cases.write("gate", facts=facts.replace("2026-01-10", "2020-01-10"))
    monkeypatch.setenv("UASOCIAL_PROJECT", str(cases.root))
    return cases


@pytest.mark.parametrize("name", [*COMMANDS, "plugins trust", "plugins distrust"])
def test_each_command_has_help_that_begins_with_a_sentence(command, name):
    ended = command(*name.split(), "--help")
    assert ended.status == 0
    assert re.search(r"^Usage: uasocial .*\n\n  [A-Z].*\.", ended.out)


def test_the_whole_help_lists_each_command_with_its_sentence(command):
    ended = command("--help")
    lines = {line.split()[0] for line in ended.out.splitlines() if line.startswith("  ")}
    assert set(COMMANDS) <= lines


def test_the_console_script_is_installed_and_tells_its_version(tmp_path):
    script = Path(sys.executable).with_name("uasocial")
    done = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, check=True)
    assert re.fullmatch(rb"uasocial \d+\.\d+\.\d+\n", done.stdout)


def test_the_main_job_runs_as_a_process_from_anywhere(uasocial):
    ended = uasocial("share", *ACTION)
    assert (ended.status, ended.err) == (0, "")
    for name in ("Spanish", "English", "German", "French"):
        assert f"\n{name} (" in ended.out
    assert "33 days left: the last day to act is 2 January 2022." in ended.out
    assert "Rehearsal, as of 2021-12-01: nothing here is to be sent." in ended.out
    assert "https://bsky.app/intent/compose?text=%23Per%C3%BA" in ended.out
    assert "\x1b" not in ended.out


def test_share_json_has_a_draft_for_each_language_and_platform(command):
    drafts = answer(command("share", *ACTION, "--json"))["drafts"]
    assert all(set(draft) >= DRAFT_KEYS for draft in drafts)
    seen = {(draft["language"], draft["platform"]) for draft in drafts}
    assert seen == {(lang, p) for lang in ("es", "en", "de", "fr") for p in Settings().platforms}
    assert all(draft["fits"] and draft["problems"] == [] for draft in drafts)
    assert all(d["share_url"] is None for d in drafts if d["platform"] == "mastodon")


def test_share_narrows_by_language_platform_wording_and_occasion(command):
    ended = command("share", *ACTION, "--json", "-l", "en", "-p", "bluesky", "-w", "children")
    (draft,) = answer(ended)["drafts"]
    chosen = {key: draft[key] for key in ("language", "platform", "wording", "occasion")}
    assert chosen == {
        "language": "en",
        "platform": "bluesky",
        "wording": "children",
        "occasion": "appeal",
    }
    ended = command("share", *ACTION, "--json", "-o", "thanks", "-l", "de", "-p", "x")
    assert [d["occasion"] for d in answer(ended)["drafts"]] == ["thanks"]


def test_share_opens_the_composer_of_one_s_instance(command):
    ended = command("share", *ACTION, "-p", "mastodon", "--instance", "social.example", "--json")
    urls = {draft["share_url"] for draft in answer(ended)["drafts"]}
    assert urls
    assert all(url.startswith("https://social.example/share?text=") for url in urls)


def test_share_draws_the_address_as_a_qr_code(command):
    ended = command("share", "school-in-the-hills", "-l", "en", "-p", "x", "-w", "official", "--qr")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert len(lines) > 20
    assert set("".join(lines)) <= set("█▀▄ \x1b[0123456789;m\xa0")


@pytest.mark.parametrize("option", ["--copy", "--open", "--qr"])
def test_a_rehearsal_opens_and_copies_nothing(command, option):
    ended = command("share", *ACTION, "-l", "en", "-p", "x", "-w", "official", option)
    assert ended.status == 2
    assert "rehearsal" in ended.err


def test_what_is_for_one_draft_asks_to_choose_one(command):
    ended = command("share", "school-in-the-hills", "--qr")
    assert ended.status == 1
    assert "narrow it down, as with --language ar --platform" in ended.err


def test_share_refuses_past_the_deadline_on_one_line_with_the_date(uasocial):
    ended = uasocial("share", "ua-119-21")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("ua-119-21: the last day to act was 2022-01-02")
    assert len(ended.err.splitlines()) == 1


def test_a_draft_that_does_not_fit_is_shown_without_address_and_exits_1(project, command):
    project.template("en/appeal.x.j2", "a" * 300)
    ended = command("share", "gate", "-p", "x", "--json")
    assert ended.status == 1
    (draft,) = json.loads(ended.out)["drafts"]
    assert (draft["fits"], draft["share_url"], draft["length"]) == (False, None, 300)
    assert [problem["code"] for problem in draft["problems"]] == ["D001", "D008"]


def test_preview_shows_all_platforms_with_bars_also_after_the_deadline(uasocial):
    ended = uasocial("preview", "ua-119-21", "-l", "en")
    assert ended.status == 0
    assert "Not to be handed out: the last day to act was 2022-01-02" in ended.out
    assert "░" in ended.out
    for label in ("X ", "Bluesky", "Telegram", "SMS", "LINE"):
        assert f"  {label}" in ended.out


def test_preview_json_has_drafts_without_addresses_where_refused(command):
    found = answer(command("preview", "ua-119-21", "--json"))
    assert found["refusal"].startswith("the last day to act was 2022-01-02")
    assert all(draft["share_url"] is None for draft in found["drafts"])
    assert all(set(draft) >= DRAFT_KEYS for draft in found["drafts"])


def test_list_has_each_action_with_its_days(command):
    rows = answer(command("list", "--as-of", "2021-12-01", "--json"))["actions"]
    by_id = {row["id"]: row for row in rows}
    assert by_id["ua-119-21"]["state"] == "33 days left"
    assert by_id["ua-119-21"]["languages"] == ["es", "de", "en", "fr"]
    assert "ua-119-21" in command("list").out


def test_list_shows_a_case_with_faults_and_what_to_do(project, command):
    (project.root / "actions" / "old" / "action.yaml").write_text("colour: red\n")
    ended = command("list")
    assert ended.status == 0
    assert "uasocial check old" in ended.out
    assert "gate" in ended.out


def test_show_tells_facts_targets_and_letter(command):
    ended = command("show", "ua-119-21", "-l", "es")
    assert ended.status == 0
    for fact in ("UA 119/21", "AMR 46/5033/2021", "2 January 2022", "Jr. Lampa 545", "Señor"):
        assert fact in ended.out


def test_show_json_has_the_facts_as_plain_values(command):
    (found,) = answer(command("show", "ua-119-21", "--json"))["actions"]
    assert found["facts"]["deadline"] == "2022-01-03"
    assert found["facts"]["number"] == "UA 119/21"
    assert set(found["words"]) == {"de", "en", "es", "fr"}


def test_check_of_the_samples_finds_no_error_and_exits_0(uasocial):
    ended = uasocial("check")
    assert (ended.status, ended.err) == (0, "4 warnings in 2 actions\n")
    # Three letters are too long for a mailto: address, and the real case is over.
    assert sorted(line.split()[1] for line in ended.out.splitlines()) == [
        "C013",
        "L014",
        "L014",
        "L014",
    ]


def test_check_gives_file_and_line_of_each_fault_and_exits_1(project, command):
    folder = project.root / "actions" / "gate"
    (folder / "en.yaml").write_text(
        "title: Open\nlead:\ncolour: red\nposts:\n  - id: own\n    text: "
        + "a" * 300
        + "\n    platforms: [x]\n"
    )
    ended = command("check", "gate")
    assert ended.status == 1
    assert ended.err.startswith("2 errors and ")
    places = [line.split(" ")[0] for line in ended.out.splitlines() if " C001 " in line]
    assert sorted(places) == [f"{folder}/en.yaml:2:", f"{folder}/en.yaml:3:"]
    (folder / "en.yaml").write_text(
        "title: Open\nlead: Closed.\nposts:\n  - id: own\n    text: " + "a" * 300 + "\n"
    )
    ended = command("check", "gate", "-p", "x")
    assert ended.status == 1
    (line,) = [line for line in ended.out.splitlines() if " D001 " in line]
    assert line == (
        f"{folder}/en.yaml:5: D001 'own' (appeal, x) is 20 too long (300 of 280); shorten it"
    )
    problems = json.loads(command("check", "gate", "-p", "x", "--json").out)["problems"]
    (errors,) = [p for p in problems if p["level"] == "error"]
    assert (errors["action"], errors["line"], errors["code"]) == ("gate", 5, "D001")


def test_check_gives_the_place_of_a_template_s_fault(project, command):
    project.template("en/thanks.j2", "Hello\n{{ titel }}\n")
    ended = command("check", "gate", "-p", "x")
    assert ended.status == 1
    (line,) = [line for line in ended.out.splitlines() if "thanks" in line]
    assert line.startswith(f"{project.root}/templates/en/thanks.j2:2: C002 'titel' is undefined")


def test_count_tells_length_limit_and_fit(command):
    counts = answer(command("count", "--platform", "x", "--json", "niñez 👍"))["counts"]
    assert counts == [
        {"platform": "x", "length": 8, "limit": 280, "fits": True, "stated": True},
    ]
    assert "20 too long" in command("count", "-p", "x", "a" * 300).out


def test_count_reads_standard_input(uasocial):
    ended = uasocial("count", "-p", "bluesky", given="👩‍👩‍👧\n")
    assert ended.status == 0
    assert ended.out.split()[:4] == ["Bluesky", "1", "of", "300"]


def test_count_jsonl_answers_each_line_and_goes_on_after_errors(uasocial):
    lines = ['"one"', "nonsense", "5", '"\\ud800"', "", '"two\\nlines"', "[" * 100_000, '"three"']
    ended = uasocial("count", "--platform", "x", "--jsonl", given="\n".join(lines))
    assert (ended.status, ended.err) == (0, "")
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert [found.get("length") for found in answers] == [3, None, None, None, None, 9, None, 5]
    assert answers[0] == {"length": 3, "limit": 280, "fits": True}
    assert all(set(found) == {"error"} for found in answers if "length" not in found)


def test_count_jsonl_skips_a_line_that_is_too_long(uasocial):
    given = f'"{"a" * 1_200_000}"\n"b"\n'
    ended = uasocial("count", "-p", "x", "--jsonl", given=given)
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert "longer than 1,000,000 bytes" in answers[0]["error"]
    assert answers[1]["length"] == 1
    assert len(answers) == 2


def test_plugins_json_lists_our_own(command):
    plugins = answer(command("plugins", "--json"))["plugins"]
    assert {"uasocial.platforms", "uasocial.words", "uasocial.rules"} <= {
        p["name"] for p in plugins
    }
    assert all(set(plugin) == {"name", "source", "version", "error"} for plugin in plugins)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(command, shell):
    ended = command("completion", shell)
    assert ended.status == 0
    assert f"_UASOCIAL_COMPLETE={shell}_complete" in ended.out


def test_actions_are_completed(uasocial):
    ended = uasocial(
        _UASOCIAL_COMPLETE="bash_complete", COMP_WORDS="uasocial share ua", COMP_CWORD="2"
    )
    assert ended.out.splitlines() == ["plain,ua-119-21"]


def test_a_reader_that_has_seen_enough_ends_it_without_a_traceback(tmp_path):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", "from uasocial.cli import main; main()", "preview", "ua-119-21"],
        cwd=tmp_path,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write)
    assert done.stderr == b""
    assert done.returncode in (0, 1)


def test_a_terminal_that_cannot_show_a_character_gets_its_number(uasocial):
    # Not ASCII: click takes that for a mistake, and writes UTF-8.
    narrow = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    ended = uasocial("show", "school-in-the-hills", "-l", "ar", **narrow)
    assert (ended.status, ended.err) == (0, "")
    title = "افتحوا مدرسة التلال من جديد"
    assert title.encode("latin-1", "backslashreplace").decode("latin-1") in ended.out
