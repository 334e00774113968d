"""An address block, in many lines or one: who it is, where they are, how to reach them."""

from collections.abc import Sequence
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from uasocial import languages
from uasocial.errors import printable
from uasocial.languages.reading import read_country
from uasocial.reading.document import Line
from uasocial.reading.found import Doubt
from uasocial.reading.offices import (
    has_honorific,
    is_institution,
    is_office,
    is_person,
    language_of_office,
    titled,
)
from uasocial.reading.phones import read_phone
from uasocial.reading.reach import (
    DISGUISED,
    EMAIL,
    Handle,
    Part,
    handles_of,
    numbers_of,
    parts_of,
    without,
)

__all__ = ["Contact", "read_contact"]

# A longer line or block is no address; it is kept as it is.
MAX_LINE = 2000
MAX_LINES = 100

Said = tuple[str, int]


class Contact(Struct, frozen=True, kw_only=True):
    """What was read of an address block, each value with the number of its line.

    *faxes* and *phones* are (E.164, line, as written); *handles* go by platform; *country* is
    that of the address; *language* the one in which the office is named, where that is certain.
    *other* holds the lines, or what is left of them, that found no place.
    """

    name: Said | None = None
    office: Said | None = None
    address: list[Said] = []
    country: Said | None = None
    emails: list[Said] = []
    faxes: list[tuple[str, int, str]] = []
    phones: list[tuple[str, int, str]] = []
    handles: dict[str, Said] = {}
    salutation: Said | None = None
    language: str | None = None
    other: list[Line] = []
    doubts: list[Doubt] = []


def read_contact(lines: Sequence[Line], country: str | None = None) -> Contact:
    """Read the address block of a target or an embassy.

    *country* is that of readers who know the block without a country line, such as the embassy's
    host: numbers without a code are read for it, unless the block has a country of its own.
    """
    reader = _Reader()
    for at, line in enumerate(lines):
        if at < MAX_LINES and len(line.text) <= MAX_LINE:
            reader.read(line)
        else:
            reader.other.append(line)
    return reader.contact(country)


class _Reader:
    """What has been read so far; numbers wait until the country is known."""

    def __init__(self) -> None:
        self.items: list[Said] = []
        self.emails: list[Said] = []
        self.handles: dict[str, Said] = {}
        self.numbers: list[tuple[str, str, Line]] = []
        self.salutation: Said | None = None
        self.other: list[Line] = []
        self.doubts: list[Doubt] = []
        self.pending: tuple[str, Line] | None = None

    def read(self, line: Line) -> None:
        # Letters and their marks as one, as labels and the words of offices have them.
        text = normalize("NFC", line.text).strip().lstrip("•◦▪●·*–—- \t\u00a0")
        if not text:
            return
        before = self._taken()
        parts = parts_of(text)
        if self.pending:
            parts = self._labelled_above(parts)
        for part in parts:
            if part.kind and not part.text:
                self._wait(part.kind, line)
            else:
                self._part(part, line)
        if self._taken() == before and not self.pending:
            self._leave(line.text, line)

    def _taken(self) -> tuple[int, ...]:
        """Count what was read: a line that adds nothing, such as a second `or`, is not lost."""
        read = (self.items, self.emails, self.handles, self.numbers, self.other)
        return (*map(len, read), self.salutation is not None)

    def _labelled_above(self, parts: list[Part]) -> list[Part]:
        """Give the label that stood alone in the line above to this one, if it has none itself."""
        kind, line = self.pending or ("", None)
        self.pending = None
        if parts and not parts[0].kind:
            return [Part(kind, parts[0].text), *parts[1:]]
        if line:
            self.other.append(line)
        return parts

    def _wait(self, kind: str, line: Line) -> None:
        if self.pending:
            self.other.append(self.pending[1])
        self.pending = kind, line

    def _part(self, part: Part, line: Line) -> None:
        if part.kind in ("phone", "fax", "both"):
            self._numbers(part, line)
        elif part.kind == "salutation" and self.salutation is None:
            self.salutation = part.text, line.number
        elif part.kind == "website":
            self._leave(self._reach(part.text, "", line), line)
        elif part.kind == "salutation":
            self._leave(part.text, line)
        else:
            self._written(part, line)

    def _written(self, part: Part, line: Line) -> None:
        """Read a part whose label names e-mail, a platform or nothing."""
        platform = part.kind if part.kind != "email" else ""
        rest = self._reach(part.text, platform, line)
        if not rest:
            return
        if part.kind:
            self._leave(rest, line)
        elif rest.startswith("+") and numbers_of(rest)[0] and not numbers_of(rest)[1]:
            self._numbers(Part("phone", rest), line)
            self._doubt(line, f"{rest} has no label: it is taken for a telephone number")
        else:
            self.items.append((rest, line.number))

    def _reach(self, text: str, platform: str, line: Line) -> str:
        """Take e-mail addresses and handles out of a text, and return the rest."""
        disguised, text = without(DISGUISED, text)
        for address in disguised:
            self._leave(address, line)
            self._doubt(line, f"{address!r} may be an e-mail address in disguise: write it out")
        emails, text = without(EMAIL, text)
        known = {address for address, _ in self.emails}
        new = dict.fromkeys(address for address in emails if address not in known)
        self.emails += [(address, line.number) for address in new]
        handles, rest = handles_of(text, platform) if text else ([], "")
        for handle in handles:
            self._handle(handle, line)
        return rest if handles or platform else text

    def _handle(self, handle: Handle, line: Line) -> None:
        if not handle.platform:
            self._leave(handle.written, line)
            self._doubt(line, f"no platform is named for {handle.written}: say which")
            return
        first = self.handles.setdefault(handle.platform, (handle.name, line.number))[0]
        if first.casefold() != handle.name.casefold():
            self._leave(handle.written, line)
            self._doubt(
                line,
                f"two handles on {handle.platform}: @{first} is kept, @{handle.name} is not placed",
            )

    def _numbers(self, part: Part, line: Line) -> None:
        numbers, rest = numbers_of(part.text)
        for kind in ("phone", "fax") if part.kind == "both" else (part.kind,):
            self.numbers += [(kind, number, line) for number in numbers]
        if rest:
            emails_left = self._reach(rest, "", line)
            self._leave(emails_left, line)

    def _leave(self, text: str, line: Line) -> None:
        if text:
            self.other.append(line if text == line.text else replace(line, text=text))

    def _doubt(self, line: Line, message: str) -> None:
        self.doubts.append(Doubt(line.number, printable(message)))

    def contact(self, country: str | None) -> Contact:
        if self.pending:
            self.other.append(self.pending[1])
        items, own_country = _country(_apart(self.items))
        name, office, address = _who(items)
        if address and not own_country and not country:
            self.doubts.append(Doubt(address[-1][1], "the address has no country line"))
        phones = self._resolved("phone", own_country[0] if own_country else country)
        faxes = self._resolved("fax", own_country[0] if own_country else country)
        return Contact(
            name=name,
            office=office,
            address=address,
            country=own_country,
            emails=self.emails,
            faxes=faxes,
            phones=phones,
            handles=self.handles,
            salutation=self.salutation,
            language=language_of_office(office[0]) if office else None,
            other=sorted(self.other, key=lambda line: line.number),
            doubts=sorted(self.doubts),
        )

    def _resolved(self, kind: str, country: str | None) -> list[tuple[str, int, str]]:
        """Read the numbers of a kind, now that the country is known."""
        found = []
        for _, written, line in (number for number in self.numbers if number[0] == kind):
            phone = read_phone(written, country)
            name = "fax" if kind == "fax" else "telephone"
            of = f" of {languages.country_name(country, 'en')}" if country else ""
            if phone is None:
                self._leave(written, line)
                why = (
                    f"is none{of}"
                    if country or written.startswith(("+", "00"))
                    else ("has no country's code, and no country is stated")
                )
                self._doubt(line, f"the {name} number {written} {why}: it is not placed")
                continue
            found.append((phone.e164, line.number, written))
            if phone.national:
                self._doubt(
                    line, f"the {name} number {written} is national; read as {phone.shown}{of}"
                )
            if not phone.in_plan:
                self._doubt(line, f"no country gives out the {name} number {phone.shown}: check it")
        return found


