"""A post as the record that Bluesky keeps: lexicon app.bsky.feed.post, as plain data.

Source: github.com/bluesky-social/atproto, lexicons/app/bsky/{feed/post,embed,richtext}.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from uasocial.model.post import Media, Post
from uasocial.text.bluesky import Facet, facets

__all__ = ["POSTS", "Parts", "handles_in", "record_of"]

POSTS = "app.bsky.feed.post"
_FACET = "app.bsky.richtext.facet"

Data = Mapping[str, Any]


class Parts(NamedTuple):
    """What a record needs beside its post; a blob for each of the post's media, in their order."""

    made_at: datetime
    dids: Mapping[str, str] = {}
    blobs: Sequence[Data] = ()
    reply: Data | None = None
    as_card: bool = False


def handles_in(text: str) -> set[str]:
    """Return the handles that *text* mentions, in small letters."""
    return {facet.value.lower() for facet in facets(text) if facet.kind == "mention"}


def record_of(post: Post, parts: Parts) -> dict[str, Any]:
    """Return the record of a post."""
    record: dict[str, Any] = {
        "$type": POSTS,
        "text": post.text,
        "createdAt": f"{parts.made_at:%Y-%m-%dT%H:%M:%S}.{parts.made_at.microsecond // 1000:03d}Z",
        "langs": [post.language],
    }
    linked = [facet for one in facets(post.text) if (facet := _facet(one, parts.dids))]
    more = {"facets": linked, "embed": _embed(post, parts), "reply": parts.reply}
    return record | {name: value for name, value in more.items() if value}


def _facet(facet: Facet, dids: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a facet; None for a mention of nobody, whose handle is then plain text."""
    match facet.kind:
        case "mention":
            feature = {"did": dids.get(facet.value.lower(), "")}
        case "link":
            feature = {"uri": facet.value}
        case "tag":
            feature = {"tag": facet.value}
    if not all(feature.values()):
        return None
    return {
        "index": {"byteStart": facet.byte_start, "byteEnd": facet.byte_end},
        "features": [{"$type": f"{_FACET}#{facet.kind}", **feature}],
    }


def _embed(post: Post, parts: Parts) -> dict[str, Any] | None:
    """Return the pictures; else, or if so wished, a card for the link."""
    if post.link and (not post.media or (parts.as_card and len(post.media) == 1)):
        return _card(post.link, post.media, parts.blobs)
    return _pictures(post.media, parts.blobs)


def _pictures(media: Sequence[Media], blobs: Sequence[Data]) -> dict[str, Any] | None:
    if not media:
        return None
    pictures = [
        {
            "alt": one.alt,
            "image": blob,
            "aspectRatio": {"width": one.width, "height": one.height},
        }
        for one, blob in zip(media, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": pictures}


def _card(link: str, media: Sequence[Media], blobs: Sequence[Data]) -> dict[str, Any] | None:
    """Return a card with what is known without a look at the page; its picture has no alt text."""
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"}:
        return None
    said = media[0].alt if media else ""
    title = f"{parts.netloc}{parts.path}".rstrip("/")
    external: dict[str, Any] = {"uri": link, "title": title, "description": said}
    if blobs:
        external["thumb"] = blobs[0]
    return {"$type": "app.bsky.embed.external", "external": external}
