"""Facts that a document states in a line: number, index, days, languages."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from uasocial.languages.reading import (
    is_ambiguous_day,
    read_day,
    read_days,
    read_languages,
)
from uasocial.model import ActionNumber, DocumentIndex
from uasocial.reading.document import Line
from uasocial.reading.labels import labels_of
from uasocial.reading.sheet import Sheet

__all__ = [
    "INDEX",
    "is_number",
    "put_days_left",
    "put_deadline",
    "put_index",
    "put_issued",
    "put_kind",
    "put_languages",
    "put_number",
]

_NUMBER = re.compile(
    r"(?:\b(?:(?:first|second|third|fourth|fifth|final)\s+)?(?:UAA?|AU|FI|urgent\s+action)\s*:?\s*)?"
    r"(?<![\d/])\d{1,4}\s*[/.]\s*\d{2,4}(?:\s*-\s*\d{1,2})?(?![\d/])",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"(?:second|third|fourth|fifth|sixth|segunda|tercera|cuarta|deuxième|troisième|quatrième"
    r"|zweite|dritte|vierte)\s+(?:ua|au)\b",
    re.IGNORECASE,
)
_KINDS = {
    "stop": "stop",
    "fin de l": "stop",
    "good news": "good-news",
    "correction": "correction",
    "corrección": "correction",
}
INDEX = re.compile(
    r"\b(?:AFR|AMR|ASA|EUR|MDE|ACT|POL|ORG|FIN)[\s-]?\d{2}/\d{2,4}/\d{2,4}(?:/[a-z])?\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"your own language|su propio idioma|tu propio idioma|votre (?:propre )?langue"
    r"|(?:ihrer|deiner|eurer) (?:eigenen )?sprache|own language",
    re.IGNORECASE,
)

_NOT = re.compile(r"\b(?:not|no|only|ne|pas|seulement|solo|sólo|nicht|nur|kein)\b", re.IGNORECASE)
_ITEM = re.compile(r"^\W*(?:\d{1,2}[.)]\s+)?")
_YES = True
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_AND = re.compile(r"\s*[,/;]\s*|\s+(?:and|or|y|o|e|et|ou|und|oder)\s+", re.IGNORECASE)

# "Before 3 January" ends on the 2nd; facts/urgent-actions.md: the words differ by a day.
_BEFORE = re.compile(r"\b(?:before|avant|antes\s+del?|vor\s+dem|prima\s+del)\b", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:until|till|by|up to|hasta|jusqu.au|bis|no later than|fino al|à)\b", re.IGNORECASE
)


def put_number(sheet: Sheet, lines: Sequence[Line]) -> bool:
    """Place the number of the action, in whatever form it is written."""
    for line, text in _matches(_NUMBER, lines):
        try:
            number = ActionNumber.parse(text)
        except ValueError:
            continue
        sheet.put(("action", "number"), str(number), line)
        if number.update:
            # A document that ends an action is counted among its further informations, too.
            sheet.put(("action", "kind"), _kind_of(line) or "further-information", line)
        return True
    return False


def put_kind(sheet: Sheet, lines: Sequence[Line]) -> bool:
    """Place what kind of document it is, where a line says that it follows an earlier one."""
    for line in lines:
        kind = _kind_of(line)
        if kind:
            sheet.put(("action", "kind"), kind, line)
            return True
    return False


def _kind_of(line: Line) -> str:
    """Return what kind of later document a line says this is, or ``""``."""
    follows = any(label.kind == "update_of" for label in labels_of(line.text))
    if not (follows or _LATER.match(line.text)):
        return ""
    said = line.text.casefold()
    return next((kind for word, kind in _KINDS.items() if word in said), "further-information")


def is_number(line: Line) -> bool:
    """Tell whether *line* is a number and nothing else."""
    return _NUMBER.fullmatch(line.text[:200]) is not None


def put_index(sheet: Sheet, lines: Sequence[Line]) -> bool:
    for line, text in _matches(INDEX, lines):
        try:
            index = DocumentIndex.parse(text)
        except ValueError:
            continue
        sheet.put(("action", "index"), str(index), line)
        return True
    return False


def _matches(pattern: re.Pattern[str], lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    for line in lines:
        for match in pattern.finditer(line.text[:2000]):
            yield line, match[0]


def put_issued(sheet: Sheet, lines: Sequence[Line], language: str | None = None) -> bool:
    found = _day(sheet, lines, language)
    if found is None:
        return False
    sheet.put(("action", "active_since"), found[0], *found[2])
    return True


def put_deadline(sheet: Sheet, lines: Sequence[Line], language: str, words: str = "") -> bool:
    """Place the deadline, and whether its words count the day itself; *words* are the label's."""
    found = _day(sheet, lines, language)
    if found is None:
        return False
    day, said, used = found
    sentence = _ITEM.sub("", f"{words} {said}".strip())
    sheet.put(("action", "deadline"), day, *used)
    others = [words for other, words in read_days(said, language) if other.isoformat() != day]
    if others:
        sheet.doubt(used[0].number, f"names {', '.join(others)} as well: the first day is read")
    sheet.put(("action", "deadline_inclusive"), _is_inclusive(sheet, sentence, used[0]), *used)
    sheet.put(("action", "deadline_words", language), sentence, *used)
    return True


