"""The web addresses of most posts, found by one pattern: X and Mastodon agree on each of them.

Between spaces, with a scheme, a short lower-case host under a well-known domain, and a path of
letters, digits, `/`, `_` and `-`. All that is left is the business of the exact rules, which are
some ten times slower. `tests/text/test_plain_urls.py` holds the two ways against each other.
"""

import re

__all__ = ["shortened"]

_PLAIN = re.compile(
    r"(?<![^ \n])https?://(?!t\.co/)(?:[a-z0-9]{1,40}\.){1,3}"
    r"(?:ch|com|de|es|eu|fr|info|int|it|net|org)"
    r"(?:/[A-Za-z0-9/_-]{0,400})?(?![^ \n])"
)


def shortened(text: str, placeholder: str) -> str:
    """Return *text* with *placeholder*, some letters, for each plain web address."""
    return _PLAIN.sub(placeholder, text) if "://" in text else text
