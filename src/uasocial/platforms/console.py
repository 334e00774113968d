"""A publisher that prints: any account can be rehearsed with it, without a network or a secret."""

import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from uasocial.errors import printable
from uasocial.model.post import Receipt
from uasocial.platforms.publisher import Prepared, Promise, Publisher, PublisherKind

__all__ = ["CONSOLE", "Console"]


class Console(Publisher):
    """Prints posts on standard output; what was once printed cannot be looked up."""

    promise: ClassVar[Promise] = "neither"
    settle: ClassVar[timedelta] = timedelta(0)

    def create(self, prepared: Prepared) -> Receipt:
        # In one piece: several accounts may print at a time.
        sys.stdout.write(_shown(prepared))
        sys.stdout.flush()
        return Receipt(f"console-{prepared.key}")

    def check(self) -> str:
        return "prints here, publishes nowhere"


def _open(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Console:  # noqa: ARG001 - needs neither
    return Console()


def _shown(prepared: Prepared) -> str:
    post, before = prepared.post, prepared.answers
    pictures = [f"[{one.type} {one.width} x {one.height}: {one.alt}]" for one in post.media]
    warning = [f"[content warning: {post.content_warning}]"] if post.content_warning else []
    answers = f", answers {before.remote_id}" if before else ""
    head = f"--- {post.account} ({post.platform}, {post.language}){answers}"
    return printable("\n".join([head, *warning, post.text, *pictures, "---", ""]))


CONSOLE = PublisherKind("console", "", _open, can_thread=True)
