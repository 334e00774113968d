"""A plan as a file: written for a person to edit, read again with the line of each fault."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from uasocial.errors import CaseError, Place, nearest
from uasocial.model import dialect, files, tree
from uasocial.model.days import Moment
from uasocial.model.draft import Occasion

__all__ = ["Change", "Row", "compare", "read", "written"]

HEAD = """\
# Change a time, an occasion or a wording; take an entry out to drop it; add one without an id.
# `state` and `text` are there to be read: what they say is not read back.
"""


# Enough to see that a plan is another by now.
DIGITS = 12


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One post of a plan; *id* is the short one of its delivery, None for a new one."""

    id: str | None = None
    at: Moment
    account: str
    occasion: Occasion = "appeal"
    wording: str
    state: str = ""
    text: str = ""


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan of one action, by its name; *as_of* stands for what it was when it was written."""

    action: str
    plan: str
    as_of: str = ""
    posts: tuple[Row, ...] = ()


class Change(NamedTuple):
    """What a file changes: *before* is None for what is new, *after* for what is dropped."""

    kind: Literal["new", "dropped", "moved", "changed"]
    before: Row | None
    after: Row | None


def written(action: str, plan: str, rows: Sequence[Row]) -> str:
    """Return a plan as YAML."""
    posts = [_shown(row) for row in rows]
    said = {"action": action, "plan": plan, "as_of": _digest(rows), "posts": posts}
    return HEAD + dialect.written(dialect.node(said, 0))


def _digest(rows: Iterable[Row]) -> str:
    """Return a short digest of what a file may change."""
    said = sorted(
        f"{row.id} {row.at.astimezone(UTC):%Y-%m-%dT%H:%M} {row.account} "
        f"{row.occasion} {row.wording}"
        for row in rows
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:DIGITS]


def _shown(row: Row) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in row.__struct_fields__}
    said["at"] = row.at.isoformat(timespec="minutes")
    return {name: value for name, value in said.items() if value}


def read(
    path: Path, of: tuple[str, str], known: Sequence[Row], accounts: Iterable[str]
) -> list[Row]:
    """Read a plan *of* an action, by its name; raise CaseError with all faults and their lines."""
    found = tree.read(path)
    document = files.decode(found, Document, date.min)
    wrong = list(_another(found, document, of, _digest(known)))
    if not wrong:
        ids = {row.id or "" for row in known}
        wrong = list(_wrong(found, document, ids, list(accounts)))
    if wrong:
        raise CaseError(wrong)
    return list(document.posts)


def _another(
    found: tree.Tree, document: Document, of: tuple[str, str], now: str
) -> Iterator[Place]:
    """Yield why a file is of another plan: then nothing else in it means anything."""
    action, plan = of
    if document.action != action:
        yield found.place(("action",), f"is a plan of {document.action!r}, and not of {action!r}")
    if document.plan != plan:
        yield found.place(("plan",), f"is the plan {document.plan!r}, and not {plan!r}")
    elif document.as_of and document.as_of != now:
        # What a colleague has added since would count as taken out.
        said = "the plan has changed since this file was written: write it anew, and edit that"
        yield found.place(("as_of",), said)


def _wrong(
    found: tree.Tree, document: Document, known: set[str], accounts: list[str]
) -> Iterator[Place]:
    seen: set[str] = set()
    for number, row in enumerate(document.posts):
        at = ("posts", number)
        if row.id is not None and row.id not in known:
            yield found.place((*at, "id"), f"no post of the plan is {row.id!r}; a new one has none")
        if row.id is not None and row.id in seen:
            yield found.place((*at, "id"), f"{row.id!r} is there twice: take one out")
        if row.account not in accounts:
            hint = nearest(row.account, accounts)
            yield found.place((*at, "account"), f"there is no account {row.account!r}{hint}")
        seen.add(row.id or "")


def compare(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """List what changes from one plan to another, in the order of time."""
    old = {row.id: row for row in before}
    kept = {row.id for row in after if row.id}
    changes = [Change("dropped", row, None) for row in before if row.id not in kept]
    for row in after:
        was = old.get(row.id) if row.id else None
        if was is None:
            changes.append(Change("new", None, row))
        elif (was.account, was.occasion, was.wording) != (row.account, row.occasion, row.wording):
            changes.append(Change("changed", was, row))
        elif was.at != row.at:
            changes.append(Change("moved", was, row))
    return sorted(changes, key=_when)


def _when(change: Change) -> datetime:
    row = change.after or change.before
    assert row is not None  # noqa: S101 - one of them is there
    return row.at
