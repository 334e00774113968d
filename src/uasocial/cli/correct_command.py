"""`uasocial correct`: what is live is said anew, or taken back."""

from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import columns, common, persons, revised, stopped
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uasocial.outbox.exporting import Item
    from uasocial.outbox.ledger import Ledger
    from uasocial.team.correcting import Correction, Said
    from uasocial.toolkit import Toolkit


@click.command("correct")
@click.argument("deliveries", nargs=-1, metavar="[DELIVERY]...")
@click.option("--action", metavar="ACTION", help="Instead: all that is pending of an action.")
@click.option(
    "--minor", is_flag=True, help="With --action: translations stay current all the same."
)
@click.option("--delete", "delete", is_flag=True, help="Take it back where it is live.")
@click.option("--deleted", is_flag=True, help="Record that a person has taken it back.")
@click.option("--yes", is_flag=True, help="Do what is shown.")
@persons.by_option
@persons.why_option()
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    deliveries: tuple[str, ...],
    action: str | None,
    minor: bool,
    delete: bool,
    deleted: bool,
    yes: bool,
    by: str,
    why: str,
    as_json: bool,
) -> None:
    """Correct what is live or pending, or take what is live back.

    Each live DELIVERY, or all that is pending of an action, is made to say what the files of the
    case say now. Without --yes it is shown what would change. What is pending and changes is
    proposed again, and waits for an approval. Where a network can edit nothing, delete the post,
    or answer it. 8 or more characters of its id name one.

    \b
    uasocial correct --action my-case
    uasocial correct 4c1e07b9
    uasocial correct 4c1e07b9 --delete --why "The date was wrong" --yes
    """
    from uasocial import accounts
    from uasocial.team import correcting, people

    if delete and deleted:
        raise click.UsageError("--delete takes it back, --deleted says that you have: give one")
    if bool(deliveries) == (action is not None):
        raise click.UsageError("name deliveries, or an action with --action")
    if (minor and action is None) or (action is not None and (delete or deleted)):
        raise click.UsageError("--minor goes with --action, --delete and --deleted do not")
    kit = common.make_toolkit(context)
    ledger = accounts.ledger_of(kit)
    if action is not None:
        if not revised.correct(kit, ledger, action, by, minor=minor, yes=yes, as_json=as_json):
            context.exit(1)
        return
    chosen = correcting.live(ledger, deliveries)
    common.warn_of_plugins(kit)
    if deleted:
        whole = _record(ledger, chosen, by, why, as_json=as_json)
    elif delete:
        whole = _delete(kit, ledger, chosen, by, why, yes=yes, as_json=as_json)
    else:
        # To take something back is everybody's; to say something else is not.
        people.assert_may(kit, by, "write")
        found = [correcting.correction(kit, ledger, item, by) for item in chosen]
        whole = _correct(kit, ledger, found, by, yes=yes, as_json=as_json)
    if not whole:
        context.exit(1)


# --- taken back --------------------------------------------------------------------------------


def _record(
    ledger: "Ledger", chosen: "Sequence[Item]", by: str, why: str, *, as_json: bool
) -> bool:
    from uasocial.team import correcting

    for item in chosen:
        correcting.deleted(ledger, item, by, why)
    if as_json:
        common.print_json(deletions=[_deletion(item, "deleted", "") for item in chosen])
        return True
    for item in chosen:
        click.echo(f"{_name(item)}: deleted, by a person")
    return True


def _delete(
    kit: "Toolkit",
    ledger: "Ledger",
    chosen: "Sequence[Item]",
    by: str,
    why: str,
    *,
    yes: bool,
    as_json: bool,
) -> bool:
    from uasocial.team import correcting

    left = correcting.orphans(ledger, chosen)
    for item in left:
        where = item.permalink or item.remote_id
        said = f"{_name(item)} answers what is to be deleted, and stays: {where}"
        click.secho(printable(said), err=True, fg="yellow")
    if not yes:
        if as_json:
            common.print_json(deletions=[_deletion(item, "", "") for item in chosen])
        else:
            _list(chosen)
        click.echo("nothing is deleted: say --yes to delete this", err=True)
        return False
    if not as_json:
        return stopped.tell(correcting.delete(kit, ledger, chosen, by, why))
    done = list(correcting.delete(kit, ledger, chosen, by, why))
    common.print_json(deletions=[_deletion(one.item, one.outcome, one.why) for one in done])
    return all(one.outcome == "deleted" for one in done)


