"""The ledger told: each post against its case, as rows, as CSV, and as a chain of digests."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection, Row

from uasocial.model.post import State
from uasocial.outbox.chain import FIRST
from uasocial.outbox.deliveries import SAID
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.opening import ledger_id
from uasocial.outbox.tables import deliveries, posts, records

__all__ = ["COLUMNS", "SCHEMA", "Item", "as_csv", "as_data", "chained", "items", "items_of"]

SCHEMA = 1
# So many rows are in memory at a time.
AT_A_TIME = 1000
# What a spreadsheet takes for the beginning of a formula, its full-width twins too:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Item(Struct, frozen=True, kw_only=True):
    """A post and what became of it; *text* is None, and *alts* are empty, once erased.

    *text* is what went out, *without* handles where one of them was not what it had been; *answers*
    is the delivery before it in a thread.
    """

    action: str
    language: str
    platform: str
    account: str
    occasion: str
    wording: str
    state: State
    planned_for: datetime
    sent_at: datetime | None
    deleted_at: datetime | None
    remote_id: str
    permalink: str
    text: str | None
    content_warning: str
    alts: tuple[str, ...]
    asked_by: str
    decided_by: str
    why: str
    delivery: str
    post: str
    sha256: str
    without: bool
    answers: str


COLUMNS = Item.__struct_fields__


def items(connection: Connection, where: Sequence[sa.ColumnElement[bool]] = ()) -> Iterator[Item]:
    """Yield what meets *where* (columns of posts and deliveries), in the order of its plan."""
    chosen = (
        sa.select(deliveries, posts.c.action, posts.c.language, posts.c.platform)
        .add_columns(posts.c.occasion, posts.c.wording, posts.c.content_warning)
        .add_columns(SAID, posts.c.media, posts.c.sha256)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(*where)
        .order_by(deliveries.c.planned_for, deliveries.c.seq)
        .execution_options(yield_per=AT_A_TIME)
    )
    with connection.execute(chosen) as rows:
        for row in rows:
            yield _item(row)


def _item(row: Row[Any]) -> Item:
    said = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
    plain = {name: said[name] for name in COLUMNS if name in said}
    made = {
        "remote_id": row.remote_id or "",
        "permalink": row.permalink or "",
        "alts": tuple(one["alt"] for one in row.media),
        "decided_by": row.decided_by or "",
        "why": row.why or "",
        "content_warning": row.content_warning or "",
        "answers": row.answers or "",
        "delivery": row.id,
    }
    return Item(**{**plain, **made})


def items_of(
    ledger: Ledger,
    action: str | None = None,
    account: str | None = None,
    states: Sequence[str] = (),
) -> list[Item]:
    """List the posts of an action, an account, in some states; all of them for none."""
    where: list[sa.ColumnElement[bool]] = []
    if action is not None:
        where.append(posts.c.action == action)
    if account is not None:
        where.append(deliveries.c.account == account)
    if states:
        where.append(deliveries.c.state.in_(states))
    with ledger.read() as connection:
        return list(items(connection, where))


def as_data(item: Item, zone: tzinfo | None) -> dict[str, Any]:
    """Return an item as plain data, its moments in *zone*, each with its distance from UTC."""
    found: dict[str, Any] = msgspec.to_builtins(item)
    for name, value in found.items():
        moment = getattr(item, name)
        found[name] = moment.astimezone(zone) if isinstance(moment, datetime) else value
        if isinstance(found[name], datetime):
            found[name] = found[name].isoformat(timespec="seconds")
    return found


def as_csv(found: Iterable[Item], zone: tzinfo | None) -> str:
    """Return items as CSV in which no spreadsheet finds a formula; alt texts have a line each."""
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    for item in found:
        table.writerow([_cell(value) for value in as_data(item, zone).values()])
    return written.getvalue()


def _cell(value: Any) -> str:
    parts = value if isinstance(value, (list, tuple)) else [value]
    text = "\n".join(str(part) for part in parts if part is not None)
    return f"'{text}" if text.startswith(FORMULA) else text


# --- the chain, as a file ----------------------------------------------------------------------


def chained(ledger: Ledger) -> Iterator[str]:
    """Yield the ledger as lines of JSON, each with the digest of itself and of the one before.

    First a header, then every record, then every post without its words, then the end.
    """
    before, lines = FIRST, 0
    with ledger.read() as connection:
        for row in _rows(ledger, connection):
            before, lines = link(before, row), lines + 1
            yield _line(row, before)
        end = {"kind": "end", "lines": lines}
        yield _line(end, link(before, end))


def link(before: str, row: dict[str, Any]) -> str:
    """Return the digest of a line of the export and of the one before it."""
    return hashlib.sha256(before.encode() + msgspec.json.encode(row, order="sorted")).hexdigest()


def _line(row: dict[str, Any], sha256: str) -> str:
    return msgspec.json.encode({"row": row, "sha256": sha256}, order="sorted").decode()


def _rows(ledger: Ledger, connection: Connection) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "ledger",
        "schema": SCHEMA,
        "ledger": ledger_id(connection),
        "at": ledger.now(connection).isoformat(timespec="seconds"),
    }
    chosen = sa.select(records).order_by(records.c.seq).execution_options(yield_per=AT_A_TIME)
    with connection.execute(chosen) as rows:
        for row in rows:
            yield {"kind": "record", "record": msgspec.to_builtins(row._asdict())}
    for item in items(connection):
        yield {"kind": "post", "post": _without_words(item)}


def _without_words(item: Item) -> dict[str, Any]:
    """Return an item with the digest of its text instead: an erasure cannot reach an export."""
    found: dict[str, Any] = msgspec.to_builtins(item)
    for name in ("text", "content_warning", "alts", "why"):
        del found[name]
    text = None if item.text is None else hashlib.sha256(item.text.encode()).hexdigest()
    return {**found, "text_sha256": text}
