"""Four eyes by commands: what is shown is what is approved, by somebody who may, or nothing is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from uasocial.errors import SettingsError
from uasocial.outbox import approvals, deliveries
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.queue import find, post_in
from uasocial.outbox.tables import deliveries as rows

ACCOUNTS = """
time_zone = "Europe/Zurich"
[accounts.ask-en]
platform = "mastodon"
language = "en"
kind = "console"
approval = "required"
[accounts.ask-es]
platform = "mastodon"
language = "es"
kind = "console"
approval = "required"
[accounts.con-en]
platform = "mastodon"
language = "en"
kind = "console"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en", es: "https://example.org/1/es"}
targets:
  - {id: minister, office: {en: Minister of Gates, es: Ministra de Puertas}, country: PE}
"""
EN = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
"""
ES = """\
title: Abran la puerta
lead: La puerta sigue cerrada.
demands: [Abran la puerta]
posts:
  - {id: plain, template: "Abran la puerta. {{ action | link }}"}
"""
SPANISH = "Abran la puerta. https://example.org/1/es"
ENGLISH = "Open the gate. https://example.org/1/en"
BEA = ("--by", "Bea Lindqvist")
SOON = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project of two languages, in which two posts are proposed."""
    cases.settings(ACCOUNTS)
    cases.write(facts=FACTS, en=EN, es=ES)
    monkeypatch.chdir(cases.root)
    for account in ("ask-en", "ask-es"):
        assert publish(command, account).status == 0
    return command


def publish(run, account):
    at = ("--at", SOON.isoformat(timespec="minutes"))
    return run("publish", "gate", "--account", account, *at, "--by", "Ana Ruiz", "--yes")


def queued(run, *options):
    return {
        one["account"]: one
        for one in json.loads(run("queue", "--json", *options).out)["deliveries"]
    }


def states(run):
    everything = [f"--state={name}" for name in ("proposed", "planned", "rejected", "cancelled")]
    return {name: one["state"] for name, one in queued(run, *everything).items()}


def shown(run, *chosen):
    return json.loads(run("approve", *chosen, *BEA, "--json").out)


def short(run, account):
    return queued(run)[account]["id"][:8]


# --- shown ---------------------------------------------------------------------------------------


def test_a_post_is_shown_beside_its_words_in_a_language_of_the_approver(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    ended = run("approve", "--account", "ask-es", "--read", "en", *BEA)
    assert ended.status == 1
    name, code = short(run, "ask-es"), shown(run, "--account", "ask-es")["code"]
    assert ended.out.startswith(f"{name}  ask-es (mastodon, es)  ")
    assert "gate, appeal, plain, asked for by Ana Ruiz" in ended.out
    lines = [line.split(" | ") for line in ended.out.splitlines() if " | " in line]
    assert [[cell.strip() for cell in cells] for cells in lines] == [
        ["es:", "en:"],
        [SPANISH, ENGLISH],
    ]
    assert ended.err == f"nothing is approved: say --yes {code} to approve 1 post\n"
    assert states(run)["ask-es"] == "proposed"


def test_where_there_is_no_room_the_words_stand_below_each_other(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    out = run("approve", "--account", "ask-es", "--read", "en", *BEA).out
    assert [line.strip() for line in out.splitlines()][2:6] == ["es:", SPANISH, "en:", ENGLISH]


def test_as_data_it_is_the_same_with_its_code(run):
    found = shown(run, "--account", "ask-es", "--read", "en")
    (one,) = found["posts"]
    assert len(found["code"]) == 8
    assert (one["text"], one["before"]) == (SPANISH, None)
    assert one["source"] == {"language": "en", "text": ENGLISH, "content_warning": ""}


def test_the_language_is_the_persons_where_the_settings_say_it(run, cases):
    cases.settings(ACCOUNTS + '[people."Bea Lindqvist"]\nmay = ["approve"]\nreads = "es"\n')
    by_account = {one["account"]: one for one in shown(run)["posts"]}
    assert by_account["ask-en"]["source"]["text"] == SPANISH
    assert by_account["ask-es"]["source"] is None


def test_a_language_that_the_case_lacks_is_said(run):
    (one,) = shown(run, "--account", "ask-es", "--read", "de")["posts"]
    assert one["source"] is None
    assert "there is no source beside it: the case has no 'plain' in de" in one["warnings"]


def test_files_that_say_something_else_by_now_are_told(run, cases):
    cases.root.joinpath("actions", "gate", "es.yaml").write_text(
        ES.replace("Abran la puerta.", "Abran la puerta hoy."), encoding="utf-8"
    )
    (one,) = shown(run, "--account", "ask-es")["posts"]
    assert "the files of the case say something else by now" in one["warnings"]


def test_what_is_new_since_the_last_approval_is_shown(run, cases, approve):
    approve("--account", "ask-es")
    ledger = Ledger(f"sqlite:///{cases.root / 'ledger.db'}")
    held = find(ledger, short(run, "ask-es"))
    with ledger.write() as connection:
        approvals.void(ledger, connection, [held.id], "Ana Ruiz", "the holder has changed")
    out = run("approve", held.id, *BEA).out
    assert "approved before, in the same words" in out
    assert "look: the holder has changed" in out
    post = replace(post_in(ledger, held), id="another", text="Abran la puerta hoy.")
    with ledger.write() as connection:
        deliveries.keep_post(connection, post, held.post)
        mine = rows.c.id == held.id
        connection.execute(sa.update(rows).where(mine).values(post=post.id))
    ledger.close()
    lines = [line.strip() for line in run("approve", held.id, *BEA).out.splitlines()]
    start = lines.index("new since it was approved last:")
    assert lines[start + 1 : start + 4] == ["es:", f"- {SPANISH}", "+ Abran la puerta hoy."]


def test_nothing_to_approve_is_no_fault(run):
    ended = run("approve", "--account", "con-en", *BEA)
    assert (ended.status, ended.out) == (0, "Nothing of it waits for an approval.\n")


# --- approved ------------------------------------------------------------------------------------


def test_a_lot_is_approved_with_its_code_at_once(run, approve):
    ended = approve("--action", "gate")
    assert ended.status == 0
    assert ended.out.count("approved, and planned for") == 2
    assert states(run) == {"ask-en": "planned", "ask-es": "planned"}
    assert queued(run)["ask-es"]["approved_by"] == "Haron Velsi"


def test_what_came_to_a_lot_after_it_was_shown_is_not_approved_with_it(run):
    code = shown(run, "--action", "gate")["code"]
    run("publish", "gate", "--account", "ask-en", "--again", "--by", "Ana Ruiz", "--yes")
    ended = run("approve", "--action", "gate", "--yes", code, *BEA)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "what is to be approved is not what was shown: look at it again\n"
    assert set(states(run).values()) == {"proposed"}


def test_what_was_moved_after_it_was_shown_is_not_approved(run):
    code = shown(run)["code"]
    run("reschedule", short(run, "ask-en"), (SOON + timedelta(hours=1)).isoformat(), *BEA)
    assert run("approve", "--all", "--yes", code, *BEA).status == 1
    assert set(states(run).values()) == {"proposed"}


@pytest.mark.parametrize("code", ["", "00000000", "yes"])
def test_a_code_that_is_none_approves_nothing(run, code):
    assert run("approve", "--all", "--yes", code, *BEA).status == 1
    assert set(states(run).values()) == {"proposed"}


def test_a_stop_in_the_files_is_seen_before_anything_is_approved(run, cases):
    code = shown(run)["code"]
    facts = cases.root / "actions" / "gate" / "action.yaml"
    ended = "ended: {how: stop, on: today, by: Ana Ruiz, why: released}\n"
    facts.write_text(FACTS + ended, encoding="utf-8")
    assert run("approve", "--all", "--yes", code, *BEA).status == 1
    assert "planned" not in states(run).values()


# --- who may -------------------------------------------------------------------------------------

PEOPLE = """
[people."Bea Lindqvist"]
may = ["approve"]
[people."Ana Ruiz"]
may = ["write", "approve"]
[people.Omar]
may = ["write"]
"""


@pytest.mark.parametrize("by", ["Omar", "Nobody Known"])
def test_where_people_are_named_only_those_who_may_approve_do(run, cases, by):
    cases.settings(ACCOUNTS + PEOPLE)
    ended = run("approve", "--all", "--yes", shown(run)["code"], "--by", by)
    assert ended.status == 1
    assert f'{by}: has no "approve" in [people]' in ended.err
    assert "Bea Lindqvist, Ana Ruiz" in ended.err
    assert run("reject", "--all", "--why", "no", "--by", by).status == 1
    assert set(states(run).values()) == {"proposed"}


@pytest.mark.usefixtures("run")
def test_who_may_approve_does_not_approve_what_is_theirs(cases, approve):
    cases.settings(ACCOUNTS + PEOPLE)
    ended = approve("--all", by="ana ruiz")
    assert "somebody else than Ana Ruiz must approve it" in ended.err
    assert approve("--all", by="bea lindqvist").status == 0


@pytest.mark.usefixtures("run")
def test_what_an_account_requires_holds_though_the_team_wants_no_approval(cases, approve):
    cases.settings(ACCOUNTS + '[team]\napproval = "none"\n')
    assert approve("--all", by="Ana Ruiz").status == 1
    cases.settings(ACCOUNTS.replace('"required"', '"none"') + '[team]\napproval = "none"\n')
    assert approve("--all", by="Ana Ruiz").status == 0


RIGHTS = {
    "reschedule": ("reschedule", "--all", "--later", "1h"),
    "cancel": ("cancel", "--all"),
    "resume": ("resume", "--all"),
    "reopen": ("reopen", "--all", "--why", "it is over"),
}


@pytest.mark.parametrize("command_name", RIGHTS)
def test_other_decisions_have_their_own_right(run, cases, command_name):
    cases.settings(ACCOUNTS + PEOPLE)
    ended = run(*RIGHTS[command_name], *BEA)
    assert ended.status == 1
    assert "Bea Lindqvist: has no" in ended.err


@pytest.mark.parametrize("held", [("pause", "--all"), ("stop", "--all", "--why", "danger")])
def test_whoever_sees_the_danger_may_keep_everything_back(run, cases, held):
    """To stop asks for no right: on the worst day it must not matter who is awake."""
    cases.settings(ACCOUNTS + PEOPLE)
    assert run(*held, *BEA).status == 0


WRONG = {
    "a right there is not": (
        '[people.Ana]\nmay = ["publish"]\n',
        'people: must be tables such as [people.ana] with may = ["write", "approve", "stop"]',
    ),
    "no rights": ("[people.Ana]\n", "people: must be tables"),
    "an unknown key": ('[people.Ana]\nmay = []\nread = "en"\n', "unknown key 'read'; did you mean"),
    "another approval": ('[team]\napproval = "two"\n', 'team: approval must be "required" or'),
}


@pytest.mark.parametrize("what", WRONG)
def test_people_that_are_written_wrong_are_told_with_their_line(cases, what):
    text, said = WRONG[what]
    cases.settings(ACCOUNTS + text)
    with pytest.raises(SettingsError) as caught:
        cases.kit()
    assert said in str(caught.value)
    assert "line " in str(caught.value)


# --- rejected, moved, cancelled, paused ----------------------------------------------------------


def test_what_is_rejected_needs_a_reason(run):
    assert run("reject", "--language", "es", *BEA).status == 2
    ended = run("reject", "--language", "es", "--why", "not so", *BEA)
    assert ended.out == f"{ended.out[:8]}  ask-es: rejected\n"
    assert states(run) == {"ask-en": "proposed", "ask-es": "rejected"}
    assert (
        run("reject", "--language", "es", "--why", "no", *BEA).out == "nothing of it is proposed\n"
    )


def test_one_is_moved_to_a_moment_and_a_scope_by_a_time(run, approve):
    name = short(run, "ask-en")
    later = (SOON + timedelta(hours=3)).isoformat()
    assert run("reschedule", name, later, *BEA).out.startswith(f"{name}  ask-en: proposed for ")
    approve("--all")
    ended = run("reschedule", "--platform", "mastodon", "--earlier", "30m", *BEA)
    assert (ended.status, ended.out.count("planned for")) == (0, 2)
    moved = queued(run)
    assert [
        datetime.fromisoformat(moved[name]["planned_for"]) for name in ("ask-en", "ask-es")
    ] == [
        SOON + timedelta(hours=2.5),
        SOON - timedelta(minutes=30),
    ]


def test_a_move_out_of_the_window_says_that_the_approval_is_void(run, approve):
    approve("--all")
    ended = run("reschedule", "--account", "ask-en", "--later", "2d", *BEA)
    assert "proposed for" in ended.out
    assert "its approval was for another time, and is void" in ended.out
    assert states(run) == {"ask-en": "proposed", "ask-es": "planned"}


ODD = {
    "no moment": (("reschedule", "12345678"), "give one DELIVERY and WHEN"),
    "two times": (("reschedule", "--all", "--later", "1h", "--earlier", "1h"), "give one"),
    "no zone": (("reschedule", "12345678", "2030-01-01T10:00"), "has no zone"),
    "no time": (("reschedule", "--all", "--later", "soon"), "write it as 30m, 2h or 3d"),
    "too long": (("approve", "--all", "--window", "400d"), "write it as 30m, 2h or 3d"),
    "nobody": (("cancel",), "name a DELIVERY, or say what for"),
    "both": (("cancel", "12345678", "--all"), "not both"),
    "all and one": (("reject", "--all", "--account", "ask-en", "--why", "x"), "leave the others"),
    "two scopes": (("pause", "--all", "--account", "ask-en"), "say what for"),
    "a pause of both": (("pause", "12345678", "--account", "ask-en"), "not both"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_question_that_is_unclear_decides_nothing(run, what):
    args, said = ODD[what]
    ended = run(*args, *BEA)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err.splitlines()[-1]
    assert set(states(run).values()) == {"proposed"}


def test_options_narrow_each_other_down(run):
    assert run("cancel", "--action", "gate", "--language", "de", *BEA).out == (
        "nothing of it is pending\n"
    )
    name = short(run, "ask-es")
    ended = run("cancel", "--action", "gate", "--language", "es", "--country", "pe", *BEA)
    assert ended.out == f"{name}: cancelled\n"
    assert states(run) == {"ask-en": "proposed", "ask-es": "cancelled"}


def test_one_post_is_paused_alone_and_resumed(run, approve):
    approve("--all")
    name = short(run, "ask-en")
    assert run("pause", name, *BEA).out == f"{name}: paused\n"
    assert {one: entry["held"] for one, entry in queued(run).items()} == {
        "ask-en": "pause",
        "ask-es": "",
    }
    assert run("pause", name, *BEA).out == f"{name}: is paused already\n"
    assert run("resume", name, *BEA).out == f"{name}: resumed\n"
    assert queued(run)["ask-en"]["held"] == ""


def test_what_is_frozen_goes_to_review_until_it_is_lifted(run, approve):
    approve("--all")
    assert run("pause", "--language", "es", "--freeze", *BEA).out == "language es: frozen\n"
    assert [line[10:] for line in run("review").out.splitlines() if "ask-es" in line]
    assert run("resume", "--language", "es", *BEA).out == "language es: resumed\n"
    assert run("review").out == "Nothing waits for a decision.\n"


def test_a_yes_without_a_code_says_where_the_code_comes_from(run):
    ended = run("approve", "--action", "gate", *BEA, "--yes")
    assert (ended.status, ended.out) == (2, "")
    assert "it is shown without --yes" in ended.err
