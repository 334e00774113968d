"""`uasocial notices`: what the team is reminded of about its cases."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, persons
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.model.notice import Notice

SENTENCES = {
    "approval wanted": "posts wait for approval: {count}, the first is for {day}",
    "plan with gaps": "accounts with nothing planned any more, though the plan had them: {count}",
    "nothing planned": "nothing is planned, and the last day to act is {day}",
    "holder not confirmed": "holders not confirmed for 30 days: {count}",
}


@click.command("notices")
@click.option("--tell", "is_told", is_flag=True, help="Send those of which nobody was told today.")
@persons.by_option
@common.json_option
@click.pass_context
def command(context: click.Context, is_told: bool, by: str, as_json: bool) -> None:
    """List what the team is to be reminded of about its cases.

    Posts that wait for approval, plans with gaps, a deadline within a week with nothing planned, a
    holder that nobody has confirmed for 30 days. A worker tells of each once a day, from 8 o'clock
    on; without a worker, let cron run `uasocial notices --tell`.
    """
    from uasocial import accounts
    from uasocial.team import reminding

    kit = common.make_toolkit(context)
    ledger = accounts.ledger_of(kit)
    common.warn_of_plugins(kit)
    faults: list[str] = []
    if is_told:
        found, faults = reminding.tell(kit, ledger, by)
    else:
        found = reminding.notices(kit, ledger)
    if as_json:
        common.print_json(notices=[_as_json(one) for one in found])
    for one in found if not as_json else ():
        click.echo(printable(_said(one)))
    if not found and not faults:
        click.echo(f"there is nothing to {'tell' if is_told else 'remind of'}", err=True)
    if faults:
        raise UasocialError("\n".join(faults))


def _said(one: "Notice") -> str:
    where = ", ".join(filter(None, (one.language, *one.platforms)))
    said = SENTENCES[one.kind].format(count=one.count, day=one.day)
    return f"{one.number}{f' ({where})' if where else ''}: {said}"


def _as_json(one: "Notice") -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}
