"""Names in other spellings or shortened, found by how they sound: a hint, no proof."""

import re
from collections.abc import Iterable
from functools import lru_cache

from uasocial.text.names import folded, latin, readable

__all__ = ["resembles", "shortens"]

# Two words of a name with fewer consonants than these are in every text; with fewer sounds, too.
MIN_SKELETON = 5
MIN_SOUNDS = 9
# A shorter last name stands behind a single letter by chance.
MIN_LAST = 4

# The vowels of Indian scripts are marks, not letters.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0dff])+(?:['’ʼʿʾ`][^\W\d_]+)*")
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
# Letters that Persian, Urdu and Kurdish speak otherwise than Arabic: Reza is رضا.
_PERSIAN = str.maketrans("ضظذثؤ", "زززسو")
_PERSIAN_LETTERS = re.compile("[ضظذثؤ]")
# What Greek writes for sounds that it has no letter for.
_GREEK = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γι", "i"))
# Vowels in full, for names with few consonants: Мария, Marija and Maria.
_VOWELS = str.maketrans("jyewo", "iiivu")
_NO_CONSONANT = re.compile("[^a-z]+|[aeiouvwy]+")
_NO_LETTER = re.compile("[^a-z]+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=16)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(text)))


@lru_cache(maxsize=16)
def _skeletons(text: str) -> str:
    """Return the skeletons of the words of *text*, each between spaces."""
    return _between_spaces(map(_skeleton, _words(text)))


@lru_cache(maxsize=16)
def _sounds(text: str) -> str:
    """Return the words of *text* as they sound, with their vowels, each between spaces."""
    return _between_spaces(map(_sound, _words(text)))


def _between_spaces(found: Iterable[str]) -> str:
    return f" {' '.join(filter(None, found))} "


@lru_cache(maxsize=16_384)
def _skeleton(word: str) -> str:
    """Return the consonants of a folded word as they sound, each once where it is doubled."""
    sounds = _TWICE.sub(r"\1", _NO_CONSONANT.sub("", _spoken(word)))
    return sounds.removesuffix("h")


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    return _TWICE.sub(r"\1", _NO_LETTER.sub("", _spoken(word).translate(_VOWELS)))


def _spoken(word: str) -> str:
    """Return a folded word in Latin letters, one for each sound, without its article."""
    if word in _ARTICLES:
        return ""
    if word.startswith(_ARABIC_ARTICLE) and len(word) > 4:  # noqa: PLR2004
        word = word.removeprefix(_ARABIC_ARTICLE)
    if not word.isascii():
        for written, meant in _GREEK:
            word = word.replace(written, meant)
    return _SOUND.sub(lambda found: _SOUND_OF[found[0]], latin(word))


def resembles(text: str, name: str) -> bool:
    """Tell whether words of *text* have the consonants of *name*, as other spellings of it do.

    So إدريس بلكوري meets Idris Belkouri. Where a name has few consonants, its vowels count too.
    Names of one word meet nothing, nor do very short ones.
    """
    whole = readable(text)
    if _meets(whole, name):
        return True
    otherwise = _PERSIAN_LETTERS.search(whole) or _PERSIAN_LETTERS.search(name)
    return bool(otherwise) and _meets(whole.translate(_PERSIAN), name.translate(_PERSIAN))


def _meets(text: str, name: str) -> bool:
    words = _skeletons(name).split()
    if len(words) > 1 and sum(map(len, words)) >= MIN_SKELETON:
        return f" {' '.join(words)} " in _skeletons(text)
    sounds = _sounds(name).split()
    enough = len(sounds) > 1 and sum(map(len, sounds)) >= MIN_SOUNDS
    return enough and f" {' '.join(sounds)} " in _sounds(text)


@lru_cache(maxsize=64)
def _shortened(name: str) -> "re.Pattern[str] | None":
    words = [re.escape(word) for word in latin(folded(name)).split()]
    if len(words) < 2 or min(map(len, words)) < 2 or len(words[-1]) < MIN_LAST:  # noqa: PLR2004
        return None
    first, last = words[0], words[-1]
    return re.compile(rf"\b(?:{first}[^\w\n]+\w+|{first[0]})[^\w\n]+{last}\b")


def shortens(text: str, name: str) -> bool:
    """Tell whether *text* has the last word of *name* after an initial, or with one between."""
    pattern = _shortened(name)
    return pattern is not None and pattern.search(latin(folded(readable(text)))) is not None
