"""`uasocial reject`: what was proposed, refused for good."""

from typing import Any

import click

from uasocial.cli import common, persons, scopes


@click.command("reject")
@scopes.deliveries_argument
@scopes.scope_options
@scopes.plan_option
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def command(
    context: click.Context, /, deliveries: tuple[str, ...], by: str, why: str, **given: Any
) -> None:
    """Refuse what was proposed, for good: each DELIVERY, or all of a scope.

    All of them or none. Several options narrow each other down.
    """
    from uasocial import accounts
    from uasocial.team import approving

    kit = common.make_toolkit(context)
    chosen = scopes.selected(kit, deliveries, **given)
    rejected = approving.reject(kit, accounts.ledger_of(kit), chosen, by, why)
    for entry in rejected:
        click.echo(f"{entry.short}  {entry.account}: rejected")
    if not rejected:
        click.echo("nothing of it is proposed")
