"""`uasocial check`: what is wrong, where, and how to mend it."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import NotFound, printable

if TYPE_CHECKING:
    from uasocial.checking import Finding, Report
    from uasocial.rules import Rule


@click.command("check")
@click.argument("actions", nargs=-1, metavar="[ACTION]...", shell_complete=common.complete_actions)
@common.platform_option
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--explain", metavar="CODE", help="Tell what a rule wants and why, with examples.")
@common.moment_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    actions: tuple[str, ...],
    platforms: tuple[str, ...],
    strict: bool,
    explain: str | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Check each ACTION, or all: its files, its words, and each draft.

    Every thing wrong is a line with its file, its line number and the code of a rule; the exit
    status is 1 where one of them is an error.
    """
    kit = common.make_toolkit(context, as_of)
    if explain is not None:
        _explain(kit.rules.named(explain), as_json)
        return
    known = kit.action_ids()
    for name in actions:
        if name not in known:
            raise NotFound("action", name, known)
    names = actions or known
    report = kit.check(names, kit.choose(platforms), whole=not (actions or platforms))
    common.warn_of_plugins(kit)
    if as_json:
        common.print_json(
            problems=[_as_json(finding, strict) for finding in report.findings],
            silenced=[
                {**_as_json(finding, strict=False), "reason": finding.reason}
                for finding in report.silenced
            ],
        )
    else:
        for finding in report.findings:
            click.secho(str(finding), fg="red" if finding.error or strict else None)
        click.echo(_summary(report, len(names), strict), err=True)
    if any(finding.error or strict for finding in report.findings):
        context.exit(1)


def _as_json(finding: "Finding", strict: bool) -> dict[str, Any]:
    return {
        "action": finding.action,
        "path": str(finding.place.path),
        "line": finding.place.line,
        "code": finding.code,
        "level": "error" if finding.error or strict else "warning",
        "message": finding.place.message,
        "fix": finding.fix,
    }


def _summary(report: "Report", actions: int, strict: bool) -> str:
    errors = sum(finding.error or strict for finding in report.findings)
    warnings = len(report.findings) - errors
    counts = [_count(errors, "error"), _count(warnings, "warning")]
    found = " and ".join(filter(None, counts)) or "nothing wrong"
    silenced = f"; {len(report.silenced)} silenced" if report.silenced else ""
    return f"{found} in {_count(actions, 'action') or 'no action'}{silenced}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _explain(rule: "Rule", as_json: bool) -> None:
    about = rule.explained()
    if as_json:
        common.print_json(rules=[about])
        return
    click.secho(f"{rule.code} {rule.sentence}", bold=True)
    kind = "An error" if rule.error else "A warning"
    if about["can_be_silenced"]:
        kind += ": `[[silence]]` in uasocial.toml can silence it"
    for text in (about["why"], f"To mend it: {rule.fix}.", f"{kind}."):
        if text:
            click.echo(f"\n{printable(text)}")
    for title, example in (("Found:", rule.bad), ("Not found:", rule.good)):
        if example != "{}":
            click.echo(f"\n{title}\n")
            click.echo("\n".join(f"    {line}" for line in printable(example).splitlines()))
