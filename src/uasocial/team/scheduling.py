"""Plans on the ledger: put there, built anew, edited as a file."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import sqlalchemy as sa

from uasocial import accounts, stopping
from uasocial.errors import NotFound, Refused, UasocialError, printable
from uasocial.model import Action
from uasocial.model.days import Moment
from uasocial.model.draft import Occasion
from uasocial.model.post import MOVABLE, Post, State
from uasocial.outbox import approvals, controls, deliveries, queue
from uasocial.outbox.tables import deliveries as table
from uasocial.outbox.tables import posts
from uasocial.planning import document
from uasocial.planning.cadences import Cadence
from uasocial.planning.document import Change, Row
from uasocial.team import people, plans, revising
from uasocial.team.plans import Plan, Planned, Writer
from uasocial.team.revising import Revision

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from uasocial.accounts import Account
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit

__all__ = ["Renewal", "Wish", "apply", "changes", "fresh", "put", "renew", "renewal", "standing"]

NO_PLACE = "the plan was built anew, and has no place for it"
# What a plan has done already, or is about to: its slot is taken.
DONE: tuple[State, ...] = ("sending", "unknown", "review", "handed_off", "sent")


class Wish(NamedTuple):
    """What is planned: which action, in which rhythm, under which name, by whom."""

    action: Action
    name: str
    cadence: Cadence
    by: str
    begin: datetime | None = None


class Renewal(NamedTuple):
    """A plan built anew: what stays as it is, what falls out and why, and what comes in."""

    kept: "list[Entry]"
    dropped: "list[tuple[Entry, str]]"
    plan: Plan


def standing(ledger: "Ledger", action: str, name: str | None = None) -> "list[Entry]":
    """List what is pending of a plan, or of all plans of an action, and is not out already."""
    found = queue.listed(ledger, action=action, plan=name, states=MOVABLE, most=None)
    return [entry for entry in found if entry.plan and not _may_be_live(entry)]


def _may_be_live(entry: "Entry") -> bool:
    """Tell whether a person has it, or must say what became of it: no plan takes that away."""
    return entry.state == "handed_off" or (entry.state == "review" and entry.marked_at is not None)


def _spoken_for(ledger: "Ledger", action: str) -> "list[Entry]":
    """List what is pending of an action, was said, or was refused: none of it is said anew."""
    states: tuple[State, ...] = (*queue.PENDING, "sent", "rejected")
    return queue.listed(ledger, action=action, states=states, most=None)


@contextmanager
def _writing(kit: "Toolkit", ledger: "Ledger", wish: Wish) -> Iterator[Writer]:
    """Yield a writer that knows what each account has said already, by one look at the ledger."""
    with ledger.read() as connection:

        def said(account: str, sha256: str) -> bool:
            return bool(queue.said_before(connection, account, sha256))

        yield Writer(kit, wish.action, wish.by, said)


def fresh(kit: "Toolkit", ledger: "Ledger", chosen: "Sequence[Account]", wish: Wish) -> Plan:
    """Build a plan beside what is pending of the action already; nothing is put on the ledger."""
    spoken_for = _spoken_for(ledger, wish.action.id)
    with _writing(kit, ledger, wish) as writer:
        _note(writer, spoken_for)
        return plans.build(kit, wish.action, chosen, wish.cadence, writer, begin=wish.begin)


def _note(writer: Writer, entries: "Collection[Entry]") -> None:
    for entry in entries:
        writer.keep(entry.platform, entry.account, entry.text)


def put(kit: "Toolkit", ledger: "Ledger", plan: Plan, wish: Wish) -> list[str]:
    """Propose all posts of a plan, or none; return the ids of their deliveries.

    Where no second person is wanted for an account, its posts are planned at once.
    """
    _assert_may(kit, wish)
    accounts.sync(kit, ledger)
    with ledger.write() as connection:
        return _propose(kit, ledger, connection, plan.rows, wish)


def _assert_may(kit: "Toolkit", wish: Wish) -> None:
    people.assert_may(kit, wish.by, "write")
    if kit.rehearsal:
        raise UasocialError("nothing is planned in a rehearsal: leave --as-of out")


def _propose(
    kit: "Toolkit",
    ledger: "Ledger",
    connection: "Connection",
    rows: Sequence[Planned],
    wish: Wish,
) -> list[str]:
    words = stopping.words_of(wish.action, kit.now)
    controls.set_words(ledger, connection, wish.action.id, words, wish.by)
    for row in rows:
        # Somebody else may have planned the same since this was shown.
        if queue.said_before(connection, row.post.account, row.post.sha256):
            raise Refused(f"{row.account.name}: these words were planned meanwhile: look again")
    orders = [_order(kit, row, wish) for row in rows]
    planned = deliveries.plan(ledger, connection, orders)
    for delivery, row in zip(planned, rows, strict=True):
        controls.allowed(ledger, connection, delivery, row.at)
    return planned


def _order(kit: "Toolkit", row: Planned, wish: Wish) -> deliveries.Order:
    needs = people.needs_approval(kit, row.account.stated)
    state: State = "proposed" if needs else "planned"
    return deliveries.Order(row.post, row.at, wish.by, state, plan=wish.name, needs_approval=needs)


# --- built anew --------------------------------------------------------------------------------


def renewal(kit: "Toolkit", ledger: "Ledger", chosen: "Sequence[Account]", wish: Wish) -> Renewal:
    """Build a plan anew from the files as they are; what is unchanged stays, approved or not.

    So does all that is on other accounts than *chosen*, as long as they are in the settings.
    """
    present = standing(ledger, wish.action.id, wish.name)
    if not present:
        raise UasocialError(
            f"nothing is pending of a plan {wish.name!r} of {wish.action.id}: leave --anew out"
        )
    names = {account.name for account in chosen}
    others = kit.project.settings.accounts.keys() - names
    found = revising.revisions(
        kit, ledger, wish.action, (one for one in present if one.account not in others), wish.by
    )
    kept, dropped = [], []
    for one in found:
        if one.differs or one.entry.account not in names:
            dropped.append((one.entry, _why(one)))
        else:
            kept.append(one.entry)
    return Renewal(kept, dropped, _rebuilt(kit, ledger, chosen, wish, kept, dropped))


def _rebuilt(  # noqa: PLR0913, PLR0917 - what a plan is made of, and what is left of the old one
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Sequence[Account]",
    wish: Wish,
    kept: "list[Entry]",
    dropped: "list[tuple[Entry, str]]",
) -> Plan:
    """Fill what is free of a plan: its posts that went out have their places too."""
    gone = {entry.id for entry, _ in dropped}
    spoken_for = [one for one in _spoken_for(ledger, wish.action.id) if one.id not in gone]
    done = queue.listed(ledger, action=wish.action.id, plan=wish.name, states=DONE, most=None)
    placed = {entry.id: entry for entry in (*kept, *done)}
    first = _first_day(ledger, wish, kit)
    with _writing(kit, ledger, wish) as writer:
        _note(writer, spoken_for)
        return plans.build(
            kit,
            wish.action,
            chosen,
            wish.cadence,
            writer,
            begin=wish.begin,
            first_day=first,
            kept=list(placed.values()),
        )


def _why(one: Revision) -> str:
    if one.after is None:
        return one.why
    return "its words have changed" if one.differs else NO_PLACE


def _first_day(ledger: "Ledger", wish: Wish, kit: "Toolkit") -> date | None:
    """Return the day from which a plan has counted: that of its first post, if it has one."""
    query = (
        sa.select(sa.func.min(table.c.planned_for))
        .join(posts, posts.c.id == table.c.post)
        .where(table.c.plan == wish.name, posts.c.action == wish.action.id)
    )
    with ledger.read() as connection:
        first = connection.scalar(query)
    return plans.span_of(kit, wish.action).day_of(first) if first else None


def renew(kit: "Toolkit", ledger: "Ledger", found: Renewal, wish: Wish) -> list[str]:
    """Put a plan that was built anew in the place of the old one; all of it or nothing."""
    _assert_may(kit, wish)
    accounts.sync(kit, ledger)
    with ledger.write() as connection:
        for entry, why in found.dropped:
            deliveries.change(ledger, connection, entry.id, "cancelled", wish.by, why=why)
        return _propose(kit, ledger, connection, found.plan.rows, wish)


# --- as a file ---------------------------------------------------------------------------------


def rows_of(entries: "Sequence[Entry]", kit: "Toolkit") -> list[Row]:
    """Return a plan as the rows of a file, times in the section's own zone."""
    return [
        Row(
            id=entry.short,
            at=Moment.fromisoformat(
                entry.planned_for.astimezone(kit.now.tzinfo).isoformat(timespec="minutes")
            ),
            account=entry.account,
            occasion=msgspec.convert(entry.occasion, Occasion),
            wording=entry.wording,
            state=entry.state.replace("_", " "),
            text=entry.text,
        )
        for entry in entries
    ]


