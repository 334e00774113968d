"""Doubts about what was read: what a person should look at, and nothing is ever repaired."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from uasocial import languages
from uasocial.errors import printable
from uasocial.reading.found import Doubt
from uasocial.text import x

__all__ = ["MAILTO_LENGTH", "of_index", "of_letter", "of_post"]

# Outlook and others cut a mailto: address, some at 2,000 characters: below this all take it whole.
MAILTO_LENGTH = 1600

# Shorter ones are the beginning, or a part, of too many others.
MIN_CUT = 3
MIN_PART = 4
# A longer text is no post; what is looked at has a bound.
MAX_POST = 10_000
MAX_WORD = 60

# Languages that write compounds in one word.
_COMPOUNDING = frozenset("de nl af fy lb da sv no nb nn is fi et hu".split())
_IMPERATIVES = frozenset(
    "issue grant ensure provide guarantee protect give allow adopt investigate recognise recognize "
    "quash repeal disclose".split()
)
_NAMES = {0xA0: "a no-break space (U+00A0)", 0x202F: "a narrow no-break space (U+202F)"}

_WORD = re.compile(r"\w+")
_FRENCH_SPACE = re.compile(r"(?<=\S)[ \u00a0\u202f]{1,3}([!?;:])(?=\s|\Z)")
_DOUBLE = re.compile(r"(?<=\S)[ \u00a0\u202f]{2,}(?=\S)")
_BROKEN_OFF = (",", "(", "[", "{", "“", "„", "«", "‹", "…", "...")
_LINK = " https://example.org/"


class _Post(NamedTuple):
    """A post and what stands around it: *elsewhere* counts the words of the rest."""

    text: str
    words: list[str]
    elsewhere: Counter[str]
    language: str


def of_post(text: str, line: int, words_of_document: Collection[str], language: str) -> list[Doubt]:
    """Look at a post that was read.

    *words_of_document* holds each word as often as the document does, the post's own among them:
    a word that is cut, or run together with its neighbour, stands nowhere else.
    """
    text = text[:MAX_POST]
    own = Counter(_folded(word) for word in _WORD.findall(text))
    elsewhere = Counter(_folded(word) for word in words_of_document) - own
    post = _Post(text, _plain_words(text), elsewhere, language.partition("-")[0])
    return [Doubt(line, printable(f"the post {said}")) for look in _LOOKS for said in look(post)]


def of_letter(  # noqa: PLR0913 - a letter's parts
    salutation: str | None,
    paragraphs: Sequence[str] | None,
    closing: str | None,
    *,
    subject: str = "",
    line: int = 0,
    stated: bool = True,
) -> list[Doubt]:
    """Look at a letter that was read; *stated* tells whether its heading names its language."""
    body = "\r\n\r\n".join(filter(None, [salutation, *(paragraphs or ()), closing]))
    named = f"subject={_quoted(subject)}&" if subject else ""
    encoded = f"mailto:?{named}body={_quoted(body)}"
    doubts = []
    if len(encoded) > MAILTO_LENGTH:
        doubts.append(
            f"the letter takes {len(encoded):,} characters as a mailto: address, more than "
            f"{MAILTO_LENGTH:,}: some mail programs would cut it"
        )
    if not closing:
        doubts.append("the letter has no closing")
    if not stated:
        doubts.append("the language of the letter is not stated, only implied by its words")
    return [Doubt(line, doubt) for doubt in doubts]


def of_index(index: str, countries: Sequence[str]) -> list[Doubt]:
    """Compare the region of an AI index with where the countries of the action lie.

    Coarse: by the continents of their time zones, of which a region has several.
    """
    region = _REGIONS.get(index[:3].upper())
    if region is None:
        return []
    name, continents = region
    known = [country for country in countries if languages.zones(country)]
    if not known or any(continents & _continents(country) for country in known):
        return []
    named = languages.joined([languages.country_name(country, "en") for country in known], "en")
    lies = "lies" if len(known) == 1 else "lie"
    return [Doubt(0, printable(f"the index {index} is of {name}, and {named} {lies} elsewhere"))]


# The classes of the index that are regions; of the others (ACT, POL, ORG, FIN) nothing follows.
_REGIONS = {
    "AFR": ("Africa", {"Africa", "Indian", "Atlantic"}),
    "AMR": ("the Americas", {"America", "Atlantic", "Pacific"}),
    "ASA": ("Asia and the Pacific", {"Asia", "Pacific", "Australia", "Indian"}),
    "EUR": ("Europe and Central Asia", {"Europe", "Asia", "Atlantic"}),
    "MDE": ("the Middle East and North Africa", {"Asia", "Africa"}),
}


def _continents(country: str) -> set[str]:
    return {zone.partition("/")[0] for zone in languages.zones(country)}


def _cut_off(post: _Post) -> Iterator[str]:
    text = post.text.rstrip()
    if text.endswith(_BROKEN_OFF):
        yield f"may be cut off: it ends in {text[-1]!r}"
        return
    last = post.words[-1] if post.words else ""
    if not text.endswith(last) or len(last) < MIN_CUT or _stands(post, last):
        return
    folded = _folded(last)
    whole = [word for word in post.elsewhere if word.startswith(folded) and word != f"{folded}s"]
    if whole:
        yield f"may be cut off: it ends in {last!r}, as {min(whole, key=len)!r} begins"


def _run_together(post: _Post) -> Iterator[str]:
    """Find words that are two; where words are compounded, that is how they are written."""
    if post.language in _COMPOUNDING:
        return
    for word in dict.fromkeys(post.words):
        if len(word) > MAX_WORD or _stands(post, word):
            continue
        for at in range(MIN_PART, len(word) - MIN_PART + 1):
            if _stands(post, word[:at]) and _stands(post, word[at:], plural=True):
                yield f"holds {word!r}, which may be two words: '{word[:at]} {word[at:]}'"
                break


def _two_verbs(post: _Post) -> Iterator[str]:
    if post.language != "en":
        return
    for one, other in zip(post.words, post.words[1:], strict=False):
        pair = f"{one} {other}"
        if {one.lower(), other.lower()} <= _IMPERATIVES and one != other and pair in post.text:
            yield f"holds {pair!r}, two verbs side by side: one may be left over"


def _spaces(post: _Post) -> Iterator[str]:
    text = _FRENCH_SPACE.sub(r"\1", post.text) if post.language == "fr" else post.text
    for char, name in _NAMES.items():
        if chr(char) in text:
            yield f"holds {name}"
    if _DOUBLE.search(text):
        yield "holds two spaces in a row"
    mark = _FRENCH_SPACE.search(text)
    if mark:
        yield f"holds a space before {mark[1]!r}, as only French is written"


def _length(post: _Post) -> Iterator[str]:
    length = x.weighted_length(post.text)
    linked = "" if x.urls(post.text) else f", {x.weighted_length(post.text + _LINK)} with a link"
    yield f"is {length} of {x.MAX_LENGTH} long on X{linked}"


def _marked_tags(post: _Post) -> Iterator[str]:
    tags = [span.value for span in x.hashtags(post.text)]
    marked = ", ".join(f"#{tag}" for tag in dict.fromkeys(tags) if _has_diacritics(tag))
    if marked:
        yield f"holds hashtags with diacritics, which some write and search without: {marked}"


_LOOKS: tuple[Callable[[_Post], Iterator[str]], ...] = (
    _cut_off,
    _run_together,
    _two_verbs,
    _spaces,
    _length,
    _marked_tags,
)


def _plain_words(text: str) -> list[str]:
    """Return the words of a text that are no part of a hashtag, a handle or an address."""
    plain = [piece for piece in text.split() if not _is_sign(piece)]
    return [word for piece in plain for word in _WORD.findall(piece)]


def _is_sign(piece: str) -> bool:
    return "://" in piece or not {"#", "@", "＃", "＠"}.isdisjoint(piece)


def _stands(post: _Post, word: str, *, plural: bool = False) -> bool:
    """Tell whether a word stands elsewhere in the document, in the singular at least."""
    folded = _folded(word)
    return folded in post.elsewhere or (plural and folded.removesuffix("s") in post.elsewhere)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())


def _has_diacritics(tag: str) -> bool:
    """Tell whether a Latin letter of *tag* carries a mark; in other scripts marks are letters."""
    apart = unicodedata.normalize("NFD", tag)
    return re.search("[a-zA-Z][\u0300-\u036f]", apart) is not None


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")
