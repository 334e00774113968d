"""A network that takes a post in steps, as Instagram and Threads do: containers, then publishing.

    POST /containers   text=…, alt=…, image=…, children=ID,ID, reply_to_id=ID   200 {"id"}
    GET /containers/ID                                                          200 {"status"}
    POST /publish      creation_id=ID                                           200 {"id"}
    GET /posts                                           200 {"data": [{…}, …]}: newest first
    DELETE /posts/ID                                     200 {"success": true}
    GET /me                                              200 {"username"}

Each wants `access_token=…` among its parameters. An error is `{"error": {"code", "message"}}`.
There is no key: whoever publishes a container again has a second post. Sources, of 2026-11-23:
developers.facebook.com/docs/threads/posts, …/docs/threads/retrieve-and-discover-posts,
…/docs/instagram-platform/content-publishing, …/docs/graph-api/guides/error-handling.
"""

import base64
import json
import secrets
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from uasocial.testing.loopback import Answer, Request, Server
from uasocial.testing.network import SECRET

__all__ = ["Container", "ContainerNetwork", "Published"]

# threads/posts: 500 characters, in effect bytes; a carousel of 2 to 20.
LONGEST, MOST = 500, 20
# graph-api/guides/error-handling: the token is none any more; a parameter is wrong.
BAD_TOKEN, BAD_PARAMETER = 190, 100
# threads/troubleshooting: a container that is not finished cannot be published.
NOT_READY = 24


class Container(NamedTuple):
    """What is made ready: a picture, a text, or a text with the pictures that are its children."""

    id: str
    text: str
    alt: str
    image: bytes
    children: tuple[str, ...]
    reply_to: str | None


class Published(NamedTuple):
    """A live post."""

    id: str
    text: str
    alts: tuple[str, ...]
    reply_to: str | None


class ContainerNetwork(Server):
    """One account, `owner`; a container with a picture is finished when asked for after *polls*."""

    owner = "samar.group"

    def __init__(self, polls: int = 1) -> None:
        self.polls = polls
        self.token = SECRET + secrets.token_hex(16)
        self.posts: list[Published] = []
        self._containers: dict[str, Container] = {}
        self._asked: dict[str, int] = {}
        self._made = 0
        self._lock = Lock()
        super().__init__()

    def answer(self, request: Request) -> Answer:
        path = urlsplit(request.path)
        given = dict(parse_qsl(f"{path.query}&{request.body.decode()}", keep_blank_values=True))
        with self._lock:
            if given.get("access_token") != self.token:
                return _refused(401, BAD_TOKEN, "Error validating access token")
            return self._routed(request.method, path.path.strip("/").split("/"), given)

    def _routed(self, method: str, parts: list[str], given: dict[str, str]) -> Answer:
        match method, parts:
            case "POST", ["containers"]:
                return self._contain(given)
            case "POST", ["publish"]:
                return self._publish(given.get("creation_id", ""))
            case "DELETE", ["posts", name]:
                return self._delete(name)
            case "GET", _:
                return self._read(parts)
        return _refused(404, BAD_PARAMETER, "Unsupported request")

    def _read(self, parts: list[str]) -> Answer:
        match parts:
            case ["containers", name] if name in self._containers:
                return _told(id=name, status=self._status(name))
            case ["posts"]:
                return _told(data=[self._shown(post) for post in reversed(self.posts)])
            case ["me"]:
                return _told(username=self.owner)
        return _refused(404, BAD_PARAMETER, "Unsupported request")

    def _contain(self, given: dict[str, str]) -> Answer:
        children = tuple(filter(None, given.get("children", "").split(",")))
        text, image = given.get("text", ""), base64.b64decode(given.get("image", ""))
        if len(text.encode()) > LONGEST:
            return _refused(400, BAD_PARAMETER, f"The text is longer than {LONGEST}")
        if len(children) > MOST or not set(children) <= set(self._containers):
            return _refused(400, BAD_PARAMETER, "The children are wrong")
        if not (text or image or children):
            return _refused(400, BAD_PARAMETER, "There is nothing in it")
        self._made += 1
        name = f"c{self._made}"
        self._containers[name] = Container(
            name, text, given.get("alt_text", ""), image, children, given.get("reply_to_id")
        )
        return _told(id=name)

    def _status(self, name: str) -> str:
        """Tell how far a container is: pictures are fetched and looked at, which takes a while."""
        self._asked[name] = self._asked.get(name, 0) + 1
        is_there = not self._containers[name].image or self._asked[name] > self.polls
        return "FINISHED" if is_there else "IN_PROGRESS"

    def _is_ready(self, container: Container) -> bool:
        pictures = [self._containers[child] for child in container.children]
        return all(
            self._asked.get(one.id, 0) > self.polls for one in (*pictures, container) if one.image
        )

    def _publish(self, name: str) -> Answer:
        container = self._containers.get(name)
        if container is None:
            return _refused(400, BAD_PARAMETER, "There is no such container")
        if not self._is_ready(container):
            return _refused(400, NOT_READY, "The media is not ready to be published")
        pictures = [self._containers[child] for child in container.children] or [container]
        alts = tuple(one.alt for one in pictures if one.image)
        self._made += 1
        self.posts.append(Published(f"{self._made}", container.text, alts, container.reply_to))
        return _told(id=self.posts[-1].id)

    def _delete(self, name: str) -> Answer:
        for post in self.posts:
            if post.id == name:
                self.posts.remove(post)
                return _told(success=True)
        return _refused(404, BAD_PARAMETER, "There is no such post")

    def _shown(self, post: Published) -> dict[str, str]:
        return {
            "id": post.id,
            "text": post.text,
            "permalink": f"{self.url}/@{self.owner}/{post.id}",
        }


def _told(**said: object) -> Answer:
    return Answer(200, json.dumps(said).encode(), {"Content-Type": "application/json"})


def _refused(status: int, code: int, why: str) -> Answer:
    said = {"error": {"code": code, "message": why}}
    return Answer(status, json.dumps(said).encode(), {"Content-Type": "application/json"})
