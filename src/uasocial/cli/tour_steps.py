"""What the tour goes through, step by step: the why, and the command as one would type it."""

import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from uasocial.cli.init_command import EXAMPLE
from uasocial.settings import FILE

__all__ = ["Edit", "Step", "steps"]

ZONE = "Europe/Zurich"
ACCOUNT = """
[accounts.wall]
platform = "bluesky"
language = "en"
kind = "console"
"""
WORDS = f"actions/{EXAMPLE}/en.yaml"
# The road is among what the case says is not to be posted.
SAFE, HARMFUL = "120 children in Belmara", "120 children of Old Mill Road"


class Edit(NamedTuple):
    """A change of a file in the project: *new* for the first *old*, or *new* at its end."""

    file: str
    new: str
    old: str = ""


class Step(NamedTuple):
    """A command, typed as after `uasocial`, with the exit status that it is to have."""

    why: str
    typed: str
    status: int = 0
    edit: Edit | None = None


def steps(folder: Path, now: datetime) -> list[Step]:
    """Return the steps of a tour that makes its project in *folder*; *now* has a zone."""
    tomorrow = now.astimezone(ZoneInfo(ZONE)) + timedelta(days=1)
    return [*_reading(folder), *_publishing(f"{tomorrow:%Y-%m-%d}T10:00 {ZONE}"), *_stopping()]


def _reading(folder: Path) -> list[Step]:
    return [
        Step(
            "A case is a folder of files. This makes a project with an invented one, whose days "
            "count from today; all that follows is typed in there.",
            shlex.join(["init", str(folder)]),
        ),
        Step("What there is: each case, with the days that are left.", "list"),
        Step(
            "One case: who is in danger, who can end it, what to ask for, what to beware of.",
            f"show {EXAMPLE} --language en",
        ),
        Step(
            "Words ready to share, in one language. A handle never crosses platforms: compare the "
            "two.",
            f"share {EXAMPLE} --language en --wording teacher --platform x --platform bluesky",
        ),
        Step(
            "Somebody writes a place into a post that would lead to the family. `check` finds it.",
            f"check {EXAMPLE}",
            1,
            Edit(WORDS, HARMFUL, SAFE),
        ),
        Step(
            "It is taken out again. What remains is a warning, and holds nothing back.",
            f"check {EXAMPLE}",
            edit=Edit(WORDS, SAFE, HARMFUL),
        ),
        Step(
            "The letter to one target, and a copy to the embassy where you live: say, Switzerland.",
            f"letter {EXAMPLE} --language en --target minister-of-education --from CH",
        ),
    ]


def _publishing(tomorrow: str) -> list[Step]:
    publish = f"publish {EXAMPLE} --account wall"
    return [
        Step(
            "Publishing takes an account. This one prints here: it needs no network and no token.",
            "accounts check wall",
            edit=Edit(FILE, ACCOUNT),
        ),
        Step("Look first: this would go out.", f"{publish} --wording teacher --dry-run"),
        Step(
            "Now it goes out, and onto the ledger. Here it is printed; a network would show it.",
            f"{publish} --wording teacher --yes",
        ),
        Step(
            "The same words twice on one account are refused: so is a command typed twice.",
            f"{publish} --wording teacher --yes",
            1,
        ),
        Step(
            "Other words, for tomorrow. A moment always has its zone; `uasocial worker` would "
            "send them then.",
            f"{publish} --wording demands --at '{tomorrow}' --yes",
        ),
        Step("What is planned, and what waits for somebody.", "queue"),
    ]


def _stopping() -> list[Step]:
    return [
        Step(
            "Something is unclear: hold the account back. What is planned waits.",
            "pause --account wall --why 'We ask the family first'",
        ),
        Step(
            "It is clear again. What is overdue by then never goes out in a burst.",
            "resume --account wall",
        ),
        Step(
            "The danger is over, or a post would do harm: end the case in every language, at once.",
            f"stop {EXAMPLE} --why 'The school is open again'",
        ),
        Step("So nothing of it is planned any more.", "queue"),
        Step(
            "The ledger keeps what was said, where, when and who asked for it; and what was "
            "cancelled, and why.",
            "ledger",
        ),
        Step(
            "Each of its records holds a digest of the one before, so a change of one shows.",
            "ledger verify",
        ),
    ]
