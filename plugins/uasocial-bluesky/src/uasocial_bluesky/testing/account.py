"""An account as tests publish with it, opened as the product opens it."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from uasocial.keeping import Keeping
from uasocial.model.post import Media, Post, Receipt
from uasocial.platforms.discreet import Discreet
from uasocial.platforms.publisher import NotYet, Prepared, Publisher
from uasocial_bluesky import BLUESKY

__all__ = ["Ours", "a_post"]


class Ours:
    """An account of ours: *publisher* to publish with, *keeping* where its session is kept."""

    def __init__(self, settings: Mapping[str, str], password: str) -> None:
        self.settings = settings
        self.keeping = Keeping("bluesky", settings["handle"], {"app_password": password})
        self.pictures: dict[str, bytes] = {}
        self._opened: list[Publisher] = []
        self.publisher = self.open()

    def open(self) -> Publisher:
        """Open the account once more, as another process would."""
        self._opened.append(BLUESKY.open(self.settings, self.keeping))
        return Discreet(self._opened[-1], self.keeping.hidden)

    def close(self) -> None:
        for publisher in self._opened:
            publisher.close()

    def picture(self, width: int = 40, height: int = 30, alt: str = "The gate") -> Media:
        """Paint a picture that no other is like, and that does not become smaller when packed."""
        from PIL import Image  # noqa: PLC0415 - only who tests pictures

        out = BytesIO()
        Image.effect_noise((width, height), 80).save(out, "PNG")
        sha256 = hashlib.sha256(out.getvalue()).hexdigest()
        self.pictures[sha256] = out.getvalue()
        return Media(sha256=sha256, type="image/png", alt=alt, width=width, height=height)

    def prepared(
        self, text: str = "Open the gate", answers: Receipt | None = None, **more: Any
    ) -> Prepared:
        """Return a post made ready."""
        return self.again(Prepared(a_post(text, **more), f"key-{uuid.uuid4().hex}", {}, answers))

    def again(self, given: Prepared) -> Prepared:
        """Return it made ready for another try."""
        ready = self.publisher.prepare(given, self.pictures.__getitem__)
        if isinstance(ready, NotYet):
            raise TypeError("Bluesky has nothing to wait for")
        return given._replace(data=ready)

    def create(
        self, text: str = "Open the gate", answers: Receipt | None = None, **more: Any
    ) -> tuple[Prepared, Receipt]:
        """Publish a post."""
        prepared = self.prepared(text, answers, **more)
        return prepared, self.publisher.create(prepared)


def a_post(text: str = "Open the gate", **more: Any) -> Post:
    """Return a post that says something."""
    said: dict[str, Any] = {
        "id": "a-post",
        "action": "gate",
        "language": "en",
        "countries": ("ZZ",),
        "platform": "bluesky",
        "account": "ours",
        "occasion": "appeal",
        "wording": "standard",
        "text": text,
        "created_at": datetime(2026, 1, 20, 12, tzinfo=UTC),
        "created_by": "Samar Belkori",
    }
    return Post(**said | more)
