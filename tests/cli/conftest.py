"""A network in a file, as a plugin of one file, for commands that need more than the console."""

import json
from pathlib import Path

import pytest

from uasocial.plugins import trust

PLUGIN = """\
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell, Price, Profile, Publisher, PublisherKind, Rejected
)
from uasocial.plugins import hookimpl

FILE = Path("wire.json")


class Wire(Publisher):
    promise = "key"
    settle = timedelta(0)

    def __init__(self, settings, secrets):
        if settings.get("down"):
            raise ValueError("the wire is down")

    def create(self, prepared):
        held = json.loads(FILE.read_text())
        name = str(len(held["posts"]) + 1)
        before = prepared.answers
        held["posts"][name] = self._said(prepared, before and before.remote_id)
        FILE.write_text(json.dumps(held))
        return Receipt(name, f"https://wire.example/{name}")

    def find(self, prepared, since):
        return None

    def edit(self, receipt, prepared):
        held = json.loads(FILE.read_text())
        answers = held["posts"][receipt.remote_id]["answers"]
        held["posts"][receipt.remote_id] = self._said(prepared, answers)
        FILE.write_text(json.dumps(held))
        return receipt

    def delete(self, receipt):
        held = json.loads(FILE.read_text())
        if held.get("stubborn"):
            raise Rejected("the wire deletes nothing today")
        held["posts"].pop(receipt.remote_id, None)
        FILE.write_text(json.dumps(held))

    def resolve(self, handle):
        ids = json.loads(FILE.read_text())["handles"]
        if ids.get(handle) == "?":
            raise CannotTell("the wire does not say")
        return Profile(ids[handle], handle, "Ana Example") if handle in ids else None

    @staticmethod
    def _said(prepared, answers):
        post = prepared.post
        alts = [one.alt for one in post.media]
        return {
            "text": post.text, "warning": post.content_warning, "alts": alts, "answers": answers
        }


def price(post):
    with_link = "://" in post.text
    amount = Decimal("0.200") if with_link else Decimal("0.015")
    return Price(amount, "USD", "a post with a link, wire.example/prices")


@hookimpl
def register_publishers():
    everything = {"can_delete": True, "can_edit": True, "can_resolve": True, "can_thread": True}
    return [
        PublisherKind("wire", "mastodon", Wire, optional=("down",), **everything),
        PublisherKind("paid", "x", Wire, can_thread=True, can_resolve=True, media=1, price=price),
        PublisherKind("plain", "bluesky", Wire, media=0),
    ]
"""


class Wired:
    """What the network in the file of a project holds, and how it is made to misbehave."""

    def __init__(self, root: Path) -> None:
        self._file = root / "wire.json"
        self._write({"posts": {}, "handles": {}})
        folder = root / "plugins"
        folder.mkdir()
        (folder / "wire.py").write_text(PLUGIN, encoding="utf-8")
        trust.trust(folder / "wire.py")

    @property
    def posts(self) -> list[dict[str, object]]:
        return list(json.loads(self._file.read_text(encoding="utf-8"))["posts"].values())

    def set(self, **said: object) -> None:
        self._write({**json.loads(self._file.read_text(encoding="utf-8")), **said})

    def _write(self, content: object) -> None:
        self._file.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def wired(cases, monkeypatch) -> Wired:
    """The network of a project, which is the folder that commands run in."""
    monkeypatch.chdir(cases.root)
    return Wired(cases.root)
