"""A worker's memory over its rounds, with 100,000 posts planned on 1,000 accounts.

    .venv/bin/python benchmarks/worker_memory.py [--count 100000] [--rounds 100]

Each round ten minutes of the plan have gone by: what is due is sent, by a publisher that answers at
once. It ends with status 1 where the memory has grown by more than a tenth since a tenth of the
rounds were done.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from delivering import Silent
from seeing import Full

from uasocial.outbox.working import Worker
from uasocial.testing.clock import Clock

MOST = 1.1


def resident() -> float:
    """Return the memory of this process now, in MB; the most it ever had where that is unknown."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full = Full(f"sqlite:///{folder}/ledger.db", options.count)
        clock = Clock(full.now)
        full.ledger._clock = clock  # noqa: SLF001 - the ledger was filled by the real one
        worker = Worker(full.ledger, lambda _: Silent(), poll=timedelta(0))
        early, seen = max(1, options.rounds // 10), list[float]()
        start = time.perf_counter()
        for _ in range(options.rounds):
            worker.run_once()
            clock.forward(minutes=10)
            seen.append(resident())
        spent = time.perf_counter() - start
        full.ledger.close()
    first, last = seen[early], seen[-1]
    print(f"{options.count:,} planned, {options.rounds} rounds in {spent:,.0f} s")
    print(
        f"  MB after {early} rounds {first:,.1f}, at the end {last:,.1f}: {last / first:.2f} times"
    )
    if last > first * MOST:
        raise SystemExit("it grows")


if __name__ == "__main__":
    main()
