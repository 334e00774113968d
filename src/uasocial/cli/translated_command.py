"""`uasocial translated`: record what a translation was made from."""

import click

from uasocial.cli import common
from uasocial.errors import NotFound, UasocialError


@click.command("translated")
@common.action_argument
@click.argument("language")
@click.option("--from", "source", metavar="TAG", help="The language that it was made from.")
@click.pass_context
def command(context: click.Context, action: str, language: str, source: str | None) -> None:
    """Record what LANGUAGE of ACTION was translated from.

    `uasocial check` then tells which parts of that language change.
    """
    from uasocial.model import writing
    from uasocial.model.digests import digests
    from uasocial.team import translating

    kit = common.make_toolkit(context)
    case = kit.action(action)
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    if language not in case.words:
        raise NotFound("language", language, case.words)
    made_from = translating.source_of(case, language, source, "--from")
    parts = digests(case.words[made_from])
    path = case.folder / f"{language}.yaml"
    writing.edit(path, {"translated_from": {"language": made_from, "digests": parts}})
    click.echo(f"{path}: a translation of {made_from} as it is now ({len(parts)} parts)")
