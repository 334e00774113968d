"""`stop` and its kin: files first, then the ledger, and loud until both have taken it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from uasocial import stopping

ACCOUNTS = """
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
[accounts.con-es]
platform = "x"
language = "es"
kind = "console"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en", es: "https://example.org/1/es"}
targets:
  - {id: minister, office: {en: Minister of Gates, es: Ministro}, country: PE}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
"""
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
BY = ("--by", "Dalia Torvane")
WHY = (*BY, "--why", "she is free")


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project with a case in two languages."""
    cases.settings(ACCOUNTS)
    cases.write(facts=FACTS, en=WORDS, es=WORDS)
    monkeypatch.chdir(cases.root)
    return command


@pytest.fixture
def planned(run):
    """A post that is live in English, and one planned in Spanish."""
    assert run("publish", "gate", "--account", "con-en", "--yes", *BY).status == 0
    assert run("publish", "gate", "--account", "con-es", "--at", SOON, "--yes", *BY).status == 0
    return run


def facts(cases) -> str:
    return (cases.root / "actions" / "gate" / "action.yaml").read_text(encoding="utf-8")


def states(run) -> dict[str, str]:
    said = json.loads(run("ledger", "--format", "json").out)["posts"]
    return {one["account"]: one["state"] for one in said}


def test_a_stop_ends_every_language_and_lists_what_is_live(planned, cases):
    ended = planned("stop", "gate", *WHY)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("gate: stopped; 1 post cancelled\nAlready live:\n")
    assert "con-en (x, en)  console-" in ended.out
    assert states(planned) == {"con-en": "sent", "con-es": "cancelled"}
    assert facts(cases).startswith(FACTS)
    assert "how: stop" in facts(cases)
    assert "by: Dalia Torvane" in facts(cases)
    assert "why: she is free" in facts(cases)
    assert "was stopped" in planned("share", "gate").err


def test_a_stop_is_safe_to_repeat(planned, cases):
    planned("stop", "gate", *WHY)
    before = facts(cases)
    again = planned("stop", "gate", "--by", "Tomas Ferro", "--why", "again")
    assert again.out.startswith("gate: stopped; 0 posts cancelled\n")
    assert facts(cases) == before


def test_a_stop_is_loud_and_fails_until_the_ledger_has_taken_it(planned, cases, monkeypatch):
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    ended = planned("stop", "gate", *WHY)
    assert ended.status == 1
    assert "THIS MACHINE HAS STOPPED, THE OTHERS NOT YET" in ended.err
    assert "secret" not in ended.err
    assert "how: stop" in facts(cases)
    monkeypatch.delenv("UASOCIAL_LEDGER_URL")
    assert states(planned)["con-es"] == "planned"
    assert planned("stop", "gate", *WHY).status == 0
    assert states(planned)["con-es"] == "cancelled"


def test_a_broken_file_keeps_no_stop_from_the_ledger(planned, cases):
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text("countries: [\n", encoding="utf-8")
    ended = planned("stop", "gate", *WHY)
    assert ended.status == 1
    assert "NOT STOPPED in its files: actions/gate/action.yaml:2: is not valid YAML" in ended.err
    assert states(planned)["con-es"] == "cancelled"


def test_an_action_whose_files_are_gone_is_stopped_on_the_ledger(planned, cases):
    (cases.root / "actions" / "gate").rename(cases.root / "away")
    assert planned("stop", "gate", *WHY).status == 0
    assert states(planned)["con-es"] == "cancelled"


def test_a_stop_of_nobody_s_action_is_told(run, cases):
    ended = run("stop", "gaet", *WHY)
    assert (ended.status, ended.err) == (1, "no action 'gaet'; did you mean 'gate'?\n")
    assert facts(cases) == FACTS


def test_a_stop_of_everything_touches_no_file_and_can_be_lifted(planned, cases):
    ended = planned("stop", "--all", *WHY)
    assert (ended.status, ended.out.splitlines()[0]) == (0, "everything: stopped; 1 post cancelled")
    assert facts(cases) == FACTS
    refused = planned("publish", "gate", "--account", "con-es", "--at", SOON, "--yes", *BY)
    assert refused.status == 1
    assert planned("reopen", "--all", *WHY).status == 0
    assert states(planned)["con-es"] == "cancelled"
    assert planned("publish", "gate", "--account", "con-es", "--at", SOON, "--yes", *BY).status == 0


