"""The accounts of a project: what the settings say of them, how they are opened, their ledger."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial import ledger_place
from uasocial.errors import NotFound, SettingsError, UasocialError, nearest, printable
from uasocial.keeping import Given, Keeping
from uasocial.model.notice import Notice
from uasocial.model.post import Delivery
from uasocial.platforms.discreet import Discreet, discreetly, without
from uasocial.platforms.publisher import Publisher, PublisherKind
from uasocial.platforms.publishers import collect_publishers
from uasocial.secrets import Found, Keyring, LookedUp, look_up, variable

if TYPE_CHECKING:
    from sqlalchemy import Row

    from uasocial.outbox.ledger import Ledger
    from uasocial.settings import StatedAccount
    from uasocial.toolkit import Toolkit

__all__ = [
    "BY_HAND",
    "EXTRAS",
    "NOTICES",
    "Account",
    "account",
    "accounts",
    "faults",
    "has_ledger",
    "keeping_of",
    "kind_of",
    "ledger_of",
    "missing",
    "new_account",
    "open_account",
    "open_with",
    "opener",
    "publishers",
    "reminder",
    "secrets_of",
    "sync",
    "teller",
]

BY_HAND = "by hand"
# Under this name the secrets of `[notices]` are kept.
NOTICES = "notices"
# Variables that are uasocial's own: an account `ledger` with a secret `url` would take one.
_OWN = (ledger_place.VARIABLE, "UASOCIAL_PROJECT", "UASOCIAL_CONFIG", "UASOCIAL_TESTS")
# With which extra of uasocial a kind is installed; most have the name of their platform.
EXTRAS = {
    "apprise": "apprise",
    "bluesky": "bluesky",
    "mastodon": "mastodon",
    "nostr": "nostr",
    "pixelfed": "mastodon",
    "telegram": "telegram",
    "x": "x",
    "x-oauth2": "x",
}


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


def publishers(kit: "Toolkit") -> dict[str, PublisherKind]:
    """The kinds of publishers by name, ours first."""
    return collect_publishers(kit.host, kit.platforms)


class _Sorted(NamedTuple):
    """The accounts of the settings: those in service by name, and why the others are not."""

    right: dict[str, Account]
    wrong: dict[str, str]


def _sorted_out(kit: "Toolkit") -> _Sorted:
    """Look at each account on its own: what is wrong with one keeps no other from its work."""
    kinds, stated = publishers(kit), kit.project.settings.accounts
    right, wrong = {}, {}
    for name in sorted(stated):
        try:
            right[name] = _account(kit, kinds, name, stated[name])
        except SettingsError as error:
            wrong[name] = str(error)
    for name, fault in _clashes(kit, right.values()).items():
        del right[name]
        wrong[name] = fault
    return _Sorted(right, dict(sorted(wrong.items())))


def accounts(kit: "Toolkit") -> list[Account]:
    """Return the accounts of the settings that are in service, by name."""
    return list(_sorted_out(kit).right.values())


def faults(kit: "Toolkit") -> dict[str, str]:
    """Say of each account that is out of service what is wrong with it, and where."""
    return _sorted_out(kit).wrong


def account(kit: "Toolkit", name: str) -> Account:
    """Return one account; raise NotFound, or SettingsError where it is wrong."""
    return _in_service(kit, _sorted_out(kit), name)


def _in_service(kit: "Toolkit", found: _Sorted, name: str) -> Account:
    if name in found.wrong:
        raise SettingsError(found.wrong[name])
    if name not in found.right:
        raise NotFound("account", name, kit.project.settings.accounts)
    return found.right[name]


def new_account(kit: "Toolkit", name: str, stated: "StatedAccount") -> Account:
    """Return an account that is to be added; what its publisher asks for may still be missing."""
    _assert_name(name)
    found = Account(name, stated, kind_of(kit, publishers(kit), stated))
    clashes = _clashes(kit, [*accounts(kit), found])
    if name in clashes:
        raise SettingsError(clashes[name])
    return found


def _account(
    kit: "Toolkit", kinds: dict[str, PublisherKind], name: str, stated: "StatedAccount"
) -> Account:
    try:
        _assert_name(name)
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
        hint = _installing(stated.kind) or nearest(stated.kind, kinds)
        raise SettingsError(f"there is no publisher {stated.kind!r}{hint}")
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
    how = _installing(platform) or ": install a plugin that does"
    raise SettingsError(
        f"nothing that is installed publishes on {platform}{how}, say "
        'mode = "by hand", or rehearse with kind = "console"'
    )


def _installing(kind: str) -> str:
    """Say how a kind is installed that has a package of its own; ``""`` for any other."""
    return f": `pip install 'uasocial[{EXTRAS[kind]}]'`" if kind in EXTRAS else ""


def _assert_name(name: str) -> None:
    if name.partition("-")[0] == NOTICES:
        raise SettingsError(f"{name}: its secrets would be those of [notices]: name it otherwise")


def _assert_settings(kind: PublisherKind, stated: "StatedAccount") -> None:
    for key in stated.settings:
        if key in kind.secrets:
            raise SettingsError(
                f"{key} is a secret: take it out of the file; `uasocial accounts add` keeps it"
            )
        if key not in (*kind.settings, *kind.optional):
            hint = nearest(key, (*kind.settings, *kind.optional))
            raise SettingsError(f"{kind.name} has no setting {key!r}{hint}")
    for key in kind.settings:
        if key not in stated.settings:
            raise SettingsError(f"{kind.name} needs the setting {key!r}")


def _clashes(kit: "Toolkit", found: Iterable[Account]) -> dict[str, str]:
    """Say what is wrong with accounts of which one variable would be the secret of two.

    Neither is in service: nobody can tell whose secret it is.
    """
    wanted = [(variable(one.name, name), name, one.name) for one in found for name in one.secrets]
    owners = {own: ["uasocial"] for own in _OWN}
    for where, _, account in wanted:
        owners.setdefault(where, []).append(f"the account {account}")
    return {
        account: f"{kit.project.file}: account {account!r}: {where} would hold its {name}, and is "
        f"{other}'s already: give the account another name"
        for where, name, account in wanted
        for other in owners[where]
        if other != f"the account {account}"
    }


def secrets_of(account: Account, keyring: Keyring) -> dict[str, Found]:
    """Return the secrets of an account that there are, by name."""
    return look_up(account.name, account.secrets, keyring) if account.secrets else {}


def open_account(account: Account, keyring: Keyring) -> Publisher:
    """Open an account; raise UasocialError where a secret is missing or its publisher says no."""
    found = secrets_of(account, keyring)
    if account.kind is not None and len(found) < len(account.secrets):
        raise SettingsError(missing(account, keyring))
    return open_with(account, keeping_of(account, found))


def open_with(account: Account, secrets: Keeping) -> Publisher:
    """Open an account with these secrets; raise UasocialError where its publisher says no."""
    if account.kind is None:
        raise UasocialError(f"{account.name}: is published by hand, and cannot be opened")
    with discreetly(secrets.hidden, account.name):
        publisher = account.kind.open(Given(account.stated.settings), secrets)
    if not isinstance(publisher, Publisher):
        raise UasocialError(f"{account.name}: {account.kind.name} opened what is no Publisher")
    return Discreet(publisher, secrets.hidden, account.name)


def keeping_of(account: Account, found: Mapping[str, Found]) -> Keeping:
    """Return the secrets that were found, with what is kept on this machine beside them."""
    plain = {name: one.value.get_secret_value() for name, one in found.items()}
    return Keeping(account.stated.platform, account.name, plain)


def missing(account: Account, keyring: Keyring) -> str:
    """Say which secrets are missing and how to give them; ``""`` where none is."""
    found = secrets_of(account, keyring)
    names = [name for name in account.secrets if name not in found]
    if not names:
        return ""
    how = f"set {' and '.join(variable(account.name, name) for name in names)}"
    asks = "authorize" if account.kind and account.kind.authorize else "add"
    other = f"keep it in the keyring with `uasocial accounts {asks} {account.name}`"
    said = f"{account.name}: its {' and '.join(names)} is missing: {how}"
    return f"{said} ({keyring.fault})" if keyring.fault else f"{said}, or {other}"


def opener(kit: "Toolkit") -> "Callable[[Row[*tuple[Any, ...]]], Publisher]":
    """Return what opens an account of the ledger; each thread keeps what it has opened."""
    stated = kit.project.settings.accounts
    found, keyring, mine = _sorted_out(kit), Keyring(), threading.local()

    def open_row(row: "Row[*tuple[Any, ...]]") -> Publisher:
        opened: dict[str, Publisher] = vars(mine).setdefault("opened", {})
        if row.name not in opened:
            if row.name not in stated or stated[row.name].platform != row.platform:
                raise SettingsError(
                    f"the account {row.name!r} of {row.platform} is no more in uasocial.toml: put "
                    "it back, or cancel its posts"
                )
            opened[row.name] = open_account(_in_service(kit, found, row.name), keyring)
        return opened[row.name]

    return open_row


def teller(kit: "Toolkit") -> Callable[[Delivery], None] | None:
    """Return what tells the plugins of a delivery; None where none wants to be told.

    It raises UasocialError where one of them has not taken note.
    """
    return _telling(kit, "delivery_changed", "delivery")


def reminder(kit: "Toolkit") -> Callable[[Notice], None] | None:
    """Return what tells the plugins of a notice; None where none wants to be told.

    It raises UasocialError where none of them has taken note: what some have is not told twice.
    """
    return _telling(kit, "notice_due", "notice", enough=1)


def _telling(
    kit: "Toolkit", hook: str, what: str, enough: int | None = None
) -> Callable[[Any], None] | None:
    """Return what calls a hook of notices; *enough* plugins must take note, or all of them."""
    if not kit.host.hears(hook):
        return None
    settings, secrets = Given(kit.project.settings.notices), LookedUp(NOTICES, Keyring())
    given = {"settings": settings, "secrets": secrets}

    def tell(one: object) -> None:
        told = [*kit.host.tell(hook, **{what: one}, **given)]
        faults = [f"{plugin}: {_said(error)}" for plugin, error in told if error is not None]
        if faults and (enough is None or len(told) - len(faults) < enough):
            said = without("; ".join(faults), secrets.values())
            raise UasocialError(printable(" ".join(said.split()))[:500])

    return tell


def _said(error: Exception) -> str:
    """Return what a plugin means to say; of any other error only the kind, for it may hold all."""
    return str(error) if isinstance(error, UasocialError) else type(error).__name__


def has_ledger(kit: "Toolkit") -> bool:
    """Tell whether there is a ledger already; one on a server is taken to be there."""
    return ledger_place.exists(kit.project)


def ledger_of(kit: "Toolkit") -> "Ledger":
    """Open the project's ledger, made if there is none; raise LedgerError where that cannot be."""
    from uasocial.outbox.opening import open_ledger  # noqa: PLC0415 - only who publishes waits

    return open_ledger(ledger_place.address(kit.project).get_secret_value())


def sync(kit: "Toolkit", ledger: "Ledger") -> None:
    """Bring the ledger's accounts to what the settings say.

    One that left them stays as it is, and one that is out of service as well.
    """
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
