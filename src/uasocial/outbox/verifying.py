"""The chain checked, in the ledger and in an exported file: the first row that does not fit."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import UasocialError, printable
from uasocial.model.post import STATES, digest_of, rest_of
from uasocial.outbox.chain import FIRST, digest
from uasocial.outbox.deliveries import post_of
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
        _check_marks(connection)
        _check_approvals(connection)
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
    last = _of_each(sa.func.max(records.c.seq), records.c.kind.in_([*STATES, "edited"]))
    chosen = (
        sa.select(deliveries, records.c.kind, records.c.data)
        .select_from(deliveries)
        .outerjoin(last, last.c.delivery == deliveries.c.id)
        .outerjoin(records, records.c.seq == last.c.seq)
        .order_by(deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            said = "sent" if row.kind == "edited" else row.kind
            if row.state != said:
                raise Broken(f"delivery {row.id}: is {row.state}, and its last record is {said}")
            _check_answer(row)


def _check_answer(row: Row[Any]) -> None:
    said = row.data or {}
    for name in ("remote_id", "permalink"):
        if row.state == "sent" and (getattr(row, name) or None) != said.get(name):
            raise Broken(f"delivery {row.id}: its {name} is not the one on record")


def _of_each(first_or_last: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return one record of each delivery."""
    return (
        sa.select(records.c.delivery, first_or_last.label("seq"))
        .where(records.c.delivery.is_not(None), *where)
        .group_by(records.c.delivery)
        .subquery()
    )


def _check_marks(connection: Connection) -> None:
    """Check that what is deleted, or went out without handles, is so on record, and nothing else.

    There are few of either.
    """
    gone = {row.delivery: row.at for row in _told_of(connection, "deletion") if _is_deleted(row)}
    without = {row.delivery for row in _told_of(connection, "without handle")}
    edited = {row.delivery for row in _told_of(connection, "edited", "reworded")}
    marked = sa.or_(deliveries.c.deleted_at.is_not(None), deliveries.c.without)
    rows = connection.execute(sa.select(deliveries).where(marked)).all()
    for row in rows:
        if row.deleted_at != gone.get(row.id):
            raise Broken(f"delivery {row.id}: when it was deleted is not what is on record")
        if row.without and row.id not in without:
            raise Broken(f"delivery {row.id}: went out without handles, which is not on record")
    for missing in gone.keys() - {row.id for row in rows if row.deleted_at}:
        raise Broken(f"delivery {missing}: was deleted by the record, and is not")
    for missing in without - edited - {row.id for row in rows if row.without}:
        raise Broken(f"delivery {missing}: goes out without handles by the record, and does not")


def _check_approvals(connection: Connection) -> None:
    """Check that each approval is the last one on record, and that none was made superfluous."""
    approval = _of_each(sa.func.max(records.c.seq), records.c.kind.in_(["approved", "voided"]))
    chosen = (
        sa.select(deliveries, records.c.kind, records.c.data, records.c.by)
        .join(approval, approval.c.delivery == deliveries.c.id)
        .join(records, records.c.seq == approval.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            _check_approval(row)
    known = sa.select(records.c.delivery).where(records.c.kind == "approved")
    forged = sa.select(deliveries.c.id).where(
        deliveries.c.approved_by.is_not(None), deliveries.c.id.not_in(known)
    )
    for delivery in connection.scalars(forged):
        raise Broken(f"delivery {delivery}: is approved, which is not on record")


def _check_approval(row: Row[Any]) -> None:
    if not row.needs_approval:
        raise Broken(f"delivery {row.id}: needs an approval by the record, and does not")
    said = row.data if row.kind == "approved" else {}
    by = row.by if said else None
    moments = [said.get(name) and datetime.fromisoformat(said[name]) for name in ("from", "until")]
    present = (row.approved_by, row.approved_sha, row.approved_from, row.approved_until)
    if present != (by, said.get("sha"), *moments):
        raise Broken(f"delivery {row.id}: its approval is not the one on record")


def _told_of(connection: Connection, *kinds: str) -> Sequence[Row[Any]]:
    return connection.execute(
        sa.select(records).where(records.c.kind.in_(kinds)).order_by(records.c.seq)
    ).all()


def _is_deleted(row: Row[Any]) -> bool:
    return bool(row.data.get("outcome") == "deleted")


def _check_posts(connection: Connection) -> None:
    """Check that each post has the digest on record, and, unless it was erased, the words of it."""
    erased = {row.data["post"] for row in _told_of(connection, "erased")}
    edited = {row.delivery: row.data for row in _told_of(connection, "edited", "reworded")}
    first = _of_each(sa.func.min(records.c.seq))
    chosen = (
        sa.select(posts, records.c.data, deliveries.c.id.label("delivery"))
        .add_columns(deliveries.c.answers.label("after"), deliveries.c.needs_approval)
        .join(deliveries, deliveries.c.post == posts.c.id)
        .outerjoin(first, first.c.delivery == deliveries.c.id)
        .outerjoin(records, records.c.seq == first.c.seq)
        .order_by(deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            said = row.data or {}
            if row.after != said.get("answers"):
                raise Broken(f"delivery {row.delivery}: it answers another than is on record")
            if said.get("needs_approval") and not row.needs_approval:
                raise Broken(f"delivery {row.delivery}: needs an approval by the record")
            _check_post(row, edited.get(row.delivery, said), erased)
    _check_edits(connection, erased)


def _check_edits(connection: Connection, erased: Collection[str]) -> None:
    """Check what posts said before they were edited, and what they may say since."""
    begun = _told_of(connection, "editing", "reworded")
    planned = _told_of_posts(connection, {row.delivery for row in begun})
    known = planned | {row.data["post"]: row.data for row in begun}
    first = sa.select(posts.c.edits).where(posts.c.edits.is_not(None))
    chosen = sa.select(posts).where(sa.or_(posts.c.edits.is_not(None), posts.c.id.in_(first)))
    for row in connection.execute(chosen):
        _check_post(row, known.get(row.id, {}), erased)


def _told_of_posts(connection: Connection, named: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what was on record of the posts of some deliveries when they were planned."""
    first = _of_each(sa.func.min(records.c.seq), records.c.delivery.in_(named))
    found = sa.select(records.c.data).join(first, first.c.seq == records.c.seq)
    return {data["post"]: data for data in connection.scalars(found)}


def _check_post(row: Row[Any], said: dict[str, Any], erased: Collection[str]) -> None:
    if (said.get("post"), said.get("sha256")) != (row.id, row.sha256):
        raise Broken(f"post {row.id}: its digest is not the one on record")
    if row.text is None:
        if row.id not in erased:
            raise Broken(f"post {row.id}: its text is gone, and no erasure is on record")
        return
    post = post_of(row)
    if digest_of(post.account, post.text, post.media) != post.sha256:
        raise Broken(f"post {row.id}: its text or its media are not those on record")
    if rest_of(post) != said.get("rest"):
        raise Broken(f"post {row.id}: what it says beside its text is not what is on record")


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
