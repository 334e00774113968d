"""A publisher whose errors say no secret, whatever the library below it puts into them.

Some networks carry the token in the address they are asked at, and libraries name the address. A
command that an error names for a person to type is completed: a publisher does not know what its
account is called.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote, quote_plus

from uasocial.errors import UasocialError
from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    NotYet,
    OutcomeUnknown,
    Prepared,
    Profile,
    Publisher,
    PublisherError,
    Rejected,
    ServerLimits,
    Transient,
)

__all__ = ["Discreet", "discreetly", "without"]

HIDDEN = "***"
# What a publisher's errors may advise, without the account's name.
COMMANDS = ("`uasocial accounts add`", "`uasocial accounts authorize`", "`uasocial accounts check`")


class Discreet(Publisher):
    """Passes every call on; an error that holds one of *secrets* comes out without it.

    *account* is its name in uasocial.toml.
    """

    def __init__(self, inner: Publisher, secrets: Collection[str], account: str = "") -> None:
        # Not copied: a publisher that renews its token has more of them later.
        self._inner, self._secrets, self._account = inner, secrets, account
        # What a class declares of its network is declared of this one alike.
        vars(self).update(promise=inner.promise, timeout=inner.timeout, settle=inner.settle)

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any] | NotYet:
        with discreetly(self._secrets, self._account):
            return self._inner.prepare(given, media)

    def create(self, prepared: Prepared) -> Receipt:
        with discreetly(self._secrets, self._account):
            return self._inner.create(prepared)

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        with discreetly(self._secrets, self._account):
            return self._inner.find(prepared, since)

    def edit(self, receipt: Receipt, prepared: Prepared) -> Receipt:
        with discreetly(self._secrets, self._account):
            return self._inner.edit(receipt, prepared)

    def delete(self, receipt: Receipt) -> None:
        with discreetly(self._secrets, self._account):
            self._inner.delete(receipt)

    def resolve(self, handle: str) -> Profile | None:
        with discreetly(self._secrets, self._account):
            return self._inner.resolve(handle)

    def limits(self) -> ServerLimits | None:
        with discreetly(self._secrets, self._account):
            return self._inner.limits()

    def ends_at(self) -> datetime | None:
        with discreetly(self._secrets, self._account):
            return self._inner.ends_at()

    def close(self) -> None:
        with discreetly(self._secrets, self._account):
            self._inner.close()

    def check(self) -> str:
        with discreetly(self._secrets, self._account):
            return without(self._inner.check(), self._secrets)


@contextmanager
def discreetly(secrets: Collection[str], account: str = "") -> Iterator[None]:
    """Let an error pass only without the *secrets*; what it means stays the same.

    A command that it advises is completed with the *account*, where that is known.
    """
    try:
        yield
    except SystemExit as error:
        # A library that ends the program would end a worker in the middle of a turn.
        raise RuntimeError(without(f"it wanted to exit: {error}", secrets)) from None
    except Exception as error:
        said = f"{error}\n{error!r}"
        if _named(without(said, secrets), account) == said:
            raise
        raise _same(error, _named(without(str(error), secrets), account)) from None


def without(text: str, secrets: Collection[str]) -> str:
    """Return *text* with each secret hidden, as it is and as an address or Python writes it."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _named(text: str, account: str) -> str:
    """Return *text* with the account's name in each command that wants one."""
    for command in COMMANDS if account else ():
        text = text.replace(command, f"{command[:-1]} {account}`")
    return text


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield repr(secret)[1:-1]


def _same(error: Exception, said: str) -> Exception:
    """Return an error that means the same to whoever sends, and says *said*."""
    if isinstance(error, Transient):
        return Transient(said, error.retry_after)
    kinds = (Rejected, NotAuthorized, OutcomeUnknown, CannotTell, PublisherError, UasocialError)
    for kind in kinds:
        if isinstance(error, kind):
            return kind(said)
    return RuntimeError(f"{type(error).__name__}: {said}")
