"""A program of the project's own, run after something has happened to an action: `[after]`.

It undoes nothing: what has happened stays so, whatever becomes of the program.
"""

import hashlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, NamedTuple

from uasocial.accounts import ledger_of
from uasocial.errors import UasocialError, printable
from uasocial.platforms.discreet import without
from uasocial.plugins import trust

if TYPE_CHECKING:
    from uasocial.settings import Event
    from uasocial.toolkit import Toolkit

__all__ = ["Report", "run"]

OURS = "UASOCIAL_"
# Of our own variables, those that hold no secret.
PLAIN = frozenset({"UASOCIAL_CONFIG", "UASOCIAL_NAME", "UASOCIAL_PROJECT", "UASOCIAL_TESTS"})
# What the program must not print, wherever it has it from; a shorter value hides half of a text.
_SECRET = re.compile("TOKEN|SECRET|PASSW|CREDENTIAL|KEY", re.IGNORECASE)
SHORTEST = 6

MOST_BYTES, MOST_LINES, MOST_LENGTH = 32_000, 20, 500
# So long a program that is to end may tidy up, and its last words are waited for, in seconds.
GRACE = 5.0


class Report(NamedTuple):
    """How the program ended: *status* is None where it could not begin, or had to be ended.

    *lines* are the last of what it said; *unrecorded* is why the ledger has taken no note of it.
    """

    command: str
    status: int | None
    why: str
    lines: tuple[str, ...]
    unrecorded: str = ""

    @property
    def whole(self) -> bool:
        return self.status == 0 and not self.unrecorded


def run(kit: "Toolkit", event: "Event", action: str | None, by: str) -> Report | None:
    """Run the project's program after *event*; None where it has none for that.

    *action* None stands for all. Nothing is raised for a program that fails, hangs or is not there,
    or that nobody trusts on this machine: the report says so.
    """
    root, stated = kit.project.root, kit.project.settings.after
    if root is None or stated is None or event not in stated.on:
        return None
    said = {"ACTION": action or "", "EVENT": event, "PROJECT": str(root.resolve())}
    environment = _environment(os.environ) | {f"{OURS}{name}": what for name, what in said.items()}
    file = kit.project.file
    if trust.trusts_command(file, stated.command):
        status, why, output = _carry_out(stated.command, root, environment, stated.seconds)
    else:
        # A folder from elsewhere must run nothing.
        status, output = None, b""
        why = (
            "it is not trusted on this machine: read [after] in the file, then `uasocial plugins "
            f"trust {file}`"
        )
    lines = _last_lines(output, _secrets(os.environ))
    report = Report(printable(stated.command[0]), status, why, lines)
    return report._replace(unrecorded=_put_on_record(kit, event, action, by, report))


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without anything of ours that may be a secret."""
    return {name: what for name, what in given.items() if not _is_hidden(name)}


def _is_hidden(name: str) -> bool:
    return name.startswith(OURS) and name not in PLAIN


def _secrets(given: Mapping[str, str]) -> list[str]:
    named = [what for name, what in given.items() if _is_hidden(name) or _SECRET.search(name)]
    return [what for what in named if len(what) >= SHORTEST]


# --- the program -------------------------------------------------------------------------------


class _Tail(Thread):
    """Reads a stream to its end, however long it is, and keeps the last of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream, self.kept, self.is_cut = stream, b"", False

    def run(self) -> None:
        with self._stream as stream:
            while data := os.read(stream.fileno(), MOST_BYTES):
                self.is_cut = self.is_cut or len(self.kept) + len(data) > MOST_BYTES
                self.kept = (self.kept + data)[-MOST_BYTES:]

    def whole_lines(self) -> bytes:
        """Return what was kept, without the rest of a line: half a secret would not be known."""
        return self.kept.partition(b"\n")[2] if self.is_cut else self.kept


def _carry_out(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: int
) -> tuple[int | None, str, bytes]:
    """Run a program for some seconds at most; return its status, what is wrong, and its output."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the settings of the project name it; no shell
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: what it has started ends with it.
            start_new_session=True,
        )
    except OSError as error:
        return None, f"it cannot be started: {error.strerror or error}", b""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    tail = _Tail(process.stdout)
    tail.start()
    status: int | None = None
    why = f"it took longer than {seconds} s, and was ended"
    try:
        status = process.wait(seconds)
        why = f"it was ended by signal {-status}" if status < 0 else ""
    except subprocess.TimeoutExpired:
        pass
    finally:
        if status is None:
            _end(process)
    # What it has left running may hold on to its output for ever.
    tail.join(GRACE)
    return status, why, tail.whole_lines()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program and all that it has started, gently first."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.kill()
    except OSError:
        # It is gone already, with all that it had started.
        return


def _last_lines(output: bytes, secrets: Sequence[str]) -> tuple[str, ...]:
    text = without(output.decode("utf-8", "replace"), secrets)
    lines = [printable(line)[:MOST_LENGTH] for line in text.splitlines() if line.strip()]
    return tuple(lines[-MOST_LINES:])


# --- on record ---------------------------------------------------------------------------------


def _put_on_record(
    kit: "Toolkit", event: "Event", action: str | None, by: str, report: Report
) -> str:
    """Put on record how the program ended; return why that could not be, or ``""``.

    What it said may hold a name: the chain keeps the digest of it, for nothing leaves the chain.
    """
    from uasocial.outbox.history import ran  # noqa: PLC0415 - most projects have no such program

    output = hashlib.sha256("\n".join(report.lines).encode()).hexdigest()
    said = {"action": action or "", "event": event, "status": report.status, "output": output}
    try:
        ran(ledger_of(kit), by, said)
    except UasocialError as error:
        return str(error)
    return ""
