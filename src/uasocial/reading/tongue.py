"""The language of a document: that of its words, held against that of its labels."""

from collections import Counter
from collections.abc import Sequence

from uasocial.languages.reading import identify
from uasocial.reading.sections import Section
from uasocial.reading.sheet import Sheet

__all__ = ["SURE", "language_of"]

SURE = 0.9


def language_of(sheet: Sheet, sections: Sequence[Section]) -> str:
    """Return the language most of the labels are in; doubt it where the words are in another."""
    labels = Counter(section.label.language for section in sections if section.label)
    words = " ".join(line.text for section in sections for line in section.lines)
    said, certain = identify(words)
    if not labels:
        return said
    language = labels.most_common(1)[0][0]
    if said != language and certain > SURE:
        sheet.doubt(0, f"has labels in {language!r} and words in {said!r}: read as {said!r}")
        return said
    return language
