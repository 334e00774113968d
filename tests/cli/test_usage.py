"""What is asked wrongly is answered in a line that says what to do, with the right status."""

import pytest

ACTION = ("ua-119-21", "--as-of", "2021-12-01")

# Arguments, exit status, and a part of the last line.
WRONG = {
    "an unknown command": (("shrae",), 2, "there is no command 'shrae'; did you mean 'share'?"),
    "an unknown action": (("share", "ua-119-12"), 1, "did you mean 'ua-119-21'?"),
    "an action far from all": (("share", "zzz"), 1, "there are: school-in-the-hills, ua-119-21"),
    "a path for an action": (("show", "../../etc"), 1, "no action '../../etc'"),
    "an unknown action to check": (("check", "ua-119-12"), 1, "did you mean 'ua-119-21'?"),
    "an unknown language": (("share", *ACTION, "-l", "et"), 1, "no language 'et'; did you mean"),
    "an unknown platform": (("share", *ACTION, "-p", "blusky"), 1, "did you mean 'bluesky'?"),
    "an unknown platform to count": (("count", "-p", "blusky", "x"), 1, "'bluesky'"),
    "an unknown occasion": (("share", *ACTION, "-o", "apeal"), 1, "did you mean 'appeal'?"),
    "an unknown wording": (("share", *ACTION, "-w", "documint"), 1, "did you mean 'documents'?"),
    "an unknown wording of preview": (
        ("preview", *ACTION, "-w", "documint"),
        1,
        "did you mean 'documents'?",
    ),
    "a wording of another platform": (
        ("share", *ACTION, "-w", "official", "-p", "bluesky"),
        1,
        "is for none of the platforms",
    ),
    "an instance with https": (
        ("share", *ACTION, "--instance", "https://mastodon.social"),
        2,
        "write it as mastodon.social",
    ),
    "an instance that is no host": (("share", *ACTION, "--instance", "a b"), 2, "is no host"),
    "a day that is none": (("list", "--as-of", "2021-02-30"), 2, "is no day"),
    "a moment without zone": (("list", "--as-of", "2021-02-03T10:00"), 2, "has no zone"),
    "an unknown option": (("list", "--jsn"), 2, "No such option"),
    "a missing argument": (("share",), 2, "Missing argument"),
    "a project that is none": (("--project", "nowhere", "list"), 1, "uasocial init nowhere"),
    "two platforms for jsonl": (("count", "--jsonl", "-p", "x", "-p", "sms"), 2, "one --platform"),
    "an unknown shell": (("completion", "tcsh"), 2, "'tcsh' is not one of"),
    "a control character": (("share", "\x1b[31mred"), 1, r"no action '\x1b[31mred'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_question_gets_one_line_and_the_right_status(command, what):
    args, status, sentence = WRONG[what]
    ended = command(*args)
    assert (ended.status, ended.out) == (status, "")
    assert sentence in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    # A usage error says the usage first.
    assert len(ended.err.splitlines()) == 1 or (status == 2 and ended.err.startswith("Usage:"))


def test_a_fault_ends_the_process_with_its_status_and_no_traceback(uasocial):
    ended = uasocial("share", "ua-119-12")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "no action 'ua-119-12'; did you mean 'ua-119-21'?\n"


def test_broken_files_are_one_line_each_on_share_too(cases, uasocial):
    folder = cases.write()
    (folder / "en.yaml").write_text("title:\nlead: [\n")
    (folder / "action.yaml").write_text("countries: [XX]\ncolour: red\n")
    ended = uasocial("--project", str(cases.root), "share", "gate")
    assert (ended.status, ended.out) == (1, "")
    assert "Traceback" not in ended.err
    lines = ended.err.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("project/actions/gate/") for line in lines)


@pytest.mark.parametrize("data", [b'"\xff', b"\xff\xfe", b"\x80"])
def test_standard_input_that_is_no_utf_8_is_told(tmp_path, data):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "from uasocial.cli import main; main()", "count", "-p", "x"],
        cwd=tmp_path,
        input=data,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"standard input, line 1: is not UTF-8\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("platform = ['x']\n", "line 1: unknown key 'platform'; did you mean 'platforms'?"),
        ("time_zone = 'Mars'\n", "line 1: time_zone must be an IANA name such as Europe/Zurich"),
        ("time_zone = 'Europe/Bern'\n", "there is no time zone 'Europe/Bern'"),
        ("platforms = 'x'\n", "expected `array`"),
        ("= 1\n", "is not valid TOML"),
    ],
)
def test_wrong_settings_are_one_line_with_their_file(cases, command, settings, sentence):
    cases.settings(settings)
    ended = command("--project", str(cases.root), "list")
    assert ended.status == 1
    assert ended.err.startswith(f"{cases.root / 'uasocial.toml'}: ")
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1
