"""A network that holds posts, with rules as small as can be.

    POST /posts         {"text": …}   200 {"id", "text", "url"}; 422 where it is empty or too long
    GET /posts?last=N                 200 [{…}, …]: the account's own, oldest first; 404 without
    DELETE /posts/ID                  204; 404 where there is none
    GET /account                      200 {"name": …}

Each wants `Authorization: Bearer TOKEN`, else 401. A post with an `Idempotency-Key` that the
account used before is answered with the post of that time, where the network knows keys. More
posts than *rate* in *window* seconds get 429 with Retry-After.
"""

import json
import secrets
import time
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from uasocial.testing.loopback import Answer, Request, Server

__all__ = ["SECRET", "FakeNetwork", "Held", "Rules"]

# How every token of a fake network begins, so that a scan finds it wherever it should not be.
SECRET = "fake-secret-"  # noqa: S105 - a mark, and no secret


class Rules(NamedTuple):
    """What the network does: *lag* is the time in seconds after which a post is listed."""

    keys: bool = True
    look_up: bool = True
    longest: int = 500
    rate: int | None = None
    window: float = 1.0
    lag: float = 0.0


class Held(NamedTuple):
    """A post that the network has taken; *at* is a moment of the monotonic clock."""

    id: str
    account: str
    text: str
    key: str | None
    at: float


class FakeNetwork(Server):
    """A network; *posts* and *received* are in the order of their coming, without tokens."""

    def __init__(self, rules: Rules = Rules()) -> None:  # noqa: B008 - it cannot change
        self.rules = rules
        self.posts: list[Held] = []
        self.received: list[tuple[str, Request]] = []
        self._tokens: dict[str, str] = {}
        self._taken = 0
        self._lock = Lock()
        super().__init__()

    def join(self, account: str) -> str:
        """Make an account and return its token."""
        token = SECRET + secrets.token_hex(16)
        self._tokens[token] = account
        return token

    def leave(self, account: str) -> None:
        """Let no token of an account count any more."""
        self._tokens = {token: one for token, one in self._tokens.items() if one != account}

    def texts(self, account: str) -> list[str]:
        """List what an account has posted, in the order in which it was taken."""
        return [post.text for post in self.posts if post.account == account]

    def answer(self, request: Request) -> Answer:
        headers = dict(request.headers)
        token = headers.pop("authorization", "").removeprefix("Bearer ")
        account = self._tokens.get(token)
        with self._lock:
            if account is None:
                return _told(401, error="the token is wrong")
            self.received.append((account, request._replace(headers=headers)))
            return self._routed(account, request)

    def _routed(self, account: str, request: Request) -> Answer:
        path = urlsplit(request.path)
        match request.method, path.path.strip("/").split("/"):
            case "POST", ["posts"]:
                return self._post(account, request)
            case "GET", ["posts"] if self.rules.look_up:
                return self._list(account, parse_qs(path.query))
            case "DELETE", ["posts", post]:
                return self._delete(account, post)
            case "GET", ["account"]:
                return _told(200, name=account)
        return _told(404, error="there is no such thing")

    def _post(self, account: str, request: Request) -> Answer:
        key = request.headers.get("idempotency-key") if self.rules.keys else None
        mine = [post for post in self.posts if post.account == account]
        for post in mine if key else ():
            if post.key == key:
                return _told(200, **self._shown(post))
        try:
            text = str(json.loads(request.body)["text"])
        except (ValueError, TypeError, KeyError):
            return _told(422, error="the body is no post")
        if not 0 < len(text) <= self.rules.longest:
            return _told(422, error=f"a text has 1 to {self.rules.longest} characters")
        now = time.monotonic()
        wait = self._wait(mine, now)
        if wait:
            return Answer(429, headers={"Retry-After": str(wait)})
        self._taken += 1
        self.posts.append(Held(str(self._taken), account, text, key, now))
        return _told(200, **self._shown(self.posts[-1]))

    def _wait(self, mine: list[Held], now: float) -> int:
        """Return the seconds to wait until the account may post again."""
        recent = [post.at for post in mine if post.at > now - self.rules.window]
        if self.rules.rate is None or len(recent) < self.rules.rate:
            return 0
        return max(1, round(recent[0] + self.rules.window - now))

    def _list(self, account: str, query: Mapping[str, list[str]]) -> Answer:
        visible = time.monotonic() - self.rules.lag
        mine = [post for post in self.posts if post.account == account and post.at <= visible]
        last = int(query.get("last", ["20"])[0])
        return Answer(200, json.dumps([self._shown(post) for post in mine[-last:]]).encode())

    def _delete(self, account: str, named: str) -> Answer:
        for post in self.posts:
            if post.id == named and post.account == account:
                self.posts.remove(post)
                return Answer(204)
        return _told(404, error="there is no such post")

    def _shown(self, post: Held) -> dict[str, str | None]:
        url = f"{self.url}/posts/{post.id}"
        return {"id": post.id, "text": post.text, "key": post.key, "url": url}


def _told(status: int, **said: object) -> Answer:
    return Answer(status, json.dumps(said).encode(), {"Content-Type": "application/json"})
