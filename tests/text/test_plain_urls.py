"""The short cut for plain web addresses gives what the exact rules give."""

import random

import pytest

from uasocial.text import mastodon, plain_urls, units, x

PIECES = (
    "https://example.org/a/b", "http://a.com", "https://www.amnesty.org/es/documents/amr46/5033/",
    "https://t.co/abc", "https://ab-cd.org/x", "http://x.y.z.net/_-/", "https://example.org.",
    "https://example.org/a?b=c", "https://no.such", "https://A.com", "ftp://a.com", "a.com",
    "(https://a.org)", "https://a.orgé", "@user", "@user@a.org", "#tag", "niñez", "字", "👍",
    "e\u0301", "\u0301", ".", ",", "…", "\u200d", "\ufeff", "\u2028", "\xa0", "$ABC", "://",
    "http://", "/",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_it_changes_no_length(seed: int) -> None:
    chance = random.Random(seed)
    met = 0
    for _ in range(5000):
        text = "".join(
            chance.choice(PIECES) + chance.choice((" ", "\n", "", " ", "  ", "\t"))
            for _ in range(chance.randint(1, 6))
        )
        short = plain_urls.shortened(text, "x" * 23)
        met += short != text
        assert x.weighted_length(text) == x.exact_length(text), ascii(text)
        exact = mastodon._rewritten(text.strip(mastodon._STRIPPED), "x" * 23)
        assert mastodon.length(text) == units.graphemes_conjuncts_apart(exact), ascii(text)
    assert met > 1000
