"""Whole processes: `uasocial share` against what it imports, and against other tools' --version.

    .venv/bin/python benchmarks/startup.py [--runs 15] [--toot PROGRAM] [--apprise PROGRAM]

The commands run in turn, so that a machine that slows down slows all of them; the ratio of each
pair of runs is taken, and the median of the ratios printed. CPU time (user and system), because
wall time also measures what else the machine does.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
SHARE = [str(BIN / "uasocial"), "share", "ua-119-21", "--as-of", "2021-12-01"]
# What the command needs of others: the libraries on its path, as it imports them.
LIBRARIES = (
    "click, jinja2.sandbox, jinja2.ext, regex, msgspec, msgspec.structs, yaml, pluggy, "
    "importlib.metadata, json, zoneinfo, urllib.parse, unicodedata, babel.dates, babel.lists, "
    "babel.numbers"
)
IMPORTS = [sys.executable, "-c", f"import {LIBRARIES}"]


def seconds(command: list[str]) -> float:
    """Return the CPU time of one run of *command*, which must succeed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=BIN) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--toot", help="a toot program to compare with")
    parser.add_argument("--apprise", help="an apprise program to compare with")
    options = parser.parse_args()
    commands = {"uasocial share": SHARE, "its libraries, imported": IMPORTS}
    for name in ("toot", "apprise"):
        if getattr(options, name):
            commands[f"{name} --version"] = [getattr(options, name), "--version"]
    for command in commands.values():
        seconds(command)
    runs = [{name: seconds(c) for name, c in commands.items()} for _ in range(options.runs)]
    print(f"{'command':<26} {'CPU ms, median':>14} {'share / it':>11}")
    for name in commands:
        ratio = statistics.median(run["uasocial share"] / run[name] for run in runs)
        print(f"{name:<26} {1000 * statistics.median(r[name] for r in runs):>14.0f} {ratio:>11.2f}")


if __name__ == "__main__":
    main()
