"""`uasocial close`: end an action, and tell how it ended."""

from typing import TYPE_CHECKING

import click

from uasocial.cli import common, delivering, persons, stopped
from uasocial.errors import printable

if TYPE_CHECKING:
    from datetime import datetime

    from uasocial.team.closing import Closed, How

MAX_TEXT = 2000


def _texts(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        language, equals, text = one.partition("=")
        said = " ".join(text.split())
        if not equals or not language or not said:
            raise click.BadParameter(f"{printable(one[:100])!r}: write it as en=She is free")
        if language in found:
            raise click.BadParameter(f"{printable(language)} is given twice")
        if len(said) > MAX_TEXT:
            raise click.BadParameter(f"it is {len(said)} characters long; {MAX_TEXT:,} are enough")
        found[language] = said
    return found


@click.command("close")
@common.action_argument
@click.option(
    "--outcome",
    "how",
    type=click.Choice(["good-news", "closed"]),
    required=True,
    help="good-news, or closed where there is nothing more to do.",
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="When; otherwise today."
)
@click.option(
    "--outcome-text",
    "texts",
    multiple=True,
    callback=_texts,
    metavar="LANG=TEXT",
    help="What came of it, in a language; may be repeated. Good news needs it.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@persons.by_option
@persons.why_option()
@click.pass_context
def command(
    context: click.Context,
    action: str,
    how: "How",
    on: "datetime | None",
    texts: dict[str, str],
    dry_run: bool,
    by: str,
    why: str,
) -> None:
    """Close ACTION in every language, and propose to tell how it ended.

    Its files say so first, then the ledger, for all machines: what asks people to act is
    cancelled. Each account that has asked people to act gets a post of thanks, or of the good
    news, which somebody else must approve. Safe to repeat.
    """
    from uasocial.team import closing, people

    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "write", "stop")
    wanted = closing.Ending(how, by, why, on.date() if on else None, texts)
    done = (closing.look if dry_run else closing.close)(kit, action, wanted)
    stopped.show(action, "would be closed" if dry_run else "closed", done.outcome)
    _show(done)
    if dry_run:
        return
    ran = stopped.run_after(kit, "close", action, by)
    if not (done.outcome.whole and ran):
        context.exit(1)


def _show(done: "Closed") -> None:
    for item in done.outcome.found.live[:1]:
        click.echo(f"  delete what should go: `uasocial correct {item.delivery[:8]} --delete`")
    for one in done.proposed:
        start = f"{one.delivery[:8]}  " if one.delivery else ""
        words = delivering.first_words(one.draft.text)
        click.echo(printable(f"{start}{one.account}: proposed ({one.draft.occasion}): {words}"))
    if any(one.delivery for one in done.proposed):
        click.echo("Somebody else must approve what is proposed.")
    for said in done.unsaid:
        click.echo(printable(f"nothing proposed: {said}"), err=True)
