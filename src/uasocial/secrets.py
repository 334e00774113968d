"""Secrets: from the environment, else from the keyring; none comes from a file that is shared.

They are kept as SecretStr, so that no repr, log or error shows one by chance.
"""

import queue
import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from uasocial.errors import SettingsError, UasocialError, printable

if TYPE_CHECKING:
    from pydantic import SecretStr

__all__ = ["Found", "Keyring", "LookedUp", "from_environment", "look_up", "variable"]

SERVICE = "uasocial"
# In seconds: somebody may be asked to unlock it.
PATIENCE = 30.0
# A line break in a token would end up in a header, and then in the error about the header.
_BROKEN = re.compile(r"[\x00-\x1f\x7f]")

T = TypeVar("T")


class Found(NamedTuple):
    """A secret, and where it came from: `environment` or `keyring`."""

    value: "SecretStr"
    source: str


class Keyring:
    """The system's keyring, which may be missing, locked or broken, and then says so in *fault*.

    It is asked in a thread of its own, for it can wait for ever. Once it has failed it is not
    asked again.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self.fault = ""
        self.is_missing = False

    def name(self) -> str:
        """Return what kind of keyring this is, or ``""`` where it cannot be used, or is locked."""
        return self._ask(_backend, "") or ""

    def read(self, account: str, name: str) -> "SecretStr | None":
        """Return a secret; None where there is none, or no keyring."""
        from pydantic import SecretStr  # noqa: PLC0415 - only who publishes waits for it

        def ask() -> str | None:
            import keyring  # noqa: PLC0415

            return keyring.get_password(SERVICE, _entry(account, name))

        said = self._ask(ask, "")
        return SecretStr(said) if said else None

    def keep(self, account: str, name: str, secret: "SecretStr") -> None:
        """Store a secret; raise UasocialError unless the keyring has it afterwards."""
        value = secret.get_secret_value()

        def ask() -> str | None:
            import keyring  # noqa: PLC0415

            keyring.set_password(SERVICE, _entry(account, name), value)
            return keyring.get_password(SERVICE, _entry(account, name))

        kept = self._ask(ask, value)
        if kept != value:
            fault = self.fault or "the keyring has not kept it"
            raise UasocialError(f"{fault}; set {variable(account, name)} instead")

    def _ask(self, call: Callable[[], T], secret: str) -> T | None:
        """Return the answer, or None and set *fault*, in which *secret* is hidden."""
        if self.fault:
            return None
        answers: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()
        threading.Thread(target=_answer, args=(call, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=self._patience)
        except queue.Empty:
            self.fault = (
                f"the keyring has not answered for {self._patience:g} seconds: is it locked?"
            )
            return None
        if isinstance(answer, Exception):
            self.fault, self.is_missing = _fault(answer, secret)
            return None
        return answer


def _answer(call: Callable[[], T], answers: "queue.SimpleQueue[T | Exception]") -> None:
    try:
        answers.put(call())
    except Exception as error:  # noqa: BLE001 - a backend may raise what it likes
        answers.put(error)


def _backend() -> str:
    import keyring  # noqa: PLC0415
    from keyring.backends import fail  # noqa: PLC0415
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring):
        raise NoKeyringError
    # A locked one shows only when it is asked.
    backend.get_password(SERVICE, _entry("", "probe"))
    return backend.name


def _fault(error: Exception, secret: str) -> tuple[str, bool]:
    """Say what is wrong, and whether it is only that there is no keyring."""
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    if isinstance(error, NoKeyringError):
        return "this machine has no keyring", True
    said = " ".join(str(error).split())
    hidden = said.replace(secret, "***") if secret else said
    fault = f"the keyring cannot be used: {type(error).__name__}: {hidden}"
    return printable(fault[:300]), False


def _entry(account: str, name: str) -> str:
    return f"{account}/{name}"


def variable(account: str, name: str) -> str:
    """Return the environment variable of an account's secret."""
    return f"UASOCIAL_{account}_{name}".upper().replace("-", "_")


def from_environment(variables: Collection[str]) -> "dict[str, SecretStr]":
    """Return those of *variables* that are set and not empty; raise SettingsError for a broken one.

    A line break at the end is taken off: files and shells leave one.
    """
    from pydantic import Field, SecretStr, create_model  # noqa: PLC0415
    from pydantic_settings import BaseSettings  # noqa: PLC0415

    # Secrets may have any name, so that the fields are numbered.
    fields = {
        f"field_{n}": (SecretStr | None, Field(None, validation_alias=variable))
        for n, variable in enumerate(variables)
    }
    model = create_model("Environment", __base__=BaseSettings, **fields)  # type: ignore[call-overload]
    read = model(_case_sensitive=True, _env_ignore_empty=True)
    given = {variable: getattr(read, f"field_{n}") for n, variable in enumerate(variables)}
    return {name: _whole(name, value) for name, value in given.items() if value is not None}


def _whole(variable: str, secret: "SecretStr") -> "SecretStr":
    from pydantic import SecretStr  # noqa: PLC0415

    value = secret.get_secret_value().rstrip("\r\n")
    if _BROKEN.search(value):
        raise SettingsError(f"{variable}: holds a line break or another hidden character")
    return SecretStr(value)


def look_up(account: str, names: Collection[str], keyring: Keyring) -> dict[str, Found]:
    """Return the secrets of an account that there are, by name; the environment goes first."""
    variables = {variable(account, name): name for name in names}
    given = from_environment(variables)
    found = {variables[v]: Found(secret, "environment") for v, secret in given.items()}
    for name in names:
        if name not in found and (secret := keyring.read(account, name)) is not None:
            found[name] = Found(secret, "keyring")
    return found


class LookedUp(Mapping[str, str]):
    """The secrets of something that does not say beforehand which it needs; shown in no repr.

    Each is looked up once, when it is asked for; only those that were found are listed.
    """

    def __init__(self, account: str, keyring: Keyring) -> None:
        self._account, self._keyring = account, keyring
        self._known: dict[str, SecretStr | None] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._known:
            found = look_up(self._account, [name], self._keyring).get(name)
            self._known[name] = found.value if found else None
        secret = self._known[name]
        if secret is None:
            raise KeyError(name)
        return secret.get_secret_value()

    def __iter__(self) -> Iterator[str]:
        return (name for name, secret in tuple(self._known.items()) if secret is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"
