"""`uasocial accounts`: what there is to publish from, and what it lacks."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import SettingsError, UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pydantic import SecretStr

    from uasocial.accounts import Account
    from uasocial.overview import Checked, Overview
    from uasocial.secrets import Found, Keyring
    from uasocial.settings import StatedAccount
    from uasocial.toolkit import Toolkit

MAX_SECRET = 10_000
# The secret that holds the addresses of notices.
URLS = "urls"
NONE = "There is no account; `uasocial accounts add NAME` says what to write."


@click.group("accounts")
def command() -> None:
    """List, add, authorize and check the accounts to publish from.

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
        click.echo(NONE)
    for one in found:
        _show(one, kit.now)


def _as_json(one: "Overview | Checked") -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in one.__struct_fields__}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in shown.items()
    }


def _show(one: "Overview", now: datetime) -> None:
    what = f"{one.platform} ({one.kind})" if one.kind not in ("", one.mode) else one.platform
    said = [f"gap {one.gap} s"] if one.gap else []
    said += ["approval required"] if one.approval == "required" else []
    said += [f"{name}: {source}" for name, source in one.secrets.items()]
    said += [f"token ends {_moment(one.ends_at, now)}"] if one.ends_at else []
    said += [f"keeps {', '.join(one.kept)}"] if one.kept else []
    said += [f"{one.pending} pending"] if one.pending else []
    said += [f"next {_moment(one.next_due, now)}"] if one.next_due else []
    said += [f"ready {_moment(one.ready_at, now)}"] if one.ready_at else []
    line = f"{one.name:<20} {what:<24} {one.mode:<8} {one.language:<6} {', '.join(said)}"
    click.echo(line.rstrip())
    if one.fault:
        click.secho(f"  {one.fault}", fg="red")


def _show_all_checked(checked: "Sequence[Checked]", now: datetime) -> None:
    if not checked:
        click.echo(NONE)
    for one in checked:
        _show_checked(one, now)


def _show_checked(one: "Checked", now: datetime) -> None:
    state = click.style("ok   ", fg="green") if one.ok else click.style("wrong", fg="red")
    click.echo(f"{state} {one.name}: {one.said}")
    for sentence in one.learned:
        click.echo(f"      {sentence}")
    if one.ends_at:
        click.echo(f"      its token ends on {_moment(one.ends_at, now)}")


def _moment(moment: datetime, now: datetime) -> str:
    return moment.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")


