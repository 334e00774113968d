"""The fake itself: who asks, and for what.

Held against Mastodon's documentation and source, which each rule names; its words are Mastodon's,
as far as a publisher could read them.
"""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import RLock
from typing import Any

from uasocial.testing.loopback import Answer, Request, Server
from uasocial.testing.network import SECRET
from uasocial_mastodon.testing import oauth, shown, statuses, uploads
from uasocial_mastodon.testing.asking import Asked, asked
from uasocial_mastodon.testing.records import Account, App, Refusal, Status, Upload
from uasocial_mastodon.testing.rules import MASTODON, Rules

__all__ = ["FakeMastodon"]

DOMAIN = "mastodon.example"
# 300 calls in 5 minutes: https://docs.joinmastodon.org/api/rate-limits/
WINDOW = timedelta(minutes=5)

Reply = tuple[int, Any]


class FakeMastodon(Server):
    """A server with accounts; *received* are its requests, without tokens, in their order."""

    def __init__(self, rules: Rules = MASTODON) -> None:
        self.rules = rules
        self.accounts: dict[str, Account] = {}
        self.statuses: list[Status] = []
        self.uploads: dict[str, Upload] = {}
        self.keys: dict[tuple[str, str], tuple[str, datetime]] = {}
        self.apps: dict[str, App] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.received: list[Request] = []
        # What is uploaded from now on fails while it is worked on.
        self.breaks_pictures = False
        self._tokens: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._passed = timedelta(0)
        self._last_id = 0
        self._window: tuple[datetime, int] | None = None
        self._lock = RLock()
        super().__init__()

    # --- what a test does ------------------------------------------------------------------------

    def join(self, name: str, *, uri: str = "", known: bool = True) -> Account:
        """Make an account; with a domain it is one of another server, maybe not met yet."""
        user, _, domain = name.partition("@")
        account = Account(self.new_id(), name, uri, user.title(), known=known)
        # Mastodon numbers the actors of new accounts from 4.5 on; others take the name.
        account.uri = uri or f"https://{domain or DOMAIN}/users/{user}"
        self.accounts[account.acct] = account
        return account

    def grant(self, acct: str, scopes: tuple[str, ...] = oauth.ALL) -> str:
        """Make a token of an account."""
        token = SECRET + secrets.token_hex(16)
        self._tokens[token] = (acct, scopes)
        return token

    def revoke(self, token: str) -> None:
        del self._tokens[token]

    def allow(self, client_id: str, acct: str) -> str:
        """Log in as an account and allow an app; return the code to copy."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = (client_id, acct)
        return code

    def forward(self, **by: float) -> None:
        """Move the server's clock on."""
        self._passed += timedelta(**by)

    # --- what it is made of ----------------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.now(UTC) + self._passed

    def new_id(self) -> str:
        """Return a number that grows with time (mastodon lib/mastodon/snowflake.rb)."""
        moment = int(self.now().timestamp() * 1000) << 16
        self._last_id = max(self._last_id + 1, moment)
        return str(self._last_id)

    def answer(self, request: Request) -> Answer:
        with self._lock:
            headers = dict(request.headers)
            token = headers.pop("authorization", "").removeprefix("Bearer ")
            self.received.append(request._replace(headers=headers))
            if self.rules.software == "gotosocial" and request.path.endswith("/"):
                # Its router, gin, knows no address with a slash at the end.
                return Answer(301, headers={"Location": request.path.rstrip("/")})
            try:
                status, said = self._routed(asked(request), token)
            except Refusal as refusal:
                status, said = refusal.status, {"error": refusal.error}
            except ValueError:
                status, said = 400, {"error": "There was a problem parsing the request"}
            return Answer(status, json.dumps(said).encode(), self._headers())

    def _headers(self) -> dict[str, str]:
        """https://docs.joinmastodon.org/api/rate-limits/#headers."""
        begun, used = self._used()
        until = begun + WINDOW
        # GoToSocial: seconds of the epoch, https://docs.gotosocial.org/en/latest/api/ratelimiting/
        plain = self.rules.software == "gotosocial"
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Date": format_datetime(self.now(), usegmt=True),
            "X-RateLimit-Limit": str(self.rules.rate),
            "X-RateLimit-Remaining": str(max(0, self.rules.rate - used)),
            "X-RateLimit-Reset": str(int(until.timestamp())) if plain else shown.moment(until),
        }

    def _used(self) -> tuple[datetime, int]:
        if self._window is None or self.now() >= self._window[0] + WINDOW:
            self._window = (self.now(), 0)
        return self._window

    def _routed(self, asked: Asked, token: str) -> Reply:
        begun, used = self._used()
        if used >= self.rules.rate:
            raise Refusal(429, "Too many requests")
        self._window = (begun, used + 1)
        match asked.method, asked.path:
            case "GET", ("api", "v1", "instance"):
                return 200, shown.instance_v1(self.rules, DOMAIN)
            case "GET", ("api", "v2", "instance") if self.rules.software != "pixelfed":
                return 200, shown.instance_v2(self.rules, DOMAIN)
            case "POST", ("api", "v1", "apps"):
                return 200, oauth.register(self, asked)
            case "POST", ("oauth", "token"):
                return 200, oauth.change(self, asked)
            case "GET", ("api", "v1", "accounts", "lookup"):
                return 200, self._lookup(asked)
        return self._as_somebody(asked, token)

    def _as_somebody(self, asked: Asked, token: str) -> Reply:  # noqa: PLR0911 - a table
        def let(scope: str) -> Account:
            return self._let(token, scope)

        match asked.method, asked.path[2:]:
            case "GET", ("accounts", "verify_credentials"):
                return 200, shown.account(let("read:accounts"), self.url, own=True)
            case "GET", ("accounts", number, "statuses"):
                return 200, self._statuses(let("read:statuses"), number, asked)
            case "GET", ("search",) if asked.path[1] == "v2":
                return 200, self._search(let("read:search"), asked)
            case "POST", ("media",) if asked.path[1] == "v2":
                return uploads.take(self, let("write:media"), asked)
            case "GET", ("media", number):
                return uploads.tell(self, let("write:media"), number)
            case "POST", ("statuses",):
                return statuses.make(self, let("write:statuses"), self._app(token), asked)
            case method, ("statuses", *rest):
                return 200, self._status(let, method, rest, asked)
        raise Refusal(404, "Not Found")

    def _status(
        self, let: Callable[[str], Account], method: str, path: list[str], asked: Asked
    ) -> Any:
        match method, path:
            case "GET", [number]:
                account = let("read:statuses")
                status = statuses.own(self, account, number)
                return shown.status(status, account, self.url, self.rules)
            case "GET", [number, "source"] if self.rules.source:
                status = statuses.own(self, let("read:statuses"), number)
                return {"id": number, "text": status.text, "spoiler_text": status.warning}
            case "GET", [number, "history"]:
                account = let("read:statuses")
                status = statuses.own(self, account, number)
                return [shown.edit(one, account, self.url) for one in status.edits]
            case "PUT", [number]:
                return statuses.change(self, let("write:statuses"), number, asked)
            case "DELETE", [number]:
                return statuses.delete(self, let("write:statuses"), number, asked)
        raise Refusal(404, "Not Found")

    def _let(self, token: str, scope: str) -> Account:
        """Return whose token it is; app/controllers/api/base_controller.rb for who is refused."""
        if token not in self._tokens:
            said = "The access token is invalid" if token else "This method requires authentication"
            raise Refusal(401, said)
        acct, scopes = self._tokens[token]
        if not oauth.allows(scopes, scope):
            raise Refusal(403, "This action is outside the authorized scopes")
        account = self.accounts[acct]
        if account.suspended or account.disabled:
            raise Refusal(403, "Your login is currently disabled")
        return account

    def _app(self, token: str) -> str:
        return "uasocial" if token in self._tokens else ""

    def _statuses(self, account: Account, number: str, asked: Asked) -> Any:
        if number != account.id:
            raise Refusal(404, "Record not found")
        return statuses.listed(self, account, asked)

    def _lookup(self, asked: Asked) -> Any:
        """GET /api/v1/accounts/lookup knows whom the server has met; no token is needed."""
        account = self._named(asked.text("acct"))
        if account is None or not account.known:
            raise Refusal(404, "Record not found")
        return shown.account(account, self.url)

    def _search(self, _: Account, asked: Asked) -> Any:
        """GET /api/v2/search with resolve asks the other server, and knows the account then."""
        account = self._named(asked.text("q"))
        if account is not None and not account.known:
            account.known = asked.flag("resolve")
        found = account is not None and account.known
        shown_ones = [shown.account(account, self.url)] if found and account else []
        return {"accounts": shown_ones, "statuses": [], "hashtags": []}

    def _named(self, acct: str) -> Account | None:
        name = acct.removeprefix("@").removesuffix(f"@{DOMAIN}").casefold()
        found = (one for one in self.accounts.values() if one.acct.casefold() == name)
        return next(found, None)
