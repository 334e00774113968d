"""Digests of the parts of a case's words: what has changed since a translation was made."""

from collections.abc import Iterator

from uasocial.model.wording import Translated, Words

__all__ = ["changed", "digest", "digests"]

# Hexadecimal digits of SHA-256: enough to see a change, and short enough to read in a file.
LENGTH = 12


def digests(words: Words) -> dict[str, str]:
    """Return a digest of each part that *words* have, whatever its white space."""
    return {part: digest(text) for part, text in _parts(words)}


def digest(text: str) -> str:
    """Return the digest of a text; its white space counts."""
    import hashlib  # noqa: PLC0415 - only who looks for changes waits for it

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def changed(source: Words, made: Translated) -> list[str]:
    """List the parts of *source* that are others than when *made* was recorded, or new, or gone."""
    now = digests(source)
    return [part for part in {**now, **made.digests} if now.get(part) != made.digests.get(part)]


def _parts(words: Words) -> Iterator[tuple[str, str]]:
    texts: dict[str, tuple[str | None, ...]] = {
        "title": (words.title,),
        "lead": (words.lead,),
        "body": words.body,
        "demands": words.demands,
        "alt": tuple(f"{name}: {text}" for name, text in sorted(words.alt.items())),
        "update": (words.update,),
        "outcome": (words.outcome,),
        "content_warning": (words.content_warning,),
    }
    if words.letter:
        letter = words.letter
        texts["letter"] = (letter.salutation, *letter.paragraphs, letter.closing)
    for post in words.posts:
        texts[f"posts.{post.id}"] = (post.text or post.template,)
    for part, found in texts.items():
        lines = [" ".join(text.split()) for text in found if text]
        if lines:
            yield part, "\n".join(lines)
