"""A room behind a webhook, for tests of what Apprise sends there as JSON."""

import base64
import json
from threading import Lock
from urllib.parse import urlsplit

from uasocial.model.post import digest_of
from uasocial.testing.contract import HttpNetwork, Seen
from uasocial.testing.loopback import Answer, Request, Server

__all__ = ["Room", "RoomNetwork"]

TOKEN = "room-token-5f2c9a"  # noqa: S105 - of a room that is made up
# As Discord has it, in code points; a webhook of one's own has any:
# https://github.com/discord/discord-api-docs/discussions/1315
LONGEST = 2000


class Room(Server):
    """Takes what is posted with the right password; *refusing* is the status of any other answer.

    Fields as in https://appriseit.com/services/json/: version, title, message, type, attachments.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []
        self.token = TOKEN
        self.refusing = 0
        self._lock = Lock()
        super().__init__()

    def answer(self, request: Request) -> Answer | None:
        if self.refusing:
            return Answer(self.refusing)
        # RFC 7617, section 2: user and password with a colon between them, in base64.
        expected = base64.b64encode(f"ua:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return Answer(401)
        said = json.loads(request.body)
        if len(said["message"]) > LONGEST:
            return Answer(400)
        with self._lock:
            self.taken.append(said)
        return Answer(200)

    def address(self, at: str = "") -> str:
        """Return the address that Apprise is given, with the token in it."""
        return f"json://ua:{TOKEN}@{urlsplit(at or self.url).netloc}/room"


class RoomNetwork(HttpNetwork):
    """A room as the contract sees it."""

    owner = "JSON"
    settings: dict[str, str] = {}  # noqa: RUF012 - the same for all

    def __init__(self) -> None:
        self.room = Room()
        super().__init__(self.room.url)
        self.secrets = {"url": self.room.address(self.url)}

    def is_create(self, request: Request) -> bool:
        return request.method == "POST"

    def seen(self) -> list[Seen]:
        texts = [f"{one['message']}" for one in self.room.taken]
        # The room tells no ids; the publisher's own are of account and text.
        return [Seen(f"apprise-{digest_of('ours', text, ())[:16]}", text) for text in texts]

    def revoke(self) -> None:
        self.room.token = "another"  # noqa: S105 - what the room now wants

    def close(self) -> None:
        super().close()
        self.room.close()
