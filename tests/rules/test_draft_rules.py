"""Each rule has a draft that passes and one that does not."""

from datetime import date

import pytest

from uasocial.model import Draft
from uasocial.rules import Days
from uasocial.rules import drafts as rules

TODAY = date(2026, 1, 20)
DAYS = Days(TODAY, TODAY)
PERSON = "people: [{name: Samar Example, consents: [%s]}]\n"
NAME = "{use: name, given_on: 2026-01-11}"
SOCIAL = "{use: social-media, given_on: 2026-01-11}"

# rule, what the case says more, what the draft is, and whether the rule is content.
EXAMPLES = [
    ("too_long", "", {"length": 280, "fits": True}, ""),
    ("too_long", "", {"length": 290, "fits": False}, "D001 is 10 too long (290 of 280)"),
    ("too_long", "", {"text": "", "length": 0, "fits": False}, "D001 is empty"),
    ("too_long", "", {"length": 9, "fits": False}, "D001 is within the length, and still"),
    ("hidden_characters", "", {"text": "a\u200db\n"}, ""),
    ("hidden_characters", "", {"text": "a\u202eb"}, "D002 holds the character U+202E"),
    ("hidden_characters", "", {"content_warning": "a\u202eb"}, "D002 holds the character U+202E"),
    ("strange_mentions", "", {"content_warning": "of @victim"}, "D003 mentions @victim"),
    ("words_not_to_post", "do_not_post: [Mill]\n", {"content_warning": "Mill"}, "D004 holds"),
    ("names_without_consent", PERSON % "", {"content_warning": "Samar Example"}, "D005 names"),
    (
        "too_long",
        "",
        {"length": 9, "fits": False, "content_warning": "a"},
        "D001 is within the length, and still the platform would refuse it",
    ),
    ("hidden_characters", "", {"text": "a\x07b"}, "D002 holds the character U+0007"),
    ("hidden_characters", "", {"text": "a\ud800b"}, "D002 holds the character U+D800"),
    ("hidden_characters", "", {"text": "a\ufdd0b"}, "D002 holds the character U+FDD0"),
    ("strange_mentions", "", {"text": "Dear @Ana_Example!"}, ""),
    ("strange_mentions", "", {"text": "Dear @ana_exampl"}, "D003 mentions @ana_exampl"),
    ("strange_mentions", "", {"text": "@ana_example", "platform": "bluesky"}, "D003 mentions"),
    ("strange_mentions", "mentions: {x: [us]}\n", {"text": "with @us"}, ""),
    ("strange_mentions", "mentions: {bluesky: [us]}\n", {"text": "with @us"}, "D003 mentions @us"),
    ("strange_mentions", "", {"text": "mail ana@ministry.example or https://a.co/@b"}, ""),
    ("strange_mentions", "", {"text": "@ana@social.example", "platform": "mastodon"}, ""),
    ("strange_mentions", "", {"text": "for .@victim"}, "D003 mentions @victim"),
    ("strange_mentions", "", {"text": "for /@victim"}, "D003 mentions @victim"),
    ("strange_mentions", "", {"text": "for -@victim"}, "D003 mentions @victim"),
    ("strange_mentions", "", {"text": "for ＠victim"}, "D003 mentions @victim"),
    ("words_not_to_post", "do_not_post: [Mill Road]\n", {"text": "#MillRoad"}, "D004 holds"),
    ("words_not_to_post", "do_not_post: [Mill Road]\n", {"text": "Mill\nRoad"}, "D004 holds"),
    ("words_not_to_post", "do_not_post: [Mill Road]\n", {"title": "Mill Road"}, "D004 holds"),
    ("words_not_to_post", "do_not_post: [Mill Road]\n", {"text": "Miller Street"}, ""),
    ("words_not_to_post", "do_not_post: [Mill Road]\n", {"text": "in MILL road 5"}, "D004 holds"),
    ("words_not_to_post", "do_not_post: [Mill]\n", {"text": "Ｍｉｌｌ"}, "D004 holds 'Mill'"),
    ("names_without_consent", PERSON % "", {"text": "A teacher"}, ""),
    ("names_without_consent", PERSON % "", {"text": "samar example"}, "D005 names Samar Example"),
    ("names_without_consent", PERSON % "", {"text": "#SamarExample"}, "D005 names"),
    ("names_without_consent", PERSON % NAME, {"text": "Samar Example"}, "D005 names"),
    ("names_without_consent", PERSON % f"{NAME}, {SOCIAL}", {"text": "Samar Example"}, ""),
    (
        "names_without_consent",
        PERSON % f"{NAME}, {SOCIAL[:-1]}, expires_on: 2026-01-19}}",
        {"text": "Samar Example"},
        "D005 names",
    ),
    (
        "names_without_consent",
        PERSON % f"{NAME}, {SOCIAL[:-1]}, expires_on: 2026-01-20}}",
        {"text": "Samar Example"},
        "",
    ),
    (
        "names_without_consent",
        "people: [{name: Teachers, group: true}]\n",
        {"text": "Teachers"},
        "",
    ),
    ("not_the_last_day", "", {"occasion": "appeal"}, ""),
    ("not_the_last_day", "", {"occasion": "last-day"}, "D006 is meant for the last day"),
    ("good_news_of_nothing", "", {"occasion": "thanks"}, ""),
    ("good_news_of_nothing", "", {"occasion": "good-news"}, "D007 brings good news"),
    ("names_without_consent", PERSON % "", {"text": "Самар Ехампле"}, ""),
    ("names_without_consent", PERSON % "", {"link": "https://a.co/Samar%20Example"}, "D005"),
    (
        "names_without_consent",
        "people: [{name: Samar Example, spellings: [سمر المثال]}]\n",
        {"text": "سَمَر المثال"},
        "D005 names Samar Example",
    ),
    ("words_not_to_post", "do_not_post: [Kirov]\n", {"text": "в Киров"}, "D004 holds 'Kirov'"),
    ("without_link", "", {"text": "Look: https://example.org"}, ""),
    ("without_link", "", {"text": "Look: example.org/1"}, ""),
    ("without_link", "", {"text": "Look here"}, "D008 has no link"),
    ("single_braces", "", {"text": "{1, 2} {Name} {}"}, ""),
    ("single_braces", "", {"text": "for { action | link }"}, "D009 holds '{ action | link }'"),
]


