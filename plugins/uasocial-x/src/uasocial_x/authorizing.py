"""How a person lets the app act for an account: by a PIN, or by the address that X leads back to.

https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/pin-based-oauth
https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests
import tweepy  # type: ignore[import-untyped]
from oauthlib.oauth2 import MismatchingStateError  # type: ignore[import-untyped]
from requests_oauthlib import OAuth1Session  # type: ignore[import-untyped]

from uasocial.errors import UasocialError, printable
from uasocial.platforms.publisher import Dialogue
from uasocial_x.line import HOST, LIMITS, connected

__all__ = ["REDIRECT", "SCOPES", "by_address", "by_pin"]

# docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code: to read back, to post, to
# add pictures, and to be given a refresh token.
SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
# X wants the very address that the app states, and takes no `localhost`:
# docs.x.com/resources/fundamentals/developer-apps
REDIRECT = "http://127.0.0.1:8765/"
LONGEST = 300
_TOKENS = re.compile(r"[A-Za-z0-9_.~+/=-]{20,}")


def by_pin(
    dialogue: Dialogue, server: str = "", limits: tuple[float, float] = LIMITS
) -> Mapping[str, str]:
    """Return the four secrets of OAuth 1.0a; the person opens an address and tells its PIN."""
    app = {
        "client_key": dialogue.ask("API key of the app (console.x.com)", secret=True),
        "client_secret": dialogue.ask("API key secret", secret=True),
    }
    with _told():
        first = OAuth1Session(**app, callback_uri="oob")
        connected(first, server, limits)
        request = first.fetch_request_token(f"https://{HOST}/oauth/request_token")
        address = first.authorization_url(f"https://{HOST}/oauth/authorize")
    dialogue.show("Log in as the account that is to post, open this address, and allow it:")
    dialogue.show(address)
    pin = dialogue.ask("PIN").strip()
    with _told():
        second = OAuth1Session(
            **app,
            resource_owner_key=request["oauth_token"],
            resource_owner_secret=request["oauth_token_secret"],
            verifier=pin,
        )
        connected(second, server, limits)
        given = second.fetch_access_token(f"https://{HOST}/oauth/access_token")
    return {
        "consumer_key": app["client_key"],
        "consumer_secret": app["client_secret"],
        "access_token": given["oauth_token"],
        "access_token_secret": given["oauth_token_secret"],
    }


def by_address(
    settings: Mapping[str, str], dialogue: Dialogue, limits: tuple[float, float] = LIMITS
) -> Mapping[str, str]:
    """Return the refresh token of OAuth 2.0; the person gives the address X has led back to.

    Nothing needs to listen there: the browser shows the address all the same.
    """
    handler = tweepy.OAuth2UserHandler(
        client_id=settings["client_id"],
        redirect_uri=settings.get("redirect", REDIRECT),
        scope=list(SCOPES),
    )
    connected(handler, settings.get("server", ""), limits)
    # Else it would be asked for a token before there is one.
    handler.auth = None
    dialogue.show("Log in as the account that is to post, open this address, and allow it:")
    dialogue.show(handler.get_authorization_url())
    dialogue.show(
        "Your browser is led to an address that does not open: copy it, with all its ends, and "
        "give it here within half a minute."
    )
    address = dialogue.ask("Address", secret=True).strip()
    with _told():
        # oauthlib takes no address without TLS; this one is only read, and goes nowhere.
        told = handler.fetch_token(re.sub("^http:", "https:", address))
    if not told.get("refresh_token"):
        raise UasocialError("X gives no refresh token: let the app ask for offline.access")
    return {"refresh_token": told["refresh_token"]}


@contextmanager
def _told() -> Iterator[None]:
    """Say in one line what went wrong, without the tokens that libraries put into theirs."""
    try:
        yield
    except MismatchingStateError:
        raise UasocialError(
            "the address is of another attempt: begin anew, and give the one of this time"
        ) from None
    except requests.RequestException as error:
        raise UasocialError(f"{HOST} cannot be reached: {type(error).__name__}") from None
    except Exception as error:  # noqa: BLE001 - oauthlib even raises a Warning
        said = _TOKENS.sub("***", " ".join(str(error).split()))[:LONGEST]
        raise UasocialError(
            printable(f"{HOST} has not let it in: {said}; begin anew and look at the app's keys")
        ) from None
