"""`uasocial queue`: what is planned, and what waits."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from uasocial.cli import common, delivering, queue_views
from uasocial.errors import NotFound
from uasocial.model.post import STATES, State

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit


@click.command("queue")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@click.option("--account", metavar="NAME", help="Of one account.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    metavar="STATE",
    help="In this state; may be repeated. Otherwise all that is not over.",
)
@click.option("--calendar", is_flag=True, help="Show it by weeks and days.")
@click.option(
    "--weeks",
    type=click.IntRange(1, 53),
    default=queue_views.WEEKS,
    show_default=True,
    metavar="N",
    help="How many weeks, with --calendar.",
)
@click.option("--late", is_flag=True, help="Show what should have gone out by now, and why not.")
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it for calendars, in place of an older calendar: never a text or a person.",
)
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str | None,
    account: str | None,
    states: tuple[State, ...],
    calendar: bool,
    weeks: int,
    late: bool,
    ics: Path | None,
    as_json: bool,
) -> None:
    """List what waits: of ACTION, or of all.

    Planned, put off, unknown, in review, or handed to a person.

    \b
    uasocial queue --calendar
    uasocial queue --late
    uasocial queue ua-119-21 --ics plan.ics
    """
    _assert_one_view(calendar, late, ics, states, whole=bool(account or as_json))
    kit = common.make_toolkit(context)
    if calendar or late or ics:
        _assert_known(kit, action, account)
    if ics:
        queue_views.write_calendar(kit, action, ics)
    elif late:
        queue_views.show_late(kit, action, account, as_json=as_json)
    elif calendar:
        queue_views.show_calendar(kit, action, account, states, weeks, as_json=as_json)
    else:
        _show(kit, action, account, states, as_json=as_json)


def _assert_one_view(
    calendar: bool, late: bool, ics: Path | None, states: tuple[State, ...], *, whole: bool
) -> None:
    if calendar + late + (ics is not None) > 1:
        raise click.UsageError("choose one of --calendar, --late and --ics")
    if (late or ics) and states:
        raise click.UsageError("--state chooses for the list and for --calendar alone")
    if ics and whole:
        raise click.UsageError("--ics is of an ACTION, or of all: leave --account, --json out")


def _show(
    kit: "Toolkit",
    action: str | None,
    account: str | None,
    states: tuple[State, ...],
    *,
    as_json: bool,
) -> None:
    entries = _entries(kit, action, account, states)
    if as_json:
        common.print_json(deliveries=[delivering.as_json(entry) for entry in entries])
        return
    if not entries:
        click.echo("Nothing is planned; `uasocial publish ACTION` plans it.")
    for entry in entries:
        click.echo(_line(kit, entry))


def _assert_known(kit: "Toolkit", action: str | None, account: str | None) -> None:
    """Raise NotFound for a name that neither the project nor its ledger knows."""
    from uasocial import accounts, stopping

    there = accounts.has_ledger(kit)
    asked: tuple[tuple[Literal["action", "account"], str | None, Collection[str]], ...] = (
        ("action", action, kit.action_ids()),
        ("account", account, kit.project.settings.accounts),
    )
    for kind, name, known in asked:
        if name is None or name in known or (there and stopping.knows(kit, kind, name)):
            continue
        raise NotFound(kind, name, known)


def _entries(
    kit: "Toolkit", action: str | None, account: str | None, states: "Sequence[State]"
) -> "list[Entry]":
    from uasocial import accounts, ledger_place
    from uasocial.outbox import queue

    if not ledger_place.exists(kit.project):
        return []
    chosen = states or queue.PENDING
    ledger = accounts.ledger_of(kit)
    entries = queue.listed(ledger, action=action, account=account, states=chosen)
    if not entries and action is not None and action not in kit.action_ids():
        raise NotFound("action", action, kit.action_ids())
    if not entries and account is not None and account not in kit.project.settings.accounts:
        raise NotFound("account", account, kit.project.settings.accounts)
    if len(entries) == queue.MOST:
        click.echo(f"the first {queue.MOST:,}: narrow it down to see the others", err=True)
    return entries


def _line(kit: "Toolkit", entry: "Entry") -> str:
    zone = kit.now.tzinfo
    when = delivering.moment(entry.planned_for, zone)
    start = f"{entry.short}  {when:<21}  {entry.account:<16} {entry.language:<5} {entry.action}"
    words = delivering.first_words(entry.text)
    standing = delivering.standing(entry, zone)
    if entry.deleted_at is not None:
        standing = f"deleted {delivering.moment(entry.deleted_at, zone)}"
    return f"{start}  {standing}{_more(entry)}\n          {words}"


def _more(entry: "Entry") -> str:
    """Say what is not as with every post."""
    answers = f"answers {entry.answers[: len(entry.short)]}" if entry.answers else ""
    said = [answers, "without handles" if entry.without else ""]
    told = "; ".join(one for one in said if one)
    return f" ({told})" if told else ""
