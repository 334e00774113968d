"""Names in other spellings, found by their consonants alone: a hint for a person, no proof."""

import re
from functools import lru_cache

from uasocial.text.names import folded, latin, readable

__all__ = ["resembles"]

# Two words of a name with fewer consonants than these are in every text.
MIN_SKELETON = 5

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼʿʾ`][^\W\d_]+)*")
# The article is written with its name or apart from it, or left out.
_ARTICLES = frozenset(("al", "el", "ul"))
_ARABIC_ARTICLE = "ال"

# What other alphabets and other languages write for one sound; longer ones first.
_SOUNDS = (
    ("tsch", "s"), ("shch", "s"), ("dzh", "j"), ("sch", "s"), ("tch", "s"), ("ck", "k"),
    ("ch", "s"), ("sh", "s"), ("zh", "j"), ("dj", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"),
    ("th", "t"), ("dh", "d"), ("ts", "s"), ("ce", "s"), ("ci", "s"), ("c", "k"), ("q", "k"),
    ("x", "ks"), ("z", "s"),
)  # fmt: skip
_SOUND = re.compile("|".join(written for written, _ in _SOUNDS))
_SOUND_OF = dict(_SOUNDS)
_NO_CONSONANT = re.compile("[^a-z]+|[aeiouvwy]+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=16)
def _skeletons(text: str) -> str:
    """Return the skeletons of the words of *text*, each between spaces."""
    found = map(_skeleton, _WORD.findall(folded(text)))
    return f" {' '.join(filter(None, found))} "


@lru_cache(maxsize=16_384)
def _skeleton(word: str) -> str:
    """Return the consonants of a folded word as they sound, each once where it is doubled."""
    if word in _ARTICLES:
        return ""
    if word.startswith(_ARABIC_ARTICLE) and len(word) > 4:  # noqa: PLR2004
        word = word.removeprefix(_ARABIC_ARTICLE)
    sounds = _SOUND.sub(lambda found: _SOUND_OF[found[0]], latin(word))
    return _TWICE.sub(r"\1", _NO_CONSONANT.sub("", sounds)).removesuffix("h")


def resembles(text: str, name: str) -> bool:
    """Tell whether words of *text* have the consonants of *name*, as other spellings of it do.

    So إدريس بلكوري meets Idris Belkouri. Names of one word, or of few consonants, meet nothing.
    """
    words = _skeletons(name).split()
    if len(words) < 2 or sum(map(len, words)) < MIN_SKELETON:  # noqa: PLR2004
        return False
    return f" {' '.join(words)} " in _skeletons(readable(text))
