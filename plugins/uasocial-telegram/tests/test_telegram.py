"""What is Telegram's own: albums and captions, chats and rights, and what goes wrong there."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import pytest

from uasocial.errors import SettingsError, UasocialError
from uasocial.model.post import Receipt
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Rejected,
    Transient,
)
from uasocial.testing.contract import Desk
from uasocial.testing.contract.desk import Picture
from uasocial.testing.loopback import Answer
from uasocial.testing.proxy import Fault
from uasocial_telegram import register_publishers
from uasocial_telegram.bot_api import BotAPI
from uasocial_telegram.testing import Chat, TelegramNetwork

(KIND,) = register_publishers()
TEXT = "Samar Belkori must be free: open the gate https://example.org/gate"
JPEG, PNG = b"\xff\xd8\xff one", b"\x89PNG\r\n\x1a\n--two--\r\n"
ONE, TWO = Picture(JPEG, "The gate", 64, 48), Picture(PNG, "The yard", 64, 48, "image/png")
TOKEN = "123456:AAbb_cc-dd"


@pytest.fixture
def network() -> Iterator[TelegramNetwork]:
    with TelegramNetwork() as network:
        yield network


@pytest.fixture
def desk(
    network: TelegramNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    telegram = next(one for one in PLATFORMS if one.name == "telegram")
    desk = Desk(KIND, telegram, network, tmp_path)
    yield desk
    desk.close()


def test_nothing_that_talks_http_is_imported_before_an_account_is_opened() -> None:
    code = (
        "import sys; import uasocial_telegram; uasocial_telegram.register_publishers(); "
        "print([m for m in sys.modules if m in ('http.client', 'ssl', 'telegram', 'httpx')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"


# --- what a post becomes ----------------------------------------------------------------------


def test_a_picture_is_sent_with_its_text_under_it(desk: Desk, network: TelegramNetwork) -> None:
    _, receipt = desk.create(TEXT, ONE)
    (held,) = network.fake.messages
    assert (held.text, held.photo, held.group) == (TEXT, JPEG, "")
    assert receipt == Receipt(f"-1001234567890/{held.number}", f"https://t.me/voices/{held.number}")


def test_an_album_keeps_order_and_bytes_and_its_text_stands_under_the_first(
    desk: Desk, network: TelegramNetwork
) -> None:
    _, receipt = desk.create(TEXT, ONE, TWO)
    first, second = network.fake.messages
    assert [(held.text, held.photo) for held in (first, second)] == [(TEXT, JPEG), ("", PNG)]
    assert receipt.remote_id == f"-1001234567890/{first.number},{second.number}"


def test_a_caption_has_1024_characters_and_one_more_is_refused_before_anything_is_sent(
    desk: Desk, network: TelegramNetwork
) -> None:
    desk.create("😀" * 1024, ONE)
    with pytest.raises(Rejected, match=r"at most 1,024 characters .* 1,025"):
        desk.create("😀" * 1025, ONE)
    assert len(network.seen()) == 1


@pytest.mark.parametrize(
    "picture",
    [
        ONE._replace(data=JPEG + bytes(10_000_000)),
        ONE._replace(width=9_000, height=1_001),
        ONE._replace(width=2_100, height=100),
    ],
    ids=["heavy", "large", "narrow"],
)
def test_a_picture_that_telegram_documents_not_to_take_is_refused_beforehand(
    desk: Desk, picture: Picture
) -> None:
    with pytest.raises(Rejected, match="picture 2 has"):
        desk.prepared(TEXT, ONE, picture)


def test_a_picture_that_is_refused_late_is_refused_for_good(
    desk: Desk, network: TelegramNetwork
) -> None:
    with pytest.raises(Rejected, match=r"127\.0\.0\.1 refuses it: .*IMAGE_PROCESS_FAILED"):
        desk.create(TEXT, ONE, TWO._replace(data=b"no picture"))
    assert network.seen() == []


def test_pictures_are_of_the_post_that_was_prepared_last(desk: Desk) -> None:
    earlier = desk.prepared(TEXT, ONE)
    desk.prepared("Another", TWO)
    with pytest.raises(Transient, match="not been read"):
        desk.publisher.create(earlier)


def test_settings_make_a_post_silent_and_take_the_link_preview_away(
    desk: Desk, network: TelegramNetwork
) -> None:
    desk.create(TEXT)
    network.settings = {**network.settings, "silent": "true", "link_preview": "false"}
    desk.shut()
    desk.create(TEXT)
    shown = [(held.silent, held.preview) for held in network.fake.messages]
    assert shown == [(False, True), (True, False)]


@pytest.mark.parametrize(
    ("chat", "permalink"),
    [
        (Chat(-1009876543210, username=""), "https://t.me/c/9876543210/11"),
        (Chat(-77, "group", username=""), ""),
    ],
)
def test_a_private_channel_has_a_link_for_its_members_and_a_group_none(
    desk: Desk, network: TelegramNetwork, chat: Chat, permalink: str
) -> None:
    chat.member = network.fake.channel.member
    network.fake.chats.append(chat)
    network.settings = {**network.settings, "chat": f"{chat.id}"}
    assert desk.create(TEXT)[1] == Receipt(f"{chat.id}/11", permalink)


# --- edits and deletions ----------------------------------------------------------------------


def test_the_text_under_an_album_is_edited_and_its_pictures_are_not(
    desk: Desk, network: TelegramNetwork
) -> None:
    _, receipt = desk.create("The gate is closd", ONE, TWO)
    desk.publisher.edit(receipt, desk.prepared("The gate is closed", ONE, TWO))
    assert [held.text for held in network.fake.messages] == ["The gate is closed", ""]
    with pytest.raises(Rejected, match="changes a text, and no pictures"):
        desk.publisher.edit(receipt, desk.prepared("The gate is closed", ONE))


def test_an_edit_whose_answer_is_lost_may_have_been_made(
    desk: Desk, network: TelegramNetwork
) -> None:
    _, receipt = desk.create("The gate is closd")
    prepared = desk.prepared("The gate is closed")
    network.proxy.add(Fault("drop", times=1))
    with pytest.raises(OutcomeUnknown):
        desk.publisher.edit(receipt, prepared)
    assert [held.text for held in network.fake.messages] == ["The gate is closed"]


def test_an_edit_to_the_same_text_is_done_already(desk: Desk) -> None:
    prepared, receipt = desk.create(TEXT)
    assert desk.publisher.edit(receipt, prepared) == receipt


def test_an_album_is_deleted_whole(desk: Desk, network: TelegramNetwork) -> None:
    _, receipt = desk.create(TEXT, ONE, TWO)
    network.fake.messages.pop()
    desk.publisher.delete(receipt)
    assert network.fake.messages == []


def test_a_post_past_48_hours_is_deleted_with_the_right_to_delete_only(
    desk: Desk, network: TelegramNetwork
) -> None:
    _, receipt = desk.create(TEXT)
    network.fake.messages[0].old = True
    with pytest.raises(Rejected, match=r"t\.me/voices/11: .*48 hours.*delete the post by hand"):
        desk.publisher.delete(receipt)
    network.fake.channel.member["can_delete_messages"] = True
    desk.publisher.delete(receipt)
    assert network.fake.messages == []


def test_a_post_is_deleted_in_its_own_chat_whatever_the_settings_say_now(
    desk: Desk, network: TelegramNetwork
) -> None:
    _, receipt = desk.create(TEXT)
    network.settings = {**network.settings, "chat": "-123"}
    desk.shut()
    desk.publisher.delete(receipt)
    assert network.fake.messages == []


def test_an_id_of_something_else_is_no_post(desk: Desk) -> None:
    with pytest.raises(Rejected, match="is no post"):
        desk.publisher.delete(Receipt("at://elsewhere"))


# --- chats and rights -------------------------------------------------------------------------


def test_check_names_the_bot_and_its_chat(desk: Desk, network: TelegramNetwork) -> None:
    assert desk.publisher.check() == "@voices_bot in channel Voices"
    network.settings = {**network.settings, "chat": "-123"}
    desk.shut()
    assert desk.publisher.check() == "@voices_bot in group Helpers"


@pytest.mark.parametrize(
    "member",
    [{}, {"status": "kicked"}, {"status": "administrator", "can_post_messages": False}],
    ids=["never there", "kicked", "without the right"],
)
def test_a_bot_that_may_not_post_is_told_from_a_post_that_is_wrong(
    desk: Desk, network: TelegramNetwork, member: dict[str, object]
) -> None:
    prepared = desk.prepared(TEXT)
    network.fake.channel.member = member
    with pytest.raises(NotAuthorized, match="administrator"):
        desk.publisher.create(prepared)
    with pytest.raises(UasocialError, match=r"administrator|inaccessible"):
        desk.publisher.check()
    (delivery,) = desk.plan(desk.post(TEXT))
    assert desk.finish(delivery).state == "review"


def test_a_chat_that_is_not_there_is_the_settings_fault(
    desk: Desk, network: TelegramNetwork
) -> None:
    network.settings = {**network.settings, "chat": "@voiced"}
    with pytest.raises(NotAuthorized, match=r"chat not found.*look at `chat` in uasocial\.toml"):
        desk.create(TEXT)


def test_a_group_that_has_moved_says_where_to(desk: Desk, network: TelegramNetwork) -> None:
    network.fake.migrated[network.fake.channel.id] = -1005
    with pytest.raises(NotAuthorized, match='write chat = "-1005"'):
        desk.create(TEXT)


def test_an_answer_to_a_post_that_is_gone_is_refused(desk: Desk, network: TelegramNetwork) -> None:
    _, first = desk.create("One of two")
    network.fake.messages.clear()
    with pytest.raises(Rejected, match="message to be replied not found"):
        desk.create("Two of two", answers=first)


def test_a_lost_answer_is_for_a_person_who_is_told_where_to_look(desk: Desk) -> None:
    with pytest.raises(CannotTell, match="see whether it is in @voices, from 12:30:00 UTC on"):
        desk.publisher.find(desk.prepared(TEXT), datetime(2026, 1, 20, 12, 30, tzinfo=UTC))


# --- servers ----------------------------------------------------------------------------------


def _answering(network: TelegramNetwork, status: int, body: bytes) -> None:
    said = Answer(status, body)
    network.proxy.add(Fault("fail", match=network.is_create, said=said))


def _broken(code: int, why: str) -> bytes:
    return json.dumps({"ok": False, "error_code": code, "description": why}).encode()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, _broken(500, "Internal Server Error"), OutcomeUnknown),
        (502, b"<html>Bad Gateway</html>", OutcomeUnknown),
        (200, b"<html>Welcome</html>", OutcomeUnknown),
        (200, b'{"ok": true, "result": true}', OutcomeUnknown),
        (200, b'{"ok": true, "result": {"message_id": 1, "chat": {"id": "x"}}}', OutcomeUnknown),
        (302, b"", Transient),
        (404, b"<html>Not Found</html>", Transient),
        (404, b"[]", Transient),
        (413, _broken(413, "Request Entity Too Large"), Rejected),
        (429, _broken(429, "Too Many Requests"), Transient),
        (400, _broken(400, "x" * 5000 + "\x1b[2J"), Rejected),
    ],
)
def test_an_answer_decides_what_becomes_of_a_post(
    desk: Desk, network: TelegramNetwork, status: int, body: bytes, error: type[Exception]
) -> None:
    _answering(network, status, body)
    with pytest.raises(error) as raised:
        desk.create(TEXT)
    said = f"{raised.value}"
    assert "127.0.0.1" in said
    assert len(said) < 500
    assert said.isprintable()


def test_a_wait_that_no_clock_can_count_is_a_day(desk: Desk, network: TelegramNetwork) -> None:
    said = {"ok": False, "error_code": 429, "parameters": {"retry_after": 10**30}}
    _answering(network, 429, json.dumps(said).encode())
    with pytest.raises(Transient) as error:
        desk.create(TEXT)
    assert error.value.retry_after == timedelta(days=1)


def test_a_server_that_is_down_is_named_and_surely_has_taken_nothing(
    desk: Desk, network: TelegramNetwork
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    network.settings = {**network.settings, "server": f"http://127.0.0.1:{port}"}
    with pytest.raises(Transient, match=r"127\.0\.0\.1 cannot be reached: Connection refused"):
        desk.create(TEXT)


def _listening(act: Callable[[socket.socket], None]) -> tuple[str, Thread]:
    """Let *act* have the first connection that comes in; return where, and who waits for it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with closing(listener), closing(listener.accept()[0]) as connection:
            act(connection)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", thread


