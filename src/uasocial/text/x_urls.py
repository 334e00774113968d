"""The URLs that X shortens, as twitter-text finds them, in time linear in the text.

twitter-text looks for a domain at every character. Here the search starts from the rare thing,
a dot before a known top-level domain, and reads the *run* of domain characters around it once.
"""

import re
from functools import cache
from typing import NamedTuple

from uasocial.text.spans import Span
from uasocial.text.tables import x_classes
from uasocial.text.x_domains import FIRST_OF_TLD, ascii_domains, is_domain, tld_end

_MAX_URL = 4096
_MAX_SLUG = 40
_IMPLIED_SCHEME = "https://"

_OUTSIDE_LABEL = frozenset(x_classes.NOT_IN_DOMAIN)
_OUTSIDE_RUN = _OUTSIDE_LABEL - frozenset("-_.")
_NOT_BEFORE = frozenset(x_classes.NOT_BEFORE_URL)
_SCHEME = re.compile("https?://", re.IGNORECASE | re.ASCII)
_NO_SCHEME_AFTER = frozenset("-_./")


class _Found(NamedTuple):
    """A match of twitter-text's `extractUrl`: offsets of its parts in the text."""

    start: int
    domain: int
    domain_end: int
    path_end: int
    end: int


def may_be_in(text: str) -> bool:
    """Whether *text* holds a dot before a known top-level domain."""
    return any(tld_end(text, dot.end()) >= 0 for dot in _dot().finditer(text))


def find(units: str) -> list[Span]:
    """All URLs in *units*, a text of UTF-16 units: offsets are units.

    As in twitter-text a value may be shorter than its span, where a domain in ASCII stands
    within a longer one and a path follows.
    """
    urls: list[Span] = []
    done = 0
    seen = 0
    for dot in _dot().finditer(units):
        at = dot.start()
        if at < seen or tld_end(units, at + 1) < 0:
            continue
        run = _Run(units, _run_start(units, at, seen), _run_end(units, at))
        for found in run.matches(done):
            done = found.end
            urls += _linked(units, found)
        seen = run.end
    return urls


def _run_start(units: str, at: int, floor: int) -> int:
    while at > floor and units[at - 1] not in _OUTSIDE_RUN:
        at -= 1
    return at


def _run_end(units: str, at: int) -> int:
    match = _run().match(units, at)
    return match.end() if match else at


class _Run:
    """A longest stretch of characters of domains, and of the dots between their labels.

    `best[i]` is the last label that a domain can end with, before its top-level domain, when
    it holds label i whole; -1 when there is none.
    """

    def __init__(self, units: str, start: int, end: int) -> None:
        self.units = units
        self.start = start
        self.end = end
        self.starts: list[int] = []
        self.ends: list[int] = []
        at = start
        for label in units[start:end].split("."):
            self.starts.append(at)
            self.ends.append(at + len(label))
            at += len(label) + 1
        self.tlds = [-1, *(tld_end(units, at) for at in self.starts[1:])]
        self.best = self._best()

    def _best(self) -> list[int]:
        best = [-1] * len(self.starts)
        for i in range(len(best) - 2, -1, -1):
            first, last = self.starts[i], self.ends[i] - 1
            if first > last or self.units[first] in "-_" or self.units[last] in "-_":
                continue
            if best[i + 1] >= 0:
                best[i] = best[i + 1]
            elif self.tlds[i + 1] >= 0 and self.units.find("_", first, last) < 0:
                best[i] = i
        return best

    def matches(self, done: int) -> list[_Found]:
        """What `extractUrl` matches in the run, when it has consumed the text up to *done*."""
        found: list[_Found] = []
        schemed = self._with_scheme(done)
        if schemed:
            found.append(schemed)
            done = schemed.end
        i = 0
        while i < len(self.starts) - 1 and done < self.end:
            if self.ends[i] <= done:
                i += 1
                continue
            match = self._from_label(i, done)
            i += 1
            if match:
                found.append(match)
                done = match.end
        return found

    def _with_scheme(self, done: int) -> _Found | None:
        if self.best[0] < 0 or self.units[self.start - 2 : self.start] != "//":
            return None
        for length in (8, 7):
            start = self.start - length
            if start >= 0 and _SCHEME.fullmatch(self.units, start, self.start):
                if start == 0 or (start > done and self.units[start - 1] not in _NOT_BEFORE):
                    return self._found(start, self.start, self.best[0])
                return None
        return None

    def _from_label(self, i: int, done: int) -> _Found | None:
        """The match whose domain begins in label *i*."""
        first, after = self.starts[i], self.ends[i]
        if first == after or self.units[after - 1] in "-_":
            return None
        last = self.best[i + 1]
        if last < 0:
            if self.tlds[i + 1] < 0:
                return None
            last = i
            first = max(first, self.units.rfind("_", first, after) + 1)
        start = self._start(max(first, done + 1 if done else 0), after)
        return None if start < 0 else self._found(start, start, last)

    def _start(self, first: int, after: int) -> int:
        """The first place of a domain within the label from *first* to *after*; -1 for none."""
        units = self.units
        if first >= after:
            return -1
        if first == 0:
            # The reference tries the first character as the one before the URL.
            if after > 1 and units[0] not in _NOT_BEFORE and units[1] not in _OUTSIDE_LABEL:
                return 1
            if units[0] not in _OUTSIDE_LABEL:
                return 0
        match = _inside_label().search(units, max(first, 1), after)
        return match.start() if match else -1

    def _found(self, start: int, domain: int, last: int) -> _Found:
        domain_end = self.tlds[last + 1]
        path_end, end = _tail(self.units, domain_end)
        return _Found(start, domain, domain_end, path_end, end)


