"""An action closed: what asks people to act ends, and what tells how it ended is proposed.

Files come first, then the ledger, as with a stop, and each may only tighten: what was stopped or
withdrawn is opened again by a person before it can be closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from uasocial import accounts, posting, stopping
from uasocial.errors import NotFound, Refused, UasocialError
from uasocial.model import Action, Draft, tree, writing
from uasocial.model.days import Day
from uasocial.model.facts import End
from uasocial.outbox import controls, deliveries, ending, queue
from uasocial.outbox.controls import Control
from uasocial.outbox.stopping import Stopped
from uasocial.stopping import Outcome
from uasocial.team.plans import UNLIKE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from uasocial.accounts import Account
    from uasocial.model import Occasion
    from uasocial.model.post import Post
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["Closed", "Ending", "How", "Proposed", "close", "look"]

How = Literal["good-news", "closed"]
# What is said afterwards.
_SAYS: "dict[How, Occasion]" = {"good-news": "good-news", "closed": "thanks"}
# So long somebody may take to agree; then it goes out at once.
PATIENCE = timedelta(days=7)
_NOTHING = Stopped(0, [], [], [])


class Ending(NamedTuple):
    """How an action ends, who says so and why; *outcome* is what came of it, in each language."""

    how: How
    by: str
    why: str = ""
    on: date | None = None
    outcome: Mapping[str, str] = {}


class Proposed(NamedTuple):
    """What an account would say; *delivery* is empty while it was only looked at."""

    account: str
    draft: Draft
    delivery: str = ""


class Closed(NamedTuple):
    """How far closing has come, what is proposed, and why nothing is where that is so."""

    outcome: Outcome
    proposed: list[Proposed]
    unsaid: list[str]


def close(kit: "Toolkit", name: str, wanted: Ending) -> Closed:
    """Close an action in every language, and propose to tell how it ended; safe to repeat.

    Neither a broken file nor a lost ledger keeps the other. Raise NotFound for an action or a
    language that there is not, Refused for what was stopped.
    """
    ledger, lost = _ledger_of(kit)
    _assert_open(kit, ledger, name, wanted)
    files = _write(kit, name, wanted)
    if ledger is None:
        return Closed(Outcome(files, lost, _NOTHING), [], [])
    try:
        found = ending.close(ledger, Control("close", "action", name, wanted.by, wanted.why))
    except UasocialError as error:
        return Closed(Outcome(files, str(error), _NOTHING), [], [])
    return Closed(Outcome(files, "", found), *_propose(kit, ledger, name, wanted))


def look(kit: "Toolkit", name: str, wanted: Ending) -> Closed:
    """Say what closing an action would do, and do nothing of it."""
    ledger, lost = _ledger_of(kit) if accounts.has_ledger(kit) else (None, "")
    _assert_open(kit, ledger, name, wanted)
    if ledger is None:
        return Closed(Outcome("", lost, _NOTHING), [], [])
    found = ending.look(ledger, name)
    return Closed(Outcome("", "", found), *_propose(kit, ledger, name, wanted, really=False))


def _ledger_of(kit: "Toolkit") -> "tuple[Ledger | None, str]":
    try:
        return accounts.ledger_of(kit), ""
    except UasocialError as error:
        return None, str(error)


def _assert_open(kit: "Toolkit", ledger: "Ledger | None", name: str, wanted: Ending) -> None:
    """Raise where there is no such action or language, or it was stopped."""
    if ledger is not None:
        stopping.assert_known(kit, ledger, name)
    elif name not in kit.action_ids():
        raise NotFound("action", name, kit.action_ids())
    if wanted.on is not None and wanted.on > kit.actual.date():
        raise UasocialError(f"{wanted.on} is still to come: close it when it has ended")
    if _stopped(kit, ledger, name):
        raise Refused(
            f"{name}: was stopped, and nothing is said of it any more: `uasocial reopen {name}` "
            "first, if that is meant"
        )
    languages = {path.stem for path in _folder(kit, name).glob("*.yaml")} - {"action"}
    for language in wanted.outcome:
        if language not in languages:
            raise NotFound("language", language, languages)


def _stopped(kit: "Toolkit", ledger: "Ledger | None", name: str) -> bool:
    kinds = ending.standing(ledger, [name]).get(name, set()) if ledger is not None else set()
    if kinds & {"stop", "withdraw"}:
        return True
    try:
        return name in kit.action_ids() and stopping.how_of(kit, name) in {"stop", "withdrawn"}
    except UasocialError:
        # Whatever is wrong in the file is told when it cannot be written.
        return False


def _folder(kit: "Toolkit", name: str) -> Path:
    return stopping.facts_of(kit, name).parent


# --- files -------------------------------------------------------------------------------------


def _write(kit: "Toolkit", name: str, wanted: Ending) -> str:
    """Write how it ended and what came of it, each file by itself; return what is in the way."""
    if name not in kit.action_ids():
        return ""
    if kit.project.root is None:
        return f"{name}: the sample stays as it is"
    faults = []
    for path, change in _changes(kit, name, wanted):
        try:
            if not _says(path, change):
                writing.edit(path, change)
        except UasocialError as error:
            faults.append(str(error))
    return "; ".join(faults)


def _changes(kit: "Toolkit", name: str, wanted: Ending) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what each file is to say; the words first, for the end is what makes them true."""
    folder = _folder(kit, name)
    for language, text in wanted.outcome.items():
        yield folder / f"{language}.yaml", {"outcome": text}
    yield folder / "action.yaml", {"ended": _ended(kit, wanted)}


