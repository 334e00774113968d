"""What pictures a platform takes: how many, how large, of which types, and how long an alt text.

Gathered 2026-11-23. Where no source states a figure, the careful one of `CAREFUL` stands.
"""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from uasocial.platforms.publisher import ServerLimits

__all__ = ["CAREFUL", "PICTURES", "PictureLimits", "PictureType", "picture_limits"]

PictureType = Literal["image/jpeg", "image/png"]


class PictureLimits(Struct, frozen=True, kw_only=True):
    """How many pictures a post has, and how large each may be; *side* is the longer one.

    *alt* counts UTF-16 units, the careful way; *text* is how long a text may be beside pictures, as
    the platform counts, where that is shorter. Every platform takes JPEG, so it is first.
    """

    count: int = 4
    bytes: int = 1_000_000
    side: int = 4096
    pixels: int = 16_777_216
    alt: int = 1000
    text: int | None = None
    types: tuple[PictureType, ...] = ("image/jpeg", "image/png")
    source: str = ""


CAREFUL = PictureLimits()

PICTURES: dict[str, PictureLimits] = {
    "x": PictureLimits(bytes=5_000_000, source="docs.x.com/x-api/media"),
    "mastodon": PictureLimits(
        bytes=16 * 1024 * 1024,
        pixels=33_177_600,
        alt=1500,
        source="mastodon/mastodon MediaAttachment; an instance says its own at /api/v2/instance",
    ),
    # Older servers refuse more than 1,000,000 bytes, newer ones more than 2,000,000.
    "bluesky": PictureLimits(alt=2000, source="lexicon app.bsky.embed.images"),
    "threads": PictureLimits(
        count=20, bytes=8_000_000, source="developers.facebook.com/documentation/threads/posts"
    ),
    "instagram": PictureLimits(
        count=10,
        bytes=8_000_000,
        types=("image/jpeg",),
        source="developers.facebook.com, Instagram content publishing",
    ),
    "linkedin": PictureLimits(count=20, alt=4086, source="learn.microsoft.com, MultiImage API"),
    "telegram": PictureLimits(
        count=10,
        bytes=10_000_000,
        text=1024,
        source="core.telegram.org/bots/api, sendPhoto, sendMediaGroup",
    ),
    "reddit": PictureLimits(count=20),
    "discord": PictureLimits(
        count=10, bytes=10 * 1024 * 1024, alt=1024, source="discord-api-docs reference.mdx"
    ),
    "slack": PictureLimits(alt=2000, source="docs.slack.dev, image block"),
    "pixelfed": PictureLimits(bytes=15_000_000, source="pixelfed/pixelfed config/pixelfed.php"),
    "tumblr": PictureLimits(count=30, bytes=10_000_000, alt=4096, source="tumblr/docs npf-spec.md"),
    "vk": PictureLimits(count=10),
    "pinterest": PictureLimits(count=1, alt=500),
}


def picture_limits(
    platform: str, most: int | None = None, server: "ServerLimits | None" = None
) -> PictureLimits:
    """Return what a platform takes, the careful figures for one that nothing is known of.

    What its *server* says goes before that; *most* is how many a publisher sends at most.
    """
    known = PICTURES.get(platform, CAREFUL)
    if server is not None:
        known = _at(known, server)
    return known if most is None else replace(known, count=min(known.count, most))


def _at(known: PictureLimits, server: "ServerLimits") -> PictureLimits:
    said = {"count": server.media, "alt": server.alt}
    said |= {"bytes": server.bytes, "pixels": server.pixels}
    types = tuple(kind for kind in known.types if kind in server.types)
    stated = {name: value for name, value in said.items() if value is not None}
    # One that names no type that is known here is not understood.
    return replace(known, **stated, types=types or known.types)
