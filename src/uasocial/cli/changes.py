"""What is about to change in the files of a case: shown, and asked for."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uasocial.importing import Change
    from uasocial.reading.assembling import Case

__all__ = ["agreed", "remarks", "show"]

# Of a line that nobody placed: imported.json has the whole of it.
SHORT = 100
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def show(changes: "Iterable[Change]", folder: str) -> None:
    """Show the lines that change, as `git diff` does; where values were read is only mentioned."""
    from uasocial.reading import record
    from uasocial.reading.showing import legible

    for change in changes:
        if change.name == record.FILE:
            # What was read where: long, and no part of the case.
            click.secho(f"{record.FILE} changes with it", dim=True)
            continue
        for line in change.diff(folder):
            is_name = line.startswith(("---", "+++"))
            colour = None if is_name else COLOURS.get(line[:1])
            click.secho(legible(line), fg=colour, bold=is_name or None)


def remarks(case: "Case", more: "Iterable[str]" = ()) -> None:
    """Show all that a person must look at; *more* comes first."""
    from uasocial.reading.showing import legible

    unplaced = [_shortened(str(remark)) for remark in case.unplaced if remark.text.strip()]
    for heading, found in (
        ("Look at", iter([*more, *map(str, case.doubts)])),
        ("The documents disagree", map(str, case.disagreements)),
        ("Not placed", iter(unplaced)),
    ):
        lines = [legible(remark) for remark in found]
        if lines:
            click.secho(f"\n{heading}:", bold=True)
        for line in lines:
            click.echo(f"  {line}")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def agreed() -> bool:
    """Ask on a terminal; where there is none, nothing is written without --yes."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("nothing is written: say --yes to write this", err=True)
        return False
    try:
        said = click.confirm("Write this?")
    except click.Abort:
        click.echo(err=True)
        said = False
    if not said:
        click.echo("nothing is written", err=True)
    return said
