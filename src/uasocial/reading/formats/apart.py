"""Reading in a process of its own, with an end to its time and memory.

No parser of a rich format can be bounded from within. `python -m uasocial.reading.formats.apart
FORMAT` reads bytes from stdin and writes a JSON object to stdout: `{"document": …}` or
`{"error": …}`, the sentence without the name of the document, which the child is not told.
"""

import contextlib
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import msgspec

from uasocial.errors import DocumentError
from uasocial.reading.document import Document, Format

__all__ = ["main", "read"]

SECONDS = 20
MEMORY = 1_500_000_000
"""Bytes of address space."""

_MODULES = {"docx": "word", "html": "pages", "pdf": "pdf"}
_DO = "open it, save it anew as text, and give that"
TOO_LONG = f"takes too long to read: it is broken or made to harm; {_DO}"
TOO_MUCH = f"needs too much memory: it is broken or made to harm; {_DO}"
FALLEN = f"makes its reader fail: it is broken or made to harm; {_DO}"


class _Answer(msgspec.Struct, omit_defaults=True):
    document: Document | None = None
    error: str = ""


def read(kind: Format, data: bytes, name: str, seconds: float = SECONDS) -> Document:
    """Read a document of the format *kind* in a child; raise DocumentError, also for its death."""
    answer = _asked(kind, data, name, seconds)
    if answer.document is None:
        raise DocumentError(name, answer.error)
    return msgspec.structs.replace(answer.document, name=name)


def _asked(kind: Format, data: bytes, name: str, seconds: float) -> _Answer:
    # -P: no module is taken from the folder one happens to stand in.
    command = [sys.executable, "-P", "-m", __name__, kind]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, this module, a word of ours
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        return msgspec.json.decode(done.stdout, type=_Answer)
    except subprocess.TimeoutExpired:
        raise DocumentError(name, TOO_LONG) from None
    except (msgspec.MsgspecError, UnicodeError):
        raise DocumentError(name, FALLEN) from None
    except OSError as error:
        raise DocumentError(name, f"cannot be read in a process: {error.strerror}") from None


def main() -> None:
    """Be the child: read what stands on stdin as the format that the command line names."""
    module = import_module(f"uasocial.reading.formats.{_MODULES[sys.argv[1]]}")
    data = sys.stdin.buffer.read()
    _bound()
    sys.stdout.buffer.write(_answer(module, data))


def _answer(module: ModuleType, data: bytes) -> bytes:
    try:
        return msgspec.json.encode(_Answer(document=module.read(data, "")))
    except DocumentError as error:
        return msgspec.json.encode(_Answer(error=error.message))
    except MemoryError:
        return msgspec.json.encode(_Answer(error=TOO_MUCH))


def _bound() -> None:
    """Limit this process, as far as the system can."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_CORE: 0}
    for what, most in limits.items():
        # macOS knows the name of a limit on address space and refuses to set it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
