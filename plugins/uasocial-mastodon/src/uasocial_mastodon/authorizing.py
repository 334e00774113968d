"""The way to a token: an app of the server's own, and a code that a person brings from there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from uasocial.platforms.publisher import Dialogue, NotAuthorized
from uasocial_mastodon.failing import CLIENT, SERVER, Failure, of_repeatable
from uasocial_mastodon.options import options_of
from uasocial_mastodon.server import USER_AGENT, Server

__all__ = ["SCOPES", "authorize"]

APP = "uasocial"
# No more than is used: https://docs.joinmastodon.org/api/oauth-scopes/. To search is to look up the
# handle of somebody whom the server has not met yet.
SCOPES = ("read:accounts", "read:search", "read:statuses", "write:media", "write:statuses")


def authorize(settings: Mapping[str, str], dialogue: Dialogue) -> Mapping[str, str]:
    """Register an app, send the person to the server, and change the code for a token."""
    options = options_of(settings)
    server = Server(options)
    try:
        app = _registered(server, options.base)
        server.calls.client_id, server.calls.client_secret = app
        # The server's own page: asked for another, Mastodon.py would let it name another server.
        page = _short(server.calls.auth_request_url(scopes=list(SCOPES), skip_server_info=True))
        dialogue.show(f"Open this page, log in as the account, and copy the code: {page}")
        code = dialogue.ask("The code", secret=True).strip()
        return {"access_token": _token(server, code, options.base)}
    except Failure as failure:
        raise of_repeatable(failure) from None
    finally:
        server.close()


def _short(page: str) -> str:
    """Return the page's address without what Mastodon.py writes of each option that is not set.

    No `state` is sent: it guards an address that a server sends people back to, and the code is
    shown to a person here, and typed by the same.
    """
    address, _, query = page.partition("?")
    said = [(name, value) for name, value in parse_qsl(query) if value not in {"None", "False"}]
    return f"{address}?{urlencode(said)}"


def _registered(server: Server, base: str) -> tuple[str, str]:
    app: Any = server.ask(
        server.calls.create_app,
        APP,
        scopes=list(SCOPES),
        api_base_url=base,
        session=server.calls.session,
        request_timeout=server.calls.request_timeout,
        user_agent=USER_AGENT,
    )
    if not all(isinstance(part, str) and part for part in app):
        raise server.odd()
    return app[0], app[1]


def _token(server: Server, code: str, base: str) -> str:
    try:
        token = server.ask(
            server.calls.log_in,
            code=code,
            scopes=list(SCOPES),
            allow_http=base.startswith("http://"),
        )
    except Failure as failure:
        if CLIENT <= failure.status < SERVER:
            raise NotAuthorized(
                f"{failure.host} does not take the code: authorize again, and copy all of it"
            ) from None
        raise
    if not isinstance(token, str) or not token:
        raise server.odd()
    return token
