"""`uasocial report`: what was posted of an action, where, and what became of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError

if TYPE_CHECKING:
    from uasocial.team.reporting import Report

# How a file begins that an earlier report has left.
BEGINNINGS = {"csv": b'"kind","at"', "html": b"<!doctype html>", "pdf": b"%PDF-"}


@click.command("report")
@common.action_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(list(BEGINNINGS)),
    default="csv",
    show_default=True,
    help="A table, a page to look at and print, or a PDF.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file, in place of an older report. Otherwise to standard output.",
)
@click.pass_context
def command(context: click.Context, action: str, form: str, out: Path | None) -> None:
    """Report what was posted of ACTION, what is open, and who decided.

    Of an action that was withdrawn it shows neither name nor story.

    \b
    uasocial report ua-119-21 --format html --out report.html
    """
    from uasocial.team import reporting

    if form == "pdf" and out is None and sys.stdout.isatty():
        raise UasocialError("a PDF is nothing for a terminal: give --out FILE")
    kit = common.make_toolkit(context)
    data = _made(reporting.report(kit, action, reporting.MOST[form]), form)
    if out is None:
        click.echo(data, nl=False)
        return
    from uasocial.placing import put_file

    put_file(out, data, lambda start: start.startswith(BEGINNINGS[form]))
    click.echo(f"{out}: written")


def _made(found: "Report", form: str) -> bytes:
    from uasocial.team import reporting

    if form == "pdf":
        return reporting.as_pdf(found)
    return (reporting.as_html(found) if form == "html" else reporting.as_csv(found)).encode()
