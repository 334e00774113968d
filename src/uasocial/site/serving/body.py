"""The bytes of a file as they are sent: as they are, or packed, each under a name of its own."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from uasocial.site.resource import Resource, media_type

__all__ = ["Bodies", "Body", "are_same", "make_body"]

# Of less than this, what is saved is not worth the work.
SMALL = 512
# The rest is packed already.
_TEXTS = (
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "image/svg+xml",
    "text/",
)


class Body(NamedTuple):
    """What is sent; *packed* is gzip, or empty where the bytes are sent as they are.

    Each form has a tag of its own, since a tag stands for bytes:
    https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
    """

    plain: bytes
    packed: bytes
    tag: str
    packed_tag: str

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed)


def make_body(resource: Resource) -> Body:
    """Make a file of the site, and pack it where it is text."""
    plain = resource.make()
    digest = hashlib.sha256(plain).hexdigest()
    packed = b""
    if len(plain) >= SMALL and media_type(resource.path).startswith(_TEXTS):
        # Without the time of day: the same page is the same bytes.
        packed = gzip.compress(plain, compresslevel=6, mtime=0)
    return Body(plain, packed, f'"{digest}"', f'"{digest}-gzip"')


def are_same(before: Sequence[object], now: Sequence[object]) -> bool:
    """Tell whether all are the very objects of before.

    That cards are equal is not enough: of the case behind one, more may have changed.
    """
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


class Bodies:
    """The files asked for last, up to *room* bytes in all, each with what it was made of."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[str, tuple[Sequence[object], Body]] = OrderedDict()

    @property
    def used(self) -> int:
        """How many bytes are kept."""
        return self._used

    def find(self, path: str, made_of: Sequence[object]) -> Body | None:
        """Return a file if it is kept, and was made of just these objects."""
        before, body = self._kept.get(path, ((), None))
        if body is None or not are_same(before, made_of):
            return None
        self._kept.move_to_end(path)
        return body

    def keep(self, path: str, made_of: Sequence[object], body: Body) -> None:
        """Keep a file, and let go of those that nobody has asked for the longest."""
        self._drop(path)
        # One that fills a quarter of the room would push out what many ask for.
        if body.size <= self._room // 4:
            self._kept[path] = (made_of, body)
            self._used += body.size
        while self._used > self._room:
            self._drop(next(iter(self._kept)))

    def _drop(self, path: str) -> None:
        if path in self._kept:
            self._used -= self._kept.pop(path)[1].size
