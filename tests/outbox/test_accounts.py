"""Accounts: stated in the settings, opened with secrets that nothing shows, kept on the ledger."""
# ruff: noqa: ARG002 - a backend and a publisher have the signature of their kind

import contextlib
import json
import threading
from datetime import UTC, datetime, timedelta

import keyring
import pytest
import sqlalchemy as sa
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked
from pydantic import SecretStr

from uasocial import accounts, ledger_place
from uasocial.errors import NotFound, SettingsError, UasocialError
from uasocial.model.post import Media, Post, Receipt
from uasocial.outbox import deliveries, tables
from uasocial.outbox.accounts import standings, waiting
from uasocial.outbox.opening import open_ledger
from uasocial.outbox.sending import Sender
from uasocial.overview import check, overviews
from uasocial.platforms.console import Console
from uasocial.platforms.discreet import Discreet, without
from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Publisher,
    Rejected,
    Transient,
)
from uasocial.plugins import trust
from uasocial.secrets import Keyring, from_environment, look_up

SECRET = "s3cr3t/of the+wire"
WIRE = """\
from uasocial.platforms.publisher import OutcomeUnknown, Publisher, PublisherKind, Rejected
from uasocial.plugins import hookimpl

class Wire(Publisher):
    promise = "key"

    def __init__(self, settings, secrets):
        self.server, self.token = settings["server"], secrets["token"]
        if self.server == "down.example":
            raise ValueError(f"cannot connect with {secrets} {secrets['token']}")

    def create(self, prepared):
        raise TimeoutError(f"POST https://{self.server}/bot{self.token}/send: no answer")

    def check(self):
        if self.server == "odd.example":
            raise SystemExit(self.token)
        raise Rejected(f"401 Unauthorized: {self.token!r}")

@hookimpl
def register_publishers():
    return [PublisherKind("wire", "threads", Wire, ("server",), ("token",))]
"""
BERLIN = """\
[accounts.berlin]
platform = "threads"
language = "de"
gap = "10m"
settings = { server = "social.example" }
"""
LIMA = """\
[accounts.lima]
platform = "line"
language = "es"
mode = "by hand"
"""


class InMemory(KeyringBackend):
    """A keyring that keeps what it is given until the test ends."""

    # Below the one that fails, so that no other test is given it.
    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


class Locked(KeyringBackend):
    priority = -1

    def get_password(self, service, username):
        raise KeyringLocked("nobody unlocked it")

    def set_password(self, service, username, password):
        raise KeyringLocked(f"cannot store {password}")


class Silent(KeyringBackend):
    """A keyring that waits for somebody to unlock it, until the test ends."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.ended = threading.Event()

    def get_password(self, service, username):
        self.ended.wait(30)

    def set_password(self, service, username, password):
        self.ended.wait(30)


class Forgetful(InMemory):
    def set_password(self, service, username, password):
        pass


@pytest.fixture(autouse=True)
def ring(monkeypatch):
    """No test asks the keyring of whoever runs it."""
    backend = InMemory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def wired(cases, monkeypatch):
    """A project with a plugin that publishes, and an account of it."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    folder = cases.root / "plugins"
    folder.mkdir()
    (folder / "wire.py").write_text(WIRE, encoding="utf-8")
    trust.trust(folder / "wire.py")
    cases.settings(BERLIN + LIMA)
    return cases


def post(account="berlin", **more):
    return Post(
        id="p1",
        action="gate",
        language="de",
        countries=("PE",),
        platform="threads",
        account=account,
        occasion="appeal",
        wording="standard",
        text="Open the gate \x1b[31m",
        created_at=datetime.now(UTC),
        created_by="Samar Belkori",
        **more,
    )


# What the settings say


def test_an_account_takes_the_only_publisher_of_its_platform(wired):
    berlin, lima = accounts.accounts(wired.kit())
    assert (berlin.kind_name, berlin.secrets, berlin.stated.seconds) == ("wire", ("token",), 600)
    assert (lima.kind, lima.kind_name) == (None, "by hand")


WRONG = {
    'platform = "threds"\nlanguage = "de"': "no platform 'threds'; did you mean 'threads'?",
    'platform = "line"\nlanguage = "de"': "nothing that is installed publishes on line",
    'platform = "threads"\nlanguage = "de"\nkind = "wir"': "'wir'; did you mean 'wire'?",
    'platform = "line"\nlanguage = "de"\nkind = "wire"': "is one of threads, and not of line",
    'platform = "threads"\nlanguage = "de"': "wire needs the setting 'server'",
    'platform = "threads"\nlanguage = "de"\nsettings = {serer = "a"}': "did you mean 'server'?",
    'platform = "threads"\nlanguage = "de"\nsettings = {token = "abc"}': "token is a secret",
}


