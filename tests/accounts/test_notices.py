"""Notices: whoever is on duty is told of what needs a person, by plugins that the settings set."""

import io
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from uasocial import accounts
from uasocial.errors import SettingsError, UasocialError
from uasocial.model.post import Delivery
from uasocial.plugins import trust
from uasocial.secrets import Keyring, LookedUp
from uasocial.settings import stated_account

# Not `urls`: Apprise may be installed, and would send there.
SECRET = "s3cr3t-of-the-bell"
BELL = """\
from pathlib import Path
from uasocial.errors import UasocialError
from uasocial.plugins import hookimpl

@hookimpl
def delivery_changed(delivery, settings, secrets):
    if settings.get("odd"):
        raise ValueError(f"{secrets['bell']} is odd")
    if settings.get("away"):
        raise UasocialError(f"{secrets['bell']} does not answer")
    told = f"{delivery.number} {delivery.needs} {settings.get('language')} {secrets.get('bell')}"
    with Path(__file__).with_suffix(".log").open("a") as log:
        log.write(f"{told} {settings!r} {secrets!r}\\n")
"""
DELIVERY = Delivery(
    id="1",
    number="UA 1/26",
    action="gate",
    language="es",
    platform="x",
    account="lima",
    state="review",
    needs="review",
)


class InMemory(KeyringBackend):
    """A keyring that keeps what it is given until the test ends, and counts who asks."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.kept = {}
        self.asked = 0

    def get_password(self, service, username):
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def ring(monkeypatch):
    backend = InMemory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def bell(cases, monkeypatch):
    """A project with a plugin that writes down what it is told; return the file."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    (cases.root / "plugins").mkdir()
    plugin = cases.root / "plugins" / "bell.py"
    plugin.write_text(BELL, encoding="utf-8")
    trust.trust(plugin)
    return plugin.with_suffix(".log")


@pytest.fixture
def run(cases, command, monkeypatch):
    def run(*args, given=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        ended = command("--project", str(cases.root), "accounts", "notices", *args)
        assert "s3cr3t" not in ended.out + ended.err
        return ended

    return run


def test_a_plugin_is_told_with_the_settings_and_the_secret_of_notices(bell, cases, ring):
    ring.set_password("uasocial", "notices/bell", SECRET)
    cases.settings('[notices]\nlanguage = "de"\n')
    accounts.teller(cases.kit())(DELIVERY)
    assert bell.read_text() == f"UA 1/26 review de {SECRET} <language> <bell>\n"


def test_the_environment_goes_before_the_keyring_which_is_asked_once(
    bell, cases, ring, monkeypatch
):
    tell = accounts.teller(cases.kit())
    tell(DELIVERY)
    asked = ring.asked
    tell(DELIVERY)
    assert ring.asked == asked
    monkeypatch.setenv("UASOCIAL_NOTICES_BELL", SECRET)
    accounts.teller(cases.kit())(DELIVERY)
    lines = bell.read_text().splitlines()
    assert [SECRET in line for line in lines] == [False, False, True]


def test_where_nobody_listens_there_is_nothing_to_tell(cases, monkeypatch):
    monkeypatch.setattr("uasocial.plugins.host.PluginHost.hears", lambda *_: False)
    assert accounts.teller(cases.kit()) is None


@pytest.mark.parametrize(("key", "said"), [("odd", "bell: ValueError"), ("away", "bell: *** does")])
def test_a_fault_is_told_without_the_secret(bell, cases, ring, key, said):
    ring.set_password("uasocial", "notices/bell", SECRET)
    cases.settings(f'[notices]\n{key} = "yes"\n')
    with pytest.raises(UasocialError) as error:
        accounts.teller(cases.kit())(DELIVERY)
    assert said in str(error.value)
    assert "s3cr3t" not in repr(error.value)
    assert not bell.exists()


def test_secrets_that_are_looked_up_show_in_no_repr_and_those_that_are_none_are_none(ring):
    ring.set_password("uasocial", "notices/urls", SECRET)
    secrets = LookedUp("notices", Keyring())
    assert (secrets.get("urls"), secrets.get("token")) == (SECRET, None)
    assert (list(secrets), len(secrets), repr(secrets)) == (["urls"], 1, "<urls>")
    with pytest.raises(KeyError):
        secrets["token"]


def test_the_address_is_asked_for_and_kept_in_the_keyring(run, ring):
    ended = run(given=f"{SECRET}\n")
    assert (ended.status, ended.err) == (0, "")
    assert ring.kept == {("uasocial", "notices/urls"): SECRET}
    assert "--test" in ended.out
    assert run(given="\n").status == 0
    assert ring.kept == {("uasocial", "notices/urls"): SECRET}


def test_without_a_keyring_the_variable_is_named(run, monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    ended = run(given=f"{SECRET}\n")
    assert (
        ended.err
        == "this machine has no keyring: set UASOCIAL_NOTICES_URLS in the environment instead\n"
    )


def test_a_test_tells_all_plugins_of_a_delivery_that_says_it_is_one(bell, run):
    ended = run("--test")
    assert ended.status == 0
    assert "look whether it has arrived" in ended.out
    assert bell.read_text().startswith("TEST review None None")


@pytest.mark.usefixtures("bell")
def test_a_test_that_fails_says_so(run, cases):
    cases.settings('[notices]\nodd = "yes"\n')
    ended = run("--test")
    assert (ended.status, ended.err) == (1, "bell: KeyError\n")


def test_a_test_without_a_plugin_says_which_there_is(run, monkeypatch):
    monkeypatch.setattr("uasocial.plugins.host.PluginHost.hears", lambda *_: False)
    ended = run("--test")
    assert ended.status == 1
    assert "uasocial[apprise]" in ended.err


@pytest.mark.parametrize("name", ["notices", "notices-urls"])
def test_no_account_may_take_the_secrets_of_notices(cases, name):
    account = f'[accounts.{name}]\nplatform = "x"\nkind = "console"\nlanguage = "de"\n'
    cases.settings(account)
    with pytest.raises(SettingsError, match=r"would be those of \[notices\]"):
        accounts.account(cases.kit(), name)
    assert accounts.accounts(cases.kit()) == []
    cases.settings("")
    stated = stated_account(name, {"platform": "x", "kind": "console", "language": "de"})
    with pytest.raises(SettingsError, match=r"would be those of \[notices\]"):
        accounts.new_account(cases.kit(), name, stated)
    assert accounts.new_account(cases.kit(), "noticed", stated).name == "noticed"


@pytest.mark.parametrize("said", ["language = 3", 'Language = "de"', "urls = []"])
def test_what_is_wrong_in_notices_is_told_with_its_place(cases, said):
    cases.settings(f"[notices]\n{said}\n")
    with pytest.raises(SettingsError, match=r"uasocial\.toml: line 1: notices: must be names"):
        cases.kit()
