"""A network in memory that does all that a publisher can, and fails as it is told."""

from collections import defaultdict
from datetime import datetime, timedelta

from uasocial.model.post import Receipt
from uasocial.outbox.sending import Sender
from uasocial.platforms.publisher import CannotTell, Prepared, Profile, Publisher


class Social(Publisher):
    """Holds *live* posts by their ids; *faults* are raised by a call's name, one each time."""

    promise = "look-up"
    settle = timedelta(0)

    def __init__(self) -> None:
        self.live: dict[str, Prepared] = {}
        self.handles: dict[str, str] = {}
        self.faults: dict[str, list[Exception]] = defaultdict(list)
        self.calls: list[str] = []
        self.token_ends_at: datetime | None = None

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.faults[name]:
            raise self.faults[name].pop(0)

    def prepare(self, given, media):
        self._called("prepare")
        return {
            "text": given.post.text,
            "pictures": [len(media(one.sha256)) for one in given.post.media],
        }

    def create(self, prepared):
        self._called("create")
        return self._take(f"r{len(self.live) + 1}", prepared)

    def _take(self, at: str, prepared: Prepared) -> Receipt:
        self.live[at] = prepared
        return Receipt(at, f"https://social.example/{at}")

    def find(self, prepared, since):  # noqa: ARG002 - as it is called
        self._called("find")
        return next((Receipt(at) for at, one in self.live.items() if one.key == prepared.key), None)

    def edit(self, receipt, prepared):
        self._called("edit")
        return self._take(receipt.remote_id, prepared)

    def delete(self, receipt):
        self._called("delete")
        self.live.pop(receipt.remote_id, None)

    def resolve(self, handle):
        self._called("resolve")
        if not self.handles:
            raise CannotTell("nothing can be looked up here")
        return Profile(self.handles[handle], handle) if self.handles.get(handle) else None

    def ends_at(self):
        return self.token_ends_at

    @property
    def texts(self) -> list[str]:
        return [one.post.text for one in self.live.values()]


def send(ledger, network: Publisher) -> None:
    """Take turns until nothing is due."""
    sender = Sender(ledger, "worker", lambda _: network)
    while sender.turn():
        pass
