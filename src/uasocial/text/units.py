"""The units that platforms count text in. Each function takes any str, lone surrogates too."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Pattern

# Characters that no rule of UAX 29 joins to a neighbour, but for CR to LF: Latin, Greek, Cyrillic,
# Hebrew and Arabic letters, the usual signs, kana and Han; and marks that join what is before
# them, unless that is a control. tests/text/test_units.py tries them all.
_CONTROL = "\0-\x1f\x7f-\x9f\xad"
_APART = (
    " -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u060c\u061b\u061f-\u064a"
    "\u0660-\u066f\u0671-\u06d3\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u3001-\u3029\u3041-\u3096"
    "\u30a1-\u30fa\u4e00-\u9fff\uff01-\uff60"
)
_MARK = "\u0300-\u034e\u0350-\u036f\u064b-\u065f\u0670"
_EASY = re.compile(f"(?:[{_APART}][{_MARK}]*+|[{_CONTROL}])*+")
_MARKS = re.compile(f"[{_MARK}]+")


def code_points(text: str) -> int:
    return len(text)


def utf16_units(text: str) -> int:
    """UTF-16 code units, as JavaScript and Java count: two for a code point above U+FFFF."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Bytes in UTF-8; a lone surrogate is 3, as the U+FFFD that encoders put in its place."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def graphemes(text: str) -> int:
    """Extended grapheme clusters (UAX 29), Indic conjuncts in one piece (GB9c, Unicode 15.1)."""
    if _EASY.fullmatch(text):
        return _easy_graphemes(text)
    return graphemes_conjuncts_apart(text) - len(_conjunct().findall(text))


def graphemes_conjuncts_apart(text: str) -> int:
    """Extended grapheme clusters without rule GB9c, as Unicode 15.0 and older has them.

    Never less than graphemes(), so the careful count for a server of unknown age.
    """
    if _EASY.fullmatch(text):
        return _easy_graphemes(text)
    return len(_cluster().findall(_joinable().sub("a", text)))


def _easy_graphemes(text: str) -> int:
    marks = sum(map(len, _MARKS.findall(text))) if _MARKS.search(text) else 0
    # Rule GB3 joins CR to LF, rule GB9 a mark to what it stands on.
    return len(text) - marks - text.count("\r\n")


# `regex` takes some 15 ms to import, and most counting does not need it.
@cache
def _cluster() -> "Pattern[str]":
    import regex  # noqa: PLC0415

    return regex.compile(r"\X")


@cache
def _joinable() -> "Pattern[str]":
    r"""The consonants that \X may join to a linker, with or without one before it.

    Releases of `regex` differ there, Node and Ruby do not: so we join conjuncts ourselves.
    """
    import regex  # noqa: PLC0415

    return regex.compile(r"(?<=[\p{InCB=Extend}\p{InCB=Linker}])\p{InCB=Consonant}")


@cache
def _conjunct() -> "Pattern[str]":
    """One match at each place where GB9c joins a consonant to another and its linker."""
    import regex  # noqa: PLC0415

    return regex.compile(
        r"""(?x) \p{InCB=Consonant}
        (?= \p{InCB=Extend}*+ \p{InCB=Linker} )
        [\p{InCB=Extend}\p{InCB=Linker}]++
        (?= \p{InCB=Consonant} )"""
    )
