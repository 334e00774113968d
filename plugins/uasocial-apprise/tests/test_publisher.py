"""What Apprise can and cannot say of a post, and what is refused before it is asked."""

import contextvars
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from uasocial.keeping import Keeping
from uasocial.model.post import Media, Post, Receipt, digest_of
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial_apprise import APPRISE
from uasocial_apprise.exchanges import Exchange, watched
from uasocial_apprise.publisher import _meaning
from uasocial_apprise.testing import TOKEN, Room

TEXT = "Samar Belkori must be free: open the gate"
PICTURE = Media(sha256="0" * 64, type="image/png", alt="A gate", width=1, height=1)
BEFORE = Receipt("apprise-1")


@pytest.fixture(autouse=True)
def _no_way_out(blocked_network: None) -> None:
    """Nothing here reaches another machine."""


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as room:
        yield room


def opened(url: str) -> Publisher:
    return APPRISE.open({}, Keeping("discord", "ours", {"url": url}))


def prepared(text: str = TEXT, answers: Receipt | None = None, **given: object) -> Prepared:
    post = Post(
        id="1",
        action="gate",
        language="en",
        countries=("PE",),
        platform="discord",
        account="ours",
        occasion="appeal",
        wording="standard",
        text=text,
        created_at=datetime(2026, 1, 20, tzinfo=UTC),
        created_by="Samar Belkori",
        sha256=digest_of("ours", text, ()),
        **given,  # type: ignore[arg-type]
    )
    return Prepared(post, "key", {}, answers)


def create(publisher: Publisher, text: str = TEXT) -> Receipt:
    given = prepared(text)
    publisher.prepare(given, lambda _: b"")
    return publisher.create(given)


def test_a_token_in_the_path_of_an_address_is_in_no_log(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """As Discord, Slack and others have it; the request itself is made all the same."""
    caplog.set_level("DEBUG")
    ours = opened(f"json://{urlsplit(room.url).netloc}/hooks/{TOKEN}")
    with pytest.raises(NotAuthorized, match="401") as error:
        create(ours)
    assert TOKEN not in f"{error.value}{caplog.text}"


def test_nothing_of_apprise_is_imported_before_an_account_is_opened() -> None:
    code = (
        "import sys, uasocial_apprise as it; it.register_publishers();"
        "own = 'uasocial_apprise.publisher'\n"
        "print([name for name in ('apprise', 'requests', own) if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


# --- what is sent --------------------------------------------------------------------------------


def test_the_room_gets_the_text_alone(room: Room) -> None:
    """No title, no picture of Apprise's, no colour: what was approved, and nothing beside it."""
    create(opened(room.address()))
    (said,) = room.taken
    assert said == {
        "version": "1.0",
        "title": "",
        "message": TEXT,
        "attachments": [],
        "type": "info",
    }


def test_what_an_address_asks_for_neither_cuts_nor_repeats_nor_calls_a_failure_good(
    room: Room,
) -> None:
    room.refusing = 500
    asked = "overflow=split&optional=yes&retry=3&wait=9&emojis=yes&rto=90&redirect=yes"
    publisher = opened(f"{room.address()}?{asked}")
    with pytest.raises(OutcomeUnknown):
        create(publisher, "The gate :smile: \\n")
    room.refusing = 0
    create(publisher, "The gate :smile: \\n")
    assert [one["message"] for one in room.taken] == ["The gate :smile: \\n"]


def test_twenty_texts_do_not_wait_for_each_other(room: Room) -> None:
    """Apprise would wait five seconds after each."""
    begun = datetime.now(UTC)
    publisher = opened(room.address())
    for number in range(20):
        create(publisher, f"{TEXT} {number}")
    assert datetime.now(UTC) - begun < timedelta(seconds=5)


class _Post:
    """A post office that takes letters, or refuses each with *answer*."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[bytes | str | None] = []

    async def handle_DATA(  # noqa: N802 - the name of aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        if self.answer.startswith("250"):
            self.taken.append(envelope.content)
        return self.answer


@contextmanager
def office(post: _Post) -> Iterator[str]:
    """Open a post office, and yield the address of it that Apprise is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        place = f"127.0.0.1:{port}"
        yield f"mailto://{place}?from=ua@section.example&to=team@section.example&mode=insecure"
    finally:
        controller.stop()


def test_a_letter_arrives_whole() -> None:
    post = _Post()
    with office(post) as address:
        create(opened(address), f"{TEXT} <b>& now</b>")
    (letter,) = post.taken
    assert isinstance(letter, bytes)
    assert f"{TEXT} <b>& now</b>".encode() in letter
    assert b"text/html" not in letter


def test_a_letter_that_was_refused_may_have_been_sent_for_all_that_apprise_says() -> None:
    with (
        office(_Post("550 no")) as address,
        pytest.raises(OutcomeUnknown, match="by Apprise: Sending email"),
    ):
        create(opened(address))


# --- what goes wrong -----------------------------------------------------------------------------

MEANINGS: dict[int, type[PublisherError]] = {
    400: Rejected,
    401: NotAuthorized,
    403: NotAuthorized,
    404: NotAuthorized,
    408: OutcomeUnknown,
    409: OutcomeUnknown,
    410: NotAuthorized,
    422: Rejected,
    429: Transient,
    500: OutcomeUnknown,
    502: OutcomeUnknown,
    503: OutcomeUnknown,
}


@pytest.mark.parametrize("status", MEANINGS)
def test_one_request_that_was_refused_says_what_became_of_the_post(room: Room, status: int) -> None:
    room.refusing = status
    with pytest.raises(PublisherError) as error:
        create(opened(room.address()))
    assert type(error.value) is MEANINGS[status]
    assert f"{status}" in f"{error.value}"
    assert len(f"{error.value}".splitlines()) == 1


def test_a_wrong_token_is_the_account_s_and_nothing_says_it(room: Room) -> None:
    url = room.address().replace(TOKEN, "another-token-of-ours")
    with pytest.raises(NotAuthorized, match="uasocial accounts add") as error:
        create(opened(url))
    assert "another-token" not in f"{error.value!r}"


def test_a_room_that_is_not_there_has_surely_not_taken_it() -> None:
    with Room() as room:
        url = room.address()
    with pytest.raises(Transient, match="nobody was reached"):
        create(opened(url))


@pytest.mark.parametrize(
    "exchanges",
    [
        [],
        [Exchange("POST", 401), Exchange("POST", 401)],
        [Exchange("GET", 404)],
        [Exchange("POST", 200)],
        [Exchange("POST", 302)],
        [Exchange("POST")],
    ],
)
def test_nothing_but_a_single_refused_request_proves_anything(exchanges: list[Exchange]) -> None:
    assert type(_meaning(exchanges, "")) is OutcomeUnknown


def test_what_others_ask_meanwhile_is_no_part_of_a_call(room: Room) -> None:
    with watched() as ours:
        before = contextvars.copy_context()
    with watched() as theirs:
        requests.get(room.url, timeout=5)
    assert (ours, [one.status for one in theirs]) == ([], [401])
    before.run(lambda: requests.get(room.url, timeout=5))
    requests.get(room.url, timeout=5)
    assert len(theirs) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("60", 60), ("0.5", 0.5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), ("", None)],
)
def test_how_long_to_wait_is_as_the_server_asks(said: str, seconds: float | None) -> None:
    error = _meaning([Exchange("POST", 429, said)], "")
    assert isinstance(error, Transient)
    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "url",
    ["nonsense", "nowhere://secret-token", "discord://", "json://", "http://[", ""],
)
def test_an_address_that_is_none_is_told_without_it(url: str) -> None:
    with pytest.raises(NotAuthorized, match="appriseit") as error:
        opened(url)
    assert not url or url not in f"{error.value!r}"


