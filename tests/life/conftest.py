"""A project whose ledger is of each kind, with a case in two languages and a post that is live."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.outbox.conftest import ledger_url, postgres  # noqa: F401 - fixtures of the ledger's room

from uasocial.outbox import opening

ACCOUNTS = """
[accounts.con-en]
platform = "mastodon"
language = "en"
kind = "console"
[accounts.con-es]
platform = "mastodon"
language = "es"
kind = "console"
"""
# Of plain days, not of an example's: they are moved here.
TODAY = datetime.now(UTC).date()
LAST = TODAY + timedelta(days=20)
FACTS = f"""\
number: UA 1/26
countries: [PE]
active_since: {TODAY - timedelta(days=5)}
deadline: {LAST}
deadline_inclusive: true
link: {{en: "https://example.org/1/en", es: "https://example.org/1/es"}}
targets:
  - {{id: minister, office: {{en: Minister of Gates, es: Ministro}}, country: PE}}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
  - {id: dated, template: "Open it by {{ action | deadline }}. {{ action | link }}"}
  - {id: left, template: "Open it: {{ action | days_left }}. {{ action | link }}"}
"""
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
BY = ("--by", "Dalia Torvane")
WHY = (*BY, "--why", "she is free")


class Case:
    """The case `gate` of a project, as commands and files show it."""

    def __init__(self, cases, command) -> None:
        self.folder = cases.root / "actions" / "gate"
        self.project, self.run = cases, command

    def file(self, name: str = "action") -> str:
        return (self.folder / f"{name}.yaml").read_text(encoding="utf-8")

    def write(self, text: str, name: str = "action") -> None:
        (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def posts(self) -> list[dict[str, object]]:
        return json.loads(self.run("ledger", "--format", "json").out)["posts"]

    def states(self, occasion: str = "appeal") -> dict[str, list[str]]:
        """Return the states of the posts of an occasion, by account."""
        found: dict[str, list[str]] = {}
        for one in self.posts():
            if one["occasion"] == occasion:
                found.setdefault(one["account"], []).append(one["state"])
        return found

    def publish(self, account: str, wording: str, *more: str):
        chosen = ("--account", account, "--wording", wording)
        done = self.run("publish", "gate", *chosen, *more, "--yes", *BY)
        assert done.status == 0, done.err
        return done

    def events(self) -> list[dict[str, object]]:
        return json.loads(self.run("timeline", "gate", "--json").out)["events"]


@pytest.fixture
def case(cases, command, monkeypatch, ledger_url):  # noqa: F811 - the fixture that is imported
    """A case that nothing was published of; its ledger is of each kind."""
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", ledger_url)
    monkeypatch.chdir(cases.root)
    cases.settings(ACCOUNTS)
    cases.write(facts=FACTS, en=WORDS, es=WORDS)
    opened, open_ledger = [], opening.open_ledger

    def kept(url: str):
        opened.append(open_ledger(url))
        return opened[-1]

    # The process of a command ends its connections; here many commands share one.
    monkeypatch.setattr(opening, "open_ledger", kept)
    yield Case(cases, command)
    for ledger in opened:
        ledger.close()


@pytest.fixture
def published(case):
    """A post that is live in English, and one planned in Spanish."""
    case.publish("con-en", "plain")
    case.publish("con-es", "plain", "--at", SOON)
    return case