def _list(chosen: "Sequence[Item]") -> None:
    for item in chosen:
        click.secho(printable(f"{_name(item)}: {item.permalink or item.remote_id}"), bold=True)
        for line in (item.text or "").splitlines():
            click.echo(f"  - {line}")


def _deletion(item: "Item", outcome: str, why: str) -> dict[str, Any]:
    return {**_named(item), "outcome": outcome, "why": why}


def _named(item: "Item") -> dict[str, Any]:
    keys = ("delivery", "account", "platform", "language", "action", "permalink")
    return {key: getattr(item, key) for key in keys}


def _name(item: "Item") -> str:
    return f"{item.delivery[:8]}  {item.account}"


# --- said anew ---------------------------------------------------------------------------------


def _correct(
    kit: "Toolkit",
    ledger: "Ledger",
    found: "Sequence[Correction]",
    by: str,
    *,
    yes: bool,
    as_json: bool,
) -> bool:
    outcomes = {one.item.delivery: _outcome(kit, ledger, one, by, yes=yes) for one in found}
    if as_json:
        common.print_json(
            corrections=[_as_json(one, *outcomes[one.item.delivery]) for one in found]
        )
    else:
        for one in found:
            _show(one, *outcomes[one.item.delivery])
    open_ = [one for one in found if outcomes[one.item.delivery][0] == "differs"]
    if open_ and not yes:
        click.echo("nothing is edited: say --yes to edit this", err=True)
    return all(outcome in {"same", "edited"} for outcome, _ in outcomes.values())


def _outcome(
    kit: "Toolkit", ledger: "Ledger", one: "Correction", by: str, *, yes: bool
) -> tuple[str, str]:
    """Return what becomes of a correction, and why: same, differs, edited, cannot, unknown."""
    from uasocial.team import correcting

    if not one.differs:
        return "same", ""
    if one.obstacle:
        return "cannot", one.obstacle
    if not yes:
        return "differs", ""
    try:
        done = correcting.correct(kit, ledger, one, by)
    except UasocialError as error:
        return "cannot", str(error)
    return done.outcome, done.why


def _show(one: "Correction", outcome: str, why: str) -> None:
    item = one.item
    where = item.permalink or item.remote_id
    if outcome == "same":
        click.echo(printable(f"{_name(item)}: says what the files say  {where}"))
        return
    click.secho(printable(f"{_name(item)} ({item.platform}, {item.language})  {where}"), bold=True)
    for sign, line in columns.changes(_lines(one.before), _lines(one.after)):
        click.secho(f"  {sign} {line}", fg={"-": "red", "+": "green"}.get(sign))
    click.echo(f"  {_length(one.before)} before, {_length(one.after)} after")
    if outcome == "edited":
        click.echo("  edited")
    elif outcome != "differs":
        said = {"cannot": "CANNOT BE EDITED", "unknown": "UNKNOWN WHETHER EDITED"}[outcome]
        click.secho(printable(f"  {said}: {why}"), err=True, fg="red")


def _length(said: "Said") -> str:
    measure = said.measure
    return str(measure.length) if measure.limit is None else f"{measure.length}/{measure.limit}"


def _lines(said: "Said") -> list[str]:
    warning = [f"[content warning: {said.content_warning}]"] if said.content_warning else []
    return [*warning, *said.text.splitlines()]


def _as_json(one: "Correction", outcome: str, why: str) -> dict[str, Any]:
    shown = {"before": one.before, "after": one.after}
    texts = {
        key: {
            "text": said.text,
            "content_warning": said.content_warning,
            "length": said.measure.length,
            "limit": said.measure.limit,
        }
        for key, said in shown.items()
    }
    return {**_named(one.item), **texts, "outcome": outcome, "why": why}
