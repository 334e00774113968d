"""X, as far as a post needs it: each rule names the page of its documentation, or who saw it."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, RLock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from uasocial.testing.loopback import Answer, Request, Server
from uasocial.text import x
from uasocial_x.testing.access import Access, Grant
from uasocial_x.testing.refusing import TITLES, Refusal, refused, told
from uasocial_x.testing.uploads import Picture, Uploads

__all__ = ["FakeX", "Held", "User", "shown"]

# Per user and 15 minutes: docs.x.com/x-api/fundamentals/rate-limits.
WINDOW = 900
RATES = {
    ("POST", "tweets"): 100,
    ("DELETE", "tweets"): 50,
    ("GET", "me"): 75,
    ("GET", "by"): 900,
    ("GET", "timeline"): 900,
}
OTHER_RATE = 500
# docs.x.com/x-api/users/get-posts
PAGES = range(5, 101)
# What each call wants: docs.x.com/fundamentals/authentication/guides/v2-authentication-mapping.
SCOPES = {
    "tweets": {"tweet.read", "tweet.write", "users.read"},
    "media": {"media.write"},
    "users": {"tweet.read", "users.read"},
}
# In seconds: X says no to the same text again for a while, and not for how long.
TWICE = 86_400
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass
class User:
    """An account."""

    id: str
    username: str
    name: str
    suspended: bool = False


@dataclass
class Held:
    """A post that is live; *at* is when it was made, *listed_at* when the timeline shows it."""

    id: str
    owner: User
    text: str
    at: float
    listed_at: float
    pictures: tuple[Picture, ...] = ()
    answers: str | None = None


class FakeX(Server):
    """X at `url`; what tests may set stands first.

    *lag* is the seconds after which a timeline shows a post. *left* is how many calls each endpoint
    still takes, where that is less than X gives. *stall* lets an answer wait, after the post was
    taken. *instead* is answered to every call. *pauper* has used its credits up.
    """

    def __init__(self) -> None:
        self.lag = 0.0
        self.left: dict[tuple[str, str], int] = {}
        self.day_is_full = False
        self.too_long = 403
        self.pauper = False
        self.stall: Event | None = None
        self.instead: Answer | None = None
        self.clock: Callable[[], float] = time.time
        self.calls: list[tuple[str, str]] = []
        self.users: dict[str, User] = {}
        self.posts: list[Held] = []
        self.access = Access(clock=self._now)
        self.uploads = Uploads(self.new_id, self._now)
        self._made = 0
        self._used: Counter[tuple[str, str, str, int]] = Counter()
        self._lock = RLock()
        super().__init__()

    def join(self, username: str, name: str = "") -> User:
        """Make an account."""
        user = User(self.new_id(), username, name or username)
        self.users[user.id] = user
        return user

    def hold(self, user: User, text: str, ago: float = 0.0) -> Held:
        """Take a post of an account, made so many seconds ago, without any question."""
        at = self.clock() - ago
        self.posts.append(Held(self.new_id(), user, text, at, at + self.lag))
        return self.posts[-1]

    def texts(self) -> list[str]:
        """List what is live, oldest first, as it was written."""
        return [post.text for post in self.posts]

    def _now(self) -> float:
        return self.clock()

    def new_id(self) -> str:
        """Return an id that sorts by time: docs.x.com/fundamentals/x-ids."""
        self._made += 1
        return str(1_990_000_000_000_000_000 + self._made * 7919)

    # --- who asks for what -----------------------------------------------------------------------

    def answer(self, request: Request) -> Answer | None:
        path = urlsplit(request.path).path.strip("/").split("/")
        self.calls.append((request.method, "/".join(path)))
        with self._lock:
            if self.instead is not None:
                return self.instead
            try:
                answer = self._routed(request, path)
            except Refusal as refusal:
                answer = refusal.answer
        if self.stall is not None and (request.method, path) == ("POST", ["2", "tweets"]):
            self.stall.wait(10)
        return answer

    def _routed(self, request: Request, path: list[str]) -> Answer:
        match request.method, path:
            case "POST", ["oauth", "request_token"]:
                return self.access.request_token(request)
            case "POST", ["oauth", "access_token"]:
                return self.access.access_token(request)
            case "POST", ["2", "oauth2", "token"]:
                return self.access.token(request)
            case _, ["2", area, *rest] if area in SCOPES:
                return self._allowed(request, area, rest)
        raise refused(404, "Not Found")

    def _allowed(self, request: Request, area: str, rest: list[str]) -> Answer:
        """Answer who may ask, and has asked neither too often nor for nothing."""
        grant = self.access.grant_of(request)
        user = self.users[grant.user_id]
        if user.suspended:
            # https://github.com/akrherz/iembot/issues/156
            raise refused(403, "The user used for authentication is suspended", "user-suspended")
        if self.pauper:
            raise refused(
                402,
                "Your enrolled account does not have any credits to fulfill this request.",
                "credits",
            )
        _assert_scopes(grant, request.method, area)
        limits = self._limits(user, request.method, area, rest)
        try:
            answer = self._asked(user, request, [area, *rest])
        except Refusal as refusal:
            answer = refusal.answer
        return answer._replace(headers={**answer.headers, **limits})

    def _limits(self, user: User, method: str, area: str, rest: list[str]) -> Mapping[str, str]:
        """Count a call and return the headers of each answer; raise 429 for one too many."""
        kind = "timeline" if rest[1:] == ["tweets"] else rest[0] if area == "users" else area
        allowed = self.left.get((method, kind), RATES.get((method, kind), OTHER_RATE))
        window = int(self._now()) // WINDOW
        self._used[user.id, method, kind, window] += 1
        left = allowed - self._used[user.id, method, kind, window]
        headers = {
            "x-rate-limit-limit": str(allowed),
            "x-rate-limit-remaining": str(max(0, left)),
            "x-rate-limit-reset": str((window + 1) * WINDOW),
        }
        if self.day_is_full and (method, kind) == ("POST", "tweets"):
            # All that comes then: https://github.com/PLhery/node-twitter-api-v2/issues/553
            raise Refusal(_too_many({"x-user-limit-24hour-reset": str(int(self._now()) + 7200)}))
        if left < 0:
            raise Refusal(_too_many(headers))
        return headers

    def _asked(self, user: User, request: Request, path: list[str]) -> Answer:
        query = parse_qs(urlsplit(request.path).query)
        match request.method, path:
            case "POST", ["tweets"]:
                return self._post(user, request)
            case "DELETE", ["tweets", post_id]:
                return self._delete(user, post_id)
            case _, ["media", *rest]:
                return self.uploads.answer(user.id, request, rest)
            case "GET", ["users", "me"]:
                return told(200, {"data": _profile(user)})
            case "GET", ["users", "by", "username", name]:
                return self._named(unquote(name))
            case "GET", ["users", user_id, "tweets"]:
                return self._timeline(user_id, query)
        raise refused(404, "Not Found")

    # --- posts -----------------------------------------------------------------------------------

    def _post(self, user: User, request: Request) -> Answer:
        """docs.x.com/x-api/posts/create-post."""
        given = json.loads(request.body)
        text, ids = given.get("text", ""), given.get("media", {}).get("media_ids", [])
        pictures = self.uploads.usable(user.id, ids)
        if not text.strip() and not pictures:
            raise refused(400, "$.text: must not be empty", "invalid-request")
        # docs.x.com/fundamentals/counting-characters
        if x.weighted_length(text) > x.MAX_LENGTH or x.holds_refused(text):
            # As older answers say it; the status differs: https://github.com/tweepy/tweepy
            raise refused(self.too_long, "Your Tweet text is too long.")
        self._assert_new(user, text)
        answers = given.get("reply", {}).get("in_reply_to_tweet_id")
        if answers is not None and answers not in {one.id for one in self.posts}:
            raise refused(
                403, "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        now = self._now()
        held = Held(self.new_id(), user, text, now, now + self.lag, tuple(pictures), answers)
        self.posts.append(held)
        made = shown(held)
        said = {name: made[name] for name in ("id", "text")}
        return told(201, {"data": {**said, "edit_history_tweet_ids": [held.id]}})

    def _assert_new(self, user: User, text: str) -> None:
        """Refuse what the account has said of late: https://github.com/akrherz/iembot/issues/163.

        A post that is deleted meanwhile counts no more.
        """
        recent = self._now() - TWICE
        if any(one.owner is user and one.text == text and one.at > recent for one in self.posts):
            raise refused(403, "You are not allowed to create a Tweet with duplicate content.")

    def _delete(self, user: User, post_id: str) -> Answer:
        """docs.x.com/x-api/posts/delete-post."""
        for one in self.posts:
            if one.id == post_id and one.owner is user:
                self.posts.remove(one)
                return told(200, {"data": {"deleted": True}})
            if one.id == post_id:
                raise refused(403, "You are not authorized to delete this Tweet.")
        raise refused(404, f"Could not find tweet with id: [{post_id}].", "resource-not-found")

    def _timeline(self, user_id: str, query: Mapping[str, list[str]]) -> Answer:
        """docs.x.com/x-api/users/get-posts: the newest first, in pages."""
        size = int(query.get("max_results", ["10"])[0])
        if size not in PAGES:
            raise refused(400, "max_results is not between 5 and 100", "invalid-request")
        begun = query.get("start_time", ["1970-01-01T00:00:00Z"])[0]
        since = datetime.strptime(begun, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        now = self._now()
        mine = [
            one
            for one in reversed(self.posts)
            if one.owner.id == user_id and int(one.at) >= since and one.listed_at <= now
        ]
        at = int(query.get("pagination_token", ["0"])[0])
        page = [shown(one) for one in mine[at : at + size]]
        meta: dict[str, object] = {"result_count": len(page)}
        if len(mine) > at + size:
            meta["next_token"] = str(at + size)
        # Without any, `data` is left out.
        return told(200, {"data": page, "meta": meta} if page else {"meta": meta})

    # --- users -----------------------------------------------------------------------------------

    def _named(self, username: str) -> Answer:
        """docs.x.com/x-api/users/get-user-by-username: who is not there is told with status 200."""
        found = next(
            (one for one in self.users.values() if one.username.lower() == username.lower()), None
        )
        if found is not None and not found.suspended:
            return told(200, {"data": _profile(found)})
        problem = {
            "value": username,
            "detail": f"Could not find user with username: [{username}].",
            "title": "Not Found Error",
            "resource_type": "user",
            "parameter": "username",
            "resource_id": username,
            "type": "https://api.twitter.com/2/problems/resource-not-found",
        }
        if found is not None:
            problem |= {
                "detail": f"User has been suspended: [{username}].",
                "title": "Forbidden",
            }
        return told(200, {"errors": [problem]})


def _too_many(headers: Mapping[str, str]) -> Answer:
    said = {"title": TITLES[429], "detail": TITLES[429], "type": "about:blank", "status": 429}
    return told(429, said, headers)


def _assert_scopes(grant: Grant, method: str, area: str) -> None:
    """Refuse what an account has not allowed; with OAuth 1.0a it allows all or nothing."""
    wanted = SCOPES[area]
    if grant.scopes and not wanted <= grant.scopes:
        raise refused(
            403,
            f"Your client app lacks the scopes for {method}: {sorted(wanted)}",
            "client-forbidden",
        )


def _profile(user: User) -> dict[str, str]:
    return {"id": user.id, "name": user.name, "username": user.username}


def shown(post: Held) -> dict[str, Any]:
    """Show a post: docs.x.com/x-api/fundamentals/data-dictionary, under `text` and `entities`."""
    links = x.urls(post.text)
    parts: list[str] = []
    entities: list[dict[str, str]] = []
    at = 0
    for n, (start, end, value) in enumerate(links):
        short = _short(post.id, n)
        parts += _escaped(post.text[at:start]), short
        at = end
        address = value if re.match("https?://", value, re.IGNORECASE) else f"http://{value}"
        entities.append({"url": short, "expanded_url": address, "display_url": value[:30]})
    text = "".join([*parts, _escaped(post.text[at:])])
    if post.pictures:
        short = _short(post.id, 61)
        text = f"{text} {short}".lstrip()
        base = f"https://x.com/{post.owner.username}/status/{post.id}/photo"
        entities += [
            {"url": short, "expanded_url": f"{base}/{n}", "media_key": f"3_{one.id}"}
            for n, one in enumerate(post.pictures, 1)
        ]
    moment = datetime.fromtimestamp(int(post.at), UTC)
    said = {
        "id": post.id,
        "text": text,
        "created_at": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "edit_history_tweet_ids": [post.id],
    }
    return said | ({"entities": {"urls": entities}} if entities else {})


def _short(post_id: str, n: int) -> str:
    """Return a t.co address: docs.x.com/fundamentals/counting-characters."""
    number = int(post_id)
    code = "".join(BASE62[number // 62**place % 62] for place in range(9))
    return f"https://t.co/{code}{BASE62[n]}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
