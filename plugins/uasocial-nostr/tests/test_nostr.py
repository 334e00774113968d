"""What is Nostr's own: events and their ids, many relays, and how they refuse."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import msgspec
import nostr_sdk  # type: ignore[import-untyped]
import pytest
from websockets.sync.server import ServerConnection, serve

from uasocial.errors import SettingsError
from uasocial.model.post import Post, Receipt
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial.testing.contract import Desk
from uasocial.testing.contract.desk import Picture
from uasocial.testing.loopback import Answer, Request, Server
from uasocial_nostr import register_publishers
from uasocial_nostr.relay import Relay, Unreached
from uasocial_nostr.signing import Signer, new_key
from uasocial_nostr.testing import NostrNetwork, RelayProcess, is_installed

(KIND,) = register_publishers()
TEXT = "Samar Belkori must be free: open the gate #OpenTheGate #Perú https://example.org/#top"
NSEC = new_key()

Words = list[Any]


@pytest.fixture(scope="module")
def relay(
    tmp_path_factory: pytest.TempPathFactory, lacking: Callable[[str], NoReturn]
) -> Iterator[RelayProcess]:
    """A relay for all tests of this file."""
    if not is_installed():
        lacking("nostr-relay in this environment")
    with RelayProcess(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def network(relay: RelayProcess) -> Iterator[NostrNetwork]:
    with NostrNetwork(relay) as network:
        yield network


@pytest.fixture
def desk(network: NostrNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("UASOCIAL_CONFIG", str(tmp_path / "config"))
    desk = Desk(KIND, next(one for one in PLATFORMS if one.name == "nostr"), network, tmp_path)
    yield desk
    desk.close()


class Scripted:
    """A relay that answers each message as its script says; None hangs up."""

    def __init__(self, script: Callable[[Words], list[Words] | None], *greeting: Words) -> None:
        self.heard: list[Words] = []
        self._script, self._greeting = script, greeting
        self._server = serve(self._talk, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def _talk(self, client: ServerConnection) -> None:
        for words in self._greeting:
            client.send(json.dumps(words))
        for said in client:
            self.heard.append(json.loads(said))
            answers = self._script(self.heard[-1])
            if answers is None:
                return
            for words in answers:
                client.send(json.dumps(words))


@pytest.fixture
def scripted() -> Iterator[Callable[..., Scripted]]:
    made: list[Scripted] = []

    def make(script: Callable[[Words], list[Words] | None], *greeting: Words) -> Scripted:
        made.append(Scripted(script, *greeting))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _refusing(why: str) -> Callable[[Words], list[Words]]:
    return lambda words: [["OK", words[1]["id"], False, why]]


def _taking(words: Words) -> list[Words]:
    return [["OK", words[1]["id"], True, ""]]


def _hanging_up(_: Words) -> None:
    return None


def _opened(*urls: str) -> Publisher:
    settings: Mapping[str, str] = {"relays": " ".join(urls)}
    return KIND.open(settings, {"nsec": NSEC})  # type: ignore[arg-type]


def _prepared(desk_post: Post, publisher: Publisher) -> Prepared:
    given = Prepared(desk_post, "key", {})
    ready = publisher.prepare(given, lambda _: b"")
    assert isinstance(ready, Mapping)
    return given._replace(data=ready)


@pytest.fixture
def post() -> Post:
    return msgspec.convert(
        {
            **dict.fromkeys(("id", "action", "account", "created_by", "occasion", "wording"), "x"),
            "language": "pt-BR",
            "countries": ["PE"],
            "platform": "nostr",
            "text": TEXT,
            "created_at": "2026-01-20T12:00:00+00:00",
        },
        Post,
    )


def _nowhere() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return f"ws://127.0.0.1:{taken.getsockname()[1]}"


def test_no_library_is_imported_before_an_account_is_opened() -> None:
    code = (
        "import sys; import uasocial_nostr; uasocial_nostr.register_publishers(); "
        "print([m for m in sys.modules if m in ('nostr_sdk', 'websockets', 'http.client')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"


# --- events -----------------------------------------------------------------------------------


def test_an_event_holds_the_text_its_hashtags_and_its_language(
    desk: Desk, network: NostrNetwork
) -> None:
    post = msgspec.structs.replace(
        desk.post(TEXT), language="pt-BR", content_warning="Police violence"
    )
    prepared = _prepared(post, desk.publisher)
    receipt = desk.publisher.create(prepared)
    (event,) = network.events()
    assert (event["kind"], event["content"], event["id"]) == (1, TEXT, receipt.remote_id)
    assert event["tags"] == [
        ["t", "openthegate"],
        ["t", "perú"],
        ["L", "ISO-639-1"],
        ["l", "pt", "ISO-639-1"],
        ["content-warning", "Police violence"],
    ]


def test_a_receipt_leads_to_the_event_its_author_and_a_relay(
    desk: Desk, network: NostrNetwork
) -> None:
    _, receipt = desk.create(TEXT)
    page, nevent = receipt.permalink.rsplit("/", 1)
    link = nostr_sdk.Nip19Event.from_bech32(nevent)
    assert page == "https://njump.me"
    assert link.event_id().to_hex() == receipt.remote_id
    assert link.author().to_bech32() == network.owner
    assert [f"{relay}".rstrip("/") for relay in link.relays()] == [network.door.url]


def test_what_is_prepared_again_keeps_its_moment_and_so_its_id(post: Post) -> None:
    publisher = _opened(_nowhere())
    moment = int(time.time()) - 600
    given = Prepared(post, "key", {"created_at": moment})
    first = publisher.prepare(given, lambda _: b"")
    assert isinstance(first, Mapping)
    again = publisher.prepare(given._replace(data=first), lambda _: b"")
    assert first == again
    assert first["created_at"] == moment
    assert set(first) == {"created_at", "id"}


def test_what_was_put_off_for_hours_bears_the_moment_it_goes_out_at(post: Post) -> None:
    publisher = _opened(_nowhere())
    given = Prepared(post, "key", {"created_at": int(time.time()) - 7200, "id": "0" * 64})
    ready = publisher.prepare(given, lambda _: b"")
    assert isinstance(ready, Mapping)
    assert abs(ready["created_at"] - time.time()) < 60
    assert ready["id"] != "0" * 64


def test_an_answer_names_the_first_post_and_the_one_before_it(
    desk: Desk, network: NostrNetwork
) -> None:
    receipts: list[Receipt] = []
    for text in ("One of three", "Two of three", "Three of three"):
        receipts.append(desk.create(text, answers=receipts[-1] if receipts else None)[1])
    tags = [[tag for tag in event["tags"] if tag[0] in "ep"] for event in network.events()]
    ids, hint, me = [one.remote_id for one in receipts], network.door.url, ["p", network.pubkey]
    assert tags == [
        [],
        [["e", ids[0], hint, "root"], me],
        [["e", ids[0], hint, "root"], ["e", ids[1], hint, "reply"], me],
    ]


def test_an_answer_to_a_post_that_no_relay_has_is_refused(desk: Desk) -> None:
    with pytest.raises(Rejected, match=r"the post before it, 0000.* is on no relay"):
        desk.prepared("Two of two", answers=Receipt("0" * 64))


def test_a_picture_is_refused_before_anything_is_sent(desk: Desk) -> None:
    with pytest.raises(Rejected, match="no pictures"):
        desk.prepared(TEXT, Picture(b"x", "The gate", 64, 48))


def test_a_deletion_is_kept_to_by_the_relay(desk: Desk, network: NostrNetwork) -> None:
    prepared, receipt = desk.create(TEXT)
    desk.publisher.delete(receipt)
    assert network.events() == []
    assert desk.publisher.find(prepared, prepared.post.created_at) is None


# --- many relays ------------------------------------------------------------------------------


def test_a_post_is_out_once_one_relay_has_it(post: Post, scripted: Callable[..., Scripted]) -> None:
    relays = [scripted(_refusing("blocked: no")), scripted(_taking), scripted(_hanging_up)]
    publisher = _opened(*(one.url for one in relays), _nowhere())
    prepared = _prepared(post, publisher)
    receipt = publisher.create(prepared)
    assert receipt.remote_id == prepared.data["id"]
    assert [len(one.heard) for one in relays] == [1, 1, 1]


@pytest.mark.parametrize(
    ("why", "error"),
    [
        ("rate-limited: slow down there", Transient),
        ("error: could not connect to the database", Transient),
        ("blocked: you are banned from posting here", NotAuthorized),
        ("restricted: only for members", NotAuthorized),
        ("auth-required: who are you", NotAuthorized),
        ("invalid: the event is too long", Rejected),
        ("pow: difficulty 26 is less than 30", Rejected),
        ("we do not like it", Rejected),
        ("", Rejected),
        ("invalid: " + "x" * 5000 + "\x1b[2J", Rejected),
    ],
)
def test_the_word_before_the_colon_decides(
    post: Post, scripted: Callable[..., Scripted], why: str, error: type[PublisherError]
) -> None:
    publisher = _opened(scripted(_refusing(why)).url)
    with pytest.raises(error) as raised:
        publisher.create(_prepared(post, publisher))
    said = f"{raised.value}"
    assert "127.0.0.1" in said
    assert len(said) < 400
    assert said.isprintable()


def test_a_relay_that_has_the_event_already_has_taken_it(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    publisher = _opened(scripted(_refusing("duplicate: exists")).url)
    assert publisher.create(_prepared(post, publisher)).remote_id


@pytest.mark.parametrize(
    ("scripts", "error"),
    [
        ((_refusing("invalid: no"), _hanging_up), OutcomeUnknown),
        ((_refusing("invalid: no"), None), Transient),
        ((_refusing("invalid: no"), _refusing("rate-limited: no")), Transient),
        ((_refusing("invalid: no"), _refusing("blocked: no")), NotAuthorized),
        ((_refusing("invalid: no"), _refusing("pow: no")), Rejected),
        ((None, None), Transient),
    ],
)
def test_relays_that_refuse_together_are_read_with_care(
    post: Post,
    scripted: Callable[..., Scripted],
    scripts: tuple[Callable[[Words], list[Words] | None] | None, ...],
    error: type[PublisherError],
) -> None:
    """One that may have it decides, then one that may take it later, then one of the account."""
    publisher = _opened(*(scripted(one).url if one else _nowhere() for one in scripts))
    with pytest.raises(error):
        publisher.create(_prepared(post, publisher))


def test_a_post_is_surely_absent_only_if_every_relay_says_so(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    def without(words: Words) -> list[Words]:
        return [["EOSE", words[1]]]

    empty = scripted(without).url
    publisher = _opened(empty)
    prepared = _prepared(post, publisher)
    assert publisher.find(prepared, post.created_at) is None
    with pytest.raises(Transient, match="cannot be reached"):
        _opened(empty, _nowhere()).find(prepared, post.created_at)

    def having(words: Words) -> list[Words]:
        return [["EVENT", words[1], {"id": "another"}], ["EVENT", words[1], events[0]]]

    taking = scripted(_taking)
    _opened(taking.url).create(prepared)
    events = [words[1] for words in taking.heard]

    found = _opened(empty, scripted(having).url, _nowhere()).find(prepared, post.created_at)
    assert found is not None
    assert found.remote_id == prepared.data["id"]


def test_a_relay_that_shows_what_we_have_not_signed_has_told_nothing(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    """Else it could hang our thread below anybody's post."""
    root = ["e", "f" * 64, "", "root"]
    prepared = _prepared(post, _opened(_nowhere()))

    def forging(words: Words) -> list[Words]:
        event = {"id": words[2]["ids"][0], "tags": [root]}
        return [["EVENT", words[1], event]]

    publisher = _opened(scripted(forging).url)
    with pytest.raises(Transient, match="not signed"):
        publisher.find(prepared, post.created_at)
    with pytest.raises(Transient, match="not signed"):
        publisher.prepare(Prepared(post, "key", {}, Receipt("0" * 64)), lambda _: b"")


