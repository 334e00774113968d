"""Who may act for whom on the fake: OAuth 1.0a and OAuth 2.0 as X documents them.

docs.x.com/resources/fundamentals/authentication/oauth-1-0a/authorizing-a-request
docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
"""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from oauthlib.common import Request as Signed  # type: ignore[import-untyped]
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped]

from uasocial.testing.loopback import Answer, Request
from uasocial.testing.network import SECRET
from uasocial_x.testing.refusing import Refusal, refused, told

__all__ = ["Access", "App", "Grant"]

# Calls are signed for the host that tweepy names, whatever machine answers them.
BASE = "https://api.twitter.com"
# In seconds: how far a timestamp may be off, and how long a code and an access token last.
APART, CODE_LASTS, ACCESS_LASTS = 300, 30, 7200
FORM = "application/x-www-form-urlencoded"


def _secret() -> str:
    return SECRET + secrets.token_hex(20)


class App(NamedTuple):
    """What the developer console gives for an app."""

    consumer_key: str
    consumer_secret: str
    client_id: str
    redirect: str = "http://127.0.0.1:8765/"


@dataclass
class Grant:
    """What an account has allowed; *scopes* is empty with OAuth 1.0a."""

    user_id: str
    scopes: frozenset[str] = frozenset()
    revoked: bool = False


@dataclass
class _Code:
    """What an account allows while it is on its way: a PIN, or a code of OAuth 2.0."""

    grant: Grant
    challenge: str
    redirect: str
    made_at: float
    used: bool = False


