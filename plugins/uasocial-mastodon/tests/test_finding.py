"""A post is found by its words where a server gives them back, and by its HTML elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import CannotTell, Prepared, Publisher, Transient
from uasocial.testing.proxy import Fault, FaultProxy
from uasocial_mastodon.testing import GOTOSOCIAL, FakeMastodon, Rules
from uasocial_mastodon.wording import alike, same

Open = Callable[..., Publisher]
Ready = Callable[..., Prepared]

LONG_LINK = "https://www.amnesty.example/en/latest/news/2026/01/open-the-gate-of-arequipa/?a=1&b=2"
TEXTS = [
    "Open the gate",
    "First line\nsecond line\n\nafter a gap & <more>",
    "@minister@elsewhere.example, open the gate! #OpenTheGate #افتحوا_الباب",
    f"Read {LONG_LINK} and act, «now» – 👩‍👩‍👧‍👦 نَعَم",
    "Việt Nam: https://example.org/a and https://example.org/b",
]


@pytest.mark.parametrize("source", [True, False])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_live_is_found_among_others(
    opened: Open, ready: Ready, text: str, *, source: bool
) -> None:
    with FakeMastodon(Rules(source=source)) as fake:
        publisher = opened(fake)
        since = datetime.now(UTC)
        publisher.create(ready("Something else before"))
        prepared = ready(text, content_warning="Violence")
        receipt = publisher.create(prepared)
        publisher.create(ready("Something else after"))
        assert publisher.find(prepared, since) == receipt
        assert publisher.find(ready(f"{text} now", content_warning="Violence"), since) is None
        assert publisher.find(ready(text), since) is None


def test_what_went_out_before_is_another_post(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher = opened(fake)
    prepared = ready("Open the gate")
    publisher.create(prepared)
    assert publisher.find(prepared, datetime.now(UTC) + timedelta(minutes=5)) is None


def test_a_server_whose_clock_is_behind_ours_is_looked_through_by_its_own(
    opened: Open, ready: Ready
) -> None:
    with FakeMastodon(GOTOSOCIAL) as fake:
        fake.forward(hours=-3)
        publisher, since = opened(fake), datetime.now(UTC)
        receipt = publisher.create(ready("Open the gate"))
        assert publisher.find(ready("Open the gate"), since) == receipt
        assert publisher.find(ready("Never posted"), since) is None


def test_what_somebody_has_changed_meanwhile_may_be_it(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher, since = opened(fake), datetime.now(UTC)
    prepared = ready("Open the gaet")
    receipt = publisher.create(prepared)
    publisher.edit(receipt, ready("Open the gate"))
    with pytest.raises(CannotTell, match="may be it"):
        publisher.find(prepared, since)


def test_the_same_words_elsewhere_in_a_thread_are_another_post(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher, since = opened(fake), datetime.now(UTC)
    first = publisher.create(ready("One"))
    prepared = ready("Open the gate", answers=first)
    assert publisher.find(ready("One", answers=first), since) is None
    receipt = publisher.create(prepared)
    assert publisher.find(prepared, since) == receipt
    assert publisher.find(ready("Open the gate"), since) is None


def test_it_is_found_behind_a_page_of_others(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher, since = opened(fake), datetime.now(UTC)
    prepared = ready("Open the gate")
    receipt = publisher.create(prepared)
    for number in range(50):
        publisher.create(ready(f"Later {number}"))
    fake.received.clear()
    assert publisher.find(prepared, since) == receipt
    assert publisher.find(ready("Never posted"), since) is None


def test_an_account_that_has_posted_too_much_cannot_tell(opened: Open, ready: Ready) -> None:
    with FakeMastodon(Rules(rate=10_000)) as fake:
        publisher, since = opened(fake), datetime.now(UTC)
        for number in range(201):
            publisher.create(ready(f"Later {number}"))
        with pytest.raises(CannotTell, match="too much"):
            publisher.find(ready("Never posted", answers=Receipt("1")), since)


def test_a_direct_post_that_is_not_listed_is_left_to_a_person(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher, since = opened(fake, visibility="direct"), datetime.now(UTC)
    receipt = publisher.create(ready("Open the gate"))
    assert publisher.find(ready("Open the gate"), since) == receipt
    with pytest.raises(CannotTell, match="a direct post may be live"):
        publisher.find(ready("Never posted"), since)


def test_a_token_that_may_not_read_cannot_tell(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours")
    publisher = opened(fake, token=fake.grant("ours", ("write", "read:accounts")))
    with pytest.raises(CannotTell, match="outside the authorized scopes"):
        publisher.find(ready("Open the gate"), datetime.now(UTC))


def test_a_server_in_trouble_is_asked_again_later(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours")
    with FaultProxy(fake.url, [Fault("fail", status=503)]) as proxy:
        publisher = opened(proxy.url, token=fake.grant("ours"))
        with pytest.raises(Transient, match="it answers 503"):
            publisher.find(ready("Open the gate"), datetime.now(UTC))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Read https://example.org/a-long-…</p>", None),
        ('<p>Read <a href="https://example.org/a-long-way">example.org/a…</a></p>', None),
        ("<p>Read “it” https://example.org/a-long-way</p>", False),
        ("<p>READ https://example.org/a-long-way</p>", True),
        ("", False),
    ],
)
def test_html_that_is_written_otherwise_leaves_it_to_a_person(
    ready: Ready, html: str, *, expected: bool | None
) -> None:
    post = ready("Read https://example.org/a-long-way").post
    assert alike(html, "", post) is expected


def test_a_source_is_compared_as_servers_keep_it(ready: Ready) -> None:
    """Both ends stripped, lines by any sign, letters composed or not."""
    post = ready("  Vie\u0323\u0302t Nam:\nopen the gate \n").post
    assert same("Việt Nam:\r\nopen the gate", "", post)
    assert not same("Việt Nam: open the gate", "", post)
    assert not same("Việt Nam:\nopen the gate", "Violence", post)


def test_long_html_is_compared_in_a_moment(ready: Ready) -> None:
    post: Any = ready("<" * 30_000 + "@a" * 5_000).post
    assert alike("<p>" * 40_000, "", post) is not True
