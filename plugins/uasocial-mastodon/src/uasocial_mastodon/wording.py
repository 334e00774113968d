"""Whether two texts are the same post, as servers give a text back."""

import re
from unicodedata import normalize

from uasocial.model.post import Post
from uasocial.text import mastodon

__all__ = ["alike", "same"]

# Longer than any text that a server of this kind takes.
MOST = 20_000
_GAP = re.compile(r"\s+")
_TAG = re.compile(r"<[^<>]*>")


def same(text: str, warning: str, post: Post) -> bool:
    """Tell whether a source says what *post* says.

    A server strips both ends (mastodon app/models/status.rb, `prepare_contents`).
    """
    return (_plain(text), _plain(warning)) == (_plain(post.text), _plain(post.content_warning))


def alike(html: str, warning: str, post: Post) -> bool | None:
    """Tell whether HTML shows what *post* says; None where it may be the same, written otherwise.

    What a server makes of a text differs: blanks, the domain of a mention, how a link is shown.
    """
    shown = _text_of(html)
    if _skeleton(shown) == _skeleton(post.text):
        return _skeleton(warning) == _skeleton(post.content_warning)
    return None if _words(shown) == _words(post.text) else False


def _plain(text: str) -> str:
    return normalize("NFC", "\n".join(text[:MOST].splitlines())).strip("\0 \t\r\n\v\f")


def _skeleton(text: str) -> str:
    """Return a text without blanks and the domains of mentions."""
    text = text[:MOST]
    for span in reversed(mastodon.mentions(text)):
        text = f"{text[: span.start]}@{span.value.partition('@')[0]}{text[span.end :]}"
    return _GAP.sub("", normalize("NFC", text)).casefold()


def _words(text: str) -> str:
    """Return the letters and digits of a text, without all that may be a link or a mention."""
    words = _TAG.sub("", normalize("NFC", text[:MOST])).split()
    plain = (word for word in words if not set(word) & set("./@…"))
    return "".join(c for word in plain for c in word if c.isalnum()).casefold()


def _text_of(html: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only where there is no source

    tree = LexborHTMLParser(html[:MOST])
    for end in tree.css("br, p"):
        end.insert_after(" ")
    return tree.text()
