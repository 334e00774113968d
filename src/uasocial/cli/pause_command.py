"""`uasocial pause`: let wait what is planned."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, persons, scopes

if TYPE_CHECKING:
    from uasocial.outbox.controls import Kind


@click.command("pause")
@scopes.deliveries_argument
@scopes.scope_options
@click.option(
    "--freeze",
    is_flag=True,
    help="What comes due does not wait, but goes to `uasocial review` at once.",
)
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context,
    /,
    deliveries: tuple[str, ...],
    freeze: bool,
    by: str,
    why: str,
    **given: Any,
) -> None:
    """Let wait each DELIVERY, or what is planned for one scope.

    What comes due meanwhile goes to `uasocial review` when it is too late for it.
    """
    from uasocial import stopping

    kit = common.make_toolkit(context)
    kind: Kind = "freeze" if freeze else "pause"
    done = {"pause": "paused", "freeze": "frozen"}[kind]
    for scope, name in scopes.each(kit, deliveries, **given):
        new = stopping.pause(kit, scope, name, by, why, kind)
        click.echo(f"{scopes.shown(scope, name)}: {done if new else f'is {done} already'}")
