"""Posts that were frozen, or would be, as commands show them."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import delivering
from uasocial.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uasocial.outbox.pending import Pending
    from uasocial.team.freezing import Frozen
    from uasocial.toolkit import Toolkit

__all__ = ["as_json", "is_whole", "next_step", "show"]


def show(kit: "Toolkit", found: "Frozen", *, dry_run: bool) -> None:
    """List posts that wait for a person now, and those that are out of reach."""
    done = "Would be frozen" if dry_run else "Frozen until somebody has looked"
    _list(kit, f"\n{done}:", found.posts)
    _list(kit, "\nBeing sent just now, and out of reach (look again soon):", found.under_way)


def _list(kit: "Toolkit", title: str, posts: "Iterable[Pending]") -> None:
    for number, one in enumerate(posts):
        if not number:
            click.secho(title, bold=True)
        when = delivering.moment(one.planned_for, kit.now.tzinfo)
        words = delivering.first_words(one.texts[0] if one.texts else "")
        click.echo(printable(f"  {one.id[:8]}  {when}  {one.account} ({one.language})  {words}"))


def next_step(action: str, found: "Frozen") -> str:
    """Say what is to be typed next: what is frozen is best said anew before it is approved."""
    anew = f", then uasocial correct --action {action}" if found.posts else ""
    return f"Next: uasocial check {action}{anew}"


def is_whole(action: str, found: "Frozen") -> bool:
    """Tell whether the ledger has taken it; say loudly where it has not."""
    if found.fault:
        said = f"{action}: ITS POSTS ARE NOT FROZEN: {found.fault}; do the same again"
        click.secho(printable(said), err=True, bold=True, fg="red")
    return not found.fault


def as_json(found: "Frozen") -> dict[str, Any]:
    return {
        "frozen": [one.id for one in found.posts],
        "under_way": [one.id for one in found.under_way],
        "fault": found.fault,
    }
