"""What is public about a case, at each moment of its life."""

import re
from datetime import date, datetime

import pytest
from msgspec.structs import replace
from tests.site.gates import GATE, WITHDRAWN

from uasocial.site.cards import Card, CardWords, look, told_again

FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
time_zone: America/Lima
targets: [{id: minister, office: {en: Minister of Gates}, country: PE}]
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
body: [Nobody may pass.]
outcome: The gate is open.
"""


@pytest.fixture
def looked(cases):
    """Look at a case with *more* facts at a moment."""

    def run(more: str = "", now: str = "2026-01-20T12:00+00:00", words: str = WORDS, name="gate"):
        cases.write(name, FACTS + more, en=words)
        return look(cases.kit(now), name)

    return run


def test_an_open_case_is_told_and_its_outcome_is_not(looked):
    card = looked().card
    assert (card.state, card.number, card.countries) == ("open", "UA 1/26", ("PE",))
    assert card.words["en"].lead == "The gate is closed."
    assert card.words["en"].outcome == ""


@pytest.mark.parametrize(
    ("more", "now", "state", "tells"),
    [
        ("", "2026-02-11T12:00+00:00", "over", True),
        ("ended: {how: stop, on: 2026-01-15}", "2026-01-20T12:00+00:00", "stopped", False),
        ("ended: {how: good-news, on: 2026-01-15}", "2026-01-20T12:00+00:00", "good-news", True),
        ("ended: {how: closed, on: 2026-01-15}", "2026-01-20T12:00+00:00", "closed", True),
        ("ended: {how: withdrawn, on: 2026-01-15}", "2026-01-20T12:00+00:00", "withdrawn", False),
        ("kind: stop", "2026-01-20T12:00+00:00", "stopped", False),
        ("kind: good-news", "2026-01-20T12:00+00:00", "good-news", True),
    ],
)
def test_each_end_has_its_state_and_only_some_tell_the_story(looked, more, now, state, tells):
    card = looked(more, now).card
    assert (card.state, card.tells_story, card.is_open) == (state, tells, False)


def test_only_a_good_or_a_plain_end_tells_its_outcome(looked):
    assert looked("ended: {how: good-news, on: 2026-01-15}").card.words["en"].outcome
    stopped = looked("ended: {how: stop, on: 2026-01-15}", name="stopped").card
    assert not stopped.words["en"].outcome


def test_a_stop_leaves_the_title_and_takes_the_lead(looked):
    words = looked("ended: {how: stop, on: 2026-01-15}").card.words["en"]
    assert (words.title, words.lead) == ("Open the gate", "")


def test_a_withdrawn_case_keeps_no_word(looked):
    card = looked("ended: {how: withdrawn, on: 2026-01-15, why: The family asks}").card
    assert (card.words, card.number, card.countries, card.last_day) == ({}, "", (), None)
    assert card.updated == date(2026, 1, 15)


def test_a_case_is_not_public_before_its_first_day_or_under_embargo(looked):
    assert looked(now="2026-01-09T12:00+00:00").card is None
    early = looked("embargo: 2026-01-20T13:00+00:00", name="early")
    assert early.card is None
    assert early.left_out == ()
    assert early.until == datetime.fromisoformat("2026-01-20T13:00+00:00")


def test_a_case_that_cannot_be_read_is_not_available_and_the_fault_is_told(looked):
    found = looked("nonsense: 1")
    assert (found.card.state, found.card.words) == ("unreadable", {})
    (said,) = found.left_out
    assert re.fullmatch(r"gate: 1 fault, in .*gate/action\.yaml:7: uasocial check gate", said)


def test_the_day_ends_where_it_ends_first(cases):
    # In Auckland it is the 10th already, when it is the 9th in Lima.
    facts = FACTS.replace("America/Lima", "Pacific/Auckland")
    cases.write("gate", facts, en=WORDS)
    assert look(cases.kit("2026-02-09T10:59+00:00"), "gate").card.state == "open"
    assert look(cases.kit("2026-02-09T11:00+00:00"), "gate").card.state == "over"


def test_a_card_says_until_when_it_holds(looked):
    found = looked()
    assert found.until == datetime.fromisoformat("2026-01-21T00:00+00:00")
    assert found.card.closes_at == datetime.fromisoformat("2026-02-10T00:00+00:00")


PEOPLE = "people: [{name: Samar Belkori%s}]"
CONSENT = ", consents: [{use: name, given_on: 2026-01-01, expires_on: 2026-01-25}]"


def test_a_language_that_names_somebody_without_consent_has_no_page(looked):
    words = WORDS.replace("Nobody may pass.", "Samar Belkori may not pass.")
    found = looked(PEOPLE % "", words=words)
    assert found.card.words == {}
    assert found.left_out == (
        "gate: en.yaml names Samar Belkori, without consent to that: there is no page of it",
    )


def test_consent_that_has_run_out_takes_the_page_away(cases):
    words = WORDS.replace("Nobody may pass.", "Samar Belkori may not pass.")
    cases.write("gate", FACTS + PEOPLE % CONSENT, en=words)
    assert look(cases.kit("2026-01-25T12:00+00:00"), "gate").card.words
    assert not look(cases.kit("2026-01-26T12:00+00:00"), "gate").card.words


def test_a_folder_named_after_somebody_is_never_an_address_once_withdrawn(cases):
    facts = FACTS + PEOPLE % CONSENT
    cases.write("samar-belkori", facts, en=WORDS)
    assert look(cases.kit(), "samar-belkori").card.state == "open"
    file = cases.root / "actions" / "samar-belkori" / "action.yaml"
    file.write_text(facts + "\nended: {how: withdrawn, on: 2026-01-15}", encoding="utf-8")
    found = look(cases.kit(), "samar-belkori")
    assert found.card is None
    assert found.left_out


def test_a_folder_is_looked_into_as_an_address_is(cases):
    cases.write("rosagate", FACTS + "do_not_post: [Rosa]\n", en=WORDS)
    found = look(cases.kit(), "rosagate")
    assert found.card is None
    assert found.left_out == (
        "rosagate: the name of its folder holds 'Rosa', which is not to be posted",
    )


def test_a_card_is_shown_in_the_wanted_language_else_in_english(cases):
    cases.write("gate", FACTS, es=WORDS, en=WORDS, de=WORDS)
    card = look(cases.kit(), "gate").card
    assert [card.language(tag) for tag in ("de", "de-CH", "it")] == ["de", "de", "en"]


def test_the_last_change_is_the_latest_day_that_has_come(looked):
    counted = "counter: {value: 3, as_of: 2026-01-18, source: us}"
    assert looked(counted).card.updated == date(2026, 1, 18)
    later = looked(counted, "2026-03-01T12:00+00:00", name="later").card
    assert later.updated == date(2026, 2, 10)


# --- what is told again ----------------------------------------------------------------------

TODAY = date(2026, 1, 25)


def test_other_words_or_another_last_day_are_news_of_the_day_on_which_they_are_told():
    said = {"en": CardWords(title="Open both gates", lead="The gate is closed.")}
    for other in (replace(GATE, words=said), replace(GATE, last_day=date(2026, 3, 9))):
        assert told_again(other, GATE, TODAY).updated == TODAY


def test_what_says_the_same_is_no_news_though_its_last_day_has_passed():
    over = replace(GATE, state="over", updated=date(2026, 1, 12))
    assert told_again(over, GATE, TODAY) == over


@pytest.mark.parametrize("state", ["stopped", "withdrawn", "closed", "open"])
def test_the_day_of_the_last_news_never_goes_back(state):
    before = replace(GATE, updated=date(2026, 2, 1))
    assert told_again(replace(GATE, state=state), before, TODAY).updated == date(2026, 2, 1)


def test_a_withdrawal_is_news_of_the_day_on_which_it_is_told_and_of_no_later_one():
    told = told_again(WITHDRAWN, GATE, TODAY)
    assert told == replace(WITHDRAWN, updated=TODAY)
    assert told_again(WITHDRAWN, told, date(2026, 3, 1)) == told


def test_what_was_mended_says_nothing_new_by_that_alone():
    broken = Card(id="gate", state="unreadable", updated=date(2026, 1, 20))
    assert told_again(GATE, broken, TODAY).updated == date(2026, 1, 20)


def test_an_end_that_is_written_down_late_is_no_older_than_what_was_told_before(looked):
    told = "counter: {value: 3, as_of: 2026-01-18, source: us}\n"
    for how in ("stop", "withdrawn"):
        ended = told + f"ended: {{how: {how}, on: 2026-01-15}}"
        assert looked(ended, name=how).card.updated == date(2026, 1, 18)


# --- languages and other documents -----------------------------------------------------------


def test_a_language_whose_tag_is_a_device_has_no_page_and_the_others_have(cases):
    cases.write("gate", FACTS, en=WORDS, con=WORDS)
    found = look(cases.kit(), "gate")
    assert list(found.card.words) == ["en"]
    (said,) = found.left_out
    assert said.startswith("gate: con.yaml: 'con' is the name of a device on Windows")


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ('"UA: 11/26"', "UA 11/26"),
        ('"fi 11/26-2"', "FI 11/26-2"),
        ('" The one before "', "The one before"),
        ('"https://example.org/11"', "https://example.org/11"),
    ],
)
def test_another_document_is_called_as_its_own_card_calls_it(looked, said, called):
    card = looked(f"supersedes: {said}\nsuperseded_by: {said}").card
    assert (card.supersedes, card.superseded_by) == (called, called)
