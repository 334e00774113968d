"""`uasocial cancel`: take back what is pending."""

import click

from uasocial.cli import common, persons


@click.command("cancel")
@click.argument("deliveries", nargs=-1, metavar="[DELIVERY]...")
@click.option(
    "--action",
    metavar="ACTION",
    shell_complete=common.complete_actions,
    help="All that is pending of an action.",
)
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context, deliveries: tuple[str, ...], action: str | None, by: str, why: str
) -> None:
    """Cancel each DELIVERY, all of them or none.

    8 or more characters of its id name one.

    What is being sent, or was, cannot be cancelled.
    """
    from uasocial import stopping

    if not deliveries and action is None:
        raise click.UsageError("name a DELIVERY, or an --action")
    cancelled = stopping.cancel(common.make_toolkit(context), deliveries, action, by, why)
    for one in cancelled:
        click.echo(f"{one[:8]}: cancelled")
    if not cancelled:
        click.echo(f"{action}: nothing is pending")