def test_an_address_of_two_targets_is_refused() -> None:
    with pytest.raises(NotAuthorized, match="2 targets: give each an account"):
        opened("tgram://123456789:abcdefg_hijklmnop/12315544/12315545")


WRONG = {
    "picture": (prepared(media=(PICTURE,)), "no alt text, and so no picture"),
    "warning": (prepared(content_warning="violence"), "no content warning"),
    "thread": (prepared(answers=BEFORE), "carries no thread"),
    "everyone": (prepared("@everyone, open the gate"), "'@everyone' might call everybody"),
    "channel": (prepared("<!channel> open the gate"), "'<!' might call everybody"),
    "length": (prepared("a" * 32769), "takes 32,768 characters, and this has 32,769"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_would_not_arrive_as_it_is_is_refused_beforehand(name: str, room: Room) -> None:
    given, sentence = WRONG[name]
    with pytest.raises(Rejected, match=f"^JSON by Apprise: .*{sentence}"):
        opened(room.address()).prepare(given, lambda _: b"")
    assert room.taken == []


def test_a_handle_calls_nobody_and_passes(room: Room) -> None:
    create(opened(room.address()), "Tell @MaurtuaDe and @alliance: open the gate")
    assert len(room.taken) == 1


def test_nothing_is_looked_up_edited_or_taken_back(room: Room) -> None:
    publisher = opened(room.address())
    receipt = create(publisher)
    assert receipt.permalink == ""
    with pytest.raises(CannotTell):
        publisher.find(prepared(), datetime.now(UTC))
    with pytest.raises(Rejected):
        publisher.delete(receipt)
    with pytest.raises(Rejected):
        publisher.edit(receipt, prepared())
    assert (APPRISE.can_delete, APPRISE.can_edit, APPRISE.can_thread) == (False, False, False)
