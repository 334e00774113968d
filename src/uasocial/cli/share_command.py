"""`uasocial share`: texts to hand out, with the addresses that open each composer."""

from datetime import date
from typing import TYPE_CHECKING

import click

from uasocial.cli import common
from uasocial.errors import UasocialError

if TYPE_CHECKING:
    from uasocial.model import Action, Draft
    from uasocial.toolkit import Toolkit


@click.command("share")
@common.action_argument
@common.draft_options
@common.moment_option
@click.option("--copy", is_flag=True, help="Copy the one text chosen to the clipboard.")
@click.option("--open", "open_", is_flag=True, help="Open the composer with the one text chosen.")
@click.option("--qr", is_flag=True, help="Show the one address chosen as a QR code.")
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    languages: tuple[str, ...],
    platforms: tuple[str, ...],
    occasion: str,
    wording: str | None,
    instance: str | None,
    as_of: date | None,
    copy: bool,
    open_: bool,
    qr: bool,
    as_json: bool,
) -> None:
    """Show the texts of ACTION, ready to share.

    Each fits the platforms below it, as they count; the address opens the platform's composer
    with the text filled in. `uasocial list` shows the actions.

    \b
    uasocial share ua-119-21 --as-of 2021-12-01
    uasocial share ua-119-21 --language es --platform bluesky --open
    """
    if as_of and (copy or open_ or qr):
        raise click.UsageError("--as-of is a rehearsal: it opens, copies and hands over nothing")
    kit = common.make_toolkit(context, as_of, instance)
    case = kit.action(action)
    chosen = kit.choose(platforms)
    drafts = kit.share(case, common.choose_languages(case, languages), chosen, occasion, wording)
    common.warn_of_plugins(kit)
    if copy or open_ or qr:
        _hand_over(_only(drafts), copy=copy, open_=open_, qr=qr)
    elif as_json:
        common.print_json(
            as_of=as_of and str(as_of), drafts=[common.shown_draft(draft) for draft in drafts]
        )
    else:
        _show(kit, case, common.grouped(drafts, chosen))
    if any(draft.errors() for draft in drafts):
        context.exit(1)


def _only(drafts: list["Draft"]) -> "Draft":
    if len(drafts) == 1:
        return drafts[0]
    if not drafts:
        raise UasocialError("no draft is left of what was chosen")
    first = drafts[0]
    raise UasocialError(
        f"this is for one draft, and {len(drafts)} were chosen: narrow it down, "
        f"as with --language {first.language} --platform {first.platform} --wording {first.wording}"
    )


def _hand_over(draft: "Draft", *, copy: bool, open_: bool, qr: bool) -> None:
    for problem in draft.errors():
        raise UasocialError(f"{draft.wording!r} on {draft.platform} {problem.message}")
    if copy:
        _copy(draft.text)
    if open_:
        _open(_address(draft))
    if qr:
        _show_qr(_address(draft))


def _address(draft: "Draft") -> str:
    if draft.share_url is None:
        raise UasocialError(f"{draft.platform}: {draft.share_note}")
    return draft.share_url


def _copy(text: str) -> None:
    import pyperclip

    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        raise UasocialError(
            "no program for the clipboard was found: install xclip, xsel or wl-clipboard"
        ) from None
    click.echo("The text is in the clipboard.")


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        raise UasocialError(f"no browser could be started; the address is {address}")
    click.echo("The composer opens in your browser.")


def _show_qr(address: str) -> None:
    import segno

    try:
        segno.make(address, micro=False).terminal(compact=True)
    except segno.DataOverflowError:
        raise UasocialError(f"the address is too long for a QR code: {len(address):,}") from None


def _show(kit: "Toolkit", action: "Action", groups: list[common.Group]) -> None:
    from uasocial import languages

    facts = action.facts
    click.secho(f"{facts.number or action.id}", bold=True)
    common.say_rehearsal(kit)
    left = languages.count_of_days(facts.days_left(kit.today(action)), "en")
    click.echo(f"{left} left: the last day to act is {languages.day(facts.last_day, 'en')}.")
    language = ""
    for group in groups:
        if group.language != language:
            language = group.language
            _begin(action, language)
        _show_group(group)


def _begin(action: "Action", language: str) -> None:
    """Head a language: its name, the title, and the advice that comes before the first step."""
    from uasocial import languages

    name = languages.language_name(language, "en")
    click.echo()
    click.secho(f"{name} ({language}): {action.title(language)}", bold=True)
    for advice in action.facts.safety:
        if advice.channel in ("post", "all") and language in advice.text:
            click.secho(f"! {advice.text[language].strip()}", fg="yellow")


def _show_group(group: common.Group) -> None:
    click.secho(f"\n  {group.wording}", dim=True)
    for line in group.text.splitlines():
        click.echo(f"    {line}")
    for platform, draft in group.drafts:
        of = f"{draft.length}/{draft.limit}" if draft.limit else str(draft.length)
        where = " ".join(
            filter(None, (draft.share_url, draft.share_note and f"({draft.share_note})"))
        )
        click.echo(f"  {platform.label:<10} {of:>9}  {where}")
        if draft.content_warning:
            click.echo(f"    content warning: {draft.content_warning}")
        for problem in draft.problems:
            colour = "red" if problem.error else "yellow"
            click.secho(f"    {problem.code} {problem.message}", fg=colour)
