"""How a stop is shown: how far it has come, what is live, and what is under way."""

from typing import TYPE_CHECKING

import click

from uasocial.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uasocial.outbox.exporting import Item
    from uasocial.outbox.stopping import Deleted
    from uasocial.settings import Event
    from uasocial.stopping import Outcome
    from uasocial.toolkit import Toolkit

__all__ = ["delete", "list_items", "run_after", "show", "tell"]


def show(name: str, done: str, outcome: "Outcome") -> None:
    """Say what a stop has done; what it has not done is said loudly, on stderr."""
    if outcome.files:
        _loud(f"NOT {done.upper()} in its files: {outcome.files}")
    if outcome.ledger:
        _loud(
            f"{name}: THIS MACHINE HAS STOPPED, THE OTHERS NOT YET: {outcome.ledger}; "
            "do the same again until this is gone"
        )
        return
    found = outcome.found
    cancelled = "1 post" if found.cancelled == 1 else f"{found.cancelled} posts"
    click.echo(f"{name}: {done}; {cancelled} cancelled")
    list_items("Being sent just now, and out of reach (look again soon):", found.under_way)
    list_items(
        "Cancelled, and may be live (look; `uasocial review ID --sent PERMALINK` if it is):",
        found.doubtful,
    )
    list_items("Already live:", found.live)


def _loud(text: str) -> None:
    click.secho(printable(text), err=True, bold=True, fg="red")


def list_items(title: str, items: "Iterable[Item]") -> None:
    """List posts under a title; nothing at all for none."""
    for number, item in enumerate(items):
        if not number:
            click.echo(title)
        where = item.permalink or item.remote_id
        of = f"{item.account} ({item.platform}, {item.language})"
        click.echo(printable(f"  {item.delivery[:8]}  {of}  {where}".rstrip()))


def delete(kit: "Toolkit", items: "Iterable[Item]", by: str) -> bool:
    """Delete what is live, and say what became of each; True where all of it is gone."""
    from uasocial import stopping

    return tell(stopping.delete_live(kit, items, by))


def tell(deletions: "Iterable[Deleted]") -> bool:
    """Say what became of each as it is tried; True where all of it is gone."""
    whole = True
    for done in deletions:
        click.echo(_told(done), err=done.outcome != "deleted")
        whole = whole and done.outcome == "deleted"
    return whole


def _told(done: "Deleted") -> str:
    where = done.item.permalink or done.item.remote_id
    outcome = {"cannot": "CANNOT BE DELETED", "unknown": "UNKNOWN WHETHER DELETED"}
    said = outcome.get(done.outcome, done.outcome)
    then = f"; once it is gone: `uasocial correct {done.item.delivery[:8]} --deleted`"
    why = f": {done.why}{then}" if done.outcome != "deleted" else ""
    return printable(f"{done.item.account} {where}: {said}{why}")


def _remind(kit: "Toolkit") -> None:
    """Say that pages which were built before stay as they are, where there may be some."""
    from uasocial.settings import SiteSettings

    settings = kit.project.settings
    if settings.site != SiteSettings() and settings.after is None:
        click.echo("Pages that are built do not know it yet: `uasocial site build OUT`, once more.")


def run_after(kit: "Toolkit", event: "Event", action: str | None, by: str) -> bool:
    """Run the program of `[after]` and say how it ended; False where it has failed."""
    from uasocial.team import after

    report = after.run(kit, event, action, by)
    if report is None:
        _remind(kit)
        return True
    how = report.why or f"exit status {report.status}"
    for line in report.lines:
        click.echo(f"  {report.command}: {line}", err=not report.whole)
    if report.status != 0:
        _loud(
            f"AFTER THE {event.upper()}, {report.command} HAS FAILED: {how}; nothing is undone: "
            "run it by hand, or do the same again"
        )
    else:
        click.echo(f"after the {event}: {report.command} ended well")
    if report.unrecorded:
        _loud(f"how it ended is not on record: {report.unrecorded}")
    return report.whole
