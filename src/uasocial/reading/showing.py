"""A document and what was read in it, side by side."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from uasocial.reading.assembling import said_at
from uasocial.reading.document import Line
from uasocial.reading.found import Field, Reading

__all__ = ["explain", "labels", "legible", "wrap"]

PAGE, NOBODY, HEADING = "(page)", "?", "(heading)"
# Of the terminal, for where a line went.
SHARE = 3
NARROWEST = 12


def explain(reading: Reading, width: int) -> Iterator[str]:
    """Yield the lines of a document, each with its number and, on the right, where it went."""
    lines = reading.document.lines
    if not lines:
        for field in reading.fields:
            value = ", ".join(field.value) if isinstance(field.value, list) else field.value
            yield legible(f"{said_at(field.at)}: {value}")
        return
    margin = len(str(max(line.number for line in lines)))
    right = max(NARROWEST, width // SHARE)
    left = max(NARROWEST, width - margin - right - 4)
    went = labels(reading)
    for line in lines:
        text = wrap(legible(line.text), left)
        where = wrap(", ".join(went.get(line.number, ())), right)
        for row in range(max(len(text), len(where))):
            number = str(line.number) if row == 0 else ""
            page = text[row] if row < len(text) else ""
            place = where[row] if row < len(where) else ""
            yield f"{number:>{margin}}  {page}{' ' * (left - _width(page))}  {place}".rstrip()


def labels(reading: Reading) -> dict[int, list[str]]:
    """Return where each line went, by its number."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    texts = {line.number: line.text for line in reading.document.lines}
    for field in reading.fields:
        for number in field.lines:
            found[number][_label(field, number, texts.get(number, ""))] = None
    for lines, label in ((reading.furniture, PAGE), (reading.unplaced, NOBODY)):
        for line in lines:
            found[line.number][label] = None
    for line in reading.document.lines:
        if _says(line) and line.number not in found:
            found[line.number][HEADING] = None
    return {number: list(names) for number, names in found.items()}


def _says(line: Line) -> bool:
    return bool(line.text.strip())


def _label(field: Field, number: int, text: str) -> str:
    """Name the place of *field*, and which of its texts *number* is, where that is clear."""
    if not isinstance(field.value, list):
        return said_at(field.at)
    if len(field.lines) == len(field.value):
        return said_at((*field.at, field.lines.index(number)))
    among = [n for n, item in enumerate(field.value) if text.strip() and text.strip() in item]
    return said_at((*field.at, among[0])) if len(among) == 1 else said_at(field.at)


def legible(text: str) -> str:
    """Return *text* with what a terminal would obey, or nobody would see, written as escapes."""
    return "".join(map(_legible, text))


def _legible(character: str) -> str:
    if character == "\t":
        return " "
    # ZWNJ and ZWJ are letters' business in many scripts, and in emoji.
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
    if not hidden or character in "\u200c\u200d":
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()


def wrap(text: str, width: int) -> list[str]:
    """Break *text* at spaces into lines of at most *width* columns; a longer word is cut."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        room = _width(word)
        if line and used + 1 + room <= width:
            line, used = f"{line} {word}", used + 1 + room
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, width) if room > width else [word]
        lines += full
        used = _width(line)
    return [*lines, line]


def _cut(word: str, width: int) -> list[str]:
    parts, used = [""], 0
    for character in word:
        room = _width(character)
        if used + room > width:
            parts.append("")
            used = 0
        parts[-1] += character
        used += room
    return parts


def _width(text: str) -> int:
    """Count columns: two for the wide characters of East Asia and emoji, none for marks."""
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )
