"""`uasocial withdraw`: stop an action, and take it out of all that is shown."""

import click

from uasocial.cli import common, persons, stopped
from uasocial.errors import printable


@click.command("withdraw")
@common.action_argument
@click.option("--delete-live", is_flag=True, help="Delete what is live too, where the network can.")
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def command(context: click.Context, action: str, delete_live: bool, by: str, why: str) -> None:
    """Stop ACTION, and show nothing of it any more, not even as a draft.

    The reason stands on the ledger alone: it is in no file, no list and no report.
    """
    from uasocial import stopping

    kit = common.make_toolkit(context)
    outcome = stopping.stop(kit, action, by, why, how="withdrawn")
    stopped.show(action, "withdrawn", outcome)
    if outcome.whole:
        click.echo(
            "What was posted stays on the ledger until "
            f"`uasocial ledger erase --action {printable(action)}`; look also for texts that were "
            "laid out to be posted by hand."
        )
    gone = stopped.delete(kit, outcome.found.live, by) if delete_live else True
    ran = stopped.run_after(kit, "withdraw", action, by)
    if not (outcome.whole and gone and ran):
        context.exit(1)
