"""For tests of what publishes: a network with state, a proxy that fails, a clock, no way out.

Its fixtures are there wherever uasocial is installed beside pytest; `PublisherContract` is what
each publisher must do, as tests to inherit.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uasocial.testing.contract import HttpNetwork, Network, PublisherContract, Seen

__all__ = ["HttpNetwork", "Network", "PublisherContract", "Seen"]


def __getattr__(name: str) -> Any:
    # The contract needs pytest and the ledger: only who asks for it waits for them.
    if name in __all__:
        return getattr(import_module("uasocial.testing.contract"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
