"""What a post costs on X, before it is made."""

from decimal import Decimal

from uasocial.model.post import Post
from uasocial.platforms.publisher import Price
from uasocial.text import x

__all__ = ["price_of"]

SOURCE = "docs.x.com/x-api/getting-started/pricing"
# "Content: Create" and "Content: Create (with URL)", for each request.
PLAIN = Price(Decimal("0.015"), "USD", f"a post without a link, {SOURCE}")
WITH_LINK = Price(Decimal("0.200"), "USD", f"a post with a link, {SOURCE}")


def price_of(post: Post) -> Price:
    """Return what a post costs: more than ten times as much where X makes a link of anything."""
    return WITH_LINK if x.urls(post.text) else PLAIN
