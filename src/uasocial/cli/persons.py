"""Who does something, and why: the options of every command that goes on record.

A name guards against mistakes, not against a liar: whoever may write the ledger may write any.
"""

import getpass
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from uasocial.errors import printable

__all__ = ["NAME", "by_option", "why_option"]

# The variable that says who one is, where the login does not.
NAME = "UASOCIAL_NAME"
# As the ledger keeps it, and as a case's file takes it: in one line, nothing of it hidden.
MAX_NAME, MAX_WHY = 120, 1000
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff]"
)

F = TypeVar("F", bound=Callable[..., Any])


def _name(_: click.Context, __: click.Parameter, given: str | None) -> str:
    said = (given if given is not None else _login()).strip()
    if not said:
        raise click.BadParameter(f"say who you are: --by NAME, or {NAME} in the environment")
    return _line(said, MAX_NAME)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _reason(_: click.Context, option: click.Parameter, given: str | None) -> str:
    said = (given or "").strip()
    if option.required and not said:
        raise click.BadParameter("say why, in a few words")
    return _line(said, MAX_WHY)


def _line(said: str, most: int) -> str:
    if _HIDDEN.search(said):
        raise click.BadParameter(f"{printable(said)!r} holds what cannot be seen: write one line")
    if len(said) > most:
        raise click.BadParameter(f"it is {len(said)} characters long; {most} are enough")
    return said


by_option = click.option(
    "--by",
    metavar="NAME",
    envvar=NAME,
    callback=_name,
    help=f"Who you are, on record. Otherwise {NAME}, else your login.",
)


def why_option(*, required: bool = False) -> Callable[[F], F]:
    """Add `--why`."""
    return click.option(
        "--why", metavar="WORDS", required=required, callback=_reason, help="Why, on record."
    )
