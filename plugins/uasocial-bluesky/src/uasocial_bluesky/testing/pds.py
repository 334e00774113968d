"""A real personal data server, as a process that ends with this one."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx

from uasocial.testing.closing import Closing

__all__ = ["Member", "Pds", "lacking_for_pds"]

HERE = Path(__file__).parent
# Beside this package where it is installed from the repository.
IN_REPOSITORY = HERE.parents[2] / "tests" / "pds"
MARK = "fake-secret-"


class Member(NamedTuple):
    """Somebody who has an account; *token* is an access token of the account's own password."""

    did: str
    handle: str
    password: str
    token: str

    def __repr__(self) -> str:
        return f"<{self.handle}>"


def _modules() -> Path:
    """Return the folder that holds the packages of Node."""
    return Path(os.environ.get("UASOCIAL_PDS") or IN_REPOSITORY)


def lacking_for_pds() -> str:
    """Say what is missing for a server, ``""`` for nothing."""
    if shutil.which("node") is None:
        return "node on this machine"
    if not (_modules() / "node_modules" / "@atproto" / "pds").is_dir():
        return f"{IN_REPOSITORY}/node_modules: run `npm ci --prefix {IN_REPOSITORY}`"
    return ""


class Pds(Closing):
    """Runs from the moment it is made until it is closed; takes one to four seconds to come up.

    With *limited* it refuses who calls too often, as a public one does.
    """

    def __init__(self, *, limited: bool = False) -> None:
        self._folder = TemporaryDirectory(prefix="pds-")
        self._process = _started(Path(self._folder.name), limited=limited)
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said:
            self.close()
            raise RuntimeError("the personal data server did not come up")
        known = json.loads(said)
        self.url: str = known["url"]
        named = f"admin:{known['adminPassword']}".encode()
        self._admin = f"Basic {base64.b64encode(named).decode()}"
        self._jwt_secret: str = known["jwtSecret"]
        self._client = httpx.Client(base_url=f"{self.url}/xrpc/", timeout=30, trust_env=False)

    def join(self, name: str = "") -> Member:
        """Make an account; its handle is *name*, or any, under `.test`."""
        handle = f"{name or f'ua-{secrets.token_hex(4)}'}.test"
        password = MARK + secrets.token_hex(16)
        said = {"handle": handle, "password": password, "email": f"{handle}@mail.example"}
        made = self.call("com.atproto.server.createAccount", said)
        return Member(made["did"], handle, password, made["accessJwt"])

    def app_password(self, member: Member, name: str = "uasocial") -> str:
        """Make an app password."""
        made = self.call("com.atproto.server.createAppPassword", {"name": name}, member.token)
        return str(made["password"])

    def revoke(self, member: Member, name: str = "uasocial") -> None:
        """Take an app password back, and the sessions that were begun with it."""
        self.call("com.atproto.server.revokeAppPassword", {"name": name}, member.token)

    def take_down(self, member: Member, *, applied: bool = True) -> None:
        """Take an account down as those who run a server can, or let it be again."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": member.did}
        said = {"subject": subject, "takedown": {"applied": applied, "ref": "a test"}}
        self.call("com.atproto.admin.updateSubjectStatus", said, admin=True)

    def deactivate(self, member: Member) -> None:
        """Let an account rest, as whoever has it can."""
        self.call("com.atproto.server.deactivateAccount", {}, member.token)

    def posts(self, did: str) -> list[dict[str, Any]]:
        """List the posts of an account, oldest first: `{"uri", "cid", "value"}`."""
        asked = {"repo": did, "collection": "app.bsky.feed.post", "limit": "100"}
        found = self.call("com.atproto.repo.listRecords", asked=asked)["records"]
        return sorted(found, key=lambda one: str(one["value"]["createdAt"]))

    def blob(self, did: str, cid: str) -> bytes:
        """Return a picture as the account's readers get it."""
        answer = self._client.get("com.atproto.sync.getBlob", params={"did": did, "cid": cid})
        answer.raise_for_status()
        return answer.content

    def ended(self, token: str) -> str:
        """Return the token as it would be long after its end, signed by this server."""
        header, claims, _ = token.split(".")
        said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        body = f"{header}.{_base64(json.dumps({**said, 'exp': said['iat'] - 1}).encode())}"
        signed = hmac.digest(self._jwt_secret.encode(), body.encode(), hashlib.sha256)
        return f"{body}.{_base64(signed)}"

    def call(
        self,
        name: str,
        said: Mapping[str, Any] | None = None,
        token: str = "",
        *,
        asked: Mapping[str, str] | None = None,
        admin: bool = False,
    ) -> Any:
        """Call a method of the server: a procedure that is said something, or a query."""
        authorization = self._admin if admin else f"Bearer {token}"
        headers = {"Authorization": authorization} if admin or token else {}
        if said is None:
            answer = self._client.get(name, params=asked, headers=headers)
        else:
            answer = self._client.post(name, json=said, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def close(self) -> None:
        """End the server, which loses all that it held."""
        self._process.kill()
        self._process.communicate()
        if hasattr(self, "_client"):
            self._client.close()
        self._folder.cleanup()


def _started(folder: Path, *, limited: bool) -> subprocess.Popen[str]:
    command = ["node", str(HERE / "server.mjs"), str(_modules()), str(folder)]
    return subprocess.Popen(  # noqa: S603 - our own script
        [*command, "limited"] if limited else command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOG_ENABLED": "false"},
    )


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
