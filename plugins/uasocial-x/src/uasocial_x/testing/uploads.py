"""Pictures on the fake: docs.x.com/x-api/media, and its quickstart of chunked uploads."""

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from uasocial.testing.loopback import Answer, Request
from uasocial_x.testing.refusing import refused, told

__all__ = ["Picture", "Uploads"]

# docs.x.com/x-api/media/quickstart/best-practices: 5 MB a picture; a part has 5 MB at most.
MOST_BYTES = MOST_OF_PART = 5 * 1024 * 1024
# docs.x.com/x-api/media/initialize-media-upload
TYPES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"}
CATEGORIES = {"tweet_image", "tweet_gif"}
# docs.x.com/x-api/media/create-media-metadata
MOST_ALT = 1000
LASTS = 86_400


@dataclass
class Picture:
    """An upload; *state* is that of its processing, `succeeded` where it needs none."""

    id: str
    owner: str
    total: int
    until: float
    parts: dict[int, bytes] = field(default_factory=dict)
    ended: bool = False
    state: str = "succeeded"
    alt: str = ""

    @property
    def data(self) -> bytes:
        return b"".join(self.parts[index] for index in sorted(self.parts))


class Uploads:
    """All pictures by their id; *processing* is how often a new one says that it takes longer."""

    def __init__(self, new_id: Callable[[], str], clock: Callable[[], float]) -> None:
        self.held: dict[str, Picture] = {}
        self.processing = 0
        self.fails = False
        self._left: dict[str, int] = {}
        self._new_id, self._clock = new_id, clock

    def answer(self, owner: str, request: Request, path: list[str]) -> Answer:
        match request.method, path:
            case "POST", ["upload", "initialize"]:
                return self._initialize(owner, _json(request))
            case "POST", ["upload", media_id, "append"]:
                return self._append(self._mine(owner, media_id), _json(request))
            case "POST", ["upload", media_id, "finalize"]:
                return self._finalize(self._mine(owner, media_id))
            case "GET", ["upload"]:
                query = parse_qs(urlsplit(request.path).query)
                if query.get("command") != ["STATUS"]:
                    raise refused(400, "The command must be STATUS.", "invalid-request")
                return self._status(self._mine(owner, query.get("media_id", [""])[0]))
            case "POST", ["metadata"]:
                return self._describe(owner, _json(request))
        raise refused(404, "Not Found")

    def usable(self, owner: str, ids: list[str]) -> list[Picture]:
        """Return pictures that a post may show; raise 400 for any that it may not."""
        found = [self.held[one] for one in ids if one in self.held]
        good = [one for one in found if self._is_usable(owner, one)]
        # https://github.com/tweepy/tweepy/issues/2016
        if len(good) < len(ids):
            raise refused(400, "Your media IDs are invalid.", "invalid-request")
        return good

    def _is_usable(self, owner: str, one: Picture) -> bool:
        mine = one.owner == owner and one.ended
        return mine and one.state == "succeeded" and one.until > self._clock()

    def _mine(self, owner: str, media_id: str) -> Picture:
        found = self.held.get(media_id)
        if found is None or found.owner != owner or found.until < self._clock():
            raise refused(404, "Could not find media with that id.", "resource-not-found")
        return found

    def _initialize(self, owner: str, wanted: dict[str, Any]) -> Answer:
        total = wanted.get("total_bytes")
        if wanted.get("media_type") not in TYPES or wanted.get("media_category") not in CATEGORIES:
            raise refused(
                400, "media_type or media_category is not one of these", "invalid-request"
            )
        if not isinstance(total, int) or not 0 < total <= MOST_BYTES:
            raise refused(400, "total_bytes: the file is too large", "invalid-request")
        one = Picture(self._new_id(), owner, total, self._clock() + LASTS)
        self.held[one.id] = one
        return self._shown(one)

    def _append(self, one: Picture, given: dict[str, Any]) -> Answer:
        index = given.get("segment_index")
        if not isinstance(index, int) or not 0 <= index <= 999 or one.ended:  # noqa: PLR2004
            raise refused(400, "segment_index is not right", "invalid-request")
        part = b64decode(given.get("media", ""), validate=True)
        if not 0 < len(part) <= MOST_OF_PART:
            raise refused(400, "media is too large", "invalid-request")
        one.parts[index] = part
        return told(200, {"data": {"expires_at": int(one.until)}})

    def _finalize(self, one: Picture) -> Answer:
        if len(one.data) != one.total:
            raise refused(
                400, "Segments do not add up to provided total file size.", "invalid-request"
            )
        one.ended = True
        self._left[one.id] = self.processing
        if self.processing or self.fails:
            one.state = "pending"
        return self._shown(one)

    def _status(self, one: Picture) -> Answer:
        self._left[one.id] -= 1
        if one.state != "succeeded" and self._left[one.id] <= 0:
            one.state = "failed" if self.fails else "succeeded"
        return self._shown(one, always=True)

    def _describe(self, owner: str, given: dict[str, Any]) -> Answer:
        alt = given.get("metadata", {}).get("alt_text", {}).get("text", "")
        if not 0 < len(alt) <= MOST_ALT:
            raise refused(400, f"alt_text has 1 to {MOST_ALT} characters", "invalid-request")
        one = self._mine(owner, str(given.get("id", "")))
        one.alt = alt
        return told(
            200, {"data": {"id": one.id, "associated_metadata": {"alt_text": {"text": alt}}}}
        )

    def _shown(self, one: Picture, *, always: bool = False) -> Answer:
        said: dict[str, Any] = {
            "id": one.id,
            "media_key": f"3_{one.id}",
            "expires_after_secs": int(one.until - self._clock()),
        }
        if one.state == "failed":
            said["processing_info"] = {
                "state": "failed",
                "error": {"code": 1, "name": "InvalidMedia", "message": "Media is not supported"},
            }
        elif one.state == "pending":
            said["processing_info"] = {"state": "pending", "check_after_secs": 1}
        elif always:
            said["processing_info"] = {"state": "succeeded", "progress_percent": 100}
        return told(200, {"data": said})


def _json(request: Request) -> dict[str, Any]:
    """Return the body; X takes no other than JSON: https://github.com/sferik/x-ruby/issues/62."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise refused(
            400,
            "Requests with bodies must have content-type of application/json.",
            "invalid-request",
        )
    said = json.loads(request.body)
    if not isinstance(said, dict):
        raise refused(400, "Request body is not valid JSON.", "invalid-request")
    return said
