"""`uasocial queue`: what is planned, and what waits."""

from typing import TYPE_CHECKING

import click

from uasocial.cli import common, delivering
from uasocial.errors import NotFound
from uasocial.model.post import STATES, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit


@click.command("queue")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@click.option("--account", metavar="NAME", help="Of one account.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    metavar="STATE",
    help="In this state; may be repeated. Otherwise all that is not over.",
)
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str | None,
    account: str | None,
    states: tuple[State, ...],
    as_json: bool,
) -> None:
    """List what waits: of ACTION, or of all.

    Planned, put off, unknown, in review, or handed to a person.
    """
    kit = common.make_toolkit(context)
    entries = _entries(kit, action, account, states)
    if as_json:
        common.print_json(deliveries=[delivering.as_json(entry) for entry in entries])
        return
    if not entries:
        click.echo("Nothing is planned; `uasocial publish ACTION` plans it.")
    for entry in entries:
        click.echo(_line(kit, entry))


def _entries(
    kit: "Toolkit", action: str | None, account: str | None, states: "Sequence[State]"
) -> "list[Entry]":
    from uasocial import accounts, ledger_place
    from uasocial.outbox import queue

    if not ledger_place.exists(kit.project):
        return []
    chosen = states or queue.PENDING
    ledger = accounts.ledger_of(kit)
    entries = queue.listed(ledger, action=action, account=account, states=chosen)
    if not entries and action is not None and action not in kit.action_ids():
        raise NotFound("action", action, kit.action_ids())
    if not entries and account is not None and account not in kit.project.settings.accounts:
        raise NotFound("account", account, kit.project.settings.accounts)
    if len(entries) == queue.MOST:
        click.echo(f"the first {queue.MOST:,}: narrow it down to see the others", err=True)
    return entries


def _line(kit: "Toolkit", entry: "Entry") -> str:
    zone = kit.now.tzinfo
    when = delivering.moment(entry.planned_for, zone)
    start = f"{entry.short}  {when:<21}  {entry.account:<16} {entry.language:<5} {entry.action}"
    words = delivering.first_words(entry.text)
    return f"{start}  {delivering.standing(entry, zone)}\n          {words}"
