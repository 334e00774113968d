"""`uasocial correct`: what is live is said anew or taken back, and nothing of it unasked."""

import json

import msgspec
import pytest
from PIL import Image

from uasocial.platforms.pictures import PICTURES

ACCOUNTS = """
[accounts.wire-en]
platform = "mastodon"
language = "en"
kind = "wire"
[accounts.paid-en]
platform = "x"
language = "en"
kind = "paid"
[accounts.hand-en]
platform = "bluesky"
language = "en"
mode = "by hand"
[accounts.ask-en]
platform = "mastodon"
language = "en"
kind = "wire"
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
content_warning: A closed gate
posts:
  - {id: plain, template: "Open the gate.\\nNow. {{ action | link }}"}
  - {id: way, template: "Let us pass. {{ action | link }}"}
  - {id: last, template: "Thank you. {{ action | link }}"}
"""
BY = ("--by", "Dalia Torvane")
LINK = "https://example.org/1/en"


@pytest.fixture
def run(cases, wired, command):
    """Run a command in a project with a case that has three wordings."""
    assert wired.posts == []
    cases.settings(ACCOUNTS)
    cases.write(facts=FACTS, en=WORDS)
    return command


def publish(run, *options, account="wire-en", wording="plain"):
    """Publish and return the names of the deliveries."""
    ended = run("publish", "gate", "-a", account, "-w", wording, "--yes", "--json", *BY, *options)
    return [one["id"][:8] for one in json.loads(ended.out)["deliveries"]]


def rewrite(cases, **changes):
    """Change the words of the case."""
    text = WORDS
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (cases.root / "actions" / "gate" / "en.yaml").write_text(text, encoding="utf-8")


def on_record(run, name):
    posts = json.loads(run("ledger", "--format", "json").out)["posts"]
    return next(one for one in posts if one["delivery"].startswith(name))


# --- said anew ---------------------------------------------------------------------------------


def test_what_says_the_same_as_its_case_is_left_alone(run, wired):
    (name,) = publish(run)
    before = wired.posts
    ended = run("correct", name, "--yes", *BY)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"{name}  wire-en: says what the files say  https://wire.example/1\n"
    assert wired.posts == before


def test_before_and_after_are_shown_and_nothing_is_edited_without_yes(run, cases, wired):
    (name,) = publish(run)
    rewrite(cases, word=("Now.", "Today, please."))
    ended = run("correct", name, *BY)
    assert ended.status == 1
    assert ended.err == "nothing is edited: say --yes to edit this\n"
    assert ended.out.splitlines() == [
        f"{name}  wire-en (mastodon, en)  https://wire.example/1",
        "    [content warning: A closed gate]",
        "    Open the gate.",
        f"  - Now. {LINK}",
        f"  + Today, please. {LINK}",
        "  56/500 before, 66/500 after",
    ]
    assert wired.posts[0]["text"] == f"Open the gate.\nNow. {LINK}"


def test_with_yes_it_is_edited_and_both_are_on_record(run, cases, wired):
    (name,) = publish(run)
    rewrite(cases, word=("Now.", "Today."), warning=("A closed gate", "A gate"))
    ended = run("correct", name, "--yes", *BY)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.endswith("  edited\n")
    (post,) = wired.posts
    assert (post["text"], post["warning"]) == (f"Open the gate.\nToday. {LINK}", "A gate")
    assert on_record(run, name)["text"] == post["text"]
    assert run("ledger", "verify").status == 0
    assert run("correct", name, "--yes", *BY).out.startswith(f"{name}  wire-en: says what")


def test_json_gives_both_texts_with_their_lengths(run, cases):
    (name,) = publish(run)
    rewrite(cases, word=("Now.", "Today."))
    ended = run("correct", name, "--json", *BY)
    (one,) = json.loads(ended.out)["corrections"]
    assert (one["delivery"][:8], one["outcome"]) == (name, "differs")
    assert one["before"]["text"].startswith("Open the gate.\nNow.")
    assert (one["after"]["length"], one["after"]["limit"]) == (58, 500)
    assert one["after"]["content_warning"] == "A closed gate"


def test_what_is_too_long_beside_its_pictures_is_said_before_anything_is_edited(
    run, cases, wired, monkeypatch
):
    media = cases.root / "actions" / "gate" / "media"
    media.mkdir()
    Image.new("RGB", (40, 30), "red").save(media / "gate.jpg")
    (name,) = publish(run, "--media", "gate.jpg", "--alt", "A gate with a chain.")
    rewrite(cases, words=("Open the gate.", "Open the gate today."))
    short = msgspec.structs.replace(PICTURES["mastodon"], text=40)
    monkeypatch.setitem(PICTURES, "mastodon", short)
    ended = run("correct", name, "--yes", *BY)
    assert ended.status == 1
    assert "with pictures a text on Mastodon has at most 40 characters" in ended.err
    assert "today" not in wired.posts[0]["text"]


