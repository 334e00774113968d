"""The country of a case: stated, or gathered from what the page says; never from its index."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from uasocial.languages.reading import countries_in, read_country
from uasocial.reading import traps
from uasocial.reading.addressees import EMBASSY
from uasocial.reading.lines import paragraphs
from uasocial.reading.sheet import Sheet

if TYPE_CHECKING:
    from uasocial.reading.document import Line

__all__ = ["put_country"]

_TAG = re.compile(r"[#＃](\w{2,100})")

# What names the state itself weighs more than a country that a sentence mentions.
HEAVY = 5


def put_country(sheet: Sheet) -> None:
    """Place the country where none was stated, and doubt it; hold it against the index."""
    if not sheet.has("action", "countries"):
        _gather(sheet)
    index, countries = sheet.get("action", "index"), sheet.get("action", "countries")
    if index and countries:
        sheet.doubts(traps.of_index(index, countries))


def _gather(sheet: Sheet) -> None:
    weights: Counter[str] = Counter()
    seen: dict[str, Line] = {}
    for text, used in paragraphs(sheet.lines):
        for country, weight in _evidence(text[:5000]):
            weights[country] += weight
            if weight == HEAVY or country not in seen:
                seen[country] = used[0]
    if not weights:
        return
    country = weights.most_common(1)[0][0]
    sheet.infer(("action", "countries"), [country], seen[country])
    others = ", ".join(sorted(set(weights) - {country}))
    also = f"; the page also names {others}" if others else ""
    sheet.doubt(
        seen[country].number, f"no country is stated: {country} is taken from the words{also}"
    )


def _evidence(text: str) -> list[tuple[str, int]]:
    heavy = bool(EMBASSY.search(text)) and len(text) < 200  # noqa: PLR2004 - a line of an address
    named = [(country, HEAVY if heavy else 1) for country in countries_in(text)]
    tags = [(country, HEAVY) for tag in _TAG.findall(text) if (country := read_country(tag))]
    return named + tags
