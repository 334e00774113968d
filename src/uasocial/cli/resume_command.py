"""`uasocial resume`: lift a pause."""

import click

from uasocial.cli import common, persons, scopes
from uasocial.errors import UasocialError


@click.command("resume")
@scopes.scope_options
@click.option("--words", is_flag=True, help="Lift the words that --action must not post instead.")
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
    words: bool,
    by: str,
    why: str,
) -> None:
    """Lift a pause; nothing that is overdue goes out in a burst.

    With --words, an action's words and names on the ledger are lifted, after a consent was
    renewed: those that its files still forbid come back at once.
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
    if words and scope != "action":
        raise click.UsageError("--words goes with --action")
    lift = (
        stopping.lift_words(kit, name, by, why)
        if words
        else stopping.resume(kit, scope, name, by, why)
    )
    if not lift:
        raise UasocialError(f"{scopes.shown(scope, name)}: nothing of it is held back by a pause")
    click.echo(f"{scopes.shown(scope, name)}: {'its words are lifted' if words else 'resumed'}")
