"""What the fake does, and how its software differs."""

from typing import Literal, NamedTuple

__all__ = ["GOTOSOCIAL", "MASTODON", "PIXELFED", "Rules"]


class Rules(NamedTuple):
    """How a server behaves; *slow* is how often a picture is still in work when asked about.

    *keys* is what comes of an idempotency key that was used before: the first post; nothing special
    (GoToSocial, superseriousbusiness/gotosocial#2723); a refusal (pixelfed V1Api/Statuses.php); or
    the error of mastodon/mastodon#40399. *listed* is how many seconds later a post is listed.
    """

    software: Literal["mastodon", "gotosocial", "pixelfed"] = "mastodon"
    version: str = "4.6.1"
    longest: int = 500
    alt: int = 1500
    keys: Literal["first", "ignored", "refused", "broken"] = "first"
    source: bool = True
    slow: int = 0
    rate: int = 300
    listed: float = 0.0


# The numbers of StatusLengthValidator and MediaAttachment (mastodon/mastodon).
MASTODON = Rules()
# https://docs.gotosocial.org/en/latest/configuration/statuses/
GOTOSOCIAL = Rules("gotosocial", "0.19.1+git-0a1b2c3", 5000, 1500, "ignored")
# pixelfed config/pixelfed.php; it has no `source` of a status.
PIXELFED = Rules(
    "pixelfed", "3.5.3 (compatible; Pixelfed 0.12.5)", 500, 1000, "refused", source=False
)
