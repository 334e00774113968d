"""What the fake holds."""

from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Account", "App", "Edit", "Refusal", "Status", "Upload"]


class Refusal(Exception):  # noqa: N818 - an answer, and no fault
    """An answer with a status and an error, as the server words it."""

    def __init__(self, status: int, error: str) -> None:
        self.status, self.error = status, error
        super().__init__(error)


@dataclass
class Account:
    """An account; *acct* has the domain where it is another server's."""

    id: str
    acct: str
    uri: str
    name: str = ""
    suspended: bool = False
    limited: bool = False
    disabled: bool = False
    known: bool = True
    moved: "Account | None" = None


@dataclass
class Upload:
    """A picture; *asked* counts how often it was asked about."""

    id: str
    owner: str
    data: bytes
    type: str
    alt: str
    at: datetime
    attached: bool = False
    broken: bool = False
    asked: int = 0


@dataclass
class Edit:
    """What a status said at a time."""

    text: str
    warning: str
    alts: tuple[str, ...]
    at: datetime


@dataclass
class Status:
    """A status as it is now; *edits* are what it said, from the first on."""

    id: str
    owner: str
    text: str
    at: datetime
    warning: str = ""
    sensitive: bool = False
    visibility: str = "public"
    language: str | None = None
    answers: str | None = None
    uploads: list[Upload] = field(default_factory=list)
    app: str = ""
    edits: list[Edit] = field(default_factory=list)


@dataclass
class App:
    """A client that was registered."""

    id: str
    secret: str
    name: str
    scopes: tuple[str, ...]