def test_a_post_of_which_only_the_address_is_known_is_left_to_a_person(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    relay = scripted(_taking)
    found = Receipt("https://njump.me/nevent1x")
    with pytest.raises(Rejected, match="delete it by hand"):
        _opened(relay.url).delete(found)
    with pytest.raises(Rejected, match="answer it by hand"):
        _opened(relay.url).prepare(Prepared(post, "key", {}, found), lambda _: b"")
    assert relay.heard == []


def test_a_deletion_is_done_only_where_every_relay_has_taken_it(
    scripted: Callable[..., Scripted],
) -> None:
    receipt = Receipt("0" * 64)
    good, other = scripted(_taking), scripted(_taking)
    _opened(good.url, other.url).delete(receipt)
    assert other.heard[0][1]["tags"] == [["e", "0" * 64], ["k", "1"]]
    with pytest.raises(Rejected, match="127"):
        _opened(good.url, scripted(_refusing("invalid: no")).url).delete(receipt)
    for other_url in (scripted(_hanging_up).url, _nowhere()):
        with pytest.raises(Transient):
            _opened(good.url, other_url).delete(receipt)


# --- relays that want to know who it is -------------------------------------------------------


def test_a_relay_that_asks_who_we_are_is_told_and_takes_the_post(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    """NIP-42, protocol flow; the answer to AUTH itself may be left out, as nostr-relay does."""
    known: list[bool] = []

    def script(words: Words) -> list[Words]:
        if words[0] == "AUTH":
            known.append(True)
            return []
        return [["OK", words[1]["id"], bool(known), "" if known else "auth-required: who?"]]

    members = scripted(script, ["AUTH", "a challenge"])
    publisher = _opened(members.url)
    publisher.create(_prepared(post, publisher))
    first, who, second = members.heard
    assert first == second
    assert who[1]["kind"] == 22242
    assert who[1]["tags"] == [["relay", members.url], ["challenge", "a challenge"]]
    assert abs(who[1]["created_at"] - time.time()) < 60


def test_a_relay_that_asks_who_looks_is_told_too(
    post: Post, scripted: Callable[..., Scripted]
) -> None:
    known: list[bool] = []

    def script(words: Words) -> list[Words]:
        if words[0] == "AUTH":
            known.append(True)
            return [["OK", words[1]["id"], True, ""]]
        ending = ["EOSE", words[1]]
        return [ending if known else ["CLOSED", words[1], "auth-required: who?"]]

    publisher = _opened(scripted(script, ["AUTH", "a challenge"]).url)
    assert publisher.find(_prepared(post, publisher), post.created_at) is None


def test_a_real_relay_for_members_refuses_the_account_and_not_the_post(
    post: Post, tmp_path: Path, lacking: Callable[[str], NoReturn]
) -> None:
    if not is_installed():
        lacking("nostr-relay in this environment")
    rules = {"authentication": {"enabled": True, "actions": {"save": "w", "query": "a"}}}
    with RelayProcess(tmp_path, **rules) as members:
        publisher = _opened(members.url)
        with pytest.raises(NotAuthorized, match="do not take posts of this account"):
            publisher.create(_prepared(post, publisher))


# --- what relays say of themselves ------------------------------------------------------------


class Document(Server):
    """An HTTP server that gives a document to who asks for NIP-11, and is no relay."""

    def __init__(self, said: object) -> None:
        self.said = said if isinstance(said, bytes) else json.dumps(said).encode()
        super().__init__()

    def answer(self, request: Request) -> Answer:
        wanted = request.headers.get("accept") == "application/nostr+json"
        return Answer(200, self.said) if wanted else Answer(404)


@pytest.fixture
def documents() -> Iterator[Callable[[object], str]]:
    made: list[Document] = []

    def make(said: object) -> str:
        made.append(Document(said))
        return made[-1].url.replace("http:", "ws:")

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ({"limitation": {"max_content_length": 8196}}, 8196),
        ({"limitation": {"max_content_length": 8196, "max_message_length": 16384}}, 3596),
        ({"limitation": {"max_message_length": 10}}, 1),
        ({"limitation": {"max_content_length": "many", "max_message_length": -1}}, None),
        ({"limitation": []}, None),
        ({}, None),
        ([], None),
        (b"<html>", None),
    ],
)
def test_a_limit_is_what_the_document_of_a_relay_says(
    documents: Callable[[object], str], said: object, length: int | None
) -> None:
    limits = _opened(documents(said)).limits()
    assert limits is not None
    assert (limits.length, limits.media) == (length, 0)


