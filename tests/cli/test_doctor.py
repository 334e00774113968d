"""`uasocial doctor` finds each thing that is wrong, says what to do, and shows no secret."""
# ruff: noqa: ARG002 - a backend has the signature of its kind

import json
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import keyring
import pytest
import sqlalchemy as sa
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from uasocial import accounts, doctor
from uasocial.model.post import Post
from uasocial.outbox import deliveries, tables
from uasocial.outbox.ledger import Ledger
from uasocial.plugins import trust

ACCOUNT = '[accounts.berlin]\nplatform = "mastodon"\nkind = "console"\nlanguage = "de"\n'
PASSWORD = "s3cr3t"


class Locked(KeyringBackend):
    priority = -1

    def get_password(self, service, username):
        raise KeyringLocked("nobody unlocked it")

    def set_password(self, service, username, password):
        raise KeyringLocked("nobody unlocked it")


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())


@pytest.fixture
def found(cases, command):
    """Run the doctor on a project; return its status, and what it found by name."""

    def found(*args):
        ended = command("--project", str(cases.root), "doctor", "--json", *args)
        assert PASSWORD not in ended.out + ended.err
        assert ended.err == ""
        findings = json.loads(ended.out)["findings"]
        assert all(one["ok"] == (one["remedy"] == "") for one in findings)
        assert all("\n" not in one["said"] for one in findings)
        assert ended.status == (0 if all(one["ok"] for one in findings) else 1)
        return {one["what"]: one for one in findings}

    return found


def made(cases):
    """Make the project's ledger, with its accounts."""
    cases.settings(ACCOUNT)
    ledger = accounts.ledger_of(cases.kit())
    accounts.sync(cases.kit(), ledger)
    return ledger


def test_a_sound_installation_is_told_so(cases, found):
    made(cases).close()
    seen = found()
    assert [what for what, one in seen.items() if not one["ok"]] == []
    assert list(seen) == [
        "Python",
        "uasocial",
        "time zones",
        "terminal",
        "keyring",
        "project",
        "plugins",
        "disk",
        "accounts",
        "ledger",
        "clock",
        "worker",
    ]
    assert seen["ledger"]["said"] == f"{cases.root / 'ledger.db'}, up to date"


def test_without_a_ledger_none_is_made(cases, found):
    assert found()["ledger"]["said"].startswith("none yet")
    assert not (cases.root / "ledger.db").exists()


def test_each_line_says_ok_or_wrong_and_what_to_do(cases, command):
    cases.settings("mode = 3\n")
    ended = command("--project", str(cases.root), "doctor")
    assert ended.status == 1
    assert "ok    Python: 3." in ended.out
    assert "wrong project: " in ended.out
    assert "line 1: unknown key 'mode'" in ended.out
    assert ended.out.endswith("      -> mend what it says\n")


