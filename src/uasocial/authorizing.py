"""An account authorized by a person: what the network gives for it become its secrets."""

from collections.abc import Callable, Mapping
from typing import Any

from uasocial.accounts import Account
from uasocial.errors import UasocialError, printable
from uasocial.keeping import Given
from uasocial.platforms.discreet import discreetly
from uasocial.platforms.publisher import Dialogue

__all__ = ["assert_authorizes", "authorize"]

Authorize = Callable[[Mapping[str, str], Dialogue], Mapping[str, str]]


def authorize(account: Account, dialogue: Dialogue) -> dict[str, str]:
    """Let a person authorize an account, and return its secrets; raise UasocialError if not."""
    kind = assert_authorizes(account)
    heard = _Heard(dialogue)
    try:
        with discreetly(heard.secrets, account.name):
            given = kind(Given(account.stated.settings), heard)
    except UasocialError:
        raise
    except Exception as error:  # noqa: BLE001 - a plugin may raise what it likes
        # Only its kind: it may hold a token that nobody here knows yet.
        kind_of_error = type(error).__name__
        raise UasocialError(
            f"{account.name}: {account.kind_name} has failed: {kind_of_error}: nothing is kept"
        ) from None
    wrong = _wrong_of(account, given)
    if wrong:
        raise UasocialError(f"{account.name}: {account.kind_name} {wrong}: nothing is kept")
    return Given(given)


def assert_authorizes(account: Account) -> Authorize:
    """Return how an account is authorized; raise UasocialError where its kind has no way to."""
    if account.kind is None:
        raise UasocialError(f"{account.name}: is published by hand, and needs no authorization")
    if account.kind.authorize is None:
        raise UasocialError(
            f"{account.name}: {account.kind.name} has no authorization of its own: give its "
            f"secrets with `uasocial accounts add {account.name}`"
        )
    return account.kind.authorize


def _wrong_of(account: Account, given: Any) -> str:
    """Say what is wrong with what an authorization gave, or return ``""``; never the values."""
    if not isinstance(given, Mapping):
        return "gave no secrets"
    for name in account.secrets:
        if not isinstance(given.get(name), str) or not given[name]:
            return f"gave no {name}"
        if not given[name].isprintable():
            return f"gave a {name} with a line break or another hidden character"
    unknown = [f"{name}" for name in given if name not in account.secrets]
    return printable(f"gave {unknown[0]!r}, which is none of its secrets") if unknown else ""


class _Heard:
    """A dialogue that remembers the secrets which were answered, so that no error says one."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self.secrets: list[str] = []

    def show(self, text: str) -> None:
        self._dialogue.show(text)

    def ask(self, question: str, *, secret: bool = False) -> str:
        said = self._dialogue.ask(question, secret=secret)
        if secret:
            self.secrets.append(said)
        return said
