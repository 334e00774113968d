"""Bluesky as the contract needs it: an account of its own on a real server, behind a proxy."""

import json
import time
from urllib.parse import urlsplit

from uasocial.testing.contract import HttpNetwork, Seen
from uasocial.testing.loopback import Answer, Request
from uasocial_bluesky.testing.pds import Member, Pds

__all__ = ["BlueskyNetwork"]

TOO_MANY = 429


class BlueskyNetwork(HttpNetwork):
    """A new account on *pds*; *neighbour* is somebody else who has one there."""

    nobody = "nobody-was-ever-here.test"

    def __init__(self, pds: Pds, neighbour: Member) -> None:
        super().__init__(pds.url)
        self.pds, self.member = pds, pds.join()
        self.settings = {"handle": self.member.handle, "service": self.url}
        self.secrets = {"app_password": pds.app_password(self.member)}
        self.owner, self.handle = self.member.did, neighbour.handle
        self._is_down = False

    def is_create(self, request: Request) -> bool:
        path = urlsplit(request.path).path
        return request.method == "POST" and path == "/xrpc/com.atproto.repo.putRecord"

    def seen(self) -> list[Seen]:
        if not self._is_down:
            return [_seen(one["uri"], one["value"]) for one in self.pds.posts(self.member.did)]
        # Nobody may look at the posts of an account that was taken down.
        self.pds.take_down(self.member, applied=False)
        self._is_down = False
        found = self.seen()
        self.revoke()
        return found

    def too_many(self, seconds: int) -> Answer:
        """As the server does: https://docs.bsky.app/docs/advanced-guides/rate-limits."""
        reset = str(round(time.time()) + seconds)
        said = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
        headers = {
            "Content-Type": "application/json",
            "RateLimit-Limit": "1666",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": reset,
            "RateLimit-Policy": "1666;w=3600",
        }
        return Answer(TOO_MANY, json.dumps(said).encode(), headers)

    def revoke(self) -> None:
        """Take the account down: an access token outlives its app password by up to two hours."""
        self.pds.take_down(self.member)
        self._is_down = True


def _seen(uri: str, record: dict[str, object]) -> Seen:
    embed, reply = record.get("embed"), record.get("reply")
    pictures = embed.get("images", []) if isinstance(embed, dict) else []
    parent = reply["parent"]["uri"] if isinstance(reply, dict) else None
    return Seen(uri, str(record["text"]), tuple(one["alt"] for one in pictures), parent)