@pytest.mark.parametrize("text", WRONG)
def test_an_account_that_is_wrong_is_told_with_file_and_name(wired, text):
    wired.settings(f"[accounts.berlin]\n{text}\n")
    with pytest.raises(SettingsError) as error:
        accounts.account(wired.kit(), "berlin")
    assert str(error.value).startswith(f"{wired.root / 'uasocial.toml'}: account 'berlin': ")
    assert WRONG[text] in str(error.value)
    assert "abc" not in str(error.value)


STATED = {
    BERLIN.replace("10m", "10x"): "line 4: account 'berlin': its gap must be seconds, or a time",
    BERLIN.replace('"10m"', "-1"): "line 4: account 'berlin': its gap must be",
    BERLIN.replace('"10m"', "604801"): "and a week at most",
    BERLIN.replace('"10m"', "true"): "line 4: account 'berlin': its gap must be",
    BERLIN + 'mode = "hand"\n': "line 6: account 'berlin': its mode must be \"publish\" or",
    BERLIN + 'langage = "de"\n': "line 6: account 'berlin': there is no key 'langage'; did you",
    BERLIN + 'token = "abc"\n': "line 6: account 'berlin': there is no key 'token'; what its",
    BERLIN + LIMA.replace('language = "es"\n', ""): "line 6: account 'lima': it has no language",
    BERLIN.replace("berlin", "Berlin"): "line 1: account 'Berlin': its name must be of small",
    BERLIN.replace('"de"', '"deutsch"'): "line 3: account 'berlin': its language must be a BCP 47",
    BERLIN.replace('"threads"', "3"): "line 2: account 'berlin': its platform must be a platform",
    BERLIN.replace('"social.example"', "3"): "line 5: account 'berlin': its settings must be names",
    'accounts = { a = { platform = "line", language = "q" } }': "account 'a': its language must",
    "accounts = 3": "expected `object`",
    "accounts = { a = 3 }": "account 'a': it must be a table",
    '[ledger]\nurl = "postgresql://samar:abc@h/d"': "line 2: ledger: url holds a password: put the",
    '[ledger]\nurl = "postgresql://samar:a/bc@h/d"': "UASOCIAL_LEDGER_URL",
    '[ledger]\nurl = "postgresql://h/d?sslmode=a&password=abc"': "UASOCIAL_LEDGER_URL",
    '[ledger]\nuri = "l.db"': "line 2: unknown key 'uri'; did you mean 'url'?",
}


@pytest.mark.parametrize("text", STATED)
def test_what_the_file_says_wrongly_is_told_with_its_line_and_no_value(cases, text):
    cases.settings(text)
    with pytest.raises(SettingsError) as error:
        cases.kit()
    assert str(error.value).startswith(f"{cases.root / 'uasocial.toml'}: ")
    assert STATED[text] in str(error.value)
    assert "abc" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("gap", "seconds"),
    [("30", 30), ('"0"', 0), ('"600"', 600), ('"45s"', 45), ('"2h"', 7200), ('"7d"', 604800)],
)
def test_a_gap_is_seconds_or_a_time(cases, gap, seconds):
    cases.settings(BERLIN.replace('"10m"', gap))
    assert cases.kit().project.settings.accounts["berlin"].seconds == seconds


def test_two_publishers_of_a_platform_must_be_told_apart(wired):
    second = WIRE.replace('"wire"', '"wire2"').replace(
        "return [", 'return [PublisherKind("wire3", "line", Wire), '
    )
    (wired.root / "plugins" / "two.py").write_text(second, encoding="utf-8")
    trust.trust(wired.root / "plugins" / "two.py")
    with pytest.raises(SettingsError, match="its kind is missing: one of wire, wire2"):
        accounts.account(wired.kit(), "berlin")


def test_no_variable_is_the_secret_of_two(wired):
    wired.settings(BERLIN + BERLIN.replace("berlin", "berlin-token"))
    plugin = wired.root / "plugins" / "wire.py"
    plugin.write_text(WIRE.replace('("token",)', '("token", "token_token")'), encoding="utf-8")
    trust.trust(plugin)
    for name in ("berlin", "berlin-token"):
        with pytest.raises(SettingsError, match="UASOCIAL_BERLIN_TOKEN_TOKEN would hold its token"):
            accounts.account(wired.kit(), name)
    assert accounts.accounts(wired.kit()) == []


