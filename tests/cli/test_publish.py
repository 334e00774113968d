"""`uasocial publish` and what follows it: nothing goes out unasked, and all can be decided."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

ACCOUNTS = """
time_zone = "Europe/Zurich"
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
[accounts.hand-en]
platform = "bluesky"
language = "en"
mode = "by hand"
[accounts.ask-en]
platform = "x"
language = "en"
kind = "console"
approval = "required"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en"}
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
alt: {gate: A gate with a chain.}
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
"""
TEXT = "Open the gate. https://example.org/1/en"
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")


@pytest.fixture
def run(cases, command, monkeypatch):
    """Run a command in a project with a case and three accounts."""
    cases.settings(ACCOUNTS)
    folder = cases.write(facts=FACTS, en=WORDS)
    (folder / "media").mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "media" / "gate.jpg")
    monkeypatch.chdir(cases.root)
    return command


def publish(run, *options, account="con-en"):
    return run("publish", "gate", "--account", account, "--by", "Dalia Torvane", *options)


def queued(run, *options):
    return json.loads(run("queue", "--json", *options).out)["deliveries"]


def test_without_yes_it_shows_what_would_go_out_and_plans_nothing(run, cases):
    ended = publish(run, "--media", "gate.jpg")
    assert ended.status == 1
    assert ended.err == "nothing is published: say --yes to publish this\n"
    assert ended.out.splitlines() == [
        "con-en: X, en, 38/280",
        f"    {TEXT}",
        "    [image/jpeg, 40 x 30: A gate with a chain.]",
        "  published, now",
    ]
    assert not (cases.root / "ledger.db").exists()


def test_a_moment_is_shown_in_our_zone_and_in_the_targets(run):
    out = publish(run, "--at", SOON).out
    assert " CET (where the target is: " in out or " CEST (where the target is: " in out
    assert " -05)" in out


def test_a_dry_run_plans_nothing_even_with_yes(run, cases):
    ended = publish(run, "--yes", "--dry-run")
    assert (ended.status, ended.err) == (0, "nothing is published: this was a dry run\n")
    assert not (cases.root / "ledger.db").exists()


def test_with_yes_it_is_sent_at_once_and_on_record(run):
    ended = publish(run, "--yes")
    assert ended.status == 0
    assert TEXT in ended.out
    (entry,) = queued(run, "--state", "sent")
    assert ended.out.splitlines()[-1].startswith(f"{entry['id'][:8]}  con-en: sent")
    assert (entry["asked_by"], entry["text"]) == ("Dalia Torvane", TEXT)
    assert run("queue").out == "Nothing is planned; `uasocial publish ACTION` plans it.\n"


def test_json_is_one_object_whatever_the_console_prints(run):
    assert json.loads(publish(run, "--json").out)["drafts"][0]["text"] == TEXT
    (entry,) = json.loads(publish(run, "--yes", "--json").out)["deliveries"]
    assert entry["state"] == "sent"


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--at", "2021-12-01T10:00"], 2, "has no zone; write it as 2021-12-01T10:00+01:00"),
        (["--at", "2021-12-01"], 2, "has no zone"),
        (["--at", "tomorrow"], 2, "is no moment"),
        (["--at", "2021-12-01T10:00 Europe/Nowhere"], 2, "there is no zone 'Europe/Nowhere'"),
        (["--at", "2021-12-01T10:00+01:00 Europe/Zurich"], 2, "has two zones"),
        (["--at", "2026-10-25T02:30 Europe/Zurich"], 2, "sets its clocks at that hour"),
        (["--at", "2026-03-29T02:30 Europe/Zurich"], 2, "sets its clocks at that hour"),
        (["--at", "2021-12-01T10:00+01:00"], 1, "is over"),
        (["--at", "2999-12-01T10:00+01:00"], 1, "the last day to act was"),
        (["--media", "none.jpg", "--alt", "A gate."], 1, "there is no such file"),
        (["--media", "other.jpg"], 1, "has no alt text"),
        (["--language", "es"], 1, "is in 'en', and not in 'es'"),
        (["--wording", "plan"], 1, "no wording 'plan'"),
        (["--occasion", "birthday"], 1, "no occasion 'birthday'"),
    ],
)
def test_bad_input_is_a_clear_line_and_nothing_is_sent(run, cases, options, status, said):
    ended = publish(run, "--yes", *options)
    assert ended.status == status
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (cases.root / "ledger.db").exists()


def test_an_unknown_account_is_said(run):
    ended = publish(run, "--yes", account="con-fr")
    assert (ended.status, ended.err) == (1, "no account 'con-fr'; did you mean 'con-en'?\n")


def test_an_account_that_changed_its_platform_is_refused(run, cases):
    assert publish(run, "--yes").status == 0
    cases.settings(ACCOUNTS.replace('platform = "x"', 'platform = "threads"', 1))
    ended = publish(run, "--yes", "--again")
    assert ended.status == 1
    assert "is one of x on the ledger" in ended.err


def test_the_same_words_twice_need_again(run):
    assert publish(run, "--yes").status == 0
    ended = publish(run, "--yes")
    assert ended.status == 1
    assert "says these very words already" in ended.err
    assert publish(run, "--yes", "--again").status == 0


def test_where_approval_is_required_it_only_proposes(run):
    ended = publish(run, "--yes", account="ask-en")
    assert (ended.status, TEXT in ended.out) == (0, False)
    assert "proposed" in ended.out
    assert [entry["state"] for entry in queued(run)] == ["proposed"]


def test_what_is_proposed_is_approved_by_another_and_then_sent(run, approve):
    publish(run, "--yes", account="ask-en")
    short = queued(run)[0]["id"][:8]
    own = approve(short, by="dalia  torvane")
    assert (own.status, own.out) == (1, "")
    assert "somebody else than Dalia Torvane must approve it" in own.err
    assert run("review", short, "--send-now", "--why", "w").status == 1
    assert run("worker", "--once").status == 0
    assert [entry["state"] for entry in queued(run)] == ["proposed"]
    assert approve(short).status == 0
    assert TEXT in run("worker", "--once").out
    again = approve(short)
    assert (again.status, again.err) == (1, f"{short}: is sent, and not proposed\n")


def test_the_queue_tells_what_is_paused(run):
    publish(run, "--yes", "--at", SOON)
    run("pause", "--country", "PE")
    assert queued(run)[0]["held"] == "pause"
    assert run("queue").out.splitlines()[0].endswith("  paused")
    run("resume", "--country", "PE")
    assert run("queue").out.splitlines()[0].endswith("  planned")


def test_of_what_was_withdrawn_no_words_are_shown(run):
    publish(run, "--yes", "--at", SOON)
    ended = run("withdraw", "gate", "--why", "a threat")
    assert "uasocial ledger erase --action gate" in ended.out
    for shown in (run("show", "gate"), run("show", "gate", "--json"), run("list", "--json")):
        assert "Open the gate" not in shown.out
        assert "a threat" not in shown.out
    assert run("show", "gate").err.startswith("gate: was withdrawn on ")


def test_publishing_sends_nothing_else_that_the_files_have_stopped(run, cases):
    cases.write("other", facts=FACTS, en=WORDS.replace("Open the gate.", "Open the other gate."))
    options = ("--account", "con-en", "--by", "Dalia Torvane", "--yes")
    assert run("publish", "other", *options, "--at", SOON).status == 0
    (before,) = queued(run)
    assert run("review", before["id"][:8], "--send-now", "--why", "now").status == 0
    facts = cases.root / "actions" / "other" / "action.yaml"
    facts.write_text(FACTS + "ended: {how: stop, on: 2026-01-20}\n", encoding="utf-8")
    ended = publish(run, "--yes")
    assert TEXT in ended.out
    assert "other gate" not in ended.out
    assert [one["action"] for one in queued(run, "--state", "cancelled")] == ["other"]


def test_by_hand_nothing_is_laid_out_that_the_files_forbid_since(run, cases):
    publish(run, "--yes", account="hand-en")
    facts = cases.root / "actions" / "gate" / "action.yaml"
    facts.write_text(FACTS + "do_not_post: [the gate]\n", encoding="utf-8")
    ended = run("posted", queued(run)[0]["id"][:8])
    assert ended.status == 1
    assert "it holds a word that must not be posted" in ended.err


def test_what_is_planned_is_in_the_queue_and_waits(run):
    ended = publish(run, "--yes", "--at", SOON)
    assert ended.status == 0
    (entry,) = queued(run, "gate", "--account", "con-en")
    assert entry["state"] == "planned"
    assert datetime.fromisoformat(entry["planned_for"]) == datetime.fromisoformat(SOON)
    first, words = run("queue").out.splitlines()
    assert first.startswith(entry["id"][:8])
    assert "con-en" in first
    assert words.strip() == TEXT
    assert run("worker", "--once").status == 0
    assert [one["state"] for one in queued(run)] == ["planned"]


def test_the_queue_says_what_it_does_not_know(run):
    assert run("queue").out == "Nothing is planned; `uasocial publish ACTION` plans it.\n"
    publish(run, "--yes")
    ended = run("queue", "gatee")
    assert (ended.status, ended.err) == (1, "no action 'gatee'; did you mean 'gate'?\n")
    assert run("queue", "--account", "con").status == 1
    assert run("queue", "--state", "lost").status == 2


# --- by hand -----------------------------------------------------------------------------------


def test_by_hand_it_is_laid_out_and_the_permalink_is_recorded(run, cases):
    ended = publish(run, "--yes", "--media", "gate.jpg", account="hand-en")
    assert ended.status == 0
    (entry,) = queued(run)
    assert entry["state"] == "handed_off"
    short = entry["id"][:8]
    folder = cases.root / "by-hand" / f"gate-hand-en-{short}"
    names = ["picture-1.alt.txt", "picture-1.jpg", "text.txt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / "text.txt").read_text() == TEXT
    assert "https://bsky.app/intent/compose?text=Open%20the%20gate" in ended.out
    assert f"uasocial posted {short} PERMALINK" in ended.out
    done = run("posted", short, "https://social.example/1", "--by", "Dalia Torvane")
    assert done.out == f"{short}  hand-en: sent  https://social.example/1\n"
    (sent,) = queued(run, "--state", "sent")
    assert (sent["permalink"], sent["decided_by"]) == ("https://social.example/1", "Dalia Torvane")
    assert run("posted", short, "https://social.example/2").status == 1


def test_by_hand_the_composer_opens_on_request(run, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    publish(run, "--yes", account="hand-en")
    (entry,) = queued(run)
    assert opened == []
    assert run("posted", entry["id"][:8], "--open").status == 0
    (address,) = opened
    assert address.startswith("https://bsky.app/intent/compose?text=Open%20the%20gate.%20https%3A")


@pytest.mark.parametrize("address", ["http://social.example/1", "social.example", "https://a b"])
def test_a_permalink_that_is_none_is_not_recorded(run, address):
    publish(run, "--yes", account="hand-en")
    (entry,) = queued(run)
    ended = run("posted", entry["id"][:8], address)
    assert ended.status == 1
    assert "is no address of a post" in ended.err
    assert queued(run)[0]["state"] == "handed_off"


def test_what_is_published_by_machine_is_not_posted_by_hand(run):
    publish(run, "--yes", "--at", SOON)
    (entry,) = queued(run)
    ended = run("posted", entry["id"][:8], "https://social.example/1")
    assert ended.status == 1
    assert "is not posted to by hand" in ended.err


def test_an_id_is_named_by_eight_characters_or_more(run):
    publish(run, "--yes")
    for name in ("1234567", "../../..", "%%%%%%%%", "0" * 8):
        assert run("posted", name, "https://social.example/1").status == 1


# --- review ------------------------------------------------------------------------------------


def test_where_nothing_waits_review_says_so(run):
    assert run("review").out == "Nothing waits for a decision.\n"
    assert json.loads(run("review", "--json").out)["deliveries"] == []


def test_a_frozen_post_waits_for_a_decision_and_tells_what_is_known(run, cases):
    publish(run, "--yes", "--at", SOON)
    (entry,) = queued(run)
    short = entry["id"][:8]
    _freeze(cases)
    assert run("review").out.startswith(short)
    out = run("review", short).out
    assert entry["id"] in out
    assert TEXT in out
    assert "look there: the account con-en on x" in out


def _freeze(cases):
    from uasocial import accounts
    from uasocial.outbox.controls import Control, add

    ledger = accounts.ledger_of(cases.kit())
    with ledger.write() as connection:
        add(ledger, connection, Control("freeze", "action", "gate", "Dalia Torvane"))
    ledger.close()


def test_a_decision_needs_a_reason_and_is_on_record(run):
    publish(run, "--yes", "--at", SOON)
    (entry,) = queued(run)
    short = entry["id"][:8]
    ended = run("review", short, "--drop")
    assert (ended.status, ended.err) == (1, "a decision is on record: say why, with --why\n")
    done = run("review", short, "--drop", "--by", "Dalia Torvane", "--why", "too early")
    assert done.out == f"{short}  con-en: dropped\n"
    (after,) = queued(run, "--state", "cancelled")
    assert (after["decided_by"], after["why"]) == ("Dalia Torvane", "too early")
    (shown,) = json.loads(run("review", short, "--json").out)["deliveries"]
    assert shown["attempts"][-1]["detail"] == "too early"


def test_a_post_is_moved_or_sent_now_by_a_decision(run):
    publish(run, "--yes", "--at", SOON)
    (entry,) = queued(run)
    short = entry["id"][:8]
    later = (datetime.fromisoformat(SOON) + timedelta(days=1)).isoformat()
    assert run("review", short, "--move", later, "--why", "Sunday").status == 0
    assert queued(run)[0]["planned_for"] == later
    assert run("review", short, "--move", "2999-01-01T10:00Z", "--why", "never").status == 1
    assert run("review", short, "--send-now", "--why", "now").status == 0
    ended = run("worker", "--once")
    assert TEXT in ended.out
    lines = [line.split(" ", 1)[1] for line in ended.out.splitlines() if short in line]
    assert [line.split()[:3] for line in lines] == [["sent", short, "con-en"]]


def test_decisions_exclude_each_other_and_need_a_delivery(run):
    assert run("review", "12345678", "--drop", "--send-now").status == 2
    assert run("review", "--drop").status == 2
    assert run("review", "12345678", "--sent", "http://x", "--why", "w").status == 1


def test_on_a_terminal_review_asks(run, monkeypatch):
    import click
    from click.testing import CliRunner

    from uasocial.cli import review_command

    publish(run, "--yes", "--at", SOON)
    (entry,) = queued(run)
    monkeypatch.setattr(review_command, "_is_terminal", lambda: True)
    root = click.Context(click.Command("uasocial"), obj=None)
    answers = "drop\nnot today\n"
    done = CliRunner().invoke(review_command.command, [entry["id"][:8]], input=answers, parent=root)
    assert done.exit_code == 0
    assert [one["why"] for one in queued(run, "--state", "cancelled")] == ["not today"]


# --- the worker --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_in_peace_when_it_is_told_to(run, cases, number):
    publish(run, "--yes", "--at", SOON)
    code = "from uasocial.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code, "--project", cases.root, "worker"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout.readline().endswith(" begins\n")
        process.send_signal(number)
        assert process.stdout.readline().endswith(" ends\n")
    assert process.returncode == 0


def test_a_worker_with_a_poll_that_is_none_is_a_usage_error(run):
    assert run("worker", "--once", "--poll", "0").status == 2
    assert run("worker", "--once", "--poll", "nan").status == 2
