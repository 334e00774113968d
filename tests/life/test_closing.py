"""`close` ends what asks people to act, in files and on the ledger, and proposes what tells it."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from uasocial.errors import Refused
from uasocial.outbox import approvals, queue
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.verifying import verify

from .conftest import ACCOUNTS, BY, FACTS, SOON, TODAY, WHY, WORDS

GOOD = ("close", "gate", "--outcome", "good-news", *WHY)
FREE = (*GOOD, "--outcome-text", "en=She is free.", "--outcome-text", "es=Está libre.")


def test_closing_ends_every_language_and_says_so_in_the_files(published, ledger_url):
    done = published.run(*FREE)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("gate: closed; 1 post cancelled\nAlready live:\n")
    assert published.states() == {"con-en": ["sent"], "con-es": ["cancelled"]}
    assert published.file().startswith(FACTS)
    for line in ("how: good-news", f"on: {TODAY}", "by: Dalia Torvane", "why: she is free"):
        assert line in published.file()
    assert "outcome: She is free.\n" in published.file("en")
    assert "outcome: Está libre.\n" in published.file("es")
    with opened(ledger_url) as ledger:
        verify(ledger)


def test_the_good_news_is_proposed_where_people_were_asked_to_act(published):
    done = published.run(*FREE)
    assert published.states("good-news") == {"con-en": ["proposed"]}
    assert "con-en: proposed (good-news): #Peru, good news: She is free." in done.out
    assert "Somebody else must approve" in done.out


def test_what_is_proposed_goes_out_once_another_has_agreed_within_a_week(published, ledger_url):
    published.run(*FREE)
    (mine,) = (one for one in published.posts() if one["occasion"] == "good-news")
    with opened(ledger_url) as ledger:
        entry = queue.find(ledger, mine["delivery"])
        assert entry.send_before - entry.planned_for == timedelta(days=7)
        with pytest.raises(Refused, match="somebody else"), ledger.write() as connection:
            approvals.approve(ledger, connection, [entry.id], "Dalia Torvane")
        with ledger.write() as connection:
            approvals.approve(ledger, connection, [entry.id], "Tomas Ferro")
    assert published.run("worker", "--once").status == 0
    assert published.states("good-news") == {"con-en": ["sent"]}


@contextmanager
def opened(url: str):
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def test_closing_again_changes_nothing_and_proposes_nothing_more(published):
    published.run(*FREE)
    before = published.file(), published.file("en"), published.states("good-news")
    again = published.run("close", "gate", "--outcome", "good-news", "--by", "Tomas Ferro")
    assert (again.status, again.out.splitlines()[0]) == (0, "gate: closed; 0 posts cancelled")
    assert (published.file(), published.file("en"), published.states("good-news")) == before


def test_what_was_rejected_is_not_proposed_again(published, ledger_url):
    published.run(*FREE)
    (mine,) = (one for one in published.posts() if one["occasion"] == "good-news")
    with opened(ledger_url) as ledger, ledger.write() as connection:
        approvals.reject(ledger, connection, [mine["delivery"]], "Tomas Ferro", "not yet")
    assert "proposed" not in published.run(*FREE).out
    assert published.states("good-news") == {"con-en": ["rejected"]}


def test_thanks_are_proposed_where_it_is_only_closed_and_need_no_outcome(published):
    done = published.run("close", "gate", "--outcome", "closed", *BY)
    assert done.status == 0
    assert published.states("thanks") == {"con-en": ["proposed"]}
    assert "how: closed" in published.file()


def test_good_news_without_words_for_it_is_not_proposed_and_told(published):
    done = published.run(*GOOD)
    assert done.status == 0
    assert "nothing proposed: con-en: " in done.err
    assert "write `outcome` into en.yaml first" in done.err
    assert published.states("good-news") == {}
    assert published.states()["con-es"] == ["cancelled"]


def test_nothing_is_proposed_where_nothing_was_ever_said(case):
    assert case.run(*FREE).out == "gate: closed; 0 posts cancelled\n"
    assert case.posts() == []


def test_two_accounts_of_x_never_say_the_same(case):
    more = ACCOUNTS.replace("mastodon", "x").replace("con-es", "con-two").replace('"es"', '"en"')
    case.project.settings(more)
    case.publish("con-en", "plain")
    case.publish("con-two", "dated")
    done = case.run("close", "gate", "--outcome", "closed", *BY)
    assert "nothing proposed: con-two: another account of x says the same words" in done.err
    assert case.states("thanks") == {"con-en": ["proposed"]}


def test_a_dry_run_tells_the_same_and_does_nothing(published):
    before = published.file(), published.file("en"), published.posts()
    done = published.run(*FREE, "--dry-run")
    assert done.status == 0
    assert done.out.startswith("gate: would be closed; 1 post cancelled\nAlready live:\n")
    assert "con-en: proposed (good-news): #Peru, good news: She is free." in done.out
    assert (published.file(), published.file("en"), published.posts()) == before


def test_closing_is_loud_until_the_ledger_has_taken_it(published, monkeypatch, ledger_url):
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    done = published.run(*FREE)
    assert done.status == 1
    assert "THIS MACHINE HAS STOPPED, THE OTHERS NOT YET" in done.err
    assert "secret" not in done.err
    assert "how: good-news" in published.file()
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", ledger_url)
    assert published.run(*FREE).status == 0
    assert published.states()["con-es"] == ["cancelled"]


def test_a_broken_file_keeps_the_ledger_from_nothing(published):
    published.write("countries: [\n")
    done = published.run(*FREE)
    assert done.status == 1
    assert "NOT CLOSED in its files: actions/gate/action.yaml:2:" in done.err
    assert published.states()["con-es"] == ["cancelled"]
    assert "outcome: She is free.\n" in published.file("en")


@pytest.mark.parametrize("how", ["stop", "withdraw"])
def test_what_was_stopped_is_not_closed_for_that_would_open_it(published, how):
    assert published.run(how, "gate", *WHY).status == 0
    before = published.file()
    done = published.run(*FREE)
    assert (done.status, done.out) == (1, "")
    assert "`uasocial reopen gate` first" in done.err
    # Nor where its files do not know of the stop.
    published.write(FACTS)
    assert published.run(*FREE).status == 1
    assert published.file() == FACTS
    assert "how:" in before


def test_a_closed_action_can_be_stopped_and_then_says_nothing_any_more(published):
    published.run(*FREE)
    assert published.run("stop", "gate", *WHY).status == 0
    assert "how: stop" in published.file()
    assert published.states("good-news") == {"con-en": ["cancelled"]}


def test_reopening_lifts_it_in_files_and_ledger(published):
    published.run(*FREE)
    assert published.run("reopen", "gate", *WHY).status == 0
    assert published.file() == FACTS
    published.publish("con-es", "plain", "--at", SOON)
    assert published.run("worker", "--once").status == 0
    assert sorted(published.states()["con-es"]) == ["cancelled", "planned"]


def test_the_ledger_knows_it_where_the_files_of_a_machine_do_not(published):
    published.run(*FREE)
    # Another machine, whose files are of yesterday, and which asks people to act.
    published.write(FACTS)
    published.write(WORDS, "es")
    for more in ((), ("--at", SOON)):
        asked = ("publish", "gate", "--account", "con-es", "--wording", "plain", *more, "--yes")
        assert "the action was closed" in published.run(*asked, *BY).err
    assert published.states()["con-es"] == ["cancelled"]


def test_what_a_machine_reads_in_files_is_closed_on_the_ledger_before_anything_is_sent(published):
    published.write(f"{FACTS}ended: {{how: closed, on: {TODAY}}}\n")
    publish = ("publish", "gate", "--account", "con-en", "--occasion", "thanks", "--yes", *BY)
    assert published.run(*publish).status == 0
    assert published.states() == {"con-en": ["sent"], "con-es": ["cancelled"]}
    assert published.states("thanks") == {"con-en": ["sent"]}


WRONG = {
    "an unknown action": (("close", "gaet", "--outcome", "closed"), 1, "did you mean 'gate'?"),
    "no outcome": (("close", "gate"), 2, "--outcome"),
    "a stop": (("close", "gate", "--outcome", "stop"), 2, "'stop' is not one of"),
    "an unknown language": (
        ("close", "gate", "--outcome", "closed", "--outcome-text", "de=Frei"),
        1,
        "no language 'de'",
    ),
    "no language": (
        ("close", "gate", "--outcome", "closed", "--outcome-text", "Frei"),
        2,
        "write it as en=She is free",
    ),
    "a way out": (
        ("close", "gate", "--outcome", "closed", "--outcome-text", "../es=x"),
        1,
        "no language '../es'",
    ),
    "a day to come": (
        ("close", "gate", "--outcome", "closed", "--on", str(TODAY + timedelta(days=3))),
        1,
        "is still to come",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_question_changes_nothing(published, what):
    args, status, sentence = WRONG[what]
    done = published.run(*args, *BY)
    assert (done.status, done.out) == (status, "")
    assert sentence in done.err
    assert published.file() == FACTS
    assert published.states() == {"con-en": ["sent"], "con-es": ["planned"]}
