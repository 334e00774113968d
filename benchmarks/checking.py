"""`uasocial check` on many cases, against parsing their YAML alone.

    .venv/bin/python benchmarks/checking.py [--cases 1000] [--rounds 5]

A case is the sample ua-119-21 in its four languages, under a number of its own, which stands in its
links and index too: no two cases have a draft with a link in common. It is measured as it is; with
names to protect (a person who has not consented, with a second spelling, and two words that are not
to be posted); and with posts that are templates of their own, which each have to be compiled. All
runs are processes of their own. CPU time (user and system); within a process check and parsing do
the same files, and the ratio is taken there. It needs no Windows.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from uasocial.settings import packaged

UASOCIAL = str(Path(sys.executable).parent / "uasocial")
DAY = "2021-12-01"
FEWER = 10
PERSON = "  - name: Samar Belkori\n    spellings: [سمر بلقوري]\n"
WORDS = "do_not_post: [Mill Road, Тамара Паркер]\n"
# Parse all the files as check does, with PyYAML's C loader, and check; print seconds of CPU.
TIMED = f"""
import json, sys, time
from datetime import datetime
from pathlib import Path
import yaml
from uasocial.model import tree
from uasocial.settings import find_project
from uasocial.toolkit import Toolkit

def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start

def parse():
    for path in paths:
        tree.read(path)

def load():
    for path in paths:
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)

def check():
    kit.check(names, platforms, whole=True)

paths = sorted(Path(sys.argv[1]).glob("actions/*/*.yaml"))
now = datetime.fromisoformat("{DAY}T12:00+00:00")
kit = Toolkit(find_project(sys.argv[1]), now, rehearsal=True)
names, platforms = kit.action_ids(), kit.choose([])
print(json.dumps([seconds(work) for work in (check, parse, load)]))
"""


def plain(sample: dict[str, str]) -> dict[str, str]:
    return sample


def named(sample: dict[str, str]) -> dict[str, str]:
    """Give the case a person who has not consented, and words that are not to be posted."""
    facts = sample["action.yaml"].replace("people:\n", f"people:\n{PERSON}")
    return sample | {"action.yaml": f"{facts}{WORDS}"}


def apart(sample: dict[str, str]) -> dict[str, str]:
    """Give the posts of the case templates that no other case has."""
    return {
        name: text.replace("{{ action | link }}", "119/21 {{ action | link }}")
        for name, text in sample.items()
    }


KINDS: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "as they are": plain,
    "with names to protect": named,
    "with posts that are templates of their own": apart,
}


def write(folder: Path, sample: dict[str, str], cases: int) -> None:
    """Write a project of so many cases, each *sample* with a number of its own."""
    for number in range(1, cases + 1):
        case = folder / "actions" / f"ua-{number}-21"
        case.mkdir(parents=True)
        for name, text in sample.items():
            own = text.replace("119/21", f"{number}/21").replace("5033/", f"{number:04}/")
            (case / name).write_text(own, "utf-8")
    (folder / "uasocial.toml").touch()


def run(command: list[str]) -> tuple[float, float, str]:
    """Return the CPU seconds of one run of *command*, its megabytes at most, and its output."""
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command[0]} failed with {process.returncode}")
        out.seek(0)
        # Linux counts kilobytes, macOS bytes.
        unit = 1_000_000 if sys.platform == "darwin" else 1000
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, out.read().decode()


def compare(many: Path, few: Path, cases: int, rounds: int) -> None:
    timed = [json.loads(run([sys.executable, "-c", TIMED, str(many)])[2]) for _ in range(rounds)]
    print(f"  {'within a process':<36}{'cases a second':>16}{'check / it':>14}")
    for at, what in enumerate(("check", "parsing as check does", "parsing by PyYAML's C loader")):
        ratio = statistics.median(row[0] / row[at] for row in timed)
        rate = cases / statistics.median(row[at] for row in timed)
        print(f"  {what:<36}{rate:>16,.0f}{ratio:>14.1f}")
    whole = [(run(_check(many)), run(_check(few))) for _ in range(rounds)]
    print(f"  {'uasocial check':<36}{'CPU seconds':>16}{'MB at most':>14}")
    for at, count in enumerate((cases, cases // FEWER)):
        seconds = statistics.median(row[at][0] for row in whole)
        memory = statistics.median(row[at][1] for row in whole)
        print(f"  {f'{count:,} cases':<36}{seconds:>16.2f}{memory:>14.0f}")
    memory = statistics.median(all_of[1] / some[1] for all_of, some in whole)
    print(f"  {f'memory, of {cases:,} to {cases // FEWER:,}':<52}{memory:>14.2f}")


def _check(project: Path) -> list[str]:
    return [UASOCIAL, "--project", str(project), "check", "--as-of", DAY]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    paths = (packaged("actions") / "ua-119-21").glob("*.yaml")
    sample = {path.name: path.read_text("utf-8") for path in paths}
    for kind, changed in KINDS.items():
        print(f"cases {kind}")
        with tempfile.TemporaryDirectory() as folder:
            many, few = Path(folder, "many"), Path(folder, "few")
            write(many, changed(sample), options.cases)
            write(few, changed(sample), options.cases // FEWER)
            compare(many, few, options.cases, options.rounds)


if __name__ == "__main__":
    main()
