"""`uasocial reopen`: lift a stop, or what has closed an action."""

import click

from uasocial.cli import common, persons, stopped
from uasocial.errors import UasocialError


@click.command("reopen")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@click.option("--all", "everything", is_flag=True, help="Lift what `stop --all` has stopped.")
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def command(
    context: click.Context, action: str | None, everything: bool, by: str, why: str
) -> None:
    """Lift what has stopped or closed ACTION, in its files and on the ledger.

    Nothing is planned again by that: what was cancelled stays cancelled.
    """
    from uasocial import stopping
    from uasocial.team import people

    if (action is None) != everything:
        raise click.UsageError("name an ACTION, or --all")
    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "stop")
    if action is None:
        lifted = stopping.reopen_all(kit, by, why)
    else:
        lifted = stopping.reopen(kit, action, by, why)
    name = action or "everything"
    if not lifted:
        raise UasocialError(f"{name}: is not stopped")
    click.echo(f"{name}: open again; nothing is planned: `uasocial publish`")
    if not stopped.run_after(kit, "reopen", action, by):
        context.exit(1)
