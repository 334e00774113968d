"""`uasocial plan`: who says what when, until the deadline; proposed, for others to approve."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common, delivering, persons
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uasocial.accounts import Account
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.planning.document import Change, Row
    from uasocial.team.plans import Plan
    from uasocial.team.scheduling import Renewal, Wish
    from uasocial.toolkit import Toolkit


@click.command("plan")
@common.action_argument
@click.option(
    "--cadence",
    "-c",
    default="steady",
    show_default=True,
    metavar="NAME",
    help="launch, steady, last-week, or one of [cadences.NAME] in uasocial.toml.",
)
@click.option("--account", "-a", "names", multiple=True, metavar="NAME", help="Otherwise all.")
@click.option("--begin", type=delivering.When(), metavar="WHEN", help="Otherwise now.")
@click.option("--anew", is_flag=True, help="Build it anew; what has not changed stays as it is.")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write it to edit.")
@click.option("--from", "source", type=click.Path(path_type=Path), metavar="FILE", help="Read it.")
@click.option("--yes", is_flag=True, help="Propose what is shown.")
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    cadence: str,
    names: tuple[str, ...],
    begin: datetime | None,
    anew: bool,
    to: Path | None,
    source: Path | None,
    yes: bool,
    by: str,
    as_json: bool,
) -> None:
    """Plan the posts of ACTION until its deadline, on all accounts or those named.

    Each is rendered for its own moment: in the target's office hours, or in your supporters'
    evening. Nothing is proposed without --yes, and nothing goes out before another person has
    approved it. A plan that is there already is shown.

    \b
    uasocial plan my-case --cadence launch          shows it
    uasocial plan my-case --cadence launch --yes    proposes it
    uasocial plan my-case --cadence launch --to plan.yaml
    uasocial plan my-case --cadence launch --from plan.yaml
    """
    from uasocial import accounts
    from uasocial.team import plans, scheduling

    if sum([anew, to is not None, source is not None]) > 1:
        raise click.UsageError("--anew, --to and --from are three things: do one after the other")
    if (to or source) and (names or begin):
        raise click.UsageError("a file says itself when and where: leave --account and --begin out")
    kit = common.make_toolkit(context)
    wish = scheduling.Wish(
        kit.action(action), cadence, plans.cadence_named(kit, cadence), by, begin
    )
    chosen = [accounts.account(kit, name) for name in names] or accounts.accounts(kit)
    if not names:
        common.warn_of_accounts(kit)
    if not chosen:
        raise UasocialError("there is no account to plan for: `uasocial accounts add NAME`")
    ledger = accounts.ledger_of(kit)
    common.warn_of_plugins(kit)
    if source is not None:
        done = _load(kit, ledger, source, wish, yes=yes, as_json=as_json)
    elif to is not None:
        done = _write(kit, ledger, to, wish)
    elif anew:
        done = _renew(kit, ledger, chosen, wish, yes=yes, as_json=as_json)
    elif scheduling.standing(ledger, action, cadence):
        done = _show_standing(kit, ledger, wish, as_json=as_json)
    else:
        done = _propose(kit, ledger, chosen, wish, yes=yes, as_json=as_json)
    if not done:
        context.exit(1)


# --- a new plan --------------------------------------------------------------------------------


def _propose(
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Sequence[Account]",
    wish: "Wish",
    *,
    yes: bool,
    as_json: bool,
) -> bool:
    from uasocial.team import scheduling

    plan = scheduling.fresh(kit, ledger, chosen, wish)
    if not as_json:
        _show(kit, plan)
    proposed = scheduling.put(kit, ledger, plan, wish) if yes else []
    if as_json:
        common.print_json(**_as_json(kit, plan, proposed))
    return _end(kit, plan, wish, yes=yes)


def _end(kit: "Toolkit", plan: "Plan", wish: "Wish", dropped: int = 0, *, yes: bool) -> bool:
    """Say what has become of a plan, and what is next; tell whether nothing is left to agree to."""
    from uasocial.team import people

    count = len(plan.rows)
    proposed = sum(people.needs_approval(kit, row.account.stated) for row in plan.rows)
    if not count and not dropped:
        click.echo("there is nothing to propose", err=True)
    elif not yes:
        click.echo("nothing is proposed: say --yes to propose this", err=True)
    else:
        how = f"uasocial approve --action {wish.action.id} --plan {wish.name}"
        said = [f"{_posts(dropped)} taken out"] if dropped else []
        said += [f"{_posts(count - proposed)} planned"] if count > proposed else []
        said += [f"{_posts(proposed)} proposed; somebody else: `{how}`"] if proposed else []
        click.echo("; ".join(said), err=True)
    return yes or not (count or dropped)


def _posts(count: int) -> str:
    return "1 post is" if count == 1 else f"{count} posts are"


def _show(kit: "Toolkit", plan: "Plan") -> None:
    for row in plan.rows:
        post = row.post
        at = delivering.moment(row.at, kit.now.tzinfo)
        what = f"{row.account.name:<16} {post.occasion:<9} {post.wording}"
        click.echo(printable(f"{at:<21}  {what}  {delivering.first_words(post.text)}"))
        if row.moved:
            click.echo(printable(f"{'':<23}moved: {row.moved}"))
    _show_lacking(plan)


def _show_lacking(plan: "Plan") -> None:
    for line in plan.left_out:
        click.echo(printable(f"left out  {line}"))
    for line in plan.gaps:
        click.secho(printable(f"gap  {line}"), fg="yellow")


def _as_json(kit: "Toolkit", plan: "Plan", proposed: "Sequence[str]") -> dict[str, Any]:
    ids: Sequence[str | None] = proposed or [None] * len(plan.rows)
    posts = [
        {
            "delivery": name,
            "at": row.at.astimezone(kit.now.tzinfo).isoformat(),
            "account": row.account.name,
            "platform": row.post.platform,
            "language": row.post.language,
            "occasion": row.post.occasion,
            "wording": row.post.wording,
            "text": row.post.text,
            "moved": row.moved,
        }
        for row, name in zip(plan.rows, ids, strict=True)
    ]
    return {"posts": posts, "left_out": plan.left_out, "gaps": plan.gaps}


# --- one that is there -------------------------------------------------------------------------


def _show_standing(kit: "Toolkit", ledger: "Ledger", wish: "Wish", *, as_json: bool) -> bool:
    from uasocial.team import scheduling

    entries = scheduling.standing(ledger, wish.action.id, wish.name)
    if as_json:
        common.print_json(deliveries=[delivering.as_json(entry) for entry in entries])
        return True
    for entry in entries:
        _show_entry(kit, entry)
    click.echo("it is there already: --anew builds it anew, --to FILE writes it to edit", err=True)
    return True


def _show_entry(kit: "Toolkit", entry: "Entry", sign: str = "", why: str = "") -> None:
    at = delivering.moment(entry.planned_for, kit.now.tzinfo)
    state = entry.state.replace("_", " ")
    what = f"{entry.account:<16} {entry.occasion:<9} {entry.wording}"
    line = f"{sign}{entry.short}  {at:<21}  {state:<10} {what}"
    click.echo(printable(f"{line}  {why}".rstrip()))


def _renew(
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Sequence[Account]",
    wish: "Wish",
    *,
    yes: bool,
    as_json: bool,
) -> bool:
    from uasocial.team import scheduling

    found = scheduling.renewal(kit, ledger, chosen, wish)
    if not as_json:
        _show_renewal(kit, found)
    proposed = scheduling.renew(kit, ledger, found, wish) if yes else []
    if as_json:
        common.print_json(
            kept=[delivering.as_json(entry) for entry in found.kept],
            dropped=[{**delivering.as_json(entry), "why": why} for entry, why in found.dropped],
            **_as_json(kit, found.plan, proposed),
        )
    return _end(kit, found.plan, wish, len(found.dropped), yes=yes)


def _show_renewal(kit: "Toolkit", found: "Renewal") -> None:
    for entry in found.kept:
        _show_entry(kit, entry, "  ")
    for entry, why in found.dropped:
        _show_entry(kit, entry, "- ", why)
    for row in found.plan.rows:
        at = delivering.moment(row.at, kit.now.tzinfo)
        what = f"{row.account.name:<16} {row.post.occasion:<9} {row.post.wording}"
        click.echo(printable(f"+ {'new':<8}  {at:<21}  {'':<10} {what}"))
    _show_lacking(found.plan)


# --- as a file ---------------------------------------------------------------------------------


def _write(kit: "Toolkit", ledger: "Ledger", to: Path, wish: "Wish") -> bool:
    from uasocial.team import scheduling

    text = scheduling.written(kit, ledger, wish.action.id, wish.name)
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UasocialError(printable(f"{to}: is there already: name another file")) from None
    except OSError as error:
        raise UasocialError(printable(f"{to}: cannot be written: {error.strerror}")) from None
    click.echo(f"{to}: edit it, then `uasocial plan {wish.action.id} -c {wish.name} --from {to}`")
    return True


def _load(
    kit: "Toolkit", ledger: "Ledger", source: Path, wish: "Wish", *, yes: bool, as_json: bool
) -> bool:
    from uasocial.team import scheduling

    found = scheduling.changes(kit, ledger, source, wish)
    if as_json:
        common.print_json(changes=[_change_json(one) for one in found])
    for one in found if not as_json else ():
        _show_change(one)
    if not found:
        click.echo("the file changes nothing", err=True)
        return True
    if yes:
        scheduling.apply(kit, ledger, found, wish)
    said = (
        "is changed; what is new is proposed" if yes else "stays as it is: say --yes to change it"
    )
    click.echo(f"the plan {said}", err=True)
    return yes


def _show_change(one: "Change") -> None:
    if one.kind == "moved" and one.before and one.after:
        said = f"{_row(one.before)} -> {one.after.at.isoformat(' ', 'minutes')}"
        click.echo(printable(f"~ {said}"))
        return
    for sign, row in (("-", one.before), ("+", one.after)):
        if row is not None:
            click.echo(printable(f"{sign} {_row(row)}"))


def _row(row: "Row") -> str:
    at = row.at.isoformat(" ", "minutes")
    return f"{row.id or 'new':<8}  {at}  {row.account:<16} {row.occasion:<9} {row.wording}"


def _change_json(one: "Change") -> dict[str, Any]:
    return {"kind": one.kind, "before": _row_json(one.before), "after": _row_json(one.after)}


def _row_json(row: "Row | None") -> dict[str, Any] | None:
    if row is None:
        return None
    shown = {name: getattr(row, name) for name in ("id", "account", "occasion", "wording")}
    return {**shown, "at": row.at.isoformat()}
