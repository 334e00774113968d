"""Who a handle belongs to, and how long."""

from collections.abc import Callable

import pytest

from uasocial.platforms.publisher import CannotTell, Profile, Publisher
from uasocial.testing.proxy import Fault, FaultProxy
from uasocial_mastodon.testing import FakeMastodon

Open = Callable[..., Publisher]
HANDLE = "minister@elsewhere.example"
URI = "https://elsewhere.example/users/minister"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("written", [HANDLE, f"@{HANDLE}", HANDLE.upper()])
def test_a_handle_of_another_server_is_found_also_before_it_was_ever_met(
    fake: FakeMastodon, opened: Open, written: str, *, known: bool
) -> None:
    fake.join(HANDLE, known=known)
    assert opened(fake).resolve(written) == Profile(URI, HANDLE, "Minister")


def test_one_of_the_own_server_needs_no_domain(fake: FakeMastodon, opened: Open) -> None:
    fake.join("minister")
    found = opened(fake).resolve("@minister")
    assert found is not None
    assert found.id == "https://mastodon.example/users/minister"


@pytest.mark.parametrize("handle", ["nobody@elsewhere.example", "", "@", "a\nb", "a" * 5000])
def test_nobody_has_a_handle_that_does_not_exist(
    fake: FakeMastodon, opened: Open, handle: str
) -> None:
    assert opened(fake).resolve(handle) is None


def test_whoever_was_suspended_or_has_moved_is_gone(fake: FakeMastodon, opened: Open) -> None:
    """A mention of the old name reaches nobody."""
    account = fake.join(HANDLE)
    account.suspended = True
    assert opened(fake).resolve(HANDLE) is None
    account.suspended, account.moved = False, fake.join("minister@new.example")
    assert opened(fake).resolve(HANDLE) is None


def test_an_account_made_anew_under_the_same_handle_is_another(
    fake: FakeMastodon, opened: Open
) -> None:
    publisher = opened(fake)
    fake.join(HANDLE)
    before = publisher.resolve(HANDLE)
    fake.join(HANDLE, uri="https://elsewhere.example/ap/users/115000000000000001")
    after = publisher.resolve(HANDLE)
    assert before is not None
    assert after is not None
    assert before.id != after.id


def test_a_token_that_may_not_search_cannot_tell_of_whom_it_has_not_met(
    fake: FakeMastodon, opened: Open
) -> None:
    fake.join("ours")
    fake.join(HANDLE, known=False)
    publisher = opened(fake, token=fake.grant("ours", ("read:accounts",)))
    with pytest.raises(CannotTell, match=f"@{HANDLE}: .*outside the authorized scopes"):
        publisher.resolve(HANDLE)


def test_an_answer_of_no_known_shape_cannot_tell(fake: FakeMastodon, opened: Open) -> None:
    with FaultProxy(fake.url, [Fault("fail", status=200)]) as proxy, pytest.raises(CannotTell):
        opened(proxy.url, token="t").resolve(HANDLE)
