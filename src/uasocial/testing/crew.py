"""Workers as processes: started, killed at a step or at random, put to sleep, and replaced."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import msgspec

from uasocial.testing.closing import Closing
from uasocial.testing.worker import Settings

__all__ = ["Crew"]

# A worker is killed at the first, second, … time that it reaches its step.
MOST_COUNT = 6


class _Worker(NamedTuple):
    """A process, and the step at which something is done to it."""

    process: subprocess.Popen[bytes]
    step: str


class Crew(Closing):
    """Keeps *size* workers at work; each is given the next of *plan*: a step and a signal.

    *done* counts what was done to them; *asleep* is how long a stopped one sleeps, in seconds.
    """

    def __init__(  # noqa: PLR0913 - what a crew is
        self,
        settings: Settings,
        size: int,
        plan: Sequence[tuple[str, str]],
        logs: Path,
        *,
        asleep: float,
        seed: int = 1,
        command: Sequence[str] = ("-m", "uasocial.testing.worker"),
    ) -> None:
        self.done: Counter[str] = Counter()
        self._settings, self._plan, self._logs = settings, cycle(plan), logs
        self._asleep, self._command, self._size = asleep, command, size
        self._chance = random.Random(seed)  # noqa: S311 - the same each time
        self._workers: list[_Worker] = []
        self._woken_at: dict[int, float] = {}
        self._begun = 0

    @property
    def kills(self) -> int:
        return sum(n for what, n in self.done.items() if what.startswith("SIGKILL"))

    def tend(self) -> None:
        """Replace who is dead, and wake who has slept for long enough."""
        for worker in list(self._workers):
            if worker.process.poll() is not None:
                self._bury(worker)
            else:
                self._wake(worker)
        while len(self._workers) < self._size:
            self._start()

    def kill_one(self) -> None:
        """Kill any of them, wherever it is."""
        place = self._chance.randrange(len(self._workers))
        worker = self._workers[place]
        if worker.process.poll() is None:
            self._workers[place] = worker._replace(step="random")
            worker.process.kill()

    def close(self) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.process.wait()

    def _start(self) -> None:
        self._begun += 1
        step, sign = next(self._plan)
        given = msgspec.structs.replace(
            self._settings,
            name=f"worker-{self._begun}",
            step=step,
            count=self._chance.randint(1, MOST_COUNT),
            sign=sign or "SIGKILL",
        )
        with (self._logs / f"worker-{self._begun}.log").open("wb") as log:
            worker = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, *self._command], stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        if worker.stdin is not None:
            with worker.stdin as into:
                into.write(msgspec.json.encode(given))
        self._workers.append(_Worker(worker, step))

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        status = worker.process.returncode
        if status != -signal.SIGKILL:
            raise RuntimeError(f"a worker ended by itself, with {status}: see its log")
        self.done[f"SIGKILL at {worker.step}"] += 1

    def _wake(self, worker: _Worker) -> None:
        now, pid = time.monotonic(), worker.process.pid
        if pid not in self._woken_at:
            flags = os.WSTOPPED | os.WNOHANG
            if os.waitid(os.P_PID, pid, flags) is not None:
                self._woken_at[pid] = now + self._asleep
        elif now > self._woken_at[pid]:
            os.kill(pid, signal.SIGCONT)
            del self._woken_at[pid]
            self.done[f"SIGSTOP at {worker.step}"] += 1
