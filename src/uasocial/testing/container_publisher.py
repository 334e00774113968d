"""A publisher for the container network: all but the publishing itself is made ready before."""

import base64
import http.client
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode, urlsplit

from uasocial.errors import printable
from uasocial.model.post import Media, Receipt
from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    PublisherKind,
    Rejected,
    Secrets,
    Transient,
)

__all__ = ["CONTAINERS", "ContainerPublisher"]

# developers.facebook.com/docs/threads/troubleshooting: ask once a minute, for five at most.
WHILE = timedelta(minutes=1)
# graph-api/guides/error-handling: the token is none; too many calls.
BAD_TOKEN, TOO_MANY = 190, 4
SERVER_ERROR, REFUSED, GONE = 500, 400, 404
LONGEST_ERROR = 300


class ContainerPublisher(Publisher):
    """An account of a ContainerNetwork at *url*."""

    promise = "look-up"
    timeout = timedelta(seconds=5)

    def __init__(self, url: str, token: str) -> None:
        self._place, self._token = urlsplit(url), token

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any] | NotYet:
        """Put each picture into a container of its own, and the post into one around them."""
        pictures = given.post.media
        made = list(given.data.get("pictures", ()))
        made += [self._contain_picture(one, media(one.sha256)) for one in pictures[len(made) :]]
        if not all(self._is_finished(one) for one in made):
            return NotYet(WHILE, {"pictures": made})
        container = self._contain(given, made)
        return {"pictures": made, "container": container}

    def _contain_picture(self, picture: Media, data: bytes) -> str:
        image = base64.b64encode(data).decode()
        said = self._asked("POST", "/containers", {"image": image, "alt_text": picture.alt})
        return str(said["id"])

    def _contain(self, given: Prepared, children: list[str]) -> str:
        parts = {"text": given.post.text}
        if children:
            parts["children"] = ",".join(children)
        if given.answers:
            parts["reply_to_id"] = given.answers.remote_id
        said = self._asked("POST", "/containers", parts)
        return str(said["id"])

    def _is_finished(self, container: str) -> bool:
        status = self._asked("GET", f"/containers/{container}")["status"]
        if status in {"ERROR", "EXPIRED"}:
            raise Rejected(f"{self._place.hostname}: a picture was refused ({status})")
        return bool(status == "FINISHED")

    def create(self, prepared: Prepared) -> Receipt:
        parts = {"creation_id": prepared.data["container"]}
        said = self._asked("POST", "/publish", parts, unanswered=OutcomeUnknown)
        return Receipt(said["id"], f"{self._place.geturl()}/posts/{said['id']}")

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        del since  # the account's list is short, and its newest come first
        for post in self._asked("GET", "/posts")["data"]:
            if post["text"] == prepared.post.text:
                return Receipt(post["id"], post["permalink"])
        return None

    def delete(self, receipt: Receipt) -> None:
        try:
            self._asked("DELETE", f"/posts/{receipt.remote_id}")
        except _Gone:
            return

    def check(self) -> str:
        return str(self._asked("GET", "/me")["username"])

    def _asked(
        self,
        method: str,
        path: str,
        parts: Mapping[str, str] = MappingProxyType({}),
        *,
        unanswered: type[PublisherError] = Transient,
    ) -> Any:
        """Ask the network; *unanswered* is what it means that no answer came."""
        host = f"{self._place.hostname}:{self._place.port}"
        seconds = self.timeout.total_seconds()
        body = urlencode({**parts, "access_token": self._token})
        with closing(http.client.HTTPConnection(host, timeout=seconds)) as connection:
            try:
                connection.connect()
            except OSError as error:
                raise Transient(f"{host} cannot be reached: {error}") from None
            try:
                if method == "GET":
                    connection.request(method, f"{path}?{body}")
                else:
                    connection.request(method, path, body)
                answer = connection.getresponse()
                said = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise unanswered(f"{host}: no answer ({type(error).__name__})") from None
        _assert_done(host, answer.status, said, unanswered)
        return said


class _Gone(Rejected):
    """There is no such thing."""


def _assert_done(host: str, status: int, said: Any, unanswered: type[PublisherError]) -> None:
    """Raise what a status and the code beside it say of a call."""
    if status < REFUSED:
        return
    error = said.get("error", {})
    why = printable(f"{host}: {error.get('message', status)}")[:LONGEST_ERROR]
    if status >= SERVER_ERROR:
        raise unanswered(why)
    if error.get("code") == BAD_TOKEN:
        raise NotAuthorized(f"{why}: authorize the account again")
    if error.get("code") == TOO_MANY:
        minutes = error.get("estimated_time_to_regain_access")
        raise Transient(why, timedelta(minutes=minutes) if minutes else None)
    raise _Gone(why) if status == GONE else Rejected(why)


def _open(settings: Mapping[str, str], secrets: Secrets) -> ContainerPublisher:
    return ContainerPublisher(settings["url"], secrets["token"])


CONTAINERS = PublisherKind(
    "containers",
    "threads",
    _open,
    settings=("url",),
    secrets=("token",),
    can_delete=True,
    can_thread=True,
)
