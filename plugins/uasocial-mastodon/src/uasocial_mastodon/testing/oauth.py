"""Apps, codes and tokens of the fake: https://docs.joinmastodon.org/methods/oauth/."""

import secrets
from typing import TYPE_CHECKING, Any

from uasocial.testing.network import SECRET
from uasocial_mastodon.testing.asking import Asked
from uasocial_mastodon.testing.records import App, Refusal

if TYPE_CHECKING:
    from uasocial_mastodon.testing.fake import FakeMastodon

__all__ = ["allows", "change", "register"]

# https://docs.joinmastodon.org/api/oauth-scopes/
ALL = ("read", "write", "profile")
NOT_TAKEN = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client."
)


def register(fake: "FakeMastodon", asked: Asked) -> dict[str, Any]:
    """POST /api/v1/apps."""
    name, redirect = asked.text("client_name"), asked.text("redirect_uris")
    if not name or not redirect:
        raise Refusal(422, "Validation failed: Application name can't be blank")
    scopes = tuple(asked.text("scopes").split() or ["read"])
    if any(scope.partition(":")[0] not in ALL for scope in scopes):
        raise Refusal(422, "Validation failed: Scopes doesn't match configured on the server.")
    app = App(secrets.token_hex(8), SECRET + secrets.token_hex(16), name, scopes)
    fake.apps[app.id] = app
    return {
        "id": str(len(fake.apps)),
        "name": name,
        "client_id": app.id,
        "client_secret": app.secret,
        "redirect_uri": redirect,
        "scopes": list(scopes),
    }


def change(fake: "FakeMastodon", asked: Asked) -> dict[str, Any]:
    """POST /oauth/token: a code is good once, for the app and the scopes it was given to."""
    app = fake.apps.get(asked.text("client_id"))
    if app is None or app.secret != asked.text("client_secret"):
        raise Refusal(401, "Client authentication failed due to unknown client.")
    given = fake.codes.pop(asked.text("code"), None)
    if given is None or given[0] != app.id:
        raise Refusal(400, NOT_TAKEN)
    scopes = tuple(asked.text("scope").split())
    if not set(scopes) <= set(app.scopes):
        raise Refusal(400, "The requested scope is invalid, unknown, or malformed.")
    token = fake.grant(given[1], scopes)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "scope": " ".join(scopes),
        "created_at": int(fake.now().timestamp()),
    }


def allows(scopes: tuple[str, ...], wanted: str) -> bool:
    """Tell whether scopes take in the one that a call needs: `write` takes in `write:media`."""
    return wanted in scopes or wanted.partition(":")[0] in scopes
