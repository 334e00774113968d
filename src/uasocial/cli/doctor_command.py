"""`uasocial doctor`: what is wrong with this installation, and how to mend it."""

import sys
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uasocial.doctor import Finding


@click.command("doctor")
@common.json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Tell what is wrong with this installation, and how to mend it.

    Looks at Python, the project, its plugins, its accounts and its ledger, and changes no post.
    """
    findings = list(_findings(context))
    if as_json:
        shown = [{"what": f.what, "ok": f.ok, "said": f.said, "remedy": f.remedy} for f in findings]
        common.print_json(findings=shown)
    else:
        for finding in findings:
            _show(finding)
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def _findings(context: click.Context) -> "Iterator[Finding]":
    from uasocial import doctor
    from uasocial.secrets import Keyring

    keyring = Keyring()
    yield from doctor.of_machine(keyring, sys.stdout.encoding)
    try:
        kit = common.make_toolkit(context)
    except UasocialError as error:
        yield doctor.Finding("project", str(error), "mend what it says")
        return
    yield from doctor.of_project(kit, keyring)


def _show(finding: "Finding") -> None:
    state = click.style("ok   ", fg="green") if finding.ok else click.style("wrong", fg="red")
    click.echo(f"{state} {finding.what}: {finding.said}")
    if finding.remedy:
        click.echo(f"      -> {finding.remedy}")
