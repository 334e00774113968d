"""How often to post: named rhythms, ours and those of uasocial.toml."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

__all__ = ["CADENCES", "Cadence", "ClockName"]

ClockName = Literal["office", "evening"]

Ordinal = Annotated[int, Meta(ge=0, le=366)]


class Cadence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rhythm, counted in days from the first one.

    Posts go out on *days*, then on each *every*th day after the last of them. *last* keeps to the
    last so many days to act. On *reminders*, days before the deadline, a reminder goes out instead;
    *last_day* tells whether the last day to act has one of its own. *clocks* take turns, *a_day* of
    them a day.
    """

    days: tuple[Ordinal, ...] = (0,)
    every: Annotated[int, Meta(ge=1, le=366)] | None = None
    last: Annotated[int, Meta(ge=1, le=366)] | None = None
    a_day: Annotated[int, Meta(ge=1, le=8)] = 1
    clocks: Annotated[tuple[ClockName, ...], Meta(min_length=1)] = ("office", "evening")
    reminders: tuple[Ordinal, ...] = (7, 3, 1)
    last_day: bool = True


CADENCES: dict[str, Cadence] = {
    "launch": Cadence(days=(0, 1, 3), a_day=2),
    "steady": Cadence(days=(0,), every=4),
    "last-week": Cadence(days=(0,), every=1, last=7, clocks=("evening", "office")),
}
