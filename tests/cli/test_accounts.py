"""`uasocial accounts`: lists, adds and checks accounts, and shows no secret."""

import io
import json
import sys
from datetime import UTC, datetime, timedelta

import keyring
import pytest
import sqlalchemy as sa
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from uasocial import accounts
from uasocial.outbox import tables
from uasocial.plugins import trust

SECRET = "s3cr3t-of-the-wire"
WIRE = """\
from uasocial.platforms.publisher import Publisher, PublisherKind, Rejected
from uasocial.plugins import hookimpl

class Wire(Publisher):
    promise = "key"

    def __init__(self, settings, secrets):
        self.token = secrets["token"]

    def create(self, prepared):
        raise NotImplementedError

    def check(self):
        if self.token == "wrong-token":
            raise Rejected(f"401: the token {self.token} is not known")
        return "@samar@social.example"

@hookimpl
def register_publishers():
    return [PublisherKind("wire", "threads", Wire, ("server",), ("token",))]
"""
SETTINGS = """\
[accounts.berlin]
platform = "threads"
language = "de"
gap = "10m"
settings = { server = "social.example" }

[accounts.lima]
platform = "line"
language = "es"
mode = "by hand"
"""


class InMemory(KeyringBackend):
    """A keyring that keeps what it is given until the test ends."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def ring(monkeypatch):
    backend = InMemory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run `uasocial accounts` on a project with a plugin that publishes."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    folder = cases.root / "plugins"
    folder.mkdir()
    (folder / "wire.py").write_text(WIRE, encoding="utf-8")
    trust.trust(folder / "wire.py")
    cases.settings(SETTINGS)

    def run(*args, given=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        ended = command("--project", str(cases.root), "accounts", *args)
        assert SECRET not in ended.out + ended.err
        assert "Traceback" not in ended.err
        return ended

    return run


def listed(run):
    return {one["name"]: one for one in json.loads(run("list", "--json").out)["accounts"]}


def test_list_tells_which_secrets_are_there_and_never_what_they_are(run, ring, monkeypatch):
    assert listed(run)["berlin"]["secrets"] == {"token": "missing"}
    ring.set_password("uasocial", "berlin/token", SECRET)
    assert listed(run)["berlin"]["secrets"] == {"token": "keyring"}
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    assert listed(run)["berlin"]["secrets"] == {"token": "environment"}
    lines = run("list").out.splitlines()
    assert lines[0].split()[:3] == ["berlin", "threads", "(wire)"]
    assert "gap 600 s, token: environment" in lines[0]
    assert lines[1].split() == ["lima", "line", "by", "hand", "es"]


def test_list_tells_what_is_wrong_with_an_account_and_lists_the_others(run, cases):
    cases.settings(SETTINGS.replace('"threads"', '"tumblr"'))
    found = listed(run)
    assert "publishes on tumblr" in found["berlin"]["fault"]
    assert found["lima"]["fault"] == ""


def test_list_names_an_account_that_only_the_ledger_knows(run, cases):
    ledger = accounts.ledger_of(cases.kit())
    accounts.sync(cases.kit(), ledger)
    ledger.close()
    cases.settings(SETTINGS.partition("[accounts.lima]")[0])
    assert "no more in uasocial.toml: nothing is sent" in listed(run)["lima"]["fault"]


def test_list_and_doctor_tell_when_a_token_ends(run, cases, command):
    ledger = accounts.ledger_of(cases.kit())
    accounts.sync(cases.kit(), ledger)
    ends_at = datetime.now(UTC) + timedelta(days=3)
    with ledger.write() as connection:
        connection.execute(sa.update(tables.accounts).values(token_ends_at=ends_at))
    ledger.close()
    assert datetime.fromisoformat(listed(run)["berlin"]["ends_at"]) == ends_at
    assert "token ends 20" in run("list").out
    found = command("--project", str(cases.root), "doctor").out
    assert f"the token of berlin ends at {ends_at:%Y-%m-%d}" in found
    assert "uasocial accounts authorize berlin" in found


def test_list_without_an_account_says_how_to_add_one(run, cases):
    cases.settings("")
    assert "uasocial accounts add NAME" in run("list").out
    assert not (cases.root / "ledger.db").exists()


def test_add_keeps_the_secret_where_check_finds_it(run, ring):
    ended = run("add", "berlin", given=f"{SECRET}\n")
    assert (ended.status, ended.out) == (0, "The token of berlin is in the keyring.\n")
    assert ring.kept == {("uasocial", "berlin/token"): SECRET}
    checked = run("check", "berlin")
    assert (checked.status, checked.out) == (0, "ok    berlin: @samar@social.example\n")


def test_add_keeps_what_is_there_for_an_empty_answer(run, ring):
    ring.set_password("uasocial", "berlin/token", SECRET)
    assert run("add", "berlin", given="\n").status == 0
    assert ring.kept == {("uasocial", "berlin/token"): SECRET}


def test_add_without_a_secret_keeps_nothing(run, ring):
    ended = run("add", "berlin", given="")
    assert (ended.status, ended.err) == (1, "berlin: its token was not given: nothing is kept\n")
    assert ring.kept == {}


def test_add_of_a_new_account_says_what_to_write(run, cases):
    ended = run("add", "bern", "-p", "threads", "-l", "fr", given=f"{SECRET}\n")
    assert ended.status == 0
    _, lines, told = ended.out.split("\n\n")
    assert lines == (
        '[accounts.bern]\nplatform = "threads"\nlanguage = "fr"\nkind = "wire"\n'
        'settings = { server = "…" }'
    )
    assert told == "The token of bern is in the keyring.\n"
    cases.settings(SETTINGS + lines.replace("…", "social.example"))
    assert run("check", "bern").status == 0


def test_add_of_a_new_account_says_what_to_write_without_a_keyring_too(run, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    ended = run("add", "bern", "-p", "threads", "-l", "fr", given=f"{SECRET}\n")
    assert ended.status == 1
    assert "[accounts.bern]\n" in ended.out
    assert "set UASOCIAL_BERN_TOKEN in the environment instead" in ended.err


def test_add_of_a_new_account_that_is_authorized_names_the_way_and_asks_nothing(run, cases, ring):
    plugin = cases.root / "plugins" / "wire.py"
    authorized = '("token",), authorize=lambda settings, dialogue: {}'
    plugin.write_text(WIRE.replace('("token",)', authorized), encoding="utf-8")
    trust.trust(plugin)
    ended = run("add", "bern", "-p", "threads", "-l", "fr")
    assert (ended.status, ended.err) == (0, "")
    assert "[accounts.bern]\n" in ended.out
    assert ended.out.splitlines()[-1].startswith("Then `uasocial accounts authorize bern`")
    assert ring.kept == {}


def test_add_by_hand_asks_for_nothing(run, ring):
    ended = run("add", "bern", "-p", "line", "-l", "fr", "--by-hand")
    assert ended.status == 0
    assert 'mode = "by hand"' in ended.out
    assert ring.kept == {}


WRONG = {
    ("add", "bern"): (2, "'bern' is new: name its --platform"),
    ("add", "Bern", "-p", "line", "-l", "fr"): (1, "its name must be of small letters"),
    ("add", "bern", "-p", "line", "-l", "french"): (1, "its language must be a BCP 47 tag"),
    ("add", "bern", "-p", "threds", "-l", "fr"): (1, "did you mean 'threads'?"),
    ("add", "bern", "-p", "line", "-l", "fr"): (1, "nothing that is installed publishes on line"),
    ("add", "berlin", "-l", "fr"): (1, "change it there"),
    ("check", "berln"): (1, "no account 'berln'; did you mean 'berlin'?"),
}


@pytest.mark.parametrize("args", WRONG, ids=" ".join)
def test_what_is_wrong_is_told_in_a_line(run, args):
    status, sentence = WRONG[args]
    ended = run(*args)
    assert ended.status == status
    assert sentence in ended.err
    assert ended.out == ""


def test_add_without_a_keyring_names_the_variable_and_asks_nothing(run, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    ended = run("add", "berlin", given=f"{SECRET}\n")
    assert ended.status == 1
    assert ended.err == (
        "this machine has no keyring: set UASOCIAL_BERLIN_TOKEN in the environment instead\n"
    )


def test_check_tells_each_account_in_a_line_and_fails_where_one_does(run, monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", "wrong-token")
    ended = run("check")
    assert ended.status == 1
    assert ended.out == (
        "wrong berlin: 401: the token *** is not known\n"
        "ok    lima: by hand: a person publishes, nothing is opened\n"
    )
    shown = json.loads(run("check", "--json").out)["accounts"]
    assert [one["ok"] for one in shown] == [False, True]


def test_check_without_an_account_says_so(run, cases):
    cases.settings("")
    ended = run("check")
    assert (ended.status, ended.out) == (0, run("list").out)
    assert "There is no account" in ended.out
    assert json.loads(run("check", "--json").out)["accounts"] == []


def test_check_of_a_missing_secret_says_how_to_give_it(run):
    ended = run("check", "berlin")
    assert ended.status == 1
    assert "set UASOCIAL_BERLIN_TOKEN, or keep it in the keyring with" in ended.out


@pytest.mark.usefixtures("run")
def test_a_process_of_its_own_reads_its_environment_and_logs_no_secret(cases, uasocial):
    ended = uasocial(
        "--project",
        str(cases.root),
        "accounts",
        "check",
        UASOCIAL_CONFIG=str(cases.root / "config"),
        UASOCIAL_BERLIN_TOKEN=SECRET,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
    )
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("ok    berlin: @samar@social.example\n")
    assert SECRET not in ended.out


def test_a_clash_of_publishers_is_listed_among_the_plugins(run, cases, command):
    plugin = cases.root / "plugins" / "wire.py"
    plugin.write_text(WIRE.replace('"wire"', '"console"'), encoding="utf-8")
    trust.trust(plugin)
    assert "publishes on threads" in run("check").out
    listed = json.loads(command("--project", str(cases.root), "plugins", "--json").out)
    (error,) = [one["error"] for one in listed["plugins"] if one["name"] == "wire"]
    assert error == "the publisher 'console' is there already: give it another name"
