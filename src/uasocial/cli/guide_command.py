"""`uasocial guide`: what colleagues in other sections need to take part in an action."""

from pathlib import Path

import click

from uasocial.cli import common, persons
from uasocial.errors import printable

MAX_NAME = 120


def _name(_: click.Context, __: click.Parameter, given: str | None) -> str:
    """Take a name that stands in every file: in one line, and nothing of it hidden."""
    said = (given or "").strip()
    if given is not None and (not said or len(said) > MAX_NAME or printable(said) != said):
        raise click.BadParameter("name the one person or section that it is for, in one line")
    if "\n" in said:
        raise click.BadParameter("name the one person or section that it is for, in one line")
    return said


@click.command("guide")
@common.action_argument
@click.option(
    "--language",
    "-l",
    "languages",
    multiple=True,
    metavar="TAG",
    help="A language of the case; may be repeated. Otherwise all of them.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PLACE",
    help="A folder, or a FILE.zip, in place of an older guide. Otherwise ACTION-guide.zip.",
)
@click.option(
    "--embargoed-for",
    "to",
    callback=_name,
    metavar="NAME",
    help="Before the embargo is over: who gets it. It stands in every file, and on record.",
)
@persons.by_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    languages: tuple[str, ...],
    out: Path | None,
    to: str,
    by: str,
) -> None:
    """Make a guide of ACTION for colleagues: texts, letters, pictures, advice.

    Words that must not be posted do not stand in it: colleagues read that whoever is not named is
    not to be named.

    \b
    uasocial guide ua-119-21 --out guide.zip
    uasocial guide ua-119-21 -l es -l en --out guide
    """
    from uasocial.team import guiding

    kit = common.make_toolkit(context)
    case = kit.action(action)
    wish = guiding.Wish(by, common.choose_languages(case, languages), to)
    made = guiding.guide(kit, case, wish)
    place = out or Path(f"{case.id}-guide.zip")
    count = guiding.put(kit, made, wish, place)
    for one in made.left_out:
        click.echo(printable(f"left out: {one}"), err=True)
    click.echo(f"{place}: {count} files, {len(made.texts)} texts, {len(made.letters)} letters")
    if made.banner:
        click.secho(printable(made.banner), bold=True)
