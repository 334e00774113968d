"""`uasocial translate`: words side by side for a translator, and read back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.cli import changes, common
from uasocial.errors import printable

if TYPE_CHECKING:
    from uasocial.team.translating import Translation
    from uasocial.toolkit import Toolkit

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("translate")
@common.action_argument
@click.option("--to", "language", metavar="TAG", help="The language to translate into.")
@click.option("--out", "out", type=FILE, metavar="FILE", help="A new .docx or .csv to work in.")
@click.option("--from", "back", type=FILE, metavar="FILE", help="The same file, to read it back.")
@click.option("--source", metavar="TAG", help="The language to translate from, with --out.")
@click.option("--partial", is_flag=True, help="With --from: rows may be missing or empty.")
@click.option("--dry-run", is_flag=True, help="With --from: show what changes; write nothing.")
@click.pass_context
def command(
    context: click.Context,
    action: str,
    language: str | None,
    out: Path | None,
    back: Path | None,
    source: str | None,
    partial: bool,
    dry_run: bool,
) -> None:
    """Give ACTION out to a translator as a file, and read it back.

    A row for each text: its key, its source, the translation if there is one, a note, and a mark by
    which a change of the source is seen. Nothing is written unless the file is whole.

    \b
    uasocial translate ua-119-21 --to it --source es --out ua-119-21-it.docx
    uasocial translate ua-119-21 --from ua-119-21-it.docx
    """
    from uasocial.team import translating

    if (out is None) == (back is None):
        raise click.UsageError("say --out FILE to give the words out, or --from FILE to read back")
    if out and (language is None or partial or dry_run):
        raise click.UsageError("--out goes with --to, and with neither --partial nor --dry-run")
    if back and source:
        raise click.UsageError("--source goes with --out: the file says what it was made from")
    kit = common.make_toolkit(context)
    if out and language:
        count = translating.give_out(kit, action, language, source, out)
        click.echo(printable(f"{out}: {count} texts; back with `--from {out}`"))
    elif back:
        found = translating.read_back(kit, action, back, language, partial=partial)
        _take(kit, found, dry_run=dry_run)


def _take(kit: "Toolkit", found: "Translation", *, dry_run: bool) -> None:
    """Show what a file changes, and write it."""
    from uasocial.team import translating

    file = f"{found.language}.yaml"
    if found.change:
        changes.show([found.change], found.action)
    for key in found.left:
        click.echo(f"not brought: {key}", err=True)
    for part in found.behind:
        click.echo(
            f"{part} is translated as before, and has changed in {found.source}: if it is still "
            f"right, `uasocial translated {found.action} {found.language}`",
            err=True,
        )
    if found.change is None:
        click.echo(f"{found.action}: {file} stays as it is")
    elif dry_run:
        click.echo(f"\n{found.action}: nothing is written: this was a dry run")
    else:
        translating.write(kit, found)
        click.echo(f"\n{found.action}: {file} written\nNext: uasocial check {found.action}")