@command.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@common.json_option
@click.pass_context
def check_command(context: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Open each account, or those named, and ask its network whose it is. Nothing is published.

    What a server says that it takes is kept in limits.json of the project.
    """
    from uasocial.overview import check
    from uasocial.secrets import Keyring

    kit = common.make_toolkit(context)
    keyring = Keyring()
    chosen = names or sorted(kit.project.settings.accounts)
    checked = [check(kit, name, keyring) for name in dict.fromkeys(chosen)]
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(accounts=[_as_json(one) for one in checked])
    else:
        _show_all_checked(checked, kit.now)
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

    For a new account, first say what to write into uasocial.toml; one that its network authorizes
    is asked for nothing. Where there is no terminal, the secrets are read from standard input, a
    line each. An empty answer keeps what is there.
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
    if new:
        click.echo(f"Write into {kit.project.file}:\n\n{_lines(found)}\n")
    if new and found.kind and found.kind.authorize:
        click.echo(f"Then `uasocial accounts authorize {name}` gets its secrets and keeps them.")
    else:
        _keep(found, Keyring())


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
    from uasocial.secrets import look_up

    if not account.secrets:
        click.echo(f"{account.name} needs no secret.")
        return
    _assert_keyring(account.name, account.secrets, keyring)
    there = look_up(account.name, account.secrets, keyring)
    given = {secret: _asked(account.name, secret, secret in there) for secret in account.secrets}
    told = {secret: value for secret, value in given.items() if value is not None}
    _store(account, told, there, keyring)


def _assert_keyring(
    name: str, secrets: "Collection[str]", keyring: "Keyring", other: str = ""
) -> None:
    from uasocial.secrets import variable

    if not keyring.name():
        variables = ", ".join(variable(name, secret) for secret in secrets)
        instead = other or f"set {variables} in the environment instead"
        raise SettingsError(f"{keyring.fault}: {instead}")


def _store(
    account: "Account",
    given: "Mapping[str, SecretStr]",
    there: "Mapping[str, Found]",
    keyring: "Keyring",
) -> None:
    """Keep secrets in the keyring, and take away what was kept beside those from before."""
    from uasocial.accounts import keeping_of

    before = {name: one.value for name, one in there.items()}
    for secret, value in given.items():
        keyring.keep(account.name, secret, value)
        click.echo(f"The {secret} of {account.name} is in the keyring.")
    # The same secrets again are no reason to lose a token that was renewed.
    if len(there) == len(account.secrets) and {**before, **given} != before:
        keeping_of(account, there).forget()


@command.command("authorize")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the secrets into a new file, for an environment, and not into the keyring.",
)
@click.pass_context
def authorize_command(context: click.Context, name: str, into: Path | None) -> None:
    """Let the network authorize the account NAME, and keep the secrets that come of it.

    They go into the system's keyring. On a machine without one, name a file outside the project
    with --into: whoever runs the worker gives it those lines as its environment.
    """
    from uasocial.accounts import account
    from uasocial.authorizing import assert_authorizes, authorize
    from uasocial.cli.terminal import Terminal, assert_not_set, new_file
    from uasocial.secrets import Keyring

    kit = common.make_toolkit(context)
    found, keyring = account(kit, name), Keyring()
    assert_authorizes(found)
    if into is None:
        # What a network gives can often be asked for only once: first where it goes, then that.
        assert_not_set(found)
        _assert_keyring(name, found.secrets, keyring, "name a file with --into")
        given = authorize(found, Terminal())
        _keep_authorized(found, given, keyring)
    else:
        with new_file(into, kit.project.root) as file:
            given = authorize(found, Terminal())
            _write(file, found, given)
    _tell_whose(kit, found, given)


def _keep_authorized(account: "Account", given: "Mapping[str, str]", keyring: "Keyring") -> None:
    from pydantic import SecretStr

    from uasocial.secrets import look_up

    there = look_up(account.name, account.secrets, keyring)
    secrets = {name: SecretStr(value) for name, value in given.items()}
    _store(account, secrets, there, keyring)


def _write(file: Path, account: "Account", given: "Mapping[str, str]") -> None:
    from uasocial.cli.terminal import lines_of

    try:
        file.write_text(lines_of(account, given), encoding="utf-8")
    except OSError as error:
        raise UasocialError(printable(f"{file}: cannot be written: {error.strerror}")) from None
    click.echo(f"The secrets of {account.name} are in {printable(str(file))}: only you may read it")


def _tell_whose(kit: "Toolkit", account: "Account", given: "Mapping[str, str]") -> None:
    from uasocial.accounts import open_with
    from uasocial.keeping import Keeping
    from uasocial.overview import ask

    secrets = Keeping(account.stated.platform, account.name, given)
    checked = ask(kit, account.name, lambda: open_with(account, secrets))
    _show_checked(checked, kit.now)
    if not checked.ok:
        sys.exit(1)


@command.command("notices")
@click.option("--test", is_flag=True, help="Tell all plugins of a delivery that is made up.")
@click.pass_context
def notices_command(context: click.Context, test: bool) -> None:
    """Ask where notices go, and keep that in the system's keyring.

    A notice tells whoever is on duty that a person is needed. It takes a plugin that sends notices,
    such as uasocial-apprise, which takes addresses of Apprise with a space between them.
    """
    from uasocial.accounts import NOTICES
    from uasocial.secrets import Keyring, look_up

    kit, keyring = common.make_toolkit(context), Keyring()
    if test:
        _tell_of_a_test(kit)
        return
    _assert_keyring(NOTICES, [URLS], keyring)
    value = _asked(NOTICES, URLS, URLS in look_up(NOTICES, [URLS], keyring))
    if value is not None:
        keyring.keep(NOTICES, URLS, value)
        click.echo("They are in the keyring; `uasocial accounts notices --test` tries them.")


def _tell_of_a_test(kit: "Toolkit") -> None:
    from uasocial.accounts import NOTICES, teller
    from uasocial.model.post import Delivery

    tell = teller(kit)
    common.warn_of_plugins(kit)
    if tell is None:
        raise UasocialError(
            "no plugin that is installed takes notices: `pip install 'uasocial[apprise]'`"
        )
    tell(
        Delivery(
            id="test",
            number="TEST",
            action="test",
            language="en",
            platform="x",
            account=NOTICES,
            state="review",
            needs="review",
        )
    )
    click.echo("All plugins that take notices were told: look whether it has arrived.")


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
    lines += [f"settings = {{ {settings} }}"] if settings else []
    lines += [f"# It may have: {', '.join(kind.optional)}"] if kind and kind.optional else []
    return "\n".join(lines)
