"""The URLs in a status, as Mastodon's rules for twitter-text find them, in linear time.

Source: valid_url of mastodon/mastodon config/initializers/twitter_regex.rb over regex.rb and
extractor.rb of the Ruby gem twitter-text 3.1.0. That pattern tries a domain from every
character on; here each run of domain characters is cut at its dots once, and the dots that
stand before a top-level domain are looked at from the right.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from uasocial.text.spans import Span
from uasocial.text.tables import x_tlds

MAX_URL_LENGTH = 4096
MAX_TCO_SLUG_LENGTH = 40
MAX_LABEL_LENGTH = 63
# Punycode takes quadratic time, and hardly a label this long shrinks to 63.
_HOPELESS = 4 * MAX_LABEL_LENGTH

_FLAGS = re.IGNORECASE | re.ASCII
# Not the backslash: DOMAIN_VALID_CHARS of the gem forgets it.
_NO_DOMAIN = (
    r"\x00-,/:-@\[\]^`{-\x7f\x85\xa0\u061c\u1680\u180e\u2000-\u200a\u200e\u200f\u2028-\u202f"
    r"\u205f\u2066-\u2069\u3000\ufeff\ufffe\uffff"
)
_SCHEME = re.compile(r"(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://\Z", _FLAGS)
_LONGEST_SCHEME = len("gopher://")
_ASCII_LABEL = re.compile(r"[a-z]++(?![0-9a-z@+-])", _FLAGS)
_PUNYCODE = re.compile(r"xn--[0-9a-z]+", _FLAGS)
_PORT = re.compile(r":[0-9]++")
# A line may begin with a URL; else one of these does not stand right before it.
_NOT_BEFORE = frozenset("@＠$#＃\ufeff\ufffe\uffff\u017f\u212a")

_WHITE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_GENERAL = rf"[^{_WHITE}<>()?]"
_PARENS = rf"\((?:{_GENERAL}++|{_GENERAL}*+\({_GENERAL}++\){_GENERAL}*+)\)"
_NO_PATH_END = "!*\"'「」;:=,.$%[]~&|"
# The gem's own characters: the initializer makes its ending rule before it widens them.
_OLD = (
    r"[a-z\u0400-\u052f\u1c80-\u1c88\u1d2b\u1d78\u2de0-\u2dff\ua640-\ua69f\ufe2e\ufe2f0-9"
    r"!*';:=+,.$/%#\[\]\-\u058a\u05be\u1400\u1806\u2010-\u2015\u2e17\u2e1a\u2e3a\u2e3b\u2e40"
    r"\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d_~&|@\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253"
    r"\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f"
    r"\u1e00-\u1eff]"
)
_BEYOND_ASCII = (
    r"\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
    r"\U00030000-\U0003fffd\U00040000-\U0004fffd\U00050000-\U0005fffd\U00060000-\U0006fffd"
    r"\U00070000-\U0007fffd\U00080000-\U0008fffd\U00090000-\U0009fffd\U000a0000-\U000afffd"
    r"\U000b0000-\U000bfffd\U000c0000-\U000cfffd\U000d0000-\U000dfffd\U000e1000-\U000efffd"
    r"\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_NO_QUERY_END = "!?*'();:+$%[].,~|@^"


def find_urls(text: str) -> Iterator[Span]:
    """The URLs of *text* with a scheme and a known top-level domain, by their start."""
    if "://" not in text:
        return
    end = 0
    for match in _run().finditer(text):
        if match.end() <= end or "." not in match[0]:
            continue
        run = _Run(text, match.start(), match.end())
        if not any(run.tld_ends):
            continue
        while found := run.leftmost(end):
            end = _url_end(text, found.end)
            if found.scheme and (url := _accepted(text, found, end)):
                yield url


class _Found(NamedTuple):
    """Where a URL begins, with its scheme if it has one, and where its domain does and ends."""

    start: int
    scheme: bool
    domain: int
    end: int


class _Run:
    """A run of domain characters with a dot in it, cut at its dots."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.dots = [at for at in range(start, end) if text[at] == "."]
        self.tld_ends = [_tld_end(text, dot + 1) for dot in self.dots]
        firsts = [start, *(dot + 1 for dot in self.dots)]
        self.underscores = [text.rfind("_", *ends) for ends in zip(firsts, self.dots, strict=False)]
        self.farthest = self._farthest(firsts)
        # Starts are asked for in rising order.
        self.next = start
        self.label = 0

    def _farthest(self, firsts: list[int]) -> list[int]:
        """For each label, where the longest domain ends that begins with it; 0 for none."""
        farthest = [0] * len(firsts)
        for label in range(len(self.dots) - 1, -1, -1):
            if self._is_label(firsts[label], self.dots[label]):
                farthest[label] = farthest[label + 1] or self._end(firsts[label], label)
        return farthest

    def _is_label(self, start: int, dot: int) -> bool:
        return start < dot and self.text[start] not in "_-" and self.text[dot - 1] not in "_-"

    def _end(self, start: int, label: int) -> int:
        """Where a domain ends whose last label but one is this, without an underscore."""
        return self.tld_ends[label] if self.underscores[label] < start else 0

    def leftmost(self, free: int) -> _Found | None:
        """The first URL or bare domain not yet found that begins at *free* or later."""
        if self.next == self.start and (found := self._with_scheme(free)):
            self.next = found.end
            return found
        for start in range(max(self.next, free), self.dots[-1]):
            end = self._domain_end(start)
            if end and _may_begin(self.text, start, free):
                self.next = end
                return _Found(start, scheme=False, domain=start, end=end)
        self.next = self.dots[-1]
        return None

    def _with_scheme(self, free: int) -> _Found | None:
        lead = max(self.start - _LONGEST_SCHEME, free)
        scheme = _SCHEME.search(self.text[lead : self.start])
        if not scheme or not _may_begin(self.text, lead + scheme.start(), free):
            return None
        end = self._domain_end(self.start)
        if not end:
            return None
        return _Found(lead + scheme.start(), scheme=True, domain=self.start, end=end)

    def _domain_end(self, start: int) -> int:
        """Where the longest domain ends that begins at *start*; 0 for none."""
        while self.dots[self.label] < start:
            self.label += 1
        if not self._is_label(start, self.dots[self.label]):
            return 0
        return self.farthest[self.label + 1] or self._end(start, self.label)


