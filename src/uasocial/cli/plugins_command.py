"""`uasocial plugins`: what is installed, what is trusted, and what is wrong with it."""

from pathlib import Path

import click

from uasocial.cli import common


@click.group("plugins", invoke_without_command=True)
@common.json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the plugins, with the error of each that is out of service."""
    if context.invoked_subcommand is not None:
        return
    from uasocial.accounts import publishers

    kit = common.make_toolkit(context)
    # Registering is what shows a clash.
    _ = kit.platforms, publishers(kit)
    if as_json:
        common.print_json(
            plugins=[
                {"name": p.name, "source": p.source, "version": p.version, "error": p.error}
                for p in kit.host.listed
            ]
        )
        return
    for plugin in kit.host.listed:
        state = click.style(plugin.error, fg="red") if plugin.error else "ok"
        source = f"{plugin.source} {plugin.version}".strip()
        click.echo(f"{plugin.name:<22} {source:<32} {state}")


@command.command("trust")
@click.argument("file", type=click.Path(path_type=Path))
def trust_command(file: Path) -> None:
    """Let the single FILE run on this machine, as it is now.

    Read it first: a plugin can do whatever you can. If it changes, it is trusted no more. Of a
    uasocial.toml it is the command of [after] that is trusted, as it stands there now.
    """
    from uasocial import settings
    from uasocial.plugins import trust

    if file.name == settings.FILE:
        _trust_after(file)
        return
    trusted = trust.trust(file)
    click.echo(f"{trusted.path} is trusted on this machine, as it is now.")


def _trust_after(file: Path) -> None:
    from uasocial import settings
    from uasocial.errors import UasocialError, printable
    from uasocial.plugins import trust

    after = settings.find_project(str(file.parent)).settings.after
    if after is None:
        raise UasocialError(printable(f"{file}: has no [after], so there is nothing to trust"))
    trust.trust_command(file, after.command)
    click.echo(printable(f"{file} may run this here: {' '.join(after.command)}"))


@command.command("distrust")
@click.argument("file", type=click.Path(path_type=Path))
def distrust_command(file: Path) -> None:
    """Take the trust in FILE back."""
    from uasocial.plugins import trust

    trust.distrust(file)
    click.echo(f"{file} is trusted no more.")


@command.command("new")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder to make it in; otherwise this one.",
)
def new_command(name: str, into: Path) -> None:
    """Begin a package for one more network: uasocial-NAME, with tests that pass.

    It publishes on a fake of its own; its README says how to bring it to the real network.
    """
    from uasocial import scaffold

    folder = scaffold.begin(name, into)
    click.echo(
        f"{folder} is ready. Next:\n"
        f"  pip install pytest && python -m pytest {folder}   # all of it passes, on a fake\n"
        f"  read {folder / 'README.md'}: how it gets to the real network\n"
        f"  pip install --editable {folder} && uasocial plugins"
    )
