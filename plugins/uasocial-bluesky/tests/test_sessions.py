"""One session, kept and renewed: hardly ever a login."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import httpx
import pytest

from uasocial.platforms.publisher import NotAuthorized, Prepared, Transient
from uasocial.testing.loopback import Answer, Request
from uasocial.testing.proxy import FaultProxy
from uasocial_bluesky.sessions import Session
from uasocial_bluesky.testing import Member, Pds, lacking_for_pds
from uasocial_bluesky.testing.account import Ours

Opened = Callable[[dict[str, str], str], Ours]
Lacking = Callable[[str], NoReturn]


class Counted(FaultProxy):
    """Writes down which methods were called."""

    def __init__(self, upstream: str) -> None:
        self.called: list[str] = []
        super().__init__(upstream)

    def answer(self, request: Request) -> Answer | None:
        self.called.append(request.path.partition("?")[0].rpartition(".")[2])
        return super().answer(request)

    def times(self, name: str) -> int:
        return self.called.count(name)


@pytest.fixture
def door(pds: Pds) -> Iterator[Counted]:
    with Counted(pds.url) as proxy:
        yield proxy


@pytest.fixture
def ours(opened: Opened, door: Counted, shared: tuple[Member, str]) -> Ours:
    member, password = shared
    return opened({"handle": member.handle, "service": door.url}, password)


def end(ours: Ours, pds: Pds, *tokens: str) -> None:
    """Let some tokens of the kept session have ended."""
    kept = dict(ours.keeping.kept())
    ours.keeping.keep(**kept | {name: pds.ended(kept[name]) for name in tokens})


def test_many_posts_need_one_login_and_so_do_many_processes(ours: Ours, door: Counted) -> None:
    ours.create()
    ours.create()
    ours.publisher = ours.open()
    ours.create()
    assert (door.times("createSession"), door.times("putRecord")) == (1, 3)


def test_a_session_shows_no_token() -> None:
    session = Session("of", "https://x.example", "did:plc:abc", "fake-access", "fake-refresh")
    assert "fake-" not in f"{session!r}"


def test_an_access_token_that_has_ended_is_renewed_in_the_middle_of_a_call(
    ours: Ours, door: Counted, pds: Pds
) -> None:
    prepared = ours.prepared()
    end(ours, pds, "access")
    ours.publisher = ours.open()
    assert ours.publisher.create(prepared)
    assert (door.times("createSession"), door.times("refreshSession")) == (1, 1)
    assert len([one for one in pds.posts(prepared.data["repo"]) if is_of(one, prepared)]) == 1


def is_of(record: dict[str, Any], prepared: Prepared) -> bool:
    return str(record["uri"]).endswith(prepared.data["rkey"])


def test_what_another_process_has_renewed_is_not_renewed_again(
    ours: Ours, door: Counted, pds: Pds
) -> None:
    prepared, _ = ours.create()
    end(ours, pds, "access")
    first, second = ours.open(), ours.open()
    # Both have read the session that has ended before one of them renews it.
    for one in (first, second):
        one.find(prepared, datetime.now(UTC))
    first.check()
    second.check()
    assert door.times("refreshSession") == 1


def test_only_where_the_refresh_token_has_ended_too_somebody_logs_in(
    ours: Ours, door: Counted, pds: Pds
) -> None:
    ours.create()
    end(ours, pds, "access", "refresh")
    ours.publisher = ours.open()
    ours.create()
    assert (door.times("createSession"), door.times("refreshSession")) == (2, 1)


def test_a_session_of_another_account_or_server_is_not_used(
    ours: Ours, opened: Opened, own: tuple[Ours, Member]
) -> None:
    ours.create()
    _, member = own
    password = ours.keeping["app_password"]
    other = opened({**ours.settings, "handle": member.handle}, password)
    other.keeping = ours.keeping
    other.publisher = other.open()
    with pytest.raises(NotAuthorized):
        other.publisher.check()


def test_an_app_password_that_was_taken_back_ends_it(own: tuple[Ours, Member], pds: Pds) -> None:
    account, member = own
    account.create()
    pds.revoke(member)
    end(account, pds, "access")
    account.publisher = account.open()
    with pytest.raises(NotAuthorized, match="make an app password"):
        account.publisher.check()


def test_something_damaged_that_was_kept_is_as_nothing(ours: Ours, door: Counted) -> None:
    ours.keeping.keep(about="no hexadecimal", access="a", refresh="b")
    assert ours.publisher.check()
    assert door.times("createSession") == 1


def test_tokens_that_the_server_does_not_know_end_in_a_login(ours: Ours, door: Counted) -> None:
    """As after a server was set up anew."""
    ours.create()
    kept = dict(ours.keeping.kept())
    ours.keeping.keep(**kept | {"access": "fake-token", "refresh": "fake-token"})
    ours.publisher = ours.open()
    ours.create()
    assert door.times("createSession") == 2


def test_too_many_logins_put_off_until_the_server_takes_one_again(
    lacking: Lacking, opened: Opened
) -> None:
    """The server takes 30 in five minutes; here they are spent by others."""
    if missing := lacking_for_pds():
        lacking(missing)
    with Pds(limited=True) as server, ThreadPoolExecutor(16) as pool:
        member = server.join("samar")
        settings = {"handle": member.handle, "service": server.url}
        account = opened(settings, server.app_password(member))
        list(pool.map(lambda _: fail_to_log_in(server, member), range(30)))
        with pytest.raises(Transient, match="too many") as error:
            account.publisher.check()
        asked = error.value.retry_after
        assert asked is not None
        assert timedelta(seconds=1) < asked <= timedelta(minutes=5)


def fail_to_log_in(server: Pds, member: Member) -> None:
    with suppress(httpx.HTTPStatusError):
        said = {"identifier": member.handle, "password": "fake-wrong"}
        server.call("com.atproto.server.createSession", said)
