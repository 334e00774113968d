"""`uasocial count`: how long a text is, exactly as each platform counts."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from uasocial.cli import common
from uasocial.errors import UasocialError, printable

if TYPE_CHECKING:
    from uasocial.model import Measure
    from uasocial.platforms import Platform
    from uasocial.toolkit import Toolkit

MAX_BYTES = 1_000_000


@click.command("count")
@click.argument("text", required=False)
@common.platform_option
@common.instance_option
@click.option(
    "--jsonl", is_flag=True, help="Read a JSON string a line, answer a JSON object a line."
)
@common.json_option
@click.pass_context
def command(
    context: click.Context,
    text: str | None,
    platforms: tuple[str, ...],
    instance: str | None,
    jsonl: bool,
    as_json: bool,
) -> None:
    """Count TEXT, or standard input, as each platform does.

    \b
    uasocial count --platform x 'A text with a link: https://example.org'
    """
    kit = common.make_toolkit(context, instance=instance)
    chosen = kit.choose(platforms)
    common.warn_of_plugins(kit)
    if jsonl:
        if text is not None or len(chosen) != 1:
            raise click.UsageError("--jsonl reads standard input, for one --platform")
        for answer in _answers(kit, chosen[0], sys.stdin.buffer):
            click.echo(json.dumps(answer))
        return
    given = _text(text)
    measures = [(platform, kit.measure(platform, given)) for platform in chosen]
    if as_json:
        rows = [
            {"platform": p.name, **_as_json(m), "stated": p.limits().stated} for p, m in measures
        ]
        common.print_json(counts=rows)
        return
    for platform, measure in measures:
        _show(platform, measure)


def _text(given: str | None) -> str:
    if given in (None, "-"):
        given = _decoded(sys.stdin.buffer.read(MAX_BYTES + 1)).removesuffix("\n")
    assert given is not None
    if _is_broken(given):
        raise UasocialError("the text is not valid Unicode (a lone surrogate, or no UTF-8)")
    return given


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UasocialError(f"the text is larger than {MAX_BYTES:,} bytes: no platform takes that")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UasocialError(f"standard input, line {line}: is not UTF-8") from None


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _answers(kit: "Toolkit", platform: "Platform", lines: BinaryIO) -> Iterator[dict[str, Any]]:
    """Answer line by line, an error where a line is none, and go on."""
    while line := lines.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            _skip_line(lines, line)
            yield {"error": f"the line is longer than {MAX_BYTES:,} bytes"}
        elif not line.strip():
            yield {"error": "the line is empty: it should hold a JSON string"}
        else:
            yield _answer(kit, platform, line)


def _skip_line(lines: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = lines.readline(MAX_BYTES)


def _answer(kit: "Toolkit", platform: "Platform", line: bytes) -> dict[str, Any]:
    try:
        text = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": printable(f"the line is not JSON: {error}")}
    if not isinstance(text, str):
        return {"error": "the line is JSON, but no string"}
    if _is_broken(text):
        return {"error": "the text holds a lone surrogate, which no platform takes"}
    return _as_json(kit.measure(platform, text))


def _as_json(measure: "Measure") -> dict[str, Any]:
    return {
        "length": measure.length,
        "limit": measure.limit,
        "fits": measure.fits,
        **measure.details,
    }


def _show(platform: "Platform", measure: "Measure") -> None:
    limit = f"of {measure.limit}" if measure.limit is not None else "without a limit"
    over = measure.over()
    verdict = "fits" if measure.fits else (f"{over} too long" if over else "would be refused")
    details = "".join(f", {name} {value}" for name, value in measure.details.items())
    careful = "" if platform.limits().stated else " (unit not stated: counted with care)"
    click.secho(
        f"{platform.label:<14} {measure.length:>6} {limit:<16} {verdict}{details}{careful}",
        fg=None if measure.fits else "red",
    )
