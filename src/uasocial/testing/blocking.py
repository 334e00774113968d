"""No way out: while it is blocked, this process connects to nothing but this machine."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

__all__ = ["NetworkBlocked", "blocked"]


class NetworkBlocked(RuntimeError):  # noqa: N818 - named for what happened
    """A test wanted to reach another machine."""


@contextmanager
def blocked() -> Iterator[None]:
    """Raise NetworkBlocked for each connection and each name but those of this machine."""
    with (
        patch.object(socket.socket, "connect", _guarded(socket.socket.connect)),
        patch.object(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex)),
        patch.object(socket.socket, "sendto", _guarded(socket.socket.sendto)),
        patch.object(socket, "getaddrinfo", _asked(socket.getaddrinfo)),
    ):
        yield


def _guarded(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(this: socket.socket, *args: Any) -> Any:
        # The address comes last: sendto may have flags before it.
        if this.family in {socket.AF_INET, socket.AF_INET6}:
            _assert_here(args[-1][0])
        return real(this, *args)

    return call


def _asked(real: Callable[..., Any]) -> Callable[..., Any]:
    def call(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None:
            _assert_here(host)
        return real(host, *args, **options)

    return call


def _assert_here(host: str | bytes) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return
    try:
        here = ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        here = False
    if not here:
        raise NetworkBlocked(f"{name}: a test reaches no other machine")
