"""The project's ledger shown, exported, checked, copied, and a text taken out of it."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from uasocial import ledger_place
from uasocial.accounts import ledger_of
from uasocial.errors import NotFound, UasocialError, printable
from uasocial.outbox import backups, erasing, exporting, verifying
from uasocial.outbox.deliveries import named
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.tables import deliveries, posts

if TYPE_CHECKING:
    from uasocial.outbox.backups import Restored
    from uasocial.outbox.erasing import Erased
    from uasocial.outbox.exporting import Item
    from uasocial.outbox.verifying import Chain
    from uasocial.toolkit import Toolkit

__all__ = ["back_up", "csv", "erase", "export", "items", "restore", "row", "verify"]


def items(
    kit: "Toolkit",
    action: str | None = None,
    account: str | None = None,
    states: Sequence[str] = (),
) -> "list[Item]":
    """List what is on the ledger; raise NotFound for an action or an account that is nowhere."""
    found = exporting.items_of(ledger_of(kit), action, account, states)
    if not found:
        _assert_named("action", action, kit.action_ids())
        _assert_named("account", account, kit.project.settings.accounts)
    return found


def _assert_named(kind: str, name: str | None, known: Collection[str]) -> None:
    if name is not None and name not in known:
        raise NotFound(kind, name, known)


def row(kit: "Toolkit", item: "Item") -> dict[str, object]:
    """Return an item as plain data, its moments in the project's zone."""
    return exporting.as_data(item, kit.now.tzinfo)


def csv(kit: "Toolkit", found: "Sequence[Item]") -> str:
    return exporting.as_csv(found, kit.now.tzinfo)


def export(kit: "Toolkit", file: Path | None) -> Sequence[str]:
    """Write the chain into a new file, or return its lines for none."""
    lines = exporting.chained(ledger_of(kit))
    if file is None:
        return list(lines)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.writelines(f"{line}\n" for line in lines)
    except FileExistsError:
        raise UasocialError(printable(f"{file}: exists already: name another file")) from None
    except OSError as error:
        raise UasocialError(
            printable(f"{file}: cannot be written whole: {error.strerror}")
        ) from None
    return ()


def verify(kit: "Toolkit", file: Path | None) -> "Chain":
    """Check the ledger, or an exported file; raise at the first row that does not fit."""
    if file is None:
        return verifying.verify(ledger_of(kit))
    try:
        with file.open("rb") as opened:
            return verifying.verify_lines(verifying.read_lines(opened))
    except OSError as error:
        raise UasocialError(printable(f"{file}: cannot be read: {error.strerror}")) from None
    except verifying.Broken as error:
        raise verifying.Broken(printable(f"{file}: {error}")) from None


def erase(kit: "Toolkit", names: Sequence[str], action: str | None, by: str, why: str) -> "Erased":
    """Erase the words of deliveries, or of all that was ever posted of an action."""
    ledger = ledger_of(kit)
    with ledger.read() as connection:
        ids = [named(connection, name).id for name in names]
        of_action = sa.select(posts.c.id).where(posts.c.action == action).limit(1)
        if action is not None and connection.scalar(of_action) is None:
            raise UasocialError(printable(f"{action}: nothing of it is on the ledger"))
    chosen = deliveries.c.id.in_(ids)
    where = chosen if action is None else sa.or_(chosen, posts.c.action == action)
    return erasing.erase(ledger, [where], by, why)


def back_up(kit: "Toolkit", file: Path) -> None:
    backups.back_up(ledger_of(kit), file)


def restore(kit: "Toolkit", file: Path | None, by: str, *, force: bool = False) -> "Restored":
    """Bring a backup back; without *file*, do what is to be done after it was brought back."""
    if file is None:
        return backups.Restored(backups.settle(ledger_of(kit), by), None)
    target = Ledger(ledger_place.address(kit.project).get_secret_value())
    target.close()
    if target.file is None:
        raise LedgerError(
            "a ledger on PostgreSQL is restored with pg_restore; after that, `uasocial ledger "
            "restore` without a file"
        )
    return backups.restore(file, target.file, by, force=force)
