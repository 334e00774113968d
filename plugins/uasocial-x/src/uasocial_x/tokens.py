"""OAuth 2.0: an access token of two hours, and a refresh token that renews it once.

Each renewal gives a new pair, and the old refresh token counts no more: whoever sends it again may
lose the whole family (https://github.com/trypostit/trypost/issues/126). So it is renewed seldom, by
one process at a time, and the new pair is on the disk before anything is done with it. If a process
dies between the answer and the disk, the new pair is gone, and nothing can bring it back; what was
written before the renewal says so later.
https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token
"""

import time
from collections.abc import Mapping
from typing import Any

import requests
import tweepy  # type: ignore[import-untyped]

from uasocial.platforms.publisher import NotAuthorized, PublisherError, Secrets, Transient
from uasocial_x.answers import AGAIN, TOO_MANY, asked, said_by
from uasocial_x.line import HOST, LIMITS, Answered, Unanswered, Unsent, connected, failure

__all__ = ["TOKEN_URL", "OAuth2"]

TOKEN_URL = f"https://{HOST}/2/oauth2/token"
# In seconds. It lasts 7,200: it is renewed when the next few calls might outlive it.
EARLY = 600
# So soon after a renewal no token ends by itself: one that is refused then was taken back.
FRESH = 600
WHAT = "the token cannot be renewed"


class OAuth2:
    """Signs with an access token, which is renewed in time; *client_id* is the app's."""

    user_auth = False

    def __init__(
        self,
        client_id: str,
        secrets: Secrets,
        server: str = "",
        limits: tuple[float, float] = LIMITS,
    ) -> None:
        self._client_id, self._secrets = client_id, secrets
        self._session = connected(requests.Session(), server, limits)
        self._refused = ""
        self._last = ""

    def sign(self, client: tweepy.Client, *, renew: bool) -> None:
        kept = self._secrets.kept()
        if not self._lasts(kept, EARLY if renew else 0):
            if not renew:
                raise Transient("the access token has ended: it is renewed first")
            kept = self._renewed()
        client.bearer_token = self._last = kept["access_token"]

    def is_over(self) -> bool:
        """Tell whether the token that X has refused was new; an old one is renewed next time."""
        kept = self._secrets.kept()
        is_new = _number(kept, "at") + FRESH > time.time()
        if kept.get("access_token") == self._last and is_new:
            return True
        self._refused = self._last
        return False

    def user_id(self) -> str:
        return self._secrets.kept().get("user_id", "")

    def _lasts(self, kept: Mapping[str, str], ahead: float) -> bool:
        token = kept.get("access_token", "")
        return (
            bool(token) and token != self._refused and _number(kept, "ends") > time.time() + ahead
        )

    def _renewed(self) -> Mapping[str, str]:
        """Return what is kept after a renewal, by this process or by the one that was before it."""
        with self._secrets.alone():
            kept = self._secrets.kept()
            if self._lasts(kept, EARLY):
                return kept
            # A disk that cannot be written shows now, and not when the old token is spent.
            self._secrets.keep(**{"begun": str(int(time.time())), **kept})
            token = kept.get("refresh_token") or self._secrets["refresh_token"]
            try:
                said = self._ask(token)
            except (Unsent, Unanswered, Answered) as error:
                if _is_unspent(error):
                    self._secrets.keep(**kept)
                raise _refusal(error, kept.get("begun", "")) from None
            self._secrets.keep(**_pair(said, token, kept))
            return self._secrets.kept()

    def _ask(self, token: str) -> Mapping[str, Any]:
        """Spend a refresh token; raise Unsent, Unanswered, Answered."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": self._client_id,
        }
        answer = None
        try:
            answer = self._session.post(TOKEN_URL, data=form)
            said = answer.json()
        except Exception as error:  # noqa: BLE001 - said in one of three ways
            raise failure(error, answer) from None
        if answer.ok and isinstance(said, dict) and _text(said, "access_token"):
            return said
        raise failure(requests.RequestException(), answer)


def _text(said: Mapping[str, Any], name: str) -> str:
    return said[name] if isinstance(said.get(name), str) else ""


def _pair(said: Mapping[str, Any], token: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept from now on; without another refresh token, the old one."""
    now, lasts = int(time.time()), said.get("expires_in")
    # Two hours: docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code.
    ends = now + (lasts if isinstance(lasts, int) else 7200)
    return {
        **{name: kept[name] for name in kept if name != "begun"},
        "access_token": _text(said, "access_token"),
        "refresh_token": _text(said, "refresh_token") or token,
        "at": str(now),
        "ends": str(ends),
    }


def _number(kept: Mapping[str, str], name: str) -> int:
    text = kept.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _is_unspent(error: Exception) -> bool:
    """Tell whether the refresh token surely counts as before."""
    return isinstance(error, Unsent) or (isinstance(error, Answered) and error.status == TOO_MANY)


def _refusal(error: Unsent | Unanswered | Answered, begun: str) -> PublisherError:
    if not isinstance(error, Answered) or error.status == TOO_MANY:
        return asked(error, WHAT)
    said = f"{WHAT}: {said_by(error)}"
    if error.status in {400, 401, 403} and error.body:
        return NotAuthorized(f"{said}; {_why(error, begun)}: {AGAIN}")
    return Transient(said)


def _why(error: Answered, begun: str) -> str:
    if error.status == 401:  # noqa: PLR2004 - "Missing valid authorization header"
        return 'the app must be a public client, a "Native App", at console.x.com'
    if begun:
        at = time.strftime("%d %B %Y, %H:%M", time.gmtime(int(begun)))
        return f"the pair of a renewal that was begun on {at} UTC was lost on its way"
    return "its access was taken back, or it was renewed elsewhere"
