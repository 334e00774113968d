"""What a server takes is asked of it, in the way that it knows."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from uasocial.platforms.publisher import Publisher, PublisherError, ServerLimits, Transient
from uasocial.testing.loopback import Answer, Request, Server
from uasocial_mastodon import PIXELFED
from uasocial_mastodon.testing import GOTOSOCIAL, FakeMastodon, Rules
from uasocial_mastodon.testing import PIXELFED as PIXELFED_RULES

Open = Callable[..., Publisher]


class Old(Server):
    """Knows only the first way to tell of itself."""

    def __init__(self, said: Any, second: int = 404) -> None:
        self.said, self.second = said, second
        super().__init__()

    def answer(self, request: Request) -> Answer:
        if "/v2/" in request.path:
            return Answer(self.second, b"<p>no such thing</p>")
        return Answer(200, json.dumps(self.said).encode())


def test_mastodon_says_all_of_it(opened: Open) -> None:
    with FakeMastodon(Rules(longest=1000, alt=10_000, version="4.7.0")) as fake:
        assert opened(fake).limits() == ServerLimits(
            server=fake.url.removeprefix("http://"),
            software="Mastodon 4.7.0",
            length=1000,
            url_length=23,
            media=4,
            alt=10_000,
            bytes=16_777_216,
            pixels=33_177_600,
            types=("image/jpeg", "image/png", "image/webp"),
        )


def test_gotosocial_is_asked_in_the_same_way(opened: Open) -> None:
    with FakeMastodon(GOTOSOCIAL) as fake:
        said = opened(fake).limits()
        assert said is not None
        assert (said.software, said.length) == ("GoToSocial 0.19.1+git-0a1b2c3", 5000)


def test_pixelfed_is_asked_in_the_older_way(opened: Open) -> None:
    with FakeMastodon(PIXELFED_RULES) as fake:
        said = opened(fake, kind=PIXELFED).limits()
        assert said is not None
        assert (said.software, said.length, said.alt) == ("Pixelfed 0.12.5", 500, None)


def test_older_servers_say_what_they_say(opened: Open) -> None:
    said = {
        "version": "2.7.2 (compatible; Pleroma 2.5.0)",
        "max_toot_chars": 5000,
        "upload_limit": 16_000_000,
        "configuration": None,
    }
    with Old(said) as old:
        limits = opened(old.url, token="t").limits()
    assert limits == ServerLimits(
        server=old.url.removeprefix("http://"),
        software="Pleroma 2.5.0",
        length=5000,
        bytes=16_000_000,
    )


def test_what_is_no_number_is_not_said(opened: Open) -> None:
    configuration = {
        "statuses": {"max_characters": "many", "max_media_attachments": 0},
        "media_attachments": {"image_size_limit": -1, "supported_mime_types": ["image/png", 7]},
    }
    with Old({"version": "4.0.0", "configuration": configuration}, second=200) as old:
        limits = opened(old.url, token="t").limits()
    assert limits is not None
    assert (limits.length, limits.media, limits.bytes) == (None, None, None)
    assert limits.types == ("image/png",)


@pytest.mark.parametrize("said", [{}, [], "gates", {"title": "Gates"}])
def test_a_host_that_is_no_mastodon_is_said_to_be_none(opened: Open, said: Any) -> None:
    with Old(said) as old, pytest.raises(PublisherError, match="is no Mastodon server") as error:
        opened(old.url, token="t").limits()
    assert not isinstance(error.value, Transient)


def test_a_server_in_trouble_is_not_said_to_be_no_mastodon(opened: Open) -> None:
    with Old({}, second=502) as old, pytest.raises(Transient, match="it answers 502"):
        opened(old.url, token="t").limits()
