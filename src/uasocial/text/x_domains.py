"""Domains as twitter-text takes them: their top-level domain, and the length of their labels."""

import re
from functools import cache

from uasocial.text.tables import x_classes, x_tlds
from uasocial.text.x_units import joined

_MAX_LABEL = 63
_PUNYCODE = "xn--"

_TLDS = frozenset(x_tlds.ASCII.split())
_OTHER_TLDS: dict[str, list[str]] = {}
for _tld in x_tlds.OTHER.split():
    _OTHER_TLDS.setdefault(_tld[0], []).append(_tld)
_LONGEST_OTHER = max(map(len, x_tlds.OTHER.split()))
_FOLD = str.maketrans(x_tlds.FOLD_FROM, x_tlds.FOLD_TO)
FIRST_OF_TLD = "".join(sorted({*_OTHER_TLDS, *x_tlds.FOLD_FROM, *x_tlds.FOLD_TO}))

_ASCII_TLD = re.compile(r"([A-Za-z]++)(?![0-9@+-])")
_PUNYCODE_TLD = re.compile(r"[Xx][Nn]--[0-9A-Za-z-]+")
_NOT_AFTER_TLD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")
_PRINTABLE_ASCII = re.compile("[ -~]*")
# punycode.js takes these for dots.
_OTHER_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


def tld_end(units: str, at: int) -> int:
    """Where the top-level domain that begins at *at* ends; -1 without one."""
    match = _ASCII_TLD.match(units, at)
    if match and match[1].lower() in _TLDS:
        return match.end()
    end = _other_tld_end(units, at)
    if end > 0:
        return end
    punycode = _PUNYCODE_TLD.match(units, at)
    return punycode.end() if punycode else -1


def _other_tld_end(units: str, at: int) -> int:
    candidates = _OTHER_TLDS.get(units[at : at + 1].translate(_FOLD))
    if candidates is None:
        return -1
    ahead = units[at : at + _LONGEST_OTHER].translate(_FOLD)
    for tld in candidates:
        if ahead.startswith(tld):
            end = at + len(tld)
            if units[end : end + 1] not in _NOT_AFTER_TLD:
                return end
    return -1


def ascii_domains(domain: str) -> list[str]:
    """The domains in ASCII, and in Latin letters with accents, within *domain*."""
    values = []
    chain = _ascii_labels().search(domain)
    while chain:
        at = chain.end()
        dot = at - 1
        while dot > chain.start():
            end = tld_end(domain, dot + 1)
            if end > 0:
                values.append(domain[chain.start() : end])
                at = end
                break
            dot = domain.rfind(".", chain.start(), dot)
        chain = _ascii_labels().search(domain, at)
    return values


@cache
def _ascii_labels() -> re.Pattern[str]:
    return re.compile(rf"(?:[{x_classes.ASCII_LABEL}]++\.)+")


def is_domain(domain: str) -> bool:
    """Whether the labels of *domain* are short enough, and a punycode one has ASCII in it."""
    if not all(_is_label(label) for label in domain.split(".")):
        return False
    return not domain.startswith(_PUNYCODE) or bool(ascii_domains(domain))


def _is_label(label: str) -> bool:
    """Whether *label* takes 63 characters at most in punycode."""
    if _PRINTABLE_ASCII.fullmatch(label):
        return 0 < len(label) <= _MAX_LABEL
    label = joined(label)
    # Punycode is quadratic, and never shorter than its text.
    if len(label) > _MAX_LABEL:
        return False
    parts = label.translate(_OTHER_DOTS).split(".")
    return sum(map(_punycode_length, parts)) + len(parts) - 1 <= _MAX_LABEL


def _punycode_length(part: str) -> int:
    if _PRINTABLE_ASCII.fullmatch(part):
        return len(part)
    return len(_PUNYCODE) + len(part.encode("punycode"))
