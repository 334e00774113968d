"""Who a handle belongs to now.

The id that stays is the address of the account's actor, which is the same on every server; a
server's own number for it is not. It tells an account that is gone, suspended or moved, and one
that was made anew where a server numbers its actors, as Mastodon does with new accounts of late.
It cannot tell a name that was given to another person on a server whose addresses hold the name.
"""

from typing import Any

from uasocial.errors import printable
from uasocial.platforms.publisher import CannotTell, Profile, Transient
from uasocial_mastodon.failing import NOT_FOUND, Failure, of_repeatable
from uasocial_mastodon.server import Server

__all__ = ["resolve"]

LONGEST = 400
MOST_FOUND = 5


def resolve(server: Server, handle: str) -> Profile | None:
    """Return whose *handle* is, as the account's server knows; raise CannotTell, Transient.

    An account that has moved is nobody's any more: who is mentioned by its old name is not told.
    """
    wanted = handle.strip().removeprefix("@")
    if not 0 < len(wanted) <= LONGEST or not wanted.isprintable():
        return None
    try:
        account = _known(server, wanted) or _fetched(server, wanted)
    except Failure as failure:
        error = of_repeatable(failure)
        if isinstance(error, Transient):
            raise error from None
        raise CannotTell(f"@{printable(wanted)}: {error}") from None
    if account is None or account.get("suspended") or account.get("moved"):
        return None
    return _profile(account)


def _known(server: Server, wanted: str) -> Any:
    """Return the account where the server has met it already."""
    try:
        account = server.ask(server.calls.account_lookup, wanted)
    except Failure as failure:
        if failure.status == NOT_FOUND:
            return None
        raise
    if not isinstance(account, dict) or not account.get("acct"):
        raise server.odd()
    return account


def _fetched(server: Server, wanted: str) -> Any:
    """Let the server look on the other one."""
    found = server.ask(
        server.calls.search_v2,
        f"@{wanted}",
        resolve=True,
        result_type="accounts",
        limit=MOST_FOUND,
    )
    accounts = found.get("accounts") if isinstance(found, dict) else None
    if not isinstance(accounts, list):
        raise server.odd()
    for account in accounts:
        if str(account.get("acct")).casefold() == wanted.casefold():
            return account
    return None


def _profile(account: Any) -> Profile:
    # GoToSocial and older servers give no `uri`: the address of the page stays as long.
    stays = account.get("uri") or account.get("url") or account.get("id")
    return Profile(str(stays), str(account["acct"]), str(account.get("display_name") or ""))
