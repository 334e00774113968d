"""The line to X: tweepy's client with a time limit, no repetition, and three ways to fail."""

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
import tweepy  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from uasocial.errors import SettingsError

__all__ = ["HOST", "Answered", "Line", "Login", "Unanswered", "Unsent", "connected", "failure"]


def _silence() -> None:
    """Let tweepy, and what signs for it, say nothing that is for debugging: it holds tokens.

    Their levels would not do: whoever debugs a program sets these.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"oauthlib", "requests_oauthlib", "tweepy"}:
            vars(logging.getLogger(name)).update(debug=lambda *_, **__: None)


_silence()

# Fixed in tweepy.
HOST = "api.twitter.com"
# In seconds, to connect and for each part of the answer: together less than `X.timeout`.
LIMITS = (5.0, 20.0)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Unsent(Exception):  # noqa: N818 - named for what happened
    """The call has surely not reached X."""


class Unanswered(Exception):  # noqa: N818
    """The call may have reached X: no whole answer came back."""


class Answered(Exception):  # noqa: N818
    """X has answered, with something else than what was asked for; *body* is ``{}`` if no JSON."""

    def __init__(self, status: int, headers: Mapping[str, str], body: Mapping[str, Any]) -> None:
        self.status, self.headers, self.body = status, headers, body
        super().__init__(status)


class Login(Protocol):
    """How calls are signed; *user_auth* is tweepy's word for OAuth 1.0a."""

    user_auth: bool

    def sign(self, client: tweepy.Client, *, renew: bool) -> None:
        """Let *client* sign as the account; without *renew*, with what there is."""

    def is_over(self) -> bool:
        """Tell, after X has refused what calls are signed with, whether nothing can renew it."""

    def user_id(self) -> str:
        """Return the account's id where it is known without a call, else ``""``."""


class Line:
    """Calls to X, one at a time; *limits* are seconds to connect and for a part of the answer."""

    def __init__(
        self, login: Login, server: str = "", limits: tuple[float, float] = LIMITS
    ) -> None:
        self._login = login
        self._session = _Session()
        connected(self._session, server, limits)
        # `wait_on_rate_limit` would sleep, and then post again.
        self._client = tweepy.Client(return_type=dict)
        self._client.session = self._session

    def call(self, name: str, *args: Any, renew: bool = True, **given: Any) -> Any:
        """Return what X says to a method of tweepy's; raise Unsent, Unanswered, Answered."""
        method = getattr(self._client, name)
        return self._said(lambda: method(*args, user_auth=self._login.user_auth, **given), renew)

    def ready(self) -> None:
        """Let what calls are signed with last for the next few of them."""
        self._login.sign(self._client, renew=True)

    def send(self, method: str, route: str, **given: Any) -> Any:
        """Call what tweepy has no method for; an answer without a body is ``{}``."""

        def ask() -> Any:
            answer = self._client.request(method, route, user_auth=self._login.user_auth, **given)
            return answer.json() if answer.content else {}

        return self._said(ask)

    def _said(self, ask: Callable[[], Any], renew: bool = True) -> Any:  # noqa: FBT001, FBT002
        self._login.sign(self._client, renew=renew)
        self._session.answer = None
        try:
            said = ask()
        except Exception as error:  # noqa: BLE001 - tweepy's own come with some of Python's
            raise failure(error, self._session.answer) from None
        if not isinstance(said, dict) and self._session.answer is not None:
            raise _answered(self._session.answer)
        return said

    def close(self) -> None:
        self._session.close()


class _Session(requests.Session):
    """Remembers the last whole answer, which tweepy's errors do not always carry."""

    answer: requests.Response | None = None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.answer = super().send(request, **kwargs)
        return self.answer

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow nobody: a post that is passed on might be made twice."""


class _Adapter(HTTPAdapter):
    """Sets the time limit that tweepy lacks; with *server*, everything goes there."""

    def __init__(self, server: str, limits: tuple[float, float]) -> None:
        self._server, self._limits = server.rstrip("/"), limits
        super().__init__(max_retries=0)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if self._server:
            request.url = self._server + request.path_url
            kwargs["proxies"] = {}
        kwargs["timeout"] = self._limits
        return super().send(request, *args, **kwargs)


def connected(
    session: requests.Session, server: str, limits: tuple[float, float] = LIMITS
) -> requests.Session:
    """Give a session the time limits, and let it ask *server* where that is said."""
    if server and urlsplit(server).hostname not in _LOOPBACK:
        raise SettingsError(f"server is for tests on this machine, and cannot be {server!r}")
    session.mount("https://", _Adapter(server, limits))
    if session.auth is None:
        # Else a ~/.netrc would take the place of the account's own token.
        session.auth = _unchanged
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def failure(error: Exception, answer: requests.Response | None) -> Exception:
    """Return what an error of requests or tweepy means."""
    if answer is not None:
        return _answered(answer)
    if not isinstance(error, requests.RequestException):
        return error
    kind = Unsent if _is_unsent(error) else Unanswered
    return kind(_reason(error))


def _answered(answer: requests.Response) -> Answered:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    return Answered(answer.status_code, answer.headers, body if isinstance(body, dict) else {})


def _is_unsent(error: requests.RequestException) -> bool:
    """Tell whether it surely went wrong before the first byte of the request."""
    before = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
    # Not each ProxyError: urllib3 2.8 also makes one of an answer that a proxy has cut off, for
    # http.client closes the connection before urllib3 looks whether there was one.
    if isinstance(error, requests.ConnectTimeout):
        return True
    return any(isinstance(cause, before) for cause in _causes(error))


def _reason(error: requests.RequestException) -> str:
    """Say in a few words what went wrong; the text of requests itself is a page of classes."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({cause.verify_message})"
    named = next((c for c in _causes(error) if isinstance(c, OSError) and c.strerror), None)
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return str(named.strerror) if named else "the connection ended before an answer"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it was made of: requests and urllib3 keep them in three places.

    Never `__context__`: an error that the caller has at hand would be taken for a part of this one.
    """
    waiting = [(error, 0)]
    while waiting:
        this, depth = waiting.pop()
        yield this
        found = (this.__cause__, getattr(this, "reason", None), *this.args)
        if depth < 6:  # noqa: PLR2004 - deeper than any of them nests
            waiting += [(one, depth + 1) for one in found if isinstance(one, BaseException)]