def test_the_strictest_relay_that_answers_decides(documents: Callable[[object], str]) -> None:
    strict = documents({"software": "strict", "limitation": {"max_content_length": 300}})
    loose = documents({"limitation": {"max_content_length": 9000}})
    limits = _opened(_nowhere(), loose, documents({}), strict).limits()
    assert limits is not None
    assert (limits.length, limits.software) == (300, "strict")
    assert limits.server == strict.removeprefix("ws://")
    with pytest.raises(Transient, match="cannot be reached"):
        _opened(_nowhere()).limits()


def test_check_names_the_account_and_the_relays_that_do_not_answer(
    desk: Desk, network: NostrNetwork
) -> None:
    here, away = network.door.url.removeprefix("ws://"), _nowhere()
    assert desk.publisher.check() == f"{network.owner} on {here}"
    said = _opened(network.door.url, away).check()
    assert f" on {here}; {away.removeprefix('ws://')} cannot be reached (Connection ref" in said
    with pytest.raises(Transient, match="cannot be reached"):
        _opened(away).check()


# --- relays that are none ---------------------------------------------------------------------


def test_what_is_no_relay_has_surely_taken_nothing(
    post: Post, documents: Callable[[object], str]
) -> None:
    publisher = _opened(documents({}))
    with pytest.raises(Transient, match=r"127\.0\.0\.1:\d+ is no relay"):
        publisher.create(_prepared(post, publisher))


