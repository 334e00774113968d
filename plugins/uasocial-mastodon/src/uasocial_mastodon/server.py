"""A server, and Mastodon.py set up so that it makes one call where one is meant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from mastodon import Mastodon as Library

from uasocial_mastodon.failing import Failure, moment_of
from uasocial_mastodon.options import Options
from uasocial_mastodon.wire import PATIENCE, Wire

__all__ = ["Server"]

USER_AGENT = "uasocial"
# Not asked of the server: only which of its ways the library takes, and each is tried in the end.
SPOKEN = "4.6.0"
# Passed on to requests as it is, which takes the two apart.
TIMEOUT: Any = PATIENCE


class Server:
    """The server of an account; *calls* is Mastodon.py, whose calls go through `ask`."""

    def __init__(self, options: Options, token: str | None = None) -> None:
        self.host = options.host
        self._wire = Wire(options.base)
        self.calls: Any = Library(
            api_base_url=options.base,
            session=self._wire,
            request_timeout=TIMEOUT,
            # Its own way is to sleep, and to make the call again.
            ratelimit_method="throw",
            # With neither it asks for the version before the first upload, with two calls.
            version_check_mode="created",
            mastodon_version=SPOKEN,
            user_agent=USER_AGENT,
        )
        # Not given above: where a file has that name, the library would read the token from it.
        self.calls.access_token = token

    def ask(self, call: Callable[..., Any], *args: Any, **given: Any) -> Any:
        """Return what a call gives; raise Failure with what came instead."""
        self._wire.forget()
        try:
            return call(*args, **given)
        except Exception as error:  # noqa: BLE001 - what came tells more than the library's error
            raise Failure(self.host, error, self._wire.answer) from None

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self._wire.answer.status if self._wire.answer else 0

    @property
    def ahead(self) -> timedelta:
        """How far the server's clock is ahead of ours, by its last answer; nothing if unsaid."""
        said = moment_of(self._wire.answer.headers.get("Date", "")) if self._wire.answer else None
        return said - datetime.now(UTC) if said else timedelta(0)

    def odd(self) -> Failure:
        """Return the failure of an answer that has not the shape it should have."""
        return Failure(self.host, None, self._wire.answer)

    def close(self) -> None:
        self._wire.close()
