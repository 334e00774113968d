"""`uasocial accounts authorize`: once, its secrets kept where they are safe, and shown nowhere."""

import io
import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from uasocial.cli.terminal import Terminal
from uasocial.keeping import Keeping
from uasocial.plugins import trust

CODE, TOKEN, OTHER = "s3cr3t-code-of-the-page", "s3cr3t-token-they-gave", "s3cr3t-of-before"
WIRE = """\
from uasocial.errors import UasocialError
from uasocial.platforms.publisher import (
    NotAuthorized, Publisher, PublisherKind, Rejected, ServerLimits,
)
from uasocial.plugins import hookimpl

class Wire(Publisher):
    promise = "key"

    def __init__(self, settings, secrets):
        self.settings, self.secrets = settings, secrets

    def create(self, prepared):
        raise NotImplementedError

    def check(self):
        if self.settings["server"] == "strict.example":
            raise NotAuthorized(f"401: {self.secrets['token']} is not known here")
        self.secrets.keep(session="a session of " + self.secrets["token"])
        return "@samar@social.example"

    def limits(self):
        if self.settings["server"] == "silent.example":
            raise Rejected(f"no answer for {self.secrets['token']}")
        return ServerLimits(server=self.settings["server"], length=5000)

def authorize(settings, dialogue):
    dialogue.show(f"Open https://{settings['server']}/authorize \\x1b[31m")
    code = dialogue.ask("The code that it shows", secret=True)
    kind = dialogue.ask("Which of them")
    if kind == "wrong":
        raise UasocialError(f"400: the code {code} is not known")
    if kind == "odd":
        raise KeyError("s3cr3t-token-they-gave")
    if kind == "interrupted":
        raise KeyboardInterrupt
    return {
        "none": None,
        "empty": {},
        "number": {"token": 3, "key": "k"},
        "broken": {"token": "s3cr3t-\\n-of-two-lines", "key": "k"},
        "another": {"token": "s3cr3t-token-they-gave", "key": "k", "extra": "s3cr3t-too"},
        "right": {"token": "s3cr3t-token-they-gave", "key": "it's a key"},
    }[kind]

@hookimpl
def register_publishers():
    wire = PublisherKind(
        "wire", "threads", Wire, ("server",), ("token", "key"), ("colour",), authorize=authorize
    )
    plain = PublisherKind("plain", "line", Wire, ("server",), ("token",))
    return [wire, plain]
"""
SETTINGS = """\
[accounts.berlin]
platform = "threads"
language = "de"
settings = { server = "social.example" }

[accounts.bern]
platform = "line"
language = "fr"
settings = { server = "social.example" }

[accounts.lima]
platform = "x"
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
    """Run `uasocial accounts`; what is secret is shown by nothing that it says."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    (cases.root / "plugins").mkdir()
    (cases.root / "plugins" / "wire.py").write_text(WIRE, encoding="utf-8")
    trust.trust(cases.root / "plugins" / "wire.py")
    cases.settings(SETTINGS)

    def run(*args, given=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        ended = command("--project", str(cases.root), "accounts", *args)
        assert "s3cr3t" not in ended.out + ended.err
        assert "Traceback" not in ended.err
        return ended

    return run


def answers(kind: str) -> str:
    return f"{CODE}\n{kind}\n"


def test_what_the_network_gives_is_in_the_keyring_and_opens_the_account(run, ring, cases):
    ended = run("authorize", "berlin", given=answers("right"))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == (
        "Open https://social.example/authorize \\x1b[31m\n"
        "The token of berlin is in the keyring.\n"
        "The key of berlin is in the keyring.\n"
        "ok    berlin: @samar@social.example\n"
        "      social.example takes 5,000 characters\n"
    )
    assert ring.kept == {
        ("uasocial", "berlin/token"): TOKEN,
        ("uasocial", "berlin/key"): "it's a key",
    }
    assert (cases.root / "limits.json").exists()


def test_to_authorize_anew_takes_away_what_was_kept_of_the_secrets_before(run, ring):
    before = {"token": OTHER, "key": "k"}
    for name, value in before.items():
        ring.set_password("uasocial", f"berlin/{name}", value)
    Keeping("threads", "berlin", before).keep(session=OTHER)
    assert run("authorize", "berlin", given=answers("right")).status == 0
    assert dict(Keeping("threads", "berlin", before).kept()) == {}


def test_the_same_secrets_again_lose_no_renewed_token(run, ring):
    """The one they were made from may be good for nothing any more."""
    same = {"token": OTHER, "key": "k"}
    for name, value in same.items():
        ring.set_password("uasocial", f"berlin/{name}", value)
    Keeping("threads", "berlin", same).keep(session="renewed")
    assert run("add", "berlin", given=f"{OTHER}\nk\n").status == 0
    assert dict(Keeping("threads", "berlin", same).kept()) == {"session": "renewed"}


def test_list_names_what_is_kept_and_what_a_kind_can_do(run):
    run("authorize", "berlin", given=answers("right"))
    ended = run("list", "--json")
    assert '"kept": [\n        "session"' in ended.out
    assert '"can": [\n        "authorize"' in ended.out
    assert "keeps session" in run("list").out


def test_into_writes_a_file_that_only_its_owner_may_read(run, ring, tmp_path, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    file = tmp_path / "berlin.env"
    ended = run("authorize", "berlin", "--into", str(file), given=answers("right"))
    assert (ended.status, ended.err) == (0, "")
    assert "ok    berlin: @samar@social.example" in ended.out
    assert (
        file.read_text()
        == f"UASOCIAL_BERLIN_TOKEN={TOKEN}\nUASOCIAL_BERLIN_KEY='it'\"'\"'s a key'\n"
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ring.kept == {}


FAILING = {
    "wrong": "400: the code *** is not known",
    "odd": "berlin: wire has failed: KeyError: nothing is kept",
    "none": "berlin: wire gave no secrets: nothing is kept",
    "empty": "berlin: wire gave no token: nothing is kept",
    "number": "berlin: wire gave no token: nothing is kept",
    "broken": "berlin: wire gave a token with a line break or another hidden character",
    "another": "berlin: wire gave 'extra', which is none of its secrets: nothing is kept",
    "interrupted": "Aborted!",
}


@pytest.mark.parametrize("into", [False, True])
@pytest.mark.parametrize("kind", FAILING)
def test_what_fails_is_told_in_a_line_and_leaves_nothing(run, ring, tmp_path, kind, into):
    file = tmp_path / "berlin.env"
    ended = run(
        "authorize", "berlin", *(["--into", str(file)] if into else []), given=answers(kind)
    )
    assert ended.status == 1
    assert FAILING[kind] in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert ring.kept == {}
    assert not file.exists()


def test_no_answer_at_all_is_no_code(run, ring):
    ended = run("authorize", "berlin", given="")
    assert ended.status == 1
    assert "there was no answer: nothing is kept" in ended.err
    assert ring.kept == {}


def test_an_account_that_does_not_open_with_them_is_told(run, cases, ring):
    cases.settings(SETTINGS.replace("social.example", "strict.example", 1))
    ended = run("authorize", "berlin", given=answers("right"))
    assert ended.status == 1
    assert "wrong berlin: 401: *** is not known here" in ended.out
    assert ring.kept[("uasocial", "berlin/token")] == TOKEN


def test_a_server_that_does_not_say_what_it_takes_is_told_and_all_is_well(run, cases):
    cases.settings(SETTINGS.replace("social.example", "silent.example", 1))
    ended = run("authorize", "berlin", given=answers("right"))
    assert ended.status == 0
    assert "      what its server takes is not known: no answer for ***" in ended.out


BEFOREHAND = {
    "lima": "lima: is published by hand, and needs no authorization",
    "bern": "bern: plain has no authorization of its own: give its secrets with `uasocial accounts",
    "berln": "did you mean 'berlin'?",
}


@pytest.mark.parametrize("name", BEFOREHAND)
def test_where_there_is_no_authorization_it_is_said_at_once(run, name):
    ended = run("authorize", name, given="")
    assert (ended.status, ended.out) == (1, "")
    assert BEFOREHAND[name] in ended.err


def test_without_a_place_for_the_secrets_no_code_is_spent(run, monkeypatch, tmp_path, cases):
    with monkeypatch.context() as patch:
        patch.setattr(keyring.core, "_keyring_backend", NoKeyring())
        ended = run("authorize", "berlin", given=answers("right"))
        assert ended.out == ""
        assert ended.err == "this machine has no keyring: name a file with --into\n"
    with monkeypatch.context() as patch:
        patch.setenv("UASOCIAL_BERLIN_TOKEN", OTHER)
        ended = run("authorize", "berlin", given=answers("right"))
        assert "UASOCIAL_BERLIN_TOKEN in the environment would go before" in ended.err
    taken = tmp_path / "taken"
    taken.write_text("mine")
    places = {
        str(taken): "File exists",
        str(tmp_path / "no" / "where"): "No such file",
        str(cases.root / "berlin.env"): "is in the project",
    }
    for place, sentence in places.items():
        ended = run("authorize", "berlin", "--into", place, given=answers("right"))
        assert (ended.status, ended.out) == (1, "")
        assert sentence in ended.err
    assert taken.read_text() == "mine"


def test_add_of_a_new_account_names_what_it_may_have(run):
    ended = run("add", "genf", "-p", "threads", "-l", "fr", given="a\nb\n")
    assert 'settings = { server = "…" }\n# It may have: colour\n\n' in ended.out


def test_an_optional_setting_may_be_given_and_another_may_not(run, cases):
    with_colour = 'server = "social.example", colour = "red"'
    cases.settings(SETTINGS.replace('server = "social.example"', with_colour, 1))
    assert "missing" in run("check", "berlin").out
    cases.settings(
        SETTINGS.replace('server = "social.example"', with_colour.replace("our", "or"), 1)
    )
    assert "did you mean 'colour'?" in run("check", "berlin").out


def test_a_missing_secret_names_the_command_that_gives_it(run):
    assert "`uasocial accounts authorize berlin`" in run("check", "berlin").out
    assert "`uasocial accounts add bern`" in run("check", "bern").out


@pytest.mark.parametrize("secret", [True, False])
def test_at_a_terminal_a_secret_is_not_shown(monkeypatch, secret):
    asked = {}

    def prompt(question, **options):
        asked[question] = options["hide_input"]
        return " a code "

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", prompt)
    assert Terminal().ask("The \x1b code", secret=secret) == "a code"
    assert asked == {"The \\x1b code": secret}


def test_no_file_of_the_project_holds_a_secret(run, cases):
    run("authorize", "berlin", given=answers("right"))
    files = [path for path in Path(cases.root).rglob("*") if path.is_file()]
    assert len(files) > 3
    plugins = cases.root / "plugins"
    # This test's own settings folder lies in the project, and no person's does.
    others = [one for one in files if not one.is_relative_to(cases.root / "config")]
    holding = [one for one in others if one.parent != plugins and b"s3cr3t" in one.read_bytes()]
    assert holding == []
