"""`uasocial timeline`: everything that happened to a case."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, delivering
from uasocial.errors import printable

if TYPE_CHECKING:
    from uasocial.team.timeline import Event


@click.command("timeline")
@common.action_argument
@common.json_option
@click.pass_context
def command(context: click.Context, action: str, as_json: bool) -> None:
    """Tell everything that happened to ACTION: when, what, who and why.

    Versions, days, stops, plans, approvals, posts and decisions, by its files and by the ledger.
    Of a withdrawn action no reason is told.
    """
    from uasocial.team import timeline

    kit = common.make_toolkit(context)
    found, zone = timeline.timeline(kit, action), kit.now.tzinfo
    for fault in found.faults:
        click.echo(f"not told here: {fault}", err=True)
    if as_json:
        events = [_as_json(one, zone) for one in found.events]
        common.print_json(action=action, cut=found.is_cut, events=events)
        return
    if found.is_cut:
        click.echo(f"the last {timeline.MOST:,}: there is more before", err=True)
    for one in found.events:
        for line in _lines(one, zone):
            click.echo(line)


def _as_json(event: "Event", zone: tzinfo | None) -> dict[str, Any]:
    shown = {name: getattr(event, name) for name in event.__struct_fields__}
    at = event.at
    return {**shown, "at": (at.astimezone(zone) if isinstance(at, datetime) else at).isoformat()}


def _lines(event: "Event", zone: tzinfo | None) -> "list[str]":
    at = event.at
    when = delivering.moment(at, zone) if isinstance(at, datetime) else str(at)
    of = f"  {event.account} ({event.platform}, {event.language})" if event.delivery else ""
    start = f"{event.delivery[:8]}  " if event.delivery else ""
    by = f"  by {event.who}" if event.who else ""
    lines = [f"{when:<22}  {start}{event.what}{of}{by}"]
    lines += [f"{'':24}{said}" for said in (event.permalink, event.why) if said]
    return [printable(line) for line in lines]
