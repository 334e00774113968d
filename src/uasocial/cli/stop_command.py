"""`uasocial stop`: end an action everywhere, at once."""

import click

from uasocial.cli import common, persons, stopped


@click.command("stop")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@click.option("--all", "everything", is_flag=True, help="Every action; their files stay.")
@click.option("--delete-live", is_flag=True, help="Delete what is live too, where the network can.")
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def command(
    context: click.Context,
    action: str | None,
    everything: bool,
    delete_live: bool,
    by: str,
    why: str,
) -> None:
    """Stop ACTION in every language, and cancel all that is pending of it.

    Its files say so first, then the ledger, for all machines. Safe to repeat. What is live already
    is listed. The exit status is 1 until files and ledger have both taken it.
    """
    from uasocial import stopping

    if (action is None) != everything:
        raise click.UsageError("name an ACTION, or stop everything with --all")
    kit = common.make_toolkit(context)
    if action is None:
        outcome = stopping.stop_everything(kit, by, why)
    else:
        outcome = stopping.stop(kit, action, by, why)
    stopped.show(action or "everything", "stopped", outcome)
    gone = stopped.delete(kit, outcome.found.live, by) if delete_live else True
    ran = stopped.run_after(kit, "stop", action, by)
    if not (outcome.whole and gone and ran):
        context.exit(1)