def _may_begin(text: str, start: int, free: int) -> bool:
    """Whether a URL may begin at *start*, where the last one ended at *free*."""
    if start == 0 or text[start - 1] == "\n":
        return True
    before = text[start - 1]
    return start > free and not _is_ascii_alnum(before) and before not in _NOT_BEFORE


def _is_ascii_alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _tld_end(text: str, start: int) -> int:
    """Where the top-level domain ends that begins at *start*; 0 if none does."""
    match = _ASCII_LABEL.match(text, start)
    if match and match[0].lower() in _ascii_tlds():
        return match.end()
    for tld in _unicode_tlds().get(text[start : start + 1].lower(), ()):
        end = start + len(tld)
        if text[start:end].lower() == tld and _may_follow(text[end : end + 1]):
            return end
    match = _PUNYCODE.match(text, start)
    return match.end() if match else 0


def _may_follow(char: str) -> bool:
    return not char or not (_is_ascii_alnum(char) or char in "@+-")


@cache
def _ascii_tlds() -> frozenset[str]:
    """The list that is frozen in twitter-text, for Ruby as for JavaScript."""
    return frozenset(x_tlds.ASCII.split())


@cache
def _unicode_tlds() -> dict[str, list[str]]:
    """Top-level domains beyond ASCII by their first letter, the longest first."""
    found: dict[str, list[str]] = {}
    for tld in sorted(x_tlds.OTHER.split(), key=len, reverse=True):
        found.setdefault(tld[0], []).append(tld)
    return found


def _url_end(text: str, end: int) -> int:
    """Where the URL ends whose domain ends at *end*."""
    if port := _PORT.match(text, end):
        end = port.end()
    if path := _path().match(text, end):
        end += 1 + _path_length(path[1])
    if query := _query().match(text, end):
        kept = query[0].rstrip(_NO_QUERY_END)
        end += len(kept)
    return end


def _path_length(path: str) -> int:
    """Characters of *path* up to the last that may end one, or the last such brackets."""
    pieces = _piece().findall(path)
    length = len(path)
    for piece in reversed(pieces):
        length -= len(piece)
        if not piece.startswith("("):
            if kept := piece.rstrip(_NO_PATH_END):
                return length + len(kept)
        elif _old_parens().fullmatch(piece):
            return length + len(piece)
    return 0


def _accepted(text: str, found: _Found, end: int) -> Span | None:
    """The URL found, unless twitter-text finds its domain or its length impossible."""
    url = text[found.start : end]
    if tco := _tco().match(url):
        if len(tco[1]) > MAX_TCO_SLUG_LENGTH:
            return None
        url = tco[0]
    if len(url) > MAX_URL_LENGTH:
        return None
    domain = text[found.domain : found.end]
    encoded = _ascii_length(domain)
    if not encoded or len(url) + max(0, encoded - len(domain)) > MAX_URL_LENGTH:
        return None
    return Span(found.start, found.start + len(url), url)


def _ascii_length(domain: str) -> int:
    """Characters of *domain* in ASCII (IDNA 2003); 0 if it has no such form."""
    labels = domain.split(".")
    if not domain.isascii():
        try:
            labels = [_to_ascii(label) for label in labels]
        except UnicodeError:
            return 0
    if max(map(len, labels)) > MAX_LABEL_LENGTH:
        return 0
    return sum(map(len, labels)) + len(labels) - 1


def _to_ascii(label: str) -> str:
    # Both are slow to import and seldom wanted.
    import stringprep  # noqa: PLC0415
    from encodings.idna import ToASCII  # noqa: PLC0415

    if len(label) > _HOPELESS or any(map(stringprep.in_table_a1, label)):
        raise UnicodeError("too long, or newer than the Unicode 3.2 that libidn knows")
    return ToASCII(label).decode("ascii")


@cache
def _run() -> re.Pattern[str]:
    return re.compile(rf"[^{_NO_DOMAIN}]+")


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(rf"{_GENERAL}++|{_PARENS}")


@cache
def _path() -> re.Pattern[str]:
    return re.compile(rf"/((?:{_GENERAL}++|{_PARENS})*+)")


@cache
def _old_parens() -> re.Pattern[str]:
    return re.compile(rf"\((?:{_OLD}++|{_OLD}*+\({_OLD}++\){_OLD}*+)\)", re.IGNORECASE)


@cache
def _query() -> re.Pattern[str]:
    return re.compile(rf"\?[a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_BEYOND_ASCII}]++")


@cache
def _tco() -> re.Pattern[str]:
    return re.compile(
        r"https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[a-z0-9_&=#/-])?",
        _FLAGS,
    )
