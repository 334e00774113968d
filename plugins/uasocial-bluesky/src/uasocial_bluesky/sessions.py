"""The session of an account: kept on this machine, renewed once for all, begun as seldom as can be.

A server takes 30 logins in five minutes and 300 a day, and fewer at the entrance of bsky.social.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uasocial.platforms.publisher import Secrets
from uasocial_bluesky.addresses import home_in, is_here
from uasocial_bluesky.refusals import ENDED, Refusal, of_account, of_repeatable
from uasocial_bluesky.server import Server

__all__ = ["Session", "Sessions"]


@dataclass(frozen=True)
class Session:
    """An account that is logged in; *server* is its own, *of* what it was begun with."""

    of: str
    server: str
    did: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Sessions:
    """Gives the session of one account, and another for one that has ended."""

    def __init__(self, identifier: str, service: str, secrets: Secrets) -> None:
        self.service = service
        self._identifier, self._secrets = identifier, secrets
        self._of = f"{identifier} {service}"
        self._present: Session | None = None
        self._servers: dict[str, Server] = {}

    def present(self) -> Session:
        """Return the session; begun now if nobody has."""
        if self._present is None:
            self._present = self._kept() or self._begun(None)
        return self._present

    def renewed(self, ended: Session) -> Session:
        """Return the session that has taken the place of *ended*, or takes it now."""
        self._present = self._begun(ended)
        return self._present

    def home(self) -> Server:
        """Return the account's server as far as it is known without a login."""
        self._present = self._present or self._kept()
        return self.at(self._present.server if self._present else self.service)

    def at(self, address: str) -> Server:
        """Return a server, with the connections that are open to it."""
        if address not in self._servers:
            self._servers[address] = Server(address)
        return self._servers[address]

    def close(self) -> None:
        while self._servers:
            self._servers.popitem()[1].close()

    def _kept(self) -> Session | None:
        """Return the session that is kept, if it is of this account at this server."""
        kept = self._secrets.kept()
        try:
            about = json.loads(bytes.fromhex(kept["about"]))
            session = Session(**about, access=kept["access"], refresh=kept["refresh"])
        except (KeyError, TypeError, ValueError):
            return None
        return session if session.of == self._of else None

    def _keep(self, session: Session) -> None:
        about = {"of": session.of, "server": session.server, "did": session.did}
        # No error says what is kept, but it may well say these: so they are written otherwise.
        hidden = json.dumps(about).encode().hex()
        self._secrets.keep(about=hidden, access=session.access, refresh=session.refresh)

    def _begun(self, ended: Session | None) -> Session:
        with self._secrets.alone():
            kept = self._kept()
            if kept is not None and (ended is None or kept.access != ended.access):
                # Another process has been here.
                return kept
            session = (kept and self._refreshed(kept)) or self._logged_in()
            self._keep(session)
            return session

    def _refreshed(self, session: Session) -> Session | None:
        """Return the session renewed; None where only a login helps."""
        try:
            return self._session(self.at(session.server).refresh(session.refresh))
        except Refusal as refusal:
            if refusal.name in ENDED:
                return None
            raise of_repeatable(refusal) from None

    def _logged_in(self) -> Session:
        password = self._secrets["app_password"]
        try:
            return self._session(self.at(self.service).log_in(self._identifier, password))
        except Refusal as refusal:
            raise of_account(refusal) from None

    def _session(self, said: Any) -> Session:
        return Session(
            self._of, self._server(said.did_doc), said.did, said.access_jwt, said.refresh_jwt
        )

    def _server(self, document: Mapping[str, Any] | None) -> str:
        """Return where the account lives; a server on this machine is asked for all itself."""
        return self.service if is_here(self.service) else home_in(document) or self.service
