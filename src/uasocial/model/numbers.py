"""Numbers of urgent actions and AI indexes, in all the forms in which they are written."""

import re
from typing import Self

__all__ = ["ActionNumber", "DocumentIndex"]

# A two-digit year: the first urgent action is of 1973, so 73-99 are of the last century.
FIRST_YEAR = 73

# No written form is longer; the patterns take their time with what is.
MAX_LENGTH = 200

_NUMBER = re.compile(
    r"""(?:(?:(?P<ordinal>first|second|third|fourth|fifth|final)\s+)?
        (?P<kind>UAA?|AU|FI|urgent\s+action)\s*:?\s*)?
        (?P<serial>\d{1,4})\s*[/.]\s*(?P<year>\d{4}|\d{2})
        (?:\s*-\s*(?P<update>\d{1,2}))?""",
    re.VERBOSE | re.IGNORECASE,
)

# Regions and themes of the library of documents, with the separators seen.
_CLASSES = "AFR|AMR|ASA|EUR|MDE|ACT|POL|ORG|FIN"
# Compiled when an index is read (`re` keeps them): most runs read one, in its usual form.
_INDEX_FORMS = (
    # AMR 46/5033/2021, ACT 60/02/95/s, AMR-37/012/10
    (
        rf"(?P<cls>{_CLASSES})[\s-]?(?P<group>\d{{2}})/(?P<serial>\d{{2,4}})/(?P<year>\d{{4}}|\d{{2}})"
        r"(?:/(?P<letter>[a-z]))?"
    ),
    # /en/documents/amr37/3776/2016/en/
    (
        rf"(?:https?://[^\s/]+)?/(?P<language>[a-z]{{2}})/documents/"
        rf"(?P<cls>{_CLASSES})(?P<group>\d{{2}})/(?P<serial>\d{{3,4}})/(?P<year>\d{{4}})"
        r"(?:/[a-z]{2})?/?"
    ),
    # amr370062004es, with or without an ending
    (
        rf"(?P<cls>{_CLASSES})(?P<group>\d{{2}})(?P<serial>\d{{3,4}})(?P<year>(?:19|20)\d{{2}})"
        r"(?P<language>[a-z]{2})?(?:\.[a-z]{3,4})?"
    ),
)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004
        return year
    return year + (1900 if year >= FIRST_YEAR else 2000)


class ActionNumber(str):
    """The number of an urgent action: ``UA 119/21``, or ``FI 104/19-5`` for its fifth update."""

    __slots__ = ("serial", "update", "year")
    serial: int
    year: int
    update: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read any written form; raise ValueError on what is none."""
        match = _NUMBER.fullmatch(text.strip()) if len(text) <= MAX_LENGTH else None
        if match is None:
            raise ValueError(
                f"{text[:MAX_LENGTH]!r} is no number of an urgent action; write it as 'UA 119/21'"
            )
        serial, year = int(match["serial"]), _full_year(match["year"])
        update = int(match["update"] or 0)
        number = f"{match['serial']}/{year % 100:02d}"
        self = cls(f"FI {number}-{update}" if update else f"UA {number}")
        self.serial, self.year, self.update = serial, year, update
        return self


class DocumentIndex(str):
    """The AI index of one document: ``AMR 46/5033/2021``."""

    __slots__ = ("group", "language", "letter", "region", "serial", "year")
    region: str
    group: int
    serial: str
    year: int
    letter: str
    language: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an index as written, in an address or in a file name; raise ValueError otherwise."""
        text = text if len(text) <= MAX_LENGTH else ""
        forms = (re.fullmatch(form, text.strip(), re.IGNORECASE) for form in _INDEX_FORMS)
        match = next(filter(None, forms), None)
        if match is None:
            raise ValueError(
                f"{text[:MAX_LENGTH]!r} is no AI index; write it as 'AMR 46/5033/2021'"
            )
        found = match.groupdict()
        region, group = match["cls"].upper(), int(match["group"])
        serial, year = match["serial"], _full_year(match["year"])
        letter = (found.get("letter") or "").lower()
        tail = f"/{letter}" if letter else ""
        self = cls(f"{region} {group:02d}/{serial}/{year}{tail}")
        self.region, self.group, self.serial, self.year = region, group, serial, year
        self.letter, self.language = letter, (found.get("language") or "").lower()
        return self
