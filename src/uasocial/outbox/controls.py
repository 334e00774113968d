"""What must not go out: stops, pauses, freezes and words, read again before each send."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from uasocial.errors import Refused
from uasocial.model.draft import AFTERWARDS
from uasocial.model.post import Post, content_of
from uasocial.outbox.chain import record
from uasocial.outbox.deliveries import SAID, post_of
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.tables import accounts, controls, deliveries, posts
from uasocial.text.names import holds

__all__ = [
    "SCOPES",
    "Control",
    "Scope",
    "Verdict",
    "add",
    "allowed",
    "covers",
    "judge",
    "judge_words",
    "lift",
    "listed",
    "set_words",
]

Kind = Literal["stop", "withdraw", "close", "pause", "freeze", "word"]
Scope = Literal["all", "action", "account", "platform", "language", "country", "post"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Control(NamedTuple):
    """One thing that keeps posts back; *name* is the action, account, … of its scope.

    Of a `post` it is the id of its delivery.
    """

    kind: Kind
    scope: Scope
    name: str = ""
    by: str = ""
    why: str = ""


class Verdict(NamedTuple):
    """Whether a delivery may be sent: *state* is where it goes instead, `planned` means it waits.

    `proposed` means that nobody has agreed to it as it is. An empty *state* means that it may be
    sent now.
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
    row = connection.execute(_OF, {"delivery": delivery}).one()
    if row.text is None:
        return Verdict("cancelled", "its text was erased")
    said = [row.text, row.content_warning or "", *(one["alt"] for one in row.media)]
    late = Verdict("review", "it is late") if now > row.send_before else None
    return (
        _by_time(row, now)
        or late
        or _by_controls(connection, row, said, now)
        or _by_thread(connection, row)
        or _by_approval(connection, row)
        or GO
    )


def allowed(ledger: Ledger, connection: Connection, delivery: str, at: datetime) -> None:
    """Raise Refused where a delivery could not go out at its moment, by all that is known now."""
    verdict = judge(ledger, connection, delivery, at)
    if verdict.state in {"cancelled", "review", "proposed"}:
        raise Refused(f"it could not go out then: {verdict.why}")


def judge_words(ledger: Ledger, connection: Connection, post: Post, now: datetime) -> Verdict:
    """Say whether what is live may be made to say what *post* says, as a send is judged."""
    ledger.hold_gate(connection)
    said = [post.text, post.content_warning, *(one.alt for one in post.media)]
    return _by_time(post, now) or _by_controls(connection, post, said, now) or GO


_OF = (
    sa.select(deliveries, posts.c.action, posts.c.language, posts.c.platform, SAID)
    .add_columns(posts.c.countries, posts.c.content_warning, posts.c.true_from, posts.c.true_until)
    .add_columns(
        posts.c.occasion, posts.c.embargo, posts.c.last_moment, posts.c.media, accounts.c.mode
    )
    .join(posts, posts.c.id == deliveries.c.post)
    .join(accounts, accounts.c.name == deliveries.c.account)
    .where(deliveries.c.id == sa.bindparam("delivery"))
)


def _by_time(row: Row[Any] | Post, now: datetime) -> Verdict | None:
    if row.last_moment and now > row.last_moment:
        return Verdict("cancelled", "the action is over")
    if row.embargo and now < row.embargo:
        return Verdict("review", "the action is under embargo")
    if row.true_from and now < row.true_from:
        return Verdict("review", "what its text says is not true yet")
    if row.true_until and now > row.true_until:
        return Verdict("review", "what its text says is no longer true")
    return None


def _by_controls(
    connection: Connection, row: Row[Any] | Post, words: Sequence[str], now: datetime
) -> Verdict | None:
    standing = connection.execute(_standing()).all()
    here = [control for control in standing if covers(control, row)]
    kinds = {control.kind for control in here}
    if "close" in kinds and row.occasion not in AFTERWARDS:
        return Verdict("cancelled", "the action was closed")
    if kinds & {"stop", "withdraw"}:
        return Verdict("cancelled", "the action was stopped")
    said = "\n".join(words)
    for control in here:
        begun = control.starts_at is None or control.starts_at <= now
        if control.kind == "word" and begun and holds(said, control.word):
            return Verdict("review", "it holds a word that must not be posted")
    if "freeze" in kinds:
        return Verdict(
            "review", "it is frozen until somebody has looked and says `uasocial resume`"
        )
    return Verdict("planned", "paused") if "pause" in kinds else None


# What keeps an answer back, by the state of what it answers.
_NOT_LIVE = {
    "proposed": "is not approved yet",
    "rejected": "was rejected",
    "failed": "has failed",
    "review": "is in review",
    "cancelled": "was cancelled",
    "handed_off": "waits for a person to post it",
}


def _by_thread(connection: Connection, row: Row[Any]) -> Verdict | None:
    """Keep an answer back until what it answers is live."""
    if row.answers is None or row.state == "proposed":
        return None
    before = connection.execute(sa.select(deliveries).where(deliveries.c.id == row.answers)).one()
    why = _NOT_LIVE.get(before.state, "")
    if before.deleted_at is not None:
        why = "was deleted"
    elif before.state == "planned":
        if (before.planned_for, before.seq) < (row.planned_for, row.seq):
            # It goes first by itself, unless it is left out for a while.
            return Verdict("planned", "paused")
        why = "is planned for later"
    elif before.state == "handed_off" and row.mode == "by hand":
        # Whoever posts the one posts the other.
        why = ""
    return Verdict("review", f"the post it answers {why}") if why else None


def _by_approval(connection: Connection, row: Row[Any]) -> Verdict | None:
    """Send back what nobody has agreed to as it is, and for this time."""
    if not row.needs_approval or row.state == "proposed":
        return None
    if row.approved_by is None:
        return Verdict("proposed", "nobody has approved it")
    if not row.approved_from <= row.planned_for <= row.approved_until:
        return Verdict("proposed", "it was approved for another time")
    post = connection.execute(sa.select(posts).where(posts.c.id == row.post)).one()
    if content_of(post_of(post)) != row.approved_sha:
        return Verdict("proposed", "other words than these were approved")
    return None


def covers(control: Row[Any], row: Row[Any] | Post) -> bool:
    """Tell whether a control is for a delivery, joined with its post, or for a post."""
    of = {
        "all": [""],
        "action": [row.action],
        "account": [row.account],
        "platform": [row.platform],
        "language": [row.language],
        "country": row.countries,
        "post": [row.id],
    }
    return control.name in of[control.scope]
