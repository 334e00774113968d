"""`check` is a linter: status, summary, JSON, silence and `--explain`; `translated` records."""

import json

import pytest

from uasocial.rules import examples

SILENCE = '[[silence]]\nrule = "L004"\naction = "gate"\nreason = "The page has no body."\n'


@pytest.fixture
def check(tmp_path, command):
    """Write an example as a project and check it, as of its day."""

    def run(example: str, *args: str):
        day = examples.write(example, tmp_path)
        return command("--project", str(tmp_path), "check", "--as-of", str(day), *args)

    return run


def test_a_case_without_a_fault_says_so(check):
    ended = check("{}")
    assert (ended.status, ended.out, ended.err) == (0, "", "nothing wrong in 1 action\n")


def test_warnings_alone_exit_0_and_with_strict_1(check):
    ended = check("es: {body: null}")
    assert (ended.status, ended.err) == (0, "1 warning in 1 action\n")
    (line,) = ended.out.splitlines()
    assert line.endswith("es.yaml:1: L004 has no body, and 'en' has; translate it")
    ended = check("es: {body: null}", "--strict")
    assert (ended.status, ended.err) == (1, "1 error in 1 action\n")


def test_errors_and_warnings_are_counted(check):
    ended = check("{es: {body: null, letter: {closing: null}}, action: {link: {es: null}}}")
    assert (ended.status, ended.err) == (1, "1 error and 2 warnings in 1 action\n")


def test_json_has_each_problem_with_its_fix_and_what_is_silenced_with_its_reason(check):
    silence = "settings: |\n" + "".join(f"  {line}\n" for line in SILENCE.splitlines())
    ended = check(silence + "es: {body: null, letter: {closing: null}}\n", "--json")
    found = json.loads(ended.out)
    assert (ended.status, found["schema"]) == (0, 1)
    (problem,) = found["problems"]
    assert list(problem) == ["action", "path", "line", "code", "level", "message", "fix"]
    assert problem["path"].endswith("actions/gate/es.yaml")
    assert problem["line"] > 1
    kept = {key: problem[key] for key in ("action", "code", "level", "message", "fix")}
    assert kept == {
        "action": "gate",
        "code": "L015",
        "level": "warning",
        "message": "the letter has no closing",
        "fix": "add `closing`",
    }
    (silenced,) = found["silenced"]
    assert (silenced["code"], silenced["reason"]) == ("L004", "The page has no body.")


def test_the_summary_tells_how_many_are_silenced(check):
    silence = "settings: |\n" + "".join(f"  {line}\n" for line in SILENCE.splitlines())
    assert check(silence + "es: {body: null}\n").err == "nothing wrong in 1 action; 1 silenced\n"


def test_a_silence_of_an_error_stops_check_with_one_line(check):
    settings = 'settings: |\n  [[silence]]\n  rule = "P001"\n  reason = "We may."\n'
    ended = check(settings)
    assert (ended.status, ended.out) == (1, "")
    assert "uasocial.toml: line 1: P001 cannot be silenced" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_file_with_faults_does_not_hide_the_drafts_of_the_others(check):
    ended = check("{es: {colour: red}, en: {posts: [{id: gate, text: Open the gate}]}}")
    codes = {line.split()[1] for line in ended.out.splitlines()}
    assert (ended.status, codes) == (1, {"C001", "D008"})


def test_explain_tells_sentence_reason_fix_and_examples(command):
    ended = command("check", "--explain", "c012")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[0].startswith("C012 While a case is open,")
    assert "To mend it: look it up, and set `confirmed_on`." in lines
    assert "    holder: {confirmed_on: 2025-12-01}" in lines
    assert "silence" in ended.out
    assert "silence" not in command("check", "--explain", "P001").out


def test_explain_as_json_is_the_rule_as_data(command):
    (rule,) = json.loads(command("check", "--explain", "P001", "--json").out)["rules"]
    assert (rule["code"], rule["level"], rule["can_be_silenced"]) == ("P001", "error", False)


def test_explain_of_an_unknown_code_names_the_nearest(command):
    ended = command("check", "--explain", "P0001")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "no rule 'P0001'; did you mean 'P001'?\n"


# --- translated ------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    examples.write("{}", tmp_path)
    return tmp_path


def translated(command, project, *args: str):
    return command("--project", str(project), "translated", "gate", *args)


def change(project, old: str, new: str) -> None:
    path = project / "actions" / "gate" / "en.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_translated_records_the_source_and_keeps_the_comments(command, project):
    path = project / "actions" / "gate" / "es.yaml"
    text = "# by Ana\n" + path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    ended = translated(command, project, "es")
    assert (ended.status, ended.err) == (0, "")
    assert "a translation of en as it is now (6 parts)" in ended.out
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# by Ana\n")
    assert "translated_from:" in written


def test_check_tells_which_parts_changed_since_until_it_is_recorded_anew(command, project):
    checked = ("--project", str(project), "check", "--as-of", "2026-01-20")
    translated(command, project, "es")
    assert command(*checked).out == ""
    change(project, "The gate of the park is closed.", "The gate is closed.")
    (line,) = command(*checked).out.splitlines()
    assert "L001 is behind 'en', where these changed since: lead; translate" in line
    translated(command, project, "es")
    assert command(*checked).out == ""


def test_translated_asks_for_the_source_where_there_are_several(command, project):
    folder = project / "actions" / "gate"
    (folder / "fr.yaml").write_text((folder / "es.yaml").read_text("utf-8"), "utf-8")
    ended = translated(command, project, "es")
    assert ended.status == 1
    assert "name the language that es was made from with --from: en, fr" in ended.err
    assert translated(command, project, "es", "--from", "fr").status == 0
    # The one on record is taken again.
    assert "a translation of fr" in translated(command, project, "es").out


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("et",), "no language 'et'; did you mean 'es'?"),
        (("es", "--from", "es"), "no other language 'es'"),
        (("es", "--from", "eng"), "did you mean 'en'?"),
    ],
)
def test_translated_names_what_there_is(command, project, args, sentence):
    ended = translated(command, project, *args)
    assert (ended.status, ended.out) == (1, "")
    assert sentence in ended.err


def test_the_sample_is_not_changed(command):
    ended = command("translated", "ua-119-21", "es", "--from", "en")
    assert ended.status == 1
    assert "uasocial init" in ended.err