def test_reopening_lifts_the_stop_in_files_and_ledger_and_plans_nothing(planned, cases):
    planned("stop", "gate", *WHY)
    ended = planned("reopen", "gate", *WHY)
    assert (ended.status, ended.err) == (0, "")
    assert facts(cases) == FACTS
    assert states(planned) == {"con-en": "sent", "con-es": "cancelled"}
    assert planned("share", "gate", "-p", "x").status == 0
    assert planned("reopen", "gate", *WHY).err == "gate: is not stopped\n"


def test_the_reason_of_a_withdrawal_is_private(planned, cases):
    reason = ("--by", "Dalia Torvane", "--why", "the family is in danger")
    ended = planned("withdraw", "gate", *reason)
    assert (ended.status, ended.out.splitlines()[0]) == (0, "gate: withdrawn; 1 post cancelled")
    assert "how: withdrawn" in facts(cases)
    shown = [
        planned("ledger", "gate"),
        planned("ledger", "--format", "chain"),
        planned("ledger", "--format", "csv"),
        planned("queue"),
        planned("preview", "gate"),
    ]
    assert "danger" not in facts(cases) + "".join(one.out + one.err for one in shown)


def test_a_withdrawn_action_stays_so_when_it_is_stopped_and_a_stopped_one_can_be_withdrawn(
    run, cases
):
    run("stop", "gate", *WHY)
    run("withdraw", "gate", *WHY)
    assert "how: withdrawn" in facts(cases)
    run("stop", "gate", *WHY)
    assert "how: withdrawn" in facts(cases)


def test_what_the_network_cannot_delete_is_told_and_fails(planned):
    ended = planned("stop", "gate", "--delete-live", *WHY)
    assert ended.status == 1
    assert "con-en console-" in ended.err
    assert "CANNOT BE DELETED" in ended.err


# --- who, and what for -------------------------------------------------------------------------


def test_a_pause_holds_back_one_scope_until_it_is_lifted(planned):
    assert planned("pause", "--language", "es", *BY).out == "language es: paused\n"
    assert planned("pause", "--language", "es", *BY).out == "language es: is paused already\n"
    assert planned("resume", "--all", *BY).status == 1
    assert planned("resume", "--language", "es", *BY).out == "language es: resumed\n"
    assert states(planned)["con-es"] == "planned"


