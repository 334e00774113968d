"""Targets and copies: from address blocks to the fields of a case."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from uasocial.languages.reading import identify
from uasocial.reading.contacts import Contact, read_contact
from uasocial.reading.document import Line
from uasocial.reading.sheet import Sheet

EMBASSY = re.compile(
    r"\b(?:embassy|ambassade|embajada|botschaft|ambasciata|consulate|consulat)\b", re.IGNORECASE
)

__all__ = ["put_copies", "put_target", "put_targets"]


def put_targets(
    sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None = None
) -> None:
    """Place the targets that stand in *lines*: a block each, or a line each."""
    for block in _blocks(lines):
        put_target(sheet, block, language, sender)


def put_target(
    sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None = None
) -> bool:
    """Place one target; False where *lines* name neither a person nor an office."""
    contact = read_contact(lines)
    if contact.office and EMBASSY.search(contact.office[0]):
        # An embassy stands in the country of those who write to it.
        contact = read_contact(lines, sender)
    if not contact.name and not contact.office:
        return False
    sheet.doubts(contact.doubts)
    at = ("action", "targets", _next(sheet, "targets"))
    if contact.office:
        # The block may be in another language than the page around it.
        tag = contact.language or language
        _put(sheet, (*at, "office", tag), contact.office, lines)
    if contact.name:
        _put(sheet, (*at, "holders", 0, "name"), contact.name, lines)
        for platform, handle in contact.handles.items():
            _put(sheet, (*at, "holders", 0, "handles", platform), handle, lines)
        if contact.salutation:
            _put(sheet, (*at, "holders", 0, "salutation", language), contact.salutation, lines)
    elif contact.handles:
        told = ", ".join(
            f"@{handle} ({platform})" for platform, (handle, _) in contact.handles.items()
        )
        sheet.doubt(lines[0].number, f"{told}: nobody is named whose handle this is; add a holder")
    _put_reach(sheet, at, contact, lines)
    return True


def put_copies(sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None) -> None:
    """Place who gets a copy; *sender* is the country that letters of this page come from."""
    for block in _blocks(lines):
        contact = read_contact(block, sender)
        name = contact.office or contact.name
        country = sender or (contact.country[0] if contact.country else None)
        if name is None or country is None:
            sheet.doubt(
                block[0].number,
                "a copy whose country of senders is not stated: add it under copies",
            )
            continue
        sheet.doubts(contact.doubts)
        at = ("action", "copies", _next(sheet, "copies"))
        tag = contact.language or identify(name[0], None)[0] or language
        _put(sheet, (*at, "name", tag), name, block)
        sheet.put((*at, "sender_country"), country, block[0])
        _put_reach(sheet, at, contact, block)


def _next(sheet: Sheet, kind: str) -> int:
    number = 0
    while sheet.has("action", kind, number):
        number += 1
    return number


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Part address blocks at empty lines; a block without a name belongs to the one above."""
    blocks = [list(part) for said, part in groupby(lines, lambda line: bool(line.text)) if said]
    found: list[list[Line]] = []
    for block in chain.from_iterable(map(_one_line_each, blocks)):
        contact = read_contact(block)
        if found and not (contact.office or contact.name):
            found[-1].extend(block)
        else:
            found.append(block)
    return found


def _one_line_each(block: list[Line]) -> Iterator[list[Line]]:
    """Part a block before each line that is a whole target: who, where, and a way to reach them."""
    part: list[Line] = []
    for line in block:
        if part and line.text.count(",") > 1 and _is_whole(read_contact([line])):
            yield part
            part = []
        part.append(line)
    yield part


def _is_whole(contact: Contact) -> bool:
    reach = contact.emails or contact.phones or contact.faxes or contact.handles
    return bool((contact.name or contact.office) and contact.address and reach)


def _put(
    sheet: Sheet,
    at: tuple[str | int, ...],
    value: tuple[str, int],
    lines: Sequence[Line],
) -> None:
    sheet.put(at, value[0], *_numbered(lines, value[1]))


def _numbered(lines: Sequence[Line], number: int) -> list[Line]:
    return [line for line in lines if line.number == number]


def _put_reach(
    sheet: Sheet, at: tuple[str | int, ...], contact: Contact, lines: Sequence[Line]
) -> None:
    """Place the ways to reach somebody."""
    if contact.address:
        used = [line for _, number in contact.address for line in _numbered(lines, number)]
        sheet.put((*at, "address"), [text for text, _ in contact.address], *used)
    if contact.country:
        _put(sheet, (*at, "country"), contact.country, lines)
    for kind in ("emails", "faxes", "phones"):
        found = getattr(contact, kind)
        if found:
            used = [line for entry in found for line in _numbered(lines, entry[1])]
            sheet.put((*at, kind), [entry[0] for entry in found], *used)
