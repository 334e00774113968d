"""`uasocial site`: the pages that supporters share from, as a folder for a host or a stick."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.settings import Project
    from uasocial.site.building import Built, Step
    from uasocial.site.contents import Site


@click.group("site")
def command() -> None:
    """Make the site that supporters share from.

    \b
    uasocial site build public
    """


@command.command("build")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--base",
    metavar="URL",
    help="The address where it will stand, in place of `url` in [site]; empty for a memory stick.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and do nothing.")
@common.page_moment_option
@common.json_option
@click.pass_context
def build_command(
    context: click.Context,
    out: Path,
    base: str | None,
    dry_run: bool,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Make the site in the folder OUT, for a host or a memory stick.

    In place of an older one, which stays whole until the new one is: only what has changed is made
    anew. What lies at the top of OUT with a dot in front stays, and so do CNAME, _headers and
    _redirects; where there is anything else that is no site, nothing is done.

    \b
    uasocial site build public
    uasocial site build public --base https://act.example.org/ua --dry-run
    uasocial site build rehearsal --as-of 2021-12-01
    """
    from uasocial.site.building import build

    site = _site(context, as_of, base)
    common.warn_of_unread(site.kit)
    with _progress() as step:
        built = build(site, out, dry_run=dry_run, step=step)
    common.warn_of_plugins(site.kit)
    for line in built.left_out:
        click.echo(printable(f"left out: {line}"), err=True)
    for line in built.faults:
        click.echo(printable(f"not available now, mend it: {line}"), err=True)
    if as_json:
        _print_json(site, out, built, dry_run)
    else:
        common.say_rehearsal(site.kit)
        if dry_run:
            _show_changes(built)
        _show(site, out, built, dry_run)
    if built.faults:
        context.exit(1)


def _site(context: click.Context, as_of: date | None, base: str | None) -> "Site":
    """Put the site together; one that holds few cases at once, of however many."""
    from uasocial.site.contents import Site
    from uasocial.site.looking import Kit

    known = common.make_toolkit(context, as_of)
    if known.project.root is None and as_of is None:
        raise UasocialError(
            "there is no project here: name one with --project, or look at the sample with --as-of"
        )
    kit = Kit(known.project, known.now, rehearsal=known.rehearsal, actual=known.actual)
    return Site(kit, _base(known.project, base))


def _base(project: "Project", given: str | None) -> str:
    """Return the address of the site with a slash at its end, or empty."""
    from uasocial.settings.addresses import fault_of_place

    said = project.settings.site.url if given is None else given
    fault = fault_of_place(said) if said else ""
    if fault:
        raise UasocialError(f"--base {fault}")
    return f"{said.rstrip('/')}/" if said else ""


@contextmanager
def _progress() -> Iterator["Step"]:
    """Show on a terminal how far it is."""
    if not sys.stderr.isatty():
        yield lambda _, __: None
        return
    with click.progressbar(range(1), label="Making the site", file=sys.stderr) as bar:

        def step(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield step


def _print_json(site: "Site", out: Path, built: "Built", dry_run: bool) -> None:
    common.print_json(
        out=str(out),
        base=site.base,
        dry_run=dry_run,
        rehearsal=site.kit.rehearsal,
        actions={"open": built.open, "closed": built.closed, "hidden": built.hidden},
        build_again_before=site.frame.fresh_until.date(),
        kept=built.kept,
        made=built.made,
        removed=built.removed,
        left_out=built.left_out,
        faults=built.faults,
    )


def _show_changes(built: "Built") -> None:
    """List what would change, a line for each action and each part of the rest."""
    made, removed = _by_part(built.made), _by_part(built.removed)
    for part in sorted(made | removed):
        counts = ((made[part], "made"), (removed[part], "removed"))
        said = ", ".join(f"{_files(count)} {how}" for count, how in counts if count)
        click.echo(printable(f"{part:<32} {said}"))


def _by_part(paths: Iterable[str]) -> Counter[str]:
    """Count files by the folder that somebody would look into."""
    parts = [path.split("/") for path in paths]
    return Counter("/".join(part[: 2 if part[0] == "a" else 1]) for part in parts)


def _show(site: "Site", out: Path, built: "Built", dry_run: bool) -> None:
    from uasocial import languages

    hidden = f", {built.hidden} not shown" if built.hidden else ""
    project = site.kit.project.root or "the sample"
    click.echo(printable(f"{project}: {built.open} open, {built.closed} closed{hidden}"))
    done = "would be made" if dry_run else "made"
    click.echo(
        printable(
            f"{out}: {_files(len(built.made))} {done} ({built.pages} of them pages), "
            f"{built.kept} kept, {len(built.removed)} removed"
        )
    )
    if not site.base:
        click.echo("Without [site] url or --base: no QR codes, no map for search engines.")
    if not site.kit.rehearsal:
        day = languages.day(site.frame.fresh_until.date(), "en")
        click.echo(f"Build it again before {day}, when its pages stop handing out.")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
