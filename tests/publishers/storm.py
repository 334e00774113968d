"""A storm over real publishers: their networks fail, their workers die, people meddle meanwhile."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace
from tests.outbox import planning, threads

from uasocial.errors import UasocialError
from uasocial.keeping import Keeping
from uasocial.model.post import Post
from uasocial.outbox import accounts as outbox_accounts
from uasocial.outbox import deliveries as outgoing
from uasocial.outbox import stopping
from uasocial.outbox.controls import Control
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.media import keep_media
from uasocial.outbox.sending import STEPS
from uasocial.outbox.tables import accounts, deliveries
from uasocial.outbox.turns import PAUSED
from uasocial.testing.contract import HttpNetwork, Network
from uasocial.testing.contract.pictures import album
from uasocial.testing.crew import Crew
from uasocial.testing.opening import Opening, opened
from uasocial.testing.proxy import Fault
from uasocial.testing.worker import Settings

from .places import Place

WORKERS, FEWEST = 3, 4
# Posts of an account, so that no network's own limit of posts in a time is met.
EACH = 15
# What each account has, over and over: a thread of three, and single posts.
GROUPS = (3, 1, 1)
MOST_PICTURES = 2
ACTIONS = 10
# Seconds: a turn, and until a stopped worker wakes.
LEASE, ASLEEP = 2.0, 2.5
KILLED = [(step, "SIGKILL") for step in STEPS]
STOPPED = [(step, "SIGSTOP") for step in STEPS]
LONGEST = 90
# Seconds: a network may ask for minutes, which pass quicker here.
LONG = 2
HURRIED = str(Path(__file__).with_name("hurried.py"))

Happening = Callable[["Storm"], None]


class Site(NamedTuple):
    """An account, and the network that it is on."""

    place: Place
    network: Network
    keeping: Keeping

    @property
    def platform(self) -> str:
        return self.place.platform or self.place.kind.platform

    def opening(self) -> Opening:
        kind = self.place.kind
        package = kind.open.__module__.partition(".")[0]
        return Opening(
            at=self.place.at or f"{package}:register_publishers",
            kind=kind.name,
            platform=self.platform,
            settings=dict(self.network.settings),
            secrets=dict(self.network.secrets),
        )


class Storm:
    """A ledger full of deliveries for accounts at *places*, and what goes wrong meanwhile."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a storm is
        self, ledger: Ledger, url: str, folder: Path, places: Sequence[Place], count: int, seed: int
    ) -> None:
        self.ledger, self.count = ledger, count
        self.chance = random.Random(seed)
        self.sites: dict[str, Site] = {}
        self.done: Counter[str] = Counter()
        self.moved: set[str] = set()
        self.folder = folder
        self._url, self._seed = url, seed
        for number in range(max(FEWEST, count // EACH)):
            self._join(f"a{number}", places[number % len(places)])
        self._fill()

    def _join(self, name: str, place: Place) -> None:
        network = place.network()
        platform = place.platform or place.kind.platform
        site = Site(place, network, Keeping(platform, name, network.secrets))
        self.sites[name] = site
        row = outbox_accounts.AccountRow(name, platform, place.kind.name, "en", "publish", 0)
        outbox_accounts.put(self.ledger, [row], "Ana")
        # As whoever sets an account up does; it may begin a session.
        publisher = opened(place.kind, network.settings, site.keeping)
        assert network.owner in publisher.check()
        publisher.close()

    # --- the plan --------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Plan all for this second, in turns for each account."""
        groups = list(self._groups())
        with self.ledger.write() as connection:
            for picture in album(MOST_PICTURES):
                keep_media(connection, picture.data, picture.type)
            start = self.ledger.now(connection) - timedelta(seconds=1)
            orders: list[outgoing.Order] = []
            for number, (name, size) in enumerate(groups):
                at = start + number * timedelta(seconds=1) / len(groups)
                thread = threads.chained([self._post(name, number, n) for n in range(size)])
                orders += [outgoing.Order(post, at, "Ana") for post in thread]
            outgoing.plan(self.ledger, connection, orders)

    def _groups(self) -> Iterator[tuple[str, int]]:
        """Yield an account, and how many posts hang together there, until there are enough."""
        left, number = self.count, 0
        while left > 0:
            name = f"a{number % len(self.sites)}"
            wanted = GROUPS[number // len(self.sites) % len(GROUPS)]
            size = wanted if self.sites[name].place.kind.can_thread else 1
            yield name, min(size, left)
            left, number = left - size, number + 1

    def _post(self, name: str, number: int, part: int) -> Post:
        site = self.sites[name]
        pictures = album(self._pictures(site.place, number, part))
        text = f"Open gate {number} for Samar Belkori, part {part}"
        media = [picture.media for picture in pictures]
        post = planning.post(text, f"case-{number % ACTIONS}", name, media)
        return replace(post, platform=site.platform)

    def _pictures(self, place: Place, number: int, part: int) -> int:
        if place.kind.media == 0:
            return 0
        wanted = (number + part) % 6
        return max(int(place.needs_picture), wanted if wanted <= MOST_PICTURES else 0)

    # --- the storm -------------------------------------------------------------------------------

    def settings(self) -> Settings:
        openings = {name: site.opening() for name, site in self.sites.items()}
        return Settings(ledger=self._url, name="", openings=openings, lease=LEASE)

    def rage(self, program: str = HURRIED) -> "Storm":
        """Let the workers work until nothing is open, while things happen to them."""
        plan = [*KILLED, ("", ""), *STOPPED, ("", "")]
        happenings = self._happenings()
        give_up_at = time.monotonic() + LONGEST + self.count / 10
        options = {"asleep": ASLEEP, "seed": self._seed, "command": [program]}
        with Crew(self.settings(), WORKERS, plan, self.folder, **options) as self.crew:
            while left := self.left():
                assert time.monotonic() < give_up_at, f"{left} left of {self.count}"
                self.crew.tend()
                while happenings and happenings[0][0] <= 1 - left / self.count:
                    self._happen(happenings.pop(0)[1])
                self._hurry()
                time.sleep(0.05)
        self.done.update(self.crew.done)
        return self

    def _happenings(self) -> list[tuple[float, Happening]]:
        """Return what happens, each once so much of all is over."""
        few, many = max(2, self.count // 30), max(6, self.count // 10)
        chosen = [*faults * (many // 2), *[kills] * many, *[cancels, moves] * few, stops]
        timed = [(self.chance.uniform(0, 0.7), one) for one in chosen]
        for begins_at in (self.chance.uniform(0, 0.5) for _ in range(few)):
            # Soon: what waits on that account is counted, and the rest may be over.
            timed += [(begins_at, pauses), (begins_at + 0.1, resumes)]
        return sorted(timed, key=lambda one: one[0])

    def _happen(self, happening: Happening) -> None:
        happening(self)
        self.done[happening.__name__] += 1

    def _hurry(self) -> None:
        """Let long waits end soon, as they would by themselves."""
        with self.ledger.write() as connection:
            now = self.ledger.now(connection)
            soon, free = now + timedelta(seconds=LONG), accounts.c.worker.is_(None)
            late = sa.update(accounts).where(free, accounts.c.ready_at > soon)
            connection.execute(late.values(ready_at=soon))
            names = sa.select(accounts.c.name).where(free)
            late = sa.update(deliveries).where(
                deliveries.c.account.in_(names),
                deliveries.c.not_before > soon,
                deliveries.c.planned_for <= now,
                sa.func.coalesce(deliveries.c.why, "") != PAUSED,
            )
            connection.execute(late.values(not_before=soon))

    def left(self) -> int:
        """Count what is not over."""
        begun = deliveries.c.state.in_(["planned", "sending", "unknown"])
        query = sa.select(sa.func.count()).select_from(deliveries).where(begun)
        with self.ledger.read() as connection:
            return connection.scalar(query) or 0

    def close(self) -> None:
        for site in self.sites.values():
            site.network.close()


# --- what happens ------------------------------------------------------------------------------


def _anywhere(storm: Storm) -> Network:
    """Return a network that has something to come, so that what is amiss there is met with."""
    query = sa.select(deliveries.c.account).where(deliveries.c.state == "planned")
    with storm.ledger.read() as connection:
        names = connection.scalars(query.order_by(deliveries.c.planned_for)).all()
    return storm.sites[storm.chance.choice(names or list(storm.sites))].network


def loses_answer(storm: Storm) -> None:
    _anywhere(storm).lose_answer()


def loses_request(storm: Storm) -> None:
    _anywhere(storm).lose_request()


def limits_rate(storm: Storm) -> None:
    _anywhere(storm).limit_rate(1)


def stumbles(storm: Storm) -> None:
    """Answer the next request, whatever it is for, that the server is busy."""
    network = _anywhere(storm)
    if isinstance(network, HttpNetwork):
        network.proxy.add(Fault("refuse", times=1, status=503))
    else:
        network.lose_request()


faults = [loses_answer, loses_request, limits_rate, stumbles]


def kills(storm: Storm) -> None:
    storm.crew.kill_one()


def _planned(storm: Storm) -> list[str]:
    """Return one of what comes next, so that a worker is at it or about to be."""
    query = sa.select(deliveries.c.id).where(deliveries.c.state == "planned")
    with storm.ledger.read() as connection:
        rows = connection.scalars(query.order_by(deliveries.c.planned_for).limit(8)).all()
    return storm.chance.sample(rows, min(1, len(rows)))


def cancels(storm: Storm) -> None:
    for delivery in _planned(storm):
        with suppress(UasocialError), storm.ledger.write() as connection:
            outgoing.change(storm.ledger, connection, delivery, "cancelled", "Ana")


def moves(storm: Storm) -> None:
    for delivery in _planned(storm):
        with suppress(UasocialError), storm.ledger.write() as connection:
            later = storm.ledger.now(connection) + timedelta(seconds=2)
            outgoing.move(storm.ledger, connection, delivery, later, "Ana")
            storm.moved.add(delivery)


def pauses(storm: Storm) -> None:
    stopping.pause(storm.ledger, _pause(storm, storm.done["pauses"]))


def resumes(storm: Storm) -> None:
    stopping.resume(storm.ledger, _pause(storm, storm.done["resumes"]))


def _pause(storm: Storm, times: int) -> Control:
    return Control("pause", "account", f"a{times % len(storm.sites)}", "Ana")


def stops(storm: Storm) -> None:
    control = Control("stop", "action", f"case-{ACTIONS - 1}", "Ana", "released")
    stopping.stop(storm.ledger, control)
