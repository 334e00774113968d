"""`uasocial reschedule`: what waits is moved to another time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, delivering, persons, scopes

if TYPE_CHECKING:
    from uasocial.team.approving import Moved
    from uasocial.toolkit import Toolkit


@click.command("reschedule")
@click.argument("given", nargs=-1, metavar="[DELIVERY]... [WHEN]")
@scopes.scope_options
@scopes.plan_option
@click.option("--later", type=scopes.Span(), metavar="TIME", help="By so much: 30m, 2h, 3d.")
@click.option("--earlier", type=scopes.Span(), metavar="TIME", help="By so much: 30m, 2h, 3d.")
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    given: tuple[str, ...],
    later: timedelta | None,
    earlier: timedelta | None,
    by: str,
    as_json: bool,
    **scope: Any,
) -> None:
    """Move a DELIVERY to WHEN, or what waits of a scope --later or --earlier.

    All of it or nothing. What was approved stays so within the window of its approval; beyond that
    it waits for another.

    \b
    uasocial reschedule 4c1e07b9 "2021-12-01T10:00 Europe/Zurich"
    uasocial reschedule --action ua-119-21 --later 2h
    """
    from uasocial import accounts
    from uasocial.team import approving

    names, to = _asked(given, later, earlier)
    kit = common.make_toolkit(context)
    chosen = scopes.selected(kit, names, **scope)
    moved = approving.reschedule(kit, accounts.ledger_of(kit), chosen, to, by)
    if as_json:
        entries = [delivering.as_json(entry) for entry in moved.entries]
        common.print_json(deliveries=entries, void=moved.void)
    else:
        _tell(kit, moved)


def _asked(
    given: tuple[str, ...], later: timedelta | None, earlier: timedelta | None
) -> tuple[tuple[str, ...], datetime | timedelta]:
    """Return what is to be moved by its names, and to when or by how much."""
    if later is not None and earlier is not None:
        raise click.UsageError("--later or --earlier: give one")
    if later is not None:
        return given, later
    if earlier is not None:
        return given, -earlier
    if len(given) != 2:  # noqa: PLR2004 - a delivery, and when
        raise click.UsageError("give one DELIVERY and WHEN, or --later or --earlier")
    return given[:1], delivering.When().convert(given[1], None, None)


def _tell(kit: "Toolkit", moved: "Moved") -> None:
    for entry in moved.entries:
        when = delivering.moment(entry.planned_for, kit.now.tzinfo)
        void = "; its approval was for another time, and is void" if entry.id in moved.void else ""
        click.echo(f"{entry.short}  {entry.account}: {entry.state} for {when}{void}")
    if not moved.entries:
        click.echo("nothing of it waits")
