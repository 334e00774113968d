"""The fake network holds to its rules, the proxy fails as it is told, and there is no way out."""

import http.client
import json
import socket
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from uasocial.model.post import Post
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    PublisherError,
    Rejected,
    Transient,
)
from uasocial.testing.blocking import NetworkBlocked
from uasocial.testing.network import Rules
from uasocial.testing.proxy import Fault
from uasocial.testing.publisher import FakePublisher

SINCE = datetime(2026, 1, 20, tzinfo=UTC)


def prepared(text: str = "Open the gate", key: str = "k1") -> Prepared:
    post = Post(
        id="p1",
        action="gate",
        language="en",
        countries=("PE",),
        platform="x",
        account="ours",
        occasion="appeal",
        wording="standard",
        text=text,
        created_at=SINCE,
        created_by="Ana",
    )
    return Prepared(post, key, {})


@pytest.fixture
def publisher(fake_network):
    return FakePublisher(fake_network.url, fake_network.join("ours"))


def test_a_post_is_taken_listed_found_and_deleted(fake_network, publisher):
    receipt = publisher.create(prepared())
    assert receipt.permalink == f"{fake_network.url}/posts/{receipt.remote_id}"
    assert publisher.find(prepared(), SINCE) == receipt
    publisher.delete(receipt)
    assert (fake_network.posts, publisher.find(prepared(), SINCE)) == ([], None)
    publisher.delete(receipt)


def test_the_same_key_is_the_same_post_and_without_keys_it_is_another(fake_network, publisher):
    assert publisher.create(prepared()) == publisher.create(prepared())
    assert publisher.create(prepared(key="k2")) != publisher.create(prepared())
    fake_network.rules = Rules(keys=False)
    publisher.create(prepared())
    assert len(fake_network.texts("ours")) == 3


def test_a_wrong_token_an_empty_and_a_long_text_are_refused(fake_network, publisher):
    for text in ("", "a" * 501):
        with pytest.raises(Rejected, match="1 to 500"):
            publisher.create(prepared(text))
    stranger = FakePublisher(fake_network.url, "none")
    for call in (stranger.check, lambda: stranger.create(prepared())):
        with pytest.raises(NotAuthorized, match="token"):
            call()
    assert fake_network.posts == []


def test_more_posts_than_the_rate_are_put_off_by_a_time(fake_network, publisher):
    fake_network.rules = Rules(rate=1, window=30)
    publisher.create(prepared())
    with pytest.raises(Transient) as error:
        publisher.create(prepared(key="k2"))
    assert timedelta(seconds=25) < error.value.retry_after <= timedelta(seconds=30)


def test_a_network_without_a_look_up_and_a_publisher_that_may_not_look_cannot_tell(fake_network):
    token = fake_network.join("ours")
    fake_network.rules = Rules(look_up=False)
    for promise in ("key", "neither"):
        with pytest.raises(CannotTell):
            FakePublisher(fake_network.url, token, promise).find(prepared(), SINCE)


def test_a_post_is_listed_only_after_the_lag(fake_network, publisher):
    publisher.create(prepared())
    fake_network.rules = Rules(lag=3600)
    assert publisher.find(prepared(), SINCE) is None


@pytest.mark.parametrize(
    ("fault", "raised", "taken"),
    [
        (Fault("cut"), OutcomeUnknown, 0),
        (Fault("refuse", status=503), OutcomeUnknown, 0),
        (Fault("refuse", status=429, retry_after=7), Transient, 0),
        (Fault("drop"), OutcomeUnknown, 1),
        (Fault("fail", status=502), OutcomeUnknown, 1),
        (Fault("delay", seconds=0.3), OutcomeUnknown, 0),
    ],
)
def test_each_fault_does_what_its_name_says(fake_network, fault_proxy, fault, raised, taken):
    proxy = fault_proxy(fault)
    patience = timedelta(seconds=0.1)
    publisher = FakePublisher(proxy.url, fake_network.join("ours"), timeout=patience)
    with pytest.raises(PublisherError) as error:
        publisher.create(prepared())
    assert (type(error.value), len(fake_network.posts)) == (raised, taken)
    if fault.retry_after:
        assert error.value.retry_after == timedelta(seconds=7)
    assert proxy.done == {fault.kind: 1}


def test_a_network_that_cannot_be_reached_has_taken_nothing():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Transient, match="cannot be reached"):
        FakePublisher(url, "t").create(prepared())


def test_faults_come_by_number_by_share_and_by_what_they_match(fake_network, fault_proxy):
    def run(*faults: Fault) -> list[bool]:
        publisher = FakePublisher(fault_proxy(*faults).url, fake_network.join("ours"))
        return [_works(publisher.check) for _ in range(40)]

    assert run(Fault("cut", times=2)) == [False] * 2 + [True] * 38
    assert run(Fault("cut", match=lambda request: request.method == "POST")) == [True] * 40
    by_share = run(Fault("cut", 0.5))
    assert 5 < by_share.count(True) < 35
    assert by_share == run(Fault("cut", 0.5))


def _works(call) -> bool:
    try:
        call()
    except PublisherError:
        return False
    return True


def test_what_is_half_sent_is_not_taken(fake_network):
    token = fake_network.join("ours")
    place = urlsplit(fake_network.url)
    body = json.dumps({"text": "half"})
    with socket.create_connection((place.hostname, place.port)) as raw:
        head = f"POST /posts HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Length: "
        raw.sendall(f"{head}{len(body)}\r\n\r\n{body[:5]}".encode())
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(100) == b""
    assert fake_network.posts == []


def test_no_test_reaches_another_machine():
    """On for the whole suite: names, addresses, and what is sent without a connection."""
    with pytest.raises(NetworkBlocked), closing(http.client.HTTPConnection("example.org")) as out:
        out.connect()
    with pytest.raises(NetworkBlocked):
        urllib.request.urlopen("https://192.0.2.1/")
    with closing(socket.socket()) as out, pytest.raises(NetworkBlocked):
        out.connect_ex(("192.0.2.1", 80))
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as out, pytest.raises(NetworkBlocked):
        out.sendto(b"", ("192.0.2.1", 53))
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("example.org", 80)


def test_a_clock_stands_until_it_is_moved(clock):
    before = clock()
    assert clock() == before
    clock.forward(hours=1)
    assert clock() - before == timedelta(hours=1)
