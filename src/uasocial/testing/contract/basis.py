"""What all tests of the contract share: which of them apply, and a desk to work at."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from uasocial.platforms import Platform
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.limits import Instance, Limits
from uasocial.platforms.publisher import Publisher, PublisherKind
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.network import Network

__all__ = ["Contract", "only"]

Test = TypeVar("Test", bound=Callable[..., Any])
Applies = Callable[[type["Contract"]], bool]

_MARK = "_applies"


def only(applies: Applies) -> Callable[[Test], Test]:
    """Let a test be one only of the contracts that it applies to: of others it is no test."""

    def mark(test: Test) -> Test:
        setattr(test, _MARK, applies)
        return test

    return mark


class Contract:
    """Says which *kind* is tested; a subclass adds the fixture `network`.

    What does not follow from the kind, for those that differ:

    - *platform* counts the texts, where it is none of uasocial's own;
    - *kind_at* is where a worker process finds the kind: `module:attribute` of the kind, or of a
      function that returns some; `register_publishers` of its package if it is empty;
    - *revocable* is false where secrets cannot be revoked (a key pair without any server);
    - *shows_alts* is false where the network has no alt texts;
    - *opens_silently* is false where a publisher cannot be opened without a call;
    - *public* are names of kept values that are no secret (an id, a date);
    - *desk_type* is a Desk whose posts are such as the network takes (each with a picture).
    """

    kind: ClassVar[PublisherKind]
    kind_at: ClassVar[str] = ""
    platform: ClassVar[Platform | None] = None
    revocable: ClassVar[bool] = True
    shows_alts: ClassVar[bool] = True
    opens_silently: ClassVar[bool] = True
    public: ClassVar[tuple[str, ...]] = ()
    desk_type: ClassVar[type[Desk]] = Desk

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not hasattr(cls, "kind"):
            return
        for name in dir(cls):
            applies: Applies | None = getattr(getattr(cls, name), _MARK, None)
            if applies is not None and not applies(cls):
                # What is None is collected as no test, so that nothing is skipped.
                setattr(cls, name, None)

    @pytest.fixture(autouse=True)
    def _no_way_out(self, blocked_network: None) -> None:
        """Nothing of the contract reaches another machine."""

    @pytest.fixture
    def desk(
        self, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Desk]:
        """A ledger with the account; when the test is over, no secret may be in it."""
        monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
        place = self.place()
        desk = self.desk_type(self.kind, place, network, tmp_path, self.kind_at, self.public)
        yield desk
        desk.close()
        desk.assert_discreet(desk.dump())

    @classmethod
    def place(cls) -> Platform:
        """Return the platform whose rules count."""
        if cls.platform is not None:
            return cls.platform
        return next(one for one in PLATFORMS if one.name == cls.kind.platform)

    def limits(self, publisher: Publisher) -> Limits:
        """Return what a text may have: as the server says, else as the platform does."""
        said = publisher.limits()
        instance = Instance(said.server, said.length, said.url_length) if said else None
        return self.place().limits(instance)

    def shown(self, text: str) -> str:
        """Return how the network gives *text* back, where it documents a change."""
        return text

    def wrong_secrets(self, secrets: Mapping[str, str]) -> Mapping[str, str]:
        """Return secrets of the same shape that open nothing."""
        return {name: f"{value[:-4]}{'0000'[: len(value)]}" for name, value in secrets.items()}
