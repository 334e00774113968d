"""What a server takes is asked once, kept in the project, and asked again after a month."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from uasocial import doctor, learned, posting
from uasocial.accounts import Account
from uasocial.errors import SettingsError, UasocialError
from uasocial.platforms.publisher import ServerLimits
from uasocial.settings import find_project

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
SERVER = "mastodon.example"
SETTINGS = """\
[accounts.berlin]
platform = "mastodon"
language = "de"
settings = { instance = "mastodon.example" }

[accounts.bern]
platform = "mastodon"
language = "fr"
settings = { instance = "mastodon.example" }
"""
SAID = ServerLimits(
    server=SERVER,
    software="Mastodon 4.6.1",
    length=5000,
    url_length=23,
    media=4,
    alt=1500,
    bytes=16_777_216,
    pixels=33_177_600,
    types=("image/png", "image/jpeg"),
)


@pytest.fixture
def project(cases):
    cases.settings(SETTINGS)
    return find_project(str(cases.root))


def test_what_was_learned_is_known_by_the_account_and_by_the_server(project):
    assert learned.limits_of(project, "berlin") is None
    learned.learn(project, "berlin", SAID, NOW)
    assert learned.limits_of(project, "berlin") == SAID
    assert learned.limits_at(project, SERVER) == SAID
    assert learned.limits_of(project, "bern") is None
    assert learned.limits_at(project, "other.example") is None


def test_what_is_new_is_said_and_what_is_known_is_not(project):
    assert learned.learn(project, "berlin", SAID, NOW) == [
        "mastodon.example takes 5,000 characters",
        "mastodon.example counts 23 for each link",
        "mastodon.example takes 4 pictures",
        "mastodon.example takes 1,500 characters of alt text",
        "mastodon.example takes pictures of 16,777,216 bytes",
        "mastodon.example takes pictures of 33,177,600 pixels",
        "mastodon.example takes image/jpeg, image/png",
    ]
    assert learned.learn(project, "bern", SAID, NOW) == []
    fewer = ServerLimits(server=SERVER, length=500)
    assert learned.learn(project, "berlin", fewer, NOW) == ["mastodon.example takes 500 characters"]
    assert learned.limits_of(project, "bern") == fewer


def test_an_account_that_was_set_up_otherwise_since_is_asked_anew(project, cases):
    """It may be on another server by now, which takes less."""
    learned.learn(project, "berlin", SAID, NOW)
    cases.settings(SETTINGS.replace("mastodon.example", "other.example"))
    moved = find_project(str(cases.root))
    assert learned.limits_of(moved, "berlin") is None
    cases.settings("")
    assert learned.limits_of(find_project(str(cases.root)), "berlin") is None


def test_a_server_that_no_account_is_on_any_more_is_forgotten(project):
    learned.learn(project, "berlin", SAID, NOW)
    learned.learn(project, "berlin", ServerLimits(server="other.example", length=700), NOW)
    assert learned.limits_at(project, SERVER) is None
    assert learned.outdated(project, NOW + timedelta(days=31)) == [
        learned.Outdated("other.example", NOW)
    ]


def test_the_file_is_the_same_for_the_same_answers(project, cases):
    """It may be committed: a change in it is one that a server has made."""
    file = cases.root / "limits.json"
    learned.learn(project, "berlin", SAID, NOW)
    learned.learn(project, "bern", SAID, NOW)
    before = file.read_bytes()
    learned.learn(project, "berlin", SAID, NOW)
    assert file.read_bytes() == before
    assert before.endswith(b"}\n")
    assert json.loads(before)["servers"][SERVER]["asked_at"] == "2026-01-20T12:00:00Z"
    assert [path.name for path in cases.root.iterdir() if "limits" in path.name] == ["limits.json"]


def test_the_sample_learns_nothing(sample_kit):
    assert learned.learn(sample_kit.project, "berlin", SAID, NOW) == []
    assert learned.limits_at(sample_kit.project, SERVER) is None


IMPOSSIBLE = {
    "no length": {"length": 0},
    "less than nothing": {"bytes": -1},
    "beyond all": {"length": 10**13},
    "a text": {"length": "5000"},
    "a name with a break": {"server": "a.example\nb"},
    "no name": {"server": ""},
    "a type with a break": {"types": ("image/png\n",)},
    "endless types": {"types": ("image/png",) * 1000},
    "endless software": {"software": "a" * 1000},
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_kept(project, cases, name):
    said = ServerLimits(**{"server": SERVER, **IMPOSSIBLE[name]})
    with pytest.raises(UasocialError, match="says of itself what cannot be") as error:
        learned.learn(project, "berlin", said, NOW)
    assert len(str(error.value).splitlines()) == 1
    assert not (cases.root / "limits.json").exists()


BROKEN = {
    "no JSON": b"{",
    "no text": b"\xff",
    "another form": b"[]",
    "unknown": b'{"server": {}}',
    "no length": b'{"servers": {"a.example": {"asked_at": "2026-01-20T12:00:00Z", "length": 0}}}',
    "no moment": b'{"servers": {"a.example": {"asked_at": "2026-01-20T12:00:00"}}}',
    "deep": b"[" * 900_000,
    "too large": b" " * 1_000_001,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_its_name_and_what_to_do(project, cases, name):
    (cases.root / "limits.json").write_bytes(BROKEN[name])
    with pytest.raises(SettingsError, match=r"limits\.json: .*accounts check") as error:
        learned.limits_of(project, "berlin")
    assert len(str(error.value).splitlines()) == 1
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(("days", "wrong"), [(30, False), (31, True)])
def test_the_doctor_says_which_server_was_asked_too_long_ago(project, cases, days, wrong):
    learned.learn(project, "berlin", SAID, datetime.now(UTC) - timedelta(days=days, minutes=-1))
    findings = list(doctor._limits(cases.kit()))
    assert [one.what for one in findings] == ["limits"] * wrong
    assert all(SERVER in one.said and "accounts check" in one.remedy for one in findings)


def test_what_a_relay_takes_is_the_limit_of_the_account_s_drafts_alone(cases):
    """A relay is no Mastodon server: what stands under `instance` is nothing to it."""
    cases.settings(
        'instance = "mastodon.example"\n[instances."mastodon.example"]\nmax_characters = 500\n'
        '[accounts.notes]\nplatform = "nostr"\nlanguage = "en"\n'
        'settings = { relays = "wss://relay.example" }\n'
    )
    cases.write(en="title: Open the gate\nlead: It is shut.\ncontent_warning: A closed gate\n")
    kit = cases.kit()
    notes = Account("notes", kit.project.settings.accounts["notes"], None)

    def drafted():
        at = posting.at_moment(kit, notes, kit.now)
        return posting.draft_for(at, at.action("gate"), notes, "appeal")

    assert (drafted().limit, drafted().content_warning) == (None, "A closed gate")
    learned.learn(kit.project, "notes", ServerLimits(server="relay.example", length=300), kit.now)
    assert drafted().limit == 300
