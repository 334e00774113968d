"""`uasocial accounts`: what there is to publish from, and what it lacks."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import SettingsError, UasocialError, printable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from uasocial.accounts import Account
    from uasocial.overview import Overview
    from uasocial.secrets import Keyring
    from uasocial.settings import StatedAccount
    from uasocial.toolkit import Toolkit

MAX_SECRET = 10_000


@click.group("accounts")
def command() -> None:
    """List, add and check the accounts to publish from.

    What is public of an account stands in uasocial.toml, its secrets in the environment or in the
    system's keyring.
    """


@command.command("list")
@common.json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """List the accounts: whether their secrets are there, and what is next."""
    from uasocial.overview import overviews
    from uasocial.secrets import Keyring

    kit = common.make_toolkit(context)
    found = overviews(kit, Keyring())
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(accounts=[_as_json(one) for one in found])
        return
    if not found:
        click.echo("There is no account; `uasocial accounts add NAME` says what to write.")
    for one in found:
        _show(one, kit.now)


def _as_json(one: "Overview") -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in one.__struct_fields__}
    for name in ("next_due", "ready_at"):
        shown[name] = shown[name].isoformat() if shown[name] else None
    return shown


def _show(one: "Overview", now: datetime) -> None:
    what = f"{one.platform} ({one.kind})" if one.kind not in ("", one.mode) else one.platform
    said = [f"gap {one.gap} s"] if one.gap else []
    said += ["approval required"] if one.approval == "required" else []
    said += [f"{name}: {source}" for name, source in one.secrets.items()]
    said += [f"{one.pending} pending"] if one.pending else []
    said += [f"next {_moment(one.next_due, now)}"] if one.next_due else []
    said += [f"ready {_moment(one.ready_at, now)}"] if one.ready_at else []
    line = f"{one.name:<20} {what:<24} {one.mode:<8} {one.language:<6} {', '.join(said)}"
    click.echo(line.rstrip())
    if one.fault:
        click.secho(f"  {one.fault}", fg="red")


def _moment(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")


@command.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@common.json_option
@click.pass_context
def check_command(context: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Open each account, or those named, and ask its network whose it is. Nothing is published."""
    from uasocial.overview import check
    from uasocial.secrets import Keyring

    kit = common.make_toolkit(context)
    keyring = Keyring()
    chosen = names or sorted(kit.project.settings.accounts)
    checked = [check(kit, name, keyring) for name in dict.fromkeys(chosen)]
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(accounts=[{"name": c.name, "ok": c.ok, "said": c.said} for c in checked])
    else:
        for one in checked:
            state = click.style("ok   ", fg="green") if one.ok else click.style("wrong", fg="red")
            click.echo(f"{state} {one.name}: {one.said}")
    if not all(one.ok for one in checked):
        sys.exit(1)


@command.command("add")
@click.argument("name")
@click.option("--platform", "-p", metavar="NAME", help="The platform of a new account.")
@click.option("--kind", metavar="NAME", help="How it publishes; else the platform's only way.")
@click.option("--language", "-l", metavar="TAG", help="The language of a new account.")
@click.option("--by-hand", is_flag=True, help="A person publishes; nothing is opened.")
@click.pass_context
def add_command(
    context: click.Context,
    name: str,
    platform: str | None,
    kind: str | None,
    language: str | None,
    by_hand: bool,
) -> None:
    """Ask for the secrets of the account NAME and keep them in the system's keyring.

    For a new account, also say what to write into uasocial.toml. Where there is no terminal, the
    secrets are read from standard input, a line each. An empty answer keeps what is there.
    """
    from uasocial.accounts import account
    from uasocial.secrets import Keyring

    kit = common.make_toolkit(context)
    new = name not in kit.project.settings.accounts
    if new:
        mode = "by hand" if by_hand else "publish"
        found = _new(kit, name, platform=platform, kind=kind, language=language, mode=mode)
    elif platform or kind or language or by_hand:
        raise UasocialError(f"{name}: stands in {kit.project.file} already: change it there")
    else:
        found = account(kit, name)
    _keep(found, Keyring())
    if new:
        click.echo(f"Write into {kit.project.file}:\n\n{_lines(found)}")


def _new(kit: "Toolkit", name: str, **said: str | None) -> "Account":
    """Return an account that is not in the settings yet; its settings are still to be given."""
    from uasocial.accounts import new_account
    from uasocial.settings import stated_account

    for option in ("platform", "language"):
        if not said[option]:
            raise click.UsageError(f"{printable(name)!r} is new: name its --{option}")
    stated: StatedAccount = stated_account(name, {k: v for k, v in said.items() if v})
    return new_account(kit, name, stated)


def _keep(account: "Account", keyring: "Keyring") -> None:
    """Ask for all the secrets first, then keep them."""
    from uasocial.secrets import look_up, variable

    if not account.secrets:
        click.echo(f"{account.name} needs no secret.")
        return
    if not keyring.name():
        variables = ", ".join(variable(account.name, secret) for secret in account.secrets)
        raise SettingsError(f"{keyring.fault}: set {variables} in the environment instead")
    there = look_up(account.name, account.secrets, keyring)
    given = {secret: _asked(account.name, secret, secret in there) for secret in account.secrets}
    for secret, value in given.items():
        if value is not None:
            keyring.keep(account.name, secret, value)
            click.echo(f"The {secret} of {account.name} is in the keyring.")


def _asked(account: str, name: str, there: bool) -> "SecretStr | None":
    """Return what somebody gives; None for an empty answer, where there is one already."""
    from pydantic import SecretStr

    if sys.stdin.isatty():
        hint = " (empty keeps what is there)" if there else ""
        question = f"The {name} of {account}{hint}"
        said = click.prompt(question, "", hide_input=True, show_default=False, err=True)
    else:
        said = sys.stdin.readline(MAX_SECRET).rstrip("\r\n")
    if not said and not there:
        raise UasocialError(f"{account}: its {name} was not given: nothing is kept")
    return SecretStr(said) if said else None


def _lines(account: "Account") -> str:
    stated, kind = account.stated, account.kind
    lines = [f"[accounts.{account.name}]"]
    lines += [f'platform = "{stated.platform}"', f'language = "{stated.language}"']
    lines += [f'mode = "{stated.mode}"'] if kind is None else [f'kind = "{kind.name}"']
    settings = ", ".join(f'{name} = "…"' for name in kind.settings) if kind else ""
    return "\n".join([*lines, *([f"settings = {{ {settings} }}"] if settings else [])])
