"""Ways in which the same page reaches us otherwise: other line ends, another encoding, a mail."""

import re
import textwrap
from collections.abc import Callable
from functools import partial
from unicodedata import normalize

from uasocial.reading.labels import labels_of

__all__ = ["DISGUISES"]


def _lines(change: Callable[[str], str], text: str) -> bytes:
    """Change each line; what it gives may be several."""
    return "".join(f"{change(line)}\n" for line in text.splitlines()).encode()


def _no_break_spaces(line: str) -> str:
    """Return a label with no-break spaces in it, as editors of pages write them."""
    found = next(iter(labels_of(line)), None)
    if found is None:
        return line
    own = line.removesuffix(found.rest) if found.rest else line
    indent = own[: len(own) - len(own.lstrip())]
    return (
        indent
        + own.lstrip().rstrip().replace(" ", "\u00a0")
        + (" " if found.rest else "")
        + (found.rest)
    )


def _wrapped(line: str) -> str:
    """Wrap what is longer than a line of a mail; a label or an item is one as well."""
    return "\n".join(textwrap.wrap(line, 72, break_on_hyphens=False)) if len(line) > 72 else line


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "cp1252": lambda text: text.encode("cp1252"),
    "nfd": lambda text: normalize("NFD", text).encode(),
    "doubled": partial(_lines, lambda line: f"{line}\n{line}" if line.strip() else line),
    "double-spaced": partial(_lines, lambda line: f"{line}\n"),
    "no-blank-lines": lambda text: re.sub(r"\n{2,}", "\n", text).encode(),
    "nbsp-labels": partial(_lines, _no_break_spaces),
    "wrapped-72": partial(_lines, _wrapped),
    "quoted": partial(_lines, lambda line: f"> {line}"),
    "trailing-spaces": partial(_lines, lambda line: f"{line}  \t"),
}
