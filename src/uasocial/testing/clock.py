"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

__all__ = ["Clock"]


class Clock:
    """Tells a time: `Ledger(url, clock=Clock(…))`."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 1, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move on by hours, minutes, seconds, … of a timedelta."""
        self.now += timedelta(**by)
