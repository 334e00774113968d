"""The record of what happened: rows chained by digests, so that none can be changed unseen."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.outbox.tables import records

__all__ = ["FIRST", "digest", "record"]

# What the first row is chained to.
FIRST = "0" * 64


_LAST = sa.select(records.c.seq, records.c.sha256).order_by(records.c.seq.desc()).limit(1)
_ADD = sa.insert(records)


def record(
    connection: Connection,
    at: datetime,
    kind: str,
    by: str,
    delivery: str | None = None,
    **data: Any,
) -> None:
    """Add a row to the chain, in the transaction of what it tells of, opened by `Ledger.write`.

    *data* holds ids, digests, states and moments, never words of a post.
    """
    last = connection.execute(_LAST).one_or_none()
    before = last.sha256 if last else FIRST
    row = {
        "seq": last.seq + 1 if last else 1,
        "at": at,
        "kind": kind,
        "by": by,
        "delivery": delivery,
        "data": msgspec.to_builtins(data),
    }
    connection.execute(_ADD, {**row, "before": before, "sha256": digest(row, before)})


def digest(row: Mapping[str, Any], before: str) -> str:
    """Return the digest of a row and of the one before it."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = [before, row["seq"], at]
    said += [row["kind"], row["by"], row["delivery"], row["data"]]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
