"""What a pause is for: the options that name one scope, or everything."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from uasocial.cli import common
from uasocial.errors import NotFound, printable

if TYPE_CHECKING:
    from uasocial.outbox.controls import Scope
    from uasocial.toolkit import Toolkit

__all__ = ["chosen", "scope_options", "shown"]

F = TypeVar("F", bound=Callable[..., Any])


def scope_options(command: F) -> F:
    """Add the options that choose a scope; each gives a text, `--all` a flag."""
    for option in (
        click.option("--all", "everything", is_flag=True, help="Everything."),
        click.option("--country", metavar="CODE", help="All actions of a country."),
        click.option("--language", "-l", metavar="TAG", help="All posts in a language."),
        click.option("--platform", "-p", metavar="NAME", help="All accounts of a platform."),
        click.option("--account", metavar="NAME", help="One account."),
        click.option(
            "--action", metavar="ACTION", shell_complete=common.complete_actions, help="One action."
        ),
    ):
        command = option(command)
    return command


def chosen(kit: "Toolkit", **given: "str | bool | None") -> "tuple[Scope, str]":
    """Return the one scope that is *given*, and whom it names; raise where that is nobody."""
    named = {scope: name for scope, name in given.items() if name}
    if len(named) != 1:
        raise click.UsageError(
            "say what for, with one of --action, --account, --platform, --language, --country "
            "or --all"
        )
    if "everything" in named:
        return "all", ""
    scope, name = next(iter(named.items()))
    return scope, _checked(kit, scope, str(name))  # type: ignore[return-value]


def _checked(kit: "Toolkit", scope: str, name: str) -> str:
    """Return a name as the ledger knows it: one that is written wrong would hold nothing back."""
    from uasocial import stopping
    from uasocial.model.codes import COUNTRIES, is_language

    if scope == "platform":
        return kit.platform(name).name
    if scope == "country":
        name = name.upper()
        known = name in COUNTRIES
    elif scope == "language":
        known = is_language(name)
    else:
        names = kit.action_ids() if scope == "action" else kit.project.settings.accounts
        known = name in names or stopping.knows(kit, scope, name)  # type: ignore[arg-type]
        if not known:
            raise NotFound(scope, name, names)
    if not known:
        raise click.UsageError(f"{printable(name)!r} is no {scope}")
    return name


def shown(scope: str, name: str) -> str:
    return "everything" if scope == "all" else f"{scope} {name}"
