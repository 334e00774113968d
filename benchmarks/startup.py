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
# Run the command in this process, and print every module that is not ours.
MODULES = f"""
import contextlib, io, sys
sys.argv = {["uasocial", *SHARE[1:]]!r}
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.suppress(SystemExit):
    from uasocial.cli import main
    main()
print(*(name for name in sys.modules if not name.startswith(("uasocial", "__"))), file=sys.stderr)
"""


def imports() -> list[str]:
    """Return a command that imports all that the command imports of others, and nothing else."""
    ran = subprocess.run(
        [sys.executable, "-c", MODULES], capture_output=True, text=True, check=True, cwd=BIN
    )
    names = [name for name in ran.stderr.split() if name.replace(".", "_").isidentifier()]
    lines = "\n".join(f"    'import {name}'," for name in names)
    # One that cannot be imported by its name was made by another, which is in the list as well.
    body = f"for line in (\n{lines}\n):\n    try: exec(line)\n    except ImportError: pass"
    return [sys.executable, "-c", body]


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
    commands = {"uasocial share": SHARE, "its libraries, imported": imports()}
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
