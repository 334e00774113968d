"""`uasocial handles`: whose the handles of a case are now."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uasocial.accounts import Account
    from uasocial.handles import Looked
    from uasocial.toolkit import Toolkit

# What a person must do something about.
WRONG = ("gone", "changed")
SAID = {
    "same": "the same account as on record",
    "new": "no id was on record",
    "gone": "GONE: nobody has it",
    "changed": "SOMEBODY ELSE'S NOW",
    "unknown": "cannot be looked up",
}


@click.command("handles")
@common.action_argument
@click.option("--account", "-a", "names", multiple=True, metavar="NAME", help="Ask through it.")
@click.option("--write", is_flag=True, help="Write the ids that are new into `action.yaml`.")
@common.json_option
@click.pass_context
def command(
    context: click.Context, action: str, names: tuple[str, ...], write: bool, as_json: bool
) -> None:
    """Look up whose the handles of ACTION are now.

    An id is held against the one on record, which stays when a handle changes hands. Each is asked
    for through an account on its platform. The status is 1 where one is gone or somebody else's.

    \b
    uasocial handles ua-119-21
    uasocial handles ua-119-21 --account bluesky-es --write
    """
    from uasocial import handles

    kit = common.make_toolkit(context)
    case = kit.action(action)
    looked = handles.look_up(case, kit.today(case), _accounts(kit, names))
    written = handles.write(case, looked) if write else 0
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(handles=[_as_json(one) for one in looked], written=written)
    else:
        _show(looked, written, write=write)
    if any(one.outcome in WRONG for one in looked):
        context.exit(1)


def _accounts(kit: "Toolkit", names: "Sequence[str]") -> "list[Account]":
    """Return the accounts to ask through: those named, else all that can look a handle up."""
    from uasocial import accounts

    if not names:
        common.warn_of_accounts(kit)
        found = [one for one in accounts.accounts(kit) if one.kind and one.kind.can_resolve]
        if not found:
            raise UasocialError(
                "no account of uasocial.toml can look a handle up: add one of a network that can"
            )
        return found
    found = [accounts.account(kit, name) for name in dict.fromkeys(names)]
    for one in found:
        if one.kind is None or not one.kind.can_resolve:
            raise UasocialError(f"{one.name}: {one.kind_name} cannot look a handle up")
    return found


def _as_json(one: "Looked") -> dict[str, Any]:
    listed, found = one.listed, one.found
    return {
        "platform": listed.platform,
        "handle": listed.handle,
        "of": listed.of,
        "account": one.account,
        "outcome": one.outcome,
        "known_id": listed.id,
        "id": found.id if found else "",
        "name": found.name if found else "",
        "said": one.said,
    }


def _show(looked: "Sequence[Looked]", written: int, *, write: bool) -> None:
    for one in looked:
        colour = "red" if one.outcome in WRONG else None
        click.secho(printable(_line(one)), fg=colour, bold=one.outcome in WRONG)
    if not looked:
        click.echo("No handle of the case is on the platform of an account that can look it up.")
    new = sum(one.outcome == "new" for one in looked)
    if written:
        click.echo(f"{written} written into action.yaml: look that each is who is meant")
    elif new and not write:
        click.echo("--write writes what is new into action.yaml")


def _line(one: "Looked") -> str:
    listed, found = one.listed, one.found
    who = f": {found.name or found.handle} ({found.id})" if found else ""
    why = f": {one.said}" if one.said else ""
    return f"{listed.platform:<10} @{listed.handle}  {listed.of}  {SAID[one.outcome]}{who}{why}"
