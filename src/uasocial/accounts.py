"""The accounts of a project: what the settings say of them, how they are opened, their ledger."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial import ledger_place
from uasocial.errors import NotFound, SettingsError, UasocialError, nearest, printable
from uasocial.platforms.discreet import Discreet, discreetly
from uasocial.platforms.publisher import Publisher, PublisherKind
from uasocial.platforms.publishers import collect_publishers
from uasocial.secrets import Found, Keyring, look_up, variable

if TYPE_CHECKING:
    from sqlalchemy import Row

    from uasocial.outbox.ledger import Ledger
    from uasocial.settings import StatedAccount
    from uasocial.toolkit import Toolkit

__all__ = [
    "BY_HAND",
    "Account",
    "account",
    "accounts",
    "has_ledger",
    "kind_of",
    "ledger_of",
    "missing",
    "new_account",
    "open_account",
    "opener",
    "publishers",
    "secrets_of",
    "sync",
]

BY_HAND = "by hand"
# Variables that are uasocial's own: an account `ledger` with a secret `url` would take one.
_OWN = (ledger_place.VARIABLE, "UASOCIAL_PROJECT", "UASOCIAL_CONFIG", "UASOCIAL_TESTS")


class Account(NamedTuple):
    """An account as the settings state it; *kind* is None where a person publishes by hand."""

    name: str
    stated: "StatedAccount"
    kind: PublisherKind | None

    @property
    def kind_name(self) -> str:
        return self.kind.name if self.kind else BY_HAND

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of what must stay secret."""
        return self.kind.secrets if self.kind else ()


class _Given(dict[str, str]):
    """Settings or secrets for a publisher, which show in no repr."""

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"

    __str__ = __repr__


def publishers(kit: "Toolkit") -> dict[str, PublisherKind]:
    """The kinds of publishers by name, ours first."""
    return collect_publishers(kit.host, kit.platforms)


def accounts(kit: "Toolkit") -> list[Account]:
    """Return the accounts of the settings, by name; raise SettingsError for one that is wrong."""
    kinds = publishers(kit)
    stated = kit.project.settings.accounts
    found = [_account(kit, kinds, name, stated[name]) for name in sorted(stated)]
    _assert_apart(kit, found)
    return found


def account(kit: "Toolkit", name: str) -> Account:
    """Return one account; raise NotFound, or SettingsError where it is wrong."""
    stated = kit.project.settings.accounts
    if name not in stated:
        raise NotFound("account", name, stated)
    return _account(kit, publishers(kit), name, stated[name])


def new_account(kit: "Toolkit", name: str, stated: "StatedAccount") -> Account:
    """Return an account that is to be added; what its publisher asks for may still be missing."""
    found = Account(name, stated, kind_of(kit, publishers(kit), stated))
    _assert_apart(kit, [*accounts(kit), found])
    return found


def _account(
    kit: "Toolkit", kinds: dict[str, PublisherKind], name: str, stated: "StatedAccount"
) -> Account:
    try:
        kind = kind_of(kit, kinds, stated)
        if kind is not None:
            _assert_settings(kind, stated)
        return Account(name, stated, kind)
    except SettingsError as error:
        file = kit.project.file
        raise SettingsError(printable(f"{file}: account {name!r}: {error}")) from None


def kind_of(
    kit: "Toolkit", kinds: dict[str, PublisherKind], stated: "StatedAccount"
) -> PublisherKind | None:
    """Return the publisher of an account; raise SettingsError where there is no such."""
    if stated.platform not in kit.platforms:
        hint = nearest(stated.platform, kit.platforms)
        raise SettingsError(f"there is no platform {stated.platform!r}{hint}")
    if stated.mode == BY_HAND:
        return None
    kind = kinds.get(stated.kind) if stated.kind else _only(kinds, stated.platform)
    if kind is None:
        raise SettingsError(f"there is no publisher {stated.kind!r}{nearest(stated.kind, kinds)}")
    if kind.platform not in ("", stated.platform):
        raise SettingsError(
            f"the publisher {kind.name!r} is one of {kind.platform}, and not of {stated.platform}"
        )
    return kind


def _only(kinds: dict[str, PublisherKind], platform: str) -> PublisherKind:
    """Return the only kind that is the platform's own."""
    own = [kind for kind in kinds.values() if kind.platform == platform]
    if len(own) == 1:
        return own[0]
    if own:
        names = ", ".join(sorted(kind.name for kind in own))
        raise SettingsError(f"its kind is missing: one of {names}")
    raise SettingsError(
        f"nothing that is installed publishes on {platform}: install a plugin that does, say "
        'mode = "by hand", or rehearse with kind = "console"'
    )


