"""How a stop is shown: how far it has come, what is live, and what is under way."""

from typing import TYPE_CHECKING

import click

from uasocial.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uasocial.outbox.exporting import Item
    from uasocial.outbox.stopping import Deleted
    from uasocial.stopping import Outcome
    from uasocial.toolkit import Toolkit

__all__ = ["delete", "show"]


def show(name: str, done: str, outcome: "Outcome") -> None:
    """Say what a stop has done; what it has not done is said loudly, on stderr."""
    if outcome.files:
        _loud(f"NOT STOPPED in its files: {outcome.files}")
    if outcome.ledger:
        _loud(
            f"{name}: THIS MACHINE HAS STOPPED, THE OTHERS NOT YET: {outcome.ledger}; "
            "do the same again until this is gone"
        )
        return
    found = outcome.found
    cancelled = "1 post" if found.cancelled == 1 else f"{found.cancelled} posts"
    click.echo(f"{name}: {done}; {cancelled} cancelled")
    _list("Being sent just now, and out of reach (look again soon):", found.under_way)
    _list(
        "Cancelled, and may be live (look; `uasocial review ID --sent PERMALINK` if it is):",
        found.doubtful,
    )
    _list("Already live:", found.live)


def _loud(text: str) -> None:
    click.secho(printable(text), err=True, bold=True, fg="red")


def _list(title: str, items: "Iterable[Item]") -> None:
    for number, item in enumerate(items):
        if not number:
            click.echo(title)
        where = item.permalink or item.remote_id
        of = f"{item.account} ({item.platform}, {item.language})"
        click.echo(printable(f"  {item.delivery[:8]}  {of}  {where}".rstrip()))


def delete(kit: "Toolkit", items: "Iterable[Item]", by: str) -> bool:
    """Delete what is live, and say what became of each; True where all of it is gone."""
    from uasocial import stopping

    whole = True
    for done in stopping.delete_live(kit, items, by):
        click.echo(_told(done), err=done.outcome != "deleted")
        whole = whole and done.outcome == "deleted"
    return whole


def _told(done: "Deleted") -> str:
    where = done.item.permalink or done.item.remote_id
    outcome = {"cannot": "CANNOT BE DELETED", "unknown": "UNKNOWN WHETHER DELETED"}
    said = outcome.get(done.outcome, done.outcome)
    return printable(f"{done.item.account} {where}: {said}{': ' * bool(done.why)}{done.why}")
