"""`uasocial preview`: how the texts stand on every platform, side by side."""

from datetime import date
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import Refused

if TYPE_CHECKING:
    from uasocial.model import Draft

WIDTH = 24


@click.command("preview")
@common.action_argument
@common.draft_options
@common.moment_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    languages: tuple[str, ...],
    platforms: tuple[str, ...],
    occasion: str,
    wording: str | None,
    instance: str | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Show each text of ACTION with its length on all platforms, as bars.

    A preview hands nothing out: it also shows a case whose deadline has passed, and says so.
    """
    kit = common.make_toolkit(context, as_of, instance)
    case = kit.action(action)
    withheld = kit.withheld(case)
    if withheld:
        raise Refused(f"{action}: {withheld}")
    chosen = kit.choose(platforms or ("all",))
    named = common.choose_languages(case, languages)
    drafts = list(kit.drafts(case, named, chosen, occasion, wording))
    common.warn_of_plugins(kit)
    refusal = kit.refusal(case, occasion)
    if as_json:
        common.print_json(
            as_of=as_of and str(as_of),
            refusal=refusal,
            drafts=[common.shown_draft(draft) for draft in drafts],
        )
        return
    common.say_rehearsal(kit)
    if refusal:
        click.secho(f"Not to be handed out: {refusal}", fg="red", bold=True)
    for group in common.grouped(drafts, chosen):
        click.secho(f"\n{group.language}, {group.wording}", bold=True)
        for line in group.text.splitlines():
            click.echo(f"    {line}")
        for platform, draft in group.drafts:
            _show(platform.label, draft)


def _show(label: str, draft: "Draft") -> None:
    colour = None if draft.fits else "red"
    limit = draft.limit if draft.limit is not None else "no limit"
    click.secho(f"  {label:<14} {_bar(draft)} {draft.length:>5} / {limit}", fg=colour)
    if draft.content_warning:
        click.echo(f"    content warning: {draft.content_warning}")
    for problem in draft.problems:
        click.secho(
            f"    {problem.code} {problem.message}", fg="red" if problem.error else "yellow"
        )


def _bar(draft: "Draft") -> str:
    """Draw how much of the limit is used; past it, the bar ends in `!`."""
    if not draft.limit:
        return "·" * WIDTH
    used = min(WIDTH, -(-WIDTH * draft.length // draft.limit))
    if not draft.fits:
        return "█" * (WIDTH - 1) + "!"
    return "█" * used + "░" * (WIDTH - used)
