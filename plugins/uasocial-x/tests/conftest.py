"""An account on the fake of X, opened as the product opens it, and posts for it."""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from uasocial.keeping import Keeping
from uasocial.model.post import Media, Post, Receipt
from uasocial.platforms.publisher import Prepared, Publisher
from uasocial.testing.blocking import blocked
from uasocial.testing.opening import opened
from uasocial_x import OAUTH1, OAUTH2
from uasocial_x.logins import OAuth1
from uasocial_x.publisher import X
from uasocial_x.testing import XNetwork, XOAuth2Network

ACCOUNT = "ours"


class Opened(NamedTuple):
    """An account that is open, with what it keeps."""

    publisher: Publisher
    keeping: Keeping


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reach no other machine, and keep what is kept in a folder of the test."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    with blocked():
        yield


@pytest.fixture
def network() -> Iterator[XNetwork]:
    with XNetwork() as network:
        yield network


@pytest.fixture
def network2() -> Iterator[XOAuth2Network]:
    with XOAuth2Network() as network:
        yield network


@pytest.fixture
def ours(network: XNetwork) -> Publisher:
    """The account with OAuth 1.0a."""
    keeping = Keeping("x", ACCOUNT, network.secrets)
    return opened(OAUTH1, network.settings, keeping)


@pytest.fixture
def ours2(network2: XOAuth2Network) -> Opened:
    """The account with OAuth 2.0."""
    keeping = Keeping("x", ACCOUNT, network2.secrets)
    return Opened(opened(OAUTH2, network2.settings, keeping), keeping)


@pytest.fixture
def hasty(network: XNetwork) -> X:
    """The account, with little patience for an answer."""
    keeping = Keeping("x", ACCOUNT, network.secrets)
    return X(OAuth1(keeping), keeping, network.url, (2.0, 0.3))


@pytest.fixture
def prepared() -> Callable[..., Prepared]:
    """Make a post: `prepared("text", (bytes, "image/png", "alt"), …)`."""
    return _prepared


def _prepared(
    text: str,
    *pictures: tuple[bytes, str, str],
    data: Mapping[str, Any] | None = None,
    answers: str | None = None,
) -> Prepared:
    media = tuple(
        Media(sha256=hashlib.sha256(picture).hexdigest(), type=kind, alt=alt, width=1, height=1)
        for picture, kind, alt in pictures
    )
    post = Post(
        id=uuid.uuid4().hex,
        action="gate",
        language="en",
        countries=("ZZ",),
        platform="x",
        account=ACCOUNT,
        occasion="appeal",
        wording="standard",
        text=text,
        media=media,
        created_at=datetime.now(UTC),
        created_by="Samar Belkori",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    return Prepared(post, f"{post.id}-key", data or {}, Receipt(answers) if answers else None)
