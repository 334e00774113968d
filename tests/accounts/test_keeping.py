"""What a publisher keeps: found by its own secrets alone, renewed by one at a time, never shown."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from uasocial import keeping
from uasocial.keeping import Keeping
from uasocial.platforms.discreet import Discreet
from uasocial.platforms.publisher import NotAuthorized, Publisher, Transient

GIVEN = {"token": "s3cr3t-of-the-wire"}
RENEWED = "r3n3w3d-by-the-server"
SESSION = (
    "samar.example:::eyJhbGciOiJFUzI1NksifQ.first-of-two-tokens:::eyJ0eXAiOiJyIn0.second-of-them"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "kept"


def ours(**given: str) -> Keeping:
    return Keeping("mastodon", "berlin", given or GIVEN)


def elsewhere(code: str) -> subprocess.Popen:
    """Begin a process of its own that has *ours*, and says `in` once it is where it should be."""
    begin = (
        "import sys, time; from uasocial.keeping import Keeping;"
        f"ours = Keeping('mastodon', 'berlin', {GIVEN!r});"
    )
    return subprocess.Popen(
        [sys.executable, "-c", begin + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_what_is_kept_is_there_for_whoever_has_the_same_secrets():
    assert dict(ours().kept()) == {}
    ours().keep(access=RENEWED, until="2026-02-01")
    assert dict(ours().kept()) == {"access": RENEWED, "until": "2026-02-01"}
    assert dict(ours()) == GIVEN


def test_what_is_kept_takes_the_place_of_what_was():
    one = ours()
    one.keep(access="first", refresh="first too")
    one.keep(access="second")
    assert dict(one.kept()) == {"access": "second"}


def test_another_process_is_seen_at_once():
    one = ours()
    one.keep(access="of this one")
    with elsewhere("ours.keep(access='of that one')"):
        pass
    assert dict(one.kept()) == {"access": "of that one"}


def test_other_secrets_find_nothing_and_harm_nothing():
    """Two projects may each have an account `berlin`: what one renews is not the other's."""
    ours().keep(access=RENEWED)
    assert dict(ours(token="another").kept()) == {}
    ours(token="another").keep(access="of another")
    assert dict(ours().kept()) == {"access": RENEWED}
    assert dict(ours(token="another").kept()) == {"access": "of another"}


@pytest.mark.parametrize(("platform", "account"), [("x", "berlin"), ("mastodon", "bern")])
def test_another_account_with_the_same_secrets_finds_nothing(platform, account):
    ours().keep(access=RENEWED)
    assert dict(Keeping(platform, account, GIVEN).kept()) == {}


def test_what_is_forgotten_is_gone_and_the_rest_stays():
    ours().keep(access=RENEWED)
    ours(token="another").keep(access="of another")
    ours().forget()
    assert dict(ours().kept()) == {}
    assert dict(ours(token="another").kept()) == {"access": "of another"}
    Keeping("x", "nobody", {}).forget()


def test_only_so_many_secrets_of_one_name_keep_something(folder):
    for number in range(keeping.MOST + 1):
        ours(token=f"number {number}").keep(access="a")
    assert dict(ours(token="number 0").kept()) == {}
    assert dict(ours(token="number 1").kept()) == {"access": "a"}
    assert len(json.loads((folder / "berlin@mastodon.json").read_bytes())) == keeping.MOST


@pytest.mark.skipif(os.name != "posix", reason="the rights of files are otherwise here")
def test_nobody_else_may_read_it(folder):
    folder.mkdir(parents=True, mode=0o755)
    ours().keep(access=RENEWED)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert files == {"berlin@mastodon.json": 0o600, "berlin@mastodon.lock": 0o600}


def test_the_file_does_not_hold_the_secrets_it_belongs_to(folder):
    ours().keep(access=RENEWED)
    written = (folder / "berlin@mastodon.json").read_text()
    assert GIVEN["token"] not in written
    assert RENEWED in written


def test_to_look_makes_nothing(folder):
    assert dict(ours().kept()) == {}
    ours().forget()
    assert not folder.exists()


def test_half_of_a_file_is_never_read(folder):
    """A process that dies while it writes leaves what was there."""
    ours().keep(access=RENEWED)
    (folder / "berlin@mastodon.new").write_text('[{"salt"')
    assert dict(ours().kept()) == {"access": RENEWED}
    ours().keep(access="next")
    assert dict(ours().kept()) == {"access": "next"}


# --- one at a time -------------------------------------------------------------------------------


def test_renewed_by_many_at_once_none_is_lost():
    """Each makes the next of what it finds, as a token that is good for one renewal demands."""
    ours().keep(number="0")
    counting = """
for _ in range(5):
    with ours.alone():
        ours.keep(number=str(int(ours.kept()["number"]) + 1))
"""
    for process in [elsewhere(f"exec({counting!r})") for _ in range(4)]:
        with process:
            pass
        assert process.returncode == 0
    assert dict(ours().kept()) == {"number": "20"}


