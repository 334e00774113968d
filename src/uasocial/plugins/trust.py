"""Which single files may run on this machine: remembered by path and by digest.

A case folder can come from anywhere, so nothing in it runs because it lies there. Trust is given
by a person, on one machine, to the bytes of one file; a file that has changed has lost it.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from uasocial.errors import UasocialError

__all__ = ["TrustedFile", "distrust", "trust", "trust_command", "trusted", "trusts_command"]

# What stands behind the path of a settings file whose command is trusted, and not the file.
_COMMAND = "#after"


class TrustedFile(NamedTuple):
    """A file as it was when it was trusted; *sha256* in hexadecimal."""

    path: Path
    sha256: str

    def source(self) -> bytes:
        """Return the bytes that were trusted; raise UasocialError where they are not these."""
        import hashlib  # noqa: PLC0415 - most runs have no trusted file

        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise UasocialError(f"cannot be read: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UasocialError(
                "has changed since it was trusted: read it, then `uasocial plugins trust` it again"
            )
        return data


def _store() -> Path:
    folder = os.environ.get("UASOCIAL_CONFIG") or click.get_app_dir("uasocial")
    return Path(folder) / "trusted.json"


def trusted() -> list[TrustedFile]:
    """List the trusted files, in the order of their paths."""
    return [
        TrustedFile(Path(path), digest)
        for path, digest in sorted(_read().items())
        if not path.endswith(_COMMAND)
    ]


def _read() -> dict[str, str]:
    if not _store().exists():
        return {}
    import json  # noqa: PLC0415

    try:
        entries = json.loads(_store().read_text(encoding="utf-8"))
        return {str(path): str(digest) for path, digest in entries.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise UasocialError(
            f"{_store()} cannot be read ({error}): take it away, and trust your files anew"
        ) from None


def trust(path: Path) -> TrustedFile:
    """Remember the file at *path* as it is now; raise UasocialError if there is none."""
    import hashlib  # noqa: PLC0415

    path = path.resolve()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UasocialError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix != ".py":
        raise UasocialError(f"{path}: is no Python file (.py)")
    file = TrustedFile(path, hashlib.sha256(data).hexdigest())
    _write(_read() | {str(path): file.sha256})
    return file


def distrust(path: Path) -> None:
    """Forget the file at *path*; raise UasocialError if it was not trusted."""
    entries = _read()
    gone = [entries.pop(f"{path.resolve()}{kind}", None) for kind in ("", _COMMAND)]
    if not any(gone):
        raise UasocialError(f"{path}: is not among the trusted files")
    _write(entries)


def trust_command(file: Path, command: Sequence[str]) -> None:
    """Let the settings in *file* run *command* on this machine, and no other."""
    _write(_read() | {f"{file.resolve()}{_COMMAND}": _digest(command)})


def trusts_command(file: Path, command: Sequence[str]) -> bool:
    """Tell whether a person has let the settings in *file* run this very command here."""
    return _read().get(f"{file.resolve()}{_COMMAND}") == _digest(command)


def _digest(command: Sequence[str]) -> str:
    import hashlib  # noqa: PLC0415

    return hashlib.sha256("\0".join(command).encode("utf-8", "surrogatepass")).hexdigest()


def _write(entries: dict[str, str]) -> None:
    import json  # noqa: PLC0415

    store = _store()
    store.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved: a reader sees the old list or the new one, never half of it.
    new = store.with_suffix(".new")
    new.write_text(json.dumps(entries, indent=1), encoding="utf-8")
    new.replace(store)
