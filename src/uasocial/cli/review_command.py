"""`uasocial review`: what waits for a person: what is known of it, then a decision."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from uasocial.cli import common, delivering, persons
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit

CHOICES = ("sent", "now", "move", "drop", "nothing")


class Wanted(NamedTuple):
    """What is decided: one thing of these."""

    sent: str | None = None
    now: bool = False
    move: datetime | None = None
    drop: bool = False

    @property
    def number(self) -> int:
        """How many things are asked for, that do not go together."""
        return sum([bool(self.sent), self.now, self.move is not None, self.drop])

    @property
    def may_send(self) -> bool:
        """Whether it may go out after that, so that the files are asked once more."""
        return self.now or self.move is not None


@click.command("review")
@click.argument("delivery", required=False)
@click.option("--sent", metavar="PERMALINK", help="It is live, there.")
@click.option("--send-now", is_flag=True, help="It is not live: send it now.")
@click.option("--move", type=delivering.When(), metavar="WHEN", help="Send it then.")
@click.option("--drop", is_flag=True, help="Do not send it.")
@persons.by_option
@persons.why_option()
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    delivery: str | None,
    sent: str | None,
    send_now: bool,
    move: datetime | None,
    drop: bool,
    by: str,
    why: str,
    as_json: bool,
) -> None:
    """List what a person must decide on, or decide about one DELIVERY.

    Whether an unknown one is live can be seen only where it would be: look there first. What is
    proposed waits for `uasocial approve` instead.
    """
    from uasocial import accounts
    from uasocial.outbox import queue

    kit = common.make_toolkit(context)
    wanted = Wanted(sent, send_now, move, drop)
    if wanted.number > 1:
        raise click.UsageError("choose one of --sent, --send-now, --move and --drop")
    if delivery is None:
        if wanted.number:
            raise click.UsageError("name the DELIVERY to decide about")
        _list(kit, as_json=as_json)
        return
    ledger = accounts.ledger_of(kit)
    entry = queue.find(ledger, delivery)
    if not wanted.number:
        _show(kit, ledger, entry, as_json=as_json)
        if as_json or entry.state == "proposed" or not _is_terminal():
            return
        wanted = _asked()
        why = why or (click.prompt("Why") if wanted.number else "")
    if wanted.number:
        _decide(kit, ledger, entry, wanted, _decision(wanted, by, why))


def _list(kit: "Toolkit", *, as_json: bool) -> None:
    from uasocial import accounts, ledger_place
    from uasocial.outbox import queue

    waits = queue.to_review(accounts.ledger_of(kit)) if ledger_place.exists(kit.project) else []
    if as_json:
        common.print_json(deliveries=[delivering.as_json(entry) for entry in waits])
        return
    if not waits:
        click.echo("Nothing waits for a decision.")
    for entry in waits:
        said = delivering.standing(entry, kit.now.tzinfo)
        when = delivering.moment(entry.planned_for, kit.now.tzinfo)
        click.echo(f"{entry.short}  {when}  {entry.account}  {entry.action}  {said}")
    if waits:
        click.echo("\nuasocial review DELIVERY shows what is known of one, and takes a decision.")


def _show(kit: "Toolkit", ledger: "Ledger", entry: "Entry", *, as_json: bool) -> None:
    """Show all that is known of a delivery."""
    from uasocial.outbox import queue

    attempts = queue.attempts_of(ledger, entry)
    if as_json:
        tried = [{**one._asdict(), "at": one.at.isoformat()} for one in attempts]
        common.print_json(deliveries=[{**delivering.as_json(entry), "attempts": tried}])
        return
    zone = kit.now.tzinfo
    click.secho(f"{entry.id}: {delivering.standing(entry, zone)}", bold=True)
    click.echo(f"  {entry.action}, {entry.account} ({entry.platform}, {entry.language})")
    click.echo(f"  planned for {delivering.moment(entry.planned_for, zone)} by {entry.asked_by}")
    click.echo(f"  not to be sent after {delivering.moment(entry.send_before, zone)}")
    for one in attempts:
        said = f"{one.step} {one.outcome} {one.detail}".rstrip()
        click.echo(printable(f"  {delivering.moment(one.at, zone)}  {said}  ({one.worker})"))
    if entry.answers:
        click.echo(f"  answers {entry.answers[: queue.SHORT]}, the post before it in a thread")
    if entry.without:
        click.echo("  without handles, for one of them is not what it was:")
    if entry.content_warning:
        click.echo(printable(f"    [{entry.content_warning}]"))
    for line in entry.text.splitlines():
        click.echo(f"    {printable(line)}")
    if entry.state == "proposed":
        click.echo(f"  uasocial approve {entry.short}, or uasocial reject {entry.short}")
        return
    where = entry.permalink or f"the account {entry.account} on {entry.platform}"
    click.echo(f"  look there: {printable(where)}")


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked() -> Wanted:
    """Ask on a terminal what to do."""
    said = click.prompt(
        "It is live (sent), or send it now, or move it, or drop it",
        type=click.Choice(CHOICES),
        default="nothing",
    )
    link = click.prompt("Its address") if said == "sent" else None
    when = click.prompt("When", type=delivering.When()) if said == "move" else None
    return Wanted(link, said == "now", when, said == "drop")


Decide = Callable[["Ledger", "Entry"], str]


def _decision(wanted: Wanted, by: str, why: str) -> Decide:
    from uasocial.outbox import deciding
    from uasocial.publishing import checked_permalink

    if not why:
        raise UasocialError("a decision is on record: say why, with --why")
    decision = deciding.Decision(by, why)
    address = checked_permalink(wanted.sent) if wanted.sent else ""

    def decide(ledger: "Ledger", entry: "Entry") -> str:
        if address:
            deciding.is_live(ledger, entry, address, decision)
            return f"sent  {address}"
        if wanted.drop:
            deciding.drop(ledger, entry, decision)
            return "dropped"
        deciding.send_at(ledger, entry, wanted.move, decision)
        return "planned again"

    return decide


def _decide(
    kit: "Toolkit", ledger: "Ledger", entry: "Entry", wanted: Wanted, decide: Decide
) -> None:
    from uasocial import accounts, tightening
    from uasocial.outbox import queue

    accounts.sync(kit, ledger)
    if wanted.may_send:
        tightening.refresh(kit, ledger, [entry.action])
    said = decide(ledger, entry)
    after = queue.find(ledger, entry.id)
    if after.state == "proposed":
        said = f"it waits for `uasocial approve {entry.short}`: {after.why}"
    when = f" for {delivering.moment(after.planned_for, kit.now.tzinfo)}"
    click.echo(f"{entry.short}  {entry.account}: {said}{when if after.state == 'planned' else ''}")