def _ended(kit: "Toolkit", wanted: Ending) -> dict[str, str]:
    said = {"how": wanted.how, "on": str(wanted.on or kit.actual.date()), "by": wanted.by}
    return {**said, "why": wanted.why} if wanted.why else said


def _says(path: Path, change: Mapping[str, Any]) -> bool:
    """Tell whether a file says it already: that it ended so, whoever wrote it and when."""
    found = tree.read(path).value
    if not isinstance(found, dict):
        return False
    present = {key: found.get(key) for key in change}
    ended = present.get("ended")
    if isinstance(ended, dict):
        return bool(ended.get("how") == change["ended"]["how"])
    return present == change


# --- what is proposed --------------------------------------------------------------------------


def _propose(
    kit: "Toolkit", ledger: "Ledger", name: str, wanted: Ending, *, really: bool = True
) -> tuple[list[Proposed], list[str]]:
    """Propose what tells how it ended, from each account that has asked people to act."""
    speakers = ending.speakers(ledger, name)
    if not speakers:
        return [], []
    try:
        action = _ended_action(kit, name, wanted)
    except UasocialError as error:
        return [], [str(error)]
    writer = _Writer(kit, ledger, action, wanted, really=really)
    return writer.propose(speakers), writer.unsaid


def _ended_action(kit: "Toolkit", name: str, wanted: Ending) -> Action:
    """Return the action as it is once it has ended, whatever stands in its files by now."""
    action = type(kit)(kit.project, kit.now, actual=kit.actual).action(name)
    day = Day.fromordinal((wanted.on or kit.actual.date()).toordinal())
    end = End(how=wanted.how, on=day, by=wanted.by)
    words = {
        language: msgspec.structs.replace(found, outcome=wanted.outcome[language])
        if language in wanted.outcome
        else found
        for language, found in action.words.items()
    }
    return replace(action, facts=msgspec.structs.replace(action.facts, ended=end), words=words)


class _Writer:
    """Finds what accounts say afterwards, and puts it before somebody who agrees or does not."""

    def __init__(
        self, kit: "Toolkit", ledger: "Ledger", action: Action, wanted: Ending, *, really: bool
    ) -> None:
        self.kit, self.ledger, self.action, self.by = kit, ledger, action, wanted.by
        self.occasion, self.really = _SAYS[wanted.how], really
        self.unsaid: list[str] = []
        self._texts: set[tuple[str, str]] = set()

    def propose(self, names: Iterable[str]) -> list[Proposed]:
        found = (self._one(name) for name in names)
        return [one for one in found if one is not None]

    def _one(self, name: str) -> Proposed | None:
        try:
            return self._proposed(accounts.account(self.kit, name))
        except UasocialError as error:
            said = str(error).removeprefix(f"{name}: ")
            self.unsaid.append(f"{name}: {said}")
            return None

    def _proposed(self, account: "Account") -> Proposed | None:
        """Propose what an account says; None where that is done, or was refused before."""
        with self.ledger.read() as connection:
            if account.name in ending.tellers(connection, self.action.id, self.occasion):
                return None
        at = posting.at_moment(self.kit, account, self.kit.now)
        draft = posting.draft_for(at, self.action, account, self.occasion)
        self._assert_unlike(account, draft)
        posting.assert_sayable(self.action, (draft.content_warning, draft.text), at.now)
        if not self.really:
            return Proposed(account.name, draft)
        post = posting.make_post(at, self.action, account, draft, self.by)
        with self.ledger.write() as connection:
            return self._on_ledger(connection, draft, post)

    def _assert_unlike(self, account: "Account", draft: Draft) -> None:
        key = (draft.platform, draft.text)
        if draft.platform in UNLIKE and key in self._texts:
            raise Refused(f"another account of {account.stated.platform} says the same words")
        self._texts.add(key)

    def _on_ledger(self, connection: "Connection", draft: Draft, post: "Post") -> Proposed | None:
        now = self.ledger.now(connection)
        if post.account in ending.tellers(connection, self.action.id, self.occasion):
            # Somebody closed it at the same time.
            return None
        before = queue.said_before(connection, post.account, post.sha256)
        if before:
            raise Refused(f"says these very words already ({before[: queue.SHORT]})")
        words = stopping.words_of(self.action, self.kit.now)
        controls.set_words(self.ledger, connection, self.action.id, words, self.by)
        order = deliveries.Order(post, now, self.by, "proposed", now + PATIENCE)
        (delivery,) = deliveries.plan(self.ledger, connection, [order])
        controls.allowed(self.ledger, connection, delivery, now)
        return Proposed(post.account, draft, delivery)
