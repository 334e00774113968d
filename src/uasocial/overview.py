"""The accounts as a person looks at them: what they are, what they lack, what is next."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from uasocial.accounts import (
    Account,
    account,
    has_ledger,
    keeping_of,
    ledger_of,
    open_account,
    secrets_of,
)
from uasocial.errors import NotFound, UasocialError, printable
from uasocial.learned import learn
from uasocial.platforms.publisher import Publisher, PublisherKind
from uasocial.platforms.publishers import ABILITIES
from uasocial.secrets import Keyring

if TYPE_CHECKING:
    from uasocial.outbox.accounts import Standing
    from uasocial.toolkit import Toolkit

__all__ = ["MISSING", "Checked", "Overview", "ask", "check", "overviews"]

MISSING = "missing"


class Overview(Struct, frozen=True, kw_only=True):
    """An account; *gap* in seconds, *secrets* where each comes from, *fault* what is wrong.

    *kept* names what its publisher keeps on this machine, *can* what it can do with a post.
    *ends_at* is when a person must have renewed its token.
    """

    name: str
    platform: str
    kind: str
    mode: str
    language: str
    gap: int
    approval: str = "none"
    secrets: dict[str, str] = {}
    kept: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    pending: int = 0
    next_due: datetime | None = None
    ready_at: datetime | None = None
    ends_at: datetime | None = None
    fault: str = ""


class Checked(Struct, frozen=True, kw_only=True):
    """An account that was opened and asked whose it is; *said* is the answer, or what is wrong.

    *learned* is what is new of its server, a sentence each; *ends_at* when its token does.
    """

    name: str
    ok: bool
    said: str
    learned: tuple[str, ...] = ()
    ends_at: datetime | None = None


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
    seen: dict[str, Any] = {"kind": stated.kind}
    try:
        seen |= _seen(account(kit, name), keyring)
    except UasocialError as error:
        seen["fault"] = str(error)
    return Overview(
        name=name,
        platform=stated.platform,
        mode=stated.mode,
        language=stated.language,
        gap=stated.seconds,
        approval=stated.approval,
        **_stands(standing),
        **seen,
    )


def _seen(found: Account, keyring: Keyring) -> dict[str, Any]:
    """Return what an account is like that is not in the settings."""
    there = secrets_of(found, keyring)
    seen: dict[str, Any] = {"kind": found.kind_name, "can": _can(found.kind)}
    seen["secrets"] = {s: there[s].source if s in there else MISSING for s in found.secrets}
    if len(there) == len(found.secrets):
        try:
            seen["kept"] = tuple(keeping_of(found, there).kept())
        except UasocialError as error:
            seen["fault"] = str(error)
    return seen


def _can(kind: PublisherKind | None) -> tuple[str, ...]:
    if kind is None:
        return ()
    named = {"authorize": kind.authorize is not None, "price": kind.price is not None}
    return tuple(
        [name.removeprefix("can_") for name in ABILITIES if getattr(kind, name)]
        + [name for name, has in named.items() if has]
    )


def _stands(standing: "Standing | None") -> dict[str, Any]:
    if standing is None:
        return {}
    names = ("pending", "next_due", "ready_at", "ends_at")
    return {name: getattr(standing, name) for name in names}


def _left(standing: "Standing") -> Overview:
    return Overview(
        **standing.row._asdict(),
        **_stands(standing),
        fault="is on the ledger, and no more in uasocial.toml: nothing is sent",
    )


def check(kit: "Toolkit", name: str, keyring: Keyring) -> Checked:
    """Open an account and ask its network whose it is; raise NotFound where there is none.

    What its server says of its limits is kept in the project.
    """
    try:
        found = account(kit, name)
        if found.kind is None:
            return Checked(name=name, ok=True, said=_NOBODY)
    except NotFound:
        raise
    except UasocialError as error:
        return Checked(name=name, ok=False, said=_line(str(error), name))
    return ask(kit, name, lambda: open_account(found, keyring))


def ask(kit: "Toolkit", name: str, opening: Callable[[], Publisher]) -> Checked:
    """Open an account, and ask whose it is and what its server takes."""
    try:
        with closing(opening()) as publisher:
            said = _line(publisher.check(), name) or "opened"
            learned = tuple(_learned(kit, name, publisher))
            ends_at = publisher.ends_at()
    except Exception as error:  # noqa: BLE001 - a plugin may raise what it likes
        return Checked(name=name, ok=False, said=_line(_told(error), name))
    return Checked(name=name, ok=True, said=said, learned=learned, ends_at=ends_at)


def _learned(kit: "Toolkit", name: str, publisher: Publisher) -> list[str]:
    try:
        limits = publisher.limits()
        return learn(kit.project, name, limits) if limits else []
    except Exception as error:  # noqa: BLE001 - the account is in order all the same
        return [_line(f"what its server takes is not known: {_told(error)}", name)]


_NOBODY = "by hand: a person publishes, nothing is opened"


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, UasocialError) else f"{type(error).__name__}: {error}"


def _line(said: str, name: str) -> str:
    return printable(" ".join(said.split()).removeprefix(f"{name}: ")[:500])
