"""What is asked of an account beside its posts: handles, deletions, prices; no library early."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

import pytest

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    Prepared,
    Publisher,
    Rejected,
    Transient,
)
from uasocial.testing.loopback import Answer
from uasocial_x import OAUTH1, OAUTH2, register_publishers
from uasocial_x.testing import XNetwork

Make = Callable[..., Prepared]


def test_a_handle_is_found_however_it_is_written(network: XNetwork, ours: Publisher) -> None:
    for handle in ("SamarBelkori", "@samarbelkori", "SAMARBELKORI"):
        found = ours.resolve(handle)
        assert found is not None
        assert (found.handle, found.name) == ("SamarBelkori", "Samar Belkori")
        assert network.fake.users[found.id].username == found.handle


def test_who_is_suspended_is_nobody(network: XNetwork, ours: Publisher) -> None:
    network.fake.join("Minister").suspended = True
    assert ours.resolve("Minister") is None


def test_a_handle_that_was_given_to_somebody_else_has_another_id(
    network: XNetwork, ours: Publisher
) -> None:
    before = ours.resolve("SamarBelkori")
    for user in network.fake.users.values():
        user.username = user.username.replace("SamarBelkori", "SamarB")
    network.fake.join("SamarBelkori")
    after = ours.resolve("SamarBelkori")
    assert before is not None
    assert after is not None
    assert before.id != after.id


@pytest.mark.parametrize(
    "at", ["https://x.com/i/web/status/", "https://twitter.com/Samar_1/status/"]
)
def test_a_post_that_a_person_has_found_is_answered_and_deleted_by_its_address(
    network: XNetwork, ours: Publisher, prepared: Make, at: str
) -> None:
    first = ours.create(prepared("One"))
    found = f"{at}{first.remote_id}"
    ours.create(prepared("Two", answers=found))
    assert [post.answers for post in network.seen()] == [None, first.remote_id]
    ours.delete(Receipt(found))
    assert [post.text for post in network.seen()] == ["Two"]
    for odd in (f"https://x.example/a/status/{first.remote_id}", f"{first.remote_id}/retweets"):
        with pytest.raises(Rejected, match="no post of X"):
            ours.delete(Receipt(odd))


@pytest.mark.parametrize("handle", ["", "@", "../me", "a b", "gate@mastodon.example", "g" * 16])
def test_what_cannot_be_a_handle_is_nobodys_and_is_not_asked_for(
    network: XNetwork, ours: Publisher, handle: str
) -> None:
    assert ours.resolve(handle) is None
    assert network.fake.calls == []


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answer(503), Transient),
        (Answer(404, b"<html>"), Transient),
        (Answer(429, b"{}"), Transient),
        (Answer(200, b"{}"), CannotTell),
        (Answer(200, b'{"errors": ["no"], "data": null}'), CannotTell),
        (Answer(401, b"{}"), CannotTell),
    ],
)
def test_a_handle_that_nobody_answers_for_is_not_taken_for_gone(
    network: XNetwork, ours: Publisher, answer: Answer, meaning: type[Exception]
) -> None:
    network.fake.instead = answer
    with pytest.raises(meaning):
        ours.resolve("SamarBelkori")


def test_a_post_of_somebody_else_is_not_deleted(network: XNetwork, ours: Publisher) -> None:
    other = network.fake.join("SomebodyElse")
    network.fake.hold(other, "Theirs")
    with pytest.raises(NotAuthorized, match="not authorized to delete"):
        ours.delete(Receipt(network.fake.posts[0].id))
    assert network.fake.texts() == ["Theirs"]


def test_what_is_no_post_of_x_is_not_asked_for(network: XNetwork, ours: Publisher) -> None:
    for odd in ("", "../users/me", "12a", "at://did:plc:x"):
        with pytest.raises(Rejected, match="no post of X"):
            ours.delete(Receipt(odd))
    assert network.fake.calls == []


def test_a_deletion_that_is_not_answered_can_be_made_again(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    receipt = ours.create(prepared("Open the gate"))
    network.fake.instead = Answer(502, b"<html>")
    with pytest.raises(Transient):
        ours.delete(receipt)
    network.fake.instead = None
    ours.delete(receipt)
    assert network.fake.posts == []


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("Open the gate", "0.015"),
        ("Open the gate https://example.org/900/en", "0.200"),
        # X makes a link of a name without a scheme, and is paid for it.
        ("Open the gate: example.org", "0.200"),
        ("Write to gate@example.org", "0.015"),
    ],
)
def test_a_post_with_a_link_costs_more(prepared: Make, text: str, dollars: str) -> None:
    for kind in (OAUTH1, OAUTH2):
        assert kind.price is not None
        price = kind.price(prepared(text).post)
        assert price is not None
        assert (price.amount, price.currency) == (Decimal(dollars), "USD")
        how = "with" if dollars == "0.200" else "without"
        assert price.source.startswith(f"a post {how} a link, docs.x.com/")


def test_the_account_that_signs_with_four_secrets_needs_no_call_to_know_its_id(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    ours.find(prepared("Open the gate"), datetime.now(UTC))
    assert network.fake.calls == [("GET", f"2/users/{network.user.id}/tweets")]


def test_the_kinds_are_two_and_name_what_they_need() -> None:
    kinds = {kind.name: kind for kind in register_publishers()}
    assert set(kinds) == {"x", "x-oauth2"}
    assert {kind.platform for kind in kinds.values()} == {"x"}
    assert not {kind.can_edit for kind in kinds.values()} - {False}


def test_no_library_is_imported_before_an_account_is_opened() -> None:
    code = (
        "import sys, uasocial_x; kinds = uasocial_x.register_publishers()\n"
        "assert not {'tweepy', 'requests', 'requests_oauthlib', 'oauthlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
