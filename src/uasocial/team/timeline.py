"""Everything that happened to a case, in the order of time: by its files, and by the ledger."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from uasocial import accounts, model, stopping
from uasocial.errors import NotFound, UasocialError, printable
from uasocial.model import Action, Facts
from uasocial.outbox import history
from uasocial.outbox.history import Happened
from uasocial.reading import record
from uasocial.team.extending import NOTE

if TYPE_CHECKING:
    from uasocial.model.facts import Source
    from uasocial.toolkit import Toolkit

__all__ = ["MOST", "Event", "Timeline", "timeline"]

MOST = history.MOST
_ENDS = {"stop": "stopped", "withdrawn": "withdrawn", "good-news": "closed", "closed": "closed"}
# What each kind of a record means where the word itself does not say.
_MEANS = {
    "stop": "stopped",
    "withdraw": "withdrawn",
    "close": "closed",
    "pause": "paused",
    "freeze": "frozen",
    "stop lifted": "reopened",
    "withdraw lifted": "reopened",
    "close lifted": "reopened",
    "pause lifted": "resumed",
    "freeze lifted": "resumed",
    "handed_off": "given to a person to post",
    "review": "put before a person to decide",
    "unknown": "sent or not: nobody knows yet",
    "voided": "approval void",
    "without handle": "goes out without handles",
    "edit failed": "could not be edited",
    "words": "words that must not be posted",
    "erased": "words erased",
}


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened; *at* is a day where nobody knows more.

    *source* is `files` or `ledger`. *delivery* and what follows it are empty where it is about
    more than one post.
    """

    at: datetime | date
    kind: str
    what: str
    who: str = ""
    why: str = ""
    source: str = "files"
    delivery: str = ""
    account: str = ""
    platform: str = ""
    language: str = ""
    permalink: str = ""


class Timeline(Struct, frozen=True, kw_only=True):
    """What happened, the earliest first; *is_cut* where only the last MOST, *faults* what lacks."""

    events: tuple[Event, ...]
    is_cut: bool = False
    faults: tuple[str, ...] = ()


def timeline(kit: "Toolkit", name: str) -> Timeline:
    """Tell what happened to an action; raise NotFound where neither files nor ledger know it.

    Of one that is withdrawn no reason is told, and nothing of what its documents are called.
    """
    in_files, on_ledger = name in kit.action_ids(), accounts.has_ledger(kit)
    if not in_files and not (on_ledger and stopping.knows(kit, "action", name)):
        raise NotFound("action", name, kit.action_ids())
    faults: list[str] = []
    happened = _happened(kit, name, faults) if on_ledger else []
    events = [_of_ledger(one, kit.now.tzinfo) for one in happened]
    if in_files:
        events += _of_files(kit, name, happened, faults)
    events = list(_told_once(events))
    if _is_withdrawn(kit, name, happened):
        events = [_silent(one) for one in events]
    events.sort(key=lambda one: _moment(kit, one.at))
    return Timeline(events=tuple(events[-MOST:]), is_cut=len(events) > MOST, faults=tuple(faults))


def _happened(kit: "Toolkit", name: str, faults: list[str]) -> list[Happened]:
    """List what the ledger knows, the earliest first."""
    try:
        return history.happened(accounts.ledger_of(kit), name)[::-1]
    except UasocialError as error:
        faults.append(str(error))
        return []


def _moment(kit: "Toolkit", at: datetime | date) -> datetime:
    """Return the moment to sort by: a day comes before all that happened in its course."""
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, time(), tzinfo=kit.now.tzinfo)


def _is_withdrawn(kit: "Toolkit", name: str, happened: list[Happened]) -> bool:
    last = [one.kind for one in happened if one.kind in {"withdraw", "withdraw lifted"}][-1:]
    try:
        by_files = name in kit.action_ids() and stopping.how_of(kit, name) == "withdrawn"
    except UasocialError:
        # What cannot be read may say so.
        by_files = True
    return by_files or last == ["withdraw"]


def _told_once(events: list[Event]) -> Iterator[Event]:
    """Yield events; of an extension the ledger knows the moment, and a note the reason."""
    notes = {one.what: one.why for one in events if _is_extension(one, "files")}
    moments = {one.what for one in events if _is_extension(one, "ledger")}
    for one in events:
        if _is_extension(one, "ledger"):
            yield replace(one, why=notes.get(one.what, ""))
        elif not (_is_extension(one, "files") and one.what in moments):
            yield one


def _is_extension(event: Event, source: str) -> bool:
    return (event.kind, event.source) == ("extended", source)


def _silent(event: Event) -> Event:
    what = event.what.partition(": ")[0] if event.source == "files" else event.what
    return replace(event, why="", what=what)


# --- by the ledger -----------------------------------------------------------------------------


def _of_ledger(one: Happened, zone: tzinfo | None) -> Event:
    return Event(
        at=one.at,
        kind=one.kind,
        what=printable(_what(one, zone)),
        who=one.by,
        why=one.why,
        source="ledger",
        delivery=one.delivery,
        account=one.account,
        platform=one.platform,
        language=one.language,
        permalink=str(one.said.get("permalink") or ""),
    )


def _what(one: Happened, zone: tzinfo | None) -> str:
    said, means = one.said, _MEANS.get(one.kind, one.kind.replace("_", " "))
    if one.kind == "after":
        return f"after {said.get('event')}, the program of the project {_ended(said)}"
    if one.kind == "extended":
        return _moved(str(said.get("from")), str(said.get("to")))
    if one.kind == "deletion":
        means = "deleted" if said.get("outcome") == "deleted" else "could not be deleted"
    if not one.delivery:
        return f"everything {means}" if one.of == "all" else means
    return f"{one.occasion} {means}{_planned_for(said, zone)}"


def _moved(before: str, after: str) -> str:
    return f"the last day was moved from {before} to {after}"


def _planned_for(said: Mapping[str, Any], zone: tzinfo | None) -> str:
    if not said.get("for"):
        return ""
    return f" for {datetime.fromisoformat(said['for']).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _ended(said: Mapping[str, Any]) -> str:
    status = said.get("status")
    if status == 0:
        return "ended well"
    return "did not end by itself" if status is None else f"failed with exit status {status}"


# --- by the files ------------------------------------------------------------------------------


def _of_files(
    kit: "Toolkit", name: str, happened: list[Happened], faults: list[str]
) -> list[Event]:
    """List what the files know; of what the ledger tells better, only what it does not."""
    try:
        action = kit.action(name)
    except UasocialError as error:
        faults.append(str(error))
        return []
    events = [*_of_facts(action), *_imported(action, faults), *_versions(kit, action, faults)]
    kinds = {one.kind for one in happened}
    if not kinds & {"stop", "withdraw", "close"}:
        events += _ended_by_files(action.facts)
    return [*events, *_extended(action.facts)]


def _of_facts(action: Action) -> Iterator[Event]:
    facts = action.facts
    yield Event(at=facts.active_since, kind="active", what=f"begins{_number(facts)}")
    yield Event(at=facts.last_day, kind="deadline", what="the last day to act")
    if facts.embargo:
        yield Event(at=facts.embargo, kind="embargo", what="the embargo ends")
    if facts.counter:
        what = f"{facts.counter.value:,} letters counted: {facts.counter.source}"
        yield Event(at=facts.counter.as_of, kind="counter", what=what)
    for target in facts.targets:
        for holder in target.holders:
            if holder.confirmed_on:
                what = f"holder of {target.id} confirmed: {holder.name}"
                yield Event(at=holder.confirmed_on, kind="confirmed", what=what)


def _number(facts: Facts) -> str:
    said = [str(one) for one in (facts.number, facts.index) if one]
    kind = [] if facts.kind == "ua" else [facts.kind]
    told = ", ".join(kind + said)
    return f": {told}" if told else ""


def _imported(action: Action, faults: list[str]) -> Iterator[Event]:
    """Yield where the case was read: the documents of the import, and the sources it names."""
    sources = [one for one in action.facts.sources if one.retrieved_at]
    for one in sources:
        yield Event(at=one.retrieved_at or date.min, kind="source", what=f"read: {_title(one)}")
    try:
        found = record.read(action.folder / record.FILE) or {}
    except UasocialError as error:
        faults.append(str(error))
        return
    known = {one.sha256 for one in sources}
    for entry in found.get("documents", ()):
        day = _day(entry.get("retrieved"))
        if day and entry.get("sha256") not in known:
            yield Event(at=day, kind="source", what=printable(f"read: {entry.get('name', '')}"))


def _title(source: "Source") -> str:
    return printable(source.title or source.url or "a document")


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _versions(kit: "Toolkit", action: Action, faults: list[str]) -> Iterator[Event]:
    """Yield the versions before this one, each on the day on which it was read, or began."""
    for number in action.versions:
        try:
            actions = kit.project.actions
            facts = model.read_action(actions, action.id, kit.now.date(), number).facts
        except UasocialError as error:
            faults.append(str(error))
            continue
        read = [one.retrieved_at for one in facts.sources if one.retrieved_at]
        day = max(read, default=facts.active_since)
        what = f"version {number}{_number(facts)}; to act until {facts.last_day}"
        yield Event(at=day, kind="version", what=what)


def _ended_by_files(facts: Facts) -> Iterator[Event]:
    if facts.ended:
        end = facts.ended
        how, why = end.how, "" if end.how == "withdrawn" else end.why or ""
        what = _ENDS[how] + (": good news" if how == "good-news" else "")
        yield Event(at=end.on, kind=how, what=what, who=end.by or "", why=why)


def _extended(facts: Facts) -> Iterator[Event]:
    """Yield the extensions that a note tells of."""
    for note in facts.notes:
        found = NOTE.fullmatch(note)
        day = _day(found["on"]) if found else None
        if found and day:
            what = _moved(found["from"], found["to"])
            yield Event(at=day, kind="extended", what=what, who=found["by"], why=found["why"])
