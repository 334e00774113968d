"""Pending posts taken back from sending until somebody has looked at them."""

from typing import TYPE_CHECKING, NamedTuple

from uasocial import accounts
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from uasocial.outbox.pending import Pending
    from uasocial.toolkit import Toolkit

__all__ = ["Frozen", "freeze"]


class Frozen(NamedTuple):
    """Posts that wait for a person now, and those being sent at the moment, out of reach.

    *fault* says what kept it from the ledger, or is ``""``.
    """

    posts: "list[Pending]"
    under_way: "list[Pending]"
    fault: str = ""


def freeze(  # noqa: PLR0913 - what is frozen, by whom, and why
    kit: "Toolkit",
    action: str,
    chosen: "Callable[[Pending], bool]",
    by: str,
    why: str,
    *,
    dry_run: bool = False,
) -> Frozen:
    """Freeze what is pending of an action and *chosen*; with *dry_run* it is only listed.

    A ledger that cannot be used is a fault of what comes back: the files are written all the same.
    """
    if not accounts.has_ledger(kit):
        return Frozen([], [])
    try:
        ledger = accounts.ledger_of(kit)
        if dry_run:
            with ledger.read() as connection:
                return _found(connection, action, chosen)
        from uasocial.outbox.approvals import void  # noqa: PLC0415 - only who has a ledger waits

        with ledger.write() as connection:
            found = _found(connection, action, chosen)
            void(ledger, connection, [one.id for one in found.posts], by, printable(why))
    except UasocialError as error:
        return Frozen([], [], str(error))
    return found


def _found(connection: "Connection", action: str, chosen: "Callable[[Pending], bool]") -> Frozen:
    from uasocial.outbox.pending import pending  # noqa: PLC0415 - only who has a ledger waits

    hit = [one for one in pending(connection, action) if chosen(one)]
    return Frozen([one for one in hit if one.movable], [one for one in hit if not one.movable])
