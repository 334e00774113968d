"""Publishing through the outbox, against the bare client library on the same server.

    .venv/bin/python benchmarks/publishers.py [--rounds 10] [--posts 20] [--only bluesky …]

Each post is published by both, in turn, by accounts of the same server over connections that are
open already; the servers are processes of their own. Three times are taken of ours: the call that
creates, from that call to the receipt stored, and the whole turn. Of each round the medians are
compared; printed are the least, the median and the greatest of the rounds' ratios.

Bluesky and Nostr have real servers (`npm ci --prefix plugins/uasocial-bluesky/tests/pds`, PyPI
`nostr-relay`), the others the fakes of their packages. Our package for Telegram has no library: it
is compared with one open connection of `http.client`, which is the least that one could do, and
with python-telegram-bot where that is installed.
"""

# ruff: noqa: PLC0415 - only what is measured is imported

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from uasocial.platforms.builtin import PLATFORMS
from uasocial.testing.contract import Desk

TEXT = (
    "Mariam has been held without charge for {number} days. Call on the minister to release her "
    "now! https://example.org/act/{number} #FreeMariam"
)
WARM_UP = 5


class Ways(NamedTuple):
    """An account of ours, and what publishes a text bare, by the name of a library."""

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    bare: Mapping[str, Callable[[str], Any]]


class Spent(NamedTuple):
    """The seconds of a send of ours."""

    call: float
    stored: float
    turn: float


# --- the servers -------------------------------------------------------------------------------


def serve(name: str) -> None:
    """Run a fake in this process until the other one goes away, and say how to get in."""
    # As real servers do: connections stay open, and an answer is not kept back.
    BaseHTTPRequestHandler.protocol_version = "HTTP/1.1"
    BaseHTTPRequestHandler.disable_nagle_algorithm = True
    with closing(FAKES[name]()) as fake:
        print(json.dumps({"url": fake.url, **ENTRANCES[name](fake)}), flush=True)
        sys.stdin.read()


def fake_mastodon() -> Any:
    from uasocial_mastodon.testing.fake import FakeMastodon
    from uasocial_mastodon.testing.rules import MASTODON

    return FakeMastodon(MASTODON._replace(rate=1_000_000))


def enter_mastodon(fake: Any) -> dict[str, Any]:
    for name in ("ours", "bare"):
        fake.join(name)
    return {name: fake.grant(name) for name in ("ours", "bare")}


def fake_x() -> Any:
    from uasocial_x.testing.fake import FakeX

    fake = FakeX()
    fake.left["POST", "tweets"] = 1_000_000
    return fake


def enter_x(fake: Any) -> dict[str, Any]:
    app = fake.access.app
    found = {}
    for name in ("ours", "bare"):
        token, secret = fake.access.allow(fake.join(name, name).id)
        found[name] = {
            "consumer_key": app.consumer_key,
            "consumer_secret": app.consumer_secret,
            "access_token": token,
            "access_token_secret": secret,
        }
    return found


def fake_telegram() -> Any:
    from uasocial_telegram.testing import FakeTelegram

    return FakeTelegram()


def enter_telegram(fake: Any) -> dict[str, Any]:
    return {"token": fake.token}


FAKES = {"mastodon": fake_mastodon, "x": fake_x, "telegram": fake_telegram}
ENTRANCES = {"mastodon": enter_mastodon, "x": enter_x, "telegram": enter_telegram}


