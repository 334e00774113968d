"""`uasocial cancel`: take back what is pending."""

from typing import Any

import click

from uasocial.cli import common, persons, scopes


@click.command("cancel")
@scopes.deliveries_argument
@scopes.scope_options
@scopes.plan_option
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context, /, deliveries: tuple[str, ...], by: str, why: str, **given: Any
) -> None:
    """Cancel each DELIVERY, or all that is pending of a scope.

    All of them or none. 8 or more characters of its id name one. Several options narrow each other
    down.

    What is being sent, or was, cannot be cancelled.
    """
    from uasocial import stopping
    from uasocial.team import people

    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "write", "stop")
    cancelled = stopping.cancel(kit, scopes.selected(kit, deliveries, **given), by, why)
    for one in cancelled:
        click.echo(f"{one[:8]}: cancelled")
    if not cancelled:
        click.echo("nothing of it is pending")
