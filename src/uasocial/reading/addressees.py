"""Targets and copies: from address blocks to the fields of a case."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from uasocial.languages.reading import identify
from uasocial.reading.contacts import Contact, read_contact
from uasocial.reading.document import Line
from uasocial.reading.offices import has_honorific, is_institution, is_office, is_person, titled
from uasocial.reading.sheet import Sheet

EMBASSY = re.compile(
    r"\b(?:embassy|ambassade|embajada|botschaft|ambasciata|consulate|consulat)\b", re.IGNORECASE
)

__all__ = ["put_copies", "put_targets"]

# A longer block is no address; where another begins in it is not asked.
MOST_LINES = 20


# An action has a handful of targets; who gives more gives something else.
MOST_ADDRESS_LINES = 500


def put_targets(
    sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None = None
) -> None:
    """Place the targets that stand in *lines*: a block each, or a line each."""
    for block in _blocks(sheet, lines):
        _put_target(sheet, block, language, sender)


def _put_target(sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None) -> None:
    """Place one target, unless *lines* name neither a person nor an office."""
    contact = read_contact(lines)
    if contact.office and EMBASSY.search(contact.office[0]):
        # An embassy stands in the country of those who write to it.
        contact = read_contact(lines, sender)
    if not contact.name and not contact.office:
        return
    sheet.doubts(contact.doubts)
    at = ("action", "targets", sheet.count("action", "targets"))
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
    _tell_left(sheet, contact, lines)


def put_copies(sheet: Sheet, lines: Sequence[Line], language: str, sender: str | None) -> None:
    """Place who gets a copy; *sender* is the country that letters of this page come from."""
    for block in _blocks(sheet, lines):
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
        at = ("action", "copies", sheet.count("action", "copies"))
        tag = contact.language or identify(name[0], None)[0] or language
        _put(sheet, (*at, "name", tag), name, block)
        sheet.put((*at, "sender_country"), country, block[0])
        _put_reach(sheet, at, contact, block)
        _tell_left(sheet, contact, block)


def _tell_left(sheet: Sheet, contact: Contact, lines: Sequence[Line]) -> None:
    """Tell what is left of lines of which another part was placed."""
    told = " ".join(doubt.message for doubt in contact.doubts)
    for left in contact.other:
        whole = next(line for line in lines if line.number == left.number)
        if left.text not in told and left.text != whole.text and not sheet.is_open(whole):
            sheet.doubt(left.number, f"{left.text!r} beside an address: it is not placed")


def _blocks(sheet: Sheet, lines: Sequence[Line]) -> list[list[Line]]:
    """Part address blocks: at empty lines, and where another one begins without any.

    A page may leave a line between all lines of a block: what only goes on is put together again.
    """
    if len(lines) > MOST_ADDRESS_LINES:
        sheet.doubt(
            lines[0].number,
            f"more than {MOST_ADDRESS_LINES} lines of addresses: the rest is not read",
        )
        lines = lines[:MOST_ADDRESS_LINES]
    stretches = [list(part) for said, part in groupby(lines, lambda line: bool(line.text)) if said]
    parts = list(chain.from_iterable(map(_apart, stretches)))
    found: list[list[Line]] = []
    for part, below in zip(parts, [*parts[1:], []], strict=False):
        above = read_contact(found[-1][:MOST_LINES]) if found else None
        contact = read_contact(part)
        if above and (_completes(above, contact) or _is_town(sheet, above, part, below)):
            found[-1].extend(part)
        else:
            found.append(part)
    return found


def _apart(stretch: list[Line]) -> Iterator[list[Line]]:
    """Part a stretch of lines before each that begins another block."""
    part: list[Line] = []
    for line, below in zip(stretch, [*stretch[1:], None], strict=True):
        if part and _begins(part, line.text, below.text if below else ""):
            yield part
            part = []
        part.append(line)
    yield part


def _begins(part: list[Line], text: str, below: str) -> bool:
    """Tell whether *text* begins a block below *part*: a whole target, or one after an address."""
    if text.count(",") > 1 and _is_whole(read_contact([Line(1, text)])):
        return True
    if len(part) > MOST_LINES or not _names_somebody(text, below):
        return False
    contact = read_contact(part)
    # A part without a name goes on with the block above it.
    is_whole = contact.address or not (contact.name or contact.office)
    return bool(is_whole and (contact.country or _reach(contact)))


def _names_somebody(text: str, below: str) -> bool:
    if not set(":@").isdisjoint(text):
        return False
    return is_office(text) or (is_person(text) and (is_office(below) or titled(text) is not None))


def _is_whole(contact: Contact) -> bool:
    return bool((contact.name or contact.office) and contact.address and _reach(contact))


def _reach(contact: Contact) -> bool:
    return bool(contact.emails or contact.phones or contact.faxes or contact.handles)


def _is_bare(contact: Contact) -> bool:
    """Tell whether a block says who somebody is, and nothing else."""
    return not (contact.address or contact.country or _reach(contact))


def _completes(above: Contact, contact: Contact) -> bool:
    """Tell whether a block goes on with the one above: it names nobody, or what lacked there."""
    if not (contact.name or contact.office):
        return True
    if not _is_bare(above) or (contact.name and contact.office):
        return False
    if above.name and above.office:
        return contact.office is not None and is_institution(contact.office[0])
    return bool(above.name) != bool(contact.name)


def _is_town(sheet: Sheet, above: Contact, part: list[Line], below: list[Line]) -> bool:
    """Tell whether what looks like a name alone, such as San Salvador, ends the address above."""
    contact = read_contact(part)
    if not above.address or contact.office or len(part) > 1 or not _is_bare(contact):
        return False
    if has_honorific(part[0].text) or (below and read_contact(below).office):
        return False
    sheet.doubt(part[0].number, f"{part[0].text!r} is taken for a part of the address above")
    return True


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
