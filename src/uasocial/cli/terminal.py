"""How a person authorizes an account at a terminal, and where what comes of it goes."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.accounts import Account

__all__ = ["Terminal", "assert_not_set", "lines_of", "new_file"]

MAX_ANSWER = 10_000


class Terminal:
    """Talks to the person at the terminal; without one, answers are lines of standard input."""

    def show(self, text: str) -> None:
        click.echo(printable(text))

    def ask(self, question: str, *, secret: bool = False) -> str:
        if sys.stdin.isatty():
            return _prompted(printable(question), secret=secret)
        said = sys.stdin.readline(MAX_ANSWER)
        if not said:
            raise UasocialError(printable(f"{question}: there was no answer: nothing is kept"))
        return said.strip()


def _prompted(question: str, *, secret: bool) -> str:
    try:
        said: str = click.prompt(question, hide_input=secret, err=True)
    except click.Abort:
        # The same to whoever called: nothing in between takes it for an error of its own.
        raise KeyboardInterrupt from None
    return said.strip()


def assert_not_set(account: "Account") -> None:
    """Raise UasocialError where the environment has a secret, which would go before a new one."""
    from uasocial.secrets import from_environment, variable

    names = [variable(account.name, secret) for secret in account.secrets]
    taken = [name for name in names if name in from_environment(names)]
    if taken:
        raise UasocialError(
            f"{' and '.join(taken)} in the environment would go before what is kept: unset that"
        )


@contextmanager
def new_file(path: Path, root: Path | None) -> Iterator[Path]:
    """Make a file that only its owner may read, and take it away again where anything fails.

    Raise UasocialError where there is one, or for a place in the project, which others get.
    """
    if root is not None and path.resolve().is_relative_to(root.resolve()):
        raise UasocialError(f"{path}: is in the project: name a place that nobody else is given")
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise UasocialError(printable(f"{path}: cannot be made: {error.strerror}")) from None
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def lines_of(account: "Account", given: Mapping[str, str]) -> str:
    """Return secrets as lines of an environment, as a shell, systemd and Docker read them."""
    from uasocial.secrets import variable

    return "".join(
        f"{variable(account.name, secret)}={shlex.quote(value)}\n"
        for secret, value in given.items()
    )
