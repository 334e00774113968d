"""`uasocial approve`: what was proposed, seen by a second person, and planned."""

import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import columns, common, delivering, persons, scopes
from uasocial.errors import printable

if TYPE_CHECKING:
    from uasocial.outbox.queue import Entry
    from uasocial.team.approving import Lot, Shown, Words
    from uasocial.toolkit import Toolkit

# What --yes is where no code is given with it: no code has a space in it.
UNTOLD = "no code"


@click.command("approve")
@scopes.deliveries_argument
@scopes.scope_options
@scopes.plan_option
@click.option("--read", metavar="TAG", help="Show each post beside its words in this language.")
@click.option(
    "--window",
    type=scopes.Span(),
    default="1d",
    show_default=True,
    metavar="TIME",
    help="It may be moved by so much without another approval.",
)
@click.option(
    "--yes",
    is_flag=False,
    flag_value=UNTOLD,
    metavar="CODE",
    help="Approve what was shown with this code.",
)
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    deliveries: tuple[str, ...],
    read: str | None,
    window: timedelta,
    yes: str | None,
    by: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Approve what somebody else has proposed: each DELIVERY, or all of a scope.

    Without --yes it is shown, with a code that stands for all that it says. Nothing that was
    changed since is approved with it. Several options narrow each other down.

    \b
    uasocial approve --action ua-119-21 --read en
    uasocial approve --action ua-119-21 --yes 4c1e07b9
    """
    from uasocial import accounts
    from uasocial.team import approving, people

    if yes == UNTOLD:
        raise click.UsageError(
            "--yes takes a code, which stands for what you have seen: it is shown without --yes"
        )
    kit = common.make_toolkit(context)
    people.assert_may(kit, by, "approve")
    if not deliveries and not any(given.values()):
        given["everything"] = True
    chosen = scopes.selected(kit, deliveries, **given)
    ledger = accounts.ledger_of(kit)
    if yes is None:
        shown = approving.lot(kit, ledger, chosen, by, read)
        _show(kit, shown, as_json=as_json)
        yes = _asked(shown) if not as_json else None
        if yes is None:
            context.exit(1 if shown.posts else 0)
    approved = approving.approve(kit, ledger, chosen, yes, by, window)
    _tell(kit, approved, as_json=as_json)


def _show(kit: "Toolkit", lot: "Lot", *, as_json: bool) -> None:
    if as_json:
        common.print_json(code=lot.code, posts=[_as_json(one) for one in lot.posts])
        return
    for one in lot.posts:
        for line in _lines(kit, one):
            click.echo(printable(line))
    if not lot.posts:
        click.echo("Nothing of it waits for an approval.")


def _asked(lot: "Lot") -> str | None:
    """Ask on a terminal; else say how to say yes."""
    if not lot.posts:
        return None
    count = f"{len(lot.posts)} post{'' if len(lot.posts) == 1 else 's'}"
    if sys.stdin.isatty() and sys.stdout.isatty() and click.confirm(f"Approve {count}?"):
        return lot.code
    click.echo(f"nothing is approved: say --yes {lot.code} to approve {count}", err=True)
    return None


def _tell(kit: "Toolkit", approved: "list[Entry]", *, as_json: bool) -> None:
    if as_json:
        common.print_json(deliveries=[delivering.as_json(entry) for entry in approved])
        return
    for entry in approved:
        when = delivering.moment(entry.planned_for, kit.now.tzinfo)
        click.echo(f"{entry.short}  {entry.account}: approved, and planned for {when}")


# --- one post ----------------------------------------------------------------------------------


def _lines(kit: "Toolkit", one: "Shown") -> Iterator[str]:
    entry = one.entry
    when = delivering.moment(entry.planned_for, kit.now.tzinfo)
    plan = f", plan {entry.plan}" if entry.plan else ""
    said = f"{entry.occasion}, {entry.wording}, asked for by {entry.asked_by}{plan}"
    yield f"{entry.short}  {entry.account} ({entry.platform}, {entry.language})  {when}"
    yield f"  {entry.action}, {said}"
    beside = [_block(one.words), *([_block(one.source)] if one.source else [])]
    yield from (f"    {line}".rstrip() for line in columns.beside(beside, _width() - 4))
    yield from (f"    [picture: {alt}]" for alt in one.alts)
    if one.before:
        yield from _since(one.before, one.words)
    yield from (f"  look: {warning}" for warning in one.warnings)
    yield ""


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns


def _block(words: "Words") -> list[str]:
    warning = [f"[content warning: {words.content_warning}]"] if words.content_warning else []
    return [f"{words.language}:", *warning, *words.text.splitlines()]


def _since(before: "Words", words: "Words") -> Iterator[str]:
    """Yield what is new since it was approved last."""
    old, new = _block(before), _block(words)
    if old == new:
        yield "  approved before, in the same words"
        return
    yield "  new since it was approved last:"
    yield from (f"    {sign} {line}" for sign, line in columns.changes(old, new))


def _as_json(one: "Shown") -> dict[str, Any]:
    beside = {"source": one.source, "before": one.before}
    return {
        **delivering.as_json(one.entry),
        "alts": one.alts,
        **{name: words._asdict() if words else None for name, words in beside.items()},
        "warnings": one.warnings,
    }
