"""`uasocial update`: a further information makes the next version of its case."""

import sys
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import changes, common, frozen, persons, stopped

if TYPE_CHECKING:
    from uasocial.team.freezing import Frozen
    from uasocial.team.updating import Update
    from uasocial.toolkit import Toolkit


@click.command("update")
@common.action_argument
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--skip-missing", is_flag=True, help="Though documents between were never seen.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what changes; write and freeze nothing.")
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    paths: tuple[str, ...],
    skip_missing: bool,
    yes: bool,
    dry_run: bool,
    by: str,
    as_json: bool,
) -> None:
    """Bring ACTION to its next version with a further information.

    What each FILE says takes the place of what the case says now, which is kept as a version of its
    own; the rest stays. Pending posts of the version before are frozen until somebody has looked.

    \b
    uasocial update ua-104-19 fi-104-19-5.docx
    """
    from uasocial.team import people, updating

    kit = common.make_toolkit(context)
    if not dry_run:
        people.assert_may(kit, by, "write")
    try:
        found = updating.prepare(kit, action, paths, sys.stdin.buffer, skip_missing=skip_missing)
    finally:
        common.warn_of_plugins(kit)
    if not as_json:
        _show(found)
    may = dry_run or yes or not found.changes or (not as_json and changes.agreed())
    if not may:
        if as_json:
            _answer(found, None, written=False)
        context.exit(1)
    held = updating.freeze(kit, found, by, dry_run=dry_run)
    if not dry_run:
        updating.write(kit, found)
    if as_json:
        _answer(found, held, written=bool(found.changes) and not dry_run)
    else:
        _tell(kit, found, held, dry_run=dry_run)
    ran = dry_run or stopped.run_after(kit, "update", action, by)
    if not (frozen.is_whole(action, held) and ran):
        context.exit(1)


def _show(found: "Update") -> None:
    """Show what changes, in plain words and then line by line."""
    from uasocial.reading.showing import legible

    if found.is_taken:
        click.echo(f"{found.action}: is made of that document already")
    for line in found.lines:
        click.echo(f"  {legible(line)}")
    if found.changes:
        click.echo()
    changes.show(found.changes, found.action)
    if not found.is_taken:
        changes.remarks(found.case, found.remarks)


def _tell(kit: "Toolkit", found: "Update", held: "Frozen", *, dry_run: bool) -> None:
    frozen.show(kit, held, dry_run=dry_run)
    if dry_run:
        click.echo(f"\n{found.action}: nothing is written: this was a dry run")
    elif found.changes:
        where = f"versions/{found.version}"
        click.echo(f"\n{found.action}: written; what it was before is kept in {where}")
        click.echo(frozen.next_step(found.action, held))
    else:
        click.echo(f"{found.action}: its files stay as they are")


def _answer(found: "Update", held: "Frozen | None", *, written: bool) -> None:
    from uasocial.reading.record import as_json

    said: dict[str, Any] = {
        "action": found.action,
        "version": found.version,
        "is_taken": found.is_taken,
        "written": written,
        "changes": found.lines,
        "remarks": found.remarks,
        "files": [c.name for c in found.changes],
        **(frozen.as_json(held) if held else {"frozen": [], "under_way": [], "fault": ""}),
    }
    click.echo(as_json({"schema": 1, "updates": [said]}, indent=2))
