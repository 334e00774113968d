"""A project with an open case, an account, and posts planned for it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

ACCOUNTS = """
time_zone = "UTC"
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
[accounts.con-es]
platform = "x"
language = "es"
kind = "console"
"""
TODAY = datetime.now(UTC).date()
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
BY = ("--by", "Dalia Torvane")


def day(distance: int) -> str:
    return (TODAY + timedelta(days=distance)).isoformat()


class Desk:
    """A project, its commands, and what its ledger says."""

    def __init__(self, cases, command) -> None:
        self.cases, self.command = cases, command

    @property
    def folder(self):
        return self.cases.root / "actions" / "gate"

    def text(self, name: str = "action.yaml") -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def __call__(self, *args: str):
        return self.command(*args)

    def plan(self, account: str, wording: str) -> None:
        ended = self("publish", "gate", "--account", account, "--wording", wording,
                     "--at", SOON, "--yes", *BY)  # fmt: skip
        assert (ended.status, ended.err) == (0, "")

    def states(self) -> dict[tuple[str, str], str]:
        """Return the state of each delivery by account and wording."""
        said = json.loads(self("ledger", "--format", "json").out)["posts"]
        return {(one["account"], one["wording"]): one["state"] for one in said}


@pytest.fixture
def desk(cases, command, monkeypatch) -> Desk:
    cases.settings(ACCOUNTS)
    monkeypatch.chdir(cases.root)
    return Desk(cases, command)
