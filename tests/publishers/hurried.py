"""A worker whose publishers are opened with the times of a storm; run as a program."""

from datetime import timedelta

from uasocial.testing import opening, worker

# In seconds: by then a request of a worker that died has landed, here on one machine.
SETTLE = 1.0
# What a publisher says of its calls must be shorter than the short turns of a storm.
TIMEOUT = 1.0


def main() -> None:
    opened = opening.opened

    def hurried(kind, settings, keeping):
        publisher = opened(kind, settings, keeping, timedelta(seconds=SETTLE))
        vars(publisher).update(timeout=timedelta(seconds=TIMEOUT))
        return publisher

    opening.opened = hurried
    worker.main()


if __name__ == "__main__":
    main()
