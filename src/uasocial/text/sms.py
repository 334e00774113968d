"""How many messages a text takes as SMS: 3GPP TS 23.038 (alphabets), 23.040 (concatenation)."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

# 3GPP TS 23.038 6.2.1, without the escape character itself.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# 3GPP TS 23.038 6.2.1.1: an escape and a second septet.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM_7 = _BASIC | _EXTENSION

_BMP_END = 0xFFFF


class Segments(NamedTuple):
    """What a text takes: units are septets (GSM-7) or UTF-16 units (UCS-2).

    *limit* is the most units one lone message of this encoding holds.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int
    limit: int


def segments(text: str) -> Segments:
    """The encoding *text* needs, its length and the messages it takes (0 for no text)."""
    if _GSM_7.issuperset(text):
        widths = [2 if char in _EXTENSION else 1 for char in text]
        return Segments("GSM-7", sum(widths), _messages(widths, 160, 153), 160)
    widths = [2 if ord(char) > _BMP_END else 1 for char in text]
    return Segments("UCS-2", sum(widths), _messages(widths, 70, 67), 70)


def _messages(widths: list[int], alone: int, linked: int) -> int:
    """Messages for characters of these widths: one of *alone* units, else some of *linked*."""
    units = sum(widths)
    if units <= alone:
        return min(units, 1)
    return _packed(widths, linked)


def _packed(widths: Iterable[int], room: int) -> int:
    """Messages of *room* units, none ending within an escape pair or a surrogate pair."""
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
