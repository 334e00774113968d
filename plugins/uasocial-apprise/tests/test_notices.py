"""A notice says which post needs a person, in the team's language, and nothing of any person."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from msgspec.structs import replace

from uasocial.errors import UasocialError
from uasocial.model.notice import NOTICES, Notice, NoticeKind
from uasocial.model.post import Delivery, Need
from uasocial_apprise import delivery_changed, notice_due
from uasocial_apprise.testing import TOKEN, Room
from uasocial_apprise.words import COMMANDS, LANGUAGES, NEEDS, REMINDERS, needed, reminded

ENDS = datetime(2026, 2, 3, tzinfo=UTC)
DELIVERY = Delivery(
    id="1f2e3d4c5b6a",
    number="UA 1/26",
    action="gate",
    language="es",
    platform="mastodon",
    account="lima",
    state="review",
    needs="review",
    permalink="https://social.example/@samar/1",
    ends_at=ENDS,
)
ALL: tuple[Need, ...] = tuple(need for need in get_args(Need) if need)


@pytest.fixture(autouse=True)
def _no_way_out(blocked_network: None) -> None:
    """Nothing here reaches another machine."""


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as room:
        yield room


def tell(delivery: Delivery, urls: str, language: str = "") -> None:
    delivery_changed(delivery, {"language": language} if language else {}, {"urls": urls})


def test_a_notice_names_number_language_platform_what_is_needed_and_the_command(
    room: Room,
) -> None:
    tell(DELIVERY, room.address())
    (said,) = room.taken
    assert said["title"] == "uasocial: UA 1/26"
    assert said["message"] == (
        "UA 1/26 · es · mastodon: waits for your decision\nuasocial review 1f2e3d4c"
    )


def test_each_need_has_words_in_each_language() -> None:
    assert {"en", "de", "fr", "es"} <= set(LANGUAGES)
    for words in NEEDS.values():
        assert tuple(words) == ALL
        assert len(set(words.values())) == len(ALL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", ALL)
def test_a_notice_names_nobody(need: Need, language: str) -> None:
    """Neither the account, which may be a person's, nor the address, which names one."""
    said = "\n".join(needed(replace(DELIVERY, needs=need), language))
    assert "samar" not in said
    assert "{" not in said
    assert ("lima" in said) == (need == "token ending")
    assert ("2026-02-03" in said) == (need == "token ending")


@pytest.mark.parametrize(
    ("language", "words"),
    [("de-CH", "wartet auf"), ("FR", "attend"), ("xx", "waits for"), ("", "waits for")],
)
def test_the_language_is_as_the_settings_say_and_else_english(language: str, words: str) -> None:
    assert words in needed(DELIVERY, language).body


def test_what_needs_nobody_is_no_notice(room: Room) -> None:
    tell(replace(DELIVERY, needs=""), room.address())
    assert room.taken == []


def test_without_an_address_nothing_is_sent_and_nothing_is_wrong() -> None:
    delivery_changed(DELIVERY, {}, {})


def test_each_address_gets_it(room: Room) -> None:
    with Room() as other:
        tell(DELIVERY, f"{room.address()} {other.address()}")
        assert (len(room.taken), len(other.taken)) == (1, 1)


def test_one_that_fails_is_logged_and_the_others_are_told_once(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """To raise would send it to the others again."""
    with Room() as other, caplog.at_level(logging.WARNING, "uasocial_apprise"):
        other.refusing = 500
        tell(DELIVERY, f"{other.address()}, {room.address()}")
    assert len(room.taken) == 1
    (line,) = [one.getMessage() for one in caplog.records if one.name.startswith("uasocial")]
    assert line.startswith("a notice was lost: JSON: ")
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("urls", ["nonsense", "discord://", " "])
def test_an_address_that_is_none_is_told(urls: str) -> None:
    with pytest.raises(UasocialError):
        tell(DELIVERY, urls)


def test_where_nobody_was_told_it_is_tried_again_and_the_token_is_not_said(room: Room) -> None:
    room.token = "another"
    with pytest.raises(UasocialError, match="JSON: Failed to send") as error:
        tell(DELIVERY, room.address())
    assert TOKEN not in f"{error.value!r}"


# What stands still about a case

NOTICE = Notice(
    kind="approval wanted",
    number="UA 1/26",
    action="gate",
    language="es",
    platforms=("mastodon", "x"),
    count=7,
    day=date(2026, 2, 3),
)


def test_a_reminder_names_number_language_platforms_count_day_and_the_command(room: Room) -> None:
    notice_due(NOTICE, {}, {"urls": room.address()})
    (said,) = room.taken
    assert said["title"] == "uasocial: UA 1/26"
    assert said["message"] == (
        "UA 1/26 · es · mastodon, x: waiting for approval: 7; the first is for 2026-02-03\n"
        "uasocial approve --action gate"
    )


def test_each_kind_of_reminder_has_words_in_each_language_and_a_command() -> None:
    assert tuple(REMINDERS) == LANGUAGES
    assert tuple(COMMANDS) == NOTICES
    for words in REMINDERS.values():
        assert tuple(words) == NOTICES
        assert len(set(words.values())) == len(NOTICES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NOTICES)
def test_the_words_of_a_reminder_are_whole(kind: NoticeKind, language: str) -> None:
    body = reminded(replace(NOTICE, kind=kind), language).body
    assert body.startswith("UA 1/26 · es · mastodon, x: ")
    assert "{" not in body
    assert "None" not in body


def test_a_reminder_of_a_whole_case_names_no_language() -> None:
    whole = Notice(kind="holder not confirmed", number="UA 1/26", action="gate", count=2)
    body = reminded(whole, "en").body
    assert body == (
        "UA 1/26: holders of an office not confirmed for 30 days: 2\nuasocial target gate"
    )


def test_a_reminder_that_nobody_took_is_told_as_lost(room: Room) -> None:
    room.token = "another"
    with pytest.raises(UasocialError, match="Failed to send"):
        notice_due(NOTICE, {}, {"urls": room.address()})
    notice_due(NOTICE, {}, {})
