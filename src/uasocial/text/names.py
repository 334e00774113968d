"""Names found in a text, however they are written: in capitals, in one, in another alphabet."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

__all__ = ["folded", "holds", "latin", "readable"]

# An ending of a shorter word makes another word of it, as a rule.
MIN_BARE = 4
MAX_ENDING = 2
# A name of several short words ("Ana Li") would be found across others ("banality"), and a short
# one within others ("Rosa" in "prosaic").
MIN_ANYWHERE = 8

# Marks over and under letters of Latin, Greek, Cyrillic, Hebrew and Arabic, and the Arabic
# stretcher. Those of Indian scripts stay: they are vowels, and tell names apart.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+")
_FOREIGN = re.compile("[^\0-\x7f]+")
_HAN = re.compile("[\u3400-\u9fff]")
_JOINS = frozenset("#@/")
# The vowels of Indian scripts, Thai, Lao, Tibetan, Burmese and Khmer are marks, not letters.
_VOWELS = "\u0900-\u109f\u1780-\u17ff"
_HAS_VOWELS = re.compile(f"[{_VOWELS}]")
_NEITHER = re.compile(rf"(?:[^\w{_VOWELS}]|_)+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


class _Form(NamedTuple):
    """The letters of a name; *pattern* where it is too short to be looked for within words.

    *tag* is what is then looked for in hashtags and addresses.
    """

    bare: str
    pattern: "re.Pattern[str] | None" = None
    tag: str = ""


class _Name(NamedTuple):
    """A name folded, in its own letters, and in Latin ones."""

    folded: str
    own: _Form
    latin: _Form


# The drafts of a case say the same on most platforms.
@lru_cache(maxsize=256)
def holds(text: str, name: str) -> bool:
    """Tell whether *text* has *name*: as it is, folded, without its spaces, or transliterated.

    A short name must stand as a word, but for hashtags and addresses, which run words together.
    """
    sought, whole = _name(name), readable(text)
    plain = folded(whole)
    if _is_in(sought.own, plain, whole) or (not sought.own.bare and sought.folded in plain):
        return True
    if plain.isascii() and sought.folded.isascii():
        return False
    return _is_in(sought.latin, latin(plain), whole)


def _is_in(form: _Form, plain: str, whole: str) -> bool:
    """Tell whether a name is in *plain*, which is *whole* folded, or in Latin letters too."""
    if not form.bare:
        return False
    if form.pattern is None:
        return form.bare in _bare(plain)
    if form.tag and form.tag in _bare(_run_together(plain)):
        return True
    return bool(form.pattern.search(plain) or form.pattern.search(latin(_by_capitals(whole))))


@lru_cache(maxsize=64)
def readable(text: str) -> str:
    """Return *text* with what its web addresses write in percent, once or twice."""
    return unquote(unquote(text)) if "%" in text else text


@lru_cache(maxsize=512)
def _name(name: str) -> _Name:
    plain = " ".join(folded(name).split())
    # Of a name in Han each character is a word.
    in_latin = _form(" ".join(latin(_HAN.sub(r"\g<0> ", plain)).split()))
    # Of a shorter one little is left in Latin letters: ly of علي, which لي is, too.
    return _Name(plain, _form(plain), in_latin if len(in_latin.bare) >= MIN_BARE else _Form(""))


def _form(plain: str) -> _Form:
    bare = _bare(plain)
    if not _must_be_words(plain, bare):
        return _Form(bare)
    is_long = len(bare) >= MIN_BARE and " " not in plain
    return _Form(bare, _pattern(plain, endings=is_long), bare if is_long else "")


def _must_be_words(plain: str, bare: str) -> bool:
    """Tell whether a name is too short to be looked for within words.

    A script without spaces between words has no other place for it; and where there are no
    capitals, as in Arabic, words grow at both ends.
    """
    if not bare or _is_unspaced(bare):
        return False
    has_capitals = bare.upper() != bare
    return len(bare) < (MIN_ANYWHERE if " " in plain or has_capitals else MIN_BARE)


def _is_unspaced(text: str) -> bool:
    # Thai to Myanmar, Khmer, kana, Han and Hangul.
    return any(
        "\u0e00" <= c <= "\u109f" or "\u1780" <= c <= "\u17ff" or "\u3040" <= c <= "\ud7ff"
        for c in text
    )


def _pattern(plain: str, *, endings: bool) -> "re.Pattern[str]":
    """Return a pattern for the words of a name, joined or not, with short *endings* or none."""
    parts = filter(None, _NEITHER.split(plain))
    words = [r"(?:[^\w\s]|_)*".join(map(re.escape, part)) for part in parts]
    letter = rf"(?:[^\W_]|[{_VOWELS}])"
    joined, more = r"[\W_]*".join(words), MAX_ENDING + 1 if endings else 1
    return re.compile(rf"(?<!{letter}){joined}(?!{letter}{{{more}}})")


@lru_cache(maxsize=64)
def _by_capitals(text: str) -> str:
    """Return *text* folded, a space before each capital within a word."""
    return folded(_CAMEL.sub(" ", text))


@lru_cache(maxsize=64)
def _run_together(plain: str) -> str:
    """Return the hashtags, handles and addresses of a text."""
    return " ".join(word for word in plain.split() if not _JOINS.isdisjoint(word))


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Return *text* without capitals, and without marks over and under its letters."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", folded))


@lru_cache(maxsize=64)
def _bare(text: str) -> str:
    """Leave letters and digits alone: no space, break or joiner parts a name from itself."""
    if _HAS_VOWELS.search(text):
        return _NEITHER.sub("", text)
    return "".join(filter(str.isalnum, text))


class _Latin(dict[int, str]):
    """What each character is in Latin letters; asked once for each and remembered."""

    def __missing__(self, code: int) -> str:
        if code < 128:  # noqa: PLR2004 - ASCII
            self[code] = chr(code)
        else:
            # Its tables take a while to load, and most texts need none of them.
            from anyascii import anyascii  # noqa: PLC0415

            self[code] = anyascii(chr(code)).lower()
        return self[code]


_LATIN = _Latin()


@lru_cache(maxsize=64)
def latin(text: str) -> str:
    """Return folded *text* in Latin letters."""
    return text if text.isascii() else _FOREIGN.sub(lambda found: found[0].translate(_LATIN), text)
