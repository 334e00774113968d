"""What was proposed shown to another person, who need not read its language, and decided on."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from uasocial import accounts, tightening
from uasocial.errors import Refused, UasocialError
from uasocial.model.post import Post, State
from uasocial.outbox import approvals, choosing, controls, queue
from uasocial.outbox.deliveries import post_of
from uasocial.outbox.tables import deliveries, posts
from uasocial.team import people

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from uasocial.model import Draft
    from uasocial.outbox.choosing import Chosen
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit

__all__ = ["WINDOW", "Lot", "Moved", "Shown", "Words", "approve", "lot", "reject", "reschedule"]

WINDOW = approvals.WINDOW
# What a scope means: approvals are for what is proposed, and all that waits may be moved.
_PROPOSED: tuple[State, ...] = ("proposed",)
_WAITING: tuple[State, ...] = ("proposed", "planned")


class Words(NamedTuple):
    """What a post says, or would say in another language."""

    language: str
    text: str
    content_warning: str = ""


class Shown(NamedTuple):
    """A post as who approves it sees it: *source* is the same wording in a language of theirs.

    *before* is what was approved last; both are None where there is none. *alts* are those of its
    pictures.
    """

    entry: "Entry"
    words: Words
    alts: tuple[str, ...]
    source: Words | None
    before: Words | None
    warnings: tuple[str, ...]


class Lot(NamedTuple):
    """What is approved together; *code* stands for what it says, and is another if that changes."""

    code: str
    posts: list[Shown]


class Moved(NamedTuple):
    """Deliveries as they stand after a move, and the ids of those to be approved again."""

    entries: "list[Entry]"
    void: list[str]


# --- shown -------------------------------------------------------------------------------------


def lot(kit: "Toolkit", ledger: "Ledger", chosen: "Chosen", by: str, read: str | None) -> Lot:
    """Return what is proposed of *chosen*, each post beside its wording in the language *read*.

    Without that, in the one that *by* reads by the settings, else in which it was first written.
    """
    reader = _Reader(kit, read or people.reads(kit, by))
    with ledger.read() as connection:
        ids = choosing.choose(connection, chosen, _PROPOSED)
        entries = queue.entries(ledger, connection, ids)
        shown = [_shown(ledger, connection, reader, entry) for entry in entries]
        return Lot(approvals.lot_of(connection, ids), shown)


def _shown(ledger: "Ledger", connection: "Connection", reader: "_Reader", entry: "Entry") -> Shown:
    last = sa.select(deliveries.c.approved_post).where(deliveries.c.id == entry.id)
    post, before = _post(connection, entry.post), _post(connection, connection.scalar(last))
    verdict = controls.judge(ledger, connection, entry.id, max(entry.planned_for, entry.now))
    warnings = [f"it could not go out then: {verdict.why}"] if verdict.state else []
    source = reader.source(entry)
    return Shown(
        entry,
        Words(entry.language, entry.text, entry.content_warning),
        tuple(one.alt for one in post.media) if post else (),
        source if isinstance(source, Words) else None,
        Words(before.language, before.text, before.content_warning) if before else None,
        (
            *warnings,
            *([entry.why] if entry.why else []),
            *reader.remarks(entry),
            *([source] if isinstance(source, str) and source else []),
        ),
    )


def _post(connection: "Connection", name: str | None) -> Post | None:
    row = connection.execute(sa.select(posts).where(posts.c.id == name)).one_or_none()
    return post_of(row) if row else None


class _Reader:
    """Says what the files of the cases say at the moment of a post, in whichever language."""

    def __init__(self, kit: "Toolkit", read: str | None) -> None:
        self.read = read
        # The days of an example move with the day on which it is read: that is now.
        self._present = kit
        self._later = type(kit)(kit.project, kit.now, actual=kit.actual)

    def source(self, entry: "Entry") -> Words | str:
        """Return the wording in the language to read, or why there is none; ``""`` for itself."""
        try:
            language = self.read or self._first(entry)
            if language == entry.language:
                return ""
            draft = self._draft(entry, language)
        except UasocialError as error:
            return f"there is no source beside it: {error}"
        return Words(language, draft.text, draft.content_warning)

    def remarks(self, entry: "Entry") -> Iterator[str]:
        """Yield what is to be said of a post by its files as they are now."""
        try:
            draft = self._draft(entry, entry.language)
        except UasocialError as error:
            yield f"its files: {error}"
            return
        says = (draft.text, draft.content_warning)
        if says != (entry.text, entry.content_warning) and not entry.without:
            yield "the files of the case say something else by now"
        yield from (f"{problem.code} {problem.message}" for problem in draft.problems)

    def _first(self, entry: "Entry") -> str:
        words = self._present.action(entry.action).words
        own = words.get(entry.language)
        if own is not None and own.translated_from is not None:
            return own.translated_from.language
        return next(iter(words))

    def _draft(self, entry: "Entry", language: str) -> "Draft":
        action, kit = self._present.action(entry.action), self._later
        kit.move(entry.planned_for.astimezone(self._present.now.tzinfo))
        chosen = [language] if language in action.words else []
        platforms = [kit.platform(entry.platform)]
        found = kit.drafts(action, chosen, platforms, entry.occasion, entry.wording)
        draft = next(found, None)
        if draft is None:
            raise UasocialError(f"the case has no {entry.wording!r} in {language}")
        return draft


# --- decided -----------------------------------------------------------------------------------


def approve(  # noqa: PLR0913, PLR0917 - what, as it was shown, by whom, and for how long
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Chosen",
    code: str,
    by: str,
    window: timedelta = WINDOW,
) -> "list[Entry]":
    """Approve the lot of *code*, all of it or nothing; raise Refused if it is not that any more."""
    people.assert_may(kit, by, "approve")
    _assert_real(kit)
    with ledger.read() as connection:
        ids = choosing.choose(connection, chosen, _PROPOSED)
        actions = {entry.action for entry in queue.entries(ledger, connection, ids)}
    accounts.sync(kit, ledger)
    tightening.refresh(kit, ledger, sorted(actions))
    with ledger.write() as connection:
        ids = choosing.choose(connection, chosen, _PROPOSED)
        if not ids or approvals.lot_of(connection, ids) != code:
            raise Refused("what is to be approved is not what was shown: look at it again")
        approvals.approve(ledger, connection, ids, by, window, _alone(kit))
        return queue.entries(ledger, connection, ids)


def _alone(kit: "Toolkit") -> Collection[str]:
    """Return the accounts at which an author may agree to what is theirs."""
    stated = kit.project.settings.accounts
    return [name for name, one in stated.items() if not people.needs_approval(kit, one)]


def _assert_real(kit: "Toolkit") -> None:
    if kit.rehearsal:
        raise UasocialError("nothing is decided in a rehearsal: leave --as-of out")


def reject(kit: "Toolkit", ledger: "Ledger", chosen: "Chosen", by: str, why: str) -> "list[Entry]":
    """Refuse what is proposed, for good, all of it or nothing."""
    people.assert_may(kit, by, "approve")
    with ledger.write() as connection:
        ids = choosing.choose(connection, chosen, _PROPOSED)
        approvals.reject(ledger, connection, ids, by, why)
        return queue.entries(ledger, connection, ids)


def reschedule(
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Chosen",
    to: datetime | timedelta,
    by: str,
) -> Moved:
    """Move what waits to a moment, or by a time, all of it or nothing.

    What was approved stays so inside the window of its approval.
    """
    people.assert_may(kit, by, "write")
    _assert_real(kit)
    with ledger.write() as connection:
        ids = choosing.choose(connection, chosen, _WAITING)
        entries = queue.entries(ledger, connection, ids)
        moments = {one.id: _moved(one, to) for one in entries}
        void = approvals.reschedule(ledger, connection, moments, by)
        return Moved(queue.entries(ledger, connection, ids), void)


def _moved(entry: "Entry", to: datetime | timedelta) -> datetime:
    return to if isinstance(to, datetime) else entry.planned_for + to