def _apart(items: list[Said]) -> list[Said]:
    """Part an address that stands in one line at its commas."""
    if len(items) != 1:
        return items
    text, number = items[0]
    return [(piece.strip(), number) for piece in text.split(",") if piece.strip()]


def _country(items: list[Said]) -> tuple[list[Said], Said | None]:
    """Take the country off the end of an address: the last line, or what its last comma parts."""
    if not items:
        return items, None
    text, number = items[-1]
    code = read_country(text)
    if code:
        return items[:-1], (code, number)
    before, _, last = text.rpartition(",")
    code = read_country(last) if before.strip() else None
    if code:
        return [*items[:-1], (before.strip(), number)], (code, number)
    return items, None


_Who = tuple[Said | None, Said | None, list[Said]]


def _who(items: list[Said]) -> _Who:
    """Tell the name and the office at the head of a block from the address below."""
    if not items:
        return None, None, []
    (first, number), rest = items[0], items[1:]
    below = rest[0][0] if rest else ""
    both = _in_one(first)
    if both:
        return (both[0], number), (both[1], number), rest
    if is_office(first) and _names_holder(first, below):
        return rest[0], items[0], rest[1:]
    if is_office(first):
        return None, items[0], rest
    if is_person(first) and is_office(below):
        return items[0], rest[0], rest[1:]
    return _alone(items) if is_person(first) else (None, None, items)


def _alone(items: list[Said]) -> _Who:
    """Take a name without an office below; the role before the name is one."""
    (first, number), rest = items[0], items[1:]
    found = titled(first)
    if found:
        return (found.name, number), (found.office, number), rest
    return items[0], None, rest


def _in_one(text: str) -> tuple[str, str] | None:
    """Return name and office where a line holds both, parted by a comma."""
    before, comma, after = (part.strip() for part in text.partition(","))
    if not comma:
        return None
    if is_office(before) and is_person(after) and not is_institution(before):
        return after, before
    if is_person(before) and is_office(after):
        return before, after
    return None


def _names_holder(office: str, line: str) -> bool:
    """Tell whether the line below an office names who holds it.

    Below a house, such as an embassy, stands a town as often as a name.
    """
    return is_person(line) and (
        not is_institution(office) or has_honorific(line) or titled(line) is not None
    )
