"""The accounts as a person looks at them: what they are, what they lack, what is next."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from uasocial.accounts import Account, account, has_ledger, ledger_of, open_account, secrets_of
from uasocial.errors import NotFound, UasocialError, printable
from uasocial.secrets import Keyring

if TYPE_CHECKING:
    from uasocial.outbox.accounts import Standing
    from uasocial.toolkit import Toolkit

__all__ = ["MISSING", "Checked", "Overview", "check", "overviews"]

MISSING = "missing"


class Overview(Struct, frozen=True, kw_only=True):
    """An account; *gap* in seconds, *secrets* where each comes from, *fault* what is wrong."""

    name: str
    platform: str
    kind: str
    mode: str
    language: str
    gap: int
    approval: str = "none"
    secrets: dict[str, str] = {}
    pending: int = 0
    next_due: datetime | None = None
    ready_at: datetime | None = None
    fault: str = ""


class Checked(Struct, frozen=True, kw_only=True):
    """An account that was opened and asked whose it is; *said* is the answer, or what is wrong."""

    name: str
    ok: bool
    said: str


def overviews(kit: "Toolkit", keyring: Keyring) -> list[Overview]:
    """List the accounts of the settings, then those that only the ledger knows."""
    stood = {one.row.name: one for one in _standings(kit)}
    stated = sorted(kit.project.settings.accounts)
    found = [_stated(kit, name, keyring, stood.pop(name, None)) for name in stated]
    return [*found, *(_left(one) for one in stood.values())]


def _standings(kit: "Toolkit") -> "list[Standing]":
    if not has_ledger(kit):
        return []
    from uasocial.outbox.accounts import standings  # noqa: PLC0415 - only where there is a ledger

    ledger = ledger_of(kit)
    try:
        return standings(ledger)
    finally:
        ledger.close()


def _stated(kit: "Toolkit", name: str, keyring: Keyring, standing: "Standing | None") -> Overview:
    stated = kit.project.settings.accounts[name]
    kind, secrets, fault = stated.kind, dict[str, str](), ""
    try:
        found = account(kit, name)
        there = secrets_of(found, keyring)
        kind = found.kind_name
        secrets = {s: there[s].source if s in there else MISSING for s in found.secrets}
    except UasocialError as error:
        fault = str(error)
    return Overview(
        name=name,
        platform=stated.platform,
        kind=kind,
        mode=stated.mode,
        language=stated.language,
        gap=stated.seconds,
        approval=stated.approval,
        secrets=secrets,
        pending=standing.pending if standing else 0,
        next_due=standing.next_due if standing else None,
        ready_at=standing.ready_at if standing else None,
        fault=fault,
    )


def _left(standing: "Standing") -> Overview:
    return Overview(
        **standing.row._asdict(),
        pending=standing.pending,
        next_due=standing.next_due,
        ready_at=standing.ready_at,
        fault="is on the ledger, and no more in uasocial.toml: nothing is sent",
    )


def check(kit: "Toolkit", name: str, keyring: Keyring) -> Checked:
    """Open an account and ask its network whose it is; raise NotFound where there is none."""
    try:
        said = _said(account(kit, name), keyring)
    except NotFound:
        raise
    except UasocialError as error:
        return Checked(name=name, ok=False, said=_line(str(error), name))
    except Exception as error:  # noqa: BLE001 - a plugin may raise what it likes
        return Checked(name=name, ok=False, said=_line(f"{type(error).__name__}: {error}", name))
    return Checked(name=name, ok=True, said=_line(said, name) or "opened")


def _said(found: Account, keyring: Keyring) -> str:
    if found.kind is None:
        return "by hand: a person publishes, nothing is opened"
    return open_account(found, keyring).check()


def _line(said: str, name: str) -> str:
    return printable(" ".join(said.split()).removeprefix(f"{name}: ")[:500])
