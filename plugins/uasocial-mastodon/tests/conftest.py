"""A fake, an account opened on it, and posts."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from uasocial.keeping import Keeping
from uasocial.model.post import Media, Post, Receipt
from uasocial.platforms.publisher import NotYet, Prepared, Publisher, PublisherKind
from uasocial_mastodon import MASTODON
from uasocial_mastodon.testing import FakeMastodon

PICTURES = {
    hashlib.sha256(body).hexdigest(): body
    for body in (b"\xff\xd8\xff first", b"\xff\xd8\xff second", b"\x89PNG third")
}

Open = Callable[..., Publisher]
Ready = Callable[..., Prepared]


@pytest.fixture(autouse=True)
def _alone(
    blocked_network: None,  # noqa: ARG001 - what it does is all that is wanted of it
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing leaves this machine, and nothing is kept outside the test."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon() as fake:
        yield fake


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open `@ours` on a fake, or what is at an address; settings may be given by name."""
    made: list[Publisher] = []

    def open_account(
        at: FakeMastodon | str, token: str = "", kind: PublisherKind = MASTODON, **settings: str
    ) -> Publisher:
        if isinstance(at, FakeMastodon):
            if "ours" not in at.accounts:
                at.join("ours")
            token = token or at.grant("ours")
            at = at.url
        secrets = Keeping(kind.platform, "ours", {"access_token": token or "no-such-token"})
        made.append(kind.open({"instance": at, **settings}, secrets))
        return made[-1]

    yield open_account
    for publisher in made:
        publisher.close()


@pytest.fixture
def pictures() -> list[Media]:
    """Three pictures, each with its alt text."""
    types = ("image/jpeg", "image/jpeg", "image/png")
    alts = ("Belkori at the gate", "The gate, أبواب", "")
    return [
        Media(sha256=sha256, type=kind, alt=alt, width=64, height=48)
        for sha256, kind, alt in zip(PICTURES, types, alts, strict=True)
    ]


@pytest.fixture
def ready() -> Ready:
    """Make a post, and prepare it if a publisher is given."""

    def make(
        text: str,
        by: Publisher | None = None,
        *,
        key: str = "delivery",
        answers: Receipt | None = None,
        **fields: Any,
    ) -> Prepared:
        said: dict[str, Any] = {"language": "en", "platform": "mastodon", **fields}
        post = Post(
            id="post",
            action="gate",
            countries=("PE",),
            account="ours",
            occasion="appeal",
            wording="standard",
            text=text,
            created_at=datetime.now(UTC),
            created_by="Samar Belkori",
            **said,
        )
        given = Prepared(
            post, f"{key}-{hashlib.sha256(text.encode()).hexdigest()[:8]}", {}, answers
        )
        while by is not None:
            done = by.prepare(given, PICTURES.__getitem__)
            if not isinstance(done, NotYet):
                return given._replace(data=done)
            given = given._replace(data=done.so_far)
        return given

    return make


@pytest.fixture
def step() -> Callable[[Publisher, Prepared], Any]:
    """Prepare once, as one turn of a worker does."""
    return lambda publisher, given: publisher.prepare(given, PICTURES.__getitem__)
