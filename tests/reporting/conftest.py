"""A project with a ledger, for all that looks at it; every word and name in it is invented."""

import pytest

SETTINGS = """\
time_zone = "Europe/Zurich"
organisation = "Section of the Hills"
platforms = ["x", "mastodon"]
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
[accounts.con-ar]
platform = "mastodon"
language = "ar"
kind = "console"
"""
FACTS = """\
number: UA 1/26
example: true
countries: [PE]
active_since: today-5
deadline: today+20
link: {en: "https://example.org/1/en", ar: "https://example.org/1/ar"}
targets:
  - id: minister
    office: {en: Minister of Gates, ar: وزيرة البوابات}
    address: [1 Example Square, Karvel]
    country: PE
    holders:
      - name: Dalia Torvane
        handles: {x: zz_gates}
        salutation: {en: Dear Minister, ar: معالي الوزيرة}
people:
  - name: Samar Belkori
    consents: [{use: name, given_on: today-9}, {use: social-media, given_on: today-9}]
do_not_post: [Old Mill Road]
safety:
  - {country: PE, text: {en: Think again before you take part., ar: فكّر مرة أخرى.}}
"""
EN = """\
title: Free Samar Belkori
lead: She asked for the key.
demands: [Open the gate]
letter: {salutation: "Dear Minister,", paragraphs: [Please open the gate.], closing: Yours}
posts:
  - {id: doorkey, template: "=Open the gate for Samar Belkori <script>alert(1)</script> https://example.org/1/en"}
"""
AR = """\
title: الحرية لسمر
lead: طلبت المفتاح.
demands: [افتحوا البوابة]
letter: {salutation: "معالي الوزيرة،", paragraphs: [نرجو فتح البوابة.], closing: مع التحية}
posts:
  - {id: doorkey, template: "افتحوا البوابة لسمر https://example.org/1/ar"}
"""
BY = ("--by", "Noor Sahel")


@pytest.fixture(autouse=True)
def project(cases, monkeypatch):
    """A project with a case in two languages, in whose folder commands run."""
    cases.settings(SETTINGS)
    cases.write(facts=FACTS, en=EN, ar=AR)
    monkeypatch.chdir(cases.root)
    monkeypatch.setenv("UASOCIAL_NAME", "Noor Sahel")
    return cases


@pytest.fixture
def posted(command):
    """The same project, with a post that is live in each language; returns the command line."""
    ended = command("publish", "gate", "-a", "con-en", "-a", "con-ar", "--yes", *BY)
    assert ended.status == 0, ended.err
    return command
