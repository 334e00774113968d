"""`uasocial list`: the actions of the project."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import CaseError, printable

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit


@click.command("list")
@common.moment_option
@common.json_option
@click.pass_context
def command(context: click.Context, as_of: date | None, as_json: bool) -> None:
    """List the actions, with the days that are left."""
    kit = common.make_toolkit(context, as_of)
    rows = [_row(kit, name) for name in kit.action_ids()]
    if as_json:
        common.print_json(actions=rows)
        return
    common.say_rehearsal(kit)
    if not rows:
        click.echo(
            f"There is no action in {kit.project.actions}; `uasocial init` makes an example."
        )
    for row in rows:
        number = row["number"] or ""
        languages = " ".join(row["languages"])
        start = f"{printable(row['id']):<22} {number:<12} {row['state']:<36}"
        click.echo(f"{start} {languages:<14} {row['title']}")


def _row(kit: "Toolkit", name: str) -> dict[str, Any]:
    """Return what is known of a case; one with faults is listed with what to do, not left out."""
    row: dict[str, Any] = {
        "id": name,
        "number": None,
        "title": "",
        "languages": [],
        "deadline": None,
    }
    try:
        action = kit.action(name)
    except CaseError as error:
        count = len(error.places)
        faults = "1 fault" if count == 1 else f"{count} faults"
        return {**row, "state": f"{faults}: uasocial check {name}"}
    facts = action.facts
    languages = common.choose_languages(action, ())
    left = facts.days_left(kit.today(action))
    refused = kit.refusal(action, "appeal")
    return {
        **row,
        "number": facts.number,
        "title": "" if kit.is_withdrawn(action) else action.title(languages[0]),
        "languages": languages,
        "deadline": str(facts.deadline),
        "state": _state(refused, left),
    }


def _state(refused: str, left: int) -> str:
    if refused:
        return refused.partition(";")[0]
    return "1 day left" if left == 1 else f"{left} days left"
