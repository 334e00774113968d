"""`uasocial notices`: what stands still is listed; telling it takes a plugin."""

import json

import pytest

from uasocial.plugins import host

from .test_plan import FACTS, SETTINGS, WORDS


@pytest.fixture
def run(cases, command, monkeypatch):
    monkeypatch.setattr(host, "entry_points", lambda **_: [])
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=WORDS)
    monkeypatch.chdir(cases.root)
    return command


def test_where_nothing_stands_still_it_says_so(run):
    ended = run("notices", "--by", "Ann")
    assert (ended.status, ended.out, ended.err) == (0, "", "there is nothing to remind of\n")


def test_what_waits_for_approval_is_one_line_a_case_and_language(run):
    run("plan", "gate", "--by", "Ann", "--yes")
    (line,) = run("notices", "--by", "Ann").out.splitlines()
    assert line.startswith("gate (en, bluesky, mastodon): posts wait for approval: ")
    (one,) = json.loads(run("notices", "--by", "Ann", "--json").out)["notices"]
    assert (one["kind"], one["action"], one["language"]) == ("approval wanted", "gate", "en")
    assert one["platforms"] == ["bluesky", "mastodon"]


def test_telling_without_a_plugin_says_what_to_install(run):
    ended = run("notices", "--tell", "--by", "Ann")
    assert ended.status == 1
    assert "uasocial[apprise]" in ended.err
