"""What the files of cases forbid by now, told to the ledger before anything is sent."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from uasocial import stopping
from uasocial.errors import CaseError, NotFound, printable
from uasocial.outbox import controls

if TYPE_CHECKING:
    from sqlalchemy import Row

    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["refresh"]

# Who it is that tightens the ledger where no person does.
FILES = "the files of the case"


def refresh(kit: "Toolkit", ledger: "Ledger", actions: Collection[str]) -> list[str]:
    """Tell the ledger what the files of *actions* forbid by now; return what could not be read.

    A case whose files are there and cannot be read waits: what is broken may be a stop.
    """
    if not actions:
        return []
    now = datetime.now(kit.now.tzinfo)
    fresh = type(kit)(kit.project, now)
    stopping.tighten(fresh, FILES, ledger, actions)
    with ledger.read() as connection:
        held = {row.name for row in controls.listed(connection) if _is_hold(row)}
    faults = []
    for name in actions:
        try:
            words = stopping.words_of(fresh.action(name), now)
        except (CaseError, NotFound) as error:
            # What is wrong may hold what must not be told: it stays out of logs.
            said = "cannot be read, and may have been stopped"
            faults.append(printable(f"{name}: {said}: `uasocial check {name}` says why"))
            # On a machine that lacks the case another one has it, and reads it.
            if isinstance(error, CaseError) and name not in held:
                _hold(ledger, name)
        else:
            _tighten_words(ledger, name, words, held=name in held)
    return faults


def _is_hold(row: "Row[Any]") -> bool:
    return (row.kind, row.scope, row.by) == ("pause", "action", FILES)


def _hold(ledger: "Ledger", name: str) -> None:
    with ledger.write() as connection:
        why = "its files cannot be read"
        controls.add(ledger, connection, controls.Control("pause", "action", name, FILES, why))


def _tighten_words(
    ledger: "Ledger", name: str, words: list[tuple[str, datetime | None]], *, held: bool
) -> None:
    with ledger.write() as connection:
        controls.set_words(ledger, connection, name, words, FILES)
        if held:
            why = "its files can be read again"
            lifted = controls.Control("pause", "action", name, FILES, why)
            controls.lift(ledger, connection, ["pause"], lifted, put_up_by=FILES)
