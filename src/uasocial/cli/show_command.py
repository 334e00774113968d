"""`uasocial show`: one case, as its files tell it."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from uasocial.cli import common
from uasocial.errors import Refused

if TYPE_CHECKING:
    from uasocial.model import Action, Target
    from uasocial.model.facts import Copy


@click.command("show")
@common.action_argument
@click.option("--language", "-l", metavar="TAG", help="The language to show it in.")
@common.moment_option
@common.json_option
@click.pass_context
def command(
    context: click.Context, action: str, language: str | None, as_of: date | None, as_json: bool
) -> None:
    """Show ACTION: its facts, its targets, and its letter."""
    kit = common.make_toolkit(context, as_of)
    case = kit.action(action)
    if kit.is_withdrawn(case):
        raise Refused(f"{case.id}: {kit.withheld(case)}")
    chosen = common.choose_languages(case, (language,) if language else ())
    if as_json:
        common.print_json(actions=[_as_json(case, chosen if language else list(case.words))])
        return
    common.say_rehearsal(kit)
    refusal = kit.refusal(case, "appeal")
    if refusal:
        click.secho(f"Not to be handed out: {refusal}", fg="red", bold=True)
    _show(case, chosen[0], kit.today(case))


def _as_json(action: "Action", languages: list[str]) -> dict[str, Any]:
    import msgspec

    words = {language: action.words[language] for language in languages}
    plain: dict[str, Any] = msgspec.to_builtins(
        {"id": action.id, "facts": action.facts, "words": words, "versions": action.versions},
        enc_hook=str,
    )
    return plain


def _show(action: "Action", language: str, today: date) -> None:
    from uasocial import languages

    facts, words = action.facts, action.words[language]
    click.secho(action.title(language), bold=True)
    _row("Number", facts.number)
    _row("Index", facts.index)
    _row("Countries", ", ".join(languages.country_name(c, "en") for c in facts.countries))
    _row("Active since", languages.day(facts.active_since, "en"))
    _row("Last day", languages.day(facts.last_day, "en"))
    _row("Languages", ", ".join(languages.language_name(t, "en") for t in action.words))
    _row("Counted", facts.counter and f"{facts.counter.value} on {facts.counter.as_of}")
    if words.lead:
        click.echo(f"\n{words.lead.strip()}")
    if words.demands:
        click.echo()
        for demand in words.demands:
            click.echo(f"  - {demand.strip()}")
    for target in facts.targets:
        _show_target(target, language, today)
    for copy in facts.copies:
        name = copy.name.get(language) or next(iter(copy.name.values()))
        _show_address(f"Copy, from {copy.sender_country}: {name}", copy)
    # Before the letter: who has reason not to send one reads it in time.
    for text in (*(s.text for s in facts.safety), *(d.text for d in facts.delivery)):
        if language in text:
            click.secho(f"\n! {text[language].strip()}", fg="yellow")
    if words.letter:
        paragraphs = "\n\n".join(paragraph.strip() for paragraph in words.letter.paragraphs)
        parts = (words.letter.salutation, paragraphs, words.letter.closing)
        click.echo("\n" + "\n\n".join(filter(None, parts)))


def _show_target(target: "Target", language: str, today: date) -> None:
    holder = target.holder(today)
    office = target.office.get(language) or next(iter(target.office.values()))
    _show_address(f"{holder.name}, {office}" if holder else office, target)
    for platform, handle in (holder.handles if holder else {}).items():
        click.echo(f"  {platform}: @{handle}")


def _show_address(heading: str, of: "Target | Copy") -> None:
    click.secho(f"\n{heading}", bold=True)
    for line in (*of.address, *of.emails, *of.faxes, *of.phones):
        click.echo(f"  {line}")


def _row(name: str, value: object) -> None:
    if value:
        click.echo(f"  {name:<13} {value}")
