"""`uasocial tour`: from a case to a stop, on a sample, without a token or a network."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.cli.tour_steps import Edit, Step

# Seconds: each command takes less than one, on a slow machine a few.
PATIENCE = 120
RUN = "from uasocial.cli import main; main()"
NEXT = """
That was the way of a case, from its files to its last word on record.

Next:
  uasocial init my-section        make a project of your own
  uasocial import page.html       make a case of an urgent action's page, Word file or PDF
  uasocial accounts add --help    publish from an account of yours
  uasocial COMMAND --help         see what a command takes
The docs: supporters.md to share and write, publishing.md to publish; index.md lists them all.
"""


@click.command("tour")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Run through, without waiting for Enter.")
@click.option("--remove", is_flag=True, help="Remove the folder at the end.")
@click.pass_context
def command(context: click.Context, folder: Path | None, yes: bool, remove: bool) -> None:
    """Try it all in ten minutes, from a case to its last post on record.

    Each step is a real command, on an invented case in a new FOLDER, otherwise a temporary one.
    Nothing leaves this machine; no account, token or network is needed.
    """
    home = _new(folder) if folder else _temporary()
    waits = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        _walk(home if folder else home / "tour", waits=waits)
        remove = remove or (waits and click.confirm(f"\nRemove {printable(str(home))}?"))
    except (KeyboardInterrupt, click.Abort):
        # Below the ^C that the terminal shows.
        click.echo("\nThe tour is interrupted. ", nl=False)
        _leave(home, remove=remove)
        context.exit(1)
    _leave(home, remove=remove)


# --- the folder --------------------------------------------------------------------------------


def _new(folder: Path) -> Path:
    """Return where *folder* will be; raise UasocialError where something is in the way."""
    from uasocial.settings import FILE

    place = folder.absolute()
    try:
        taken = place.exists() or place.is_symlink()
        project = next((p for p in place.resolve().parents if (p / FILE).is_file()), None)
    except OSError as error:
        raise UasocialError(printable(f"{folder}: cannot be made: {error.strerror}")) from None
    if taken:
        raise UasocialError(printable(f"{folder}: is there already; name a new folder"))
    if project:
        # In its `actions` the tour would be one of its cases.
        where = f"{folder}: would lie in the project {project}; name a folder outside it"
        raise UasocialError(printable(where))
    return place


def _temporary() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="uasocial-tour-"))
    except OSError as error:
        raise UasocialError(
            f"there is no place for temporary files: {error.strerror}; name a new FOLDER"
        ) from None


def _leave(home: Path, *, remove: bool) -> None:
    """Say what is left of the tour."""
    if remove:
        shutil.rmtree(home, ignore_errors=True)
    stays = home.exists()
    left = "stays: look around in it, or remove it." if stays else "is not there any more."
    click.echo(printable(f"{home} {left}"))


# --- the steps ---------------------------------------------------------------------------------


def _walk(folder: Path, *, waits: bool) -> None:
    """Go through all the steps, or up to the one at which somebody ends it."""
    from uasocial.cli.tour_steps import steps

    todo = steps(folder, datetime.now(UTC))
    for number, step in enumerate(todo, 1):
        if number > 1 and waits and not _goes_on():
            return
        click.secho(f"\n{number}/{len(todo)}  {step.why}", bold=True)
        _take(step, folder)
    click.echo(NEXT)


def _goes_on() -> bool:
    question = click.style("Enter goes on, q ends the tour", dim=True)
    said: str = click.prompt(question, "", show_default=False, prompt_suffix=" ")
    return not said.strip().casefold().startswith("q")


def _take(step: "Step", folder: Path) -> None:
    """Do what a step says; raise UasocialError where it ends otherwise than it should."""
    if step.edit:
        _edit(step.edit, folder)
    click.secho(f"$ uasocial {printable(step.typed)}", fg="cyan")
    status = _run(shlex.split(step.typed), folder)
    if status != step.status:
        said = f"`uasocial {step.typed}` ended with status {status}, and not with {step.status}"
        raise UasocialError(printable(f"the tour cannot go on: {said}; look into {folder}"))
    if status:
        click.secho(f"(exit status {status}, as it should be)", dim=True)


def _edit(edit: "Edit", folder: Path) -> None:
    """Change a file as a person would in an editor, and show it."""
    path = folder / edit.file
    try:
        text = path.read_text(encoding="utf-8")
        new = text.replace(edit.old, edit.new, 1) if edit.old else f"{text}{edit.new}"
        path.write_text(new, encoding="utf-8")
    except OSError as error:
        raise UasocialError(printable(f"{path}: cannot be changed: {error.strerror}")) from None
    click.echo(f"In {edit.file}:")
    for sign, lines in (("-", edit.old), ("+", edit.new)):
        for line in lines.strip().splitlines():
            click.echo(f"  {sign} {line}")


def _run(args: list[str], folder: Path) -> int:
    """Run a command of ours in the project, and return its exit status.

    It is a process of its own, out of reach of Ctrl-C: what it has begun it ends.
    """
    with _start(args, folder) as child:
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise UasocialError(
                f"the tour cannot go on: `uasocial {args[0]}` took over {PATIENCE} seconds"
            ) from None
        except KeyboardInterrupt:
            with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
                child.wait(PATIENCE)
            raise
        finally:
            child.kill()


def _start(args: list[str], folder: Path) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own command, with words of our own
            # -P: what lies in the folder is no module of ours.
            [sys.executable, "-P", "-c", RUN, *args],
            cwd=folder if folder.is_dir() else None,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UasocialError(f"Python cannot be started: {error.strerror}") from None


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment without what leads to the reader's own project, ledger or account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UASOCIAL_")}
    own = {"UASOCIAL_CONFIG": str(folder / ".config"), "UASOCIAL_NAME": "newcomer"}
    return kept | own
