"""A case as a file for others: it is imported whole, and holds nothing that is not public."""

import json
from datetime import date

import pytest
from msgspec.structs import replace

from uasocial import rules
from uasocial.errors import Refused
from uasocial.model import Person, Problem, read_action
from uasocial.site.cards import look
from uasocial.site.machines.exports import export

FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
time_zone: Etc/UTC
link: {en: "https://example.org/1/en"}
hashtags: {campaign: {en: OpenTheGate}}
preferred_languages: [es]
targets:
  - id: minister
    office: {en: Minister of Gates}
    address: [1 Example Square, Karvel]
    country: PE
    emails: [minister@gates.example]
    holders:
      - name: Ana Example
        handles: {x: ana_example, mastodon: "ana@social.example"}
        confirmed_on: 2026-01-10
safety:
  - {country: PE, text: {en: Think first.}}
sources:
  - {url: "https://example.org/1/en", retrieved_at: 2026-01-11}
"""
SECRET = """\
do_not_post: [Mill Road, Rosa Hidden]
notes: [The office knows where she is.]
people:
  - name: Samar Belkori
    role: Teacher
    consents: [{use: name, given_on: 2026-01-01}, {use: social-media, given_on: 2026-01-01}]
  - {name: Idris Unnamed, spellings: [Idrees Unnamed], age: 9}
  - {name: Forty families, group: true}
"""
EN = """\
title: Open the gate
lead: The gate is closed, and Samar Belkori is behind it.
body: [It was closed at night.]
demands: [Open the gate]
letter: {salutation: Dear Minister, paragraphs: [Please open the gate.], closing: Yours}
update: A key was found.
outcome: The gate is open.
posts:
  - {id: short, template: "Open the gate. {{ action | link }}"}
