"""The program of `[after]` is run after what it is for, and its end is told and on record."""

import sys
import time

import pytest

from .conftest import ACCOUNTS, BY, WHY

STOP = ("stop", "gate", *WHY)
SEEN = "import os, sys, json; json.dump(dict(os.environ), open('seen.json', 'w'))"
SHORT = 'timeout = "2s"'


def settings(case, code: str, more: str = "") -> None:
    """Let Python run *code* after all that a program may be run after."""
    (case.project.root / "after.py").write_text(code, encoding="utf-8")
    command = f'command = ["{sys.executable}", "after.py"]'
    case.project.settings(f"{ACCOUNTS}\n[after]\n{command}\n{more}\n")
    trust(case)


def trust(case) -> None:
    """Let the project's program run here, as a person would who has read it."""
    assert case.run("plugins", "trust", str(case.project.root / "uasocial.toml")).status == 0


def ran(case) -> list[dict[str, object]]:
    return [one for one in case.events() if one["kind"] == "after"]


DONE = {
    "stop": STOP,
    "withdraw": ("withdraw", "gate", *WHY),
    "close": ("close", "gate", "--outcome", "closed", *BY),
}


@pytest.mark.parametrize("event", DONE)
def test_the_program_is_run_in_the_project_and_told_what_happened(case, event):
    import json

    settings(case, f"{SEEN}\nprint('the site is built')")
    done = case.run(*DONE[event])
    assert (done.status, done.err) == (0, "")
    assert "the site is built\n" in done.out
    assert done.out.endswith("ended well\n")
    seen = json.loads((case.project.root / "seen.json").read_text(encoding="utf-8"))
    said = [seen[f"UASOCIAL_{name}"] for name in ("ACTION", "EVENT", "PROJECT")]
    assert said == ["gate", event, str(case.project.root.resolve())]
    (told,) = ran(case)
    assert (told["what"], told["who"]) == (
        f"after {event}, the program of the project ended well",
        "Dalia Torvane",
    )


def test_a_stop_of_everything_names_no_action(case):
    settings(case, "import os; print('[%s]' % os.environ['UASOCIAL_ACTION'])")
    assert "[]\n" in case.run("stop", "--all", *WHY).out


def test_no_secret_of_ours_reaches_the_program_or_is_repeated(case, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CON_EN_TOKEN", "of-con-en-only")
    monkeypatch.setenv("OTHER_TOKEN", "of-somebody-else")
    monkeypatch.setenv("UASOCIAL_NAME", "Dalia Torvane")
    code = (
        "import os\n"
        "print(sorted(name for name in os.environ if name.startswith('UASOCIAL_')))\n"
        "print('of-con-en-only', os.environ['OTHER_TOKEN'])\n"
    )
    settings(case, code)
    out = case.run(*STOP).out
    assert "LEDGER_URL" not in out
    assert "CON_EN" not in out
    assert "*** ***\n" in out


def test_a_program_that_fails_is_loud_and_undoes_nothing(case):
    settings(case, "import sys; print('no room on the server'); sys.exit(3)")
    done = case.run(*STOP)
    assert done.status == 1
    assert "AFTER THE STOP" in done.err
    assert "HAS FAILED: exit status 3; nothing is undone" in done.err
    assert "no room on the server" in done.err
    assert "how: stop" in case.file()
    assert [one["what"] for one in ran(case)] == [
        "after stop, the program of the project failed with exit status 3"
    ]


def test_a_program_that_hangs_is_ended_with_all_that_it_has_started(case):
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('child', 'w').write(str(child.pid))\n"
        "print('waiting', flush=True)\n"
        "time.sleep(600)\n"
    )
    settings(case, code, SHORT)
    begun = time.monotonic()
    done = case.run(*STOP)
    assert time.monotonic() - begun < 30
    assert done.status == 1
    assert "it took longer than 2 s, and was ended" in done.err
    assert "waiting" in done.err
    assert "how: stop" in case.file()
    assert not _is_alive(int((case.project.root / "child").read_text()))


def _is_alive(number: int) -> bool:
    """Tell whether a process runs; one that is dead and not yet buried does not."""
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8") as file:  # noqa: PTH123 - of the system
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_that_is_not_there_is_told(case):
    case.project.settings(f'{ACCOUNTS}\n[after]\ncommand = ["no-such-program"]\n')
    trust(case)
    done = case.run(*STOP)
    assert done.status == 1
    assert "it cannot be started: No such file or directory" in done.err
    assert "how: stop" in case.file()


def test_no_shell_reads_the_command(case):
    case.project.settings(f'{ACCOUNTS}\n[after]\ncommand = ["echo", "$HOME; touch x"]\n')
    trust(case)
    assert "$HOME; touch x\n" in case.run(*STOP).out
    assert not (case.project.root / "x").exists()


def test_however_much_it_says_only_the_end_is_kept(case):
    settings(case, "for n in range(200_000): print('line', n)\nprint('\\x1b[31mred')")
    out = case.run(*STOP).out
    told = [line for line in out.splitlines() if ": line " in line]
    assert len(told) == 19
    assert told[-1].endswith(": line 199999")
    assert r"\x1b[31mred" in out


def test_only_what_it_is_for_runs_it_and_no_rehearsal(case):
    settings(case, SEEN, 'on = ["close"]')
    assert case.run("close", "gate", "--outcome", "closed", "--dry-run", *BY).status == 0
    assert case.run(*STOP).status == 0
    assert not (case.project.root / "seen.json").exists()


def test_a_program_is_run_though_the_ledger_is_lost(case, monkeypatch):
    settings(case, SEEN)
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    done = case.run(*STOP)
    assert done.status == 1
    assert "how it ended is not on record" in done.err
    assert "secret" not in done.err
    assert (case.project.root / "seen.json").exists()


WRONG = {
    'command = "make"': "line 2: after: its command must be a list of texts",
    "command = []": "line 2: after: its command must be a list of texts",
    'command = ["make", 1]': "line 2: after: its command must be a list of texts",
    'command = ["make"]\ntimeout = "soon"': "line 3: after: its timeout must be seconds",
    'command = ["make"]\ntimeout = "2d"': "line 3: after: its timeout must be seconds",
    'command = ["make"]\non = ["publish"]': "line 3: after: its on must be a list of stop, ",
    'comand = ["make"]': "unknown key 'comand'; did you mean 'command'?",
    "timeout = 5": "after: it needs a command",
}


@pytest.mark.parametrize("said", WRONG)
def test_a_wrong_setting_is_told_with_its_line(cases, command, monkeypatch, said):
    monkeypatch.chdir(cases.root)
    cases.settings(f"[after]\n{said}\n")
    done = command("list")
    assert done.status == 1
    assert WRONG[said] in done.err


def test_a_program_that_nobody_trusts_here_does_not_run(case):
    """A folder from elsewhere runs nothing; what was stopped is stopped all the same."""
    settings(case, "open('ran', 'w')")
    text = (case.project.root / "uasocial.toml").read_text(encoding="utf-8")
    case.project.settings(text.replace('"after.py"]', '"after.py", "more"]'))
    done = case.run(*STOP)
    assert done.status == 1
    assert "it is not trusted on this machine" in done.err
    assert not (case.project.root / "ran").exists()
    assert case.run("plugins", "trust", str(case.project.root / "uasocial.toml")).status == 0
    assert case.run(*STOP).status == 0
    assert (case.project.root / "ran").exists()
