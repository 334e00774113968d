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

    Read it first: a plugin can do whatever you can. If it changes, it is trusted no more.
    """
    from uasocial.plugins import trust

    trusted = trust.trust(file)
    click.echo(f"{trusted.path} is trusted on this machine, as it is now.")


@command.command("distrust")
@click.argument("file", type=click.Path(path_type=Path))
def distrust_command(file: Path) -> None:
    """Take the trust in FILE back."""
    from uasocial.plugins import trust

    trust.distrust(file)
    click.echo(f"{file} is trusted no more.")
