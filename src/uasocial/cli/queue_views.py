"""Other ways to look at the queue: as a calendar of weeks, and what is late and why."""

import itertools
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, delivering
from uasocial.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from uasocial.model.post import State
    from uasocial.outbox.seeing import Day, Late, Seen
    from uasocial.toolkit import Toolkit

__all__ = ["WEEKS", "show_calendar", "show_late", "write_calendar"]

WEEKS = 4
# As many posts of a day as a person reads; the others are counted.
MOST_A_DAY = 12
HELD = {"pause": "paused", "freeze": "frozen"}


def show_calendar(
    kit: "Toolkit",
    action: str | None,
    account: str | None,
    states: "Sequence[State]",
    weeks: int,
    *,
    as_json: bool,
) -> None:
    """Show the posts of this week and of those after it, day by day."""
    from uasocial import accounts
    from uasocial.outbox import queue, seeing

    days: list[Day] = []
    if accounts.has_ledger(kit):
        chosen = states or queue.PENDING
        asked: dict[str, Any] = {"action": action, "account": account, "states": chosen}
        days = seeing.days(accounts.ledger_of(kit), _edges(kit, weeks), MOST_A_DAY, **asked)
    if as_json:
        common.print_json(zone=_zone(kit), days=[_day_as_json(kit, day) for day in days])
        return
    click.echo(f"Times are in {_zone(kit)}.")
    for _, week in itertools.groupby(days, lambda day: _day(kit, day).isocalendar()[:2]):
        _show_week(kit, list(week))
    if not any(day.total for day in days):
        click.echo(f"Nothing is due in these {weeks} weeks.")


def _edges(kit: "Toolkit", weeks: int) -> list[datetime]:
    """Return the midnights from last Monday on: a day may have 23 hours, or 25."""
    today = kit.now.date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=number) for number in range(7 * weeks + 1)]
    return [_midnight(kit, day) for day in days]


def _midnight(kit: "Toolkit", day: date) -> datetime:
    """Return when a day begins; an offset alone, without rules, is that of now."""
    return datetime.combine(day, time(), kit.now.tzinfo)


def _zone(kit: "Toolkit") -> str:
    """Name the zone; one that is this machine's own has the name it has today."""
    return str(getattr(kit.now.tzinfo, "key", None) or kit.now.tzname())


def _day(kit: "Toolkit", day: "Day") -> date:
    return day.begin.astimezone(kit.now.tzinfo).date()


def _show_week(kit: "Toolkit", week: "list[Day]") -> None:
    if not any(day.total for day in week):
        return
    year, number, _ = _day(kit, week[0]).isocalendar()
    click.secho(f"\nWeek {number} of {year}", bold=True)
    for day in week:
        if day.total:
            click.echo(f"{_day(kit, day):%a %d %b}  {day.total} post{'s'[: day.total > 1]}")
        for one in day.posts:
            click.echo(f"  {_line(kit, one)}")
        if day.total > len(day.posts):
            click.echo(f"  … and {day.total - len(day.posts):,} more")


def _line(kit: "Toolkit", one: "Seen") -> str:
    local = one.not_before.astimezone(kit.now.tzinfo)
    state = HELD.get(one.held) or one.state.replace("_", " ")
    # The hour that comes twice is told apart by its offset.
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    mark = f" {local.tzname()}" if twice else ""
    where = f"{one.account:<16} {one.language:<5} {one.action}"
    return printable(f"{local:%H:%M}{mark}  {where}  {state}  {one.id[:8]}")


def _day_as_json(kit: "Toolkit", day: "Day") -> dict[str, Any]:
    return {
        "day": _day(kit, day).isoformat(),
        "total": day.total,
        "posts": [_as_json(one) for one in day.posts],
    }


def _as_json(one: "Seen") -> dict[str, Any]:
    """Return a post as data, without its words; moments are in UTC, as ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in one._asdict().items()
        if name != "text"
    }


def show_late(kit: "Toolkit", action: str | None, account: str | None, *, as_json: bool) -> None:
    """Show what should have gone out by now, and why it has not."""
    from uasocial import accounts
    from uasocial.outbox import seeing

    there = accounts.has_ledger(kit)
    found = seeing.late(accounts.ledger_of(kit), action, account) if there else []
    if as_json:
        common.print_json(deliveries=[{**_as_json(one.post), "reason": one.why} for one in found])
        return
    if not found:
        click.echo("Nothing is late.")
    _list_late(kit, found)


def _list_late(kit: "Toolkit", found: "Iterable[Late]") -> None:
    from uasocial.outbox.queue import MOST

    for number, one in enumerate(found, 1):
        when = delivering.moment(one.post.planned_for, kit.now.tzinfo)
        of = f"{one.post.account:<16} {one.post.language:<5} {one.post.action}"
        click.echo(printable(f"{one.post.id[:8]}  {when:<21}  {of}\n          {one.why}"))
        if number == MOST:
            click.echo(f"the first {MOST:,}: narrow it down to see the others", err=True)


def write_calendar(kit: "Toolkit", action: str | None, file: "Path") -> None:
    """Write what is planned as a file for calendars."""
    from uasocial.team import calendars

    made = calendars.made(kit, action)
    calendars.write(file, made.data)
    for line in made.unread:
        click.echo(line, err=True)
    if made.cut:
        said = f"the first {calendars.MOST:,} posts: name an ACTION to have all of its own"
        click.echo(said, err=True)
    click.echo(f"{file}: {made.total} events")
