"""`uasocial translated`: record what a translation was made from."""

from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import NotFound, UasocialError

if TYPE_CHECKING:
    from uasocial.model import Action


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

    kit = common.make_toolkit(context)
    case = kit.action(action)
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    if language not in case.words:
        raise NotFound("language", language, case.words)
    made_from = _source(case, language, source)
    parts = digests(case.words[made_from])
    path = case.folder / f"{language}.yaml"
    writing.edit(path, {"translated_from": {"language": made_from, "digests": parts}})
    click.echo(f"{path}: a translation of {made_from} as it is now ({len(parts)} parts)")


def _source(case: "Action", language: str, named: str | None) -> str:
    """Return the language that is named, or on record, or the only other one."""
    others = [other for other in case.words if other != language]
    if named is not None:
        if named not in others:
            raise NotFound("other language", named, others)
        return named
    recorded = case.words[language].translated_from
    if recorded is not None and recorded.language in others:
        return recorded.language
    if len(others) != 1:
        raise UasocialError(
            f"{case.id}: name the language that {language} was made from with --from: "
            + (", ".join(others) or "there is no other yet")
        )
    return others[0]