@dataclass
class Access:
    """The one app, and what accounts allow it; *clock* may be set."""

    app: App = field(default_factory=lambda: App(_secret(), _secret(), "client-of-the-tests"))
    clock: Callable[[], float] = time.time
    # token: its secret, and what it allows
    tokens: dict[str, tuple[str, Grant]] = field(default_factory=dict)
    # request token: its secret, and the PIN, the account once it has allowed it
    requests: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bearers: dict[str, tuple[Grant, float]] = field(default_factory=dict)
    # refresh token: what it renews, and whether it has done so
    refreshers: dict[str, tuple[Grant, bool]] = field(default_factory=dict)
    codes: dict[str, _Code] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    renewals: int = 0

    # --- OAuth 1.0a ------------------------------------------------------------------------------

    def allow(self, user_id: str) -> tuple[str, str]:
        """Return an access token and its secret; the token begins with the account's id."""
        token, secret = f"{user_id}-{_secret()}", _secret()
        self.tokens[token] = secret, Grant(user_id)
        return token, secret

    def request_token(self, request: Request) -> Answer:
        """POST oauth/request_token: docs.x.com/…/oauth-1-0a/api-reference."""
        self._verify(request, _told(request), "")
        token, secret = _secret(), _secret()
        self.requests[token] = secret, "", ""
        said = {
            "oauth_token": token,
            "oauth_token_secret": secret,
            "oauth_callback_confirmed": "true",
        }
        return Answer(200, urlencode(said).encode(), {"Content-Type": "text/html"})

    def pin(self, address: str, user_id: str) -> str:
        """Allow what the page at *address* asks for, and return the PIN it shows."""
        token = parse_qs(urlsplit(address).query)["oauth_token"][0]
        secret, _, _ = self.requests[token]
        pin = f"{secrets.randbelow(10**7):07}"
        self.requests[token] = secret, pin, user_id
        return pin

    def access_token(self, request: Request) -> Answer:
        """POST oauth/access_token."""
        given = _told(request)
        secret, pin, user_id = self.requests.get(given.get("oauth_token", ""), ("", "", ""))
        self._verify(request, given, secret)
        if not pin or given.get("oauth_verifier") != pin:
            raise Refusal(
                Answer(401, b"Error processing your OAuth request: Invalid oauth_verifier")
            )
        token, token_secret = self.allow(user_id)
        said = {"oauth_token": token, "oauth_token_secret": token_secret, "user_id": user_id}
        return Answer(200, urlencode(said).encode(), {"Content-Type": "text/html"})

    def _verify(self, request: Request, given: Mapping[str, str], token_secret: str) -> None:
        """Raise 401 unless a request is signed, of now, and seen for the first time."""
        url = BASE + request.path
        is_form = request.headers.get("content-type", "").startswith(FORM)
        signed = Signed(url, request.method)
        signed.params = signature.collect_parameters(
            urlsplit(url).query,
            request.body.decode() if is_form else "",
            {"Authorization": request.headers["authorization"]},
        )
        signed.signature = given.get("oauth_signature", "")
        is_ours = given.get("oauth_consumer_key") == self.app.consumer_key
        late = abs(self.clock() - int(given.get("oauth_timestamp", "0")))
        nonce = given.get("oauth_nonce", "")
        good = signature.verify_hmac_sha1(signed, self.app.consumer_secret, token_secret)
        if not (is_ours and good and late < APART and nonce not in self.nonces):
            raise refused(401, "Unauthorized")
        self.nonces.add(nonce)

    # --- OAuth 2.0 -------------------------------------------------------------------------------

    def pair(self, grant: Grant) -> dict[str, object]:
        """Return a new pair of tokens."""
        access, refresh = _secret(), _secret()
        self.bearers[access] = grant, self.clock() + ACCESS_LASTS
        self.refreshers[refresh] = grant, False
        return {
            "token_type": "bearer",
            "expires_in": ACCESS_LASTS,
            "access_token": access,
            "scope": " ".join(sorted(grant.scopes)),
            "refresh_token": refresh,
        }

    def lead_back(self, address: str, user_id: str) -> str:
        """Allow what the page at *address* asks for; return where X leads the browser then."""
        asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        if (asked["client_id"], asked["redirect_uri"]) != (self.app.client_id, self.app.redirect):
            raise ValueError("X shows an error, and leads nowhere")
        code = _secret()
        grant = Grant(user_id, frozenset(asked["scope"].split()))
        self.codes[code] = _Code(
            grant, asked["code_challenge"], asked["redirect_uri"], self.clock()
        )
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code})}"

    def token(self, request: Request) -> Answer:
        """POST /2/oauth2/token, for a public client, which has no secret."""
        given = dict(parse_qsl(request.body.decode()))
        if given.get("client_id") != self.app.client_id:
            raise _invalid("unauthorized_client", "Missing valid authorization header", 401)
        if given.get("grant_type") == "refresh_token":
            return told(200, self.pair(self._spent(given.get("refresh_token", ""))))
        code = self.codes.get(given.get("code", ""))
        late = code is None or code.used or self.clock() > code.made_at + CODE_LASTS
        if code is None or late or not _proves(given, code):
            raise _invalid(
                "invalid_request", "Value passed for the authorization code was invalid."
            )
        code.used = True
        return told(200, self.pair(code.grant))

    def _spent(self, token: str) -> Grant:
        """Spend a refresh token. Who sends a spent one loses all that came of it.

        https://github.com/trypostit/trypost/issues/126
        """
        grant, used = self.refreshers.get(token, (Grant("", revoked=True), False))
        if used:
            grant.revoked = True
        if grant.revoked or "offline.access" not in grant.scopes:
            raise _invalid("invalid_request", "Value passed for the token was invalid.")
        self.refreshers[token] = grant, True
        self.renewals += 1
        return grant

    # --- both ------------------------------------------------------------------------------------

    def grant_of(self, request: Request) -> Grant:
        """Return what a request may do; raise 401 where nobody has allowed it."""
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            grant, ends = self.bearers.get(header[7:], (Grant("", revoked=True), 0.0))
            if grant.revoked or ends < self.clock():
                raise refused(401, "Unauthorized")
            return grant
        given = _told(request)
        secret, grant = self.tokens.get(given.get("oauth_token", ""), ("", Grant("", revoked=True)))
        if grant.revoked:
            raise refused(401, "Unauthorized")
        self._verify(request, given, secret)
        return grant

    def revoke(self, user_id: str) -> None:
        """Take back all that an account has allowed, as at x.com/settings/connected_apps."""
        grants = [
            *(grant for _, grant in self.tokens.values()),
            *(grant for grant, _ in self.bearers.values()),
            *(grant for grant, _ in self.refreshers.values()),
        ]
        for grant in grants:
            grant.revoked = grant.revoked or grant.user_id == user_id


def _told(request: Request) -> dict[str, str]:
    """Return what the Authorization header of OAuth 1.0a says; raise 401 without one."""
    header = request.headers.get("authorization", "")
    if not header.startswith("OAuth "):
        raise refused(401, "Unauthorized")
    return dict(
        signature.collect_parameters(
            headers={"Authorization": header}, exclude_oauth_signature=False
        )
    )


def _proves(given: Mapping[str, str], code: _Code) -> bool:
    """Tell whether the verifier fits the challenge: RFC 7636."""
    digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
    challenge = urlsafe_b64encode(digest).decode().rstrip("=")
    return challenge == code.challenge and given.get("redirect_uri") == code.redirect


def _invalid(error: str, description: str, status: int = 400) -> Refusal:
    return Refusal(told(status, {"error": error, "error_description": description}))
