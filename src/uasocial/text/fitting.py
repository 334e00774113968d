"""Fitting a text with optional parts: parts are dropped, last first; a text is never cut."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

__all__ = ["Part", "fit"]


class Part(NamedTuple):
    text: str
    optional: bool


class Fitting(Protocol):
    @property
    def fits(self) -> bool: ...


M = TypeVar("M", bound=Fitting)


def fit(parts: Sequence[Part], measure: Callable[[str], M]) -> tuple[str, int, M]:
    """Return (text, number of parts dropped, measure) of the fullest text that fits.

    If none fits it is the shortest one, and its measure says so.
    """
    text = parts[0].text.strip() if len(parts) == 1 else _joined(parts)
    found = measure(text)
    if found.fits:
        return text, 0, found
    kept = list(parts)
    dropped = 0
    for place in reversed(range(len(kept))):
        if kept[place].optional:
            del kept[place]
            dropped += 1
            text = _joined(kept)
            found = measure(text)
            if found.fits:
                break
    return text, dropped, found


def _joined(parts: Sequence[Part]) -> str:
    return "".join([part.text for part in parts]).strip()
