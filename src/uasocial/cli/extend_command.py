"""`uasocial extend`: move the last day of an action."""

from typing import TYPE_CHECKING

import click

from uasocial.cli import common, persons, stopped
from uasocial.errors import printable

if TYPE_CHECKING:
    from datetime import datetime

    from uasocial.team.extending import Extended


@click.command("extend")
@common.action_argument
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DAY",
    help="The new last day on which one may act, itself included.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def command(
    context: click.Context, action: str, until: "datetime", dry_run: bool, by: str, why: str
) -> None:
    """Move the last day of ACTION to a later one, on record and in its files.

    What is pending and says the old day goes back to be approved. All that is pending still ends
    with the old day: what is to go out after it is planned anew.
    """
    from uasocial.team import extending, people

    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "write")
    done = (extending.look if dry_run else extending.extend)(kit, action, until.date(), by, why)
    _show(action, done, dry_run)
    if not dry_run and not stopped.run_after(kit, "extend", action, by):
        context.exit(1)


def _show(action: str, done: "Extended", dry_run: bool) -> None:
    verb = "would be" if dry_run else "is"
    click.echo(printable(f"{action}: the last day {verb} {done.after}, and was {done.before}"))
    if done.words_gone:
        click.echo("`deadline_words` said the old day, and are taken out")
    stopped.list_items(
        "Say the old day, and must be corrected or approved as they are:", done.frozen
    )
    stopped.list_items("Say the old day, and are being sent just now:", done.under_way)
    if done.bound:
        count = "1 other post" if done.bound == 1 else f"{done.bound:,} other posts"
        click.echo(f"{count} pending: go out until {done.before} as planned, and not later")
