"""Pictures on their way to X: begun, sent in parts, ended, perhaps processed, and described.

https://docs.x.com/x-api/media/quickstart/media-upload-chunked, with the addresses of each step in
https://docs.x.com/x-api/media. What was uploaded and is not used ends by itself.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from uasocial.errors import printable
from uasocial.model.post import Media
from uasocial.platforms.publisher import Rejected, Transient
from uasocial_x.line import Line

__all__ = ["Uploads"]

# docs.x.com/x-api/media/append-media-upload wants at most 5 MB; more than about 2 has been refused
# with 431 (https://github.com/abraham/twitteroauth/issues/1257). In base64 this is 2 MB.
PART = 1_500_000
# In seconds: a picture whose end is that near is uploaded again.
SOON = 900
# Where X does not say it; its sample says a day:
# developer.x.com/en/docs/media/upload-media/api-reference/post-media-upload-finalize
LASTS = 86_400
DESCRIBED, PROCESSED = "described", "processed"


class Uploads:
    """The pictures of one post; *given* is what is known of them, by their number."""

    def __init__(self, line: Line, given: Mapping[str, Any]) -> None:
        self._line = line
        self._known: dict[str, dict[str, Any]] = {n: dict(one) for n, one in given.items()}

    @property
    def so_far(self) -> Mapping[str, Any]:
        """What is to be kept: ids, when they end, and how far each has come."""
        return self._known

    def bring(self, pictures: tuple[Media, ...], read: Callable[[str], bytes]) -> timedelta | None:
        """Bring each picture a step further; return how long X still wants, None for done.

        Raise what the line raises, and Rejected for a picture that X has refused after all.
        """
        waits = [self._brought(n, picture, read) for n, picture in enumerate(pictures, 1)]
        return max((wait for wait in waits if wait is not None), default=None)

    def ids(self, pictures: tuple[Media, ...]) -> list[str]:
        return [self._known[str(n)]["id"] for n in range(1, len(pictures) + 1)]

    def _brought(self, n: int, picture: Media, read: Callable[[str], bytes]) -> timedelta | None:
        known = self._known.get(str(n), {})
        if known.get("until", 0) < time.time() + SOON:
            known = self._known[str(n)] = self._uploaded(picture, read(picture.sha256))
        if known["step"] == PROCESSED:
            wait = _wait(n, self._status(known["id"]))
            if wait is not None:
                return wait
        if known["step"] != DESCRIBED:
            self._describe(known["id"], picture.alt)
            known["step"] = DESCRIBED
        return None

    def _uploaded(self, picture: Media, data: bytes) -> dict[str, Any]:
        """Upload a picture in parts; X may have to process it afterwards."""
        wanted = {
            "media_type": picture.type,
            "media_category": "tweet_gif" if picture.type == "image/gif" else "tweet_image",
            "total_bytes": len(data),
        }
        begun = self._asked("POST", "/2/media/upload/initialize", json=wanted)
        route = f"/2/media/upload/{begun['id']}"
        for index, start in enumerate(range(0, len(data), PART)):
            part = b64encode(data[start : start + PART]).decode()
            self._line.send("POST", f"{route}/append", json={"media": part, "segment_index": index})
        ended = self._asked("POST", f"{route}/finalize")
        lasts = ended.get("expires_after_secs", begun.get("expires_after_secs", LASTS))
        step = PROCESSED if ended.get("processing_info") else ""
        return {"id": begun["id"], "until": int(time.time()) + int(lasts), "step": step}

    def _status(self, media_id: str) -> Mapping[str, Any]:
        query = {"command": "STATUS", "media_id": media_id}
        found = self._asked("GET", "/2/media/upload", params=query).get("processing_info")
        return found if isinstance(found, dict) else {}

    def _describe(self, media_id: str, alt: str) -> None:
        """Say what the picture shows: docs.x.com/x-api/media/create-media-metadata."""
        if alt:
            given = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
            self._line.send("POST", "/2/media/metadata", json=given)

    def _asked(self, method: str, route: str, **given: Any) -> Mapping[str, Any]:
        said = self._line.send(method, route, **given).get("data")
        if not isinstance(said, dict) or not isinstance(said.get("id"), str):
            raise Transient("X has given no id for a picture")
        return said


def _wait(n: int, status: Mapping[str, Any]) -> timedelta | None:
    """Return how long X wants to be left alone with a picture; None when it is done with it."""
    state = status.get("state", "succeeded")
    if state == "failed":
        error = status.get("error")
        why = error.get("message", "") if isinstance(error, dict) else ""
        said = printable(f"X has refused picture {n} after all: {why or 'and says no more'}"[:300])
        raise Rejected(f"{said}; take another one, or make it smaller")
    if state == "succeeded":
        return None
    seconds = status.get("check_after_secs", 1)
    return timedelta(seconds=max(1, seconds if isinstance(seconds, int) else 1))