@pytest.mark.parametrize(
    "answer", [["NOTICE", "wait"], ["OK"], ["OK", "another", True, ""], {"OK": True}, "OK", []]
)
def test_a_relay_that_says_anything_but_an_answer_is_silent(
    scripted: Callable[..., Scripted], answer: Any
) -> None:
    relay = Relay(scripted(lambda _: [answer] * 50).url, 0.3, lambda *_: {})
    event = Signer(NSEC).signed(1, TEXT, [], 1_700_000_000)
    begun = time.monotonic()
    assert relay.publish(event).outcome == "silent"
    assert time.monotonic() - begun < 5


def test_a_relay_that_talks_on_and_on_does_not_hold_a_worker() -> None:
    def chatter(client: ServerConnection) -> None:
        for _ in client:
            while True:
                client.send('["NOTICE","wait"]')

    with serve(chatter, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        begun = time.monotonic()
        event = Signer(NSEC).signed(1, TEXT, [], 1_700_000_000)
        assert Relay(url, 0.3, lambda *_: {}).publish(event).outcome == "silent"
        assert time.monotonic() - begun < 5


def test_a_certificate_that_nobody_vouches_for_stops_a_post_before_it_is_sent(
    tmp_path: Path, post: Post, lacking: Callable[[str], NoReturn]
) -> None:
    openssl = shutil.which("openssl") or lacking("openssl on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate), "-days", "1"]
    subprocess.run([openssl, *made, *files, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard: list[object] = []
    with serve(heard.append, "127.0.0.1", 0, ssl=context) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        publisher = _opened(f"wss://localhost:{server.socket.getsockname()[1]}")
        with pytest.raises(Transient, match=r"localhost:\d+ .*its certificate is not valid: self"):
            publisher.create(_prepared(post, publisher))
    assert heard == []


def test_a_look_up_that_is_cut_off_tells_nothing(scripted: Callable[..., Scripted]) -> None:
    with pytest.raises(Unreached, match="does not answer"):
        Relay(scripted(_hanging_up).url, 5, lambda *_: {}).fetch("0" * 64)


# --- settings and keys ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relays", "said"),
    [
        ("", "name 1 to 20"),
        (" ".join(f"wss://r{n}.example.org" for n in range(21)), "name 1 to 20"),
        ("https://relay.example.org", "write wss://"),
        ("ws://relay.example.org", "write wss://"),
        ("ws://10.0.0.1", "write wss://"),
        ("wss://me:secret@relay.example.org", "write wss://"),
        ("wss://relay.example.org, wss://b.example.org:port", "write wss://"),
        ("wss://relay.example.org wss://", "write wss://"),
    ],
)
def test_relays_that_are_wrong_are_named(relays: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"^relays: .*{said}"):
        _opened(relays)


@pytest.mark.parametrize("nsec", ["", "nsec1abc", "secret", Signer(NSEC).npub])
def test_what_is_no_key_is_refused_and_not_repeated(nsec: str) -> None:
    with pytest.raises(NotAuthorized, match="the nsec is none") as error:
        KIND.open({"relays": _nowhere()}, {"nsec": nsec})  # type: ignore[arg-type]
    assert not nsec or nsec not in f"{error.value}"
    assert error.value.__cause__ is None


class Person:
    """Answers always the same."""

    def __init__(self, answer: str) -> None:
        self.answer, self.shown = answer, ""

    def show(self, text: str) -> None:
        self.shown += text

    def ask(self, question: str, *, secret: bool = False) -> str:
        assert secret
        assert "nsec" in question
        return self.answer


def test_to_authorize_makes_a_key_or_takes_the_one_that_there_is() -> None:
    assert KIND.authorize is not None
    has_none, has_one = Person(""), Person(f" {NSEC} ")
    made = KIND.authorize({}, has_none)["nsec"]
    assert made != NSEC
    assert Signer(made).npub in has_none.shown
    assert made not in has_none.shown
    assert KIND.authorize({}, has_one) == {"nsec": NSEC}
