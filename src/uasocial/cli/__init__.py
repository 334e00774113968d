"""The command line: each command parses, makes one call of the toolkit, and shows what came out."""

import os
import sys
from importlib import import_module

import click

from uasocial.errors import UasocialError, printable

__all__ = ["cli", "main"]

# In the order in which a newcomer meets them; each is a module of this package.
COMMANDS = (
    "tour",
    "list",
    "show",
    "share",
    "preview",
    "letter",
    "check",
    "gaps",
    "handles",
    "target",
    "translate",
    "translated",
    "count",
    "init",
    "import",
    "update",
    "guide",
    "site",
    "serve",
    "accounts",
    "plan",
    "publish",
    "posted",
    "correct",
    "queue",
    "worker",
    "approve",
    "reject",
    "reschedule",
    "review",
    "pause",
    "resume",
    "stop",
    "withdraw",
    "close",
    "extend",
    "reopen",
    "cancel",
    "report",
    "timeline",
    "notices",
    "ledger",
    "plugins",
    "doctor",
    "completion",
)


class LazyGroup(click.Group):
    """Imports a command when it is asked for: `count` does not wait for what `share` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"uasocial.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from uasocial.errors import nearest

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            name = printable(args[0])
            message = f"there is no command {name!r}{nearest(name, COMMANDS)}"
            raise click.UsageError(message, ctx) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    metavar="FOLDER",
    help="The project to work on. Otherwise UASOCIAL_PROJECT, else the nearest folder upward "
    "with a uasocial.toml, else the sample that comes with uasocial.",
)
@click.version_option(package_name="uasocial", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, project: str | None) -> None:
    """Turn an urgent action into the right words, for every language and every platform.

    Begin with `uasocial list`, then `uasocial share ACTION`.
    """
    context.obj = project
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


def main() -> None:
    """Run the command line: errors are a line each on stderr, with exit status 1."""
    # A terminal that cannot show a character gets its number, and not a traceback.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        cli(prog_name="uasocial")
    except UasocialError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader (a pager, `head`) has seen enough; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # A full disk behind standard output, say; what was done is done, and on record.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = f"{error.filename}: " if error.filename else ""
        click.echo(printable(f"{where}{error.strerror or error}"), err=True)
        sys.exit(1)
