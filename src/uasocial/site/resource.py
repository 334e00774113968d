"""One file of the site: where it lies, and how it is made."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

__all__ = ["MEDIA_TYPES", "Resource", "media_type", "sign"]

MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".eml": "message/rfc822",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}


class Resource(NamedTuple):
    """A file of the site; *path* is relative to its root, *make* is called when it is wanted.

    *signature*, where there is one, signs what it is made of besides settings and program: as long
    as it is the same, so is the file.
    """

    path: str
    make: Callable[[], bytes]
    signature: Callable[[], str] | None = None


def media_type(path: str) -> str:
    """Return the media type of a file, which its ending tells."""
    if path.endswith("feed.json"):
        # https://www.jsonfeed.org/version/1.1/
        return "application/feed+json; charset=utf-8"
    return MEDIA_TYPES[PurePosixPath(path).suffix]


def sign(parts: Iterable[bytes]) -> str:
    """Return the signature of what something is made of, in its order."""
    found = hashlib.sha256()
    for part in parts:
        # Its length first, so that nothing moves from one part into the next unseen.
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
