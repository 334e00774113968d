"""Which language a text is in, by its letters (py3langid)."""

from collections.abc import Collection
from functools import cache
from typing import Any

__all__ = ["LANGUAGES", "identify"]

# More tells no more.
MAX_TEXT = 5000

# Those in which urgent actions are written and letters are sent; rarer ones would be guessed in
# names and addresses.
LANGUAGES = """
    am ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ka ko lt lv my ne nl no pl ps
    pt ro ru si sk sl so sq sr sv sw ta th tr uk ur vi zh
""".split()


def identify(text: str, candidates: Collection[str] | None = None) -> tuple[str, float]:
    """Return the language of *text* and how certain that is, from 0 to 1.

    One of *candidates*, where they are given. Web addresses, handles and hashtags do not count;
    a text without other letters is in no language: `("", 0.0)`.
    """
    plain = _plain(text[:MAX_TEXT])
    ranks: dict[str, float] = dict(_identifier().rank(plain)) if plain else {}
    if candidates is not None:
        ranks = {tag: ranks.get(tag.partition("-")[0], 0.0) for tag in candidates}
    total = sum(ranks.values())
    if not total:
        return "", 0.0
    best = max(ranks, key=ranks.__getitem__)
    return best, min(ranks[best] / total, 1.0)


def _plain(text: str) -> str:
    """Leave out what is in no language; nothing is left of what holds no letter."""
    kept = " ".join(word for word in text.split() if not _is_sign(word))
    return kept if any(map(str.isalpha, kept)) else ""


def _is_sign(word: str) -> bool:
    return "://" in word or word.startswith("www.") or not {"@", "#", "＠", "＃"}.isdisjoint(word)


@cache
def _identifier() -> Any:
    # The model takes half a second: only who asks waits for it.
    from py3langid.langid import (  # type: ignore[import-untyped] # noqa: PLC0415
        MODEL_FILE,
        LanguageIdentifier,
    )

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
