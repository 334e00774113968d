"""A model letter: its salutation, its paragraphs and its closing."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from uasocial.reading.document import Line
from uasocial.reading.found import At
from uasocial.reading.lines import Paragraph, paragraphs
from uasocial.reading.sheet import Sheet

__all__ = ["greets", "letters_in", "put_letter"]

# How letters to officials begin and end in the languages of the layouts.
_GREETING = re.compile(
    r"(?:dear|your excellency|excellency|honou?rable|señora?|estimad[oa]s?|excelent[ií]sim[oa]"
    r"|su excelencia|excelencia|sra?\.|distinguid[oa]|muy señora?|monsieur|madame|excellence"
    r"|votre excellence|mesdames|sehr geehrte[rs]?|eure exzellenz|exzellenz|verehrte[rs]?|gentile"
    r"|egregi[oa]|eccellenza|signora?|prezad[oa]|senhora?|excelência|معالي|سعادة|السيدة?)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:yours\b|sincerely|respectfully|faithfully|(?:with )?(?:kind|best|warm) regards"
    r"|with respect|atentamente|respetuosamente|cordialmente|le salud[ao]|saludos|reciba\b"
    r"|sin otro particular"
    r"|veuillez\b|je vous prie d.agréer|dans l.attente|recevez\b|cordialement|respectueusement"
    r"|avec (?:mes|toute)|hochachtungsvoll|mit (?:freundlichen|vorzüglicher|hochachtung|respekt)"
    r"|freundliche grüsse|freundliche grüße|distinti saluti|cordiali saluti|con osservanza"
    r"|atenciosamente|respeitosamente|com os melhores|مع فائق|وتفضلوا)",
    re.IGNORECASE,
)
_CLOSING_WITHIN = re.compile(
    r"(?<=[.!?])\s+(?=Yours |Atentamente|Hochachtungsvoll|Mit freundlichen)"
)

LONGEST_GREETING = 150


class _Letter(NamedTuple):
    salutation: Paragraph
    body: list[Paragraph]
    closing: Paragraph | None


def greets(text: str) -> bool:
    """Tell whether *text* greets somebody, as a letter does first."""
    return _GREETING.match(text) is not None and _greeting_end(text) is not None


def letters_in(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Part letters that stand below each other: a greeting below a closing begins another."""
    starts = [0]
    closed = False
    for at, line in enumerate(lines):
        if closed and greets(line.text):
            starts.append(at)
            closed = False
        closed = closed or _CLOSING.match(line.text) is not None
    return [lines[start:end] for start, end in pairwise([*starts, len(lines)])]


def put_letter(sheet: Sheet, language: str, lines: Sequence[Line]) -> bool:
    """Place the letter that stands in *lines*; False where no greeting shows that it is one."""
    letter = _read(paragraphs(lines))
    if letter is None:
        return False
    _put(sheet, (language, "letter", "salutation"), letter.salutation)
    texts = [text for text, _ in letter.body]
    used = [line for _, lines in letter.body for line in lines]
    sheet.put((language, "letter", "paragraphs"), texts, *used)
    if letter.closing:
        _put(sheet, (language, "letter", "closing"), letter.closing)
    return True


def _put(sheet: Sheet, at: At, paragraph: Paragraph) -> None:
    sheet.put(at, paragraph[0], *paragraph[1])


def _read(found: list[Paragraph]) -> _Letter | None:
    parts = _greeted(found)
    if parts is None:
        return None
    salutation, body = parts
    body, closing = _closed(body)
    return _Letter(salutation, body, closing) if body else None


def _greeted(found: list[Paragraph]) -> tuple[Paragraph, list[Paragraph]] | None:
    """Part the salutation from the rest, also where both were joined into one line."""
    if not found:
        return None
    text, lines = found[0]
    end = _greeting_end(text)
    if end is None:
        return None
    rest = text[end:].lstrip()
    body = [(rest, lines), *found[1:]] if rest else found[1:]
    return (text[:end].rstrip(), lines), body


def _greeting_end(text: str) -> int | None:
    """Return where the salutation ends; a short line with a mark at its end is one as well."""
    head = text[:LONGEST_GREETING]
    if len(text) == len(head) and text.endswith((",", ":", "!", "،")):
        return len(text)
    mark = re.search(r"[,:!](?=\s+\S)", head)
    if _GREETING.match(head) is None:
        return None
    if mark:
        return mark.end()
    return len(text) if len(text) == len(head) and not text.endswith(".") else None


def _closed(body: list[Paragraph]) -> tuple[list[Paragraph], Paragraph | None]:
    """Part the closing from the body; what stands below it, such as a line to sign on, is left."""
    for at in range(len(body) - 1, 0, -1):
        if _CLOSING.match(body[at][0]):
            return body[:at], body[at]
    if len(body) > 1 and len(body[-1][0]) < 40 and body[-1][0].endswith(","):  # noqa: PLR2004
        return body[:-1], body[-1]
    return _closed_within(body)


def _closed_within(body: list[Paragraph]) -> tuple[list[Paragraph], Paragraph | None]:
    if not body:
        return body, None
    text, lines = body[-1]
    parts = _CLOSING_WITHIN.split(text)
    if len(parts) == 1:
        return body, None
    return [*body[:-1], (" ".join(parts[:-1]), lines)], (parts[-1], lines)
