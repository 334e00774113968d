"""What several commands share: their options, the moment they look at, and how they show drafts."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import click

from uasocial.errors import NotFound, printable

if TYPE_CHECKING:
    from uasocial.model import Action, Draft
    from uasocial.platforms import Platform
    from uasocial.settings import Project
    from uasocial.toolkit import Toolkit

__all__ = [
    "Group",
    "Moment",
    "action_argument",
    "choose_languages",
    "complete_actions",
    "draft_options",
    "grouped",
    "json_option",
    "make_toolkit",
    "moment_option",
    "page_moment_option",
    "platform_option",
    "print_json",
    "say_rehearsal",
    "shown_draft",
    "warn_of_plugins",
]

# Earlier days have no place in the calendars of some zones; no case is so old.
FIRST_YEAR = 1900

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[date]):
    """A day, or a moment with its zone."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        if isinstance(value, date):
            return value
        try:
            day = "T" not in value and " " not in value
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{printable(value)!r} is no day; write it as 2021-12-01", param, ctx)
        if moment.year < FIRST_YEAR:
            self.fail(f"{value!r} is no day of an urgent action: look at the year", param, ctx)
        if day:
            return moment.date()
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no zone; write it as 2021-12-01T10:00+01:00", param, ctx)
        return moment


def complete_actions(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    from uasocial.model import action_ids
    from uasocial.settings import find_project

    project = find_project(context.find_root().params.get("project"))
    return [name for name in action_ids(project.actions) if name.startswith(begun)]


action_argument = click.argument("action", shell_complete=complete_actions)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
moment_option = click.option(
    "--as-of",
    type=Moment(),
    metavar="DAY",
    help="Rehearse: look as if it were this day, 2021-12-01. Nothing is opened or copied.",
)
page_moment_option = click.option(
    "--as-of",
    type=Moment(),
    metavar="DAY",
    help="Rehearse: make the pages as if it were this day, 2021-12-01. Each says so.",
)
platform_option = click.option(
    "--platform",
    "-p",
    "platforms",
    multiple=True,
    metavar="NAME",
    help="A platform, or `all`; may be repeated. Otherwise those of uasocial.toml.",
)
instance_option = click.option(
    "--instance", metavar="HOST", help="Your Mastodon server, such as mastodon.social."
)


def draft_options(command: F) -> F:
    """Add the options that choose drafts."""
    for option in (
        instance_option,
        click.option("--wording", "-w", metavar="ID", help="One of the wordings."),
        click.option(
            "--occasion",
            "-o",
            default="appeal",
            show_default=True,
            metavar="NAME",
            help="appeal, reminder, last-day, update, good-news or thanks.",
        ),
        platform_option,
        click.option(
            "--language",
            "-l",
            "languages",
            multiple=True,
            metavar="TAG",
            help="A language of the case; may be repeated. Otherwise all of them.",
        ),
    ):
        command = option(command)
    return command


def make_toolkit(
    context: click.Context, as_of: date | None = None, instance: str | None = None
) -> "Toolkit":
    """Put the toolkit together for the project at hand, now or at the rehearsed moment."""
    from uasocial.settings import find_project
    from uasocial.toolkit import Toolkit

    project = find_project(context.obj)
    now = _now(project, as_of)
    if instance is not None:
        _check_host(instance)
    actual = datetime.now(now.tzinfo)
    return Toolkit(project, now, rehearsal=as_of is not None, actual=actual, instance=instance)


def _now(project: "Project", as_of: date | None) -> datetime:
    zone = ZoneInfo(project.settings.time_zone) if project.settings.time_zone else None
    if isinstance(as_of, datetime):
        return as_of
    if as_of is not None:
        # The first moment of the day: what begins in its course has not begun.
        return datetime(as_of.year, as_of.month, as_of.day, tzinfo=zone).astimezone(zone)
    return datetime.now(zone).astimezone(zone)


def _check_host(instance: str) -> None:
    import msgspec

    from uasocial.settings import Host

    try:
        msgspec.convert(instance, Host)
    except msgspec.ValidationError:
        raise click.BadParameter(
            f"{printable(instance)!r} is no host; write it as mastodon.social, without https://",
            param_hint="--instance",
        ) from None


def choose_languages(action: "Action", named: Sequence[str]) -> list[str]:
    """Return the languages *named*, or all of the case, those that the target reads first."""
    for language in named:
        if language not in action.words:
            raise NotFound("language", language, action.words)
    if named:
        return list(dict.fromkeys(named))
    first = [tag for tag in action.facts.preferred_languages if tag in action.words]
    return [*first, *(tag for tag in action.words if tag not in first)]


def print_json(**content: Any) -> None:
    click.echo(json.dumps({"schema": 1, **content}, ensure_ascii=False, indent=2, default=str))


def say_rehearsal(kit: "Toolkit") -> None:
    if kit.rehearsal:
        note = f"Rehearsal, as of {kit.now.date()}: nothing here is to be sent."
        click.secho(note, bold=True, fg="yellow")


def warn_of_plugins(kit: "Toolkit") -> None:
    """Tell on stderr which plugins are out of service; they disturb nothing."""
    for fault in kit.host.faults:
        click.echo(f"plugin {fault.name}: {fault.error}", err=True)


def warn_of_unread(kit: "Toolkit") -> None:
    """Say on standard error which files for the site nothing reads."""
    from uasocial.site.unread import unread

    for line in unread(kit.project):
        click.echo(line, err=True)


def warn_of_accounts(kit: "Toolkit") -> None:
    """Tell on stderr which accounts are out of service, where all are meant."""
    from uasocial.accounts import faults

    for fault in faults(kit).values():
        click.echo(f"left out: {fault}", err=True)


def shown_draft(draft: "Draft") -> dict[str, Any]:
    """Return a draft as `share --json` and `preview --json` give it."""
    from uasocial.model.draft import shown

    return shown(draft)


class Group(NamedTuple):
    """Drafts of one language and wording that read the same on several platforms."""

    language: str
    wording: str
    text: str
    drafts: list[tuple["Platform", "Draft"]]


def grouped(drafts: Iterable["Draft"], platforms: Sequence["Platform"]) -> list[Group]:
    """Put drafts with the same words together, in the order in which they come."""
    by_name = {platform.name: platform for platform in platforms}
    groups: dict[tuple[str, str, str], Group] = {}
    for draft in drafts:
        key = (draft.language, draft.wording, draft.text)
        group = groups.setdefault(key, Group(*key, []))
        group.drafts.append((by_name[draft.platform], draft))
    order = list(dict.fromkeys((g.language, g.wording) for g in groups.values()))
    return sorted(groups.values(), key=lambda g: order.index((g.language, g.wording)))
