"""`uasocial pause`: let wait what is planned."""

import click

from uasocial.cli import common, persons, scopes


@click.command("pause")
@scopes.scope_options
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context,
    action: str | None,
    account: str | None,
    platform: str | None,
    language: str | None,
    country: str | None,
    everything: bool,
    by: str,
    why: str,
) -> None:
    """Let wait what is planned for an action, an account, …, or for --all.

    What comes due meanwhile goes to `uasocial review` when it is too late for it.
    """
    from uasocial import stopping

    kit = common.make_toolkit(context)
    scope, name = scopes.chosen(
        kit,
        action=action,
        account=account,
        platform=platform,
        language=language,
        country=country,
        everything=everything,
    )
    new = stopping.pause(kit, scope, name, by, why)
    click.echo(f"{scopes.shown(scope, name)}: {'paused' if new else 'is paused already'}")
