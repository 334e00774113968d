"""The fake is as strict as Mastodon where a publisher could notice."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from uasocial_mastodon.testing import GOTOSOCIAL, FakeMastodon, Rules

Ask = Callable[..., tuple[int, Any]]


def asker(fake: FakeMastodon, token: str) -> Ask:
    """Return what asks a fake, without any library in between."""

    def ask(method: str, path: str, key: str = "", **fields: object) -> tuple[int, Any]:
        line = HTTPConnection(urlsplit(fake.url).netloc, timeout=10)
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, urlencode(fields, doseq=True) or None, headers)
        answer = line.getresponse()
        ask.headers = dict(answer.headers)  # type: ignore[attr-defined]
        said = answer.status, json.loads(answer.read() or b"{}")
        line.close()
        return said

    return ask


@pytest.fixture
def ask(fake: FakeMastodon) -> Ask:
    fake.join("ours")
    return asker(fake, fake.grant("ours"))


@pytest.fixture
def post(ask: Ask) -> Callable[..., tuple[int, Any]]:
    return lambda text, **fields: ask("POST", "/api/v1/statuses", status=text, **fields)


Posting = Callable[..., tuple[int, Any]]


@pytest.mark.parametrize(
    ("text", "warning", "status"),
    [
        ("a" * 500, "", 200),
        ("a" * 501, "", 422),
        ("a" * 490, "warning 10", 200),
        ("a" * 491, "warning 10", 422),
        # 23 for an address however long; in a warning it counts in full.
        (f"{'a' * 476} https://example.org/{'b' * 300}", "", 200),
        (f"{'a' * 477} https://example.org/{'b' * 300}", "", 422),
        ("a" * 480, "https://example.org/b", 422),
        # An address without its scheme counts in full, a mention without its server.
        (f"{'a' * 488} example.org", "", 200),
        (f"{'a' * 489} example.org", "", 422),
        (f"{'a' * 494} @five@elsewhere.example", "", 200),
        ("👩‍👩‍👧‍👦" * 500, "", 200),
        ("👩‍👩‍👧‍👦" * 501, "", 422),
        (f"  {'a' * 500}\n", "", 200),
        ("  ", "", 422),
    ],
)
def test_it_counts_as_mastodon_does(post: Posting, text: str, warning: str, status: int) -> None:
    assert post(text, spoiler_text=warning)[0] == status


def test_a_key_is_good_for_an_hour_and_for_one_account(fake: FakeMastodon, ask: Ask) -> None:
    first = ask("POST", "/api/v1/statuses", "key", status="Open the gate")
    assert first[0] == 200
    assert ask("POST", "/api/v1/statuses", "key", status="Other words")[1]["id"] == first[1]["id"]
    fake.join("theirs")
    theirs = asker(fake, fake.grant("theirs"))
    other = theirs("POST", "/api/v1/statuses", "key", status="Open the gate")
    assert other[1]["id"] != first[1]["id"]
    fake.forward(seconds=3600)
    later = ask("POST", "/api/v1/statuses", "key", status="Open the gate")
    assert later[1]["id"] not in {first[1]["id"], other[1]["id"]}


def test_a_key_in_the_body_is_none(fake: FakeMastodon, post: Posting) -> None:
    for _ in range(2):
        post("Open the gate", idempotency_key="key")
    assert len(fake.statuses) == 2


def test_a_past_time_posts_at_once_a_near_one_is_refused_and_a_later_one_waits(
    fake: FakeMastodon, post: Posting
) -> None:
    def at(**by: float) -> str:
        return (fake.now() + timedelta(**by)).isoformat()

    assert post("One", scheduled_at=at(minutes=-1))[1]["content"] == "<p>One</p>"
    assert post("Two", scheduled_at=at(minutes=4))[0] == 422
    assert "scheduled_at" in post("Three", scheduled_at=at(minutes=6))[1]
    assert [status.text for status in fake.statuses] == ["One"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"visibility": "secret"}, 422),
        ({"in_reply_to_id": "1"}, 404),
        ({"media_ids[]": ["1"]}, 422),
        ({"media_ids[]": ["1", "2", "3", "4", "5"]}, 422),
        ({"scheduled_at": "soon"}, 422),
    ],
)
def test_what_is_no_such_thing_is_refused(
    fake: FakeMastodon, post: Posting, fields: dict[str, object], status: int
) -> None:
    answer, said = post("Open the gate", **fields)
    assert (answer, bool(said["error"]), fake.statuses) == (status, True, [])


def test_statuses_come_newest_first_in_pages(ask: Ask, post: Posting) -> None:
    made = [post(f"Number {number}")[1]["id"] for number in range(45)]
    _, own = ask("GET", "/api/v1/accounts/verify_credentials")
    path = f"/api/v1/accounts/{own['id']}/statuses"
    first = [one["id"] for one in ask("GET", f"{path}?limit=80")[1]]
    assert first == made[:4:-1]
    rest = [one["id"] for one in ask("GET", f"{path}?max_id={first[-1]}")[1]]
    assert rest == made[4::-1]


def test_it_shows_a_text_as_html(post: Posting) -> None:
    text = "Gate & <gate>\n\n@m@elsewhere.example #Gate https://example.org/a-long-way-to-the-gate"
    html = post(text)[1]["content"]
    assert html.startswith("<p>Gate &amp; &lt;gate&gt;</p><p><span")
    assert "@<span>m</span>" in html
    assert '<span class="ellipsis">example.org/a-long-way-to-the-</span>' in html


def test_an_edit_is_kept_with_what_was_before(ask: Ask, post: Posting) -> None:
    made = post("The gate is closd")[1]["id"]
    assert ask("PUT", f"/api/v1/statuses/{made}", status="The gate is closed")[1]["edited_at"]
    _, history = ask("GET", f"/api/v1/statuses/{made}/history")
    assert [one["content"] for one in history] == [
        "<p>The gate is closd</p>",
        "<p>The gate is closed</p>",
    ]


def test_calls_are_counted_on_each_answer_and_end(fake: FakeMastodon) -> None:
    fake.rules = Rules(rate=2)
    fake.join("ours")
    ask = asker(fake, fake.grant("ours"))
    left = []
    for _ in range(3):
        status, _ = ask("GET", "/api/v2/instance")
        left.append((status, ask.headers["X-RateLimit-Remaining"]))  # type: ignore[attr-defined]
    assert left == [(200, "1"), (200, "0"), (429, "0")]
    fake.forward(minutes=5)
    assert ask("GET", "/api/v2/instance")[0] == 200


@pytest.fixture
def gotosocial() -> Iterator[FakeMastodon]:
    with FakeMastodon(GOTOSOCIAL) as fake:
        fake.join("ours")
        yield fake


def test_gotosocial_ignores_keys_counts_addresses_in_full_and_answers_400(
    gotosocial: FakeMastodon,
) -> None:
    ask = asker(gotosocial, gotosocial.grant("ours"))
    for _ in range(2):
        assert ask("POST", "/api/v1/statuses", "key", status="Open the gate")[0] == 200
    long = f"https://example.org/{'a' * 5000}"
    assert ask("POST", "/api/v1/statuses", status=long)[0] == 400
    assert len(gotosocial.statuses) == 2
    assert int(ask.headers["X-RateLimit-Reset"]) > 0  # type: ignore[attr-defined]
