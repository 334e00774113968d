"""`uasocial import`: pages and documents made a case of this project."""

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import changes, common
from uasocial.errors import UasocialError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from uasocial.importing import Plan
    from uasocial.reading.assembling import Case
    from uasocial.toolkit import Toolkit


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--id", "name", metavar="ID", help="The case's id. Otherwise its number or title.")
@click.option("--explain", is_flag=True, help="Show where each line goes; write nothing.")
@click.option("--update", is_flag=True, help="Show what changes in a case that exists, and ask.")
@click.option("--yes", is_flag=True, help="With --update: write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    name: str | None,
    explain: bool,
    update: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make one case of all PATHs: text, web page, Word, PDF or JSON.

    `-` reads standard input. Where each value was read, and what nobody could place, is kept in
    imported.json beside the case.
    """
    from uasocial import importing
    from uasocial.reading.assembling import assemble

    kit = common.make_toolkit(context)
    if kit.project.root is None and not (explain or dry_run):
        raise UasocialError("there is no project here: make one with `uasocial init FOLDER`")
    try:
        readings = importing.read(kit.host, paths, sys.stdin.buffer)
    finally:
        common.warn_of_plugins(kit)
    case = assemble(readings, kit.now.date())
    if explain:
        _explain(case, kit.now.date(), as_json=as_json)
        return
    actions = kit.project.actions if kit.project.root else None
    planned = importing.plan(actions, case, kit.now.date(), name, update=update)
    run = _answer if as_json else _tell
    run(kit, planned, ask=update and not yes, dry_run=dry_run)


def _answer(kit: "Toolkit", planned: "Plan", *, ask: bool, dry_run: bool) -> None:
    """Write, unless somebody must be asked, and answer in JSON."""
    from uasocial import importing

    written = bool(planned.changes) and not ask and not dry_run
    if written:
        importing.write(kit.project.actions, planned)
    _print_json(_as_json(planned, written=written))
    if planned.changes and not written and not dry_run:
        click.get_current_context().exit(1)


def _print_json(said: dict[str, Any]) -> None:
    """Print as `common.print_json` does; a document may hold what a terminal would obey."""
    from uasocial.reading.record import as_json

    click.echo(as_json({"schema": 1, "imports": [said]}, indent=2))


def _as_json(planned: "Plan", *, written: bool) -> dict[str, Any]:
    from uasocial.reading.record import describe

    files = [
        {"name": c.name, "is_new": c.before is None, "diff": "\n".join(c.diff(planned.id))}
        for c in planned.changes
    ]
    return {
        "id": planned.id,
        "is_new": planned.is_new,
        "written": written,
        "files": files,
        **describe(planned.case),
    }


def _tell(kit: "Toolkit", planned: "Plan", *, ask: bool, dry_run: bool) -> None:
    """Write, and say what; before an update, show it."""
    from uasocial import importing

    if not planned.changes:
        click.echo(f"{planned.id}: nothing changed")
        return
    looks_first = dry_run or not planned.is_new
    if looks_first:
        changes.show(planned.changes, planned.id)
        changes.remarks(planned.case)
    if dry_run:
        click.echo(f"\n{planned.id}: nothing is written: this was a dry run")
        return
    if ask and not changes.agreed():
        click.get_current_context().exit(1)
    importing.write(kit.project.actions, planned)
    _show_written(kit, planned)
    if not looks_first:
        changes.remarks(planned.case)
    click.echo(f"\nNext: uasocial check {planned.id}")


def _show_written(kit: "Toolkit", planned: "Plan") -> None:
    from uasocial.reading.showing import legible

    names = ", ".join(change.name for change in planned.changes)
    click.secho(f"{kit.project.actions / planned.id}: {names} written", bold=True)
    for reading in planned.case.readings:
        name = reading.document.name
        count = planned.case.count(name)
        values = f"{count} value" if count == 1 else f"{count} values"
        click.echo(f"  {values} from {legible(name)} ({legible(reading.layout)})")


def _explain(case: "Case", today: "date", *, as_json: bool) -> None:
    """Show where each line went, then what is to be looked at; raise where it makes no case."""
    from uasocial.reading.assembling import complete
    from uasocial.reading.record import describe

    if as_json:
        _print_json({**describe(complete(case, today)), "lines": [*_lines(case)]})
        return
    from uasocial.reading.showing import explain, legible

    width = shutil.get_terminal_size().columns
    for reading in case.readings:
        click.secho(f"{legible(reading.document.name)} ({legible(reading.layout)})", bold=True)
        for line in explain(reading, width):
            click.echo(line)
    try:
        case = complete(case, today)
    finally:
        changes.remarks(case)


def _lines(case: "Case") -> "Iterator[dict[str, Any]]":
    from uasocial.reading.showing import labels

    for reading in case.readings:
        went = labels(reading)
        for line in reading.document.lines:
            yield {
                "document": reading.document.name,
                "line": line.number,
                "text": line.text,
                "places": went.get(line.number, []),
            }
