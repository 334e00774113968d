"""Brings documents into a project: read, put together, and written as a case or into one."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from uasocial import model
from uasocial.errors import NotFound, UasocialError
from uasocial.model import files, folders, tree, writing
from uasocial.reading import Reading, assembling, choosing, naming, record, vetting
from uasocial.reading.assembling import Case
from uasocial.reading.found import At

if TYPE_CHECKING:
    from uasocial.plugins import PluginHost
    from uasocial.reading import Document

__all__ = ["Change", "Plan", "plan", "read", "write"]

STREAM = "-"


class Change(Struct, frozen=True):
    """One file of a case, as it is and as it will be; *before* None is a new file."""

    name: str
    before: str | None
    after: str

    def diff(self, folder: str) -> Iterator[str]:
        """Yield the lines of a unified diff, as `git diff` shows them."""
        path = f"{folder}/{self.name}"
        yield from difflib.unified_diff(
            (self.before or "").splitlines(),
            self.after.splitlines(),
            "/dev/null" if self.before is None else f"a/{path}",
            f"b/{path}",
            lineterm="",
        )


class Plan(Struct, frozen=True):
    """What an import will write, and nothing of it written yet."""

    id: str
    case: Case
    is_new: bool
    changes: tuple[Change, ...]


def read(host: "PluginHost", paths: Sequence[str], stream: BinaryIO) -> list[Reading]:
    """Read the documents *paths*, `-` from *stream*, each by the layout that fits it best."""
    return [choosing.read(host, document) for document in _named(_open(paths, stream))]


def _open(paths: Sequence[str], stream: BinaryIO) -> Iterator["Document"]:
    from uasocial.reading import formats  # noqa: PLC0415 - a case may be put together without

    if paths.count(STREAM) > 1:
        raise UasocialError("`-` stands for standard input: name it once")
    for path in paths:
        if path == STREAM:
            yield formats.read_stream(stream)
        else:
            yield formats.read_file(Path(path))


def _named(documents: Iterable["Document"]) -> Iterator["Document"]:
    """Tell documents of one name from each other: every value remembers its document by it."""
    taken: set[str] = set()
    for document in documents:
        name, number = document.name, 1
        while name in taken:
            number += 1
            name = f"{document.name} ({number})"
        taken.add(name)
        yield replace(document, name=name)


def plan(  # noqa: PLR0913 - what is written, where, and over what
    actions: Path | None,
    case: Case,
    today: date,
    name: str | None = None,
    *,
    update: bool = False,
    forget: Collection[At] = (),
) -> Plan:
    """Say what to write for *case* into the folder *actions*; None is a project still to be made.

    An update keeps what stood there and *case* does not say, but for the keys to *forget*, such as
    `("action", "index")`. Raise where a new case exists, one to update does not, or what would be
    written is no case.
    """
    name = naming.checked_id(name) if name else naming.case_id(case.plain())
    there = actions is not None and ((actions / name).exists() or (actions / name).is_symlink())
    if update:
        if actions is None or name not in model.action_ids(actions):
            raise NotFound("action", name, model.action_ids(actions) if actions else ())
        return _update(actions, case, today, name, forget)
    if there:
        raise UasocialError(f"{name}: exists: look at the differences with --update")
    done = assembling.complete(case, today)
    texts = {
        f"{file}.yaml": writing.dump(content, Path(f"{file}.yaml"))
        for file, content in done.plain().items()
    }
    _assert_decoded(texts, today)
    texts[record.FILE] = record.write(done)
    changes = (Change(file, None, text) for file, text in texts.items())
    return Plan(name, done, is_new=True, changes=tuple(changes))


def _update(actions: Path, case: Case, today: date, name: str, forget: Collection[At]) -> Plan:
    folder = actions / name
    action = model.read_action(actions, name, today)
    present = {
        file: {key: value for key, value in found.value.items() if (file, key) not in forget}
        for file, found in ((language or "action", t) for language, t in action.trees.items())
    }
    done = assembling.complete(assembling.update(case, present, today), today)
    before = {f"{file}.yaml": _text(folder / f"{file}.yaml") for file in present}
    texts = {}
    for file, content in done.plain().items():
        path = folder / f"{file}.yaml"
        known = before.get(path.name)
        texts[path.name] = (
            writing.dump(content, path) if known is None else writing.revise(known, content, path)
        )
    _assert_decoded(texts, today)
    texts[record.FILE] = record.write(done, record.read(folder / record.FILE))
    if (folder / record.FILE).exists():
        before[record.FILE] = _text(folder / record.FILE)
    changes = (Change(file, before.get(file), text) for file, text in texts.items())
    changed = tuple(change for change in changes if change.before != change.after)
    return Plan(name, done, is_new=False, changes=changed)


def _text(path: Path) -> str:
    """Return a file as it stands, with its own line ends."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _assert_decoded(texts: dict[str, str], today: date) -> None:
    for name, text in texts.items():
        path = Path(name)
        files.decode(
            tree.parse(text.removeprefix("\ufeff"), path), vetting.kind_of(path.stem), today
        )


def write(actions: Path, planned: Plan) -> None:
    """Write what was planned: all of it, or nothing."""
    texts = {change.name: change.after for change in planned.changes}
    put = folders.write_case if planned.is_new else folders.replace_case
    put(actions, planned.id, texts)
