"""`uasocial ledger`: what was said, where, when and by whom; kept, checked, copied."""

from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.cli import common, delivering, persons
from uasocial.errors import printable
from uasocial.model.post import STATES

if TYPE_CHECKING:
    from uasocial.outbox.exporting import Item

FILE = click.Path(path_type=Path, dir_okay=False)


class _Group(click.Group):
    """A group that shows the ledger unless one of its commands is named first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("ledger", cls=_Group, no_args_is_help=False)
def command() -> None:
    """Show what was posted and what is planned: `uasocial ledger [ACTION]`.

    `uasocial ledger show -h` tells the options of that.
    """


@command.command("show")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv", "chain"]),
    default="table",
    show_default=True,
    help="How it is shown; `chain` is what `ledger export` writes.",
)
@click.option("--account", metavar="NAME", help="One account.")
@click.option(
    "--state",
    "states",
    type=click.Choice(STATES),
    multiple=True,
    metavar="STATE",
    help=f"A state; may be repeated: {', '.join(STATES)}.",
)
@common.json_option
@click.pass_context
def show(
    context: click.Context,
    action: str | None,
    style: str,
    account: str | None,
    states: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show each post of ACTION, or of all, with its state, its address and who asked for it."""
    from uasocial import bookkeeping

    kit = common.make_toolkit(context)
    if style == "chain":
        if action or account or states:
            raise click.UsageError("a chain is whole: leave ACTION, --account and --state away")
        for line in bookkeeping.export(kit, None):
            click.echo(line)
        return
    found = bookkeeping.items(kit, action, account, states)
    if as_json or style == "json":
        common.print_json(posts=[bookkeeping.row(kit, item) for item in found])
    elif style == "csv":
        click.echo(bookkeeping.csv(kit, found).replace("\r\n", "\n"), nl=False)
    elif not found:
        click.echo("Nothing of that is on the ledger; `uasocial publish` puts it there.")
    else:
        for item in found:
            _show(item, kit.now.tzinfo)


def _show(item: "Item", zone: tzinfo | None) -> None:
    when = delivering.moment(item.sent_at or item.planned_for, zone)
    state = "deleted" if item.deleted_at else item.state.replace("_", " ")
    told = f"{'sent' if item.sent_at else 'planned for'} {when}"
    start = f"{item.delivery[:8]}  {state:<10} {told}  {item.action}  {item.language}"
    where = f"{item.account} ({item.platform})"
    click.echo(printable(f"{start}  {where}  {item.permalink or item.why}".rstrip()))
    text = "(erased)" if item.text is None else " ".join(item.text.split())
    click.echo(printable(f"          {text[:100]}{'…' if len(text) > 100 else ''}"))  # noqa: PLR2004
    agreed = f", decided by {item.decided_by}" if item.decided_by else ""
    click.echo(printable(f"          asked by {item.asked_by}{agreed}"))


@command.command("export")
@click.argument("file", type=FILE)
@click.pass_context
def export(context: click.Context, file: Path) -> None:
    """Write the whole ledger without its words into a new FILE, a line each, chained by digests."""
    from uasocial import bookkeeping

    bookkeeping.export(common.make_toolkit(context), file)
    click.echo(f"{file}: written; `uasocial ledger verify {file}` checks it")


@command.command("verify")
@click.argument("file", type=FILE, required=False)
@click.pass_context
def verify(context: click.Context, file: Path | None) -> None:
    """Check the ledger, or an exported FILE: that no row was changed, added or taken out.

    Whoever notes the last digest elsewhere can tell later that all before it is still the same.
    """
    from uasocial import bookkeeping

    chain = bookkeeping.verify(common.make_toolkit(context), file)
    click.echo(f"{chain.length} records, all as they were written; the last is {chain.sha256}")


@command.command("erase")
@click.argument("deliveries", nargs=-1, metavar="[DELIVERY]...")
@click.option("--action", metavar="ACTION", help="All that was ever posted of an action.")
@persons.by_option
@persons.why_option(required=True)
@click.pass_context
def erase(
    context: click.Context, deliveries: tuple[str, ...], action: str | None, by: str, why: str
) -> None:
    """Take the words and pictures of each DELIVERY out of the ledger, for ever.

    Its digests stay, and so does the chain; so do older backups, and what is live on a network.
    """
    from uasocial import bookkeeping

    if not deliveries and action is None:
        raise click.UsageError("name a DELIVERY, or an --action")
    done = bookkeeping.erase(common.make_toolkit(context), deliveries, action, by, why)
    click.echo(f"erased: posts {done.posts}, pictures {done.pictures}")
    for one in done.left:
        click.echo(f"{one[:8]}: is being sent; erase it when its outcome is known", err=True)
    if done.left:
        context.exit(1)


@command.command("backup")
@click.argument("file", type=FILE)
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Copy the ledger into a new FILE, while it is in use."""
    from uasocial import bookkeeping

    bookkeeping.back_up(common.make_toolkit(context), file)
    click.echo(f"{file}: written; whoever has it can read every text and name in it")


@command.command("restore")
@click.argument("file", type=FILE, required=False)
@click.option("--force", is_flag=True, help="Put the present ledger aside for it.")
@persons.by_option
@click.pass_context
def restore(context: click.Context, file: Path | None, force: bool, by: str) -> None:
    """Bring the backup FILE back, and pause everything.

    What may have been sent since goes to review. Without FILE, do the same to a ledger that was
    brought back by other means, such as pg_restore.
    """
    from uasocial import bookkeeping, stopping

    kit = common.make_toolkit(context)
    done = bookkeeping.restore(kit, file, by, force=force)
    tightened = stopping.tighten(kit, by)
    for name in tightened.stopped:
        click.echo(f"{name}: stopped again, as its files say")
    for name in tightened.unread:
        said = f"{name}: cannot be read, and may have been stopped: `uasocial check {name}`"
        click.secho(printable(said), err=True, fg="red")
    if done.aside:
        click.echo(f"{done.aside}: the ledger that was there before")
    click.echo(f"restored; to review: {done.reviewed}. All is paused: stops of the time since are")
    click.echo("gone, so look at `uasocial review` and `uasocial queue`, stop again what was")
    click.echo("stopped, and then `uasocial resume --all`")
