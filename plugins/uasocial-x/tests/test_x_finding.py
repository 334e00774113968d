"""A post is found by its text and its time, though X shows another text than it was given."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from uasocial.platforms.publisher import CannotTell, OutcomeUnknown, Prepared, Publisher
from uasocial.testing.contract.texts import TEXTS
from uasocial.testing.loopback import Answer
from uasocial_x.finding import compared
from uasocial_x.testing import FakeX, Held, XNetwork
from uasocial_x.testing.fake import User, shown

Make = Callable[..., Prepared]
USER = User("42", "gate", "The gate")
LINKED = [
    "Read https://example.org/900/en and write",
    "example.org/900 and HTTP://Example.ORG/ twice: example.org/900",
    "R&D at https://example.org/?a=1&b=2#c, <now>",
    "افتحوا الباب https://example.org/باب الآن",
    "https://example.org/900",
    "No t.co: https://t.co/abcdefghij is one",
    "cafe\u0301  and   spaces \n\n here",
]


def said(text: str) -> dict[str, object]:
    return shown(Held("1990000000000007919", USER, text, 0.0, 0.0))


@pytest.mark.parametrize("text", [*TEXTS.values(), *LINKED])
def test_what_x_shows_of_a_text_is_known_again(text: str) -> None:
    assert compared(text, said(text)) == "same"


def test_any_text_is_known_again_and_no_other_is_taken_for_it() -> None:
    chance = random.Random(5)
    parts = [
        "&",
        "&amp;",
        "<",
        ">",
        " ",
        "\n",
        "a.org",
        "https://b.org/c?d&e",
        "#f",
        "@g",
        "é",
        "ا",
    ]
    texts = {"".join(chance.choices(parts, k=chance.randrange(1, 12))) for _ in range(3000)}
    for text in texts:
        assert compared(text, said(text)) == "same", repr(text)
        assert compared(f"{text} z", said(text)) == "other", repr(text)


def test_the_same_words_with_another_link_are_neither_a_yes_nor_a_no() -> None:
    assert compared("See https://example.org/1", said("See https://example.org/2")) == "like"
    assert compared("See https://example.org/1", said("See example.org/1")) == "same"
    assert compared("See https://example.org/1", said("See this")) == "other"


def test_the_address_that_stands_for_pictures_is_no_part_of_the_text() -> None:
    text = "Look at x.com/gate/status/1/photo/1 <3"
    held = {
        "text": "Look at https://t.co/aaa &lt;3 https://t.co/bbb",
        "entities": {
            "urls": [
                {"url": "https://t.co/aaa", "expanded_url": "http://x.com/gate/status/1/photo/"},
                {"url": "https://t.co/bbb", "expanded_url": "https://x.com/gate/status/9/photo/1"},
            ]
        },
    }
    assert compared(text, held) == "like"
    assert compared("Look at x.com/gate/status/1/photo <3", held) == "same"


def test_a_long_post_has_its_text_apart() -> None:
    note = {"text": "Long &amp; whole", "entities": {}}
    assert compared("Long & whole", {"text": "Long &amp;…", "note_tweet": note}) == "same"


@pytest.mark.parametrize(
    "held",
    [
        {},
        {"text": None},
        {"text": "Gate", "entities": None},
        {"text": "Gate", "entities": {"urls": ["no", {}]}},
        {"text": "Gate", "entities": {"urls": None}},
        {"text": "https://t.co/unknown Gate"},
        {"text": "Gate of", "note_tweet": "no"},
    ],
)
def test_a_post_that_is_shown_in_no_known_way_is_another(held: dict[str, object]) -> None:
    assert compared("Open the gate", held) == "other"


def made(network: XNetwork, text: str, ago: float = 0.0) -> Held:
    return network.fake.hold(network.user, text, ago)


def test_an_older_post_of_the_same_words_is_not_taken_for_this_one(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made(network, "Open the gate", ago=3600)
    assert ours.find(prepared("Open the gate"), datetime.now(UTC)) is None


def test_two_of_the_same_words_are_for_a_person(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made(network, "Open the gate")
    made(network, "Open the gate")
    with pytest.raises(CannotTell, match="2 times"):
        ours.find(prepared("Open the gate"), datetime.now(UTC))


def test_the_same_words_with_another_link_are_for_a_person(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made(network, "Open the gate https://example.org/2")
    with pytest.raises(CannotTell, match="another link"):
        ours.find(prepared("Open the gate https://example.org/1"), datetime.now(UTC))


def test_a_busy_account_is_read_page_by_page_and_one_that_is_too_busy_is_for_a_person(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    first = made(network, "Open the gate")
    for number in range(250):
        made(network, f"Post {number}")
    found = ours.find(prepared("Open the gate"), datetime.now(UTC))
    assert found is not None
    assert found.remote_id == first.id
    for number in range(250, 400):
        made(network, f"Post {number}")
    with pytest.raises(CannotTell, match="more than 300 times"):
        ours.find(prepared("Open the gate"), datetime.now(UTC))


def test_the_post_of_an_earlier_try_is_found_though_a_later_one_was_refused(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    """The timeline lagged when it was first looked at, so that the post was sent again."""
    fake: FakeX = network.fake
    post = prepared("Open the gate")
    first = post._replace(data=ours.prepare(post, lambda _: b""))
    fake.lag = 3600
    network.lose_answer()
    with pytest.raises(OutcomeUnknown):
        ours.create(first)
    assert ours.find(first, datetime.now(UTC)) is None
    again = first._replace(data=ours.prepare(first, lambda _: b""))
    with pytest.raises(OutcomeUnknown, match="duplicate"):
        ours.create(again)
    fake.posts[0].listed_at = 0.0
    later = datetime.now(UTC) + timedelta(minutes=20)
    found = ours.find(again, later)
    assert found is not None
    assert (found.remote_id, len(fake.posts)) == (fake.posts[0].id, 1)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": null, "meta": null}', b'{"errors": [{"title": "Forbidden"}]}']
)
def test_an_answer_that_is_no_timeline_does_not_show_that_there_is_no_post(
    network: XNetwork, ours: Publisher, prepared: Make, body: bytes
) -> None:
    network.fake.instead = Answer(200, body)
    with pytest.raises(CannotTell):
        ours.find(prepared("Open the gate"), datetime.now(UTC))


def test_an_empty_timeline_shows_that_there_is_no_post(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.instead = Answer(200, b'{"meta": {"result_count": 0}}')
    assert ours.find(prepared("Open the gate"), datetime.now(UTC)) is None
