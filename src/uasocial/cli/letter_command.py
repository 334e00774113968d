"""`uasocial letter`: the letter, addressed and dated, to print or to send as an e-mail."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from uasocial.cli import common
from uasocial.errors import UasocialError

if TYPE_CHECKING:
    from uasocial.letters import AppealLetter
    from uasocial.toolkit import Toolkit

# A name and an address; what is longer is another file.
MAX_SENDER = 2_000


class Country(click.ParamType[str]):
    """An ISO 3166-1 code, in small letters or capitals."""

    name = "country"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from uasocial.model.codes import is_country

        code: str = value.upper()
        if not is_country(code):
            hint = _code_of(value) or "write it in two letters, such as CH"
            self.fail(f"{value!r} is no code of a country: {hint}", param, ctx)
        return code


@click.command("letter")
@common.action_argument
@click.option("--language", "-l", metavar="TAG", help="Otherwise the one the target reads first.")
@click.option("--target", "-t", metavar="ID", help="One of the targets. Otherwise all of them.")
@click.option(
    "--from",
    "country",
    type=Country(),
    metavar="CH",
    help="The country you write from: the embassy there gets a copy, and a letter within one "
    "country has no line for the country. Without it there is no copy.",
)
@click.option(
    "--country-in",
    type=click.Choice(["en", "fr"]),
    help="The language of the line for the country. Otherwise French where the letter is in "
    "French, or the post you write from speaks French and not English; else English.",
)
@click.option(
    "--sender",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A text file with your name, then your address, a line each; - reads standard input. "
    "Nothing of it is kept. Otherwise there is room to write them by hand.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["txt", "eml"]),
    default="txt",
    show_default=True,
    help="Text to print, or an e-mail that your mail program opens as a draft.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file.")
@click.option("--force", is_flag=True, help="Let --out replace a file.")
@common.moment_option
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    action: str,
    language: str | None,
    target: str | None,
    country: str | None,
    country_in: Literal["en", "fr"] | None,
    sender: Path | None,
    form: str,
    out: Path | None,
    force: bool,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Compose the letter of ACTION to each target, ready to sign.

    Advice, and what a letter costs, stand on standard error: standard output is the letter
    alone. A page break parts the letters, and each from the copy to the embassy.

    \b
    uasocial letter ua-119-21 --from CH --as-of 2021-12-01
    uasocial letter school-in-the-hills -l en -t minister-of-education --format eml --out mail.eml
    """
    from uasocial.letters import Sending

    if as_of and out:
        raise click.UsageError("--as-of is a rehearsal: it opens, copies and hands over nothing")
    if as_json and (out or sender):
        raise click.UsageError("--json shows the parts of the letter: it takes no --out, --sender")
    kit = common.make_toolkit(context, as_of)
    channel: Literal["letter", "email"] = "email" if form == "eml" else "letter"
    sending = Sending(country=country, channel=channel, country_in=country_in)
    letters = kit.letters(kit.action(action), sending, language, target)
    if as_json:
        _print_json(letters, as_of)
        return
    lines = _sender(sender) if sender else []
    _say_notes(kit, letters)
    made = _as_eml(kit, letters, lines) if form == "eml" else _as_text(letters, lines)
    if out:
        _write(out, made, force=force)
        click.echo(f"The letter is in {out}.", err=True)
    else:
        click.echo(made, nl=False)


def _print_json(letters: list["AppealLetter"], as_of: date | None) -> None:
    import msgspec

    shown = [msgspec.to_builtins(letter) for letter in letters]
    common.print_json(as_of=as_of and str(as_of), letters=shown)


def _say_notes(kit: "Toolkit", letters: list["AppealLetter"]) -> None:
    """Say on stderr, once each, what is to be read before the letter."""
    if kit.rehearsal:
        click.secho(_rehearsal(kit), bold=True, fg="yellow", err=True)
    for note in dict.fromkeys(note for letter in letters for note in letter.notes):
        click.secho(f"! {note}", fg="yellow", err=True)


def _rehearsal(kit: "Toolkit") -> str:
    return f"Rehearsal, as of {kit.now.date()}: nothing here is to be sent."


def _as_text(letters: list["AppealLetter"], sender: list[str]) -> bytes:
    from uasocial.letters import PAGE_BREAK, as_text

    return PAGE_BREAK.join(as_text(letter, sender) for letter in letters).encode()


def _as_eml(kit: "Toolkit", letters: list["AppealLetter"], sender: list[str]) -> bytes:
    """Make the e-mail; that of a rehearsal says so where whoever is about to send it looks."""
    from msgspec.structs import replace

    from uasocial.letters import as_eml

    (letter,) = letters
    if kit.rehearsal:
        letter = replace(letter, subject=f"{_rehearsal(kit)} {letter.subject}")
    return as_eml(letter, sender)


def _sender(path: Path) -> list[str]:
    """Read the sender's name and address."""
    try:
        with click.open_file(str(path), "rb") as file:
            data = file.read(MAX_SENDER + 1)
        lines = data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UasocialError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UasocialError(f"{path}: is not UTF-8: save it as UTF-8") from None
    if len(data) > MAX_SENDER:
        raise UasocialError(f"{path}: is longer than a name and an address: give another file")
    return [line.strip() for line in lines if line.strip()]


def _write(path: Path, data: bytes, *, force: bool) -> None:
    """Write the file whole or not at all; only *force* replaces another."""
    from uasocial.placing import replace_file

    try:
        if force:
            replace_file(path, data)
            return
        # Takes the name, so that no other program's file comes to lie there meanwhile.
        path.touch(exist_ok=False)
        try:
            replace_file(path, data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise UasocialError(f"{path}: is there already; --force replaces it") from None
    except OSError as error:
        raise UasocialError(f"{path}: cannot be written: {error.strerror}") from None


def _code_of(name: str) -> str:
    """Return ``"Switzerland is CH"`` for an English name, or ``""``."""
    from difflib import get_close_matches

    from uasocial import languages
    from uasocial.model.codes import COUNTRIES

    codes = {languages.country_name(code, "en").casefold(): code for code in sorted(COUNTRIES)}
    codes |= {"uk": "GB", "usa": "US"}
    for near in get_close_matches(name.casefold()[:100], codes, n=1, cutoff=0.75):
        return f"{languages.country_name(codes[near], 'en')} is {codes[near]}"
    return ""
