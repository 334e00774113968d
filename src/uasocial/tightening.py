"""What the files of cases forbid by now, told to the ledger before anything is sent."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from uasocial import stopping
from uasocial.errors import CaseError, NotFound, printable
from uasocial.outbox import controls

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["refresh"]

# Who it is that tightens the ledger where no person does.
FILES = "the files of the case"


def refresh(kit: "Toolkit", ledger: "Ledger", actions: Collection[str]) -> list[str]:
    """Tell the ledger what the files of *actions* forbid by now; return what could not be read."""
    if not actions:
        return []
    now = datetime.now(kit.now.tzinfo)
    fresh = type(kit)(kit.project, now)
    stopping.tighten(fresh, FILES, ledger, actions)
    faults = []
    for name in actions:
        try:
            words = stopping.words_of(fresh.action(name), now)
        except (CaseError, NotFound):
            # What is wrong may hold what must not be told: it stays out of logs.
            said = "cannot be read, and may have been stopped"
            faults.append(printable(f"{name}: {said}: `uasocial check {name}` says why"))
        else:
            with ledger.write() as connection:
                controls.set_words(ledger, connection, name, words, FILES)
    return faults
