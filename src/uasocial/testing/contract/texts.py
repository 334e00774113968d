"""What is published is what was written: whole, up to the limit, in every script."""
# ruff: noqa: S101 - tests to inherit

import pytest

from uasocial.platforms.counting import measure
from uasocial.platforms.limits import Limits
from uasocial.platforms.publisher import Rejected
from uasocial.testing.contract.basis import Contract
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.network import Network

__all__ = ["ALPHABETS", "TEXTS", "TextContract", "fullest"]

# Where the unit is one of bytes, graphemes or weights, they differ.
ALPHABETS = {"Latin": "open the gate ", "Arabic": "افتحوا الباب ", "emoji": "😀"}
# A network without a limit takes at least that.
LONG = 5000

TEXTS = {
    "right to left": "افتحوا الباب الآن: سمر بلقوري 2026 (UA 1/26)!",
    "both directions": "Open — افتحوا — the gate, שער, 12%",
    "flags": "Peru 🇵🇪 und die Schweiz 🇨🇭, Schottland 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "families": "👩‍👩‍👧‍👦 & 👨🏽‍🚀, ❤️‍🔥",
    "combining marks": "Việt Nam, Ağrı, नमस्ते, x̱ʷməθkʷəy̓əm",
    "lines": "First line\nsecond line\n\nafter a gap",
    "markup": "<b>Gate & gate</b> > \"gates\" &amp; 'gate' *x* _y_ [z](w) `v` \\u",
    "an @ first": "@gate please open",
    "a # first": "#OpenTheGate please",
}


def fullest(pattern: str, limits: Limits) -> str:
    """Return as much of *pattern*, and then of the letter a, as *limits* let in."""
    low, high = 1, 2
    while measure(_cut(pattern, high), limits).fits:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        fits = measure(_cut(pattern, middle), limits).fits
        low, high = (middle, high) if fits else (low, middle)
    text = _cut(pattern, low)
    while measure(f"{text}a", limits).fits:
        text += "a"
    return text


def _cut(pattern: str, length: int) -> str:
    """Return so many characters of *pattern*; a space at the end may not count, and is none."""
    text = (pattern * (length // len(pattern) + 1))[:length]
    return f"{text[:-1]}a" if text[-1] == " " else text


class TextContract(Contract):
    """The texts of a publisher."""

    @pytest.mark.parametrize("alphabet", ALPHABETS)
    def test_the_longest_text_is_taken_and_one_more_is_refused_by_the_server(
        self, desk: Desk, network: Network, alphabet: str
    ) -> None:
        """A publisher does not count: what it believes to be too long may fit elsewhere."""
        limits = self.limits(desk.publisher)
        if limits.length is None and limits.bytes is None:
            pattern = ALPHABETS[alphabet]
            text = _cut(pattern, LONG)
            desk.create(text)
            assert [post.text for post in network.seen()] == [self.shown(text)]
            return
        text = fullest(ALPHABETS[alphabet], limits)
        desk.create(text)
        assert [post.text for post in network.seen()] == [self.shown(text)]
        asked: list[bool] = []
        network.on_call(1, lambda: asked.append(True))
        with pytest.raises(Rejected):
            desk.create(f"{text}a")
        assert asked, "the server was not asked"
        assert len(network.seen()) == 1

    @pytest.mark.parametrize("name", TEXTS)
    def test_a_text_survives_as_it_was_written(
        self, desk: Desk, network: Network, name: str
    ) -> None:
        desk.create(TEXTS[name])
        assert [post.text for post in network.seen()] == [self.shown(TEXTS[name])]
