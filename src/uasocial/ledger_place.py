"""Where a project's ledger is: what the environment says, else the settings, else its own file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable
from uasocial.secrets import from_environment

if TYPE_CHECKING:
    from pydantic import SecretStr

    from uasocial.settings import Project

__all__ = ["VARIABLE", "address", "exists", "shown"]

# The whole address, with its password.
VARIABLE = "UASOCIAL_LEDGER_URL"
_SQLITE = re.compile(r"(?P<scheme>sqlite(?:\+\w+)?:///)?(?P<path>[^?]*)(?P<rest>.*)", re.DOTALL)


def address(project: "Project") -> "SecretStr":
    """Return the ledger's address; a file that is not absolute is the project's.

    Raise UasocialError for the sample, whose folder is nobody's.
    """
    from pydantic import SecretStr  # noqa: PLC0415 - only who publishes waits for it

    given = from_environment([VARIABLE]).get(VARIABLE)
    if given is None and project.root is None:
        raise UasocialError("the sample has no ledger: make a project with `uasocial init FOLDER`")
    said = given.get_secret_value() if given else project.settings.ledger.url
    file = _file(said)
    if file is None or file.is_absolute() or project.root is None:
        return SecretStr(said)
    rest = said.partition("?")[2]
    path = (project.root / file).absolute()
    return SecretStr(f"sqlite:///{path}{'?' if rest else ''}{rest}")


def exists(project: "Project") -> bool:
    """Tell whether there is a ledger already; one on a server is taken to be there."""
    if project.root is None and not from_environment([VARIABLE]):
        return False
    file = _file(address(project).get_secret_value())
    return file is None or file.exists()


def shown(project: "Project") -> str:
    """Return where the ledger is, as may be shown: without a user, a password or options."""
    said = address(project).get_secret_value()
    file = _file(said)
    return printable(str(file) if file else re.sub(r"//.*@", "//", said.partition("?")[0]))


def _file(said: str) -> Path | None:
    """Return the file of an SQLite ledger; None for a server, or for what is no file."""
    parts = _SQLITE.fullmatch(said)
    if parts is None or (not parts["scheme"] and "://" in said):
        return None
    path = parts["path"]
    return Path(path) if path and not path.startswith((":", "file:")) else None
