"""A publisher whose errors say no secret, whatever the library below it puts into them.

Some networks carry the token in the address they are asked at, and libraries name the address.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote, quote_plus

from uasocial.model.post import Post, Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotYet,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)

__all__ = ["Discreet", "discreetly", "without"]

HIDDEN = "***"


class Discreet(Publisher):
    """Passes every call on; an error that holds one of *secrets* comes out without it."""

    def __init__(self, inner: Publisher, secrets: Collection[str]) -> None:
        self._inner, self._secrets = inner, tuple(secrets)
        # What a class declares of its network is declared of this one alike.
        vars(self).update(promise=inner.promise, timeout=inner.timeout, settle=inner.settle)

    def prepare(
        self, post: Post, media: Callable[[str], bytes], so_far: Mapping[str, Any]
    ) -> Mapping[str, Any] | NotYet:
        with discreetly(self._secrets):
            return self._inner.prepare(post, media, so_far)

    def create(self, prepared: Prepared) -> Receipt:
        with discreetly(self._secrets):
            return self._inner.create(prepared)

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        with discreetly(self._secrets):
            return self._inner.find(prepared, since)

    def delete(self, receipt: Receipt) -> None:
        with discreetly(self._secrets):
            self._inner.delete(receipt)

    def check(self) -> str:
        with discreetly(self._secrets):
            return without(self._inner.check(), self._secrets)


@contextmanager
def discreetly(secrets: Collection[str]) -> Iterator[None]:
    """Let an error pass only without the *secrets*; what it means stays the same."""
    try:
        yield
    except SystemExit as error:
        # A library that ends the program would end a worker in the middle of a turn.
        raise RuntimeError(without(f"it wanted to exit: {error}", secrets)) from None
    except Exception as error:
        said = f"{error}\n{error!r}"
        if without(said, secrets) == said:
            raise
        raise _same(error, without(str(error), secrets)) from None


def without(text: str, secrets: Collection[str]) -> str:
    """Return *text* with each secret hidden, as it is and as an address or Python writes it."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield repr(secret)[1:-1]


def _same(error: Exception, said: str) -> Exception:
    """Return an error that means the same to whoever sends, and says *said*."""
    if isinstance(error, Transient):
        return Transient(said, error.retry_after)
    for kind in (Rejected, OutcomeUnknown, CannotTell, PublisherError):
        if isinstance(error, kind):
            return kind(said)
    return RuntimeError(f"{type(error).__name__}: {said}")