def _tail(units: str, at: int) -> tuple[int, int]:
    """Where the path (-1 without one) and the whole URL end, whose domain ends at *at*."""
    if units[at : at + 1] not in {":", "/", "?"}:
        return -1, at
    match = _tail_pattern().match(units, at)
    return (match.end(1), match.end()) if match else (-1, at)


@cache
def _dot() -> re.Pattern[str]:
    return re.compile(rf"\.(?=[{FIRST_OF_TLD}])")


@cache
def _run() -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(sorted(_OUTSIDE_RUN)))}]*")


@cache
def _inside_label() -> re.Pattern[str]:
    before, outside = map(re.escape, (x_classes.NOT_BEFORE_URL, x_classes.NOT_IN_DOMAIN))
    return re.compile(f"(?<=[^{before}])[^{outside}]")


@cache
def _tail_pattern() -> re.Pattern[str]:
    path = f"[{x_classes.PATH}]"
    parens = rf"\((?:{path}++|{path}*+\({path}++\){path}*+)\)"
    return re.compile(
        r"(?::[0-9]++)?"
        rf"(/(?:{path}*(?:{parens}{path}*)*(?:[{x_classes.PATH_END}]|{parens}))?)?"
        rf"(?:\?[{x_classes.QUERY}]*[{x_classes.QUERY_END}])?"
    )


@cache
def _t_co() -> re.Pattern[str]:
    query = rf"\?[{x_classes.QUERY}]*[{x_classes.QUERY_END}]"
    return re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://[Tt]\.[Cc][Oo]/([0-9A-Za-z]+)(?:{query})?")


def _linked(units: str, found: _Found) -> list[Span]:
    """The URLs that X links in one match: none, one, or several domains in ASCII."""
    scheme = units[found.start : found.domain]
    if not scheme and found.start and units[found.start - 1] in _NO_SCHEME_AFTER:
        return []
    domain = units[found.domain : found.domain_end]
    length = len(scheme or _IMPLIED_SCHEME) + found.end - found.start
    if length > _MAX_URL or not is_domain(domain):
        return []
    return _schemed(units, found) if scheme else _bare(units, found, domain)


def _schemed(units: str, found: _Found) -> list[Span]:
    url = units[found.start : found.end]
    t_co = _t_co().match(url)
    if t_co is None:
        return [Span(found.start, found.end, url)]
    if len(t_co[1]) > _MAX_SLUG:
        return []
    return [Span(found.start, found.start + t_co.end(), t_co[0])]


def _bare(units: str, found: _Found, domain: str) -> list[Span]:
    spans = []
    end = 0
    for value in ascii_domains(domain):
        # The first such string, not the place of the match: so the reference.
        start = domain.find(value, end)
        end = start + len(value)
        spans.append(Span(found.start + start, found.start + end, value))
    if spans and found.path_end >= 0:
        last = spans[-1]
        value = last.value + units[found.domain_end : found.end]
        spans[-1] = Span(last.start, found.end, value)
    return spans