def test_a_server_that_says_a_little_again_and_again_does_not_hold_a_worker() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                connection.sendall(b"X: y\r\n")
                Event().wait(0.05)
        except OSError:
            return

    server, thread = _listening(drip)
    begun = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        BotAPI(server, TOKEN, 0.3).call("sendMessage", {}, unanswered=OutcomeUnknown)
    assert time.monotonic() - begun < 3
    thread.join(5)
    assert not thread.is_alive()


def test_a_server_that_hangs_up_before_it_has_the_whole_has_taken_nothing() -> None:
    def hang_up(connection: socket.socket) -> None:
        connection.recv(10)

    server, thread = _listening(hang_up)
    with pytest.raises(Transient, match="hung up"):
        BotAPI(server, TOKEN, 5).call(
            "sendMessage", {"text": "x" * 30_000_000}, unanswered=OutcomeUnknown
        )
    thread.join(5)


def test_a_certificate_that_nobody_vouches_for_stops_a_post_before_it_is_sent(
    tmp_path: Path, lacking: Callable[[str], NoReturn]
) -> None:
    openssl = shutil.which("openssl") or lacking("openssl on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate), "-days", "1"]
    subprocess.run([openssl, *made, *files, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                heard.append(secure.recv(1))
        except OSError:
            return

    server, thread = _listening(serve)
    server = server.replace("http://127.0.0.1", "https://localhost")
    with pytest.raises(Transient, match=r"localhost: its certificate is not valid \(self"):
        BotAPI(server, TOKEN, 5).call("sendMessage", {}, unanswered=OutcomeUnknown)
    thread.join(5)
    assert heard in ([], [b""])


# --- settings and secrets ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("chat", "voices", "write @name"),
        ("chat", "https://t.me/voices", "write @name"),
        ("silent", "perhaps", "write true or false"),
        ("server", "http://example.org", "write https://"),
        ("server", "http://10.0.0.1:8081", "write https://"),
        ("server", "https://me:secret@example.org", "write https://"),
        ("server", "example.org:port", "write https://"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    network: TelegramNetwork, desk: Desk, name: str, value: str, said: str
) -> None:
    network.settings = {**network.settings, name: value}
    with pytest.raises(SettingsError, match=f"^{name} = .*{said}"):
        desk.publisher.check()


@pytest.mark.parametrize("token", ["", "abc", "12:3/../x", "12:3\r\nHost: x", "12:3 4"])
def test_what_is_no_token_is_refused_and_not_repeated(desk: Desk, token: str) -> None:
    with pytest.raises(NotAuthorized, match="the bot_token is none") as error:
        desk.stranger({"bot_token": token})
    assert not token or token not in f"{error.value}"


def test_what_is_prepared_holds_no_picture(desk: Desk) -> None:
    prepared: Prepared = desk.prepared(TEXT, ONE, TWO)
    assert prepared.data == {}
