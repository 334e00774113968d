"""A case brought to its next version by a further information, and its old posts frozen.

The present files become `versions/<n>/` and the new ones take their place in one step: a run that
is cut off leaves the old case or the new one. Then comes the ledger; all of it is safe to repeat.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from uasocial import importing, posting
from uasocial.errors import CaseError, Refused, UasocialError
from uasocial.importing import Change
from uasocial.model import Action, ActionNumber, Day, DocumentIndex, folders, tree
from uasocial.reading import Reading, assembling, record
from uasocial.reading.assembling import Case
from uasocial.reading.differences import differences
from uasocial.reading.found import FACTS, At
from uasocial.reading.matching import pair
from uasocial.team import freezing
from uasocial.team.freezing import Frozen

if TYPE_CHECKING:
    from uasocial.outbox.pending import Pending
    from uasocial.toolkit import Toolkit

__all__ = ["Update", "freeze", "prepare", "write"]

# Kinds that end an action: they are no version of it.
ENDS = {"stop": "stop", "good-news": "good news"}


class Update(NamedTuple):
    """A further information read against its case, and nothing of it written yet.

    *version* is what the present files become; *lines* say in plain words what changes, *remarks*
    what a person must look at. *is_taken* tells that the case is made of these documents already:
    nothing is written then, and its posts are looked at once more.
    """

    action: str
    case: Case
    changes: tuple[Change, ...]
    version: int
    lines: list[str]
    remarks: list[str]
    is_taken: bool = False


def prepare(
    kit: "Toolkit",
    name: str,
    paths: Sequence[str],
    stream: BinaryIO,
    *,
    skip_missing: bool = False,
) -> Update:
    """Read documents against the case they follow; raise where they do not.

    With *skip_missing* further informations between may never have been seen.
    """
    action = kit.action(name)
    _assert_open(kit, action)
    readings = importing.read(kit.host, paths, stream)
    case = assembling.assemble(readings, kit.now.date())
    version = max(action.versions, default=0) + 1
    if _is_taken(action, readings):
        return Update(name, case, (), version, [], [], is_taken=True)
    said = case.plain().get(FACTS, {})
    _assert_follows(action, said, skip_missing=skip_missing)
    forget = list(_forgotten(action, said))
    planned = importing.plan(
        kit.project.actions, case, kit.now.date(), name, update=True, forget=forget
    )
    before = {tag or FACTS: found.value for tag, found in action.trees.items()}
    lines = list(differences(before, planned.case.plain()))
    remarks = list(_remarks(action, case.plain()))
    return Update(name, planned.case, planned.changes, version, lines, remarks)


def _assert_open(kit: "Toolkit", action: Action) -> None:
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    ended = action.facts.ended
    if ended is not None:
        raise Refused(
            f"{action.id}: ended on {ended.on}: `uasocial reopen {action.id}` first, if it goes on"
        )


def _is_taken(action: Action, readings: Sequence[Reading]) -> bool:
    """Tell whether the last update was made with these documents; raise Refused for older ones."""
    given = {reading.document.sha256 for reading in readings if reading.document.sha256}
    last = max(action.versions, default=0)
    older = _known(action.folder / "versions" / str(last) if last else action.folder)
    if given & older:
        raise Refused(f"{action.id}: that document was read before: give the one that follows it")
    return bool(given) and given <= _known(action.folder)


def _known(folder: Path) -> set[str]:
    """Return the digests of the documents that a version was read from."""
    kept = record.read(folder / record.FILE) or {}
    facts = _plain(folder / "action.yaml")
    entries = [*kept.get("documents", []), *facts.get("sources", [])]
    return {str(one["sha256"]) for one in entries if isinstance(one, dict) and one.get("sha256")}


def _plain(path: Path) -> dict[str, Any]:
    """Return what an earlier version says, as far as it can be read."""
    try:
        found = tree.read(path).value
    except CaseError:
        return {}
    return found if isinstance(found, dict) else {}


# --- the chain of documents --------------------------------------------------------------------


def _assert_follows(action: Action, said: dict[str, Any], *, skip_missing: bool) -> None:
    """Raise Refused where a document does not follow what the case has."""
    kind = said.get("kind")
    if kind in ENDS:
        how = f"`uasocial close {action.id} --outcome good-news`"
        stop = f"`uasocial stop {action.id}`"
        raise Refused(
            f"{action.id}: the document ends the action ({ENDS[kind]}), and is no new version: "
            f"{how if kind == 'good-news' else stop} records that"
        )
    _assert_number(action, said, skip_missing=skip_missing)
    _assert_index(action, said)
    _assert_date(action, said)


def _assert_number(action: Action, said: dict[str, Any], *, skip_missing: bool) -> None:
    present, text = action.facts.number, said.get("number")
    if present is None or not text:
        return
    new = ActionNumber.parse(text)
    if (new.serial, new.year) != (present.serial, present.year):
        raise Refused(f"{action.id}: the document is of {new}, and the case is {present}")
    if not new.update:
        if said.get("kind") not in ("further-information", "correction"):
            raise Refused(
                f"{action.id}: the document is {new} itself, and no further information on it: "
                "`uasocial import --update` mends a case from its own document"
            )
        return
    if new.update <= present.update:
        raise Refused(f"{action.id}: {new} does not follow {present}, which the case has already")
    # Where the case does not say which one it is, any may follow.
    is_counted = present.update or action.facts.kind == "ua"
    if is_counted and new.update > present.update + 1 and not skip_missing:
        between = f"{present.serial}/{present.year % 100:02d}-{present.update + 1}"
        raise Refused(
            f"{action.id}: {new} does not follow {present}: FI {between} comes first; say "
            "--skip-missing if nobody has it"
        )


def _assert_index(action: Action, said: dict[str, Any]) -> None:
    text = said.get("index")
    if not text:
        return
    new = DocumentIndex.parse(text)
    versions = {f"version {n}": action.folder / "versions" / str(n) for n in action.versions}
    for where, folder in {**versions, "the case": action.folder}.items():
        if _plain(folder / "action.yaml").get("index") in (text, new):
            raise Refused(f"{action.id}: the index {new} is that of {where}: each document has one")


def _assert_date(action: Action, said: dict[str, Any]) -> None:
    text, present = said.get("active_since"), action.facts.active_since
    try:
        new = Day.parse(text) if text else None
    except ValueError:
        return
    if new is not None and new < present:
        raise Refused(
            f"{action.id}: the document is of {new}, and the case of {present}: it is older"
        )


def _forgotten(action: Action, said: dict[str, Any]) -> Iterator[At]:
    """Yield what belonged to the document before alone."""
    if not said.get("index"):
        yield (FACTS, "index")
    if said.get("deadline"):
        yield (FACTS, "deadline_words")
        yield (FACTS, "deadline_inclusive")
    for language in action.words:
        yield (language, "update")


def _remarks(action: Action, said: dict[str, Any]) -> Iterator[str]:
    """Yield what the documents leave open."""
    facts = said.get(FACTS, {})
    number = facts.get("number")
    if action.facts.number and not number:
        yield "the document has no number: look that it is of this case"
    elif number and action.facts.number and not ActionNumber.parse(number).update:
        yield "the document does not say which further information it is: look at `number`"
    for language, words in action.words.items():
        told = said.get(language, {})
        if not told.keys() - {"posts", "alt"}:
            yield f"{language}: is not in the documents, and says what the version before said"
        elif words.demands and "demands" not in told:
            yield f"{language}: the documents list no demands: look whether those are still made"
    present, named = action.trees[""].value["targets"], facts.get("targets", [])
    places = pair("targets", present, named)
    for place, target in enumerate(present):
        if named and place not in places:
            yield f"target {target['id']}: is not in the documents: take it out if it is no more"


# --- written -----------------------------------------------------------------------------------


def write(kit: "Toolkit", found: Update) -> None:
    """Keep the present files as a version and write the new ones, in one step."""
    if not found.changes:
        return
    folder = kit.project.actions / found.action
    kept = [*sorted(folder.glob("*.yaml")), folder / record.FILE]
    texts = {
        f"versions/{found.version}/{path.name}": _text(path) for path in kept if path.is_file()
    }
    texts |= {change.name: change.after for change in found.changes}
    folders.replace_case(kit.project.actions, found.action, texts)


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


# --- on the ledger -----------------------------------------------------------------------------


def freeze(kit: "Toolkit", found: Update, by: str, *, dry_run: bool = False) -> Frozen:
    """Freeze what is pending of the version before, until somebody has looked at it.

    Called before the files are written: should this end in between, nothing of the old version goes
    out. Where they were written before, it is what was made of others than stand there now. With
    *dry_run* it is only listed.
    """
    fresh = type(kit)(kit.project, kit.now)
    now = posting.case_version(fresh.action(found.action))
    # Until the new files are there, all that is pending is of the version before.
    stale = not found.is_taken

    def is_outdated(one: "Pending") -> bool:
        return stale or one.case_version != now

    why = "the case has a new version"
    return freezing.freeze(kit, found.action, is_outdated, by, why, dry_run=dry_run)