def test_an_unknown_account_is_told_with_the_nearest(wired):
    with pytest.raises(NotFound, match="did you mean 'berlin'"):
        accounts.account(wired.kit(), "berln")


# Secrets


def test_the_environment_goes_before_the_keyring(wired, ring, monkeypatch):
    ring.set_password("uasocial", "berlin/token", "of the keyring")
    berlin = accounts.account(wired.kit(), "berlin")
    found = accounts.secrets_of(berlin, Keyring())["token"]
    assert (found.value.get_secret_value(), found.source) == ("of the keyring", "keyring")
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", "of the environment\n")
    found = accounts.secrets_of(berlin, Keyring())["token"]
    assert found.value.get_secret_value() == "of the environment"
    assert found.source == "environment"


def test_an_account_s_hyphen_is_an_underline_in_its_variable(monkeypatch):
    monkeypatch.setenv("UASOCIAL_NEW_YORK_API_KEY", "k")
    found = look_up("new-york", ["api_key"], Keyring())
    assert found["api_key"].value.get_secret_value() == "k"


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", "")
    assert from_environment(["UASOCIAL_BERLIN_TOKEN"]) == {}


def test_a_secret_with_a_line_break_inside_is_refused_and_not_shown(monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", "first\r\nsecond")
    with pytest.raises(SettingsError) as error:
        from_environment(["UASOCIAL_BERLIN_TOKEN"])
    assert str(error.value).startswith("UASOCIAL_BERLIN_TOKEN: holds a line break")
    assert "first" not in str(error.value)


def test_a_missing_secret_names_the_variable_and_the_command(wired):
    with pytest.raises(SettingsError) as error:
        accounts.open_account(accounts.account(wired.kit(), "berlin"), Keyring())
    assert str(error.value) == (
        "berlin: its token is missing: set UASOCIAL_BERLIN_TOKEN, or keep it in the keyring with "
        "`uasocial accounts add berlin`"
    )


BROKEN = {
    "none": (NoKeyring, "this machine has no keyring"),
    "locked": (Locked, "the keyring cannot be used: KeyringLocked: "),
    "silent": (Silent, "the keyring has not answered for 0.05 seconds: is it locked?"),
    "forgetful": (Forgetful, "the keyring has not kept it"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_keyring_that_keeps_nothing_is_a_clear_line_and_no_hang(monkeypatch, what):
    kind, sentence = BROKEN[what]
    backend = kind()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    ring = Keyring(patience=0.05 if what == "silent" else 30)
    with pytest.raises(UasocialError) as error:
        ring.keep("berlin", "token", SecretStr(SECRET))
    if what == "silent":
        backend.ended.set()
    assert str(error.value).startswith(sentence)
    assert str(error.value).endswith("; set UASOCIAL_BERLIN_TOKEN instead")
    assert SECRET not in str(error.value)


def test_a_keyring_that_has_failed_is_not_asked_again(monkeypatch):
    asked = []

    class Counted(Locked):
        def get_password(self, service, username):
            asked.append(username)
            return super().get_password(service, username)

    monkeypatch.setattr(keyring.core, "_keyring_backend", Counted())
    ring = Keyring()
    assert [ring.read("a", "token"), ring.read("b", "token")] == [None, None]
    assert asked == ["a/token"]


def test_a_broken_keyring_hurts_no_account_whose_secret_is_in_the_environment(wired, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    berlin = accounts.account(wired.kit(), "berlin")
    assert isinstance(accounts.open_account(berlin, Keyring()), Publisher)


def test_no_repr_and_no_error_shows_a_secret(wired, monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    kit, ring = wired.kit(), Keyring()
    berlin = accounts.account(kit, "berlin")
    opened = accounts.open_account(berlin, ring)
    shown = [kit.project, berlin, opened, vars(kit), accounts.secrets_of(berlin, ring)]
    shown += [json.dumps([str(one) for one in overviews(kit, ring)])]
    shown += [check(kit, "berlin", ring)]
    with pytest.raises(RuntimeError) as error:
        opened.create(Prepared(post(), "k", {}))
    shown += [error.value, error.value.args]
    said = "\n".join(f"{one} {one!r}" for one in shown)
    assert "TimeoutError: POST https://social.example/bot***/send: no answer" in said
    assert SECRET not in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize("server", ["social.example", "down.example", "odd.example"])
def test_what_a_plugin_raises_is_one_line_without_the_secret(wired, monkeypatch, server):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    wired.settings(BERLIN.replace("social.example", server))
    checked = check(wired.kit(), "berlin", Keyring())
    assert not checked.ok
    assert "***" in checked.said
    assert "s3cr3t" not in checked.said


def test_a_secret_is_hidden_as_an_address_writes_it_too():
    said = "at /s3cr3t%2Fof%20the%2Bwire and ?q=s3cr3t%2Fof+the%2Bwire"
    assert without(said, [SECRET]) == "at /*** and ?q=***"


class Raising(Publisher):
    promise = "look-up"
    timeout = timedelta(seconds=7)

    def __init__(self, error):
        self.error = error

    def create(self, prepared):
        raise self.error


ERRORS = [
    Rejected(SECRET),
    OutcomeUnknown(SECRET),
    Transient(SECRET, timedelta(seconds=90)),
    Rejected("nothing secret"),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_an_error_without_its_secret_still_means_the_same(error):
    publisher = Discreet(Raising(error), [SECRET])
    with pytest.raises(type(error)) as raised:
        publisher.create(Prepared(post(), "k", {}))
    assert SECRET not in f"{raised.value}"
    assert getattr(raised.value, "retry_after", None) == getattr(error, "retry_after", None)
    assert (publisher.promise, publisher.timeout) == ("look-up", timedelta(seconds=7))


def test_a_command_that_an_error_advises_names_the_account():
    told = NotAuthorized("401: `uasocial accounts authorize` gets another token")
    with pytest.raises(NotAuthorized) as raised:
        Discreet(Raising(told), [SECRET], "berlin").create(Prepared(post(), "k", {}))
    assert str(raised.value) == "401: `uasocial accounts authorize berlin` gets another token"
    with pytest.raises(NotAuthorized, match="accounts authorize`"):
        Discreet(Raising(told), [SECRET]).create(Prepared(post(), "k", {}))


# The ledger


def rows(ledger):
    with ledger.read() as connection:
        columns = tables.accounts.c
        query = sa.select(columns.name, columns.platform, columns.kind, columns.mode, columns.gap)
        return [tuple(row) for row in connection.execute(query.order_by(columns.name))]


def records(ledger):
    with ledger.read() as connection:
        return connection.execute(sa.select(tables.records)).all()


def test_the_ledger_s_accounts_are_as_the_settings_say(wired, ledger):
    accounts.sync(wired.kit(), ledger)
    expected = [
        ("berlin", "threads", "wire", "publish", 600),
        ("lima", "line", "by hand", "by hand", 0),
    ]
    assert rows(ledger) == expected
    wired.settings(BERLIN.replace("10m", "1h"))
    accounts.sync(wired.kit(), ledger)
    # One that left the settings stays: what went out from it is still told.
    assert rows(ledger) == [("berlin", "threads", "wire", "publish", 3600), expected[1]]


def test_only_a_change_is_recorded(wired, ledger):
    for _ in range(3):
        accounts.sync(wired.kit(), ledger)
    found = [(row.kind, row.by, row.data["account"]) for row in records(ledger)]
    assert found == [("account", "uasocial.toml", name) for name in ("berlin", "lima")]


def test_an_account_of_the_ledger_cannot_change_its_platform(wired, ledger):
    accounts.sync(wired.kit(), ledger)
    wired.settings(BERLIN.replace('"threads"', '"line"\nkind = "console"').partition("settings")[0])
    with pytest.raises(SettingsError, match="'berlin' is one of threads on the ledger"):
        accounts.sync(wired.kit(), ledger)
    assert rows(ledger)[0][:3] == ("berlin", "threads", "wire")


def test_two_that_start_together_make_each_account_once(wired, ledger):
    kits = [wired.kit() for _ in range(4)]
    errors = []

    def start(kit):
        try:
            accounts.sync(kit, ledger)
        except UasocialError as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(kit,)) for kit in kits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(records(ledger)) == len(rows(ledger)) == 2


def row_of(ledger, name):
    with ledger.read() as connection:
        return connection.execute(
            sa.select(tables.accounts).where(tables.accounts.c.name == name)
        ).one()


def test_an_opener_opens_once_a_thread(wired, ledger, monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    accounts.sync(wired.kit(), ledger)
    open_row, row = accounts.opener(wired.kit()), row_of(ledger, "berlin")
    opened = open_row(row)
    assert open_row(row) is opened
    others = []
    thread = threading.Thread(target=lambda: others.append(open_row(row)))
    thread.start()
    thread.join()
    assert others[0] is not opened


def test_an_account_that_left_the_settings_is_never_opened(wired, ledger, monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    accounts.sync(wired.kit(), ledger)
    wired.settings(LIMA)
    with pytest.raises(SettingsError, match="'berlin' of threads is no more in"):
        accounts.opener(wired.kit())(row_of(ledger, "berlin"))


def test_an_account_by_hand_is_never_opened(wired, ledger):
    accounts.sync(wired.kit(), ledger)
    with pytest.raises(UasocialError, match="is published by hand"):
        accounts.opener(wired.kit())(row_of(ledger, "lima"))


def planned(ledger, account="berlin", minutes=0):
    with ledger.write() as connection:
        at = ledger.now(connection) - timedelta(minutes=minutes)
        deliveries.plan(ledger, connection, [deliveries.Order(post(account), at, "Samar Belkori")])


def test_no_secret_reaches_the_ledger(wired, ledger, monkeypatch):
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", SECRET)
    accounts.sync(wired.kit(), ledger)
    planned(ledger)
    assert Sender(ledger, "w1", accounts.opener(wired.kit())).turn()
    with ledger.read() as connection:
        everything = [
            str(row)
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    assert any("bot***" in row for row in everything)
    assert not any("s3cr3t" in row for row in everything)


def test_a_post_is_rehearsed_on_the_console(wired, ledger, capsys):
    wired.settings(BERLIN.partition("settings")[0] + 'kind = "console"\n')
    accounts.sync(wired.kit(), ledger)
    planned(ledger)
    assert Sender(ledger, "w1", accounts.opener(wired.kit())).turn()
    with ledger.read() as connection:
        row = connection.execute(sa.select(tables.deliveries)).one()
    assert (row.state, row.remote_id[:8]) == ("sent", "console-")
    shown = "--- berlin (threads, de)\nOpen the gate \\x1b[31m\n---\n"
    assert capsys.readouterr().out == shown


def test_the_console_shows_what_the_pictures_say(capsys):
    picture = Media(sha256="0", type="image/png", alt="A gate", width=20, height=10)
    receipt = Console().create(Prepared(post(media=(picture,)), "k", {}))
    assert receipt == Receipt("console-k")
    assert "[image/png 20 x 10: A gate]" in capsys.readouterr().out


def test_how_an_account_stands_is_read_from_the_ledger(wired, ledger):
    accounts.sync(wired.kit(), ledger)
    assert [one.pending for one in standings(ledger)] == [0, 0]
    assert waiting(ledger).due == 0
    planned(ledger, minutes=30)
    berlin, lima = standings(ledger)
    assert (berlin.pending, lima.pending, lima.next_due) == (1, 0, None)
    late = waiting(ledger)
    assert (late.due, late.since, late.worked_at) == (1, berlin.next_due, None)


# Where the ledger is


def test_the_ledger_is_the_project_s_own_unless_told_otherwise(cases, monkeypatch):
    own = ledger_place.address(cases.kit().project).get_secret_value()
    assert own == f"sqlite:///{cases.root / 'ledger.db'}"
    assert not ledger_place.exists(cases.kit().project)
    accounts.ledger_of(cases.kit()).close()
    assert ledger_place.exists(cases.kit().project)
    cases.settings('[ledger]\nurl = "sqlite:///deeper/l.db?timeout=3"\n')
    told = ledger_place.address(cases.kit().project).get_secret_value()
    assert told == f"sqlite:///{cases.root / 'deeper' / 'l.db'}?timeout=3"
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://samar:pa/ss@h@db.example/ua?sslmode=x")
    project = cases.kit().project
    assert "pa/ss" not in repr(ledger_place.address(project))
    assert ledger_place.shown(project) == "postgresql://db.example/ua"


def test_the_sample_has_no_ledger(sample_kit):
    with pytest.raises(UasocialError, match="uasocial init"):
        accounts.ledger_of(sample_kit)
    assert not ledger_place.exists(sample_kit.project)


def test_an_account_with_secrets_belongs_to_one_ledger(wired, tmp_path):
    """Two ledgers would each post for it, and neither would know of the other's posts."""
    with contextlib.closing(open_ledger(str(tmp_path / "one.db"))) as one:
        accounts.sync(wired.kit(), one)
        accounts.sync(wired.kit(), one)
    with (
        contextlib.closing(open_ledger(str(tmp_path / "other.db"))) as other,
        pytest.raises(UasocialError, match=r"berlin of threads is on another ledger"),
    ):
        accounts.sync(wired.kit(), other)