@contextmanager
def served(name: str) -> Iterator[dict[str, Any]]:
    command = [sys.executable, __file__, "--serve", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()


# --- the two ways to publish -------------------------------------------------------------------


@contextmanager
def mastodon() -> Iterator[Ways]:
    from mastodon import Mastodon

    with served("mastodon") as at:
        client = Mastodon(api_base_url=at["url"], access_token=at["bare"])
        secrets = {"access_token": at["ours"]}
        yield Ways({"instance": at["url"]}, secrets, {"Mastodon.py": client.status_post})


@contextmanager
def bluesky() -> Iterator[Ways]:
    from atproto import Client, models

    from uasocial_bluesky.testing import Pds

    with Pds() as pds:
        ours, bare = pds.join("ours"), pds.join("bare")
        client = Client(pds.url)
        client.login(bare.handle, pds.app_password(bare), fetch_bsky_profile=False)

        def post(text: str) -> None:
            # `Client.send_post` wants a profile, and this server is one without.
            at = client.get_current_time_iso()
            record = models.AppBskyFeedPost.Record(text=text, created_at=at)
            client.app.bsky.feed.post.create(bare.did, record)

        settings = {"handle": ours.handle, "service": pds.url}
        secrets = {"app_password": pds.app_password(ours)}
        yield Ways(settings, secrets, {"atproto": post})


@contextmanager
def x() -> Iterator[Ways]:
    import tweepy
    from requests.adapters import HTTPAdapter

    class Redirected(HTTPAdapter):
        """Goes to the fake, whatever address tweepy has."""

        def send(self, request, *args, **given):
            request.url = at["url"] + request.path_url
            return super().send(request, *args, **given)

    with served("x") as at:
        client = tweepy.Client(**at["bare"])
        client.session.mount("https://", Redirected())
        yield Ways(
            {"server": at["url"]},
            at["ours"],
            {"tweepy": lambda text: client.create_tweet(text=text)},
        )


@contextmanager
def telegram() -> Iterator[Ways]:
    with ExitStack() as stack:
        at = stack.enter_context(served("telegram"))
        connection = http.client.HTTPConnection(urlsplit(at["url"]).netloc)
        stack.enter_context(closing(connection))

        def by_hand(text: str) -> None:
            body = json.dumps({"chat_id": "@voices", "text": text})
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/bot{at['token']}/sendMessage", body, headers)
            if not json.loads(connection.getresponse().read())["ok"]:
                raise SystemExit("the fake refuses")

        bare = {"http.client": by_hand}
        if find_spec("telegram"):
            bare["python-telegram-bot"] = stack.enter_context(telegram_bot(at))
        yield Ways({"chat": "@voices", "server": at["url"]}, {"bot_token": at["token"]}, bare)


@contextmanager
def telegram_bot(at: Mapping[str, str]) -> Iterator[Callable[[str], Any]]:
    from telegram import Bot

    with asyncio.Runner() as runner:
        bot = Bot(at["token"], base_url=f"{at['url']}/bot")
        runner.run(bot.initialize())
        yield lambda text: runner.run(bot.send_message("@voices", text))
        runner.run(bot.shutdown())


@contextmanager
def nostr() -> Iterator[Ways]:
    import nostr_sdk

    from uasocial_nostr.signing import new_key
    from uasocial_nostr.testing import RelayProcess

    keys = nostr_sdk.Keys.generate()

    async def connected(url: str) -> nostr_sdk.Client:
        client = nostr_sdk.ClientBuilder().build()
        await client.add_relay(nostr_sdk.RelayUrl.parse(url))
        await client.connect()
        return client

    def note(text: str) -> Any:
        return nostr_sdk.EventBuilder(nostr_sdk.Kind(1), text).finalize(keys)

    with (
        tempfile.TemporaryDirectory() as folder,
        RelayProcess(Path(folder)) as relay,
        asyncio.Runner() as runner,
    ):
        client = runner.run(connected(relay.url))

        async def send(text: str) -> None:
            sent = await client.send_event(note(text))
            if sent.failed:
                raise SystemExit(f"the relay refuses: {sent.failed}")

        yield Ways(
            {"relays": relay.url},
            {"nsec": new_key()},
            {"nostr-sdk": lambda text: runner.run(send(text))},
        )
        runner.run(client.shutdown())


NETWORKS = {
    "mastodon": mastodon,
    "bluesky": bluesky,
    "x": x,
    "telegram": telegram,
    "nostr": nostr,
}


# --- the measuring -----------------------------------------------------------------------------


class Outbox:
    """Sends through a ledger of its own."""

    def __init__(self, name: str, ways: Ways, folder: Path) -> None:
        kinds = import_module(f"uasocial_{name}").register_publishers()
        platform = next(one for one in PLATFORMS if one.name == name)
        self._desk = Desk(kinds[0], platform, ways, folder)
        self._at: dict[str, float] = {}
        self._sender = self._desk.sender(observe=self._reached)

    def _reached(self, step: str) -> None:
        self._at[step] = time.perf_counter()

    def send(self, text: str) -> Spent:
        (delivery,) = self._desk.plan(self._desk.post(text))
        turn = timed(self._sender.turn)
        row = self._desk.row(delivery)
        if row.state != "sent":
            raise SystemExit(f"not sent, but {row.state}: {row.why}")
        begun = self._at["marked"]
        return Spent(self._at["answered"] - begun, self._at["recorded"] - begun, turn)

    def close(self) -> None:
        self._desk.close()


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rounds(name: str, ways: Ways, count: int, posts: int) -> Iterator[dict[str, list[Any]]]:
    """Yield the times of each round, by who published."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        outbox = stack.enter_context(closing(Outbox(name, ways, folder)))
        works: list[tuple[str, Callable[[str], Any]]] = [("ours", outbox.send)]
        works += [
            (library, lambda text, call=call: timed(lambda: call(text)))
            for library, call in ways.bare.items()
        ]
        number = 0
        for nth in range(count + 1):
            found: dict[str, list[Any]] = {who: [] for who, _ in works}
            for _ in range(posts if nth else WARM_UP):
                number += 1
                # Whoever comes first may find the machine in another state: they take turns at it.
                works.append(works.pop(0))
                for who, work in works:
                    found[who].append(work(TEXT.format(number=number)))
            if nth:
                yield found


def compare(name: str, count: int, posts: int) -> None:
    with NETWORKS[name]() as ways:
        found = list(rounds(name, ways, count, posts))
    for library in ways.bare:
        bare = [statistics.median(one[library]) for one in found]
        print(f"{name}: {library}, {statistics.median(bare) * 1000:.1f} ms")
        for at, what in enumerate(("the call", "call to receipt stored", "the whole turn")):
            ours = [statistics.median(spent[at] for spent in one["ours"]) for one in found]
            ratios = sorted(mine / its for mine, its in zip(ours, bare, strict=True))
            low, middle, high = ratios[0], statistics.median(ratios), ratios[-1]
            print(
                f"  {what:<24}{statistics.median(ours) * 1000:>7.1f} ms"
                f"{middle:>8.2f} times ({low:.2f} to {high:.2f})"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--posts", type=int, default=20, help="in each round")
    parser.add_argument("--only", nargs="*", choices=NETWORKS, default=NETWORKS)
    parser.add_argument("--serve", choices=FAKES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UASOCIAL_CONFIG"] = folder
        for name in options.only:
            compare(name, options.rounds, options.posts)


if __name__ == "__main__":
    main()
