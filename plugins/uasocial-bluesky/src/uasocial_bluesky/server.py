"""The calls to one personal data server, all with the same bounds and the same kind of refusal."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx
from atproto_client.client.raw import ClientRaw  # type: ignore[import-untyped]
from atproto_client.models.utils import get_model_as_dict  # type: ignore[import-untyped]
from atproto_client.request import Request  # type: ignore[import-untyped]

from uasocial_bluesky.addresses import Place
from uasocial_bluesky.refusals import refusal_of

__all__ = ["SECONDS", "Record", "Server"]

T = TypeVar("T")

# The library's own bound is five seconds, which a picture of two megabytes may take.
SECONDS = 15.0
CONNECT_SECONDS = 5.0
# No answer to these calls is longer; a record has 1 MiB at most (https://atproto.com/specs/record).
LONGEST = 2_000_000


class Record(NamedTuple):
    """A record with the digest of what it holds."""

    uri: str
    cid: str
    value: Mapping[str, Any]


class Server:
    """A server by its address; every method raises Refusal where it does not do what it says."""

    def __init__(self, address: str) -> None:
        self.address, self.host = address, urlsplit(address).netloc
        # One policy for all calls. Not sent elsewhere: what is posted once must not be posted on.
        request = Request(
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
            max_redirects=0,
            event_hooks={"response": [_bound]},
            headers={"Accept-Encoding": "identity"},
        )
        self._client = ClientRaw(address, request)

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        """Give the client library, and turn whatever it raises into a refusal."""
        try:
            yield self._client
        except Exception as error:  # noqa: BLE001 - httpx, pydantic and its own come out of it
            raise refusal_of(self.host, error) from None

    def log_in(self, identifier: str, password: str) -> Any:
        with self._asked() as client:
            said = {"identifier": identifier, "password": password}
            return client.com.atproto.server.create_session(said)

    def refresh(self, token: str) -> Any:
        with self._asked() as client:
            return client.com.atproto.server.refresh_session(headers=_bearer(token))

    def session(self, token: str) -> Any:
        """Return the session that a token is of."""
        with self._asked() as client:
            return client.com.atproto.server.get_session(headers=_bearer(token))

    def resolve(self, handle: str) -> str:
        """Return the DID of a handle."""
        with self._asked() as client:
            return str(client.com.atproto.identity.resolve_handle({"handle": handle}).did)

    def record(self, place: Place) -> Record:
        with self._asked() as client:
            found = client.com.atproto.repo.get_record(place._asdict())
            return Record(str(found.uri), str(found.cid), get_model_as_dict(found.value))

    def delete(self, token: str, place: Place) -> None:
        """Delete a record; one that is not there counts as deleted."""
        with self._asked() as client:
            client.com.atproto.repo.delete_record(place._asdict(), headers=_bearer(token))

    def upload(self, token: str, picture: bytes, media_type: str) -> dict[str, Any]:
        """Upload a picture, and return the blob by which a record names it."""
        headers = {"Content-Type": media_type, **_bearer(token)}
        # The library's own call hands bytes to httpx in a way that it warns of.
        return self._posted("com.atproto.repo.uploadBlob", "blob", dict, headers, content=picture)

    def put(self, token: str, place: Place, record: Mapping[str, Any]) -> str:
        """Make a record, unless there is another under its key; return its address.

        The library leaves out what is null, and would then replace what is there.
        """
        said = {**place._asdict(), "record": record, "swapRecord": None}
        name = "com.atproto.repo.putRecord"
        return self._posted(name, "uri", str, _bearer(token), json=said)

    def _posted(
        self, name: str, wanted: str, kind: type[T], headers: Mapping[str, str], **body: Any
    ) -> T:
        """Make a call past the library's models; return one field of the answer."""
        with self._asked() as client:
            url = f"{self.address}/xrpc/{name}"
            found = client.request.post(url, headers=headers, **body).content[wanted]
            if not isinstance(found, kind):
                raise TypeError(f"{wanted} is no {kind.__name__}")
            return found

    def close(self) -> None:
        self._client.request.close()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _bound(response: httpx.Response) -> None:
    """Let an answer be no longer, in bytes and in time, than one of these calls needs."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx.DecodingError("it answers in a form that was not asked for")
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream, self._until = stream, time.monotonic() + SECONDS

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for chunk in self._stream:
            total += len(chunk)
            if total > LONGEST:
                raise httpx.ReadError("the answer is too long")
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the answer takes too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()
