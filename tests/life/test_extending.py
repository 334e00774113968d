"""`extend` moves the last day to a later one, and freezes what still says the old one."""

from datetime import date, timedelta

import pytest

from uasocial.model.facts import Facts
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.verifying import verify
from uasocial.team import extending

from .conftest import BY, FACTS, LAST, SOON, TODAY

LATER = LAST + timedelta(days=10)
WHY = (*BY, "--why", "the trial was put off")
EXTEND = ("extend", "gate", "--until", str(LATER), *WHY)


@pytest.fixture
def planned(case):
    """Three posts that wait, of which two speak of the last day."""
    for wording in ("plain", "dated", "left"):
        case.publish("con-en", wording, "--at", SOON)
    return case


def by_wording(case) -> dict[str, str]:
    return {one["wording"]: one["state"] for one in case.posts()}


def test_the_last_day_is_moved_in_the_files_with_a_note_of_who_and_why(planned, ledger_url):
    done = planned.run(*EXTEND)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"gate: the last day is {LATER}, and was {LAST}\n")
    note = f"{TODAY}: Dalia Torvane moved the last day from {LAST} to {LATER}: the trial was put"
    assert note in planned.file().replace("\n   ", "")
    assert f"deadline: {LATER}\n" in planned.file()
    assert planned.file().startswith("number: UA 1/26\n")
    ledger = Ledger(ledger_url)
    verify(ledger)
    ledger.close()


def test_what_says_the_old_day_goes_back_to_be_approved_and_the_rest_stays(planned):
    out = planned.run(*EXTEND).out
    assert by_wording(planned) == {"plain": "planned", "dated": "proposed", "left": "proposed"}
    assert "Say the old day, and must be corrected or approved as they are:\n" in out
    assert out.count("con-en (mastodon, en)") == 2
    assert f"1 other post pending: go out until {LAST} as planned, and not later\n" in out
    whys = {one["wording"]: one["why"] for one in planned.posts()}
    assert str(LAST) in whys["dated"]
    assert whys["plain"] == ""


def test_before_a_day_stays_before_a_day(planned):
    planned.write(FACTS.replace("deadline_inclusive: true", "deadline_inclusive: false"))
    before = LAST - timedelta(days=1)
    out = planned.run(*EXTEND).out
    assert out.startswith(f"gate: the last day is {LATER}, and was {before}\n")
    assert f"deadline: {LATER + timedelta(days=1)}\n" in planned.file()


def test_the_words_of_the_old_deadline_are_taken_out_and_told(planned):
    planned.write(f"{FACTS}deadline_words: {{en: Please write until the end of the month.}}\n")
    assert "`deadline_words` said the old day" in planned.run(*EXTEND).out
    assert "end of the month" not in planned.file()


def test_an_action_that_is_over_can_be_opened_for_longer(case):
    over = FACTS.replace(str(LAST), str(TODAY - timedelta(days=3)))
    case.write(over.replace(str(TODAY - timedelta(days=5)), str(TODAY - timedelta(days=30))))
    refused = case.run("share", "gate", "-p", "mastodon")
    assert "the last day to act was" in refused.err
    assert case.run(*EXTEND).status == 0
    assert case.run("share", "gate", "-p", "mastodon").status == 0


def test_a_dry_run_tells_the_same_and_does_nothing(planned):
    before = planned.file(), planned.posts()
    done = planned.run(*EXTEND, "--dry-run")
    assert done.out.startswith(f"gate: the last day would be {LATER}, and was {LAST}\n")
    assert done.out.count("con-en (mastodon, en)") == 2
    assert (planned.file(), planned.posts()) == before


def test_nothing_is_moved_while_the_ledger_does_not_know(planned, monkeypatch):
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    done = planned.run(*EXTEND)
    assert done.status == 1
    assert "secret" not in done.err
    assert planned.file() == FACTS


WRONG = {
    "the same day": (("--until", str(LAST), *WHY), 1, "can only be moved to a later one"),
    "an earlier day": (("--until", str(TODAY), *WHY), 1, "can only be moved to a later one"),
    "no reason": (("--until", str(LATER), *BY), 2, "--why"),
    "no day": (WHY, 2, "--until"),
    "no such day": (("--until", "2026-02-30", *WHY), 2, "2026-02-30"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_question_changes_nothing(planned, what):
    args, status, sentence = WRONG[what]
    done = planned.run("extend", "gate", *args)
    assert (done.status, done.out) == (status, "")
    assert sentence in done.err
    assert planned.file() == FACTS
    assert set(by_wording(planned).values()) == {"planned"}


def test_what_has_ended_is_not_extended(planned):
    planned.run("stop", "gate", *WHY)
    before = planned.file()
    done = planned.run(*EXTEND)
    assert (done.status, planned.file()) == (1, before)
    assert "`uasocial reopen gate` first" in done.err


def test_a_case_that_lies_in_the_past_needs_a_day_to_come(case):
    old = FACTS.replace(str(LAST), str(TODAY - timedelta(days=9)))
    case.write(old.replace(str(TODAY - timedelta(days=5)), str(TODAY - timedelta(days=30))))
    done = case.run("extend", "gate", "--until", str(TODAY - timedelta(days=7)), *WHY)
    assert "is over: give a day to come" in done.err


# --- which texts say it ------------------------------------------------------------------------

SAYS = [
    ("en", "Write by 9 January 2022.", True),
    ("en", "Write by January 9.", True),
    ("en", "Write before 10 January.", True),
    ("en", "Until 2022-01-09!", True),
    ("en", "On 19 January there was a trial.", False),
    ("en", "In January 9 people were held.", True),
    ("es", "Escriban hasta el 9 de enero.", True),
    ("es", "Escriban antes del 10 de enero de 2022.", True),
    ("es", "Desde el 19 de enero.", False),
    ("fr", "Jusqu'au 9 janvier.", True),
    ("de", "Bis zum 9. Januar.", True),
    ("de", "Bis 9.1.", True),
    ("de", "Bis 09.01.2022", True),
    ("de", "Am 29. Januar und 9.10.", False),
    ("it", "Entro il 9 gennaio", True),
    ("ar", "حتى 9 يناير", True),
    ("en", "Open the gate.", False),
]


@pytest.mark.parametrize(("language", "text", "says"), SAYS)
def test_a_day_is_found_in_the_forms_of_its_language(language, text, says):
    facts = _facts(deadline=date(2022, 1, 10))
    assert extending.says_old(text, language, facts) is says


@pytest.mark.parametrize("text", ["Jusqu'au 1er janvier.", "Avant le 1 janvier.", "le 1er janvier"])
def test_a_first_in_french_is_found_with_its_ending_and_without(text):
    facts = _facts(deadline=date(2022, 1, 1))
    assert extending.says_old(text, "fr", facts)
    assert not extending.says_old(text.replace("1", "11"), "fr", facts)


def _facts(deadline: date) -> Facts:
    from uasocial.model.days import Day
    from uasocial.model.facts import Target

    target = Target(id="minister", office={"en": "Minister"})
    day = Day.fromordinal(deadline.toordinal())
    return Facts(countries=("PE",), active_since=Day(2021, 11, 23), deadline=day, targets=(target,))


def test_however_long_a_text_is_it_is_searched_quickly():
    import time

    facts, begun = _facts(deadline=date(2022, 1, 10)), time.monotonic()
    assert not extending.says_old("9 0" * 7000 + " 9 ja" * 1000, "en", facts)
    assert time.monotonic() - begun < 5
