"""Pictures in the ledger, by the digest of their bytes, so that each worker has them."""

import hashlib

import sqlalchemy as sa

from uasocial.outbox.ledger import Ledger, LedgerError
from uasocial.outbox.tables import media

__all__ = ["keep_media", "read_media"]


def keep_media(connection: sa.Connection, data: bytes, kind: str) -> str:
    """Keep *data*, once, and return its digest."""
    sha256 = hashlib.sha256(data).hexdigest()
    known = connection.scalar(sa.select(media.c.sha256).where(media.c.sha256 == sha256))
    if known is None:
        connection.execute(sa.insert(media).values(sha256=sha256, type=kind, data=data))
    return sha256


def read_media(ledger: Ledger, sha256: str) -> bytes:
    """Return the bytes of a digest; raise LedgerError where they are gone or changed."""
    with ledger.read() as connection:
        data = connection.scalar(sa.select(media.c.data).where(media.c.sha256 == sha256))
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise LedgerError(f"the picture {sha256[:12]}… is not in the ledger as it was")
    return bytes(data)
