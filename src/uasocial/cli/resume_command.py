"""`uasocial resume`: lift a pause."""

from typing import Any

import click

from uasocial.cli import common, persons, scopes
from uasocial.errors import UasocialError


@click.command("resume")
@scopes.deliveries_argument
@scopes.scope_options
@click.option("--words", is_flag=True, help="Lift the words that --action must not post instead.")
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context,
    /,
    deliveries: tuple[str, ...],
    words: bool,
    by: str,
    why: str,
    **given: Any,
) -> None:
    """Lift a pause or a freeze; nothing that is overdue goes out in a burst.

    With --words, an action's words and names on the ledger are lifted, after a consent was
    renewed: those that its files still forbid come back at once.
    """
    from uasocial import stopping
    from uasocial.team import people

    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "stop")
    for scope, name in scopes.each(kit, deliveries, **given):
        if words and scope != "action":
            raise click.UsageError("--words goes with --action")
        lifted = (
            stopping.lift_words(kit, name, by, why)
            if words
            else stopping.resume(kit, scope, name, by, why)
        )
        shown = scopes.shown(scope, name)
        if not lifted:
            raise UasocialError(f"{shown}: nothing of it is held back by a pause")
        click.echo(f"{shown}: {'its words are lifted' if words else 'resumed'}")
