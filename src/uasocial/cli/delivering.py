"""What commands about deliveries share: moments with their zone, and how a delivery is shown."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.carrying_out import LaidOut
    from uasocial.outbox.queue import Entry

__all__ = [
    "When",
    "as_json",
    "first_words",
    "moment",
    "open_composer",
    "show_laid_out",
    "standing",
]

EXAMPLE = "write it as 2021-12-01T10:00+01:00, or as '2021-12-01T10:00 Europe/Zurich'"
WORDS = 50


class When(click.ParamType[datetime]):
    """A moment with its zone, which is an offset or the name of a zone."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        said, _, zone = f"{value}".strip().partition(" ")
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            self.fail(f"{printable(f'{value}')!r} is no moment; {EXAMPLE}", param, ctx)
        if zone and found.tzinfo is None:
            return self._in_zone(found, zone.strip(), param, ctx)
        if zone or found.tzinfo is None:
            wrong = "has two zones" if zone else "has no zone"
            self.fail(f"{printable(f'{value}')!r} {wrong}; {EXAMPLE}", param, ctx)
        return found

    def _in_zone(
        self, found: datetime, name: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            aware = found.replace(tzinfo=ZoneInfo(name))
        except (KeyError, OSError, ValueError):
            self.fail(f"there is no zone {printable(name)!r}; {EXAMPLE}", param, ctx)
        if aware.utcoffset() != aware.replace(fold=1).utcoffset():
            # The hour at which clocks are set back comes twice, the other one never.
            self.fail(
                f"{printable(name)} sets its clocks at that hour: give it with its offset, as "
                "2021-12-01T10:00+01:00",
                param,
                ctx,
            )
        return aware


def moment(value: datetime, zone: tzinfo | None) -> str:
    """Show a moment in a zone, with the zone: 2021-12-01 10:00 CET."""
    local = value.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def first_words(text: str) -> str:
    said = " ".join(text.split())
    return printable(said if len(said) <= WORDS else f"{said[: WORDS - 1]}…")


def standing(entry: "Entry", zone: tzinfo | None) -> str:
    """Say how a delivery stands, and why."""
    if entry.held and not entry.is_late:
        return {"pause": "paused", "freeze": "frozen: look, then `uasocial resume`"}[entry.held]
    state = entry.state.replace("_", " ")
    if entry.state == "planned" and entry.not_before > entry.planned_for:
        state = f"put off until {moment(entry.not_before, zone)}"
    if entry.is_late:
        state = "late"
    return printable(f"{state}: {entry.why}" if entry.why else state)


def as_json(entry: "Entry") -> dict[str, Any]:
    """Return a delivery as data; moments are in UTC, as ISO 8601."""
    shown = {name: getattr(entry, name) for name in entry.__struct_fields__}
    shown["late"] = entry.is_late
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in shown.items()
    }


def show_laid_out(entry: "Entry", laid: "LaidOut") -> None:
    """Tell a person what to do with a post by hand."""
    click.secho(f"{entry.account} ({entry.platform}): now it is you who posts", bold=True)
    for file in laid.files:
        click.echo(f"  {file}")
    if laid.answers:
        click.echo(printable(f"  it is an answer to {laid.answers}"))
    if laid.handles:
        named = ", ".join(f"@{handle}" for handle in laid.handles)
        click.echo(printable(f"  look whose {named} is now: nobody has looked that up"))
    if laid.address:
        click.echo(f"  1. open {laid.address}{f' ({laid.note})' if laid.note else ''}")
    else:
        click.echo(f"  1. open {entry.platform}: {laid.note}")
    click.echo("  2. look that it is the whole text; add the pictures with their alt texts")
    click.echo(f"  3. uasocial posted {entry.short} PERMALINK")


def open_composer(laid: "LaidOut") -> None:
    import webbrowser

    if not laid.address:
        raise UasocialError(f"nothing can be opened: {laid.note}")
    if not webbrowser.open(laid.address):
        raise UasocialError(f"no browser could be started; the address is {laid.address}")
