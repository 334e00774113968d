"""`uasocial publish`: a draft goes out from an account, now or at its moment."""

import sys
from contextlib import nullcontext, redirect_stdout
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from uasocial.cli import common, delivering, persons
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uasocial.accounts import Account
    from uasocial.model import Action
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.queue import Entry
    from uasocial.platforms.publisher import Price
    from uasocial.publishing import Outgoing, Wish
    from uasocial.toolkit import Toolkit


@click.command("publish")
@common.action_argument
@click.option("--account", "-a", "names", multiple=True, required=True, metavar="NAME")
@click.option("--language", "-l", metavar="TAG", help="The language that the accounts must have.")
@click.option(
    "--occasion",
    "-o",
    default="appeal",
    show_default=True,
    metavar="NAME",
    help="appeal, reminder, last-day, update, good-news or thanks.",
)
@click.option("--wording", "-w", metavar="ID", help="One of the wordings.")
@click.option(
    "--then",
    multiple=True,
    metavar="ID",
    help="A wording that follows as the next post of a thread; may be repeated.",
)
@click.option(
    "--at",
    type=delivering.When(),
    metavar="WHEN",
    help="When, with its zone: 2021-12-01T10:00+01:00. Otherwise now.",
)
@click.option(
    "--media", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A picture."
)
@click.option("--alt", "alts", multiple=True, metavar="TEXT", help="What the picture shows.")
@click.option(
    "--without-handle",
    is_flag=True,
    help="Ready the same words with names, for a handle that is gone or somebody else's by then.",
)
@click.option("--again", is_flag=True, help="Even if the account says these words already.")
@click.option("--open", "open_", is_flag=True, help="By hand: open the composer.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("by-hand"),
    metavar="FOLDER",
    help="By hand: where text and pictures are laid out. Otherwise `by-hand`.",
)
@click.option("--dry-run", is_flag=True, help="Show what would go out; plan nothing.")
@click.option("--yes", is_flag=True, help="Publish what is shown.")
@persons.by_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    names: tuple[str, ...],
    language: str | None,
    occasion: str,
    wording: str | None,
    then: tuple[str, ...],
    at: datetime | None,
    media: tuple[Path, ...],
    alts: tuple[str, ...],
    without_handle: bool,
    again: bool,
    open_: bool,
    to: Path,
    dry_run: bool,
    yes: bool,
    by: str,
    as_json: bool,
) -> None:
    """Publish ACTION from one or more accounts, each in its own language.

    Without --yes it shows what would go out. What is planned with --at is sent by `uasocial
    worker`; an account that asks for approval only proposes. With --then it is a thread, with the
    pictures at its first post.

    \b
    uasocial publish ua-119-21 --account bluesky-es --wording documents
    uasocial publish ua-119-21 -a bluesky-es -w documents --at 2021-12-01T18:00-05:00 --yes
    uasocial publish ua-119-21 -a bluesky-es --wording official --then documents
    """
    from uasocial import publishing
    from uasocial.team import people

    kit = common.make_toolkit(context)
    case = kit.action(action)
    wish = publishing.Wish(
        by, occasion, wording, at, media, alts, again, then=then, without_handle=without_handle
    )
    chosen = _accounts(kit, names, language)
    going = publishing.prepare(kit, case, chosen, wish)
    common.warn_of_plugins(kit)
    if not yes or dry_run:
        _preview(kit, case, going, wish, as_json=as_json)
        said = "this was a dry run" if dry_run else "say --yes to publish this"
        click.echo(f"nothing is published: {said}", err=True)
        context.exit(0 if dry_run else 1)
    people.assert_may(kit, wish.by, "write")
    # What a console prints is no part of an answer in JSON.
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        entries = _publish(kit, case, going, wish)
    prices = [one.price for one in going]
    if as_json:
        shown = [
            {**delivering.as_json(entry), "price": _price_as_json(price)}
            for entry, price in zip(entries, prices, strict=True)
        ]
        common.print_json(deliveries=shown, costs=_costs_as_json(going))
    else:
        _tell(kit, entries, prices, to, open_=open_)
        _show_costs(going)
    if any(entry.state in ("failed", "unknown", "review", "cancelled") for entry in entries):
        context.exit(1)


def _accounts(kit: "Toolkit", names: "Sequence[str]", language: str | None) -> "list[Account]":
    from uasocial import accounts

    found = [accounts.account(kit, name) for name in dict.fromkeys(names)]
    for one in found:
        if language not in (None, one.stated.language):
            raise UasocialError(
                f"the account {one.name!r} is in {one.stated.language!r}, and not in "
                f"{printable(f'{language}')!r}: choose another, or leave --language out"
            )
    return found


def _publish(
    kit: "Toolkit", case: "Action", going: "Sequence[Outgoing]", wish: "Wish"
) -> "list[Entry]":
    """Plan what goes out, and send at once what is due at once."""
    from uasocial import accounts, carrying_out, publishing
    from uasocial.outbox import queue

    ledger: Ledger = accounts.ledger_of(kit)
    accounts.sync(kit, ledger)
    ids = publishing.plan(kit, ledger, case, going, wish)
    states = {name: one.state for name, one in zip(ids, going, strict=True)}
    due = [name for name in ids if wish.at is None and states[name] == "planned"]
    if due:
        carrying_out.send(kit, ledger, due)
    return [queue.find(ledger, name) for name in ids]


# --- before ------------------------------------------------------------------------------------


