"""What a built site says of itself, in a file beside its pages: what it was made of.

Whoever reads the site can read it, too. So it holds nothing that no page shows: of what was left
out, the number; of a case that is not public, nothing; of one that was withdrawn or could not be
read, its files, and no digest of what a person had written.
"""

from datetime import datetime

import msgspec
from msgspec import Struct

from uasocial.site.cards import Card, as_json

__all__ = ["NAME", "KnownCase", "Manifest", "decode", "encode"]

NAME = ".uasocial-site.json"
FORMAT = 2


class KnownCase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as it was made; it holds up to *until*, as long as nothing changes.

    *signature* is that of its files, *neighbours* that of the cards that its pages link to. Where
    *until* is None it is made anew each time.
    """

    card: Card
    files: tuple[str, ...]
    signature: str = ""
    neighbours: str = ""
    until: datetime | None = None
    left_out: int = 0


class Manifest(Struct, frozen=True, kw_only=True):
    """All files of a site by their digests, and what they were made of.

    *rehearsal* tells whether it is of another day than it was made on. *ground* is the signature of
    what all files depend on; *shared* has those of files that are of no case and dear to make.
    """

    format: int = FORMAT
    rehearsal: bool = False
    ground: str = ""
    shared: dict[str, str] = {}
    cases: dict[str, KnownCase] = {}
    files: dict[str, str] = {}


class _Oldest(Struct, frozen=True):
    """What every format has, so that a site of another version is still known as ours."""

    format: int
    files: dict[str, str]


def encode(manifest: Manifest) -> bytes:
    """Write a manifest, a line for each file, so that a repository shows what has changed."""
    return msgspec.json.format(as_json(manifest), indent=1) + b"\n"


def decode(data: bytes) -> Manifest | None:
    """Read a manifest; of one of another version only the files; None where it is broken."""
    try:
        oldest = msgspec.json.decode(data, type=_Oldest)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    if oldest.format == FORMAT:
        try:
            return msgspec.json.decode(data, type=Manifest)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            pass
    return Manifest(files=oldest.files)
