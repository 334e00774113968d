"""A text without what a picture cannot or must not show."""

import unicodedata

import regex

__all__ = ["cleaned"]

# No break space and its narrow form keep words together; every other space is one space.
_SPACES = regex.compile(
    r"[\p{Zs}\p{Zl}\p{Zp}\p{Cc}&&[^\u00a0\u202f\x00-\x08\x0e-\x1f\x7f]]+", regex.V1
)
# What joins, parts and isolates letters, and the signs of Arabic that span a number. Embeddings
# and overrides, which can make a text read as another, go with all else that is not seen.
_UNSEEN = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u034f\ufe00-\ufe0f--"
    r"[\u00ad\u061c\u200b-\u200f\u2060\u2066-\u2069\u0600-\u0605\u06dd]]",
    regex.V1,
)
# More marks on one letter than any language writes only reach into the lines around.
_MANY_MARKS = regex.compile(r"(\p{M}{3})\p{M}+")


def cleaned(text: str, most: int = 1000) -> str:
    """Return at most *most* characters of a text as one line, composed (NFC)."""
    text = _UNSEEN.sub("", _SPACES.sub(" ", text[: 4 * most]))
    text = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    return text.strip(" \u00a0\u202f\u200b")[:most].rstrip()