def _is_inclusive(sheet: Sheet, sentence: str, line: Line) -> bool:
    if _BEFORE.search(sentence):
        return False
    if _UNTIL.search(sentence):
        return True
    sheet.doubt(
        line.number,
        f"{sentence!r} does not say whether the day itself counts: read as not, to be careful",
    )
    return False


def put_days_left(sheet: Sheet, count: str, line: Line) -> None:
    """Place the days left; with the deadline they tell when the page was read."""
    if count.isdecimal() and len(count) < 4:  # noqa: PLR2004
        sheet.days_left = (int(count), line)
        sheet.place([line])


def put_languages(sheet: Sheet, lines: Sequence[Line]) -> bool:
    """Place the target's languages, and whether one may write in one's own."""
    for text, used in _sentences(list(takewhile(lambda line: line.text, lines))):
        if not _put_language(sheet, text, used):
            sheet.doubt(used[0].number, f"{text!r} stands beside the languages: not read")
    return sheet.has("action", "preferred_languages")


def _sentences(lines: Sequence[Line]) -> list[tuple[str, tuple[Line, ...]]]:
    """Return the sentences, each with its lines: one that a line breaks off goes on in the next."""
    found: list[tuple[str, tuple[Line, ...]]] = []
    for line in lines:
        for number, sentence in enumerate(_SENTENCE.split(line.text[:2000])):
            if found and number == 0 and _goes_on(found[-1][0], sentence):
                text, used = found.pop()
                found.append((f"{text} {sentence}", (*used, line)))
            else:
                found.append((sentence, (line,)))
    return found


def _goes_on(sentence: str, following: str) -> bool:
    return not sentence.endswith((".", ";", ":")) and following[:1].islower()


def _put_language(sheet: Sheet, sentence: str, used: Sequence[Line]) -> bool:
    """Place what one sentence says; False where it says nothing, or goes on in the next line."""
    plain = " ".join(sentence.split())
    own = _OWN.search(plain)
    if own and _NOT.search(plain):
        return False
    if own:
        sheet.put(("action", "own_language"), _YES, *used)
    known = read_languages(_OWN.sub("", plain))
    if own and (not known or sheet.has("action", "preferred_languages")):
        return True
    if not known or sheet.has("action", "preferred_languages"):
        return False
    sheet.put(("action", "preferred_languages"), known, *used)
    if len(known) < len(_AND.split(sentence)) and not own:
        told = ", ".join(known)
        sheet.doubt(used[0].number, f"{sentence!r}: read as {told} and no more")
    return True


def _day(
    sheet: Sheet, lines: Sequence[Line], language: str | None
) -> tuple[str, str, tuple[Line, ...]] | None:
    """Return the first day, its words, and the line or the two lines that it stands in."""
    wrapped = [(a, b) for a, b in pairwise(lines) if a.text and b.text]
    for used in (*((line,) for line in lines), *wrapped):
        text = " ".join(line.text for line in used)
        found = read_day(text, language) or read_day(text)
        if found:
            return found[0].isoformat(), text, used
    for line in lines:
        _doubt_day(sheet, line)
    return None


def _doubt_day(sheet: Sheet, line: Line) -> None:
    quoted = f"{line.text[:100]!r}"
    if is_ambiguous_day(line.text):
        sheet.doubt(line.number, f"{quoted}: day and month cannot be told apart, so it is not read")
    elif any(map(str.isdigit, line.text)):
        sheet.doubt(line.number, f"{quoted} holds no day of the calendar: not read")
