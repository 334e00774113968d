"""`uasocial tour`: each step is a real command, on a case of its own; nothing else is touched."""

import json
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from uasocial.cli.tour_steps import steps

MAIN = (sys.executable, "-c", "from uasocial.cli import main; main()", "tour")


class Tour(NamedTuple):
    """A tour that was run through, from within the project of a reader."""

    folder: Path
    reader: Path
    before: dict[Path, str | None]
    done: "subprocess.CompletedProcess[str]"


def files(folder: Path) -> dict[Path, str | None]:
    return {
        path: path.read_text(encoding="utf-8") if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def tour(tmp_path_factory) -> Tour:
    reader = tmp_path_factory.mktemp("reader")
    (reader / "actions").mkdir()
    (reader / "uasocial.toml").write_text("", encoding="utf-8")
    folder = tmp_path_factory.mktemp("new") / "my tour"
    before = files(reader)
    environment = {
        "PYTHONUTF8": "1",
        "UASOCIAL_PROJECT": str(reader),
        "UASOCIAL_CONFIG": str(reader / "config"),
        "UASOCIAL_LEDGER_URL": f"sqlite:///{reader / 'ledger.db'}",
    }
    done = subprocess.run(
        [*MAIN, str(folder)],
        cwd=reader,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    return Tour(folder, reader, before, done)


def test_without_a_terminal_it_runs_through_and_each_step_ends_as_it_should(tour):
    assert tour.done.returncode == 0, tour.done.stderr
    typed = [line[2:] for line in tour.done.stdout.splitlines() if line.startswith("$ ")]
    wanted = steps(tour.folder, datetime.now(UTC))
    names = [shlex.split(step.typed)[0] for step in wanted]
    assert [shlex.split(line)[1] for line in typed] == names
    assert typed[0] == f"uasocial init '{tour.folder}'"
    assert tour.done.stdout.count("as it should be") == sum(step.status != 0 for step in wanted)
    assert f"{tour.folder} stays" in tour.done.stdout


def test_it_goes_from_share_to_check_letter_publish_ledger_and_stop(tour):
    order = ["share", "check", "letter", "publish", "queue", "stop", "ledger"]
    names = [step.typed.split()[0] for step in steps(tour.folder, datetime.now(UTC))]
    assert [name for name in dict.fromkeys(names) if name in order] == order


def test_each_step_shows_what_its_command_said(tour):
    out, err = tour.done.stdout, tour.done.stderr
    assert "https://x.com/intent/tweet?text=" in out
    assert "P002 post 'official' holds 'Old Mill Road'" in out
    assert "Embassy of Orvania\nBeispielweg 900" in out
    assert "--- wall (bluesky, en)\n#Orvania: Samar Belkori asked" in out
    assert "says these very words already" in err
    assert "stopped; 1 post cancelled" in out


def test_the_ledger_has_the_one_post_and_the_cancelled_one(tour, command):
    ended = command("--project", str(tour.folder), "ledger", "--format", "json")
    posts = json.loads(ended.out)["posts"]
    told = [(post["wording"], post["state"], post["asked_by"]) for post in posts]
    assert told == [("teacher", "sent", "newcomer"), ("demands", "cancelled", "newcomer")]


def test_the_case_is_stopped_and_its_planted_fault_is_mended(tour, command):
    ended = command("--project", str(tour.folder), "list")
    assert "was stopped on" in ended.out
    words = (tour.folder / "actions/school-in-the-hills/en.yaml").read_text(encoding="utf-8")
    assert "Old Mill Road" not in words


def test_the_reader_s_project_ledger_and_settings_are_not_touched(tour):
    assert files(tour.reader) == tour.before


def test_the_folder_must_be_new(command, tmp_path):
    ended = command("tour", str(tmp_path))
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"{tmp_path}: is there already; name a new folder\n"


def test_the_folder_must_not_lie_in_a_project(command, cases):
    ended = command("tour", str(cases.root / "actions" / "tour"))
    assert ended.status == 1
    assert f"would lie in the project {cases.root.resolve()}" in ended.err
    assert list((cases.root / "actions").iterdir()) == []


def test_a_step_that_ends_otherwise_ends_the_tour_with_a_line_that_says_so(uasocial, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = uasocial("tour", str(tmp_path / "file" / "tour"))
    assert ended.status == 1
    assert "ended with status 1, and not with 0" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    assert "\n2/" not in ended.out


# --- on a terminal -----------------------------------------------------------------------------


class Terminal:
    """The command line on a pseudo-terminal."""

    def __init__(self, *args: str, **environment: str) -> None:
        self.master, slave = os.openpty()
        self.said = ""
        self.process = subprocess.Popen(
            [*MAIN, *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
        )
        os.close(slave)

    def until(self, words: str | None) -> str:
        """Read until *words* are said, or to the end; return all that was said so far."""
        # Where all have closed the other end, Linux answers with an error and not with "".
        with suppress(OSError):
            while words is None or words not in self.said:
                read = os.read(self.master, 4096)
                if not read:
                    break
                self.said += read.decode(errors="replace")
        assert words is None or words in self.said, self.said
        return self.said

    def type(self, words: str) -> None:
        os.write(self.master, words.encode())

    def ended(self) -> int:
        self.until(None)
        return self.process.wait(60)


@pytest.fixture
def terminal(tmp_path):
    """Start tours whose temporary folder is *tmp_path*; what is left of them is ended."""
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no pseudo-terminals")
    started = []

    def start(*args: str) -> Terminal:
        started.append(Terminal(*args, TMPDIR=str(tmp_path)))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        os.close(one.master)


def test_on_a_terminal_it_waits_and_q_ends_it(terminal, tmp_path):
    tour = terminal(str(tmp_path / "tour"))
    assert "\n2/" not in tour.until("q ends the tour")
    tour.type("\n")
    tour.until("uasocial list")
    tour.until("22 days left")
    tour.type("q\n")
    tour.until("[y/N]")
    tour.type("n\n")
    assert tour.ended() == 0
    assert f"{tmp_path / 'tour'} stays" in tour.said
    assert "\n3/" not in tour.said
    assert (tmp_path / "tour" / "uasocial.toml").is_file()


def test_the_temporary_folder_goes_at_the_end_on_request(terminal, tmp_path):
    tour = terminal("--remove")
    tour.until("q ends the tour")
    assert len(list(tmp_path.iterdir())) == 1
    tour.type("q\n")
    assert tour.ended() == 0
    assert "is not there any more" in tour.said
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_it_with_one_line_and_leaves_only_its_folder(terminal, tmp_path):
    tour = terminal()
    tour.until("q ends the tour")
    told = len(tour.said)
    tour.process.send_signal(signal.SIGINT)
    assert tour.ended() == 1
    lines = tour.said[told:].strip().splitlines()
    (folder,) = tmp_path.iterdir()
    assert lines == [f"The tour is interrupted. {folder} stays: look around in it, or remove it."]
    assert [path.name for path in folder.iterdir()] == ["tour"]


def test_an_interrupt_lets_the_command_at_work_end_what_it_has_begun(terminal, tmp_path):
    tour = terminal()
    tour.until("$ uasocial init")
    tour.process.send_signal(signal.SIGINT)
    assert tour.ended() == 1
    assert "Traceback" not in tour.said
    (folder,) = tmp_path.iterdir()
    # Whole, or not begun: the interrupt may come before the command does.
    for path in folder.iterdir():
        assert path.name == "tour"
        made = {one.name for one in path.iterdir()}
        assert made == {"actions", "schemas", "templates", "uasocial.toml"}
