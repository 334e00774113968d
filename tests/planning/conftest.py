"""A project of ours with two accounts, and a moment at which it is planned."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from uasocial import accounts
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.opening import open_ledger
from uasocial.settings import find_project
from uasocial.testing.clock import Clock
from uasocial.toolkit import Toolkit

ZURICH = ZoneInfo("Europe/Zurich")
NOW = datetime(2026, 1, 20, 8, tzinfo=ZURICH)
SETTINGS = """\
time_zone = "Europe/Zurich"

[accounts.board]
platform = "x"
language = "en"
kind = "console"

[accounts.second]
platform = "x"
language = "en"
kind = "console"

[accounts.hall]
platform = "mastodon"
language = "en"
mode = "by hand"
"""
ACTION = """\
number: UA 901/26
countries: [CH]
active_since: 2026-01-15
deadline: 2026-02-10
preferred_languages: [en]
time_zone: Europe/Zurich
link: {en: https://example.org/901}
hashtags: {country: Mill}
targets:
  - id: keeper
    office: {en: Keeper of the Mill}
    country: CH
    holders: [{name: Ada Mill, handles: {x: adamill}}]
"""
ENGLISH = """\
title: Let the mill turn
lead: The miller was told to stop his mill, and nobody told him why.
posts:
  - id: one
    template: "One: {{ title }}. {{ target | mention }}"
  - id: two
    template: "Two: {{ title }}. {{ target | mention }}"
  - id: three
    template: "Three: {{ title }}, by {{ action | last_day }}."
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the case `mill`; every account of it only prints, or is posted by hand."""
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    root = tmp_path / "section"
    case = root / "actions" / "mill"
    case.mkdir(parents=True)
    (root / "uasocial.toml").write_text(SETTINGS, encoding="utf-8")
    (case / "action.yaml").write_text(ACTION, encoding="utf-8")
    (case / "en.yaml").write_text(ENGLISH, encoding="utf-8")
    return root


@pytest.fixture
def kit_at(project):
    """Make a toolkit for a moment."""

    def make(now: datetime = NOW) -> Toolkit:
        return Toolkit(find_project(str(project)), now, actual=now)

    return make


@pytest.fixture
def clock():
    return Clock(NOW)


@pytest.fixture
def book(project, clock):
    """The project's ledger, at the same moment."""
    file = project / "ledger.db"
    open_ledger(str(file)).close()
    ledger = Ledger(f"sqlite:///{file}", clock=clock)
    yield ledger
    ledger.close()


@pytest.fixture
def chosen(kit_at):
    return accounts.accounts(kit_at())
