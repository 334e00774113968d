"""A publisher that prints: any account can be rehearsed with it, without a network or a secret."""

import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from uasocial.errors import printable
from uasocial.model.post import Post, Receipt
from uasocial.platforms.publisher import Prepared, Promise, Publisher, PublisherKind

__all__ = ["CONSOLE", "Console"]


class Console(Publisher):
    """Prints posts on standard output; what was once printed cannot be looked up."""

    promise: ClassVar[Promise] = "neither"
    settle: ClassVar[timedelta] = timedelta(0)

    def create(self, prepared: Prepared) -> Receipt:
        # In one piece: several accounts may print at a time.
        sys.stdout.write(_shown(prepared.post))
        sys.stdout.flush()
        return Receipt(f"console-{prepared.key}")

    def check(self) -> str:
        return "prints here, publishes nowhere"


def _open(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Console:  # noqa: ARG001 - needs neither
    return Console()


def _shown(post: Post) -> str:
    pictures = [f"[{one.type} {one.width} x {one.height}: {one.alt}]" for one in post.media]
    head = f"--- {post.account} ({post.platform}, {post.language})"
    return printable("\n".join([head, post.text, *pictures, "---", ""]))


CONSOLE = PublisherKind("console", "", _open)
