"""What a template fills in, which no translation may lose: found, explained, compared."""

import re
from collections import Counter
from typing import NamedTuple

__all__ = ["Compared", "compare", "explained", "split"]

# Of a template of the case: what it prints, what it decides, what it only remarks.
_PLACE = re.compile(r"(\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\})")
_SPACE = re.compile(r"\s+")
# A word processor makes typographic quotes of plain ones.
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟«»", '"'))
_FILTER = re.compile(r"\|\s*([a-z_]+)\s*\}\}$")

_MEANT = {
    "mention": "whoever holds the office, by handle or by name",
    "hashtag": "a hashtag",
    "link": "the address of the page",
    "deadline": "the day of the deadline",
    "last_day": "the last day to act",
    "days_left": "how many days are left",
    "list": "several things in a row",
}
_OPTIONAL = "what stands between them is left out where a post is too long"


class Compared(NamedTuple):
    """A translation held against its source: *text* has each placeholder as the source writes it.

    *lost* and *new* are placeholders that only one of the two has.
    """

    text: str
    lost: list[str]
    new: list[str]


def split(text: str) -> list[str]:
    """Split a text at its placeholders: every second part is one."""
    return _PLACE.split(text)


def compare(source: str, text: str) -> Compared:
    """Compare the placeholders of a translation with those of its source, in any order."""
    known = {_plain(place): place for place in split(source)[1::2]}
    wanted = Counter(map(_plain, split(source)[1::2]))
    parts = split(text)
    given = Counter(map(_plain, parts[1::2]))
    parts[1::2] = [known.get(_plain(place), place) for place in parts[1::2]]
    lost = [known[plain] for plain in (wanted - given).elements()]
    return Compared("".join(parts), lost, list((given - wanted).elements()))


def _plain(place: str) -> str:
    return _SPACE.sub("", place).translate(_QUOTES)


def explained(text: str) -> str:
    """Say what each placeholder of a template is there for."""
    places = dict.fromkeys(split(text)[1::2])
    said = [f"{place}: {meant}" for place in places if (meant := _meant(place))]
    if any("optional" in place for place in places):
        said.append(f"{{% optional %}} … {{% endoptional %}}: {_OPTIONAL}")
    return "; ".join(said)


def _meant(place: str) -> str:
    if not place.startswith("{{"):
        return ""
    found = _FILTER.search(place)
    return _MEANT.get(found[1] if found else "", "filled in by itself")
