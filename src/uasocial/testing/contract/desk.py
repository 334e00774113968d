"""A ledger with one account, its publisher opened as the product opens it, and its workers."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from uasocial.keeping import Keeping
from uasocial.model.post import Media, Post, Receipt, digest_of
from uasocial.outbox import accounts as outbox_accounts
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox.media import keep_media
from uasocial.outbox.opening import open_ledger
from uasocial.outbox.sending import Sender
from uasocial.outbox.tables import accounts, deliveries
from uasocial.platforms import Platform
from uasocial.platforms.discreet import without
from uasocial.platforms.publisher import NotYet, Prepared, Publisher, PublisherKind
from uasocial.testing.contract.network import Network
from uasocial.testing.opening import Opening, opened
from uasocial.testing.worker import Settings

__all__ = ["ACCOUNT", "AnyRow", "Desk", "Picture"]

ACCOUNT = "ours"
# More turns than any delivery takes, and more than any preparing.
MOST_TURNS = 60
# In seconds: how often is looked, and for how long at most.
POLL = 0.02
PATIENCE = 60.0

AnyRow = sa.Row[*tuple[Any, ...]]


class Picture(NamedTuple):
    """A picture to publish."""

    data: bytes
    alt: str
    width: int
    height: int
    type: str = "image/jpeg"

    @property
    def media(self) -> Media:
        sha256 = hashlib.sha256(self.data).hexdigest()
        return Media(
            sha256=sha256, type=self.type, alt=self.alt, width=self.width, height=self.height
        )


class Desk:
    """One account of *kind* at *network*, with a new ledger in *folder*.

    *publisher* is opened when it is first asked for; what is unknown settles at once here.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what the contract is told
        self,
        kind: PublisherKind,
        platform: Platform,
        network: Network,
        folder: Path,
        kind_at: str = "",
        public: tuple[str, ...] = (),
    ) -> None:
        self.kind, self.platform, self.network, self.folder = kind, platform, network, folder
        self.ledger = open_ledger(str(folder / "ledger.db"))
        self.keeping = Keeping(platform.name, ACCOUNT, network.secrets)
        self._kind_at, self._public = kind_at, public
        self._publisher: Publisher | None = None
        self._strangers: list[Publisher] = []
        self._pictures: dict[str, bytes] = {}
        row = outbox_accounts.AccountRow(ACCOUNT, platform.name, kind.name, "en", "publish", 0)
        outbox_accounts.put(self.ledger, [row], "the contract")

    def close(self) -> None:
        self.shut()
        for stranger in self._strangers:
            stranger.close()
        self.ledger.close()

    # --- the publisher ---------------------------------------------------------------------------

    @property
    def publisher(self) -> Publisher:
        if self._publisher is None:
            self._publisher = opened(self.kind, self.network.settings, self.keeping)
        return self._publisher

    def shut(self) -> None:
        """Close the publisher; the next use of it opens another."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def stranger(self, secrets: Mapping[str, str]) -> Publisher:
        """Open the account with other secrets."""
        keeping = Keeping(self.platform.name, "stranger", secrets)
        self._strangers.append(opened(self.kind, self.network.settings, keeping))
        return self._strangers[-1]

    def post(self, text: str, *pictures: Picture, answers: str | None = None) -> Post:
        media = tuple(picture.media for picture in pictures)
        self._pictures |= {one.media.sha256: one.data for one in pictures}
        return Post(
            id=uuid.uuid4().hex,
            action="gate",
            language="en",
            countries=("PE",),
            platform=self.platform.name,
            account=ACCOUNT,
            occasion="appeal",
            wording="standard",
            text=text,
            media=media,
            answers=answers,
            created_at=datetime.now(UTC),
            created_by="Samar Belkori",
            sha256=digest_of(ACCOUNT, text, media),
        )

    def prepared(
        self,
        text: str,
        *pictures: Picture,
        answers: Receipt | None = None,
        by: Publisher | None = None,
    ) -> Prepared:
        """Return a post made ready, as a worker does before it marks it."""
        post = self.post(text, *pictures)
        given = Prepared(post, f"{uuid.uuid4().hex}-{post.sha256[:16]}", {}, answers)
        for _ in range(MOST_TURNS):
            ready = (by or self.publisher).prepare(given, self._pictures.__getitem__)
            # What a ledger keeps is JSON.
            data = json.loads(
                json.dumps(ready.so_far if isinstance(ready, NotYet) else dict(ready))
            )
            given = given._replace(data=data)
            if not isinstance(ready, NotYet):
                return given
            time.sleep(POLL)
        raise TimeoutError(f"not prepared after it was asked for {MOST_TURNS} times")

    def create(
        self, text: str, *pictures: Picture, answers: Receipt | None = None
    ) -> tuple[Prepared, Receipt]:
        """Prepare a post and publish it."""
        prepared = self.prepared(text, *pictures, answers=answers)
        return prepared, self.publisher.create(prepared)

    # --- the ledger ------------------------------------------------------------------------------

    def plan(self, *posts: Post) -> list[str]:
        """Plan posts for now, in their order; return their deliveries."""
        with self.ledger.write() as connection:
            for one in (one for post in posts for one in post.media):
                keep_media(connection, self._pictures[one.sha256], one.type)
            at = self.ledger.now(connection) - timedelta(seconds=1)
            orders = [
                outgoing.Order(post, at + n * timedelta(milliseconds=1), "Samar Belkori")
                for n, post in enumerate(posts)
            ]
            return outgoing.plan(self.ledger, connection, orders)

    def sender(self, name: str = "one", observe: Callable[[str], None] | None = None) -> Sender:
        return Sender(self.ledger, name, lambda _: self.publisher, observe=observe)

    def finish(self, delivery: str) -> AnyRow:
        """Take turns until a delivery is over, without waiting for anything; return its row."""
        sender = self.sender("finisher")
        for _ in range(MOST_TURNS):
            if self.row(delivery).state not in {"planned", "sending", "unknown"}:
                break
            self.let_go()
            sender.turn()
        return self.row(delivery)

    def row(self, delivery: str) -> AnyRow:
        with self.ledger.read() as connection:
            query = sa.select(deliveries).where(deliveries.c.id == delivery)
            return connection.execute(query).one()

    def let_go(self) -> None:
        """End leases and waits, as time would."""
        with self.ledger.write() as connection:
            connection.execute(sa.update(accounts).values(worker=None, lease_until=None))
        self.hurry()

    def hurry(self) -> None:
        """End the waits of an account that is in nobody's turn."""
        with self.ledger.write() as connection:
            if connection.scalar(sa.select(accounts.c.worker)) is not None:
                return
            past = self.ledger.now(connection) - timedelta(seconds=1)
            connection.execute(sa.update(accounts).values(ready_at=past))
            later = deliveries.c.not_before > past
            connection.execute(sa.update(deliveries).where(later).values(not_before=past))

    # --- workers of their own --------------------------------------------------------------------

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """Let a process of its own work at the ledger; it is killed when this is left."""
        opening = Opening(
            at=self._kind_at
            or f"{self.kind.open.__module__.partition('.')[0]}:register_publishers",
            kind=self.kind.name,
            platform=self.platform.name,
            settings=dict(self.network.settings),
            secrets=dict(self.network.secrets),
        )
        given = Settings(
            ledger=f"sqlite:///{self.folder / 'ledger.db'}",
            name="worker",
            openings={ACCOUNT: opening},
        )
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "uasocial.testing.worker"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Where this process found the kind, though it may not be installed.
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        try:
            if process.stdin is not None:
                with process.stdin as into:
                    into.write(msgspec.json.encode(given))
            yield process
        finally:
            process.kill()
            process.wait()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, for a while."""
        give_up_at = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"nothing came in {PATIENCE:g} seconds: {self.log()}")
            time.sleep(POLL)

    def log(self) -> str:
        """Return what workers have written."""
        file = self.folder / "worker.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    # --- secrets ---------------------------------------------------------------------------------

    def dump(self) -> str:
        """Return all that the ledger holds, and all that workers have written."""
        with closing(sqlite3.connect(self.folder / "ledger.db")) as raw:
            return "\n".join([*raw.iterdump(), self.log()])

    def secrets(self) -> list[str]:
        """List all that nothing may say: the secrets, and what was kept of them."""
        kept = self.keeping.kept()
        public = {kept[name] for name in self._public if name in kept}
        return [one for one in self.keeping.hidden if one not in public]

    def assert_discreet(self, said: str) -> None:
        """Fail, without telling it, where *said* holds a secret."""
        hidden = without(said, self.secrets())
        if hidden != said:
            at = next(n for n, (a, b) in enumerate(zip(said, hidden, strict=False)) if a != b)
            raise AssertionError(f"a secret stands behind {hidden[max(0, at - 80) : at]!r}")
