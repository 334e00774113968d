"""How `correct` shows what is pending and says something else by now."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import columns, common, delivering
from uasocial.errors import printable

if TYPE_CHECKING:
    from uasocial.model.post import Post
    from uasocial.outbox.ledger import Ledger
    from uasocial.team.revising import Revision
    from uasocial.toolkit import Toolkit

__all__ = ["correct"]


def correct(
    kit: "Toolkit",
    ledger: "Ledger",
    name: str,
    by: str,
    *,
    minor: bool,
    yes: bool,
    as_json: bool,
) -> bool:
    """Show what is pending of an action and has changed; with *yes* let it wait for approval.

    Tell whether nothing is left to agree to.
    """
    from uasocial.outbox import queue
    from uasocial.team import people, revising

    action = kit.action(name)
    pending = queue.listed(ledger, action=name, states=queue.PENDING, most=None)
    found = revising.revisions(kit, ledger, action, pending, by)
    changed = [one for one in found if one.differs]
    stale = revising.stale(action) if minor else {}
    if yes:
        people.assert_may(kit, by, "write")
    frozen = revising.freeze(ledger, changed, by) if yes else []
    if yes and minor:
        revising.keep_current(action, stale)
    done = yes or not (changed or stale)
    if as_json:
        parts = {language: list(made) for language, made in stale.items()}
        common.print_json(
            corrections=[_as_json(one, frozen) for one in changed],
            unchanged=len(found) - len(changed),
            kept_current=parts,
        )
        return done
    for one in changed:
        _show(kit, one)
    for language, made in stale.items():
        click.echo(f"{language}: stays current, though the source has changed in {', '.join(made)}")
    _end(action.id, len(changed), len(found), yes=yes)
    if stale and not (yes or changed):
        click.echo("nothing is written: say --yes to keep them current", err=True)
    return done


def _end(action: str, changed: int, whole: int, *, yes: bool) -> None:
    said = f"{changed} of {whole} pending posts say something else now"
    if not changed:
        click.echo(f"{whole} pending posts say what the files say")
    elif yes:
        how = f"uasocial approve --action {action}"
        click.echo(f"{said}, and wait for somebody else: `{how}`", err=True)
    else:
        click.echo(f"{said}; nothing is changed: say --yes to let them wait", err=True)


def _show(kit: "Toolkit", one: "Revision") -> None:
    entry = one.entry
    at = delivering.moment(entry.planned_for, kit.now.tzinfo)
    head = f"{entry.short}  {entry.account} ({entry.platform}, {entry.language})  {at}"
    click.secho(printable(head), bold=True)
    if one.after is None:
        click.secho(printable(f"  cannot be said any more: {one.why}"), fg="red")
        return
    for sign, line in columns.changes(_lines(one.before), _lines(one.after)):
        click.secho(printable(f"  {sign} {line}"), fg={"-": "red", "+": "green"}.get(sign))


def _lines(post: "Post") -> list[str]:
    warning = [f"[content warning: {post.content_warning}]"] if post.content_warning else []
    without = ["[without handles:]", *post.without.splitlines()] if post.without else []
    return [*warning, *post.text.splitlines(), *without]


def _as_json(one: "Revision", frozen: list[str]) -> dict[str, Any]:
    return {
        "delivery": one.entry.id,
        "account": one.entry.account,
        "before": one.before.text,
        "after": one.after.text if one.after else None,
        "why": one.why,
        "frozen": one.entry.id in frozen,
    }
