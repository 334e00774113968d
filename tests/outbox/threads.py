"""A network with threads and handles: what the fake one has not, for storms and turns.

    GET /handles/NAME                 200 {"id": …} of whoever has that handle now; 404 for nobody

A post may say in `X-Answers` which one it answers. Run as a program, it is a worker on it.
"""

import json
from datetime import timedelta
from urllib.parse import quote

from uasocial.model.post import Post
from uasocial.platforms.publisher import Prepared, Profile, Transient
from uasocial.testing import worker
from uasocial.testing.loopback import Answer, Request
from uasocial.testing.network import FakeNetwork, Rules
from uasocial.testing.publisher import FakePublisher

MISSING = 404
HANDLES = "/handles/"


class Network(FakeNetwork):
    """Knows whose each of *handles* is; *answers* by the id of each post that answers another.

    *heedless* are the texts that name a handle which their account had last seen amiss, or never.
    """

    def __init__(self, rules: Rules = Rules()) -> None:  # noqa: B008 - it cannot change
        self.handles: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.heedless: list[str] = []
        self._seen: dict[tuple[str, str], str] = {}
        super().__init__(rules)

    def answer(self, request: Request) -> Answer:
        who = request.headers.get("authorization", "")
        if request.path.startswith(HANDLES):
            return self._handle(who, request.path.removeprefix(HANDLES))
        answer = super().answer(request)
        if request.method == "POST" and answer.status == 200:
            self._took(who, request, json.loads(answer.body)["id"])
        return answer

    def _handle(self, who: str, name: str) -> Answer:
        found = self._seen[who, name] = self.handles.get(name, "")
        return Answer(200, json.dumps({"id": found}).encode()) if found else Answer(MISSING)

    def _took(self, who: str, request: Request, post: str) -> None:
        answers = request.headers.get("x-answers")
        if answers:
            self.answers.setdefault(post, answers)
        text = json.loads(request.body)["text"]
        name = text.partition("@")[2]
        if name and self._seen.get((who, name)) != id_of(name):
            self.heedless.append(text)


def id_of(name: str) -> str:
    """Return the id under which a handle was agreed to."""
    return f"id-of-{name}"


class ThreadPublisher(FakePublisher):
    """Publishes threads, and looks handles up."""

    _answers = ""

    def create(self, prepared: Prepared):
        self._answers = prepared.answers.remote_id if prepared.answers else ""
        return super().create(prepared)

    def resolve(self, handle: str) -> Profile | None:
        status, said = self._once("GET", f"{HANDLES}{quote(handle)}")
        if status == MISSING:
            return None
        if status != 200:
            raise Transient(f"the network answers {status}", timedelta(0))
        return Profile(said["id"], handle)

    def _asked(self, connection, method, path, body=None, headers=None):
        said = {**(headers or {}), "X-Answers": self._answers}
        return super()._asked(connection, method, path, body, said)


def chained(posts: list[Post]) -> list[Post]:
    """Return posts of which each answers the one before."""
    from msgspec.structs import replace

    return [
        replace(post, answers=before.id) if before else post
        for before, post in zip([None, *posts], posts, strict=False)
    ]


if __name__ == "__main__":
    worker.FakePublisher = ThreadPublisher
    worker.main()
