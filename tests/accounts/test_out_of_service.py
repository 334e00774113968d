"""An account that is wrong is out of service, is told, and keeps no other from its work."""

import json
import re
import tomllib
from pathlib import Path

import keyring
import pytest
import sqlalchemy as sa
from keyring.backends.fail import Keyring as NoKeyring

from uasocial import accounts
from uasocial.errors import SettingsError
from uasocial.outbox import tables
from uasocial.plugins import PluginHost

GOOD = """\
[accounts.berlin]
platform = "x"
language = "en"
kind = "console"
"""
WRONG = """\
[accounts.amsterdam]
platform = "bluesky"
language = "en"
kind = "bluesky"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
posts:
  - {id: plain, template: "Open the gate."}
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    """Nothing is installed but uasocial, and there is no keyring."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    monkeypatch.setattr(PluginHost, "load", lambda *_: None)


@pytest.fixture
def run(cases, command, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    cases.settings('time_zone = "Europe/Zurich"\n' + WRONG + GOOD)
    cases.write(facts=FACTS, en=WORDS)
    monkeypatch.chdir(cases.root)
    return command


def on_ledger(cases):
    ledger = accounts.ledger_of(cases.kit())
    with ledger.read() as connection:
        names = list(connection.scalars(sa.select(tables.accounts.c.name)))
    ledger.close()
    return names


def test_publish_goes_on_with_the_others(run, cases):
    ended = run("publish", "gate", "-a", "berlin", "-w", "plain", "--yes")
    assert ended.status == 0, ended.err
    assert "sent" in ended.out
    assert on_ledger(cases) == ["berlin"]


def test_publish_refuses_the_one_that_is_wrong_and_says_how_to_mend_it(run, cases):
    ended = run("publish", "gate", "-a", "amsterdam", "-w", "plain", "--yes")
    assert ended.status == 1
    assert ended.err == (
        f"{cases.root / 'uasocial.toml'}: account 'amsterdam': there is no publisher 'bluesky': "
        "`pip install 'uasocial[bluesky]'`\n"
    )


def test_a_worker_says_it_once_and_goes_on(run):
    assert run("publish", "gate", "-a", "berlin", "-w", "plain", "--yes").status == 0
    ended = run("worker", "--once")
    assert (ended.status, ended.err) == (0, "")
    (line,) = [line for line in ended.out.splitlines() if "out of service" in line]
    assert "account 'amsterdam'" in line


def test_a_plan_for_all_says_who_is_left_out(run):
    ended = run("plan", "gate", "--cadence", "launch")
    assert ended.status == 1, ended.err
    assert "left out: " in ended.err
    assert "account 'amsterdam'" in ended.err
    assert "berlin" in ended.out
    assert "left out: " not in run("plan", "gate", "--cadence", "launch", "-a", "berlin").err


def test_the_queue_is_shown(run):
    assert run("publish", "gate", "-a", "berlin", "-w", "plain", "--yes").status == 0
    assert run("queue").status == 0


def test_list_check_and_doctor_tell_the_fault(run):
    how = "pip install 'uasocial[bluesky]'"
    amsterdam, berlin = json.loads(run("accounts", "list", "--json").out)["accounts"]
    assert how in amsterdam["fault"]
    assert berlin["fault"] == ""
    checked = run("accounts", "check")
    assert checked.status == 1
    assert [line[:5].strip() for line in checked.out.splitlines()] == ["wrong", "ok"]
    found = json.loads(run("doctor", "--json").out)["findings"]
    (fault,) = [one for one in found if one["what"] == "accounts"]
    assert how in fault["said"]
    assert not fault["ok"]


def test_what_waits_at_it_is_not_opened(run, cases):
    assert run("publish", "gate", "-a", "berlin", "-w", "plain", "--yes").status == 0
    cases.settings(GOOD.replace("console", "consle"))
    ledger = accounts.ledger_of(cases.kit())
    with ledger.read() as connection:
        row = connection.execute(sa.select(tables.accounts)).one()
    ledger.close()
    with pytest.raises(SettingsError, match="did you mean 'console'"):
        accounts.opener(cases.kit())(row)


SAID = {
    'platform = "bluesky"': "on bluesky: `pip install 'uasocial[bluesky]'`, say mode",
    'platform = "pixelfed"': "on pixelfed: `pip install 'uasocial[mastodon]'`, say mode",
    'platform = "x"\nkind = "x-oauth2"': "'x-oauth2': `pip install 'uasocial[x]'`",
    'platform = "discord"\nkind = "apprise"': "'apprise': `pip install 'uasocial[apprise]'`",
    'platform = "line"': "on line: install a plugin that does, say mode",
    'platform = "line"\nkind = "consle"': "'consle'; did you mean 'console'?",
}


@pytest.mark.parametrize("said", SAID)
def test_a_package_that_is_not_installed_is_named(cases, said):
    cases.settings(f'[accounts.berlin]\nlanguage = "de"\n{said}\n')
    (fault,) = accounts.faults(cases.kit()).values()
    assert SAID[said] in fault


def test_each_extra_that_is_named_is_there_and_each_package_is_named():
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = stated["project"]["optional-dependencies"]
    packages = {name for name, (first, *_) in extras.items() if re.match("uasocial-", first)}
    assert set(accounts.EXTRAS.values()) == packages