@pytest.mark.parametrize(("rule", "more", "given", "expected"), EXAMPLES)
def test_a_rule_says_what_is_wrong_and_nothing_where_all_is_well(
    cases, rule, more, given, expected
):
    folder = cases.write()
    with (folder / "action.yaml").open("a") as file:
        file.write(more)
    plain = {"action": "gate", "language": "en", "platform": "x", "occasion": "appeal"}
    plain["handles"] = given.get("platform", "x")
    measured = {"wording": "own", "text": "Hello", "length": 5, "limit": 280, "fits": True}
    draft = Draft(**{**plain, **measured, **given})
    checked = getattr(rules, rule)
    found = checked.check(draft, cases.kit().action("gate"), DAYS)
    said = [f"{checked.code} {remark.said}" for remark in found]
    assert len(said) == bool(expected)
    assert all(sentence.startswith(expected) for sentence in said)


def test_every_rule_has_an_example_that_passes_and_one_that_does_not():
    for name in rules.__all__:
        content = {expected == "" for rule, _, _, expected in EXAMPLES if rule == name}
        assert content == {True, False}, name


def test_the_last_day_is_no_fault_on_the_last_day(cases):
    cases.write()
    assert cases.draft("x", "last-day", now="2026-02-09T12:00+00:00").problems == ()


def test_good_news_with_an_outcome_is_no_fault(cases):
    cases.write(en="title: Open\nlead: Closed.\noutcome: The gate is open.\n")
    assert cases.draft("x", "good-news").problems == ()


def test_a_draft_with_an_error_gets_no_share_address_and_one_with_a_hint_does(cases):
    folder = cases.write()
    assert cases.draft("x", "last-day").share_url
    with (folder / "action.yaml").open("a") as file:
        file.write("do_not_post: [gate]\n")
    draft = cases.draft("x")
    assert draft.share_url is None
    assert [problem.code for problem in draft.errors()] == ["D004"]
    assert draft.errors()[0].message.endswith(": take it out")


def test_a_rehearsal_lifts_no_consent(cases):
    folder = cases.write()
    consents = f"{NAME[:-1]}, expires_on: 2026-02-01}}, {SOCIAL[:-1]}, expires_on: 2026-02-01}}"
    with (folder / "action.yaml").open("a") as file:
        file.write(PERSON % consents)
    draft = Draft(
        action="gate", language="en", platform="x", occasion="appeal", wording="own",
        text="Samar Example", length=5, limit=280, fits=True,
    )  # fmt: skip
    case = cases.kit().action("gate")
    later = Days(TODAY, date(2026, 3, 1))
    assert not list(rules.names_without_consent.check(draft, case, DAYS))
    assert list(rules.names_without_consent.check(draft, case, later))