"""
ES = """\
title: Abran la puerta
lead: La puerta está cerrada.
letter: {salutation: Señora Ministra, paragraphs: [Abra la puerta.]}
translated_from: {language: en, digests: {title: "012345678901"}}
"""


def exported(cases, name="gate", now="2026-01-20T12:00+00:00", drafts=None) -> dict:
    kit = cases.kit(now)
    action = kit.action(name)
    days = rules.Days(kit.today(action), kit.actual.date())
    if drafts is None:
        drafts = list(kit.drafts(action, ["en"], [kit.platform("x")], "appeal"))
    return json.loads(export(kit, action, drafts, days))


def leaves(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


def said(made: dict) -> str:
    return "\n".join(leaves(made))


@pytest.fixture
def other(tmp_path):
    """A second installation without cases."""
    (tmp_path / "other" / "actions").mkdir(parents=True)
    (tmp_path / "other" / "uasocial.toml").write_text("", encoding="utf-8")
    return tmp_path / "other"


@pytest.fixture
def taken(other, command):
    """Import an export into the second installation, and read the case there."""

    def take(made: dict, name: str = "gate"):
        path = other / "action.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        done = command("--project", str(other), "import", str(path), "--id", name)
        assert done.status == 0, done.err
        return read_action(other / "actions", name, date(2026, 1, 20))

    return take


# --- what others read ------------------------------------------------------------------------


def test_another_installation_imports_it_and_has_the_same_case(cases, taken):
    cases.write(facts=FACTS, en=EN, es=ES)
    ours, theirs = cases.kit().action("gate"), taken(exported(cases))
    assert theirs.facts == replace(ours.facts, sources=())
    assert theirs.words["es"] == ours.words["es"]
    # How it ends is told when it has ended.
    assert theirs.words["en"] == replace(ours.words["en"], outcome=None)


@pytest.mark.parametrize("name", ["ua-119-21", "school-in-the-hills"])
def test_the_samples_are_imported_without_an_error(sample_kit, taken, other, command, name):
    action = sample_kit.action(name)
    today = sample_kit.today(action)
    made = json.loads(export(sample_kit, action, [], rules.Days(today, today)))
    theirs = taken(made, name)
    kept = {"notes": (), "do_not_post": (), "embargo": None, "sources": ()}
    people = tuple(
        Person(name=one.name, group=one.group, consents=one.consents) for one in action.facts.people
    )
    assert theirs.facts == replace(action.facts, people=people, **kept)
    assert {*theirs.words} == {*action.words}
    found = json.loads(command("--project", str(other), "check", name, "--json").out)["problems"]
    errors = {problem["code"] for problem in found if problem["level"] == "error"}
    # By now the consents have ended that the example had on that day.
    assert errors <= {"P001"}


def test_the_drafts_are_those_of_share(cases, command):
    cases.write(facts=FACTS, en=EN)
    options = ("-p", "x", "-l", "en", "--as-of", "2026-01-20", "--json")
    shared = command("--project", str(cases.root), "share", "gate", *options)
    made = exported(cases)
    assert made["schema"] == 1
    assert made["drafts"] == json.loads(shared.out)["drafts"]
    (draft,) = made["drafts"]
    assert draft["text"] == "Open the gate. https://example.org/1/en"
    assert draft["share_url"].startswith("https://x.com/intent/")


def test_what_says_nothing_is_not_written(cases):
    cases.write(facts=FACTS, en=EN)
    assert None not in exported(cases)["actions"][0]["facts"].values()
    assert "postage" not in exported(cases)["actions"][0]["facts"]


# --- what nobody else reads ------------------------------------------------------------------


def test_what_is_for_the_team_alone_is_left_out(cases):
    ended = "ended: {how: closed, on: 2026-01-15, by: Haron Velsi, why: She has asked for it}\n"
    cases.write(facts=FACTS + SECRET + ended, en=EN)
    facts = exported(cases)["actions"][0]["facts"]
    assert not {"notes", "do_not_post", "embargo"} & {*facts}
    assert facts["ended"] == {"how": "closed", "on": "2026-01-15"}


def test_who_has_not_allowed_their_name_is_left_out_whole_and_a_group_stays(cases):
    cases.write(facts=FACTS + SECRET, en=EN)
    made = exported(cases)
    people = made["actions"][0]["facts"]["people"]
    assert [person["name"] for person in people] == ["Samar Belkori", "Forty families"]
    assert "Idr" not in said(made)


def test_a_consent_that_has_ended_allows_nothing(cases):
    secret = SECRET.replace("use: name, given_on: 2026-01-01", "use: name, given_on: 2026-01-21")
    words = EN.replace("Samar Belkori", "a teacher")
    cases.write(facts=FACTS + secret, en=words)
    assert "Samar" not in said(exported(cases))


def test_a_language_that_says_what_is_unsayable_is_left_out(cases):
    cases.write(facts=FACTS + SECRET, en=EN, es=ES.replace("está cerrada", "está en Mill Road"))
    made = exported(cases)
    assert {*made["actions"][0]["words"]} == {"en"}
    assert "Mill" not in said(made)


def test_a_language_is_not_said_to_come_from_one_that_is_left_out(cases):
    cases.write(facts=FACTS + SECRET, en=EN.replace("at night", "by Idris Unnamed"), es=ES)
    words = exported(cases)["actions"][0]["words"]
    assert {*words} == {"es"}
    assert "translated_from" not in words["es"]


def test_a_letter_or_a_post_that_is_unsayable_is_left_out_alone(cases):
    words = EN.replace("Please open", "Idris Unnamed asks you to open")
    words += '  - {id: long, text: "Rosa Hidden is there"}\n'
    cases.write(facts=FACTS + SECRET, en=words)
    found = exported(cases)["actions"][0]["words"]["en"]
    assert "letter" not in found
    assert [post["id"] for post in found["posts"]] == ["short"]


def test_a_mention_that_is_unsayable_goes_with_all_of_them(cases):
    mention = "mentions: {x: [idris_unnamed, section]}\n"
    cases.write(facts=FACTS + SECRET + mention, en=EN)
    assert "mentions" not in exported(cases)["actions"][0]["facts"]


@pytest.mark.parametrize(
    ("before", "after"), [("Karvel", "Mill Road"), ("1 Example Square, Karvel", "Mill, Road")]
)
def test_nothing_is_exported_of_a_case_whose_facts_hold_what_is_unsayable(cases, before, after):
    cases.write(facts=FACTS.replace(before, after) + SECRET, en=EN)
    assert exported(cases)["actions"] == []


def test_of_a_person_only_the_name_and_what_they_allow_is_exported(cases):
    cases.write(facts=FACTS + SECRET, en=EN)
    for person in exported(cases)["actions"][0]["facts"]["people"]:
        assert {*person} <= {"name", "group", "consents"}


def test_a_case_of_which_too_little_is_left_is_not_exported(cases):
    cases.write(facts=FACTS.replace("Minister of Gates", "Idris Unnamed") + SECRET, en=EN)
    assert exported(cases)["actions"] == []
    cases.write("wall", facts=FACTS + SECRET, en=EN.replace("at night", "on Mill Road"))
    assert exported(cases, "wall")["actions"] == []


def test_a_draft_or_a_remark_that_is_unsayable_is_left_out(cases):
    cases.write(facts=FACTS + SECRET, en=EN)
    kit = cases.kit()
    (draft,) = kit.drafts(kit.action("gate"), ["en"], [kit.platform("x")], "appeal")
    warning = Problem("P003", "has words that read like 'Rosa Hidden'", error=False)
    plain = Problem("D010", "is short", error=False)
    error = Problem("D001", "is too long")
    drafts = [
        replace(draft, problems=(warning, plain)),
        replace(draft, text="At Mill Road"),
        replace(draft, share_url="https://example.org/?text=Mill%20Road"),
        replace(draft, problems=(error,)),
    ]
    (found,) = exported(cases, drafts=drafts)["drafts"]
    assert [problem["code"] for problem in found["problems"]] == ["D010"]


def test_alt_texts_stay_with_their_pictures(cases):
    cases.write(facts=FACTS, en=EN + "alt: {gate: A gate with a chain.}\n")
    assert "chain" not in said(exported(cases))


# --- what has ended --------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["good-news", "closed"])
def test_what_has_ended_well_is_told_without_anything_to_do(cases, taken, how):
    cases.write(facts=f"{FACTS}ended: {{how: {how}, on: 2026-01-15}}\n", en=EN, es=ES)
    made = exported(cases)
    assert made["drafts"] == []
    (action,) = made["actions"]
    assert action["words"]["en"]["outcome"] == "The gate is open."
    assert not {"letter", "posts"} & {*action["words"]["en"], *action["words"]["es"]}
    target = {"id": "minister", "office": {"en": "Minister of Gates"}, "country": "PE"}
    assert action["facts"]["targets"] == [target]
    assert "safety" not in action["facts"]
    assert taken(made).facts.ended.how == how


def test_what_is_over_has_no_drafts_and_tells_no_outcome(cases):
    cases.write(facts=FACTS, en=EN)
    made = exported(cases, now="2026-02-10T12:00+00:00")
    assert made["drafts"] == []
    assert not {"letter", "posts", "outcome"} & {*made["actions"][0]["words"]["en"]}


@pytest.mark.parametrize(("how", "key"), [("stop", "stopped"), ("withdrawn", "withdrawn")])
def test_of_what_was_stopped_or_withdrawn_only_that_is_said(cases, how, key):
    ended = f"ended: {{how: {how}, on: 2026-01-15, by: Haron Velsi}}\n"
    cases.write(facts=FACTS + SECRET + ended, en=EN)
    assert exported(cases) == {"schema": 1, "actions": [], "drafts": [], key: ["gate"]}


def test_nobody_can_import_what_was_withdrawn(cases, other, command):
    cases.write(facts=f"{FACTS}ended: {{how: withdrawn, on: 2026-01-15}}\n", en=EN)
    path = other / "action.json"
    path.write_text(json.dumps(exported(cases)), encoding="utf-8")
    done = command("--project", str(other), "import", str(path))
    assert done.status == 1
    assert "holds 0 actions" in done.err


def test_what_is_not_public_yet_is_refused(cases):
    cases.write(facts=FACTS + "embargo: 2026-01-25T10:00+00:00\n", en=EN)
    with pytest.raises(Refused, match="is not public"):
        exported(cases)
    assert exported(cases, now="2026-01-26T12:00+00:00")["actions"]
    with pytest.raises(Refused, match="is not public"):
        exported(cases, now="2026-01-05T12:00+00:00", drafts=[])


def test_the_languages_of_an_export_with_a_title_are_those_of_the_page(cases):
    cases.write(facts=FACTS + SECRET, en=EN, es=ES.replace("cerrada", "en Mill Road"))
    kit = cases.kit()
    assert {*look(kit, "gate").card.words} == {*exported(cases)["actions"][0]["words"]}
