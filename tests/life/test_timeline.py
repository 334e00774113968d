"""`timeline` tells who did what when and why, by files and ledger, and never why one withdrew."""

import json
from datetime import datetime, timedelta

from uasocial.outbox import history
from uasocial.outbox.tables import records
from uasocial.team import timeline

from .conftest import ACCOUNTS, BY, FACTS, LAST, SOON, TODAY, WHY, WORDS

PRIVATE = (*BY, "--why", "the family is in danger")


def kinds(case) -> list[str]:
    return [one["kind"] for one in case.events()]


def test_what_happened_is_told_in_the_order_of_time(published):
    for args in (
        ("pause", "--action", "gate", *WHY),
        ("resume", "--action", "gate", *WHY),
        ("extend", "gate", "--until", str(LAST + timedelta(days=3)), *WHY),
        ("close", "gate", "--outcome", "closed", *WHY),
        ("reopen", "gate", *BY, "--why", "it was a mistake"),
        ("stop", "gate", *WHY),
    ):
        assert published.run(*args).status == 0, args
    assert kinds(published) == [
        "active",
        "planned",
        "sent",
        "planned",
        "pause",
        "pause lifted",
        "extended",
        "close",
        "cancelled",
        "proposed",
        "close lifted",
        "stop",
        "cancelled",
        "deadline",
    ]


def test_each_thing_says_when_with_its_zone_what_who_and_why(published):
    published.run("stop", "gate", *WHY)
    stop = next(one for one in published.events() if one["kind"] == "stop")
    assert datetime.fromisoformat(stop["at"]).tzinfo is not None
    assert (stop["who"], stop["why"], stop["source"]) == ("Dalia Torvane", "she is free", "ledger")
    (gone,) = (one for one in published.events() if one["kind"] == "cancelled")
    assert (gone["account"], gone["language"], gone["why"]) == (
        "con-es",
        "es",
        "stopped: she is free",
    )
    lines = published.run("timeline", "gate").out
    assert " UTC    stopped  by Dalia Torvane\n" in lines
    assert "\n                        she is free\n" in lines
    assert f"{LAST}              the last day to act\n" in lines


def test_no_text_of_a_post_is_in_it(published):
    out = published.run("timeline", "gate", "--json").out
    assert "Open the gate" not in out
    assert "example.org" not in out


def test_an_extension_is_told_once_with_its_moment_and_its_reason(case):
    case.run("extend", "gate", "--until", str(LAST + timedelta(days=3)), *WHY)
    (one,) = (one for one in case.events() if one["kind"] == "extended")
    assert one["what"] == f"the last day was moved from {LAST} to {LAST + timedelta(days=3)}"
    assert (one["why"], one["source"]) == ("she is free", "ledger")


def test_an_extension_is_known_by_the_files_alone(cases, command, monkeypatch):
    note = "2026-01-20: Tomas Ferro moved the last day from 2026-02-10 to 2026-03-10: put off"
    cases.write(facts=f'{FACTS}notes: ["{note}"]\n', en=WORDS)
    monkeypatch.chdir(cases.root)
    out = command("timeline", "gate").out
    assert "2026-01-20              the last day was moved from 2026-02-10 to 2026-03-10" in out
    assert "by Tomas Ferro\n                        put off\n" in out
    assert not (cases.root / "ledger.db").exists()


def test_the_reason_of_a_withdrawal_is_nowhere_in_it(published):
    published.run("cancel", "--action", "gate", *PRIVATE)
    published.publish("con-es", "dated", "--at", SOON)
    published.run("withdraw", "gate", *PRIVATE)
    for args in (("timeline", "gate"), ("timeline", "gate", "--json")):
        told = published.run(*args)
        assert told.status == 0
        assert "danger" not in told.out
        assert "withdrawn" in told.out
    published.run("reopen", "gate", *BY, "--why", "no danger any more")
    withdrawal = [one for one in published.events() if "withdraw" in one["kind"]]
    assert [one["why"] for one in withdrawal] == ["", ""]


