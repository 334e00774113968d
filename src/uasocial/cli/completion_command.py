"""`uasocial completion`: what a shell needs to complete commands and actions."""

import click

WHERE = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/uasocial.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(sorted(WHERE)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion of SHELL.

    \b
    bash   echo 'eval "$(uasocial completion bash)"' >> ~/.bashrc
    zsh    echo 'eval "$(uasocial completion zsh)"' >> ~/.zshrc
    fish   uasocial completion fish > ~/.config/fish/completions/uasocial.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    completion = found(context.find_root().command, {}, "uasocial", "_UASOCIAL_COMPLETE")
    click.echo(completion.source())
