"""`uasocial target`: who holds an office now, and what still names the one before."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import changes, common, frozen, persons
from uasocial.errors import printable

if TYPE_CHECKING:
    from uasocial.team.freezing import Frozen
    from uasocial.team.targets import Succession, Successor
    from uasocial.toolkit import Toolkit


def _pairs(_: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Read NAME=TEXT, each name once."""
    found: dict[str, str] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or not name.strip() or not text.strip():
            raise click.BadParameter(f"{printable(one)!r} is not written as {option.metavar}")
        if name.strip() in found:
            raise click.BadParameter(f"{printable(name)!r} is given twice")
        found[name.strip()] = text.strip()
    return found


def _handles(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    return {k.lower(): v.removeprefix("@") for k, v in _pairs(context, option, given).items()}


@click.command("target")
@common.action_argument
@click.argument("target", required=False)
@click.option("--new-holder", "new", metavar="NAME", help="Who holds the office now.")
@click.option(
    "--handle",
    "handles",
    multiple=True,
    callback=_handles,
    metavar="PLATFORM=HANDLE",
    help="An account of the new holder; may be repeated.",
)
@click.option(
    "--salutation",
    "salutations",
    multiple=True,
    callback=_pairs,
    metavar="TAG=TEXT",
    help="How to address the new holder, in a language; may be repeated.",
)
@click.option("--since", type=common.Moment(), metavar="DAY", help="From which day on; else today.")
@click.option("--confirm", is_flag=True, help="Looked up today: who holds it still does.")
@click.option("--dry-run", is_flag=True, help="Show what changes; write and freeze nothing.")
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    target: str | None,
    new: str | None,
    handles: dict[str, str],
    salutations: dict[str, str],
    since: date | None,
    confirm: bool,
    dry_run: bool,
    by: str,
    as_json: bool,
) -> None:
    """Record a new holder of an office, and find what still names the old one.

    Pending posts that name the old one are frozen until somebody has looked. Without an option, the
    targets of ACTION are listed.

    \b
    uasocial target ua-119-21 foreign-minister --new-holder "Berta Nova" --handle x=berta_nova
    uasocial target ua-119-21 --confirm foreign-minister
    """
    from uasocial.team import people

    kit = common.make_toolkit(context)
    if target is None and not (new or confirm):
        _list(kit, action, as_json=as_json)
        return
    if target is None or bool(new) == confirm:
        raise click.UsageError("name the TARGET, with --new-holder NAME or with --confirm")
    if not dry_run:
        people.assert_may(kit, by, "write")
    if confirm:
        if handles or salutations or since:
            raise click.UsageError("--confirm changes nothing else: leave the other options out")
        _confirm(kit, action, target, dry_run=dry_run)
        return
    wanted = _successor(kit, action, str(new), since, handles, salutations)
    if not _succeed(kit, action, target, wanted, by, dry_run=dry_run, as_json=as_json):
        context.exit(1)


def _successor(
    kit: "Toolkit",
    action: str,
    name: str,
    since: date | None,
    handles: dict[str, str],
    salutations: dict[str, str],
) -> "Successor":
    from uasocial.team.targets import Successor

    day = since.date() if isinstance(since, datetime) else since
    first = day or kit.today(kit.action(action))
    return Successor(" ".join(name.split()), first, handles, salutations)


def _list(kit: "Toolkit", action: str, *, as_json: bool) -> None:
    case = kit.action(action)
    today = kit.today(case)
    found = [(one, one.holder(today)) for one in case.facts.targets]
    if as_json:
        common.print_json(
            targets=[
                {
                    "target": one.id,
                    "holder": holder.name if holder else None,
                    "confirmed_on": holder.confirmed_on if holder else None,
                }
                for one, holder in found
            ]
        )
        return
    for one, holder in found:
        if holder is None:
            said = "nobody"
        elif holder.confirmed_on is None:
            said = f"{holder.name}, never confirmed"
        else:
            days = (today - holder.confirmed_on).days
            ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
            said = f"{holder.name}, confirmed {ago}"
        click.echo(printable(f"{one.id}: {said}"))


def _confirm(kit: "Toolkit", action: str, target: str, *, dry_run: bool) -> None:
    from uasocial.team import targets

    holder, change = targets.confirm(kit, action, target)
    if change:
        changes.show([change], action)
        if not dry_run:
            targets.write(kit, action, change)
    said = "nothing is written: this was a dry run" if dry_run and change else "confirmed today"
    click.echo(printable(f"{target}: {holder.name}: {said}"))


def _succeed(
    kit: "Toolkit",
    action: str,
    target: str,
    wanted: "Successor",
    by: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> bool:
    """Write a new holder and freeze; True where files and ledger have both taken it."""
    from uasocial.team import targets

    found = targets.succession(kit, action, target, wanted)
    # First what may go out: should this end in between, nothing names the old holder.
    held = targets.freeze(kit, found, by, dry_run=dry_run)
    if found.change and not dry_run:
        targets.write(kit, action, found.change)
    if as_json:
        common.print_json(**_as_json(found, held, dry_run=dry_run))
    else:
        _show(kit, found, held, dry_run=dry_run)
    return frozen.is_whole(action, held)


def _show(kit: "Toolkit", found: "Succession", held: "Frozen", *, dry_run: bool) -> None:
    if found.change:
        changes.show([found.change], found.action)
    if found.places:
        click.secho("\nStill naming or addressing who held it before:", bold=True)
    for place in found.places:
        click.echo(f"  {place}")
    if found.warning:
        click.secho(printable(f"{found.holder.name} has {found.warning}"), err=True, fg="yellow")
    frozen.show(kit, held, dry_run=dry_run)
    written = "nothing is written: this was a dry run" if dry_run else "written"
    said = written if found.change else "on record already"
    click.echo(printable(f"\n{found.target}: {found.holder.name} since {found.since}: {said}"))
    if not dry_run:
        click.echo(frozen.next_step(found.action, held))


def _as_json(found: "Succession", held: "Frozen", *, dry_run: bool) -> dict[str, Any]:
    return {
        "action": found.action,
        "target": found.target,
        "holder": found.holder.name,
        "since": found.since,
        "written": bool(found.change) and not dry_run,
        "places": [
            {"file": p.path.name, "line": p.line, "message": p.message} for p in found.places
        ],
        **frozen.as_json(held),
    }