def test_of_a_withdrawn_action_not_even_the_titles_of_its_documents_are_told(cases, command):
    source = "sources: [{title: Samar Belkori is in danger, retrieved_at: 2026-01-12}]\n"
    path = cases.write(facts=FACTS + source, en=WORDS) / "action.yaml"
    project = ("--project", str(cases.root))
    assert "Belkori" in command(*project, "timeline", "gate").out
    ended = "ended: {how: withdrawn, on: 2026-01-13, by: Ana, why: she is in danger}\n"
    path.write_text(FACTS + source + ended, encoding="utf-8")
    told = command(*project, "timeline", "gate").out
    assert "2026-01-12              read\n" in told
    assert "2026-01-13              withdrawn  by Ana\n" in told
    assert "danger" not in told


def test_versions_documents_and_holders_are_told_by_the_files(cases, command):
    folder = cases.write(facts=FACTS, en=WORDS)
    old = folder / "versions" / "1"
    old.mkdir(parents=True)
    read = "sources: [{title: First page, retrieved_at: 2026-01-12}]\n"
    (old / "action.yaml").write_text(FACTS + read, encoding="utf-8")
    (old / "en.yaml").write_text(WORDS, encoding="utf-8")
    (folder / "versions" / "2").mkdir()
    document = {"name": "page.html", "sha256": "0" * 64, "retrieved": "2026-01-11"}
    lists = {key: [] for key in ("fields", "unplaced", "doubts", "disagreements")}
    record = {"schema": 1, "documents": [document], **lists}
    (folder / "imported.json").write_text(json.dumps(record), encoding="utf-8")
    done = command("--project", str(cases.root), "timeline", "gate")
    assert "2026-01-11              read: page.html\n" in done.out
    assert f"2026-01-12              version 1: UA 1/26; to act until {LAST}\n" in done.out
    assert "not told here: " in done.err
    assert "versions/2/action.yaml: is missing" in done.err


def test_what_the_files_say_of_its_end_stands_where_the_ledger_knows_none(cases, command):
    ended = f"ended: {{how: good-news, on: {TODAY}, by: Ana, why: she is free}}\n"
    cases.write(facts=FACTS + ended, en=WORDS)
    out = command("--project", str(cases.root), "timeline", "gate").out
    assert f"{TODAY}              closed: good news  by Ana\n" in out


def test_a_broken_file_hides_nothing_that_the_ledger_knows(published):
    published.write("countries: [\n")
    done = published.run("timeline", "gate")
    assert done.status == 0
    assert "not told here: actions/gate/action.yaml:2:" in done.err
    assert "sent" in done.out


def test_an_action_whose_files_are_gone_is_told_by_the_ledger(published):
    published.folder.rename(published.project.root / "away")
    assert "appeal sent" in published.run("timeline", "gate").out


def test_nobody_s_action_is_told(published):
    published.run("stop", "--all", *WHY)
    done = published.run("timeline", "gaet")
    assert (done.status, done.out) == (1, "")
    assert done.err == "no action 'gaet'; did you mean 'gate'?\n"


def test_a_long_one_is_capped_and_says_so(published, ledger_url):
    import sqlalchemy as sa

    (one,) = (post["delivery"] for post in published.posts() if post["state"] == "planned")
    at = datetime.fromisoformat(published.events()[1]["at"])
    row = {"at": at, "kind": "words", "by": "Ana", "delivery": one, "data": {}}
    rows = [{**row, "seq": 100 + n, "before": "", "sha256": ""} for n in range(history.MOST + 5)]
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(sa.insert(records), rows)
    engine.dispose()
    done = published.run("timeline", "gate")
    assert done.err == "the last 1,000: there is more before\n"
    assert len([line for line in done.out.splitlines() if line[:4].isdigit()]) == timeline.MOST
    assert json.loads(published.run("timeline", "gate", "--json").out)["cut"] is True


def test_it_names_no_program_that_is_not_of_the_project(case):
    case.project.settings(f'{ACCOUNTS}\n[after]\ncommand = ["true"]\n')
    case.run("plugins", "trust", str(case.project.root / "uasocial.toml"))
    case.run("stop", "gate", *WHY)
    (told,) = (one for one in case.events() if one["kind"] == "after")
    assert told["what"] == "after stop, the program of the project ended well"