def _assert_settings(kind: PublisherKind, stated: "StatedAccount") -> None:
    for key in stated.settings:
        if key in kind.secrets:
            raise SettingsError(
                f"{key} is a secret: take it out of the file; `uasocial accounts add` keeps it"
            )
        if key not in kind.settings:
            hint = nearest(key, kind.settings)
            raise SettingsError(f"{kind.name} has no setting {key!r}{hint}")
    for key in kind.settings:
        if key not in stated.settings:
            raise SettingsError(f"{kind.name} needs the setting {key!r}")


def _assert_apart(kit: "Toolkit", found: Iterable[Account]) -> None:
    """Raise SettingsError where one variable would be the secret of two."""
    taken = dict.fromkeys(_OWN, "uasocial")
    for one in found:
        for name in one.secrets:
            wanted = variable(one.name, name)
            if wanted in taken:
                raise SettingsError(
                    f"{kit.project.file}: account {one.name!r}: {wanted} would hold its {name}, "
                    f"and is {taken[wanted]}'s already: give the account another name"
                )
            taken[wanted] = f"the account {one.name}"


def secrets_of(account: Account, keyring: Keyring) -> dict[str, Found]:
    """Return the secrets of an account that there are, by name."""
    return look_up(account.name, account.secrets, keyring) if account.secrets else {}


def open_account(account: Account, keyring: Keyring) -> Publisher:
    """Open an account; raise UasocialError where a secret is missing or its publisher says no."""
    if account.kind is None:
        raise UasocialError(f"{account.name}: is published by hand, and cannot be opened")
    found = secrets_of(account, keyring)
    if len(found) < len(account.secrets):
        raise SettingsError(missing(account, keyring))
    plain = {name: found[name].value.get_secret_value() for name in found}
    with discreetly(plain.values()):
        publisher = account.kind.open(_Given(account.stated.settings), _Given(plain))
    if not isinstance(publisher, Publisher):
        raise UasocialError(f"{account.name}: {account.kind.name} opened what is no Publisher")
    return Discreet(publisher, plain.values())


def missing(account: Account, keyring: Keyring) -> str:
    """Say which secrets are missing and how to give them; ``""`` where none is."""
    found = secrets_of(account, keyring)
    names = [name for name in account.secrets if name not in found]
    if not names:
        return ""
    how = f"set {' and '.join(variable(account.name, name) for name in names)}"
    other = f"keep it in the keyring with `uasocial accounts add {account.name}`"
    said = f"{account.name}: its {' and '.join(names)} is missing: {how}"
    return f"{said} ({keyring.fault})" if keyring.fault else f"{said}, or {other}"


def opener(kit: "Toolkit") -> "Callable[[Row[*tuple[Any, ...]]], Publisher]":
    """Return what opens an account of the ledger; each thread keeps what it has opened."""
    stated = kit.project.settings.accounts
    kinds, keyring, mine = publishers(kit), Keyring(), threading.local()

    def open_row(row: "Row[*tuple[Any, ...]]") -> Publisher:
        opened: dict[str, Publisher] = vars(mine).setdefault("opened", {})
        if row.name not in opened:
            if row.name not in stated or stated[row.name].platform != row.platform:
                raise SettingsError(
                    f"the account {row.name!r} of {row.platform} is no more in uasocial.toml: put "
                    "it back, or cancel its posts"
                )
            found = _account(kit, kinds, row.name, stated[row.name])
            opened[row.name] = open_account(found, keyring)
        return opened[row.name]

    return open_row


def has_ledger(kit: "Toolkit") -> bool:
    """Tell whether there is a ledger already; one on a server is taken to be there."""
    return ledger_place.exists(kit.project)


def ledger_of(kit: "Toolkit") -> "Ledger":
    """Open the project's ledger, made if there is none; raise LedgerError where that cannot be."""
    from uasocial.outbox.opening import open_ledger  # noqa: PLC0415 - only who publishes waits

    return open_ledger(ledger_place.address(kit.project).get_secret_value())


def sync(kit: "Toolkit", ledger: "Ledger") -> None:
    """Bring the ledger's accounts to what the settings say; one that left them stays as it is."""
    from uasocial.outbox import belonging  # noqa: PLC0415 - only who publishes
    from uasocial.outbox.accounts import AccountRow, put  # noqa: PLC0415 - only who publishes

    stated = accounts(kit)
    # Secrets go by the account's name on this machine: the same name elsewhere is the same account.
    guarded = [(one.stated.platform, one.name) for one in stated if one.secrets]
    if guarded:
        belonging.claim(ledger, guarded)
    rows = [
        AccountRow(
            name=one.name,
            platform=one.stated.platform,
            kind=one.kind_name,
            language=one.stated.language,
            mode=one.stated.mode,
            gap=one.stated.seconds,
        )
        for one in stated
    ]
    put(ledger, rows, "uasocial.toml")
