"""`uasocial check`: what is wrong, where, and how to mend it."""

from datetime import date

import click

from uasocial.cli import common
from uasocial.errors import NotFound


@click.command("check")
@click.argument("actions", nargs=-1, metavar="[ACTION]...", shell_complete=common.complete_actions)
@common.platform_option
@common.moment_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    actions: tuple[str, ...],
    platforms: tuple[str, ...],
    as_of: date | None,
    as_json: bool,
) -> None:
    """Check each ACTION, or all: its files, and whether each draft fits.

    Every thing wrong is a line with its file and line number; the exit status is then 1.
    """
    kit = common.make_toolkit(context, as_of)
    names = actions or tuple(kit.action_ids())
    for name in names:
        if name not in kit.action_ids():
            raise NotFound("action", name, kit.action_ids())
    chosen = kit.choose(platforms)
    found = [(name, *entry) for name in names for entry in kit.check(name, chosen)]
    found += [("", *entry) for entry in kit.check_templates()]
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(
            problems=[
                {
                    "action": name,
                    "path": str(place.path),
                    "line": place.line,
                    "code": problem.code,
                    "message": place.message,
                }
                for name, place, problem in found
            ]
        )
    else:
        for _, place, problem in found:
            click.echo(str(place._replace(message=f"{problem.code} {place.message}")))
        count = "nothing wrong" if not found else f"{len(found)} wrong"
        click.echo(
            f"{count} in {len(names)} {'action' if len(names) == 1 else 'actions'}", err=True
        )
    if found:
        context.exit(1)
