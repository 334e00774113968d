"""The chain checked, in the ledger and in an exported file: the first row that does not fit."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from uasocial.errors import UasocialError, printable
from uasocial.model.post import STATES, Media, digest_of
from uasocial.outbox.chain import FIRST, digest
from uasocial.outbox.exporting import AT_A_TIME, SCHEMA, link
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import deliveries, posts, records

__all__ = ["Broken", "Chain", "read_lines", "verify", "verify_lines"]

MAX_LINE = 1_000_000


class Chain(NamedTuple):
    """A chain that holds: how many rows, and the digest of the last, to be noted elsewhere."""

    length: int
    sha256: str


class Broken(UasocialError):  # noqa: N818 - named for what happened
    """A row is not what was recorded: somebody or something has changed it."""


def verify(ledger: Ledger) -> Chain:
    """Check every record, and that posts and deliveries are as recorded; raise at the first."""
    with ledger.read() as connection:
        chosen = sa.select(records).order_by(records.c.seq).execution_options(yield_per=AT_A_TIME)
        with connection.execute(chosen) as rows:
            chain = _walk(row._asdict() for row in rows)
        _check_states(connection)
        _check_posts(connection)
        return chain


def _walk(rows: Iterable[dict[str, Any]]) -> Chain:
    count, before = 0, FIRST
    for row in rows:
        count += 1
        if row["seq"] != count:
            raise Broken(f"record {count}: is missing; the next there is {row['seq']}")
        if row["before"] != before or digest(row, before) != row["sha256"]:
            raise Broken(f"record {count} ({row['kind']}, {row['at']}): is not as it was written")
        before = row["sha256"]
    return Chain(count, before)


def _check_states(connection: Connection) -> None:
    """Check that each delivery is where its last record says, and has that answer."""
    last = (
        sa.select(records.c.delivery, sa.func.max(records.c.seq).label("seq"))
        .where(records.c.kind.in_(STATES))
        .group_by(records.c.delivery)
        .subquery()
    )
    chosen = (
        sa.select(deliveries.c.id, deliveries.c.state, deliveries.c.remote_id, records.c.kind)
        .add_columns(deliveries.c.permalink, records.c.data)
        .select_from(deliveries)
        .outerjoin(last, last.c.delivery == deliveries.c.id)
        .outerjoin(records, records.c.seq == last.c.seq)
        .order_by(deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            if row.state != row.kind:
                raise Broken(
                    f"delivery {row.id}: is {row.state}, and its last record is {row.kind}"
                )
            said = row.data or {}
            for name in ("remote_id", "permalink"):
                if row.state == "sent" and (getattr(row, name) or None) != said.get(name):
                    raise Broken(f"delivery {row.id}: its {name} is not the one on record")


def _check_posts(connection: Connection) -> None:
    """Check that each post has the digest on record, and, unless it was erased, the words of it."""
    erased = {
        data["post"]
        for data in connection.scalars(sa.select(records.c.data).where(records.c.kind == "erased"))
    }
    planned = (
        sa.select(records.c.delivery, sa.func.min(records.c.seq).label("seq"))
        .where(records.c.delivery.is_not(None))
        .group_by(records.c.delivery)
        .subquery()
    )
    chosen = (
        sa.select(posts, records.c.data)
        .join(deliveries, deliveries.c.post == posts.c.id)
        .outerjoin(planned, planned.c.delivery == deliveries.c.id)
        .outerjoin(records, records.c.seq == planned.c.seq)
        .order_by(deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            if (row.data or {}).get("sha256") != row.sha256:
                raise Broken(f"post {row.id}: its digest is not the one on record")
            if row.text is None:
                if row.id not in erased:
                    raise Broken(f"post {row.id}: its text is gone, and no erasure is on record")
            elif digest_of(row.account, row.text, _media(row.media)) != row.sha256:
                raise Broken(f"post {row.id}: its text or its media are not those on record")


def _media(found: Any) -> tuple[Media, ...]:
    return msgspec.convert(found, tuple[Media, ...])


# --- an exported file --------------------------------------------------------------------------


def verify_lines(lines: Iterable[bytes]) -> Chain:
    """Check an export, line by line; raise at the first that does not fit, or that is missing."""
    before, number, ended = FIRST, 0, False
    records_seen = _Records()
    for number, line in enumerate(lines, 1):
        if ended:
            raise Broken(f"line {number}: stands after the end")
        row, sha256 = _parsed(line, number)
        if link(before, row) != sha256:
            raise Broken(f"line {number}: is not as it was written")
        before = sha256
        ended = _take(row, number, records_seen)
    if not ended:
        raise Broken(f"line {number + 1}: is missing; the export is cut off there")
    return Chain(records_seen.count, records_seen.before)


class _Records:
    """The records of an export, as far as they have been read."""

    def __init__(self) -> None:
        self.count, self.before = 0, FIRST


def _parsed(line: bytes, number: int) -> tuple[dict[str, Any], str]:
    try:
        found = msgspec.json.decode(line)
        row, sha256 = found["row"], found["sha256"]
        same = msgspec.json.encode(found, order="sorted") == line.rstrip(b"\n")
    except (msgspec.DecodeError, UnicodeError, KeyError, TypeError, RecursionError):
        raise Broken(f"line {number}: is no line of an export") from None
    if not same or not isinstance(row, dict) or set(found) != {"row", "sha256"}:
        raise Broken(f"line {number}: is not as it was written")
    return row, sha256


def _take(row: dict[str, Any], number: int, seen: _Records) -> bool:
    """Check what a line says; True at the end."""
    kind = row.get("kind")
    if number == 1:
        if kind != "ledger" or row.get("schema") != SCHEMA:
            raise Broken(f"line 1: is no export of this kind ({SCHEMA}): update uasocial")
        return False
    if kind == "record":
        _take_record(row, number, seen)
    elif kind == "end":
        if row.get("lines") != number - 1:
            raise Broken(f"line {number}: it counts {row.get('lines')} lines before it")
        return True
    elif kind != "post":
        raise Broken(printable(f"line {number}: nothing of the kind {kind!r} is exported"))
    return False


def _take_record(row: dict[str, Any], number: int, seen: _Records) -> None:
    try:
        told = {**row["record"], "at": datetime.fromisoformat(row["record"]["at"])}
        fits = told["before"] == seen.before and digest(told, seen.before) == told["sha256"]
    except (KeyError, TypeError, ValueError):
        raise Broken(f"line {number}: is no record") from None
    if not fits or told["seq"] != seen.count + 1:
        raise Broken(f"line {number}: the record does not fit the one before it")
    seen.count, seen.before = told["seq"], told["sha256"]


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines, none longer than any of an export."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise Broken("the file holds a line longer than any of an export")
        yield line
