"""A post as a record, its key, and the addresses around it: all without a server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from uasocial.errors import SettingsError
from uasocial.model.post import Media, Post
from uasocial_bluesky.addresses import home_in, is_handle, permalink, place_of, service_of
from uasocial_bluesky.keys import rkey_of
from uasocial_bluesky.record import Parts, record_of
from uasocial_bluesky.testing.account import a_post

NOW = datetime(2026, 1, 20, 12, 30, 15, 123456, tzinfo=UTC)
PICTURE = Media(sha256="00", type="image/png", alt="The gate", width=40, height=30)
BLOB: dict[str, Any] = {
    "$type": "blob",
    "ref": {"$link": "bafkrei"},
    "mimeType": "image/png",
    "size": 1,
}


def stretches(post: Post, dids: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """Return what each facet links, as text, with its feature."""
    record, text = record_of(post, Parts(NOW, dids)), post.text
    cut = text.encode()
    return [
        (cut[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"][0])
        for one in record.get("facets", [])
    ]


def test_facets_name_the_bytes_that_link_in_any_script() -> None:
    text = "افتحوا 🇵🇪 @office.test #OpenTheGate https://example.org/1."
    assert [stretch for stretch, _ in stretches(a_post(text), {"office.test": "did:plc:abc"})] == [
        "@office.test",
        "#OpenTheGate",
        "https://example.org/1",
    ]


def test_a_mention_names_the_stable_id() -> None:
    ((_, feature),) = stretches(a_post("Dear @Office.test"), {"office.test": "did:plc:abc"})
    assert feature == {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:abc"}


def test_a_handle_of_nobody_is_left_as_text() -> None:
    assert stretches(a_post("Dear @office.test"), {"office.test": ""}) == []


def test_a_record_without_anything_to_link_has_no_facets_and_no_embed() -> None:
    assert record_of(a_post("Open"), Parts(NOW)) == {
        "$type": "app.bsky.feed.post",
        "text": "Open",
        "createdAt": "2026-01-20T12:30:15.123Z",
        "langs": ["en"],
    }


def test_a_link_without_a_picture_gets_a_card_with_what_is_known() -> None:
    record = record_of(a_post(link="https://example.org/ua/1/"), Parts(NOW))
    assert record["embed"] == {
        "$type": "app.bsky.embed.external",
        "external": {
            "uri": "https://example.org/ua/1/",
            "title": "example.org/ua/1",
            "description": "",
        },
    }


@pytest.mark.parametrize("link", ["mailto:office@example.org", "javascript:alert(1)"])
def test_what_is_no_web_address_gets_no_card(link: str) -> None:
    assert "embed" not in record_of(a_post(link=link), Parts(NOW))


def test_pictures_come_before_a_card_for_a_card_has_no_alt_text() -> None:
    post = a_post(link="https://example.org/1", media=(PICTURE,))
    embed = record_of(post, Parts(NOW, blobs=[BLOB]))["embed"]
    assert embed == {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": "The gate", "image": BLOB, "aspectRatio": {"width": 40, "height": 30}}],
    }


def test_a_picture_may_be_that_of_the_card_and_its_alt_text_describes_the_card() -> None:
    post = a_post(link="https://example.org/1", media=(PICTURE,))
    external = record_of(post, Parts(NOW, blobs=[BLOB], as_card=True))["embed"]["external"]
    assert (external["thumb"], external["description"]) == (BLOB, "The gate")


@pytest.mark.parametrize("count", [0, 2])
def test_a_card_has_one_picture_and_no_more(count: int) -> None:
    post = a_post(link="https://example.org/1", media=(PICTURE,) * count)
    embed = record_of(post, Parts(NOW, blobs=[BLOB] * count, as_card=True))["embed"]
    assert ("thumb" in embed.get("external", {}), len(embed.get("images", []))) == (False, count)


def test_the_key_of_a_delivery_is_always_the_same_and_a_tid() -> None:
    key = rkey_of("delivery-1", NOW)
    assert key == rkey_of("delivery-1", NOW)
    assert len(key) == 13
    assert key[0] in "234567abcdefghij"


def test_a_thousand_posts_of_one_moment_have_a_thousand_keys() -> None:
    assert len({rkey_of(f"delivery-{n}", NOW) for n in range(1000)}) == 1000


def test_a_key_lies_in_the_hour_before_its_post_was_made() -> None:
    """A TID sorts by its moment."""
    keys = [rkey_of(f"delivery-{n}", NOW) for n in range(100)]
    later = [rkey_of(f"delivery-{n}", NOW + timedelta(hours=1)) for n in range(100)]
    assert max(keys) < min(later)


def test_a_place_is_read_from_its_address_and_leads_to_the_post() -> None:
    place = place_of("at://did:plc:abc/app.bsky.feed.post/3kabc")
    assert place is not None
    assert place.uri == "at://did:plc:abc/app.bsky.feed.post/3kabc"
    assert permalink(place) == "https://bsky.app/profile/did:plc:abc/post/3kabc"


@pytest.mark.parametrize(
    "uri",
    ["", "at://", "at://did:plc:abc", "at://office.test/a/b", "https://x/y/z", "at://did:a//b"],
)
def test_what_is_no_address_of_a_record_is_none(uri: str) -> None:
    assert place_of(uri) is None


@pytest.mark.parametrize(
    ("stated", "service"),
    [
        ({}, "https://bsky.social"),
        ({"service": "pds.example.org"}, "https://pds.example.org"),
        ({"service": "https://pds.example.org/"}, "https://pds.example.org"),
        ({"service": "http://127.0.0.1:2583"}, "http://127.0.0.1:2583"),
        ({"service": "http://localhost:2583"}, "http://localhost:2583"),
    ],
)
def test_a_service_is_an_origin(stated: Any, service: str) -> None:
    assert service_of(stated) == service


@pytest.mark.parametrize(
    "stated",
    [
        "http://pds.example.org",
        "http://10.0.0.1",
        "ftp://pds.example.org",
        "https://",
        "https://pds.example.org/xrpc",
        "https://samar:fake@pds.example.org",
        "https://pds.example.org:port",
        "https://[",
        "\x1b[31mhttps://x",
    ],
)
def test_another_service_is_refused_in_one_line(stated: Any) -> None:
    with pytest.raises(SettingsError) as error:
        service_of({"service": stated})
    assert f"{error.value}".isprintable()


@pytest.mark.parametrize("text", ["office.test", "a.b.c.example", "xn--ls8h.test", "0-1.social"])
def test_a_handle_is_a_name_of_a_host(text: str) -> None:
    assert is_handle(text)


@pytest.mark.parametrize(
    "text",
    ["", "office", "office.", ".test", "a..b", "-a.test", "a.1b", f"{'a.' * 127}test", "ä.test"],
)
def test_what_has_not_the_form_of_a_handle_is_none(text: str) -> None:
    assert not is_handle(text)


def document(endpoint: str) -> dict[str, Any]:
    return {"service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}]}


def test_an_account_lives_where_its_document_says() -> None:
    assert home_in(document("https://morel.host.example")) == "https://morel.host.example"


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"service": "x"},
        {"service": [None, {"id": "#other", "serviceEndpoint": "https://a.example"}]},
        document("http://morel.host.example"),
        document("https://localhost"),
        document("https://127.0.0.1"),
        document("https://10.0.0.1"),
        document("https://[fd00::1]"),
        document("https://[bad"),
    ],
)
def test_no_document_leads_into_a_house_or_off_tls(said: Any) -> None:
    assert home_in(said) == ""
