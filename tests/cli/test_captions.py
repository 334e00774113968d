"""A text beside pictures may be shorter than one alone: that is told before anything is planned."""

import pytest
from PIL import Image

from uasocial.platforms.pictures import PICTURES

ACCOUNTS = """
[accounts.voices]
platform = "telegram"
language = "en"
kind = "console"
[accounts.room]
platform = "discord"
language = "en"
kind = "console"
"""
FACTS = """\
example: true
countries: [PE]
active_since: today-5
deadline: today+20
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
"""
# Each is one code point, and two units of UTF-16.
WORDS = f"""\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
alt: {{gate: A gate with a chain.}}
posts:
  - {{id: fits, text: "{"😀" * 1024}"}}
  - {{id: long, text: "{"😀" * 1025}"}}
"""
PICTURE = ("--media", "gate.jpg")


@pytest.fixture
def run(cases, command, monkeypatch):
    cases.settings(ACCOUNTS)
    folder = cases.write(facts=FACTS, en=WORDS)
    (folder / "media").mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "media" / "gate.jpg")
    monkeypatch.chdir(cases.root)
    return command


def preview(run, wording, *options, account="voices"):
    return run("publish", "gate", "-a", account, "-w", wording, "--dry-run", *options)


def test_a_text_that_is_too_long_beside_a_picture_is_told_in_the_preview(run):
    ended = preview(run, "long", *PICTURE)
    assert ended.status == 1
    assert ended.err == (
        "voices: with pictures a text on Telegram has at most 1,024 characters, and this has "
        "1,025: choose a shorter wording, or leave the pictures out\n"
    )


@pytest.mark.parametrize("given", [("fits", *PICTURE), ("long",)])
def test_a_text_that_fits_or_stands_alone_is_shown(run, given):
    ended = preview(run, *given)
    assert (ended.status, "😀" in ended.out) == (0, True)


def test_where_the_platform_has_one_limit_for_both_nothing_is_said(run):
    assert PICTURES["discord"].text is None
    assert preview(run, "long", *PICTURE, account="room").status == 0