def _preview(
    kit: "Toolkit", case: "Action", going: "Sequence[Outgoing]", wish: "Wish", *, as_json: bool
) -> None:
    if as_json:
        drafts = [_as_json(one, wish) for one in going]
        common.print_json(drafts=drafts, costs=_costs_as_json(going))
        return
    for one in going:
        _show(kit, case, one, wish)
    _show_costs(going)


def _as_json(one: "Outgoing", wish: "Wish") -> dict[str, Any]:
    pictures = [
        {"type": m.type, "width": m.width, "height": m.height, "alt": m.alt, "sha256": m.sha256}
        for m in one.post.media
    ]
    return {
        **common.shown_draft(one.draft),
        "account": one.account.name,
        "mode": one.account.stated.mode,
        "state": one.state,
        "at": one.at.isoformat() if wish.at else None,
        "part": one.part,
        "parts": one.parts,
        "media": pictures,
        "mentions": [{"handle": m.handle, "id": m.id} for m in one.post.mentions],
        "without_handle": one.post.without,
        "price": _price_as_json(one.price),
        "true_until": one.post.true_until and one.post.true_until.isoformat(),
        "last_moment": one.post.last_moment and one.post.last_moment.isoformat(),
        "warnings": list(one.warnings),
    }


def _show(kit: "Toolkit", case: "Action", one: "Outgoing", wish: "Wish") -> None:
    draft, stated = one.draft, one.account.stated
    label = kit.platform(draft.platform).label
    of = f"{draft.length}/{draft.limit}" if draft.limit else str(draft.length)
    place = f"  {one.part}/{one.parts}" if one.parts > 1 else ""
    click.secho(f"{one.account.name}: {label}, {draft.language}, {of}{place}", bold=True)
    if draft.content_warning:
        click.echo(f"    [content warning: {draft.content_warning}]")
    _show_text(draft.text)
    for media in one.post.media:
        click.echo(f"    [{media.type}, {media.width} x {media.height}: {printable(media.alt)}]")
    if one.post.without is not None:
        click.echo("  or, where a handle is gone or somebody else's by then:")
        _show_text(one.post.without)
    how = "by hand" if stated.mode == "by hand" else "published"
    how = "proposed, to be approved" if one.state == "proposed" else how
    click.echo(f"  {how}, {_when(kit, case, one.at) if wish.at else 'now'}")
    if one.price:
        amount, currency, source = one.price
        click.echo(f"  costs {_cost(amount, currency)} ({printable(source)})")
    for warning in one.warnings:
        click.secho(f"  ! {printable(warning)}", fg="yellow")


def _show_text(text: str) -> None:
    for line in text.splitlines():
        click.echo(f"    {line}")


# --- what it costs -----------------------------------------------------------------------------


def _cost(amount: Decimal, currency: str) -> str:
    """Show an amount with two places, or with as many more as it has."""
    rounded = amount.quantize(Decimal("0.01"))
    return printable(f"{rounded if rounded == amount else amount.normalize():f} {currency}")


def _price_as_json(price: "Price | None") -> dict[str, str] | None:
    """Return a price as data; the amount as a text, for it is a decimal number."""
    if price is None:
        return None
    return {"amount": str(price.amount), "currency": price.currency, "source": price.source}


def _costs_as_json(going: "Sequence[Outgoing]") -> dict[str, str]:
    from uasocial import publishing

    return {currency: str(total) for currency, total in publishing.totals(going).items()}


def _show_costs(going: "Sequence[Outgoing]") -> None:
    """Tell what several posts cost together."""
    from uasocial import publishing

    priced = [one for one in going if one.price]
    if len(priced) > 1:
        sums = (_cost(total, currency) for currency, total in publishing.totals(going).items())
        click.echo(f"{len(priced)} posts cost {' and '.join(sums)} together")


def _when(kit: "Toolkit", case: "Action", at: datetime) -> str:
    """Show a moment in our zone, and in the target's."""
    from uasocial import day_ends

    target = next((ZoneInfo(name) for name in day_ends.zone_names(case)), None)
    ours = delivering.moment(at, kit.now.tzinfo)
    return f"{ours} (where the target is: {delivering.moment(at, target)})" if target else ours


# --- after -------------------------------------------------------------------------------------


def _tell(
    kit: "Toolkit",
    entries: "Sequence[Entry]",
    prices: "Sequence[Price | None]",
    to: Path,
    *,
    open_: bool,
) -> None:
    for entry, price in zip(entries, prices, strict=True):
        if entry.state == "handed_off":
            _hand_over(kit, entry, to, open_=open_)
        else:
            cost = f"  (costs {_cost(price.amount, price.currency)})" if price else ""
            click.echo(f"{entry.short}  {entry.account}: {_outcome(kit, entry)}{cost}")


def _outcome(kit: "Toolkit", entry: "Entry") -> str:
    zone = kit.now.tzinfo
    if entry.state == "sent":
        return f"sent  {printable(entry.permalink)}".rstrip()
    if entry.state == "proposed":
        return f"proposed: somebody else must `uasocial approve {entry.short}`"
    if entry.state == "planned" and entry.planned_for > entry.now:
        return f"planned for {delivering.moment(entry.planned_for, zone)}"
    said = delivering.standing(entry, zone)
    return f"{said}; uasocial review {entry.short}"


def _hand_over(kit: "Toolkit", entry: "Entry", to: Path, *, open_: bool) -> None:
    from uasocial import accounts, carrying_out

    laid = carrying_out.lay_out(kit, accounts.ledger_of(kit), entry, to)
    delivering.show_laid_out(entry, laid)
    if open_:
        delivering.open_composer(laid)
