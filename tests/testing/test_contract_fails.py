"""The contract fails for publishers that break it, each at the tests that are about it."""

import os
import subprocess
import sys

import pytest

# Each class breaks one rule; run by pytest as the tests of a package.
BROKEN = '''
"""Publishers of the fake network that do what no publisher may."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from uasocial.model.post import Receipt
from uasocial.platforms import Limits, Platform
from uasocial.platforms.publisher import (
    NotAuthorized, OutcomeUnknown, Rejected, Transient
)
from uasocial.testing.contract import HttpNetwork, PublisherContract, Seen
from uasocial.testing.network import FakeNetwork, Rules
from uasocial.testing.publisher import FAKE, FakePublisher


class Small(HttpNetwork):
    owner = "ours"

    def __init__(self):
        self.fake = FakeNetwork(Rules(keys=False))
        super().__init__(self.fake.url)
        self.settings = {"url": self.url, "promise": "look-up"}
        self.secrets = {"token": self.fake.join("ours")}

    def is_create(self, request):
        return (request.method, request.path) == ("POST", "/posts")

    def seen(self):
        return [Seen(post.id, post.text) for post in self.fake.posts]

    def revoke(self):
        self.fake.leave("ours")

    def close(self):
        super().close()
        self.fake.close()


def breaking(publisher):
    def opened(settings, secrets):
        return publisher(settings["url"], secrets["token"], "look-up")

    class Broken(PublisherContract):
        kind = replace(FAKE, open=opened)
        platform = Platform("mastodon", "Small", Limits(500, "code-points"))

        @pytest.fixture
        def network(self):
            with Small() as network:
                yield network

    return Broken


class Honest(FakePublisher):
    """Breaks nothing."""


class Counts(FakePublisher):
    def create(self, prepared):
        if len(prepared.post.text) > 500:
            raise Rejected("too long")
        return super().create(prepared)


class Cuts(FakePublisher):
    def create(self, prepared):
        post = prepared.post
        text = " ".join(post.text.split())
        return super().create(prepared._replace(post=type(post)(**{
            **{name: getattr(post, name) for name in post.__struct_fields__}, "text": text
        })))


class Insists(FakePublisher):
    def create(self, prepared):
        try:
            return super().create(prepared)
        except OutcomeUnknown:
            return super().create(prepared)


class SeesNothing(FakePublisher):
    def find(self, prepared, since):
        return None


class SeesAnything(FakePublisher):
    def find(self, prepared, since):
        return Receipt("1", "")


class Hurries(FakePublisher):
    def create(self, prepared):
        try:
            return super().create(prepared)
        except Transient as error:
            raise Transient(str(error)) from None


class Shrugs(FakePublisher):
    def create(self, prepared):
        try:
            return super().create(prepared)
        except NotAuthorized as error:
            raise Rejected(str(error)) from None


class Tells(FakePublisher):
    def __repr__(self):
        return f"Tells({self._token})"


class Logs(FakePublisher):
    def check(self):
        logging.getLogger("quiet").debug("asking with %s", self._token)
        return super().check()


class Blames(FakePublisher):
    def check(self):
        try:
            return super().check()
        except NotAuthorized as error:
            raise NotAuthorized("look at the cause") from ValueError(self._token)


class Keeps(FakePublisher):
    def prepare(self, given, media):
        return {"token": self._token}


class Calls(FakePublisher):
    def __init__(self, *given):
        super().__init__(*given)
        self.check()


class Dawdles(FakePublisher):
    def __init__(self, *given):
        super().__init__(*given, timeout=timedelta(minutes=5))


class Stumbles(FakePublisher):
    def delete(self, receipt):
        if self._once("DELETE", f"/posts/{receipt.remote_id}")[0] >= 400:
            raise Rejected("there is no such post")


for one in list(FakePublisher.__subclasses__()):
    globals()[f"Test{one.__name__}"] = type(f"Test{one.__name__}", (breaking(one),), {})
'''

# Which tests see it.
SEEN_BY = {
    "Counts": "one_more_is_refused_by_the_server",
    "Cuts": "survives_as_it_was_written[lines]",
    "Insists": "answer_that_is_lost_makes_no_second_post",
    "SeesNothing": "the_same_post_twice_is_one_post",
    "SeesAnything": "request_that_is_lost_is_made_again",
    "Hurries": "puts_off_for_as_long_as_the_network_asks",
    "Shrugs": "secrets_that_were_revoked",
    "Tells": "no_secret_gets_into",
    "Logs": "no_secret_gets_into",
    "Blames": "no_secret_gets_into",
    "Keeps": "post_goes_out_once",
    "Calls": "opening_asks_nobody",
    "Dawdles": "no_call_takes_longer_than_a_turn",
    "Stumbles": "deleting_again_harms_nothing",
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory) -> list[str]:
    """What fails of all of them, but for the tests that kill processes."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no"]
    chosen = " or ".join({seen.partition("[")[0] for seen in SEEN_BY.values()})
    done = subprocess.run(
        [*command, "-k", chosen],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    lines = done.stdout.splitlines()
    return [line for line in lines if line.startswith(("FAILED", "ERROR"))]


@pytest.mark.parametrize("broken", SEEN_BY)
def test_a_publisher_that_breaks_a_rule_fails_the_test_of_that_rule(failed, broken):
    mine = [line for line in failed if f"::Test{broken}::" in line]
    assert any(SEEN_BY[broken] in line for line in mine), mine


def test_a_publisher_that_breaks_none_fails_none(failed):
    assert [line for line in failed if "::TestHonest::" in line] == []