def test_a_plugin_that_is_broken_is_named(cases, found, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    (cases.root / "bad.py").write_text("raise RuntimeError('not today')", encoding="utf-8")
    trust.trust(cases.root / "bad.py")
    one = found()["plugins"]
    assert one["said"] == "bad: RuntimeError: not today"
    assert "uasocial plugins" in one["remedy"]


def test_an_account_that_is_wrong_is_told_and_the_ledger_looked_at_all_the_same(cases, found):
    made(cases).close()
    cases.settings(ACCOUNT.replace('"console"', '"consol"'))
    seen = found()
    assert "did you mean 'console'?" in seen["accounts"]["said"]
    assert seen["ledger"]["ok"]


def test_a_missing_secret_is_told_with_its_variable(cases, found, monkeypatch):
    monkeypatch.setenv("UASOCIAL_CONFIG", str(cases.root / "config"))
    plugin = cases.root / "wire.py"
    plugin.write_text(
        "from uasocial.platforms.publisher import PublisherKind\n"
        "from uasocial.plugins import hookimpl\n"
        "@hookimpl\ndef register_publishers():\n"
        "    return [PublisherKind('wire', 'mastodon', print, (), ('token', 'key'))]\n",
        encoding="utf-8",
    )
    trust.trust(plugin)
    cases.settings(ACCOUNT.replace("console", "wire"))
    one = found()["accounts"]
    assert one["said"] == "berlin: its token and key is missing"
    assert one["remedy"].startswith("set UASOCIAL_BERLIN_TOKEN and UASOCIAL_BERLIN_KEY")
    monkeypatch.setenv("UASOCIAL_BERLIN_TOKEN", PASSWORD)
    monkeypatch.setenv("UASOCIAL_BERLIN_KEY", PASSWORD)
    assert found()["accounts"]["said"] == "1, with all their secrets"


def test_a_ledger_that_is_none_is_told_and_stays_as_it_is(cases, found):
    cases.settings(ACCOUNT)
    (cases.root / "ledger.db").write_text("precious", encoding="utf-8")
    one = found()["ledger"]
    assert "is no ledger, and stays as it is" in one["said"]
    assert not one["ok"]
    assert (cases.root / "ledger.db").read_text(encoding="utf-8") == "precious"


def test_a_server_that_cannot_be_reached_is_told_without_its_password(found, monkeypatch):
    address = f"postgresql+psycopg://samar:{PASSWORD}@127.0.0.1:1/ua"
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", address)
    pytest.importorskip("psycopg")
    one = found()["ledger"]
    assert "the ledger cannot be used" in one["said"]
    assert not one["ok"]


def test_a_post_that_waits_without_a_worker_is_told(cases, found):
    ledger = made(cases)
    with ledger.write() as connection:
        now = ledger.now(connection)
        post = Post(
            id="p1",
            action="gate",
            language="de",
            countries=(),
            platform="mastodon",
            account="berlin",
            occasion="appeal",
            wording="standard",
            text="Open the gate",
            created_at=now,
            created_by="Samar Belkori",
        )
        order = deliveries.Order(post, now - timedelta(minutes=30), "Samar Belkori")
        (delivery,) = deliveries.plan(ledger, connection, [order])
    one = found()["worker"]
    assert one["said"].startswith("1 due since 20")
    assert one["said"].endswith("nobody works at it; last turn: none yet")
    assert one["remedy"] == "start one: `uasocial worker`"
    with ledger.write() as connection:
        deliveries.noted(ledger, connection, delivery, "prepare", "w1", "put off")
        lease = {"worker": "w1", "lease_until": now + timedelta(minutes=3)}
        connection.execute(sa.update(tables.accounts).values(lease))
    ledger.close()
    assert found()["worker"]["said"].startswith("nothing waits; last turn: w1 at 20")


def test_a_clock_that_disagrees_with_the_ledger_s_is_told(tmp_path):
    late = Ledger(
        f"sqlite:///{tmp_path / 'l.db'}", clock=lambda: datetime.now(UTC) - timedelta(hours=1)
    )
    finding = doctor._clock(late)
    late.close()
    assert finding.said.startswith("3,60")
    assert "NTP" in finding.remedy


def test_a_disk_that_is_nearly_full_is_told(found, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    one = found()["disk"]
    assert (one["said"], one["remedy"]) == ("0.0 GB free", "make room: 0.5 GB at least")


def test_a_keyring_that_is_locked_is_told(found, monkeypatch):
    assert found()["keyring"]["said"].startswith("none on this machine")
    monkeypatch.setattr(keyring.core, "_keyring_backend", Locked())
    one = found()["keyring"]
    assert one["said"] == "the keyring cannot be used: KeyringLocked: nobody unlocked it"
    assert "PYTHON_KEYRING_BACKEND" in one["remedy"]


def test_a_terminal_that_shows_no_utf_8_is_told(cases, uasocial):
    ended = uasocial(
        "--project", str(cases.root), "doctor", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert ended.status == 1
    assert "wrong terminal: its encoding is ascii" in ended.out


def test_a_package_that_is_missing_or_old_is_told():
    assert doctor._package("click>=8.1.8") == ""
    assert doctor._package("no-such-package>=1").endswith("is not installed")
    assert doctor._package("click>=999").endswith("and 999 is needed")


def test_the_sample_can_be_looked_at_too(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = command("doctor")
    assert "ok    project: the sample of uasocial" in ended.out
    assert list(tmp_path.iterdir()) == []
