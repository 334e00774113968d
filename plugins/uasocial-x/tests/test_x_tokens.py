"""A refresh token counts once: it is spent by one process, and its pair is kept at once."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from uasocial.keeping import Keeping
from uasocial.platforms.publisher import NotAuthorized, Prepared, Publisher, Transient
from uasocial.testing.loopback import Answer
from uasocial.testing.opening import Opening, opened
from uasocial.testing.proxy import Fault
from uasocial_x import OAUTH2
from uasocial_x.publisher import X
from uasocial_x.testing import XNetwork, XOAuth2Network
from uasocial_x.tokens import OAuth2

Make = Callable[..., Prepared]
OPEN = """
import sys, msgspec
from uasocial.testing.opening import Opening
publisher = msgspec.json.decode(sys.stdin.buffer.read(), type=Opening).open("ours")
print(publisher.check())
"""
DIE = """
import os, signal, sys, msgspec
from uasocial.keeping import Keeping
from uasocial.testing.opening import Opening

keep = Keeping.keep

def die(self, **values):
    if "access_token" in values:
        os.kill(os.getpid(), signal.SIGKILL)
    keep(self, **values)

Keeping.keep = die
msgspec.json.decode(sys.stdin.buffer.read(), type=Opening).open("ours").check()
"""


def opening(network: XNetwork) -> bytes:
    return msgspec.json.encode(
        Opening(
            at="uasocial_x:OAUTH2",
            kind=OAUTH2.name,
            platform="x",
            settings=dict(network.settings),
            secrets=dict(network.secrets),
        )
    )


def reopened(network: XNetwork) -> Publisher:
    return opened(OAUTH2, network.settings, Keeping("x", "ours", network.secrets))


def started(code: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def age(keeping: Keeping, seconds: int) -> None:
    """Let the token that is kept be older than it is."""
    kept = dict(keeping.kept())
    for name in ("at", "ends"):
        kept[name] = str(int(kept[name]) - seconds)
    keeping.keep(**kept)


def test_processes_that_need_a_token_at_once_renew_it_once(network2: XOAuth2Network) -> None:
    processes = [started(OPEN) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(opening(network2))
        process.stdin.close()
    said = [process.stdout.read().decode() for process in processes if process.stdout]
    for process in processes:
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert said == [f"{network2.owner}\n"] * 4
    assert network2.fake.access.renewals == 1


def test_a_process_that_dies_before_the_pair_is_kept_loses_it_and_the_next_one_says_so(
    network2: XOAuth2Network,
) -> None:
    """Nothing can bring it back: X has spent the old token, and nobody has the new one."""
    with started(DIE) as process:
        process.communicate(opening(network2))
    assert process.returncode == -signal.SIGKILL
    assert network2.fake.access.renewals == 1
    with pytest.raises(NotAuthorized) as error:
        reopened(network2).check()
    assert "was lost on its way: `uasocial accounts authorize`" in str(error.value)


def test_the_account_works_again_once_it_is_authorized_anew(network2: XOAuth2Network) -> None:
    with started(DIE) as process:
        process.communicate(opening(network2))
    network2.begin_anew()
    assert reopened(network2).check() == network2.owner


def test_the_pair_is_on_the_disk_before_it_is_used(
    network2: XOAuth2Network,
) -> None:
    kept: list[bool] = []
    keeping = Keeping("x", "ours", network2.secrets)
    network2.on_call(2, lambda: kept.append("access_token" in keeping.kept()))
    opened(OAUTH2, network2.settings, Keeping("x", "ours", network2.secrets)).check()
    assert kept == [True]


def test_a_disk_that_cannot_be_written_shows_before_the_token_is_spent(
    network2: XOAuth2Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("uasocial.keeping.os.fsync", full)
    with pytest.raises(NotAuthorized, match="No space left"):
        reopened(network2).check()
    assert network2.fake.access.renewals == 0
    monkeypatch.undo()


def test_a_token_is_renewed_when_its_end_is_near_and_not_before(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping]
) -> None:
    publisher, keeping = ours2
    publisher.check()
    age(keeping, 6500)
    publisher.check()
    assert network2.fake.access.renewals == 1
    age(keeping, 200)
    publisher.check()
    publisher.check()
    assert network2.fake.access.renewals == 2


def test_a_post_is_made_ready_with_a_token_that_outlasts_it_and_made_without_a_renewal(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping], prepared: Make
) -> None:
    publisher, keeping = ours2
    made = prepared("Open the gate")
    made = made._replace(data=publisher.prepare(made, lambda _: b""))
    assert network2.fake.calls == [("POST", "2/oauth2/token")]
    publisher.create(made)
    age(keeping, 7300)
    with pytest.raises(Transient, match="renewed first"):
        publisher.create(prepared("Open it now"))
    assert network2.fake.access.renewals == 1


def test_a_token_that_ends_early_is_renewed_and_the_post_goes_out_the_next_time(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping], prepared: Make
) -> None:
    publisher, keeping = ours2
    made = prepared("Open the gate")
    publisher.prepare(made, lambda _: b"")
    age(keeping, 3600)
    network2.fake.access.bearers.clear()
    with pytest.raises(Transient, match="it is renewed"):
        publisher.create(made)
    publisher.prepare(made, lambda _: b"")
    publisher.create(made)
    assert network2.fake.texts() == ["Open the gate"]


def test_access_that_was_taken_back_is_not_asked_for_again_and_again(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping], prepared: Make
) -> None:
    publisher, keeping = ours2
    made = prepared("Open the gate")
    publisher.prepare(made, lambda _: b"")
    age(keeping, 3600)
    network2.revoke()
    with pytest.raises(Transient):
        publisher.create(made)
    with pytest.raises(NotAuthorized, match=r"taken back.*uasocial accounts authorize"):
        publisher.prepare(made, lambda _: b"")


def test_a_renewal_that_never_reached_x_has_spent_nothing(
    network2: XOAuth2Network,
) -> None:
    keeping = Keeping("x", "ours", network2.secrets)
    nowhere = OAUTH2.open({**network2.settings, "server": "http://127.0.0.1:1"}, keeping)
    with pytest.raises(Transient, match="cannot be reached"):
        nowhere.check()
    assert dict(keeping.kept()) == {}
    assert reopened(network2).check() == network2.owner


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), Answer(503), Answer(429), Answer(400)])
def test_a_renewal_that_is_not_answered_by_x_is_tried_again(
    network2: XOAuth2Network, answer: Answer
) -> None:
    network2.fake.instead = answer
    with pytest.raises(Transient):
        reopened(network2).check()
    network2.fake.instead = None
    assert reopened(network2).check() == network2.owner


def test_an_answer_that_is_lost_costs_the_account_and_says_so(network2: XOAuth2Network) -> None:
    network2.proxy.add(Fault("drop", times=1))
    with pytest.raises(Transient):
        reopened(network2).check()
    with pytest.raises(NotAuthorized, match="lost on its way"):
        reopened(network2).check()


def test_an_app_with_a_secret_is_told_to_be_a_public_one(network2: XOAuth2Network) -> None:
    keeping = Keeping("x", "ours", network2.secrets)
    publisher = opened(OAUTH2, {**network2.settings, "client_id": "another"}, keeping)
    with pytest.raises(NotAuthorized, match="Native App"):
        publisher.check()


def test_whose_account_it_is_is_asked_once_for_all_look_ups(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping], prepared: Make
) -> None:
    """Each such call costs something."""
    from datetime import UTC, datetime  # noqa: PLC0415

    for _ in range(2):
        assert ours2[0].find(prepared("Open the gate"), datetime.now(UTC)) is None
    assert reopened(network2).find(prepared("Open the gate"), datetime.now(UTC)) is None
    assert network2.fake.calls.count(("GET", "2/users/me")) == 1


def test_a_token_kept_by_another_hand_is_not_trusted_for_its_dates(
    network2: XOAuth2Network, ours2: tuple[Publisher, Keeping]
) -> None:
    publisher, keeping = ours2
    keeping.keep(access_token="stale-and-odd", ends="soon", at="-1")
    assert publisher.check() == network2.owner


def test_nothing_is_asked_for_the_end_of_a_token(ours2: tuple[Publisher, Keeping]) -> None:
    """It is renewed by itself for as long as it is used."""
    assert ours2[0].ends_at() is None


def test_a_slow_token_endpoint_does_not_hold_a_worker(
    network2: XOAuth2Network,
) -> None:
    keeping = Keeping("x", "ours", network2.secrets)
    limits = (1.0, 0.2)
    login = OAuth2(network2.settings["client_id"], keeping, network2.url, limits)
    publisher = X(login, keeping, network2.url, limits)
    network2.proxy.add(Fault("delay", times=1, seconds=0.6))
    begun = time.monotonic()
    with pytest.raises(Transient, match="no answer in time"):
        publisher.check()
    assert time.monotonic() - begun < 0.5


def test_what_is_kept_can_be_read_by_its_owner_alone(
    ours2: tuple[Publisher, Keeping], tmp_path: Path
) -> None:
    ours2[0].check()
    (file,) = (tmp_path / "config" / "kept").glob("*.json")
    assert json.loads(file.read_bytes())
    assert file.stat().st_mode & 0o077 == 0
