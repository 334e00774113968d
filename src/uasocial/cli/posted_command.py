"""`uasocial posted`: where a person has posted what was to be posted by hand."""

from pathlib import Path

import click

from uasocial.cli import common, delivering, persons


@click.command("posted")
@click.argument("delivery")
@click.argument("permalink", required=False)
@click.option("--open", "open_", is_flag=True, help="Without PERMALINK: open the composer.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("by-hand"),
    metavar="FOLDER",
    help="Without PERMALINK: where text and pictures are laid out. Otherwise `by-hand`.",
)
@persons.by_option
@click.pass_context
def command(
    context: click.Context,
    delivery: str,
    permalink: str | None,
    open_: bool,
    to: Path,
    by: str,
) -> None:
    """Record the PERMALINK of a DELIVERY that was posted by hand.

    Without PERMALINK, lay out its text and pictures, as when it was due.
    """
    from uasocial import accounts, carrying_out, publishing
    from uasocial.outbox import deciding, queue

    kit = common.make_toolkit(context)
    address = publishing.checked_permalink(permalink) if permalink else None
    ledger = accounts.ledger_of(kit)
    entry = queue.find(ledger, delivery)
    if address:
        deciding.posted(ledger, entry, address, by)
        click.echo(f"{entry.short}  {entry.account}: sent  {address}")
        if entry.state == "cancelled":
            click.secho(
                "it had been cancelled meanwhile: look whether it must be deleted there",
                err=True,
                bold=True,
                fg="red",
            )
        return
    laid = carrying_out.lay_out(kit, ledger, entry, to)
    delivering.show_laid_out(entry, laid)
    if open_:
        delivering.open_composer(laid)