def test_who_waits_too_long_is_told_and_the_token_of_a_killed_process_is_free(monkeypatch):
    holding = "\nwith ours.alone():\n  print('in', flush=True)\n  sys.stdin.read()"
    with elsewhere(f"exec({holding!r})") as process:
        assert process.stdout.readline() == b"in\n"
        monkeypatch.setattr(keeping, "PATIENCE", 0.1)
        with pytest.raises(Transient, match="somebody else on this machine"), ours().alone():
            pass
        with pytest.raises(Transient):
            ours().keep(access=RENEWED)
        process.kill()
        process.wait()
    ours().keep(access=RENEWED)
    assert dict(ours().kept()) == {"access": RENEWED}


def test_a_thread_does_not_wait_for_itself():
    one, same = ours(), ours()
    with one.alone(), one.alone(), same.alone():
        same.keep(access=RENEWED)
    assert dict(one.kept()) == {"access": RENEWED}


def test_another_thread_waits():
    inside, done = Event(), []

    def hold():
        with ours().alone():
            inside.set()
            ours().keep(access="first")
            done.append("first")

    def wait():
        inside.wait(10)
        with ours().alone():
            done.append(ours().kept()["access"])

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(hold), pool.submit(wait)]:
            future.result(20)
    assert done == ["first", "first"]


# --- nothing shows it ----------------------------------------------------------------------------


class Quoting(Publisher):
    """Quotes in an error whatever it is told to."""

    promise = "neither"

    def __init__(self, said: str) -> None:
        self.said = said

    def create(self, prepared):
        raise NotImplementedError

    def check(self):
        raise NotAuthorized(f"401 for {self.said} of social.example")


def told(one: Keeping, said: str) -> str:
    with pytest.raises(NotAuthorized) as error:
        Discreet(Quoting(said), one.hidden).check()
    return str(error.value)


def test_no_repr_shows_a_value():
    one = ours()
    one.keep(access=RENEWED)
    shown = f"{one!r} {one} {one.kept()!r} {one.kept()} {one.hidden!r} {one._entries()!r}"
    assert shown.count("<") == 6
    assert RENEWED not in shown
    assert GIVEN["token"] not in shown
    with pytest.raises(KeyError) as error:
        one["tokn"]
    assert GIVEN["token"] not in repr(error.value)


@pytest.mark.parametrize("said", [GIVEN["token"], RENEWED, "of-that-other-process"])
def test_no_error_says_what_was_given_or_kept_by_whomever(said):
    one = ours()
    one.keep(access=RENEWED)
    one.keep(access="the-next-token")
    with elsewhere("ours.keep(access='of-that-other-process')"):
        pass
    assert told(one, said) == "401 for *** of social.example"


def test_no_error_says_one_of_the_tokens_of_a_session():
    one = ours()
    one.keep(session=SESSION)
    for token in SESSION.split(":::")[1:]:
        assert told(one, token) == "401 for *** of social.example"
    assert told(one, SESSION) == "401 for *** of social.example"


def test_a_number_that_is_kept_is_no_secret():
    one = ours()
    one.keep(version="4", state="401")
    assert told(one, "4") == "401 for 4 of social.example"


# --- what goes wrong -----------------------------------------------------------------------------

DAMAGED = {
    "empty": b"",
    "half": b'[{"salt": "a", "mark": "r3n3w3d',
    "another form": b'{"access": "r3n3w3d"}',
    "wrong kinds": b'[{"salt": 1, "mark": 2, "values": {"access": "r3n3w3d"}}]',
    "no text": b"\xff\xfe\x00",
    "endless": b"[" * 2_000_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_and_nothing_of_it(folder, name):
    """Not taken for empty: the token before it may be good for nothing any more."""
    folder.mkdir(parents=True)
    (folder / "berlin@mastodon.json").write_bytes(DAMAGED[name])
    one = ours()
    for call in (one.kept, lambda: one.keep(access=RENEWED), one.forget):
        with pytest.raises(NotAuthorized, match=r"berlin@mastodon\.json is damaged") as error:
            call()
        assert "r3n3w3d" not in str(error.value)
        assert "uasocial accounts" in str(error.value)
        assert len(str(error.value).splitlines()) == 1
    assert GIVEN["token"] in list(one.hidden)


def test_a_place_that_cannot_be_written_is_told(folder):
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(NotAuthorized, match="cannot be"):
        ours().keep(access=RENEWED)


def test_a_full_disk_is_told(monkeypatch):
    ours().keep(access=RENEWED)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotAuthorized, match="cannot be written: No space left"):
        ours().keep(access="next")
    assert dict(ours().kept()) == {"access": RENEWED}


def test_what_no_token_takes_is_refused():
    with pytest.raises(NotAuthorized, match=r"bytes, which no token takes"):
        ours().keep(access="a" * keeping.MAX_BYTES)
    assert dict(ours().kept()) == {}
