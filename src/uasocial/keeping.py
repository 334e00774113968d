"""What a publisher keeps on this machine beside its secrets: a session, a token it has renewed.

Each account has a file that only its owner may read. What is kept is found again by the secrets it
was made from, and by no others; of these the file holds no more than a salted digest.
"""

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from uasocial.errors import printable
from uasocial.platforms.publisher import NotAuthorized, Secrets, Transient

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Given", "Hidden", "Keeping"]

# In seconds: longer than one call that renews a token, and well within the lease of a delivery.
PATIENCE = 45.0
MAX_BYTES = 1_000_000
# As many secrets of one account keep something: two projects may each have one of that name.
MOST = 8
# So many values of before are still hidden: a call may have begun with one of them.
REMEMBERED = 60
# A session may be several tokens in one text, and an error name one of them.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{24,}")
# What is shorter is no token, but a number or a word that errors are full of.
SHORTEST = 6
# 16 MiB and 50 ms for each guess: a person's own password may be among the secrets.
# https://docs.python.org/3/library/hashlib.html#hashlib.scrypt
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1


class Given(dict[str, str]):
    """Settings, secrets or what was kept, which show in no repr."""

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"

    __str__ = __repr__


class _Entry(msgspec.Struct, frozen=True):
    """What is kept beside some secrets; *mark* is their digest with *salt*, in hexadecimal."""

    salt: str
    mark: str
    values: dict[str, str]

    def __repr__(self) -> str:
        return f"<{', '.join(self.values)}>"


class Keeping(Secrets):
    """The secrets of *account*, a name on a platform, and what is kept beside them.

    What goes wrong with the file is told as a publisher's error, for it comes up in one's calls.
    """

    def __init__(self, platform: str, account: str, given: Mapping[str, str]) -> None:
        self._account, self._given = account, Given(given)
        self._file = _folder() / f"{account}@{platform}.json"
        self._marks: dict[str, str] = {}
        self._before: deque[str] = deque(maxlen=REMEMBERED)
        self.hidden = Hidden(self)

    def __getitem__(self, name: str) -> str:
        return self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __repr__(self) -> str:
        return repr(self._given)

    def kept(self) -> Mapping[str, str]:
        found = next((one.values for one in self._entries() if self._is_mine(one)), {})
        self._remember(found.values())
        return Given(found)

    def keep(self, **values: str) -> None:
        self._remember(values.values())
        salt = os.urandom(16).hex()
        with self.alone():
            others = [one for one in self._entries() if not self._is_mine(one)]
            mine = _Entry(salt, self._mark(salt), values)
            self._write([mine, *others][:MOST])

    def forget(self) -> None:
        """Take away what is kept: a person gives other secrets."""
        if not self._file.exists():
            return
        with self.alone():
            self._write([one for one in self._entries() if not self._is_mine(one)])

    @contextmanager
    def alone(self) -> Iterator[None]:
        lock = self._locked()
        try:
            yield
        finally:
            lock.release()

    def known(self) -> Iterator[str]:
        """Yield the values that were kept of late, and those that are kept now."""
        yield from tuple(self._before)
        with suppress(NotAuthorized):
            yield from (value for one in self._entries() for value in one.values.values())

    def _remember(self, values: Collection[str]) -> None:
        self._before.extend(value for value in values if value not in self._before)

    def _is_mine(self, entry: _Entry) -> bool:
        return entry.mark == self._mark(entry.salt)

    def _mark(self, salt: str) -> str:
        if salt not in self._marks:
            said = json.dumps(sorted(self._given.items())).encode()
            known = hashlib.scrypt(said, salt=salt.encode(), n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
            self._marks[salt] = known[:32].hex()
        return self._marks[salt]

    def _locked(self) -> "BaseFileLock":
        """Return the account's lock, taken: the system lets go of it when this process dies."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only who renews a token

        try:
            _make(self._file.parent)
            # A soft lock would outlive its process. One object for all of a thread, so that it
            # does not wait for itself.
            path = self._file.with_suffix(".lock")
            lock = FileLock(path, PATIENCE, 0o600, is_singleton=True, fallback_to_soft=False)
            lock.acquire()
        except Timeout:
            raise Transient(
                f"{self._account}: somebody else on this machine has been renewing its token for "
                f"{PATIENCE:g} seconds"
            ) from None
        except OSError as error:
            raise self._fault(f"cannot be locked: {error.strerror}") from None
        return lock

    def _entries(self) -> list[_Entry]:
        try:
            with self._file.open("rb") as file:
                return msgspec.json.decode(file.read(MAX_BYTES), type=list[_Entry])
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._fault(f"cannot be read: {error.strerror}") from None
        except ValueError:
            # What is wrong with it might be told with a piece of it.
            raise self._fault("is damaged: take it away") from None

    def _write(self, entries: list[_Entry]) -> None:
        """Replace the file at once, so that a reader finds the old one or the new one."""
        data = msgspec.json.encode(entries)
        if len(data) > MAX_BYTES:
            raise self._fault(f"would have {len(data):,} bytes, which no token takes")
        new = self._file.with_suffix(".new")
        try:
            with os.fdopen(
                os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)
            _sync(self._file.parent)
        except OSError as error:
            raise self._fault(f"cannot be written: {error.strerror}") from None

    def _fault(self, what: str) -> NotAuthorized:
        return NotAuthorized(
            printable(
                f"{self._file} {what}; what it kept of the account {self._account} may be lost: "
                f"`uasocial accounts check {self._account}` tells, and `uasocial accounts "
                "authorize` begins anew"
            )
        )


class Hidden(Collection[str]):
    """What no error may say: the secrets, and all that is or was kept, by whichever process."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def __iter__(self) -> Iterator[str]:
        values = [value for value in self._keeping.known() if len(value) >= SHORTEST]
        yield from self._keeping.values()
        yield from values
        yield from (token for value in values for token in _TOKEN.findall(value))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, text: object) -> bool:
        return any(text == hidden for hidden in self)

    def __repr__(self) -> str:
        return "<hidden>"


def _folder() -> Path:
    folder = os.environ.get("UASOCIAL_CONFIG") or click.get_app_dir("uasocial")
    return Path(folder) / "kept"


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # It may come from a backup, or from a time with another mask.
    folder.chmod(0o700)


def _sync(folder: Path) -> None:
    """Have the folder's own entry on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
