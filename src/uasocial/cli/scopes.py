"""What a command is for: some deliveries by their ids, or all of an action or a plan."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from uasocial.cli import common
from uasocial.errors import NotFound, printable

if TYPE_CHECKING:
    from uasocial.outbox.choosing import Chosen
    from uasocial.outbox.controls import Scope
    from uasocial.toolkit import Toolkit

__all__ = [
    "Span",
    "chosen",
    "deliveries_argument",
    "each",
    "plan_option",
    "scope_options",
    "selected",
    "shown",
]

OPTIONS = "--action, --account, --platform, --language, --country"
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=366)

F = TypeVar("F", bound=Callable[..., Any])

deliveries_argument = click.argument("deliveries", nargs=-1, metavar="[DELIVERY]...")
plan_option = click.option("--plan", metavar="NAME", help="All posts of a plan of that name.")


class Span(click.ParamType[timedelta]):
    """A length of time: 30m, 2h, 3d."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        said = re.fullmatch(r"([0-9]{1,6})([mhd])", f"{value}")
        span = timedelta(**{UNITS[said[2]]: int(said[1])}) if said else timedelta()
        if not timedelta() < span <= LONGEST:
            shown = printable(f"{value}")
            self.fail(f"{shown!r} is no time; write it as 30m, 2h or 3d", param, ctx)
        return span


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


def selected(kit: "Toolkit", deliveries: tuple[str, ...], **given: "str | bool | None") -> "Chosen":
    """Return what deliveries are meant: those named, or all for which every option is true.

    Raise UsageError where nobody is meant, or both ways are used.
    """
    from uasocial.outbox.choosing import Chosen

    options = {scope: value for scope, value in given.items() if value}
    if deliveries and options:
        raise click.UsageError("name deliveries, or give options that choose them: not both")
    if "everything" in options and len(options) > 1:
        raise click.UsageError("--all is everything: leave the others out")
    if not deliveries and not options:
        plans = ", --plan" if "plan" in given else ""
        raise click.UsageError(f"name a DELIVERY, or say what for: {OPTIONS}{plans}, or --all")
    named: dict[str, Any] = {
        scope: _checked(kit, scope, str(name))
        for scope, name in options.items()
        if scope != "everything"
    }
    return Chosen(deliveries, everything="everything" in options, **named)


def chosen(kit: "Toolkit", **given: "str | bool | None") -> "tuple[Scope, str]":
    """Return the one scope that is *given*, and whom it names; raise where that is nobody."""
    named = {scope: name for scope, name in given.items() if name}
    if len(named) != 1:
        raise click.UsageError(f"say what for, with a DELIVERY, or one of {OPTIONS} or --all")
    if "everything" in named:
        return "all", ""
    scope, name = next(iter(named.items()))
    return scope, _checked(kit, scope, str(name))  # type: ignore[return-value]


def each(
    kit: "Toolkit", deliveries: tuple[str, ...], **given: "str | bool | None"
) -> "list[tuple[Scope, str]]":
    """Return what a control is for: each delivery that is named, or the one scope."""
    from uasocial import stopping

    if not deliveries:
        return [chosen(kit, **given)]
    if any(given.values()):
        raise click.UsageError("name deliveries, or say what for with an option: not both")
    return [("post", name) for name in stopping.ids(kit, deliveries)]


def _checked(kit: "Toolkit", scope: str, name: str) -> str:
    """Return a name as the ledger knows it: one that is written wrong would hold nothing back."""
    from uasocial import stopping
    from uasocial.model.codes import COUNTRIES, is_language

    if scope == "plan":
        return name
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
    if scope == "post":
        return name[:8]
    return "everything" if scope == "all" else f"{scope} {name}"