WRONG = {
    "no scope": (("pause",), 2, "say what for"),
    "two scopes": (("pause", "--all", "--account", "con-en"), 2, "say what for"),
    "an unknown account": (("pause", "--account", "con-en-"), 1, "did you mean 'con-en'?"),
    "an unknown platform": (("pause", "--platform", "blusky"), 1, "did you mean 'bluesky'?"),
    "an unknown country": (("pause", "--country", "XX"), 2, "'XX' is no country"),
    "a language that is none": (("pause", "--language", "Spanish"), 2, "is no language"),
    "no reason": (("stop", "gate", *BY), 2, "--why"),
    "an empty reason": (("stop", "gate", *BY, "--why", " "), 2, "say why"),
    "an empty name": (("stop", "gate", "--by", "", "--why", "x"), 2, "say who you are"),
    "a hidden character": (("stop", "gate", "--by", "Da\u202elia", "--why", "x"), 2, r"\u202e"),
    "an action and all": (("stop", "gate", "--all", *WHY), 2, "name an ACTION"),
    "nothing to cancel": (("cancel",), 2, "name a DELIVERY"),
    "half an id": (("cancel", "12ab"), 1, "give 8 or more characters"),
    "an unknown id": (("cancel", "12ab34cd"), 1, "there is no delivery '12ab34cd'"),
    "words of all": (("resume", "--all", "--words"), 2, "--words goes with --action"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_question_changes_nothing(planned, cases, what):
    args, status, sentence = WRONG[what]
    ended = planned(*args)
    assert (ended.status, ended.out) == (status, "")
    assert sentence in ended.err.splitlines()[-1]
    assert facts(cases) == FACTS
    assert states(planned) == {"con-en": "sent", "con-es": "planned"}


def test_who_it_was_comes_from_the_environment_where_it_is_not_said(planned, monkeypatch):
    monkeypatch.setenv("UASOCIAL_NAME", "Tomas Ferro")
    planned("pause", "--all")
    assert '"by":"Tomas Ferro"' in planned("ledger", "--format", "chain").out


def test_deliveries_are_cancelled_all_or_none(planned):
    said = json.loads(planned("ledger", "--format", "json").out)["posts"]
    ids = {one["account"]: one["delivery"] for one in said}
    live, pending = ids["con-en"], ids["con-es"]
    refused = planned("cancel", pending[:8], live[:8], *BY)
    assert refused.status == 1
    assert "is sent" in refused.err
    assert states(planned)["con-es"] == "planned"
    assert planned("cancel", pending[:8], *BY).out == f"{pending[:8]}: cancelled\n"
    assert planned("cancel", "--action", "gate", *BY).out == "nothing of it is pending\n"


# --- words -------------------------------------------------------------------------------------

PERSON = """\
do_not_post: [Mill Road]
people:
  - name: Samar Belkori
    spellings: [S. Belkori]
    consents: {consents}
"""
NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
NAME, SOCIAL = "{use: name, given_on: 2026-01-01", "{use: social-media, given_on: 2026-01-01"
RENEWED = "{use: social-media, given_on: 2026-01-26, expires_on: 2026-01-28}"


@pytest.mark.parametrize(
    ("consents", "starts"),
    [
        ("[]", None),
        (f"[{NAME}}}]", None),
        (f"[{NAME}}}, {SOCIAL}, expires_on: 2026-01-19}}]", None),
        ("[{use: name, given_on: 2026-01-01}, {use: social-media, given_on: 2026-02-01}]", None),
        (f"[{NAME}}}, {SOCIAL}, expires_on: 2026-01-31}}]", "2026-02-01T00:00+00:00"),
        (
            f"[{NAME}, expires_on: 2026-01-25}}, {SOCIAL}, expires_on: 2026-01-31}}]",
            "2026-01-26T00:00+00:00",
        ),
        (
            (
                f"[{NAME}}}, {SOCIAL}, expires_on: 2026-01-25}},"
                " {use: social-media, given_on: 2026-01-26, expires_on: 2026-01-28}]"
            ),
            "2026-01-29T00:00+00:00",
        ),
    ],
)
def test_a_name_is_a_word_that_must_not_be_posted_from_the_end_of_consent(cases, consents, starts):
    cases.write(facts=_with_person(consents))
    words = dict(stopping.words_of(cases.kit().action("gate"), NOW))
    moment = datetime.fromisoformat(starts) if starts else None
    assert words.pop("Mill Road") is None
    assert {"Samar Belkori", "S. Belkori"} <= words.keys()
    assert set(words.values()) == {moment}


def test_a_name_with_lasting_consent_is_no_such_word(cases):
    cases.write(facts=_with_person(f"[{NAME}}}, {SOCIAL}}}]"))
    assert stopping.words_of(cases.kit().action("gate"), NOW) == [("Mill Road", None)]


def _with_person(consents: str) -> str:
    from tests.conftest import FACTS as PLAIN

    return f"{PLAIN}{PERSON.format(consents=consents)}"


def test_words_are_lifted_by_a_person_alone(planned, cases):
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text(f"{FACTS}do_not_post: [Mill Road]\n", encoding="utf-8")
    publish = ("publish", "gate", "--account", "con-en", "--at", SOON, "--again", "--yes", *BY)
    assert planned(*publish).status == 0
    path.write_text(FACTS, encoding="utf-8")
    assert planned(*publish).status == 0
    lift = ("resume", "--action", "gate", "--words", *BY)
    assert planned(*lift).out == "action gate: its words are lifted\n"
    assert planned(*lift).status == 1