def written(kit: "Toolkit", ledger: "Ledger", action: str, name: str) -> str:
    """Return a plan as a file to edit; raise NotFound where nothing is pending of it."""
    return document.written(action, name, rows_of(_present(ledger, action, name), kit))


def _present(ledger: "Ledger", action: str, name: str) -> "list[Entry]":
    found = standing(ledger, action, name)
    if not found:
        known = {entry.plan for entry in standing(ledger, action)}
        raise NotFound(f"plan of {action}", name, sorted(known))
    return found


def changes(kit: "Toolkit", ledger: "Ledger", path: Path, wish: Wish) -> list[Change]:
    """Read an edited plan, and say what it changes; raise CaseError with all that is wrong."""
    if not path.exists():
        raise UasocialError(printable(f"{path}: there is no such file: `--to {path}` writes one"))
    present = rows_of(_present(ledger, wish.action.id, wish.name), kit)
    stated = kit.project.settings.accounts
    read = document.read(path, (wish.action.id, wish.name), present, stated)
    return document.compare(present, read)


def apply(kit: "Toolkit", ledger: "Ledger", found: Sequence[Change], wish: Wish) -> list[str]:
    """Make the changes of a file, all or none; what says something else is to be approved again.

    So is what was moved to a day on which its words are not true: it is written anew.
    """
    _assert_may(kit, wish)
    found = [_as_written(ledger, one) for one in found]
    gone = {one.before.id for one in found if one.before and one.kind != "moved"}
    spoken_for = [one for one in _spoken_for(ledger, wish.action.id) if one.short not in gone]
    wanted = [one.after for one in found if one.after and one.kind != "moved"]
    with _writing(kit, ledger, wish) as writer:
        _note(writer, spoken_for)
        new = [_planned(kit, writer, row) for row in wanted]
    accounts.sync(kit, ledger)
    with ledger.write() as connection:
        for one in found:
            if one.before is None:
                continue
            name = deliveries.named(connection, one.before.id or "").id
            if one.kind == "moved" and one.after is not None:
                approvals.reschedule(ledger, connection, {name: _plain(one.after.at)}, wish.by)
            else:
                why = "taken out of the plan" if one.after is None else "changed in the plan"
                deliveries.change(ledger, connection, name, "cancelled", wish.by, why=why)
        return _propose(kit, ledger, connection, new, wish)


def _as_written(ledger: "Ledger", one: Change) -> Change:
    """Return a move as a change of words, where those are not true at the other time."""
    if one.kind != "moved" or one.before is None or one.after is None:
        return one
    post = queue.post_in(ledger, queue.find(ledger, one.before.id or ""))
    early = post.true_from is not None and one.after.at < post.true_from
    late = post.true_until is not None and one.after.at > post.true_until
    return one._replace(kind="changed") if early or late else one


def _planned(kit: "Toolkit", writer: Writer, row: Row) -> Planned:
    if row.at < kit.now:
        raise UasocialError(f"{row.at.isoformat(' ', 'minutes')} is over: give a moment to come")
    account = accounts.account(kit, row.account)
    post: Post = writer.write(account, row.at, row.occasion, row.wording)
    if not writer.is_new(post):
        raise UasocialError(
            f"{row.account}: says these very words already: choose another wording for "
            f"{row.at.isoformat(' ', 'minutes')}"
        )
    writer.keep(post.platform, post.account, post.text)
    return Planned(account, _plain(row.at), post)


def _plain(moment: datetime) -> datetime:
    """Return a moment of a file as the ledger takes it."""
    return datetime.fromisoformat(moment.isoformat())
