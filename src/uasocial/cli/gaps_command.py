"""`uasocial gaps`: which language lacks what, at a glance."""

from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uasocial.team.gaps import Gaps, Part, Row
    from uasocial.toolkit import Toolkit


@click.command("gaps")
@click.argument("action", required=False, shell_complete=common.complete_actions)
@common.json_option
@click.pass_context
def command(context: click.Context, action: str | None, as_json: bool) -> None:
    """Show which language of ACTION, or of each, lacks what others have.

    A number under a platform is that of the wordings; `behind` names what has changed in the
    language that it was translated from.
    """
    kit = common.make_toolkit(context)
    found, unread = _found(kit, action)
    if as_json:
        import msgspec

        common.print_json(actions=[msgspec.to_builtins(_plain(one)) for one in found])
    else:
        for number, one in enumerate(found):
            if number:
                click.echo()
            _show(one)
    for line in unread:
        click.echo(line, err=True)
    context.exit(1 if unread else 0)


def _found(kit: "Toolkit", action: str | None) -> "tuple[list[Gaps], list[str]]":
    """Return what there is of one case or of each, and why some cannot be shown."""
    from uasocial.team.gaps import gaps

    if action is not None:
        return [gaps(kit, action)], []
    found, unread = [], []
    for name in kit.action_ids():
        try:
            if not kit.is_withdrawn(kit.action(name)):
                found.append(gaps(kit, name))
        except UasocialError as error:
            unread.append(str(error))
    return found, unread


def _plain(one: "Gaps") -> dict[str, object]:
    """Return a case as data: parts by name, and not as pairs."""
    rows = [
        {
            **{name: getattr(row, name) for name in row.__struct_fields__},
            "alts": row.alts._asdict(),
            "covered": row.covered._asdict(),
        }
        for row in one.rows
    ]
    return {"action": one.action, "languages": rows, "gaps": [gap._asdict() for gap in one.gaps]}


def _show(one: "Gaps") -> None:
    click.secho(one.action, bold=True)
    lines = [_head(one.rows), *(_cells(row) for row in one.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())
    for gap in one.gaps:
        click.echo(printable(f"  {gap.language or 'all'}: {gap.said} ({gap.code})"))


def _head(rows: "Iterable[Row]") -> list[str]:
    platforms = next((list(row.wordings) for row in rows), [])
    return ["", "title", "lead", "body", "letter", *platforms, "alts", "demands", "behind"]


def _cells(row: "Row") -> list[str]:
    given = [_mark(there=part) for part in (row.title, row.lead, row.body, row.letter)]
    wordings = [str(count or "-") for count in row.wordings.values()]
    behind = f"{row.source}: {', '.join(row.behind)}" if row.behind else "-"
    return [row.language, *given, *wordings, _part(row.alts), _part(row.covered), behind]


def _mark(*, there: bool) -> str:
    return "yes" if there else "-"


def _part(part: "Part") -> str:
    return f"{part.has}/{part.of}" if part.of else "-"
