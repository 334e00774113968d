"""An account opened as the product opens it, but for the time that the unknown settles in."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any

from msgspec import Struct

from uasocial.keeping import Given, Keeping
from uasocial.platforms.discreet import Discreet, discreetly
from uasocial.platforms.publisher import Publisher, PublisherKind

__all__ = ["Opening", "kind_at", "opened"]


class Opening(Struct, frozen=True, kw_only=True):
    """What opens an account in another process; *at* is `module:attribute`, see `kind_at`."""

    at: str
    kind: str
    platform: str
    settings: dict[str, str]
    secrets: dict[str, str]

    def __repr__(self) -> str:
        return f"<an account of {self.kind}>"

    def open(self, account: str) -> Publisher:
        keeping = Keeping(self.platform, account, self.secrets)
        return opened(kind_at(self.at, self.kind), self.settings, keeping)


def kind_at(at: str, name: str) -> PublisherKind:
    """Return the kind at `module:attribute`, or the one of that *name* that is returned there."""
    module, _, attribute = at.partition(":")
    found: Any = getattr(import_module(module), attribute)
    if isinstance(found, PublisherKind):
        return found
    kinds: list[PublisherKind] = [kind for kind in found() if kind.name == name]
    return kinds[0]


def opened(
    kind: PublisherKind,
    settings: Mapping[str, str],
    keeping: Keeping,
    settle: timedelta = timedelta(0),
) -> Publisher:
    """Open an account; its errors hold no secret."""
    with discreetly(keeping.hidden):
        publisher = kind.open(Given(settings), keeping)
    if not isinstance(publisher, Publisher):
        raise TypeError(f"{kind.name} opened what is no Publisher: {type(publisher).__name__}")
    # No test waits until a late request has surely landed: it knows.
    vars(publisher).update(settle=settle)
    return Discreet(publisher, keeping.hidden)