def test_what_cannot_be_edited_is_said_with_what_to_do_instead(run, cases, wired):
    (paid,) = publish(run, account="paid-en")
    rewrite(cases, word=("Now.", "Today."))
    ended = run("correct", paid, "--yes", *BY)
    assert ended.status == 1
    assert "CANNOT BE EDITED: paid cannot edit what is live: delete it with" in ended.err
    assert f"`uasocial correct {paid} --delete`, or answer it" in ended.err
    assert "Now." in wired.posts[0]["text"]


def test_one_person_alone_edits_nothing_where_approval_is_asked_for(run, cases, wired, approve):
    (name,) = publish(run, account="ask-en")
    assert approve(name).status == 0
    assert run("worker", "--once").status == 0
    rewrite(cases, word=("Now.", "Today."))
    ended = run("correct", name, "--yes", *BY)
    assert ended.status == 1
    assert "the account asks for approval, and an edit has none" in ended.err
    assert "Now." in wired.posts[0]["text"]


def test_what_the_case_may_not_say_now_is_not_said_by_an_edit_either(run, cases, wired):
    (name,) = publish(run)
    path = cases.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS + "do_not_post: [at once]\n", encoding="utf-8")
    rewrite(cases, word=("Now.", "At once."))
    ended = run("correct", name, "--yes", *BY)
    assert ended.status == 1
    assert "which is not to be posted" in ended.err
    assert "Now." in wired.posts[0]["text"]


@pytest.mark.parametrize("option", [(), ("--delete",), ("--deleted",)])
def test_what_is_not_live_is_not_corrected(run, option):
    (name,) = publish(run, account="ask-en")
    ended = run("correct", name, "--yes", *option, *BY)
    assert ended.status == 1
    assert f"{name}: is proposed, and not live; `uasocial cancel {name}`" in ended.err


def test_an_unknown_delivery_and_two_ways_at_once_are_said(run):
    publish(run)
    assert "there is no delivery" in run("correct", "00000000", *BY).err
    assert run("correct", "00000000", "--delete", "--deleted", *BY).status == 2
    assert run("correct", *BY).status == 2


# --- taken back --------------------------------------------------------------------------------


def test_nothing_is_deleted_without_yes(run, wired):
    (name,) = publish(run)
    ended = run("correct", name, "--delete", *BY)
    assert ended.status == 1
    assert ended.err == "nothing is deleted: say --yes to delete this\n"
    assert ended.out.startswith(f"{name}  wire-en: https://wire.example/1\n  - Open the gate.")
    assert len(wired.posts) == 1


def test_a_deletion_is_on_record_with_its_reason(run, wired):
    (name,) = publish(run)
    ended = run("correct", name, "--delete", "--why", "The date was wrong", "--yes", *BY)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "wire-en https://wire.example/1: deleted\n"
    assert wired.posts == []
    assert on_record(run, name)["deleted_at"]
    assert "The date was wrong" in run("review", name).out
    again = run("correct", name, "--delete", "--yes", *BY)
    assert (again.status, again.err) == (1, f"{name}: was taken back already\n")


def test_what_could_not_be_deleted_says_so_and_a_person_can_record_it(run, wired):
    (name,) = publish(run)
    wired.set(stubborn=True)
    ended = run("correct", name, "--delete", "--yes", *BY)
    assert ended.status == 1
    assert "CANNOT BE DELETED: the wire deletes nothing today" in ended.err
    assert f"once it is gone: `uasocial correct {name} --deleted`" in ended.err
    assert not on_record(run, name)["deleted_at"]
    ended = run("correct", name, "--deleted", *BY)
    assert (ended.status, ended.out) == (0, f"{name}  wire-en: deleted, by a person\n")
    assert on_record(run, name)["deleted_at"]
    assert run("ledger", "verify").status == 0


def test_what_was_posted_by_hand_is_edited_and_deleted_by_hand(run, cases):
    (name,) = publish(run, account="hand-en")
    assert run("posted", name, "https://bsky.example/1", *BY).status == 0
    rewrite(cases, word=("Now.", "Today."))
    ended = run("correct", name, "--yes", *BY)
    assert ended.status == 1
    assert "CANNOT BE EDITED: it was published by hand: edit it there" in ended.err
    ended = run("correct", name, "--delete", "--yes", *BY)
    assert ended.status == 1
    assert "it was published by hand: delete it there" in ended.err
    assert run("correct", name, "--deleted", *BY).status == 0
    assert on_record(run, name)["deleted_at"]


def test_a_post_that_others_answer_says_so_before_it_is_deleted(run, wired):
    first, second, third = publish(run, "--then", "way", "--then", "last")
    ended = run("correct", first, "--delete", *BY)
    assert f"{second}  wire-en answers what is to be deleted, and stays" in ended.err
    assert third not in ended.err
    ended = run("correct", first, second, third, "--delete", "--yes", "--json", *BY)
    assert (ended.status, ended.err) == (0, "")
    deleted = [one["delivery"][:8] for one in json.loads(ended.out)["deletions"]]
    assert deleted == [third, second, first]
    assert wired.posts == []
