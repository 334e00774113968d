"""The tables of the ledger: what was said, where it went, and what may not go out."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

__all__ = [
    "about",
    "accounts",
    "attempts",
    "controls",
    "deliveries",
    "gate",
    "media",
    "metadata",
    "posts",
    "records",
    "told",
]


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back aware, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, Instant, **options)


# SQLite counts rows up by itself only in a column that is exactly INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row: which ledger this is, wherever its file is copied to.
about = Table(
    "about",
    metadata,
    Column("id", String(40), primary_key=True),
    _moment("created_at", nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("platform", String(40), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("language", String(40), nullable=False),
    Column("mode", String(20), nullable=False),
    # Seconds between two posts of the account.
    Column("gap", Integer, nullable=False, server_default="0"),
    # Nothing is sent before: the gap, or what the platform asked for.
    _moment("ready_at"),
    # Whose turn it is: a worker, until when, and the number of its turn.
    Column("worker", String(120)),
    _moment("lease_until"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    # When a person must have renewed its token, as its publisher last said.
    _moment("token_ends_at"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("action", String(80), nullable=False),
    Column("language", String(40), nullable=False),
    Column("countries", JSON, nullable=False),
    Column("platform", String(40), nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("occasion", String(40), nullable=False),
    Column("wording", String(80), nullable=False),
    # Null once it was erased; its digest stays, and so does the chain.
    Column("text", Text),
    Column("link", Text),
    Column("media", JSON, nullable=False),
    Column("case_version", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    _moment("true_from"),
    _moment("true_until"),
    _moment("embargo"),
    _moment("last_moment"),
    _moment("created_at", nullable=False),
    Column("created_by", String(120), nullable=False),
    Column("content_warning", Text),
    # The post before it in a thread.
    Column("answers", String(40)),
    Column("mentions", JSON),
    # The words without handles.
    Column("without", Text),
    Column("number", String(80)),
    # The post as it was first said, of which this is an edit.
    Column("edits", String(40)),
    Index(None, "action"),
    # Whether an account has said these words before.
    Index(None, "account", "sha256"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("post", ForeignKey("posts.id"), nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("state", String(20), nullable=False),
    _moment("planned_for", nullable=False),
    # Not tried before: planned, or put off.
    _moment("not_before", nullable=False),
    _moment("send_before", nullable=False),
    # The turn in which it was last marked as being sent, and when.
    Column("fence", BigInteger),
    _moment("marked_at"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("prepared", JSON),
    Column("remote_id", Text),
    Column("permalink", Text),
    _moment("sent_at"),
    Column("why", Text),
    Column("asked_by", String(120), nullable=False),
    Column("decided_by", String(120)),
    _moment("changed_at", nullable=False),
    # The delivery before it in a thread, whose post may be another by now.
    Column("answers", String(40)),
    # What goes out, or went out, are the words without handles.
    Column("without", Boolean, nullable=False, server_default=false()),
    _moment("deleted_at"),
    # The name of the plan that it is of.
    Column("plan", String(80)),
    # Somebody else than its author must have agreed to it: to these words, for this time.
    Column("needs_approval", Boolean, nullable=False, server_default=false()),
    Column("approved_by", String(120)),
    _moment("approved_at"),
    Column("approved_sha", String(64)),
    _moment("approved_from"),
    _moment("approved_until"),
    # The post that was approved last; it stays when the approval is void, to show what is new.
    Column("approved_post", String(40)),
    # The database itself refuses a second open send of an account. SQLite uses a partial index
    # only for a predicate written the very same way, so queries use the same words.
    Index(
        "uq_deliveries_open",
        "account",
        unique=True,
        sqlite_where=text("state IN ('sending', 'unknown')"),
        postgresql_where=text("state IN ('sending', 'unknown')"),
    ),
    Index("ix_deliveries_due", "account", "state", "not_before", "seq"),
    # What comes first of an account, also where a million wait behind it.
    Index("ix_deliveries_first", "account", "state", "planned_for", "seq"),
    Index("ix_deliveries_state", "state", "not_before"),
    Index(None, "post"),
    Index(None, "plan"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("step", String(20), nullable=False),
    Column("fence", BigInteger),
    Column("worker", String(120), nullable=False),
    _moment("at", nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("detail", Text),
)

controls = Table(
    "controls",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    # stop, withdraw, close, pause, freeze, or a word that must not be posted.
    Column("kind", String(20), nullable=False),
    # all, action, account, platform, language, country, post.
    Column("scope", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("word", Text),
    _moment("since", nullable=False),
    # A consent that ends: from then on its name is a word that must not be posted.
    _moment("starts_at"),
    Column("by", String(120), nullable=False),
    Column("why", Text),
    _moment("lifted_at"),
    Column("lifted_by", String(120)),
    Column("lifted_why", Text),
)

# One row: who changes controls writes it, who marks a send reads it under a shared lock.
gate = Table(
    "gate", metadata, Column("id", Integer, primary_key=True), Column("version", BigInteger)
)

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("type", String(80), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# Append-only, each row chained to the one before by digests: never a text in it.
records = Table(
    "records",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=False),
    _moment("at", nullable=False),
    Column("kind", String(40), nullable=False),
    Column("by", String(120), nullable=False),
    Column("delivery", String(40), index=True),
    Column("data", JSON, nullable=False),
    Column("before", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
)

# One row: how far what happened was told on, by whom, and until when nobody else does.
told = Table(
    "told",
    metadata,
    Column("id", Integer, primary_key=True),
    # Of the last record that was told of.
    Column("seq", BigInteger, nullable=False),
    Column("worker", String(120)),
    _moment("lease_until"),
    # How often in a row it has failed, and when it is tried again.
    Column("tries", Integer, nullable=False, server_default="0"),
    _moment("ready_at"),
)
