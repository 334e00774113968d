"""The fixtures of this room; pytest loads them by itself wherever uasocial is installed."""

import os
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from uasocial.testing.blocking import blocked
from uasocial.testing.clock import Clock
from uasocial.testing.network import FakeNetwork
from uasocial.testing.proxy import Fault, FaultProxy

__all__ = ["blocked_network", "clock", "fake_network", "fault_proxy", "lacking"]

# What a test of the contract compares is shown as in a test's own file.
pytest.register_assert_rewrite("uasocial.testing.contract")


@pytest.fixture(scope="session", name="lacking")
def _lacking() -> Callable[[str], NoReturn]:
    """Skip, or fail, for want of something: `lacking("node on this machine")`."""
    return lacking


def lacking(what: str) -> NoReturn:
    """Skip for want of *what*; with UASOCIAL_TESTS=all in the environment, fail instead."""
    if os.environ.get("UASOCIAL_TESTS") == "all":
        pytest.fail(f"UASOCIAL_TESTS=all, and there is no {what}")
    pytest.skip(f"no {what}")


@pytest.fixture
def blocked_network() -> Iterator[None]:
    """Let nothing of the test reach another machine."""
    with blocked():
        yield


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved."""
    return Clock()


@pytest.fixture
def fake_network() -> Iterator[FakeNetwork]:
    """A network without any post, with keys and a look-up; its *rules* may be set."""
    with FakeNetwork() as network:
        yield network


@pytest.fixture
def fault_proxy(fake_network: FakeNetwork) -> Iterator[Callable[..., FaultProxy]]:
    """Make proxies before the fake network: `fault_proxy(Fault("drop", times=1))`."""
    made: list[FaultProxy] = []

    def make(*faults: Fault, seed: int = 1) -> FaultProxy:
        made.append(FaultProxy(fake_network.url, faults, seed))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()
