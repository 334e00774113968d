"""Which ledger an account is used with on this machine: two ledgers would each post for it."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import click

from uasocial.errors import printable
from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.opening import ledger_id

__all__ = ["claim", "release"]


def _store() -> Path:
    folder = os.environ.get("UASOCIAL_CONFIG") or click.get_app_dir("uasocial")
    return Path(folder) / "ledgers.json"


def claim(ledger: Ledger, accounts: Iterable[tuple[str, str]]) -> None:
    """Remember that *accounts*, each a platform and who it is there, are on this ledger.

    Raise LedgerError where one of them was used with another.
    """
    with ledger.read() as connection:
        mine = ledger_id(connection)
    known = _read()
    claimed = dict(known)
    for platform, name in accounts:
        key = f"{platform} {name}"
        owner = known.get(key)
        if owner and owner["ledger"] != mine:
            raise LedgerError(
                printable(
                    f"{name} of {platform} is on another ledger ({owner['place']}): use that one, "
                    "for two would each post for it. If it is gone for good, take the account out "
                    f"of {_store()}, after a look at what is live"
                )
            )
        claimed[key] = {"ledger": mine, "place": _place(ledger)}
    if claimed != known:
        _write(claimed)


def release(platform: str, name: str) -> bool:
    """Forget with which ledger an account was used; False where none was known."""
    known = _read()
    if known.pop(f"{platform} {name}", None) is None:
        return False
    _write(known)
    return True


def _place(ledger: Ledger) -> str:
    return str(ledger.file.resolve()) if ledger.file else repr(ledger)


def _read() -> dict[str, dict[str, str]]:
    store = _store()
    if not store.exists():
        return {}
    try:
        found = json.loads(store.read_text(encoding="utf-8"))
        return {
            str(key): {"ledger": str(one["ledger"]), "place": str(one["place"])}
            for key, one in found.items()
        }
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise LedgerError(
            printable(f"{store} cannot be read ({error!r}): mend it, or take it away")
        ) from None


def _write(known: dict[str, dict[str, str]]) -> None:
    store = _store()
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved: a reader sees the old list or the new one, never half of it.
        new = store.with_suffix(f".new-{os.getpid()}")
        new.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        new.replace(store)
    except OSError as error:
        raise LedgerError(printable(f"{store} cannot be written: {error.strerror}")) from None
