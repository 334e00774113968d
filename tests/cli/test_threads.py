"""`uasocial publish` beyond one text: threads, content warnings, words without handles, prices."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

ACCOUNTS = """
[accounts.wire-en]
platform = "mastodon"
language = "en"
kind = "wire"
[accounts.paid-en]
platform = "x"
language = "en"
kind = "paid"
[accounts.plain-en]
platform = "bluesky"
language = "en"
kind = "plain"
[accounts.con-en]
platform = "mastodon"
language = "en"
kind = "console"
[accounts.hand-en]
platform = "mastodon"
language = "en"
mode = "by hand"
[accounts.ask-en]
platform = "mastodon"
language = "en"
kind = "wire"
approval = "required"
"""
FACTS = """\
number: UA 1/26
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en"}
targets:
  - id: minister
    office: {en: Minister of Gates}
    country: PE
    holders:
      - name: Ana Example
        handles: {x: ana_example, mastodon: "ana@social.example"}
        handle_ids: {mastodon: "11"}
mentions: {mastodon: ["gates@social.example"]}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
content_warning: A closed gate
alt: {gate: A gate with a chain., way: A way behind a gate.}
posts:
  - {id: ask, template: "{{ target | mention }}, open the gate. {{ action | link }}"}
  - {id: way, template: "Let us pass."}
  - {id: last, template: "Thank you."}
  - id: literal
    text: "@ana@social.example, open it. https://example.org/1/en"
    platforms: [mastodon]
  - {id: ours, template: "@gates@social.example: {{ target | mention }}, open it."}
