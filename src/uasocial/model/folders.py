"""The folder of a case: made, or brought to a new state, whole or not at all.

A folder is made beside its place, under a name with a dot in front, which is no case to any
reader, and then moved there. Where a run was cut off in the middle of that, `mend` puts back what
it finds: the old state if the new one has not come to its place.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from uasocial.errors import UasocialError

__all__ = ["mend", "replace_case", "replace_file", "write_case"]

NEW, OLD = ".uasocial-new-", ".uasocial-old-"


def replace_file(path: Path, text: str) -> None:
    """Give an existing file another content, at once; its permissions stay."""
    handle, name = tempfile.mkstemp(prefix=NEW, dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise _failed(path, error) from None
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def write_case(actions: Path, name: str, files: Mapping[str, str]) -> Path:
    """Make the folder of a new case with these *files*; raise where there is one of that name."""
    target = actions / name
    try:
        actions.mkdir(parents=True, exist_ok=True)
        mend(actions)
        if target.exists() or target.is_symlink():
            raise UasocialError(f"{target}: exists already")
        work = _make_work(actions, name)
        try:
            _fill(work, files)
            work.rename(target)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise _failed(target, error) from None
    return target


def replace_case(actions: Path, name: str, files: Mapping[str, str]) -> Path:
    """Bring the folder of a case to its new state: *files* are exchanged or added, the rest stays.

    Between two moves the folder is away for a moment; who is cut off just there finds it again
    with `mend`, which every writing run begins with.
    """
    target = actions / name
    try:
        mend(actions)
        if target.is_symlink() or not target.is_dir():
            raise UasocialError(f"{target}: is no folder of a case")
        work = _make_work(actions, name)
        try:
            shutil.copytree(target, work, symlinks=True, copy_function=_link, dirs_exist_ok=True)
            _fill(work, files)
            _exchange(target, work, actions / f"{OLD}{name}")
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise _failed(target, error) from None
    return target


def mend(actions: Path) -> None:
    """Put back what an interrupted run moved away, and clear what it left."""
    for old in actions.glob(f"{OLD}*"):
        target = actions / old.name.removeprefix(OLD)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    for new in actions.glob(f"{NEW}*"):
        shutil.rmtree(new, ignore_errors=True)


def _make_work(actions: Path, name: str) -> Path:
    work = Path(tempfile.mkdtemp(prefix=f"{NEW}{name}-", dir=actions))
    shutil.copymode(actions, work)
    return work


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* as new ones, by their paths: what the old state shares is not touched."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode if path.exists() else None
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        if mode is not None:
            path.chmod(mode)


def _link(source: str, target: str) -> str:
    """Share the bytes of a file that stays, as media may be large; copy where links are unknown."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target)
    return target


def _exchange(target: Path, work: Path, old: Path) -> None:
    target.rename(old)
    try:
        work.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _failed(path: Path, error: OSError) -> UasocialError:
    return UasocialError(f"{path}: cannot be written: {error.strerror or error}")
