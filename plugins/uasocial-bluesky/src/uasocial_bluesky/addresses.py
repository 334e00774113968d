"""Where things are: a server as the settings name it, a record, a post for people to read."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from uasocial.errors import SettingsError, printable

__all__ = [
    "BLUESKY_SOCIAL",
    "Place",
    "home_in",
    "is_handle",
    "is_here",
    "permalink",
    "place_of",
    "service_of",
]

# https://docs.bsky.app/docs/advanced-guides/api-directory
BLUESKY_SOCIAL = "https://bsky.social"

# https://atproto.com/specs/handle
_LONGEST_HANDLE = 253
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+(?=[a-zA-Z]){_LABEL}")


class Place(NamedTuple):
    """A record: the account's DID, the collection, and the key within it."""

    repo: str
    collection: str
    rkey: str

    @property
    def uri(self) -> str:
        return f"at://{self.repo}/{self.collection}/{self.rkey}"


def place_of(uri: str) -> Place | None:
    """Return the parts of an `at://` address of a record, None where it is none."""
    parts = uri.removeprefix("at://").split("/")
    if not uri.startswith("at://did:") or len(parts) != len(Place._fields) or not all(parts):
        return None
    return Place(*parts)


def is_handle(text: str) -> bool:
    """Tell whether *text* has the form of a handle, without its @."""
    return len(text) <= _LONGEST_HANDLE and _HANDLE.fullmatch(text) is not None


def permalink(place: Place) -> str:
    """Return where a post can be read; by its DID, for a handle may change."""
    return f"https://bsky.app/profile/{place.repo}/post/{place.rkey}"


def service_of(settings: Mapping[str, str]) -> str:
    """Return the server to log in at, as `scheme://host[:port]`; raise SettingsError."""
    stated = settings.get("service") or BLUESKY_SOCIAL
    found = _origin(stated if "://" in stated else f"https://{stated}")
    if not found:
        raise SettingsError(
            printable(f"service {stated[:100]!r}: give the server's address, {BLUESKY_SOCIAL!r}")
        )
    if not found.startswith("https:") and not is_here(found):
        raise SettingsError(printable(f"service {stated!r}: must begin with https://"))
    return found


def is_here(server: str) -> bool:
    """Tell whether a server is on this machine."""
    host = urlsplit(server).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def home_in(document: Any) -> str:
    """Return the server that a DID document names as its account's own, ``""`` for none.

    https://atproto.com/specs/did#did-documents
    """
    services = document.get("service") if isinstance(document, Mapping) else None
    for one in services if isinstance(services, list) else ():
        if isinstance(one, Mapping) and f"{one.get('id')}".endswith("#atproto_pds"):
            found = _origin(f"{one.get('serviceEndpoint')}")
            return found if found.startswith("https:") and not _is_numeric(found) else ""
    return ""


def _is_numeric(server: str) -> bool:
    """Tell whether a server is named by its number, or is this machine."""
    host = urlsplit(server).hostname or ""
    return is_here(server) or ":" in host or host.replace(".", "").isdigit()


def _origin(address: str) -> str:
    """Return scheme, host and port of an address that has nothing else, else ``""``."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc}" if _is_origin(parts) else ""
    except ValueError:
        return ""


def _is_origin(parts: SplitResult) -> bool:
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    # Reading the port raises ValueError where it is no number.
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not more
        and (parts.port is None or parts.port > 0)
    )