"""
LINK = "https://example.org/1/en"
ASKED = f"@ana@social.example, open the gate. {LINK}"
NAMED = f"Ana Example (Minister of Gates), open the gate. {LINK}"
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
THREAD = ("--wording", "ask", "--then", "way", "--then", "last")


@pytest.fixture
def run(cases, wired, command):
    """Run a command in a project with a case of several wordings."""
    wired.set(handles={"ana@social.example": "11"})
    cases.settings(ACCOUNTS)
    folder = cases.write(facts=FACTS, en=WORDS)
    (folder / "media").mkdir()
    for name in ("gate", "way"):
        Image.new("RGB", (40, 30), "red").save(folder / "media" / f"{name}.jpg")
    return command


def publish(run, *options, account="wire-en"):
    return run("publish", "gate", "--account", account, "--by", "Dalia Torvane", *options)


def drafts(run, *options, account="wire-en"):
    return json.loads(publish(run, *options, "--json", account=account).out)["drafts"]


def entries(run, *options, account="wire-en"):
    ended = publish(run, *options, "--yes", "--json", account=account)
    return json.loads(ended.out)["deliveries"]


# --- threads -----------------------------------------------------------------------------------


def test_a_thread_is_shown_with_the_place_of_each_and_the_pictures_at_the_first(run):
    ended = publish(run, *THREAD, "--media", "gate.jpg")
    lines = ended.out.splitlines()
    assert [line for line in lines if line.startswith("wire-en")] == [
        "wire-en: Mastodon, en, 57/500  1/3",
        "wire-en: Mastodon, en, 25/500  2/3",
        "wire-en: Mastodon, en, 23/500  3/3",
    ]
    assert sum("[image/jpeg, 40 x 30: A gate with a chain.]" in line for line in lines) == 1
    shown = drafts(run, *THREAD, "--media", "gate.jpg")
    assert [(one["part"], one["parts"], len(one["media"])) for one in shown] == [
        (1, 3, 1),
        (2, 3, 0),
        (3, 3, 0),
    ]


def test_each_post_of_a_thread_answers_the_one_before(run, wired):
    sent = entries(run, *THREAD, "--media", "gate.jpg")
    assert [one["state"] for one in sent] == ["sent"] * 3
    assert [one["answers"] for one in wired.posts] == [None, "1", "2"]
    assert [one["text"] for one in wired.posts] == [ASKED, "Let us pass.", "Thank you."]
    assert [one["alts"] for one in wired.posts] == [["A gate with a chain."], [], []]


def test_a_thread_is_planned_whole_and_in_order(run, wired):
    planned = entries(run, *THREAD, "--at", SOON)
    assert [one["wording"] for one in planned] == ["ask", "way", "last"]
    assert [one["answers"] for one in planned] == ["", planned[0]["id"], planned[1]["id"]]
    assert {one["state"] for one in planned} == {"planned"}
    assert wired.posts == []


def test_a_thread_of_which_one_is_refused_is_planned_not_at_all(run, cases, wired):
    words = WORDS.replace("Thank you.", "Thank you. " * 60)
    (cases.root / "actions" / "gate" / "en.yaml").write_text(words, encoding="utf-8")
    ended = publish(run, *THREAD, "--yes")
    assert ended.status == 1
    assert "'last' on wire-en is 1" in ended.err
    assert wired.posts == []
    assert not (cases.root / "ledger.db").exists()


@pytest.mark.parametrize(
    ("options", "account", "said"),
    [
        (THREAD, "plain-en", "plain-en: plain can make no thread there: leave --then out"),
        (("--then", "way"), "wire-en", "a thread begins with --wording"),
        (("-w", "way", "--then", "way"), "wire-en", "the thread says 'way' twice"),
        (("-w", "way", "--then", "wya"), "wire-en", "no wording 'wya'; did you mean 'way'?"),
        (("-w", "way", *("--then", "last") * 30), "wire-en", "says 'last' twice"),
    ],
)
def test_what_is_no_thread_is_refused_in_one_line(run, wired, options, account, said):
    ended = publish(run, *options, "--yes", account=account)
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert said in ended.err
    assert wired.posts == []


def test_the_console_rehearses_a_thread(run):
    out = publish(run, *THREAD, "--yes", account="con-en").out
    assert "--- con-en (mastodon, en)\n[content warning: A closed gate]\n" in out
    assert out.count("answers console-") == 2


def test_where_approval_is_required_a_thread_is_proposed_whole(run, wired, approve):
    proposed = entries(run, *THREAD, account="ask-en")
    assert [one["state"] for one in proposed] == ["proposed"] * 3
    assert approve(*(one["id"] for one in proposed)).status == 0
    assert run("worker", "--once").status == 0
    assert [one["answers"] for one in wired.posts] == [None, "1", "2"]


def test_by_hand_each_post_is_laid_out_with_what_it_answers(run, cases):
    ended = publish(run, *THREAD, "--yes", account="hand-en")
    assert ended.status == 0
    first, second, _ = json.loads(run("queue", "--json").out)["deliveries"]
    assert f"it is an answer to {first['id'][:8]}, whose address is not on record" in ended.out
    warning = cases.root / "by-hand" / f"gate-hand-en-{first['id'][:8]}" / "content-warning.txt"
    assert warning.read_text(encoding="utf-8") == "A closed gate"
    run("posted", first["id"][:8], "https://social.example/@us/1", "--by", "Dalia Torvane")
    again = run("posted", second["id"][:8])
    assert "it is an answer to https://social.example/@us/1\n" in again.out


# --- content warnings --------------------------------------------------------------------------


def test_a_content_warning_is_shown_sent_and_counted_where_there_is_a_place_for_it(run, wired):
    (one,) = drafts(run, "-w", "way")
    assert (one["content_warning"], one["length"]) == (
        "A closed gate",
        len("A closed gate" + one["text"]),
    )
    (other,) = drafts(run, "-w", "way", account="paid-en")
    assert (other["content_warning"], other["length"]) == ("", len(other["text"]))
    assert "    [content warning: A closed gate]\n" in publish(run, "-w", "way").out
    entries(run, "-w", "way")
    assert wired.posts[0]["warning"] == "A closed gate"
    entries(run, "-w", "way", account="paid-en")
    assert wired.posts[1]["warning"] == ""


def test_a_content_warning_says_nothing_that_is_not_to_be_posted(run, cases, wired):
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS + "do_not_post: [closed gate]\n", encoding="utf-8")
    ended = publish(run, "-w", "way", "--yes")
    assert ended.status == 1
    assert "holds 'closed gate', which is not to be posted" in ended.err
    assert wired.posts == []


def test_share_and_preview_show_the_content_warning_with_its_platform(run):
    shared = run(
        "share", "gate", "-p", "mastodon", "-p", "x", "-w", "way", "--instance", "a.example"
    )
    assert shared.out.count("content warning: A closed gate") == 1
    assert "set the content warning there" in shared.out
    assert run("preview", "gate", "-p", "mastodon", "-w", "way").out.count("content warning:") == 1
    said = json.loads(run("share", "gate", "-p", "mastodon", "-w", "way", "--json").out)
    assert said["drafts"][0]["content_warning"] == "A closed gate"


# --- handles -----------------------------------------------------------------------------------


def test_the_words_without_handles_are_shown_and_checked_beforehand(run):
    out = publish(run, "-w", "ask", "--without-handle").out
    head = "  or, where a handle is gone or somebody else's by then:\n"
    assert f"    {ASKED}\n{head}    {NAMED}\n" in out
    (one,) = drafts(run, "-w", "ask", "--without-handle")
    assert one["without_handle"] == NAMED
    assert one["mentions"] == [{"handle": "ana@social.example", "id": "11"}]
    (bare,) = drafts(run, "-w", "way", "--without-handle")
    assert (bare["without_handle"], bare["mentions"]) == (None, [])


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("literal", "'literal' is a literal text, and has no other form without its handles"),
        ("ours", "'ours' mentions @gates@social.example by itself, and not by `mention`"),
    ],
)
def test_what_has_no_form_without_handles_is_refused(run, wording, said):
    ended = publish(run, "-w", wording, "--without-handle", "--yes")
    assert ended.status == 1
    assert said in ended.err


def test_a_name_that_may_not_be_said_keeps_its_handle_from_being_left_out(run, cases):
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS + "do_not_post: [Ana Example]\n", encoding="utf-8")
    assert publish(run, "-w", "ask").status == 1
    ended = publish(run, "-w", "ask", "--without-handle", "--yes")
    assert "'ask', without its handles, on wire-en holds 'Ana Example'" in ended.err


def test_a_handle_that_changed_hands_lets_the_words_without_it_go_out(run, wired):
    wired.set(handles={"ana@social.example": "99"})
    entries(run, "-w", "ask", "--without-handle")
    assert [one["text"] for one in wired.posts] == [NAMED]


def test_what_went_out_without_a_handle_is_corrected_without_it(run, cases, wired):
    wired.set(handles={"ana@social.example": "99"})
    (entry,) = entries(run, "-w", "ask", "--without-handle")
    name = entry["id"][:8]
    assert run("correct", name).out.startswith(f"{name}  wire-en: says what the files say")
    words = WORDS.replace("open the gate. {{", "open it. {{")
    (cases.root / "actions" / "gate" / "en.yaml").write_text(words, encoding="utf-8")
    assert run("correct", name, "--yes", "--by", "Dalia Torvane").status == 0
    said = [one["text"] for one in wired.posts]
    assert said == [NAMED.replace("open the gate", "open it")]


def test_a_handle_without_an_id_is_told_where_it_could_be_looked_up(run):
    said = "no id is on record of @ana_example, so that nobody sees if it becomes"
    assert said in publish(run, "-w", "ask", account="paid-en").out
    assert "no id is on record" not in publish(run, "-w", "ask").out
    assert "no id is on record" not in publish(run, "-w", "ask", account="con-en").out
    assert "no id" not in run("check", "gate").out


# --- prices and pictures -----------------------------------------------------------------------


def test_what_a_post_costs_is_shown_before_it_is_made_and_after(run):
    before = publish(run, "-w", "ask", "--then", "way", account="paid-en")
    assert "  costs 0.20 USD (a post with a link, wire.example/prices)\n" in before.out
    assert before.out.endswith("2 posts cost 0.215 USD together\n")
    after = publish(run, "-w", "ask", "--then", "way", "--yes", account="paid-en")
    assert after.out.count("(costs 0.20 USD)") == after.out.count("(costs 0.015 USD)") == 1
    assert after.out.endswith("2 posts cost 0.215 USD together\n")
    assert "cost" not in publish(run, "-w", "way").out


def test_json_gives_prices_as_decimal_texts(run):
    said = json.loads(publish(run, "-w", "ask", "--json", account="paid-en").out)
    assert said["drafts"][0]["price"] == {
        "amount": "0.200",
        "currency": "USD",
        "source": "a post with a link, wire.example/prices",
    }
    assert said["costs"] == {"USD": "0.200"}
    (sent,) = entries(run, "-w", "ask", account="paid-en")
    assert sent["price"]["amount"] == "0.200"
    (free,) = drafts(run, "-w", "way")
    assert free["price"] is None


def test_a_publisher_takes_no_more_pictures_than_it_says(run):
    two = ("--media", "gate.jpg", "--media", "way.jpg")
    ended = publish(run, "-w", "way", *two, account="paid-en")
    assert "paid-en: takes 1 picture, and 2 were given" in ended.err
    ended = publish(run, "-w", "way", *two, account="plain-en")
    assert "plain-en: takes no pictures, and 2 were given" in ended.err
    assert len(drafts(run, "-w", "way", *two)[0]["media"]) == 2
