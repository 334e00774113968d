"""What must not go out: stops, pauses, freezes and words, read again before each send."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.outbox.chain import record
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import controls, deliveries, posts
from uasocial.text.names import holds

__all__ = [
    "SCOPES",
    "Control",
    "Scope",
    "Verdict",
    "add",
    "covers",
    "judge",
    "lift",
    "listed",
    "set_words",
]

Kind = Literal["stop", "withdraw", "pause", "freeze", "word"]
Scope = Literal["all", "action", "account", "platform", "language", "country"]
SCOPES: tuple[Scope, ...] = ("all", "action", "account", "platform", "language", "country")


class Control(NamedTuple):
    """One thing that keeps posts back; *name* is the action, account, … of its scope."""

    kind: Kind
    scope: Scope
    name: str = ""
    by: str = ""
    why: str = ""


class Verdict(NamedTuple):
    """Whether a delivery may be sent: *state* is where it goes instead, `planned` means it waits.

    An empty *state* means that it may be sent now.
    """

    state: str
    why: str = ""


GO = Verdict("")


def add(ledger: Ledger, connection: Connection, control: Control) -> None:
    """Put a control up, in the transaction of whatever else it does."""
    ledger.turn_gate(connection)
    now = ledger.now(connection)
    connection.execute(
        sa.insert(controls).values(
            kind=control.kind,
            scope=control.scope,
            name=control.name,
            since=now,
            by=control.by,
            why=control.why,
        )
    )
    said = {"scope": control.scope, "name": control.name}
    record(connection, now, control.kind, control.by, **said)


def lift(
    ledger: Ledger,
    connection: Connection,
    kinds: Iterable[Kind],
    control: Control,
    put_up_by: str | None = None,
) -> int:
    """Take controls of these *kinds* down for one scope; return how many there were.

    With *put_up_by*, only those of that name: who lifts their own leaves others' alone.
    """
    ledger.turn_gate(connection)
    now = ledger.now(connection)
    limits = [
        controls.c.kind.in_(list(kinds)),
        controls.c.scope == control.scope,
        controls.c.name == control.name,
        controls.c.lifted_at.is_(None),
    ]
    if put_up_by is not None:
        limits.append(controls.c.by == put_up_by)
    lifted = connection.execute(
        sa.update(controls)
        .where(*limits)
        .values(lifted_at=now, lifted_by=control.by, lifted_why=control.why)
    ).rowcount
    if lifted:
        said = {"scope": control.scope, "name": control.name}
        record(connection, now, "lifted", control.by, **said)
    return int(lifted)


def set_words(
    ledger: Ledger,
    connection: Connection,
    action: str,
    words: Iterable[tuple[str, datetime | None]],
    by: str,
) -> None:
    """Keep the words of an action that must not be posted, each from a moment on or at once.

    Files and ledger may each only tighten: a word that left the files stays until it is lifted.
    """
    known = {
        (row.word, row.starts_at)
        for row in connection.execute(_standing().where(controls.c.kind == "word"))
        if row.name == action
    }
    new = [(word, starts) for word, starts in dict.fromkeys(words) if (word, starts) not in known]
    if not new:
        return
    ledger.turn_gate(connection)
    now = ledger.now(connection)
    connection.execute(
        sa.insert(controls),
        [
            {
                "kind": "word",
                "scope": "action",
                "name": action,
                "word": word,
                "since": now,
                "starts_at": starts,
                "by": by,
            }
            for word, starts in new
        ],
    )
    record(connection, now, "words", by, action=action, count=len(new))


def _standing() -> sa.Select[Any]:
    return sa.select(controls).where(controls.c.lifted_at.is_(None))


def listed(connection: Connection) -> Sequence[Row[Any]]:
    """List the controls that stand, but for words."""
    return connection.execute(
        _standing().where(controls.c.kind != "word").order_by(controls.c.seq)
    ).all()


def judge(ledger: Ledger, connection: Connection, delivery: str, now: datetime) -> Verdict:
    """Say whether a delivery may be sent at *now*, by all that is known in this transaction."""
    ledger.hold_gate(connection)
    row = connection.execute(
        sa.select(deliveries, posts.c.action, posts.c.language, posts.c.platform)
        .add_columns(posts.c.countries, posts.c.text, posts.c.true_until)
        .add_columns(posts.c.embargo, posts.c.last_moment, posts.c.media)
        .join(posts, posts.c.id == deliveries.c.post)
        .where(deliveries.c.id == delivery)
    ).one()
    return _by_time(row, now) or _by_controls(connection, row, now) or GO


def _by_time(row: Row[Any], now: datetime) -> Verdict | None:
    if row.text is None:
        return Verdict("cancelled", "its text was erased")
    if row.last_moment and now > row.last_moment:
        return Verdict("cancelled", "the action is over")
    if row.embargo and now < row.embargo:
        return Verdict("review", "the action is under embargo")
    if row.true_until and now > row.true_until:
        return Verdict("review", "what its text says is no longer true")
    if now > row.send_before:
        return Verdict("review", "it is late")
    return None


def _by_controls(connection: Connection, row: Row[Any], now: datetime) -> Verdict | None:
    standing = connection.execute(_standing()).all()
    here = [control for control in standing if covers(control, row)]
    kinds = {control.kind for control in here}
    if kinds & {"stop", "withdraw"}:
        return Verdict("cancelled", "the action was stopped")
    said = "\n".join([row.text, *(one["alt"] for one in row.media)])
    for control in here:
        begun = control.starts_at is None or control.starts_at <= now
        if control.kind == "word" and begun and holds(said, control.word):
            return Verdict("review", "it holds a word that must not be posted")
    if "freeze" in kinds:
        return Verdict(
            "review", "it is frozen until somebody has looked and says `uasocial resume`"
        )
    return Verdict("planned", "paused") if "pause" in kinds else None


def covers(control: Row[Any], row: Row[Any]) -> bool:
    """Tell whether a control is for a delivery, joined with its post."""
    of = {
        "all": [""],
        "action": [row.action],
        "account": [row.account],
        "platform": [row.platform],
        "language": [row.language],
        "country": row.countries,
    }
    return control.name in of[control.scope]
