"""The publisher does what every publisher must, on each software that it speaks to."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from uasocial.model.post import Post
from uasocial.testing.contract import Desk, PublisherContract
from uasocial.testing.contract.desk import Picture
from uasocial.testing.contract.pictures import album
from uasocial_mastodon import MASTODON, PIXELFED
from uasocial_mastodon.testing import GOTOSOCIAL, MastodonUnderTest, Rules
from uasocial_mastodon.testing import PIXELFED as PIXELFED_RULES


class TestMastodon(PublisherContract):
    kind = MASTODON

    @pytest.fixture
    def network(self) -> Iterator[MastodonUnderTest]:
        with MastodonUnderTest() as network:
            yield network


class TestBrokenKeys(PublisherContract):
    """Mastodon as it answers a repeated key with 500, and works on pictures for a while."""

    kind = MASTODON

    @pytest.fixture
    def network(self) -> Iterator[MastodonUnderTest]:
        with MastodonUnderTest(Rules(keys="broken", slow=1)) as network:
            yield network


class TestGoToSocial(PublisherContract):
    kind = MASTODON

    @pytest.fixture
    def network(self) -> Iterator[MastodonUnderTest]:
        with MastodonUnderTest(GOTOSOCIAL) as network:
            yield network


class PictureDesk(Desk):
    """Every post has a picture: without one Pixelfed takes none."""

    def post(self, text: str, *pictures: Picture, **given: Any) -> Post:
        return super().post(text, *(pictures or album(1)), **given)


class TestPixelfed(PublisherContract):
    kind = PIXELFED

    @pytest.fixture
    def network(self) -> Iterator[MastodonUnderTest]:
        with MastodonUnderTest(PIXELFED_RULES) as network:
            yield network

    @pytest.fixture
    def desk(
        self, network: MastodonUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Desk]:
        monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
        desk = PictureDesk(self.kind, self.place(), network, tmp_path)
        yield desk
        desk.close()
        desk.assert_discreet(desk.dump())

    def shown(self, text: str) -> str:
        """Without what it takes for HTML (V1Api/Statuses.php, `strip_tags`)."""
        return re.sub(r"<[^<>]*>", "", text)
