"""A publisher for the fake network, over HTTP as a real one."""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Promise,
    Publisher,
    PublisherKind,
    Rejected,
    Secrets,
    Transient,
)

__all__ = ["FAKE", "FakePublisher"]

# An account waits while something is unknown, so what is looked for is among its last.
LAST = 50
TOO_MANY = 429
SERVER_ERROR = 500
NOT_AUTHORIZED = 401
GONE = 404
REFUSED = 400


class FakePublisher(Publisher):
    """Publishes on a FakeNetwork at *url*, with what *promise* says, and with no more."""

    def __init__(
        self,
        url: str,
        token: str,
        promise: Promise = "key",
        *,
        timeout: timedelta = timedelta(seconds=5),
        settle: timedelta = timedelta(0),
    ) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname or "", place.port
        self._token = token
        # Of this account, where those of a class are for all.
        self.promise, self.timeout, self.settle = promise, timeout, settle  # type: ignore[misc]

    def create(self, prepared: Prepared) -> Receipt:
        keyed = {"Idempotency-Key": prepared.key} if self.promise == "key" else {}
        with closing(self._connection()) as connection:
            try:
                connection.connect()
            except OSError as error:
                raise Transient(f"the network cannot be reached: {error}") from None
            try:
                body = json.dumps({"text": prepared.post.text})
                status, headers, said = self._asked(connection, "POST", "/posts", body, keyed)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise OutcomeUnknown(f"no answer: {type(error).__name__}") from None
        return _receipt(status, headers, said)

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        if self.promise == "neither":
            return super().find(prepared, since)
        for post in self._listed():
            same = post["key"] == prepared.key if self.promise == "key" else None
            if same or (same is None and post["text"] == prepared.post.text):
                return Receipt(post["id"], post["url"])
        return None

    def delete(self, receipt: Receipt) -> None:
        status, said = self._once("DELETE", f"/posts/{receipt.remote_id}")
        if status != GONE:
            _assert_taken(status, {}, said)

    def check(self) -> str:
        status, said = self._once("GET", "/account")
        _assert_taken(status, {}, said)
        return str(said["name"])

    def _listed(self) -> Any:
        status, said = self._once("GET", f"/posts?last={LAST}")
        if status == TOO_MANY or status >= SERVER_ERROR:
            raise Transient(f"the network answers {status}", timedelta(0))
        if status >= REFUSED:
            raise CannotTell(f"the network answers {status}")
        return said

    def _once(self, method: str, path: str) -> tuple[int, Any]:
        with closing(self._connection()) as connection:
            try:
                status, _, said = self._asked(connection, method, path)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise Transient(f"no answer: {type(error).__name__}") from None
        return status, said

    def _connection(self) -> http.client.HTTPConnection:
        seconds = self.timeout.total_seconds()
        return http.client.HTTPConnection(self._host, self._port, timeout=seconds)

    def _asked(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], Any]:
        token = {"Authorization": f"Bearer {self._token}"}
        connection.request(method, path, body, {**token, **(headers or {})})
        answer = connection.getresponse()
        said = answer.read()
        return answer.status, dict(answer.headers), json.loads(said) if said else {}


def _receipt(status: int, headers: Mapping[str, str], said: Any) -> Receipt:
    _assert_taken(status, headers, said)
    return Receipt(said["id"], said["url"])


def _assert_taken(status: int, headers: Mapping[str, str], said: Any) -> None:
    """Raise what the status says of a call."""
    if status == TOO_MANY:
        asked = headers.get("Retry-After")
        raise Transient("too many posts", timedelta(seconds=float(asked)) if asked else None)
    if status >= SERVER_ERROR:
        # It may have been taken before something broke.
        raise OutcomeUnknown(f"the network answers {status}")
    if status == NOT_AUTHORIZED:
        raise NotAuthorized(f"the network answers {status}: {said['error']}")
    if status >= REFUSED:
        raise Rejected(f"the network answers {status}: {said.get('error', '')}")


def _open(settings: Mapping[str, str], secrets: Secrets) -> FakePublisher:
    promises: dict[str, Promise] = {"key": "key", "look-up": "look-up", "neither": "neither"}
    return FakePublisher(settings["url"], secrets["token"], promises[settings["promise"]])


FAKE = PublisherKind(
    "fake", "mastodon", _open, ("url", "promise"), ("token",), can_delete=True, media=0
)
