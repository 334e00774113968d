"""What a publisher's package costs before an account is opened, and what its library would cost.

    .venv/bin/python benchmarks/package_imports.py [--runs 11]

Each in a new process that has already what every run of ours has by then, the plugin host and the
interface of publishers: the processor time to import the package and ask what kinds it has, and
that to import what it publishes with. Then, as whole processes in turn, `uasocial plugins` with all
packages against the same where none is found.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

BASE = "import uasocial.platforms.publisher, uasocial.plugins"
# What each package imports to open an account; Telegram's is of the standard library.
LIBRARIES = {
    "mastodon": ("mastodon",),
    "bluesky": ("atproto_client", "httpx"),
    "x": ("tweepy",),
    "telegram": ("http.client", "ssl"),
    "nostr": ("nostr_sdk", "websockets.sync.client"),
    "apprise": ("apprise",),
}
TIMED = """
import sys, time
{base}
start = time.process_time()
{body}
print(1000 * (time.process_time() - start))
print(*sys.modules)
"""
LISTING = """
import importlib.metadata, sys
{body}
from uasocial.cli import main
sys.argv = ["uasocial", "plugins"]
main()
"""
# They are still looked for, which takes its time with whatever else is installed.
NONE_FOUND = """
look = importlib.metadata.entry_points
importlib.metadata.entry_points = lambda **group: look(**group) and ()
"""


def milliseconds(body: str) -> tuple[float, set[str]]:
    """Return the processor time of *body* in a new process, and what is imported after it."""
    code = TIMED.format(base=BASE, body=body)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    spent, modules = said.stdout.splitlines()
    return float(spent), set(modules.split())


def asked(name: str) -> str:
    """Return how a package is imported, and asked for its kinds."""
    return f"import uasocial_{name}; list(uasocial_{name}.register_publishers())"


def imports(runs: int) -> None:
    print(f"{'package':<12}{'ms':>8}{'its library, ms':>18}{'modules':>9}")
    _, before = milliseconds("")
    for name, libraries in LIBRARIES.items():
        ours, bare = asked(name), f"import {', '.join(libraries)}"
        _, after = milliseconds(ours)
        if early := {one for one in libraries if one in after - before}:
            sys.exit(f"uasocial_{name} imports {', '.join(early)} before an account is opened")
        pairs = [(milliseconds(ours)[0], milliseconds(bare)[0]) for _ in range(runs)]
        mine, its = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"{name:<12}{mine:>8.1f}{its:>18.0f}{len(after - before):>9}")


def seconds(body: str) -> float:
    """Return the processor time of `uasocial plugins` as a whole process."""
    command = [sys.executable, "-c", LISTING.format(body=body)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"uasocial plugins failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def listing(runs: int) -> None:
    seconds("")
    pairs = [(seconds(""), seconds(NONE_FOUND)) for _ in range(runs)]
    ratios = sorted(all_ / none for all_, none in pairs)
    installed, none = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"uasocial plugins: {installed:.0f} ms, {none:.0f} ms without packages: "
        f"{statistics.median(ratios):.3f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=11)
    options = parser.parse_args()
    imports(options.runs)
    listing(2 * options.runs)


if __name__ == "__main__":
    main()
