"""What is wrong in the files of a case is told with file and line, all at once."""

import time
from datetime import date

import pytest

from uasocial.errors import NotFound
from uasocial.model import read_action
from uasocial.model.tree import MAX_BYTES, parse

FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
targets:
  - id: minister
    office: {en: Minister of Gates}
"""
WORDS = "title: A title\nlead: A lead.\n"

# What is added to good words, the line of the fault, and a part of its sentence.
WRONG_WORDS = {
    "a null where text belongs": ("update:\n", 3, "there is nothing"),
    "an unquoted #": ("update: #Perú\n", 3, "must be in quotes"),
    "an unquoted @": ("update: @name\n", 3, "valid YAML"),
    "a null in a list": ("demands:\n  - one\n  -\n", 5, "there is nothing"),
    "a number where text belongs": ("update: 12\n", 3, "put 12 in quotes"),
    "a fraction where text belongs": ("update: 1.5\n", 3, "put 1.5 in quotes"),
    "a fraction where a list belongs": ("demands: 1.5\n", 3, "a list belongs here"),
    "true where text belongs": ("update: true\n", 3, "put true in quotes"),
    "an empty text": ('update: ""\n', 3, "there is nothing"),
    "a list where text belongs": ("update: [a]\n", 3, "a text belongs here"),
    "a text where a list belongs": ("demands: one\n", 3, "a list belongs here"),
    "a key twice": ("title: again\n", 3, "second time, after line 1"),
    "an anchor": ("update: &a text\n", 3, "anchors"),
    "an alias": ("update: &a text\noutcome: *a\n", 3, "anchors"),
    "an alias of nothing": ("update: *a\n", 3, "a"),
    "a tag": ("update: !!str text\n", 3, "tags"),
    "two documents": ("---\ntitle: x\n", 3, "second document"),
    "an unknown key": ("updates: x\n", 3, "did you mean 'update'?"),
    "broken YAML": ("demands: [a\n", 4, "valid YAML"),
    "a tab": ("\tupdate: x\n", 3, "valid YAML"),
    "a control character": ('update: "a\\u0007b"\n', 3, "U+0007"),
    "a direction override": ("update: a\u202eb\n", 3, "U+202E"),
    "a direction isolate": ("update: a\u2066b\n", 3, "U+2066"),
    "a noncharacter": ('update: "a\\uFDD0b"\n', 3, "U+FDD0"),
    "a post with text and template": (
        "posts:\n  - id: a\n    text: x\n    template: y\n",
        4,
        "either `text` or `template`",
    ),
    "a post with neither": ("posts:\n  - id: a\n", 4, "either `text` or `template`"),
    "two posts of one id": (
        "posts:\n  - {id: a, text: x}\n  - {id: a, text: y}\n",
        1,
        "two posts have the id 'a'",
    ),
    "an id with capitals": ("posts:\n  - {id: My Post, text: x}\n", 4, "is no id"),
    "too many demands": (f"demands: [{', '.join(['x'] * 101)}]\n", 3, "at most 100"),
    "a text too long": (f"update: {'x' * 20_001}\n", 3, "At most 20,000"),
}


@pytest.mark.parametrize("what", WRONG_WORDS)
def test_a_fault_of_words_has_its_line_and_says_what_to_do(cases, what):
    added, line, sentence = WRONG_WORDS[what]
    cases.write(facts=FACTS, en=WORDS + added)
    (fault,) = cases.faults()
    assert fault.startswith(f"en.yaml:{line}: ")
    assert sentence in fault
    assert "\n" not in fault


WRONG_FACTS = {
    "an impossible day": ("deadline: 2026-02-10", "deadline: 2026-02-30", 4, "no day of the"),
    "a relative day": ("deadline: 2026-02-10", "deadline: today+3", 4, "example: true"),
    "a deadline before the start": ("2026-02-10", "2026-01-05", 1, "lies before `active_since`"),
    "an unknown country": ("[PE]", "[XX]", 2, "'XX' is no country"),
    "no country": ("[PE]", "[]", 2, "at least one item"),
    "an unknown language": ("{en:", "{xx:", 7, "'xx' is no language"),
    "a number that is none": ("UA 1/26", "Eleven", 1, "no number of an urgent action"),
    "a null number": ("UA 1/26", "", 1, "in quotes"),
    "a hidden character in a name": ("Minister", "Mini\u200bster", 7, "is no name"),
    "a mark of direction in a name": ("Minister", "Mini\u200fster", 7, "is no name"),
    "a target without id": ("id: minister\n    ", "", 6, "'id' is missing"),
    "an unknown key in a target": ("office:", "ofice:", 7, "did you mean 'office'?"),
    "two targets of one id": (
        "targets:\n",
        "targets:\n  - {id: minister, office: {en: Other}}\n",
        1,
        "two targets have the id 'minister'",
    ),
    "a handle with @": (
        "    office",
        "    holders: [{name: A, handles: {x: '@a'}}]\n    office",
        7,
        "is no handle",
    ),
    "a fax in a national form": (
        "    office",
        "    faxes: [031 351 85 70]\n    office",
        7,
        "E.164",
    ),
    "a hashtag with #": ("targets", "hashtags: {campaign: '#Gate'}\ntargets", 1, "is no hashtag"),
    "a zone that is none": ("targets", "time_zone: Europe/Bern\ntargets", 1, "time zone"),
    "an embargo without zone": ("targets", "embargo: 2026-01-11 10:00\ntargets", 5, "its zone"),
    "a link that is none": ("targets", "link: {en: example.org}\ntargets", 5, "web address"),
    "a kind that is none": ("targets", "kind: urgent\ntargets", 5, "is none of"),
    "text for truth": ("targets", "own_language: no\ntargets", 5, "true or false belongs here"),
    "a fraction for a count": (
        "targets",
        "counter: {value: 1.5, as_of: 2026-01-11, source: x}\ntargets",
        5,
        "a whole number belongs here",
    ),
    "less than nothing": (
        "targets",
        "counter: {value: -1, as_of: 2026-01-11, source: x}\ntargets",
        5,
        "-1 lies outside",
    ),
}


@pytest.mark.parametrize("what", WRONG_FACTS)
def test_a_fault_of_facts_has_its_line_and_says_what_to_do(cases, what):
    old, new, line, sentence = WRONG_FACTS[what]
    assert old in FACTS
    cases.write(facts=FACTS.replace(old, new, 1), en=WORDS)
    faults = cases.faults()
    assert any(f.startswith(f"action.yaml:{line}: ") and sentence in f for f in faults), faults


def test_all_faults_are_told_at_once_each_with_its_own_line(cases):
    facts = FACTS.replace("PE", "XX").replace("02-10", "02-31") + "colour: red\n"
    cases.write(facts=facts, en=WORDS + "tilte: x\n", de="title:\n")
    places = [fault.split(": ")[0] for fault in cases.faults()]
    assert sorted(places) == [
        "action.yaml:2",
        "action.yaml:4",
        "action.yaml:8",
        "de.yaml:1",
        "en.yaml:3",
    ]


def test_an_unknown_language_file_is_a_fault(cases):
    cases.write(facts=FACTS, en=WORDS, english=WORDS)
    assert cases.faults() == [
        "english.yaml: 'english' is no language; name the file by one, such as es.yaml"
    ]


def test_no_yaml_is_norwegian_and_no_is_a_text(cases):
    cases.write(facts=FACTS, no=WORDS + "update: no\n")
    assert cases.faults() == []
    assert cases.kit().action("gate").words["no"].update == "no"


@pytest.mark.parametrize(
    ("plain", "value"),
    [("yes", "yes"), ("on", "on"), ("12:30:00", "12:30:00"), ("0x1G", "0x1G"), ("true", True)],
)
def test_plain_values_are_those_of_yaml_1_2(plain, value, tmp_path):
    assert parse(f"a: {plain}", tmp_path).value == {"a": value}


def test_a_file_of_100_mb_is_refused_by_its_size_without_reading_it(cases):
    folder = cases.write(facts=FACTS, en=WORDS)
    with (folder / "en.yaml").open("wb") as file:
        file.truncate(100_000_000)
    begun = time.perf_counter()
    (fault,) = cases.faults()
    assert time.perf_counter() - begun < 1
    assert fault == f"en.yaml: is larger than {MAX_BYTES:,} bytes: this is no file of a case"


@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ("{a: ", "}")])
def test_deep_nesting_is_refused(cases, begin, end):
    cases.write(facts=FACTS, en=f"{WORDS}update: {begin * 5000}{end * 5000}\n")
    (fault,) = cases.faults()
    assert fault == "en.yaml:3: is nested more than 20 deep"


def test_what_is_not_utf_8_is_told_with_its_line(cases):
    folder = cases.write(facts=FACTS, en=WORDS)
    (folder / "en.yaml").write_bytes(WORDS.encode() + "update: Perú\n".encode("latin-1"))
    assert cases.faults() == ["en.yaml:3: is not UTF-8: save it as UTF-8"]


def test_a_byte_order_mark_does_no_harm(cases):
    cases.write(facts=FACTS, en="\ufeff" + WORDS)
    assert cases.faults() == []


def test_the_escape_of_a_lone_surrogate_is_refused_on_one_line(cases):
    cases.write(facts=FACTS, en=WORDS + 'update: "\\uD800"\n')
    (fault,) = cases.faults()
    assert fault.startswith("en.yaml:3: ")
    fault.encode("utf-8")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_half_written_sample_is_a_fault_or_a_whole_text(cases, sample_kit, share):
    folder = sample_kit.project.actions / "ua-119-21"
    facts = (folder / "action.yaml").read_text(encoding="utf-8")
    cases.write(facts=facts[: int(len(facts) * share)], en=WORDS)
    faults = cases.faults()
    # Cut after the targets the file may be whole again, with less in it.
    assert faults or "copies" in facts[: int(len(facts) * share)]
    assert all(fault.startswith("action.yaml") for fault in faults)


def test_an_empty_file_says_which_keys_belong_there(cases):
    cases.write(facts="", en="")
    assert cases.faults() == [
        "action.yaml:1: keys with values belong here (number, index, kind …), not nothing",
        "en.yaml:1: keys with values belong here (title, lead, body …), not nothing",
    ]


def test_a_case_without_facts_or_words_says_what_is_missing(cases):
    (cases.write(facts=FACTS, en=WORDS) / "action.yaml").unlink()
    assert "action.yaml: is missing" in cases.faults()[0]
    (cases.write("other", facts=FACTS, en=WORDS) / "en.yaml").unlink()
    assert "has no words yet" in cases.faults("other")[0]


@pytest.mark.parametrize("name", ["../gate", "gaet", "", ".", "/etc"])
def test_a_name_that_is_no_folder_of_the_project_is_not_found(cases, name):
    cases.write(facts=FACTS, en=WORDS)
    with pytest.raises(NotFound):
        cases.faults(name)


def test_an_earlier_version_is_read_by_its_number(cases):
    folder = cases.write(facts=FACTS, en=WORDS)
    old = folder / "versions" / "1"
    old.mkdir(parents=True)
    (old / "action.yaml").write_text(FACTS.replace("02-10", "02-01"))
    (old / "en.yaml").write_text(WORDS)
    actions, today = cases.root / "actions", cases.kit().now.date()
    assert read_action(actions, "gate", today).versions == [1]
    assert str(read_action(actions, "gate", today, 1).facts.deadline) == "2026-02-01"
    with pytest.raises(NotFound, match="no version '2'"):
        read_action(actions, "gate", today, 2)


@pytest.mark.parametrize(
    ("day", "name"), [("2025-12-31", "First"), ("2026-01-02", "Second"), ("2026-03-01", "Third")]
)
def test_the_holder_is_the_last_one_whose_time_it_is(cases, day, name):
    holders = """\
    holders:
      - {name: First, until: 2026-01-01}
      - {name: Second, since: 2026-01-01}
      - {name: Third, since: 2026-02-01}
"""
    cases.write(facts=FACTS + holders, en=WORDS)
    target = cases.kit().action("gate").facts.targets[0]
    assert target.holder(date.fromisoformat(day)).name == name
